package storetest

import (
	"context"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// testLifetime opens, closes, and closes again.
func (s *suite) testLifetime(t *testing.T) {
	schema := Schema()
	store := s.open(t, schema)
	ctx := context.Background()
	if err := store.Ping(ctx); err != nil {
		t.Errorf("Ping of an open store: %v", err)
	}
	put(t, store, list(build(schema).node("person:a")))
	for _, when := range []string{"once", "twice"} {
		if err := store.Close(); err != nil {
			t.Errorf("Close, %s: %v", when, err)
		}
	}
	if err := store.Ping(ctx); graph.CodeOf(err) != graph.Unavailable {
		t.Errorf("Ping of a closed store: %v, want an Unavailable error", err)
	}
	b := build(schema)
	_, err := b.try(ctx, store, b.all([]string{"Person"}))
	coded(t, "Query of a closed store", err)
	coded(t, "Export of a closed store", store.Export(ctx, func(graph.Record) error { return nil }))
	coded(t, "Update of a closed store", store.Update(ctx, func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, list(b.node("person:b")))
		return err
	}))
}
