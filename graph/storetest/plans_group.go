package storetest

import "github.com/raidgraph/raidgraph/graph"

// groupRoot is a root that counts and sums.
func (p *planner) groupRoot() *graph.Select {
	schema := p.data.schema
	kinds := []*graph.Kind{pick(p.Rand, schema.Kinds)}
	if chance(p.Rand, 20) {
		kinds = p.rootKinds()
	}
	sums := chance(p.Rand, 50)
	if sums {
		kinds = pick(p.Rand, [][]*graph.Kind{{schema.Kind("Event")}, {schema.Kind("Person")}, {schema.Kind("Person"), schema.Kind("Event"), schema.Kind("Note")}})
	}
	s := &graph.Select{Name: p.key(), Kinds: kinds, Page: graph.Page{Limit: graph.NoArg}, Group: &graph.Group{}}
	if chance(p.Rand, 50) {
		s.Where = p.cond(kinds, nil, p.IntN(3))
	}
	for range pick(p.Rand, []int{0, 1, 1, 1, 2, 2, 3}) {
		if k, ok := p.groupKey(kinds); ok {
			s.Group.Keys = append(s.Group.Keys, k)
		}
	}
	if sums {
		p.sums(s.Group)
	}
	return s
}

func (p *planner) groupKey(kinds []*graph.Kind) (graph.GroupKey, bool) {
	if chance(p.Rand, 35) {
		refs := nodeRefs(kinds, func(f *graph.Field) bool { return f.Type != graph.StringList && f.Type != graph.JSON })
		return graph.GroupKey{Field: pick(p.Rand, refs)}, true
	}
	var k graph.GroupKey
	near := kinds
	for range 1 + p.IntN(2) {
		via, far := p.via(near, true)
		if via == nil {
			break
		}
		h := graph.Hop{Via: via, Kinds: far}
		if chance(p.Rand, 30) {
			h.Where = p.cond(far, via, p.IntN(2))
		}
		k.Path = append(k.Path, h)
		near = far
	}
	if len(k.Path) == 0 {
		return k, false
	}
	k.Node = &graph.Select{Name: p.key(), Kinds: near, Fields: p.fields(near, nil), Page: graph.Page{Limit: graph.NoArg}}
	p.children(k.Node, 1)
	return k, true
}

// sums adds sums over the tallies of one measure.
func (p *planner) sums(g *graph.Group) {
	tally := p.data.schema.Kind("Tally")
	measure := graph.FieldRef{Name: "measure", Type: graph.Enum}
	g.Through = &graph.Hop{Via: &graph.Via{Relation: p.data.schema.Relation("TALLY_OF")}, Kinds: []*graph.Kind{tally},
		Where: &graph.Cond{Op: graph.Eq, Field: measure, Arg: p.made(func() any { return pick(p.Rand, measures) })}}
	if chance(p.Rand, 30) {
		contested := &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: "contested", Type: graph.Boolean}, Arg: p.made(func() any { return chance(p.Rand, 50) })}
		g.Through.Where = &graph.Cond{Op: graph.And, Of: []*graph.Cond{g.Through.Where, contested}, Arg: graph.NoArg}
	}
	for _, name := range []string{"best", "low"}[:1+p.IntN(2)] {
		g.Sums = append(g.Sums, graph.FieldRef{Name: name, Type: graph.Int})
	}
}
