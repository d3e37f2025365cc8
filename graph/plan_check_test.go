package graph_test

import (
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// TestPlanCheck: a plan that breaks a rule is refused before a store sees it.
func TestPlanCheck(t *testing.T) {
	thing := &graph.Kind{Name: "Thing", Prefix: "thing", Fields: []*graph.Field{
		{Name: "name", Type: graph.String, Index: true, Text: true}, {Name: "code", Type: graph.String}, {Name: "tags", Type: graph.StringList},
		{Name: "size", Type: graph.Int}}}
	other := &graph.Kind{Name: "Other", Prefix: "other"}
	in := &graph.Relation{Type: "IN", One: true, Ends: []graph.End{{From: thing, To: thing}}}
	role := &graph.Field{Name: "role", Type: graph.String}
	at := &graph.Relation{Type: "AT", Props: []*graph.Field{role}, Key: []*graph.Field{role}, Ends: []graph.End{{From: thing, To: other}}}
	graph.NewSchema([]*graph.Kind{thing, other}, []*graph.Relation{in, at})

	id := graph.FieldRef{Owner: graph.OfID}
	name := graph.FieldRef{Name: "name", Type: graph.String}
	byID := []graph.Order{{Field: id}}
	root := func(edit func(s *graph.Select)) *graph.Plan {
		s := &graph.Select{Name: "things", Kinds: []*graph.Kind{thing}, Fields: []graph.FieldRef{id}, Order: byID, Page: graph.Page{Limit: graph.NoArg}}
		edit(s)
		return &graph.Plan{Roots: []*graph.Select{s}, Args: 1}
	}
	child := func(via *graph.Via, kinds []*graph.Kind, order []graph.Order) *graph.Plan {
		return root(func(s *graph.Select) {
			s.Children = []*graph.Select{{Name: "child", Via: via, Kinds: kinds, Order: order, Page: graph.Page{Limit: graph.NoArg}}}
		})
	}
	where := func(c *graph.Cond) *graph.Plan { return root(func(s *graph.Select) { s.Where = c }) }
	for what, c := range map[string]struct {
		plan *graph.Plan
		says string
	}{
		"good":                  {root(func(*graph.Select) {}), ""},
		"good child":            {child(&graph.Via{Relation: in, Out: true, One: true}, []*graph.Kind{thing}, nil), ""},
		"no kind":               {root(func(s *graph.Select) { s.Kinds = nil }), "reads no kind"},
		"a root through":        {root(func(s *graph.Select) { s.Via = &graph.Via{Relation: in} }), "has a Via"},
		"no order":              {root(func(s *graph.Select) { s.Order = nil }), "does not end in the id"},
		"order without the id":  {root(func(s *graph.Select) { s.Order = []graph.Order{{Field: name}} }), "does not end in the id"},
		"unknown field":         {root(func(s *graph.Select) { s.Fields = []graph.FieldRef{{Name: "no", Type: graph.Int}} }), "has the field no"},
		"field of other type":   {root(func(s *graph.Select) { s.Fields = []graph.FieldRef{{Name: "name", Type: graph.Int}} }), "has the field name"},
		"cursor too short":      {root(func(s *graph.Select) { s.Page.After = make([]graph.CursorKey, 2) }), "a cursor of 2 keys"},
		"cursor of no value":    {root(func(s *graph.Select) { s.Page.After = []graph.CursorKey{{Arg: 3}} }), "argument 3 of 1"},
		"limit of no value":     {root(func(s *graph.Select) { s.Page.Limit = 7 }), "argument 7 of 1"},
		"child without via":     {child(nil, []*graph.Kind{thing}, byID), "has no Via"},
		"child of wrong kind":   {child(&graph.Via{Relation: in, Out: true}, []*graph.Kind{other}, byID), "does not join"},
		"to one backwards":      {child(&graph.Via{Relation: in, One: true}, []*graph.Kind{thing}, nil), "there may be several"},
		"to one of many":        {child(&graph.Via{Relation: at, Out: true, One: true}, []*graph.Kind{other}, nil), "there may be several"},
		"keyed without key":     {child(&graph.Via{Relation: at, Out: true, Keyed: true}, []*graph.Kind{other}, byID), "does not end in the key"},
		"condition of no value": {where(&graph.Cond{Op: graph.Eq, Field: name, Arg: 1}), "argument 1 of 1"},
		"list compared":         {where(&graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: "tags", Type: graph.StringList}}), "only be asked whether"},
		"contains of a code":    {where(&graph.Cond{Op: graph.Contains, Field: graph.FieldRef{Name: "code", Type: graph.String}}), "no folded form"},
		"not of two":            {where(&graph.Cond{Op: graph.Not, Of: []*graph.Cond{{Op: graph.And}, {Op: graph.And}}}), "not takes one"},
		"every of nothing":      {where(&graph.Cond{Op: graph.Every, Via: &graph.Via{Relation: in}, Kinds: []*graph.Kind{thing}}), "takes one condition"},
		"sum of text": {root(func(s *graph.Select) {
			s.Fields, s.Order = nil, nil
			s.Group = &graph.Group{Through: &graph.Hop{Via: &graph.Via{Relation: in, Out: true}, Kinds: []*graph.Kind{thing}}, Sums: []graph.FieldRef{name}}
		}), "is no Int"},
	} {
		err := c.plan.Check()
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", what, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || graph.CodeOf(err) != graph.Internal):
			t.Errorf("%s: the error is %v, not one that says %q", what, err, c.says)
		}
	}
}
