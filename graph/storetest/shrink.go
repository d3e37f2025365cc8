package storetest

import (
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

// shrink makes a plan smaller for as long as it still fails. The arguments stay as they are.
func shrink(p *graph.Plan, fails func(*graph.Plan) bool) *graph.Plan {
	tries := 300
	for smaller := true; smaller; {
		smaller = false
		for _, q := range smallerPlans(p) {
			if tries--; tries < 0 {
				return p
			}
			if q.Check() == nil && fails(q) {
				p, smaller = q, true
				break
			}
		}
	}
	return p
}

// smallerPlans are the plans that are one step smaller.
func smallerPlans(p *graph.Plan) []*graph.Plan {
	var out []*graph.Plan
	with := func(roots []*graph.Select) { out = append(out, &graph.Plan{Roots: roots, Args: p.Args}) }
	for i, r := range p.Roots {
		if len(p.Roots) > 1 {
			with(slices.Delete(slices.Clone(p.Roots), i, i+1))
		}
		for _, s := range smallerSelects(r) {
			roots := slices.Clone(p.Roots)
			roots[i] = s
			with(roots)
		}
	}
	return out
}

func smallerSelects(s *graph.Select) []*graph.Select {
	var out []*graph.Select
	with := func(change func(*graph.Select)) {
		c := *s
		change(&c)
		out = append(out, &c)
	}
	for i, child := range s.Children {
		with(func(c *graph.Select) { c.Children = slices.Delete(slices.Clone(s.Children), i, i+1) })
		for _, smaller := range smallerSelects(child) {
			with(func(c *graph.Select) {
				c.Children = slices.Clone(s.Children)
				c.Children[i] = smaller
			})
		}
	}
	if s.Where != nil {
		with(func(c *graph.Select) { c.Where = nil })
		for _, w := range smallerConds(s.Where) {
			with(func(c *graph.Select) { c.Where = w })
		}
	}
	if len(s.Page.After) > 0 {
		with(func(c *graph.Select) { c.Page.After = nil })
	}
	if s.Page.Limit != graph.NoArg {
		with(func(c *graph.Select) { c.Page.Limit = graph.NoArg })
	}
	if s.Page.Backward {
		with(func(c *graph.Select) { c.Page.Backward = false })
	}
	if s.Count {
		with(func(c *graph.Select) { c.Count = false })
	}
	for i := range s.Order {
		if f := s.Order[i].Field.Owner; f == graph.OfID || f == graph.OfKey {
			continue
		}
		with(func(c *graph.Select) {
			c.Order = slices.Delete(slices.Clone(s.Order), i, i+1)
			if len(s.Page.After) > 0 {
				c.Page.After = slices.Delete(slices.Clone(s.Page.After), i, i+1)
			}
		})
	}
	if len(s.Kinds) > 1 {
		for i := range s.Kinds {
			with(func(c *graph.Select) { c.Kinds = slices.Delete(slices.Clone(s.Kinds), i, i+1) })
		}
	}
	if s.Group != nil {
		for i := range s.Group.Keys {
			with(func(c *graph.Select) {
				g := *s.Group
				g.Keys = slices.Delete(slices.Clone(g.Keys), i, i+1)
				c.Group = &g
			})
		}
		if s.Group.Through != nil {
			with(func(c *graph.Select) { c.Group = &graph.Group{Keys: s.Group.Keys} })
		}
	}
	for i := range s.Fields {
		with(func(c *graph.Select) { c.Fields = slices.Delete(slices.Clone(s.Fields), i, i+1) })
	}
	return out
}

// smallerConds are the parts of a condition, and the condition with a part left out or made smaller.
func smallerConds(c *graph.Cond) []*graph.Cond {
	var out []*graph.Cond
	switch c.Op {
	case graph.And, graph.Or, graph.Not:
		out = append(out, c.Of...)
	}
	for i, part := range c.Of {
		if c.Op == graph.And || c.Op == graph.Or || c.Op == graph.Some || c.Op == graph.None {
			d := *c
			d.Of = slices.Delete(slices.Clone(c.Of), i, i+1)
			out = append(out, &d)
		}
		for _, smaller := range smallerConds(part) {
			d := *c
			d.Of = slices.Clone(c.Of)
			d.Of[i] = smaller
			out = append(out, &d)
		}
	}
	return out
}
