package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// testChanges changes a graph by chance, in the store and in the model alike, and compares what was counted and what is read,
// inside the transactions and behind them. Some of the transactions are undone.
func (s *suite) testChanges(t *testing.T) {
	r := s.random(11)
	d := generate(Schema(), r, smallSizes)
	store, model := s.both(t, d)
	// With fewer plans there are fewer rounds too: each asks dozens.
	for round := range min(30, max(5, s.plans/66)) {
		what := fmt.Sprintf("round %d of seed %d", round, s.seed)
		before := model.now.Load().data(d.schema)
		var steps []change
		for range 1 + r.IntN(4) {
			steps = append(steps, randomChange(r, before))
		}
		undone := chance(r, 25)
		inside := NewModel(d.schema)
		want, wantTold, wantErr := applyTelling(model, steps, undone, func(tx graph.Tx) { inside.now.Store(tx.(*modelTx).state) })
		questions := someQuestions(r, inside, d.schema)
		got, told, err := applyTelling(store, steps, undone, func(tx graph.Tx) { compareAll(t, "inside "+what, tx, inside, questions) })
		if graph.CodeOf(err) != graph.CodeOf(wantErr) || undone && wantErr == errUndo && err != errUndo {
			t.Errorf("%s fails with %v, want %v", what, err, wantErr)
		}
		if err == nil && !slices.Equal(got, want) {
			t.Errorf("%s counts %+v, want %+v", what, got, want)
		}
		if err == nil && !slices.Equal(told, wantTold) {
			t.Errorf("%s tells\n%s\nwant\n%s", what, strings.Join(told, "\n"), strings.Join(wantTold, "\n"))
		}
		compareAll(t, "after "+what, store, model, someQuestions(r, model, d.schema))
		if t.Failed() {
			return
		}
	}
	sameRecords(t, export(t, store), export(t, model))
}

// testFresh reads a whole graph in the transaction that puts it, in the order of each text, by pages, and behind a text.
func (s *suite) testFresh(t *testing.T) {
	d := generate(Schema(), s.random(12), smallSizes)
	model := NewModel(d.schema)
	d.load(t, model)
	store := s.open(t, d.schema)
	_, err := apply(store, []change{{put: slices.Collect(only(d.records()))}}, true, func(tx graph.Tx) {
		for _, k := range d.schema.Kinds {
			b := build(d.schema)
			kinds := []*graph.Kind{k}
			for i, ref := range append(nodeRefs(kinds, func(f *graph.Field) bool { return f.Index && f.Type == graph.String }), idRef) {
				root := b.all([]string{k.Name})
				root.Order = []graph.Order{{Field: ref, Desc: i%2 == 0}, {Field: idRef}}
				check(t, tx, model, b.plan(root), b.args)
				(&walker{b: b, of: root, order: root.Order, size: 25}).same(t, tx, model)
				behind := *root
				behind.Where = &graph.Cond{Op: graph.Gt, Field: ref, Arg: b.arg("\uF8FF")}
				check(t, tx, model, b.plan(&behind), b.args)
			}
		}
	})
	if err != errUndo {
		t.Errorf("Update returns %v", err)
	}
	if got := export(t, store); len(got) != 0 {
		t.Errorf("%d records are left of what was undone", len(got))
	}
}

// only are records without their errors, of which there are none.
func only(records graph.Records) iter.Seq[graph.Record] {
	return func(yield func(graph.Record) bool) {
		for r := range records {
			if !yield(r) {
				return
			}
		}
	}
}

// change is one step of a transaction.
type change struct{ put, remove []graph.Record }

var errUndo = errors.New("undo")

// apply runs the steps in one Update. inside is called before it is kept or undone.
func apply(s graph.Store, steps []change, undone bool, inside func(graph.Tx)) (written []graph.Written, err error) {
	written, _, err = applyTelling(s, steps, undone, inside)
	return written, err
}

// applyTelling says too what became of each record, step by step, in an order of its own.
func applyTelling(s graph.Store, steps []change, undone bool, inside func(graph.Tx)) (written []graph.Written, told []string, err error) {
	err = s.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		written, told = nil, nil
		for i, c := range steps {
			var heard []string
			tx.Tell(func(outcome graph.Outcome, now, old graph.Record) {
				line := fmt.Sprintf("step %d outcome %d %s", i, outcome, graph.AppendRecord(nil, now))
				if old != nil {
					line += fmt.Sprintf(" instead of %s of change %v", graph.AppendRecord(nil, old), changedIn(old))
				}
				heard = append(heard, line)
			})
			w, err := tx.Put(ctx, list(c.put...))
			tx.Tell(nil)
			slices.Sort(heard)
			told = append(told, heard...)
			if err != nil {
				return err
			}
			written = append(written, w)
			if err := tx.Remove(ctx, list(c.remove...)); err != nil {
				return err
			}
		}
		inside(tx)
		if undone {
			return errUndo
		}
		return nil
	})
	return written, told, err
}

func changedIn(r graph.Record) any {
	if n, ok := r.(*graph.Node); ok {
		return n.Get(graph.ChangedIn)
	}
	return r.(*graph.Edge).Get(graph.ChangedIn)
}

// data lists what a state holds, in an order that does not change from run to run.
func (s *state) data(schema *graph.Schema) *data {
	d := &data{schema: schema, byKind: map[*graph.Kind][]*graph.Node{}}
	for _, id := range slices.Sorted(maps.Keys(s.nodes)) {
		d.addNode(s.nodes[id])
	}
	for _, r := range schema.Relations {
		for _, e := range slices.SortedFunc(maps.Values(s.edges), compareEdges) {
			if e.Relation == r {
				d.edges = append(d.edges, e)
			}
		}
	}
	return d
}

// randomChange puts nodes and relationships that are new, the same, or changed, and removes some. Now and then a relationship
// leads to a node that an earlier step of the same transaction removed. What is summed (see addTallies) is only removed.
func randomChange(r *rand.Rand, d *data) change {
	var c change
	for range r.IntN(10) {
		switch n := pick(r, d.nodes); r.IntN(4) {
		case 0:
			c.put = append(c.put, randomNode(r, n.Kind, fmt.Sprintf("%s:put-%d", n.Kind.Prefix, r.IntN(1000))))
		case 1:
			c.put = append(c.put, n)
		default:
			if n.Kind.Internal {
				continue
			}
			changed := &graph.Node{Kind: n.Kind, ID: n.ID, Values: slices.Clone(n.Values)}
			f := pick(r, n.Kind.Fields)
			changed.Values[f.Position] = randomValue(r, f)
			c.put = append(c.put, changed)
		}
	}
	for range r.IntN(12) {
		switch e := pick(r, d.edges); r.IntN(4) {
		case 0:
			c.put = append(c.put, e)
		case 1:
			changed := randomEdge(r, e.Relation, e.From, e.To)
			for _, f := range e.Relation.Key {
				changed.Props[f.Position] = e.Props[f.Position]
			}
			c.put = append(c.put, changed)
		default:
			if end := pick(r, e.Relation.Ends); !end.From.Internal {
				c.put = append(c.put, randomEdge(r, e.Relation, pick(r, d.byKind[end.From]).ID, pick(r, d.byKind[end.To]).ID))
			}
		}
	}
	for range r.IntN(4) {
		if chance(r, 20) {
			n := pick(r, d.nodes)
			c.remove = append(c.remove, n, graph.NewNode(n.Kind, n.Kind.Prefix+":gone"))
			continue
		}
		e := pick(r, d.edges)
		c.remove = append(c.remove, e, randomEdge(r, e.Relation, e.From, e.To))
	}
	return c
}

// someQuestions are plans made by chance, and each kind and each relation whole.
func someQuestions(r *rand.Rand, m *Model, schema *graph.Schema) []question {
	p := newPlanner(r, m.now.Load().data(schema), m)
	p.condDepth, p.treeDepth = 2, 2
	var all []question
	for range 3 {
		all = append(all, p.question())
	}
	k, rel := pick(r, schema.Kinds), pick(r, schema.Relations)
	all = append(all, wholeKind(schema, k))
	return append(all, wholeRelation(schema, rel, chance(r, 50))...)
}

// compareAll asks the questions of a store or a transaction, and of the model.
func compareAll(t *testing.T, when string, q querier, model *Model, questions []question) {
	t.Helper()
	for _, a := range questions {
		if !check(t, q, model, a.plan, a.args) {
			t.Error(when)
			return
		}
	}
}
