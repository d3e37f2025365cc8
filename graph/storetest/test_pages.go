package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// walker reads a connection page by page, as a client does who knows nothing but the cursor of the last row.
type walker struct {
	b        *builder
	parent   *graph.Select // nil for a connection at a root
	of       *graph.Select
	order    []graph.Order
	size     int64
	backward bool
	between  func(cursor []any) // is called after each page
}

// walk reads to the end, and returns the order keys of each row, in the order in which they were met.
func (w *walker) walk(t *testing.T, store querier, most int) [][]any {
	t.Helper()
	var met [][]any
	var cursor []any
	for {
		set := w.page(t, store, cursor)
		rows := slices.Clone(set.Rows)
		if w.backward {
			slices.Reverse(rows)
		}
		for _, r := range rows {
			met = append(met, []any(r))
		}
		if len(met) > most {
			t.Errorf("a walk by pages met %d rows, more than the %d that there are", len(met), most)
			return met
		}
		if int64(len(rows)) < w.size {
			return met
		}
		cursor = rows[len(rows)-1]
		if w.between != nil {
			w.between(cursor)
		}
	}
}

// page reads one page. The fields of the rows are the keys of the order.
func (w *walker) page(t *testing.T, store querier, cursor []any) *graph.Set {
	t.Helper()
	b := &builder{schema: w.b.schema, args: slices.Clone(w.b.args)}
	s := *w.of
	s.Order, s.Fields = w.order, nil
	for _, o := range orderOf(&s) {
		s.Fields = append(s.Fields, o.Field)
	}
	s.Page = graph.Page{Limit: b.arg(w.size), Backward: w.backward}
	for _, k := range cursor {
		key := graph.CursorKey{Arg: graph.NoArg, Null: true}
		if k != nil {
			key = graph.CursorKey{Arg: b.arg(k)}
		}
		s.Page.After = append(s.Page.After, key)
	}
	if w.parent == nil {
		return b.ask(t, store, &s)[0]
	}
	p := *w.parent
	p.Children = []*graph.Select{&s}
	row := b.ask(t, store, &p)[0].Rows[0]
	return row[len(row)-1].(*graph.Set)
}

// same walks both ways and compares with what the model says there is.
func (w *walker) same(t *testing.T, store querier, model *Model) {
	t.Helper()
	whole := *w
	whole.size, whole.backward = 1<<40, false
	want := whole.walk(t, model, 1<<40)
	for _, backward := range []bool{false, true} {
		w.backward = backward
		got := w.walk(t, store, len(want))
		if backward {
			slices.Reverse(got)
		}
		for i := range min(len(got), len(want)) {
			if d := rowDifference(fmt.Sprintf("row %d", i), got[i], want[i]); d != "" {
				t.Errorf("pages of %d by %sbackward %v: %s", w.size, orderText(w.order), backward, d)
				return
			}
		}
		if len(got) != len(want) {
			t.Errorf("pages of %d by %sbackward %v: %d rows, want %d", w.size, orderText(w.order), backward, len(got), len(want))
		}
	}
}

func orderText(order []graph.Order) string {
	text := ""
	for _, o := range order {
		text += o.Field.String()
		if o.Desc {
			text += " desc"
		}
		text += ", "
	}
	return text
}

// testPages walks whole connections by pages.
func (s *suite) testPages(t *testing.T) {
	d := generate(Schema(), s.random(5), smallSizes)
	store, model := s.both(t, d)
	index := func(f *graph.Field) bool { return f.Index }
	t.Run("each order of a root", func(t *testing.T) {
		for _, names := range [][]string{{"Person"}, {"Group"}, {"Place"}, {"Event"}, {"Note"}, {"Person", "Group", "Place", "Event"}, {"Grain", "Person"}} {
			b := build(d.schema)
			root := b.all(names)
			for i, ref := range append(nodeRefs(root.Kinds, index), graph.FieldRef{Owner: graph.OfKind}) {
				order := []graph.Order{{Field: ref, Desc: i%2 == 0}, {Field: idRef, Desc: i%3 == 0}}
				(&walker{b: b, of: root, order: order, size: 13}).same(t, store, model)
				order = []graph.Order{{Field: ref, Desc: i%2 == 1}, {Field: idRef, Desc: i%3 == 0}}
				(&walker{b: b, of: root, order: order, size: 29}).same(t, store, model)
			}
		}
	})
	t.Run("each order below a node", func(t *testing.T) {
		for _, typ := range []string{"KNOWS", "TOOK_PART", "PASSED", "CITES", "NEAR", "LIVES_IN"} {
			s.walkRelation(t, store, model, d, d.schema.Relation(typ))
		}
	})
	t.Run("while rows come ahead of and behind the cursor", func(t *testing.T) { testMovingPages(t, store, d.schema) })
}

// walkRelation walks the relationships of the node that has most of a type.
func (s *suite) walkRelation(t *testing.T, store graph.Store, model *Model, d *data, r *graph.Relation) {
	degree := map[string]int{}
	hub := ""
	for _, e := range d.edges {
		if e.Relation == r {
			if degree[e.To]++; degree[e.To] > degree[hub] {
				hub = e.To
			}
		}
	}
	b := build(d.schema)
	near := model.now.Load().nodes[hub].Kind
	parent := b.byID(near.Name, hub)
	for _, keyed := range []bool{false, true} {
		via := &graph.Via{Relation: r, Keyed: keyed}
		child := &graph.Select{Name: r.Type, Kinds: r.Far(near, false), Via: via}
		for i, ref := range append(edgeRefs(via, func(f *graph.Field) bool { return f.Index }), graph.FieldRef{Owner: graph.OfKind}) {
			order := []graph.Order{{Field: ref, Desc: i%2 == 0}, {Field: idRef, Desc: i%3 == 1}}
			if keyed {
				order = append(order, graph.Order{Field: keyRef, Desc: i%2 == 1})
			}
			(&walker{b: b, parent: parent, of: child, order: order, size: 7}).same(t, store, model)
		}
	}
}

// testMovingPages walks while nodes are put in front of the cursor and behind it: what was there at the start is met exactly
// once and in order, what came ahead of the cursor is met once, what came behind it is not met.
func testMovingPages(t *testing.T, store graph.Store, schema *graph.Schema) {
	names := 0
	for _, desc := range []bool{false, true} {
		for _, backward := range []bool{false, true} {
			b := build(schema)
			root := b.all([]string{"Person"})
			order := []graph.Order{{Field: b.ref(root.Kinds, "age"), Desc: desc}, {Field: idRef}}
			before := ids(t, store, schema, "Person")
			var ahead, behind []string
			w := &walker{b: b, of: root, order: order, size: 11, backward: backward}
			w.between = func(cursor []any) {
				for _, other := range []any{int64(-5), int64(3), int64(1 << 40), nil} {
					n := b.node(fmt.Sprintf("person:new-%d", names)).Set("age", other)
					names++
					put(t, store, list(n))
					c := compareValues(order, []any{other, n.ID}, cursor)
					if (c > 0) != backward {
						ahead = append(ahead, n.ID)
					} else {
						behind = append(behind, n.ID)
					}
				}
			}
			met := map[string]int{}
			rows := w.walk(t, store, 100_000)
			for _, r := range rows {
				met[r[1].(string)]++
			}
			if !slices.IsSortedFunc(rows, func(a, b []any) int {
				if backward {
					a, b = b, a
				}
				return compareValues(order, a, b)
			}) {
				t.Errorf("by age, desc %v, backward %v: the rows are out of order", desc, backward)
			}
			for what, ids := range map[string][]string{"was there": before, "came ahead of the cursor": ahead} {
				for _, id := range ids {
					if met[id] != 1 {
						t.Errorf("by age, desc %v, backward %v: %s, which %s, is met %d times", desc, backward, id, what, met[id])
					}
				}
			}
			for _, id := range behind {
				if met[id] != 0 {
					t.Errorf("by age, desc %v, backward %v: %s, which came behind the cursor, is met", desc, backward, id)
				}
			}
			if len(ahead) == 0 || len(behind) == 0 {
				t.Errorf("the test put %d nodes ahead of its cursor and %d behind", len(ahead), len(behind))
			}
		}
	}
}
