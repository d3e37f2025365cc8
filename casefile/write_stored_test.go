package casefile_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// TestWriteStored takes generated graphs the whole way: from one database by a case file into an empty one.
func TestWriteStored(t *testing.T) {
	ctx := context.Background()
	open := func() graph.Store {
		store, err := sqlite.Open(ctx, sqlite.Config{Path: filepath.Join(t.TempDir(), "graph.db"), Schema: model().Graph})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		return store
	}
	apply := func(what string, store graph.Store, records graph.Records) {
		t.Helper()
		if _, err := graph.Apply(ctx, store, model().Graph, graph.Changes{Records: records}); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	seeds := uint64(12)
	if testing.Short() {
		seeds = 3
	}
	for seed := range seeds {
		what := fmt.Sprint("seed ", seed)
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 10)), nodes: map[*graph.Kind][]*graph.Node{}, agree: true}
		g.graph()
		from, to := open(), open()
		apply(what, from, shipped())
		apply(what, from, recordsIn(g.records))
		stored := func(store graph.Store) []graph.Record {
			var out []graph.Record
			if err := store.Export(ctx, func(r graph.Record) error { out = append(out, r); return nil }); err != nil {
				t.Fatal(err)
			}
			return out
		}
		text, err := casefile.Write(model(), casefile.Export{Title: "A test", Records: recordsIn(stored(from)), Shipped: shipped()})
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		apply(what, to, shipped())
		c, err := casefile.Parse("written.yaml", text, model(), casefile.InStore(ctx, to, model().Graph))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		apply(what, to, c.Records())
		if a, b := linesOf(stored(from)), linesOf(stored(to)); !slices.Equal(a, b) {
			t.Errorf("%s: %s", what, difference(a, b))
		}
		if diff, err := graph.Rebuild(ctx, to, model().Graph); err != nil || diff.Any() {
			t.Errorf("%s: rebuilding finds %+v, %v", what, diff, err)
		}
	}
}
