package storetest

import (
	"slices"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// fault is a mistake that a store may make.
type fault struct {
	name string
	// plan changes a select or a condition into what the store takes it for.
	plan func(*graph.Select)
	cond func(*graph.Cond)
	// row changes the values of an answer.
	row func(graph.Row)
}

// faults are mistakes that the plans made by chance have to find.
var faults = []fault{
	{name: "forgets that pages run backward", plan: func(s *graph.Select) { s.Page.Backward = false }},
	{name: "forgets cursors", plan: func(s *graph.Select) { s.Page.After = nil }},
	{name: "forgets limits", plan: func(s *graph.Select) { s.Page.Limit = graph.NoArg }},
	{name: "forgets From", plan: func(s *graph.Select) {
		if s.Via != nil {
			s.Via.From = nil
		}
	}},
	{name: "turns every hop", plan: func(s *graph.Select) {
		if s.Via != nil {
			s.Via.Out = !s.Via.Out
		}
	}},
	{name: "forgets the first key of an order", plan: func(s *graph.Select) {
		if len(s.Order) > 2 && len(s.Page.After) == 0 {
			s.Order = s.Order[1:]
		}
	}},
	{name: "orders keys ascending only", plan: func(s *graph.Select) {
		if n := len(s.Order); n > 0 && s.Order[n-1].Field.Owner == graph.OfKey {
			s.Order[n-1].Desc = false
		}
	}},
	{name: "forgets Where below the root", plan: func(s *graph.Select) {
		if s.Via != nil {
			s.Where = nil
		}
	}},
	{name: "counts relationships twice", plan: func(s *graph.Select) {
		if s.Group != nil && len(s.Group.Keys) > 1 {
			s.Group.Keys = slices.Clone(s.Group.Keys[:1])
		}
	}},
	{name: "takes Ne for known and different", cond: func(c *graph.Cond) {
		if c.Op == graph.Ne {
			eq, null := *c, *c
			eq.Op, null.Op = graph.Eq, graph.IsNull
			*c = graph.Cond{Op: graph.Not, Of: []*graph.Cond{{Op: graph.Or, Of: []*graph.Cond{&eq, &null}}}}
		}
	}},
	{name: "takes not less for known and not less", cond: func(c *graph.Cond) {
		if c.Op == graph.Not && c.Of[0].Op == graph.Lt {
			ge := *c.Of[0]
			ge.Op = graph.Ge
			*c = ge
		}
	}},
	{name: "takes Every for Some", cond: func(c *graph.Cond) {
		if c.Op == graph.Every {
			c.Op = graph.Some
		}
	}},
	{name: "takes each relationship for the first", cond: func(c *graph.Cond) {
		if c.Via != nil && c.Via.Keyed && len(c.Of) == 1 && c.Of[0].Field.Owner == graph.OfEdge {
			c.Of[0] = &graph.Cond{Op: graph.And}
		}
	}},
	{name: "takes Le for Lt", cond: func(c *graph.Cond) {
		if c.Op == graph.Le {
			c.Op = graph.Lt
		}
	}},
	{name: "takes StartsWith for Contains", cond: func(c *graph.Cond) {
		if c.Op == graph.StartsWith {
			c.Op = graph.Contains
		}
	}},
	{name: "forgets KindIn", cond: func(c *graph.Cond) {
		if c.Op == graph.KindIn {
			*c = graph.Cond{Op: graph.And}
		}
	}},
	{name: "forgets Kinds of a hop", cond: func(c *graph.Cond) {
		if c.Via != nil {
			c.Kinds = nil
			for _, e := range c.Via.Relation.Ends {
				c.Kinds = append(c.Kinds, e.From, e.To)
			}
		}
	}},
	{name: "takes an empty list for null", row: each(func(v any) any {
		if l, ok := v.([]string); ok && len(l) == 0 {
			return nil
		}
		return v
	})},
	{name: "takes an empty text for null", row: each(func(v any) any {
		if v == "" {
			return nil
		}
		return v
	})},
	{name: "keeps numbers as floats", row: each(func(v any) any {
		if n, ok := v.(int64); ok {
			return int64(float64(n))
		}
		return v
	})},
	{name: "keeps floats as numbers", row: each(func(v any) any {
		if f, ok := v.(float64); ok && f == float64(int64(f)) {
			return int64(f)
		}
		return v
	})},
}

func each(f func(any) any) func(graph.Row) {
	return func(r graph.Row) {
		for i, v := range r {
			r[i] = f(v)
		}
	}
}

// The plans made by chance find each fault, several times over in as many plans as a store is asked.
func TestPlansFindFaults(t *testing.T) {
	s := &suite{seed: 1}
	d := generate(Schema(), s.random(1), smallSizes)
	m := NewModel(d.schema)
	d.load(t, m)
	p := newPlanner(s.random(2), d, m)
	const plans, enough = 2000, 4
	found := make([]int, len(faults))
	for n := 0; n < plans && slices.Min(found) < enough; n++ {
		q := p.question()
		want, err := m.answer(p.at, q.plan, q.args)
		if err != nil {
			t.Fatalf("%v\n%s", err, q.plan)
		}
		for i, f := range faults {
			if found[i] == enough {
				continue
			}
			got, err := (&evaluation{state: p.at, args: q.args, budget: noBudget}).plan(f.broken(q.plan))
			if err != nil {
				t.Fatal(err)
			}
			if f.spoil(got); difference(got, want) != "" {
				found[i]++
			}
		}
	}
	for i, f := range faults {
		if found[i] < enough {
			t.Errorf("of %d plans %d find a store that %s", plans, found[i], f.name)
		}
	}
}

// broken is a copy of a plan with the fault.
func (f fault) broken(p *graph.Plan) *graph.Plan {
	q := &graph.Plan{Args: p.Args}
	for _, r := range p.Roots {
		q.Roots = append(q.Roots, f.sel(r))
	}
	return q
}

func (f fault) sel(s *graph.Select) *graph.Select {
	c := *s
	if s.Via != nil {
		via := *s.Via
		c.Via = &via
	}
	c.Order = slices.Clone(s.Order)
	c.Where = f.where(s.Where)
	c.Children = nil
	for _, child := range s.Children {
		c.Children = append(c.Children, f.sel(child))
	}
	if s.Group != nil {
		g := *s.Group
		c.Group = &g
	}
	if f.plan != nil {
		f.plan(&c)
	}
	return &c
}

func (f fault) where(c *graph.Cond) *graph.Cond {
	if c == nil {
		return nil
	}
	d := *c
	d.Of = nil
	for _, part := range c.Of {
		d.Of = append(d.Of, f.where(part))
	}
	if f.cond != nil {
		f.cond(&d)
	}
	return &d
}

func (f fault) spoil(sets []*graph.Set) {
	for _, s := range sets {
		for _, r := range s.Rows {
			for _, v := range r {
				if child, ok := v.(*graph.Set); ok {
					f.spoil([]*graph.Set{child})
				}
			}
			if f.row != nil {
				f.row(r)
			}
		}
	}
}
