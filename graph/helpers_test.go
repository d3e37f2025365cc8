package graph_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/sqlite"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

var domain = sync.OnceValue(func() *graph.Schema {
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		panic(err)
	}
	return m.Graph
})

var testNow = time.Date(2024, 11, 20, 8, 0, 0, 0, time.UTC)

// eachStore runs a test on the model in memory and on a real SQLite file, and there once more with tiny bounds.
func eachStore(t *testing.T, test func(t *testing.T, store graph.Store)) {
	t.Run("model", func(t *testing.T) { test(t, storetest.NewModel(domain())) })
	t.Run("sqlite", func(t *testing.T) { test(t, openSQLite(t)) })
	t.Run("bounded", func(t *testing.T) {
		bound(t, 3, 0)
		test(t, openSQLite(t))
	})
}

// changes is what tryApply begins with.
var changes = graph.Changes{Now: testNow}

// bound limits what tryApply holds, until the end of a test: how many records it puts, and how many ids it knows, at a time.
func bound(t testing.TB, records, ids int) {
	usual := changes
	changes = changes.Within(records, ids)
	t.Cleanup(func() { changes = usual })
}

func openSQLite(t testing.TB) graph.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), sqlite.Config{Path: filepath.Join(t.TempDir(), "test.db"), Schema: domain()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// lines decodes records, one a line; empty lines are passed over.
func lines(t testing.TB, text string) []graph.Record {
	t.Helper()
	var out []graph.Record
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		r, err := graph.DecodeRecord(domain(), []byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, r)
	}
	return out
}

func sequence(records []graph.Record) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func apply(t testing.TB, store graph.Store, text string) graph.Applied {
	t.Helper()
	applied, err := tryApply(store, lines(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return applied
}

func tryApply(store graph.Store, records []graph.Record) (graph.Applied, error) {
	c := changes
	c.Records = sequence(records)
	return graph.Apply(context.Background(), store, domain(), c)
}

// export is the whole store, one record a line.
func export(t testing.TB, store graph.Store) string {
	t.Helper()
	var out []byte
	err := store.Export(context.Background(), func(r graph.Record) error {
		out = append(graph.AppendRecord(out, r), '\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// settled makes sure that there is nothing left to rebuild.
func settled(t testing.TB, store graph.Store) {
	t.Helper()
	diff, err := graph.Rebuild(context.Background(), store, domain())
	if err != nil {
		t.Fatal(err)
	}
	if diff.Any() {
		t.Fatalf("rebuilding found differences: %+v", diff)
	}
}
