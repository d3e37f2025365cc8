package neo4j

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// testConfig is the database of the tests. It is emptied by each of them.
func testConfig(t testing.TB, schema *graph.Schema) Config {
	t.Helper()
	c := Config{URI: os.Getenv("RAIDGRAPH_TEST_NEO4J_URI"), Username: os.Getenv("RAIDGRAPH_TEST_NEO4J_USERNAME"),
		Password: os.Getenv("RAIDGRAPH_TEST_NEO4J_PASSWORD"), Schema: schema}
	if c.URI == "" || c.Username == "" || c.Password == "" {
		t.Fatal("these tests need a Neo4j that they may empty, in RAIDGRAPH_TEST_NEO4J_URI, RAIDGRAPH_TEST_NEO4J_USERNAME and " +
			"RAIDGRAPH_TEST_NEO4J_PASSWORD: scripts/test starts one and sets them")
	}
	return c
}

// traced is a store that collects its statements.
type traced struct {
	*Store
	mu         sync.Mutex
	statements []string
}

func (s *traced) trace(statement string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(statement, "RETURN ") { // those of plans
		s.statements = append(s.statements, statement)
	}
}

// Statements are those of plans that were run since it was last called.
func (s *traced) Statements() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.statements
	s.statements = nil
	return all
}

// Explain is the Cypher of a plan, for messages of failures.
func (s *traced) Explain(_ context.Context, p *graph.Plan, _ []any) (string, error) {
	texts, err := s.Store.Explain(p)
	return strings.Join(texts, "\n\n"), err
}

// openEmpty empties the database and opens it.
func openEmpty(t testing.TB, schema *graph.Schema) *traced {
	t.Helper()
	cfg := testConfig(t, schema)
	wipe(t, cfg)
	return reopen(t, cfg)
}

func reopen(t testing.TB, cfg Config) *traced {
	t.Helper()
	s := &traced{}
	cfg.Trace = s.trace
	store, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	s.Store = store
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// raw runs statements in sessions of their own, beside the store, and answers the first value of the last one.
func raw(t testing.TB, cfg Config, statements ...string) any {
	t.Helper()
	ctx := context.Background()
	driver, err := neo4j.NewDriverWithContext(cfg.URI, neo4j.BasicAuth(cfg.Username, cfg.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = driver.Close(ctx) }()
	var value any
	for _, statement := range statements {
		result, err := neo4j.ExecuteQuery(ctx, driver, statement, nil, neo4j.EagerResultTransformer)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if len(result.Records) > 0 {
			value = result.Records[0].Values[0]
		}
	}
	return value
}

// wipe takes away data, constraints and indexes.
func wipe(t testing.TB, cfg Config) {
	t.Helper()
	ctx := context.Background()
	driver, err := neo4j.NewDriverWithContext(cfg.URI, neo4j.BasicAuth(cfg.Username, cfg.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = driver.Close(ctx) }()
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer func() { _ = session.Close(ctx) }()
	run := func(statement string) []string {
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
	}
	run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
	drop := func(list, what string) {
		names := run(list)
		_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			for _, name := range names {
				if _, err := tx.Run(ctx, "DROP "+what+" "+quote(name)+" IF EXISTS", nil); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	drop("SHOW CONSTRAINTS YIELD name", "CONSTRAINT")
	drop("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name", "INDEX")
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, schema *graph.Schema) graph.Store { return openEmpty(t, schema) })
}
