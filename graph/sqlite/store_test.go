package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// TestReadersBesideWriter holds that queries neither wait for a write under way nor see anything of it.
func TestReadersBesideWriter(t *testing.T) {
	d := newDomain()
	s := openDomain(t, d, 5)
	p := &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: []graph.FieldRef{id}, Order: byID, Page: first(0), Count: true}}}
	total := func(q interface {
		Query(context.Context, *graph.Plan, []any) ([]*graph.Set, error)
	}) int64 {
		sets, err := q.Query(t.Context(), p, []any{int64(1)})
		if err != nil {
			t.Fatal(err)
		}
		return sets[0].Total
	}
	err := s.Update(t.Context(), func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, func(yield func(graph.Record, error) bool) {
			yield(graph.NewNode(d.raid, "raid:new").Set("name", "New"), nil)
		})
		if got := total(tx); got != 6 {
			t.Errorf("the transaction sees %d raids, want 6", got)
		}
		if got := total(s); got != 5 {
			t.Errorf("a query beside it sees %d raids, want 5", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := total(s); got != 6 {
		t.Errorf("%d raids at the end, want 6", got)
	}
}

// TestBusy holds that a write waits for another process, and says so when it has waited long enough.
func TestBusy(t *testing.T) {
	d := newDomain()
	cfg := sqlite.Config{Path: filepath.Join(t.TempDir(), "busy.db"), Schema: d.Schema, Busy: 20 * time.Millisecond}
	one, err := sqlite.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	two, err := sqlite.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	nothing := func(context.Context, graph.Tx) error { return nil }
	err = one.Update(t.Context(), func(context.Context, graph.Tx) error { return two.Update(t.Context(), nothing) })
	if graph.CodeOf(err) != graph.Unavailable {
		t.Errorf("a write beside another: %v, want Unavailable", err)
	}
	if err := two.Update(t.Context(), nothing); err != nil {
		t.Errorf("a write behind another: %v", err)
	}
}

// TestInterrupt holds that a query ends with its context, in the middle of a statement, and leaves the store as it was.
func TestInterrupt(t *testing.T) {
	d := newDomain()
	s := openDomain(t, d, 2000)
	// Every raid with every raid that shares a compound, three times over.
	var nest func(depth int) *graph.Cond
	nest = func(depth int) *graph.Cond {
		if depth == 0 {
			return &graph.Cond{Op: graph.Contains, Field: stored(d.raid, "name"), Arg: 0}
		}
		back := &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: d.in}, Kinds: kinds(d.raid), Of: []*graph.Cond{nest(depth - 1)}}
		return &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: d.in, Out: true}, Kinds: kinds(d.province), Of: []*graph.Cond{back}}
	}
	p := &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: []graph.FieldRef{id}, Where: nest(3), Order: byID, Page: all()}}}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := s.Query(ctx, p, []any{"not there"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after %v: %v, want the context's error", time.Since(start), err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a query of 30 ms went on for %v", took)
	}
	lookup := d.plans(2000)[0]
	for range 20 {
		if sets, err := s.Query(t.Context(), lookup.plan, lookup.args); err != nil || len(sets[0].Rows) != 1 {
			t.Fatalf("afterwards: %v", err)
		}
	}
}

// TestManyConditions holds that a condition of many parts is not too deep for SQLite.
func TestManyConditions(t *testing.T) {
	d := newDomain()
	s := openDomain(t, d, 5)
	for _, op := range []graph.Op{graph.And, graph.Or} {
		c := &graph.Cond{Op: op}
		for range 5000 {
			c.Of = append(c.Of, &graph.Cond{Op: graph.Ne, Field: stored(d.raid, "name"), Arg: 0})
		}
		p := &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: []graph.FieldRef{id}, Where: c, Order: byID, Page: all()}}}
		sets, err := s.Query(t.Context(), p, []any{"x"})
		if err != nil || len(sets[0].Rows) != 5 {
			t.Fatalf("%v", err)
		}
	}
}
