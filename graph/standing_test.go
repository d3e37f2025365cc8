package graph_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// TestStanding: what is remembered from one change to the next holds no longer when another program has merged or purged.
func TestStanding(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shared.db")
	open := func() graph.Store {
		store, err := sqlite.Open(t.Context(), sqlite.Config{Path: file, Schema: domain()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		return store
	}
	one, other := open(), open()
	source := func(id string) graph.Operation {
		return step(t, graph.Create, `{"node":"Source","id":"source:`+id+`","title":"x","seen":true}`)
	}
	apply(t, one, world)
	commit(t, one, "one", source("one")) // what it has read is remembered
	commit(t, one, "two", source("two"))
	commit(t, other, "merge", judges(graph.Merge, "compound:b", "compound:a"))
	commit(t, one, "rename", byWord(step(t, graph.Update, `{"node":"Compound","id":"compound:a","name":"Alpha"}`)))
	same(t, "compounds", values(t, one, "Compound", "name"), "compound:b B")
	settled(t, one)
	commit(t, one, "unmerge", judges(graph.Unmerge, "", "compound:a"))
	commit(t, one, "three", source("three"))
	same(t, "compounds", values(t, one, "Compound", "name"), "compound:a Alpha", "compound:b B")
	settled(t, one)
	if _, err := (graph.Purge{IDs: []string{"source:two"}, Reason: "a court", By: "counsel", At: testNow}).Apply(context.Background(), other, domain()); err != nil {
		t.Fatal(err)
	}
	refused(t, one, "four", graph.Conflict, "was purged", source("two"))
	// A change that is undone is none that is remembered.
	refused(t, one, "five", graph.Invalid, "", judges(graph.Merge, "compound:b", "compound:a"), step(t, graph.Create, `{"node":"Compound","id":"compound:n","name":"N"}`))
	commit(t, one, "six", source("six"))
	same(t, "compounds", values(t, one, "Compound", "name"), "compound:a Alpha", "compound:b B")
	settled(t, one)
}
