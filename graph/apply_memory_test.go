package graph_test

import (
	"context"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// TestApplyMemory: three times the records take the same memory, also where all nodes come before all relationships, as in
// an export. What Apply itself holds shows best above a store that holds nothing. With a real one and lower bounds it also
// makes projections, while the store's cache of keys, which is bounded too, still fills.
func TestApplyMemory(t *testing.T) {
	usual := graph.Changes{Now: testNow}
	t.Run("no store", func(t *testing.T) { sameMemory(t, 100_000, func() graph.Store { return hollow{} }, usual, 1.3) })
	t.Run("sqlite", func(t *testing.T) {
		sameMemory(t, 4_000, func() graph.Store { return openSQLite(t) }, usual.Within(200, 300), 1.6)
	})
	t.Run("versions", func(t *testing.T) {
		versionMemory(t, 4_000, usual.Within(200, 300), 1.6)
	})
}

// versionMemory makes sure that it is so too where each record replaces another, which is kept as a version.
func versionMemory(t *testing.T, records int, c graph.Changes, times float64) {
	peak := func(records int) uint64 {
		store := &measured{Store: openSQLite(t)}
		c.Records = decoding(asExported(records / 24))
		if _, err := graph.Apply(context.Background(), store, domain(), c); err != nil {
			t.Fatal(err)
		}
		store.peak = 0
		c.Records = decoding(func(yield func(string) bool) {
			for line := range asExported(records / 24) {
				line, _, _ = strings.Cut(strings.TrimSuffix(line, "}"), `,"publishedAt":`)
				if !yield(line + `,"publishedAt":"2025-01-01T00:00:00Z"}`) {
					return
				}
			}
		})
		applied, err := graph.Apply(context.Background(), store, domain(), c)
		if err != nil {
			t.Fatal(err)
		}
		if applied.Written.Changed < int64(records)*9/10 {
			t.Fatalf("%+v", applied.Written)
		}
		return store.peak
	}
	few, many := peak(records), peak(3*records)
	t.Logf("%d records: %d KiB, %d: %d KiB", records, few>>10, 3*records, many>>10)
	if float64(many) > times*float64(few) {
		t.Errorf("%d records take %d KiB, %d take %d KiB", records, few>>10, 3*records, many>>10)
	}
}

// sameMemory makes sure that three times so many records take at most so many times the memory.
func sameMemory(t *testing.T, records int, open func() graph.Store, c graph.Changes, times float64) {
	peak := func(records int) uint64 {
		store := &measured{Store: open()}
		c.Records = decoding(asExported(records / 24))
		if _, err := graph.Apply(context.Background(), store, domain(), c); err != nil {
			t.Fatal(err)
		}
		return store.peak
	}
	few, many := peak(records), peak(3*records)
	t.Logf("%d records: %d KiB, %d: %d KiB", records, few>>10, 3*records, many>>10)
	if float64(many) > times*float64(few) {
		t.Errorf("%d records take %d KiB, %d take %d KiB", records, few>>10, 3*records, many>>10)
	}
}

// asExported yields the lines of bulk as an export has them, the nodes before the relationships.
func asExported(raids int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, what := range []string{`{"node":`, `{"relation":`} {
			for line := range bulk(raids) {
				if strings.HasPrefix(line, what) && !yield(line) {
					return
				}
			}
		}
	}
}

// hollow is a store that takes everything as new and has nothing.
type hollow struct{ graph.Store }

func (hollow) Update(ctx context.Context, fn func(ctx context.Context, tx graph.Tx) error) error {
	return fn(ctx, hollowTx{})
}

type hollowTx struct{ graph.Tx }

func (hollowTx) Tell(graph.Told) {}

func (hollowTx) Query(_ context.Context, p *graph.Plan, _ []any) ([]*graph.Set, error) {
	return []*graph.Set{{}}, nil
}

func (hollowTx) Put(_ context.Context, records graph.Records) (w graph.Written, err error) {
	for range records {
		w.Created++
	}
	return w, nil
}

// measured is a store that measures the heap after each call while it is written to: a sample of the calls would miss the peak
// or meet it by chance.
type measured struct {
	graph.Store
	peak uint64
}

func (s *measured) Update(ctx context.Context, fn func(ctx context.Context, tx graph.Tx) error) error {
	return s.Store.Update(ctx, func(ctx context.Context, tx graph.Tx) error { return fn(ctx, measuredTx{tx, s}) })
}

func (s *measured) called() {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.peak = max(s.peak, m.HeapAlloc)
}

type measuredTx struct {
	graph.Tx
	store *measured
}

func (tx measuredTx) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	sets, err := tx.Tx.Query(ctx, p, args)
	tx.store.called()
	return sets, err
}

func (tx measuredTx) Put(ctx context.Context, records graph.Records) (graph.Written, error) {
	w, err := tx.Tx.Put(ctx, records)
	tx.store.called()
	return w, err
}
