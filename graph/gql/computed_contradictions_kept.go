package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// contradictionsKept plans Query.contradictions without a node: those that are kept, which are of the usual tolerance.
func (p *planner) contradictionsKept(at scope, c *collected, f *field) {
	if within := p.argument(c.first(), "approxWithin"); within.given() {
		p.bind(within, func(v any) (any, error) {
			w, err := toFloat("approxWithin", v)
			if err == nil && w != graph.DefaultApproxWithin {
				err = graph.Errorf(graph.Invalid, "approxWithin is %v, and of the whole graph contradictions are kept at %v: leave it out, or name a node by about",
					w, graph.DefaultApproxWithin)
			}
			return w, err
		})
	}
	kept := p.model.Types["KeptContradiction"]
	s := at.sel.child(c.key, kept, kept.Kinds, nil)
	s.sel.Order = p.contradictionOrder(s, c)
	equals := func(field, argument string) *graph.Cond {
		in := p.argument(c.first(), argument)
		if !in.given() {
			return nil
		}
		return &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: field, Type: graph.Enum},
			Arg: p.bind(in, func(v any) (any, error) { return v, nil })}
	}
	if left := equals("leftMeasure", "measure"); left != nil {
		s.sel.Where = &graph.Cond{Op: graph.Or, Of: []*graph.Cond{left, {Op: graph.Eq, Field: graph.FieldRef{Name: "rightMeasure", Type: graph.Enum}, Arg: left.Arg}}}
	}
	if kind := equals("kind", "kind"); kind != nil {
		in := p.argument(c.first(), "kind")
		place := func(op graph.Op, of func(first, last int64) int64) *graph.Cond {
			return &graph.Cond{Op: op, Field: graph.FieldRef{Name: "place", Type: graph.Int}, Arg: p.bind(in, func(v any) (any, error) {
				return of(graph.KeptPlaces(graph.ContradictionKind(text(v)))), nil
			})}
		}
		s.sel.Where = both(s.sel.Where, &graph.Cond{Op: graph.And, Of: []*graph.Cond{kind,
			place(graph.Ge, func(first, _ int64) int64 { return first }), place(graph.Le, func(_, last int64) int64 { return last })}})
	}
	s.sel.Where = both(s.sel.Where, p.where(p.argument(c.first(), "where"), kept, nil))
	s.page(p, c, "ContradictionConnection", s.sel.Order)
	pg := s.pages()
	rows := false
	node := func(sets []ast.SelectionSet) *object { return p.keptContradiction(s, sets) }
	f.object = p.computedObject("ContradictionConnection", c.selections(), func(_ string, c *collected, f *field) {
		rows = p.pageField(s, pg, c, f, func() *object { return node(c.selections()) }, func() *object {
			return p.computedObject("ContradictionEdge", c.selections(), func(name string, c *collected, f *field) {
				if name == "node" {
					f.how, f.object = howSame, node(c.selections())
					return
				}
				pg.keys()
				f.how, f.values = howComputed, func(_ []any, src *source) any { return pg.encode(src.row) }
			})
		}) || rows
	})
	s.unread(rows)
	f.how = howConnection
	p.later(f, s)
}

// contradictionOrder is the order that is asked for; without one that of the places.
func (p *planner) contradictionOrder(s *selection, c *collected) []graph.Order {
	keys := p.orderBy(p.argument(c.first(), "orderBy"), &schema.Relation{Target: s.t})
	if len(keys) == 0 {
		keys = []graph.Order{{Field: graph.FieldRef{Name: "place", Type: graph.Int}}}
	}
	return s.order(keys)
}

// keptContradiction plans the selection on a Contradiction that is kept: its fields are those of what is kept, but for its name.
func (p *planner) keptContradiction(s *selection, sets []ast.SelectionSet) *object {
	return p.computedObject("Contradiction", sets, func(_ string, c *collected, f *field) { p.field(scope{sel: s, t: s.t}, c, f) })
}
