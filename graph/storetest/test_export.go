package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// testExport holds the promises of Store.Export.
func (s *suite) testExport(t *testing.T) {
	d := generate(Schema(), s.random(10), smallSizes)
	model := NewModel(d.schema)
	d.load(t, model)
	want := export(t, model)
	var records []graph.Record
	t.Run("everything in order", func(t *testing.T) {
		store := s.open(t, d.schema)
		d.load(t, store)
		records = export(t, store)
		sameRecords(t, records, want)
		testExportStops(t, store)
		testExportBesideWriter(t, store, d.schema, len(want))
	})
	t.Run("into another store", func(t *testing.T) {
		if records == nil {
			t.Fatal("there is no export to import")
		}
		store := s.open(t, d.schema)
		if got, want := put(t, store, list(records...)), (graph.Written{Created: int64(len(want))}); got != want {
			t.Errorf("importing an export counts %+v, want %+v", got, want)
		}
		sameRecords(t, export(t, store), want)
	})
	t.Run("what was said, of what is merged", s.testExportMerged)
	t.Run("of nothing", func(t *testing.T) {
		if got := export(t, s.open(t, d.schema)); len(got) != 0 {
			t.Errorf("an empty store exports %d records", len(got))
		}
	})
}

func export(t *testing.T, s graph.Store) []graph.Record {
	t.Helper()
	var out []graph.Record
	err := s.Export(context.Background(), func(r graph.Record) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatalf("Export: %v", err)
	}
	return out
}

func sameRecords(t *testing.T, got, want []graph.Record) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		name, values := parts(got[i])
		wantName, wantValues := parts(want[i])
		if name != wantName {
			t.Errorf("record %d of an export is %s, want %s", i, name, wantName)
			return
		}
		if d := rowDifference(fmt.Sprintf("record %d of an export, %s,", i, name), values, wantValues); d != "" {
			t.Error(d)
			return
		}
	}
	if len(got) != len(want) {
		t.Errorf("an export has %d records, want %d", len(got), len(want))
	}
}

// parts are a record's identity and its values.
func parts(r graph.Record) (string, graph.Row) {
	switch r := r.(type) {
	case *graph.Node:
		return r.Kind.Name + " " + r.ID, r.Values
	case *graph.Edge:
		return fmt.Sprintf("%s %s %s %s", r.Relation.Type, r.From, r.To, r.Key()), r.Props
	}
	return fmt.Sprintf("a %T", r), nil
}

// testExportStops lets yield fail: Export ends with its error, and the store goes on.
func testExportStops(t *testing.T, store graph.Store) {
	enough := errors.New("enough")
	for _, at := range []int{1, 250, 800} {
		n := 0
		err := store.Export(context.Background(), func(graph.Record) error {
			if n++; n == at {
				return enough
			}
			return nil
		})
		if err != enough || n != at {
			t.Errorf("yield fails at record %d: Export yields %d and returns %v", at, n, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := store.Export(ctx, func(graph.Record) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("the context ends during Export: %v, want %v", err, context.Canceled)
	}
}

// testExportBesideWriter writes a node of the first kind, one of the last, and relationships while an export is under way: it
// has all of them or none. The writer may have to wait for the export, or the export's reader to go on first.
func testExportBesideWriter(t *testing.T, store graph.Store, schema *graph.Schema, before int) {
	b := build(schema)
	written := make(chan error, 1)
	n := 0
	err := store.Export(context.Background(), func(graph.Record) error {
		if n++; n != 1 {
			return nil
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			written <- store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
				_, err := tx.Put(ctx, list(b.node("person:zz"), b.node("grain:zz"), b.node("group:zz"), b.edge("KNOWS", "person:zz", "person:zz"),
					b.edge("HOLDS", "group:zz", "grain:zz")))
				return err
			})
		}()
		select {
		case <-done:
		case <-time.After(300 * time.Millisecond):
		}
		return nil
	})
	if err != nil {
		t.Errorf("Export beside a writer: %v", err)
	}
	if err := <-written; err != nil {
		t.Errorf("Update beside an export: %v", err)
	}
	if n != before && n != before+5 {
		t.Errorf("Export beside a writer of 5 records yields %d, want %d or %d", n, before, before+5)
	}
	if got := len(export(t, store)); got != before+5 {
		t.Errorf("Export after the writer yields %d, want %d", got, before+5)
	}
}
