package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

func TestSetUpTwice(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	put(t, s, d.records(10))
	changes := raw(t, s.config, "MATCH (c:Meta {id: 'commits'}) RETURN c.begun")
	var statements []string
	cfg := s.config
	cfg.Trace = func(statement string) { statements = append(statements, statement) }
	again, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	for _, statement := range statements {
		if strings.HasPrefix(statement, "CREATE") || strings.HasPrefix(statement, "DROP") || strings.HasPrefix(statement, "UNWIND") {
			t.Errorf("the second set-up runs %s", statement)
		}
	}
	if now := raw(t, s.config, "MATCH (c:Meta {id: 'commits'}) RETURN c.begun"); now != changes {
		t.Errorf("the second set-up counts as a change: %v, it was %v", now, changes)
	}
	if n := raw(t, s.config, "MATCH (m:Meta) RETURN count(m)"); n != int64(2) {
		t.Errorf("%v nodes Meta", n)
	}
}

func TestNewerFormatIsRefused(t *testing.T) {
	s := openEmpty(t, newDomain().schema)
	raw(t, s.config, "MATCH (m:Meta) SET m.format = 7")
	_, err := Open(context.Background(), s.config)
	if graph.CodeOf(err) != graph.Conflict || !strings.Contains(err.Error(), "format 7") {
		t.Errorf("opening a database of a newer format: %v", err)
	}
	if f := raw(t, s.config, "MATCH (m:Meta) RETURN m.format"); f != int64(7) {
		t.Errorf("the format is %v afterwards", f)
	}
}

// TestOlderFormatIsMigrated runs a migration from a format that never was.
func TestOlderFormatIsMigrated(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	put(t, s, list(graph.NewNode(d.agency, "agency:a").Set("name", "A")))
	ctx := context.Background()
	migrate := func(step migration) error {
		raw(t, s.config, "MATCH (m:Meta) SET m.format = 0")
		session := s.session(neo4j.AccessModeWrite, neo4j.FetchAll)
		defer s.end(ctx, session)
		_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			return nil, s.migrate(ctx, tx, map[int64]migration{1: step})
		})
		return err
	}
	rename := func(ctx context.Context, s *Store, tx neo4j.ManagedTransaction) error {
		return s.exec(ctx, tx, "MATCH (n:Agency) SET n.name = 'renamed'", nil)
	}
	if err := migrate(func(ctx context.Context, s *Store, tx neo4j.ManagedTransaction) error {
		if err := rename(ctx, s, tx); err != nil {
			return err
		}
		return fmt.Errorf("it fails half way")
	}); err == nil {
		t.Error("a migration that fails is no error")
	}
	if name := raw(t, s.config, "MATCH (n:Agency) RETURN n.name"); name != "A" {
		t.Errorf("a migration that failed left %v", name)
	}
	if err := migrate(rename); err != nil {
		t.Fatal(err)
	}
	if name := raw(t, s.config, "MATCH (n:Agency) RETURN n.name"); name != "renamed" {
		t.Errorf("after the migration the name is %v", name)
	}
	if f := raw(t, s.config, "MATCH (m:Meta) RETURN m.format"); f != int64(format) {
		t.Errorf("after the migration the format is %v", f)
	}
}

// TestSchemaChanges opens a database with a schema in which more fields are indexed, folded and searched: what is stored of
// old nodes follows.
func TestSchemaChanges(t *testing.T) {
	d := newDomain()
	old := newDomain()
	for _, f := range old.raid.Fields {
		f.Index, f.Text, f.Search = false, false, graph.SearchNone
	}
	old.raid.Interfaces = []string{"Node"}
	s := openEmpty(t, old.schema)
	put(t, s, old.records(5000))
	cfg := s.config
	cfg.Schema = d.schema
	now := reopen(t, cfg)
	if sets := query(t, now, d.page(true, false, false, false), int64(6000), nil, nil); len(sets[0].Rows) != 5000 {
		t.Errorf("%d raids in order, want 5,000", len(sets[0].Rows))
	}
	contains := &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raids", Kinds: []*graph.Kind{d.raid}, Fields: []graph.FieldRef{refID},
		Where: &graph.Cond{Op: graph.Contains, Field: refName, Arg: 0}, Order: byID, Page: graph.Page{Limit: graph.NoArg}}}}
	if sets := query(t, now, contains, "compound 4999"); len(sets[0].Rows) != 1 {
		t.Errorf("%d raids contain the text, want 1", len(sets[0].Rows))
	}
	if n := raw(t, cfg, "MATCH (n:Event) WHERE n.search_name CONTAINS 'compound 4999' RETURN count(n)"); n != int64(1) {
		t.Errorf("%v events have the search key, want 1", n)
	}
	// And back: what is not asked for any more goes.
	cfg.Schema = old.schema
	reopen(t, cfg)
	names, _ := raw(t, cfg, "SHOW INDEXES YIELD name RETURN collect(name)").([]any)
	if slices.Contains(names, any("raidgraph_Raid_name_order_id")) {
		t.Error("an index that the schema does not ask for any more stays")
	}
	if n := raw(t, cfg, "MATCH (n:Raid) WHERE n.name_order IS NOT NULL RETURN count(n)"); n != int64(0) {
		t.Errorf("%v raids keep an order key that the schema does not ask for any more", n)
	}
}
