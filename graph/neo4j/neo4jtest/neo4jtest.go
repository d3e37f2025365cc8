// Package neo4jtest gives tests the Neo4j that scripts/test starts, and empties it for each of them.
package neo4jtest

import (
	"context"
	"os"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/neo4j"
)

// Config names the Neo4j of RAIDGRAPH_TEST_NEO4J_URI, _USERNAME and _PASSWORD. Without one the test fails: nothing is skipped.
func Config(t testing.TB, schema *graph.Schema) neo4j.Config {
	t.Helper()
	cfg := neo4j.Config{URI: os.Getenv("RAIDGRAPH_TEST_NEO4J_URI"), Username: os.Getenv("RAIDGRAPH_TEST_NEO4J_USERNAME"),
		Password: os.Getenv("RAIDGRAPH_TEST_NEO4J_PASSWORD"), Schema: schema}
	if cfg.URI == "" {
		t.Fatal("RAIDGRAPH_TEST_NEO4J_URI names no Neo4j: run the tests by scripts/test, which starts one")
	}
	return cfg
}

// ready is the schema whose constraints and indexes the server has: that of the last Open, unless Wipe took them away.
var ready *graph.Schema

// Open empties the server and opens a store on it, closed with the test. Indexes stay where they are those of the schema: when
// one changes, Neo4j plans every statement anew.
func Open(t testing.TB, schema *graph.Schema) *neo4j.Store {
	t.Helper()
	cfg := Config(t, schema)
	if ready == schema {
		Empty(t, cfg)
	} else {
		Wipe(t, cfg)
	}
	store, err := neo4j.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	ready = schema
	return store
}

// Empty takes away the data alone, which is much faster than to open an emptied server: a store that is open goes on.
func Empty(t testing.TB, cfg neo4j.Config) {
	t.Helper()
	connected(t, cfg, func(run func(statement string) []string) {
		run("MATCH (n) WHERE NOT n:Meta CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
	})
}

// Wipe takes away data, constraints and indexes.
func Wipe(t testing.TB, cfg neo4j.Config) {
	t.Helper()
	ready = nil
	connected(t, cfg, func(run func(statement string) []string) {
		run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
		for _, name := range run("SHOW CONSTRAINTS YIELD name") {
			run("DROP CONSTRAINT `" + name + "` IF EXISTS")
		}
		for _, name := range run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name") {
			run("DROP INDEX `" + name + "` IF EXISTS")
		}
	})
}

// connected hands fn what runs a statement and gives the names that it answers.
func connected(t testing.TB, cfg neo4j.Config, fn func(run func(statement string) []string)) {
	t.Helper()
	ctx := context.Background()
	d, err := driver.NewDriverWithContext(cfg.URI, driver.BasicAuth(cfg.Username, cfg.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close(ctx) }()
	session := d.NewSession(ctx, driver.SessionConfig{})
	defer func() { _ = session.Close(ctx) }()
	fn(func(statement string) []string {
		result, err := session.Run(ctx, statement, nil)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		records, err := result.Collect(ctx)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		var names []string
		for _, r := range records {
			names = append(names, r.Values[0].(string))
		}
		return names
	})
}
