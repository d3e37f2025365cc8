package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// The names of the variables that the plan of events is asked with, beside those of the request: it reads changes whose
// sequence is greater than the one and not greater than the other, so many at the most.
const (
	varAfter = "\x00after"
	varUpTo  = "\x00upTo"
	varMost  = "\x00most"
)

// events is what a subscription has beside its plan, which reads several events at a time.
type events struct {
	// field is the field that was asked for.
	field *ast.Field
	// sequence is the place of the number of a change in its row.
	sequence int
}

// changes plans Subscription.changes.
func (p *planner) changes(at scope, d *schema.Field, c *collected, f *field) {
	s := at.sel.child(c.key, d.Object, d.Object.Kinds, nil)
	sequence := graph.FieldRef{Name: "sequence", Type: graph.Int}
	s.sel.Order = s.order([]graph.Order{{Field: sequence}})
	s.sel.Where = both(&graph.Cond{Op: graph.And, Of: []*graph.Cond{
		{Op: graph.Gt, Field: sequence, Arg: p.given(varAfter)},
		{Op: graph.Le, Field: sequence, Arg: p.given(varUpTo)},
	}}, p.where(p.argument(c.first(), "where"), d.Object, nil))
	if about := p.argument(c.first(), "about"); about.given() {
		s.sel.Where = both(s.sel.Where, p.touches(s, about))
	}
	s.sel.Page.Limit = p.given(varMost)
	p.op.events = &events{field: c.first(), sequence: s.slot(sequence)}
	f.how, f.object = howOne, p.objectOf(s, d.Object, c.selections())
	p.later(f, s)
}

// touches keeps the changes that touched a node, and those of which is not known what they touched.
func (p *planner) touches(s *selection, id input) *graph.Cond {
	r := s.relation("Change", "touched")
	return &graph.Cond{Op: graph.Or, Of: []*graph.Cond{
		{Op: graph.Some, Via: &graph.Via{Relation: r.Of, Out: r.Out}, Kinds: r.Kinds, Of: []*graph.Cond{
			{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}, Arg: p.idOf(id)}}},
		{Op: graph.Eq, Field: graph.FieldRef{Name: "complete", Type: graph.Boolean}, Arg: p.constant(false)},
	}}
}

// after is the sequence after which the events begin; given is false where they begin from now on.
func (ev *events) after(vars map[string]any) (after int64, given bool, err error) {
	a := ev.field.Arguments.ForName("after")
	if a == nil {
		return 0, false, nil
	}
	v, given := valueOf(a.Value, vars)
	if !given || v == nil {
		return 0, false, nil
	}
	if after, err = toInt(v); err != nil || after < 0 {
		return 0, false, located(graph.Invalid, a.Position, "after is %v: it is the sequence of the last change that came, or 0 for all", v)
	}
	return after, true, nil
}
