package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// testQuery holds the promises of Store.Query that no single answer shows.
func (s *suite) testQuery(t *testing.T) {
	d := generate(Schema(), s.random(3), smallSizes)
	store, model := s.both(t, d)
	t.Run("one statement a root", func(t *testing.T) { testStatements(t, store, d.schema) })
	t.Run("a node that is not there", func(t *testing.T) {
		b := build(d.schema)
		root := b.byID("Person", "person:nobody", "name")
		root.Count = true
		if set := b.ask(t, store, root)[0]; len(set.Rows) != 0 || set.Total != 0 {
			t.Errorf("%d rows and total %d, want none", len(set.Rows), set.Total)
		}
	})
	t.Run("a plan serves many requests at once", func(t *testing.T) { s.testManyRequests(t, store, model, d) })
	t.Run("every kind whole", func(t *testing.T) {
		for _, k := range d.schema.Kinds {
			q := wholeKind(d.schema, k)
			check(t, store, model, q.plan, q.args)
		}
	})
	t.Run("every relation whole, both ways", func(t *testing.T) {
		for _, r := range d.schema.Relations {
			for _, out := range []bool{true, false} {
				for _, q := range wholeRelation(d.schema, r, out) {
					check(t, store, model, q.plan, q.args)
				}
			}
		}
	})
	t.Run("a long list", func(t *testing.T) {
		b := build(d.schema)
		root := b.all([]string{"Person", "Place", "Note"}, "value")
		wanted := []any{}
		for i, n := range d.nodes {
			if i%3 > 0 {
				wanted = append(wanted, n.ID, fmt.Sprintf("%s:not-there-%d", n.Kind.Prefix, i), n.ID)
			}
		}
		root.Where = &graph.Cond{Op: graph.In, Field: idRef, Arg: b.arg(wanted)}
		check(t, store, model, b.plan(root), b.args)
		root.Where = &graph.Cond{Op: graph.NotIn, Field: idRef, Arg: root.Where.Arg}
		check(t, store, model, b.plan(root), b.args)
	})
	t.Run("sums beyond small numbers", func(t *testing.T) { testSums(t, store, model, d.schema) })
	t.Run("what no store can answer", func(t *testing.T) { testBrokenQueries(t, store, d.schema) })
	t.Run("the context has ended", func(t *testing.T) { testContext(t, store, d.schema) })
}

// testStatements counts the statements of Query and of Tx.Query.
func testStatements(t *testing.T, store graph.Store, schema *graph.Schema) {
	tracer, ok := store.(interface{ Statements() []string })
	if !ok {
		t.Fatal("the store has no method Statements() []string: see Run")
	}
	b := build(schema)
	limit := b.arg(int64(5))
	deep := func() *graph.Select {
		root := b.all([]string{"Person"}, "name", "names")
		root.Page.Limit, root.Count = limit, true
		events := b.below(root, "TOOK_PART", true, "Event", "role")
		events.Page.Limit, events.Count = limit, true
		b.below(events, "ABOUT", false, "Note").Page.Limit = limit
		b.below(events, "TOOK_PART", false, "Group").Page.Limit = limit
		return root
	}
	search := b.all([]string{"Person", "Note"})
	search.Order, search.Search, search.Page.Limit = nil, b.search("an"), limit
	month := b.all([]string{"Event"})
	month.Fields, month.Order = nil, nil
	month.Group = &graph.Group{Keys: []graph.GroupKey{{Field: b.ref(month.Kinds, "month")}}}
	for _, test := range []struct {
		what  string
		roots []*graph.Select
	}{
		{"a nested select", []*graph.Select{deep()}},
		{"three roots", []*graph.Select{deep(), b.all([]string{"Place", "Grain"}), deep()}},
		{"a search", []*graph.Select{search}},
		{"a group", []*graph.Select{month}},
	} {
		p := b.plan(test.roots...)
		count := func(what string, q querier) {
			tracer.Statements()
			if _, err := q.Query(context.Background(), p, b.args); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if got := tracer.Statements(); len(got) != len(test.roots) {
				t.Errorf("%s ran %d statements for %d roots: %q", what, len(got), len(test.roots), got)
			}
		}
		count(test.what, store)
		count(test.what+" again", store)
		err := store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
			count(test.what+" in a transaction", tx)
			return nil
		})
		if err != nil {
			t.Errorf("Update that only reads: %v", err)
		}
	}
}

// testManyRequests asks a few plans with changing arguments from many goroutines.
func (s *suite) testManyRequests(t *testing.T, store graph.Store, model *Model, d *data) {
	p := newPlanner(s.random(4), d, model)
	p.condDepth, p.treeDepth = 1, 2
	var wg sync.WaitGroup
	wrong := make(chan string, 100)
	for range 4 {
		q := p.question()
		for range 6 {
			args := q.again()
			wg.Go(func() {
				for range 5 {
					if m := mismatch(store, model, q.plan, args); m != "" {
						wrong <- m + "\n" + q.plan.String()
						return
					}
				}
			})
		}
	}
	wg.Wait()
	close(wrong)
	for m := range wrong {
		t.Error(m)
	}
}

// wholeKind reads every field of every node of a kind.
func wholeKind(schema *graph.Schema, k *graph.Kind) question {
	b := build(schema)
	var all []string
	for _, f := range k.Fields {
		all = append(all, f.Name)
	}
	return question{plan: b.plan(b.all([]string{k.Name}, all...)), args: b.args}
}

// wholeRelation reads every relationship of a type, from each kind that has it, once as nodes and once as relationships.
func wholeRelation(schema *graph.Schema, r *graph.Relation, out bool) []question {
	var questions []question
	for _, k := range schema.Kinds {
		far := r.Far(k, out)
		if len(far) == 0 {
			continue
		}
		b := build(schema)
		root := b.all([]string{k.Name})
		for _, keyed := range []bool{false, true} {
			c := b.all([]string{far[0].Name})
			c.Name, c.Kinds, c.Via, c.Count = r.Type, far, &graph.Via{Relation: r, Out: out, Keyed: keyed}, true
			if keyed {
				c.Order = append(c.Order, graph.Order{Field: keyRef})
				c.Fields = append(c.Fields, keyRef)
			}
			c.Fields = append(c.Fields, edgeRefs(c.Via, func(*graph.Field) bool { return true })...)
			root.Children = append(root.Children, c)
		}
		questions = append(questions, question{plan: b.plan(root), args: b.args})
	}
	return questions
}

// testSums sums the tallies of events by place and form.
func testSums(t *testing.T, store graph.Store, model *Model, schema *graph.Schema) {
	b := build(schema)
	root := b.all([]string{"Event"})
	root.Fields, root.Order = nil, nil
	place := b.all([]string{"Place"}, "name")
	tally := schema.Kind("Tally")
	root.Group = &graph.Group{
		Keys: []graph.GroupKey{
			{Path: []graph.Hop{{Via: &graph.Via{Relation: schema.Relation("PASSED"), Out: true}, Kinds: place.Kinds}}, Node: place},
			{Field: b.ref(root.Kinds, "month")},
		},
		Through: &graph.Hop{Via: &graph.Via{Relation: schema.Relation("TALLY_OF")}, Kinds: []*graph.Kind{tally},
			Where: &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: "measure", Type: graph.Enum}, Arg: b.arg("FOUND")}},
		Sums: []graph.FieldRef{{Name: "best", Type: graph.Int}, {Name: "low", Type: graph.Int}, {Name: "best", Type: graph.Int}},
	}
	check(t, store, model, b.plan(root), b.args)
}

// testBrokenQueries asks plans of another schema, and with too few arguments.
func testBrokenQueries(t *testing.T, store graph.Store, schema *graph.Schema) {
	b, other := build(schema), build(Schema())
	below := b.all([]string{"Person"})
	other.below(below, "LIVES_IN", true, "Place")
	for what, p := range map[string]*graph.Plan{
		"a kind of another schema":     b.plan(other.all([]string{"Person"})),
		"a relation of another schema": b.plan(below),
		"too few arguments":            {Roots: []*graph.Select{b.all([]string{"Person"})}, Args: 1},
	} {
		if sets, err := store.Query(context.Background(), p, nil); graph.CodeOf(err) != graph.Internal {
			t.Errorf("%s: %d sets and the error %v, want an Internal error", what, len(sets), err)
		}
	}
}

// testContext asks with a context that has ended, and goes on with one that has not.
func testContext(t *testing.T, store graph.Store, schema *graph.Schema) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	late, cancelLate := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancelLate()
	b := build(schema)
	root := b.all([]string{"Person"}, "name")
	for _, test := range []struct {
		ctx  context.Context
		want error
	}{{cancelled, context.Canceled}, {late, context.DeadlineExceeded}} {
		for what, err := range map[string]error{
			"Query": func() error { _, err := b.try(test.ctx, store, root); return err }(),
			"Update": store.Update(test.ctx, func(ctx context.Context, tx graph.Tx) error {
				_, err := tx.Put(ctx, list(b.node("person:too-late")))
				return err
			}),
			"Export": store.Export(test.ctx, func(graph.Record) error { return nil }),
		} {
			if !errors.Is(err, test.want) {
				t.Errorf("%s with a context that has ended: %v, want %v", what, err, test.want)
			}
		}
	}
	for _, id := range ids(t, store, schema, "Person") {
		if id == "person:too-late" {
			t.Error("an Update wrote after its context had ended")
		}
	}
	testInterrupted(t, store, schema, root)
}

// testInterrupted ends the context of queries while they run: each answers whole or fails with the context's error.
func testInterrupted(t *testing.T, store graph.Store, schema *graph.Schema, root *graph.Select) {
	b := build(schema)
	want := fmt.Sprint(firsts(b.ask(t, store, root)[0]))
	for wait := range 12 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(wait*wait)*20*time.Microsecond)
		sets, err := b.try(ctx, store, root)
		cancel()
		if err == nil {
			if got := fmt.Sprint(firsts(sets[0])); got != want {
				t.Errorf("a query that was interrupted answers %s, want %s", got, want)
			}
		} else if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a query that was interrupted: %v, want %v", err, context.DeadlineExceeded)
		}
	}
}
