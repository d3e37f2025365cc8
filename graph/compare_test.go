package graph_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// TestCompareForesees holds, by chance, that comparing foretells what an import does: what is new is created, what is the same
// stays so, and the rest is changed or takes the place of another.
func TestCompareForesees(t *testing.T) {
	for seed := range uint64(30) {
		store := graph.Store(storetest.NewModel(domain()))
		if seed%3 == 0 {
			store = openSQLite(t)
		}
		w := &writer{Rand: rand.New(rand.NewPCG(seed, 3)), written: map[string]bool{}}
		w.base()
		apply(t, store, w.take())
		for round := range 12 {
			what := fmt.Sprintf("seed %d, round %d", seed, round)
			for range 8 {
				w.change()
			}
			text := once(t, w.take())
			records := func(yield func(graph.Record, error) bool) {
				for _, r := range lines(t, text) {
					if !yield(r, nil) {
						return
					}
				}
			}
			before := export(t, store)
			told := 0
			got, err := graph.Compare(context.Background(), store, domain(), records, func(d graph.Disagreement) error {
				told++
				if d.Graph == d.File {
					return fmt.Errorf("both are %q: %+v", d.Graph, d)
				}
				return nil
			})
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if export(t, store) != before {
				t.Fatalf("%s: comparing changed something", what)
			}
			applied, err := graph.Apply(context.Background(), store, domain(), graph.Changes{Records: records})
			if err != nil {
				t.Fatalf("%s: %v\n%s", what, err, text)
			}
			w := applied.Written
			if total := got.New + got.Added + got.Same + got.Conflicting; w.Created < got.New || w.Created > got.New+got.Conflicting || w.Same > got.Same || total != w.Created+w.Changed+w.Same {
				t.Fatalf("%s: foretold %+v, and came %+v\n%s", what, got, w, text)
			}
			if got.Conflicting > 0 != (told > 0) {
				t.Fatalf("%s: %+v, and %d are told", what, got, told)
			}
			again, err := graph.Compare(context.Background(), store, domain(), records, func(d graph.Disagreement) error { return fmt.Errorf("%+v", d) })
			if err != nil || again.New+again.Added+again.Conflicting != 0 {
				t.Fatalf("%s: afterwards %+v, %v\n%s", what, again, err, text)
			}
		}
	}
}

// once leaves of records that stand in each other's place only the last.
func once(t *testing.T, text string) string {
	t.Helper()
	all := strings.Split(strings.TrimSpace(text), "\n")
	last := map[string]int{}
	place := func(r graph.Record) string {
		switch r := r.(type) {
		case *graph.Node:
			return r.ID
		case *graph.Edge:
			if r.Relation.One {
				return r.Relation.Type + r.From
			}
			return r.Relation.Type + r.From + r.To + r.Key()
		}
		return ""
	}
	records := lines(t, text)
	for i, r := range records {
		last[place(r)] = i
	}
	var out []string
	for i, r := range records {
		if last[place(r)] == i {
			out = append(out, all[i])
		}
	}
	return strings.Join(out, "\n") + "\n"
}

func TestCompareFails(t *testing.T) {
	store := openSQLite(t)
	apply(t, store, `{"node":"Compound","id":"compound:c","name":"C"}`)
	records := func(text string) graph.Records {
		return func(yield func(graph.Record, error) bool) {
			for _, r := range lines(t, text) {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	none := func(graph.Disagreement) error { return nil }
	if _, err := graph.Compare(context.Background(), store, domain(), records(`{"node":"Compound","id":"raid:c","name":"C"}`), none); graph.CodeOf(err) != graph.Invalid {
		t.Errorf("a record that is refused: %v", err)
	}
	enough := errors.New("enough")
	if _, err := graph.Compare(context.Background(), store, domain(), records(`{"node":"Compound","id":"compound:c","name":"D"}`), func(graph.Disagreement) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("an error of tell's: %v", err)
	}
	if got, err := graph.Compare(context.Background(), store, domain(), records(`{"node":"Compound","id":"compound:c","name":"C","form":"casino","publishedAt":"2024-11-08T00:00:00Z"}`), none); err != nil || got != (graph.Comparison{Added: 1}) {
		t.Errorf("a value that was missing: %+v, %v", got, err)
	}
	if got, err := graph.Compare(context.Background(), store, domain(), records(`{"node":"Compound","id":"compound:c","name":"C","publishedAt":"2024-11-08T00:00:00Z"}`), none); err != nil || got != (graph.Comparison{Same: 1}) {
		t.Errorf("another publication: %+v, %v", got, err)
	}
}

// TestDryRunOfApply holds that a dry run tells what it would do, and leaves nothing.
func TestDryRunOfApply(t *testing.T) {
	store := openSQLite(t)
	r := lines(t, `{"node":"Compound","id":"compound:c","name":"C"}`)[0]
	looked := 0
	changes := graph.Changes{DryRun: true, Records: func(yield func(graph.Record, error) bool) { yield(r, nil) },
		Look: func(context.Context, graph.Tx) error { looked++; return nil }}
	applied, err := graph.Apply(context.Background(), store, domain(), changes)
	if err != nil || applied.Written.Created != 1 || looked != 1 {
		t.Errorf("%+v, %v, looked %d times", applied, err, looked)
	}
	if got := export(t, store); got != "" {
		t.Errorf("it left %s", got)
	}
	refused := errors.New("no")
	changes.DryRun, changes.Look = false, func(context.Context, graph.Tx) error { return refused }
	if _, err := graph.Apply(context.Background(), store, domain(), changes); !errors.Is(err, refused) || export(t, store) != "" {
		t.Errorf("%v", err)
	}
}
