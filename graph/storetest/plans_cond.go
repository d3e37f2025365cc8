package storetest

import (
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

// cond makes a condition on nodes of the kinds, met through v, that nests up to depth deep.
func (p *planner) cond(kinds []*graph.Kind, v *graph.Via, depth int) *graph.Cond {
	if depth == 0 || chance(p.Rand, 15) {
		return p.leaf(kinds, v)
	}
	switch n := p.IntN(100); {
	case n < 20:
		return p.branch(graph.And, kinds, v, depth)
	case n < 40:
		return p.branch(graph.Or, kinds, v, depth)
	case n < 60:
		return &graph.Cond{Op: graph.Not, Of: []*graph.Cond{p.cond(kinds, v, depth-1)}, Arg: graph.NoArg}
	}
	via, far := p.via(kinds, false)
	if via == nil {
		return p.leaf(kinds, v)
	}
	c := &graph.Cond{Op: pick(p.Rand, []graph.Op{graph.Some, graph.Some, graph.None, graph.Every}), Via: via, Kinds: far, Arg: graph.NoArg}
	if c.Op == graph.Every || chance(p.Rand, 80) {
		c.Of = []*graph.Cond{p.cond(far, via, depth-1)}
	}
	return c
}

func (p *planner) branch(op graph.Op, kinds []*graph.Kind, v *graph.Via, depth int) *graph.Cond {
	c := &graph.Cond{Op: op, Arg: graph.NoArg}
	for range pick(p.Rand, []int{0, 1, 2, 2, 2, 3, 3}) {
		c.Of = append(c.Of, p.cond(kinds, v, depth-1))
	}
	return c
}

// leaf compares a field.
func (p *planner) leaf(kinds []*graph.Kind, v *graph.Via) *graph.Cond {
	if chance(p.Rand, 8) {
		c := &graph.Cond{Op: graph.KindIn, Arg: graph.NoArg}
		if chance(p.Rand, 90) {
			c.Kinds = p.some(p.data.schema.Kinds)
		}
		return c
	}
	all := func(*graph.Field) bool { return true }
	refs := append(nodeRefs(kinds, all), p.typed(graph.OfID))
	if texts := nodeRefs(kinds, func(f *graph.Field) bool { return f.Text }); len(texts) > 0 && chance(p.Rand, 20) {
		refs = texts
	}
	if edge := edgeRefs(v, all); len(edge) > 0 && chance(p.Rand, 40) {
		refs = edge
	}
	ref := pick(p.Rand, refs)
	if ref.Type == graph.StringList || ref.Type == graph.JSON || chance(p.Rand, 12) {
		return &graph.Cond{Op: graph.IsNull, Field: ref, Arg: graph.NoArg}
	}
	op := pick(p.Rand, p.ops(ref, kinds, v))
	c := &graph.Cond{Op: op, Field: ref}
	sample := func() any { return p.sample(ref, kinds, v) }
	switch op {
	case graph.In, graph.NotIn:
		c.Arg = p.made(func() any {
			list := []any{}
			for range p.IntN(5) {
				list = append(list, sample())
			}
			return list
		})
	case graph.Contains, graph.StartsWith:
		c.Arg = p.made(func() any { return p.foldedPiece(sample().(string)) })
	default:
		c.Arg = p.made(sample)
	}
	return c
}

// ops are the operators that suit a field.
func (p *planner) ops(ref graph.FieldRef, kinds []*graph.Kind, v *graph.Via) []graph.Op {
	ops := []graph.Op{graph.Eq, graph.Ne, graph.In, graph.NotIn}
	ordered := []graph.Op{graph.Lt, graph.Le, graph.Gt, graph.Ge}
	if ref.Owner == graph.OfID {
		return append(ops, ordered...)
	}
	switch ref.Type {
	case graph.Int, graph.Float, graph.Date, graph.DateTime:
		return append(ops, ordered...)
	case graph.String:
		if ref.Owner == graph.OfEdge {
			if v.Relation.Prop(ref.Name).Index {
				return append(ops, ordered...)
			}
			return ops
		}
		if indexedEverywhere(kinds, ref) {
			ops = append(ops, ordered...)
		}
		if textEverywhere(kinds, ref) {
			ops = append(ops, graph.Contains, graph.Contains, graph.Contains, graph.StartsWith, graph.StartsWith)
		}
	}
	return ops
}

// textEverywhere is the rule of Plan.Check: every kind that has a field of this name has a folded form of it.
func textEverywhere(kinds []*graph.Kind, ref graph.FieldRef) bool {
	return !slices.ContainsFunc(kinds, func(k *graph.Kind) bool {
		f := k.Field(ref.Name)
		return f != nil && !f.Text
	})
}

// sample is a value to compare a field with: one that a node or a relationship has, mostly.
func (p *planner) sample(ref graph.FieldRef, kinds []*graph.Kind, v *graph.Via) any {
	for range 12 {
		var i item
		if ref.Owner == graph.OfEdge && len(p.data.edges) == 0 {
			break
		}
		if ref.Owner == graph.OfEdge {
			i.edge = pick(p.Rand, p.data.edges)
			if i.edge.Relation != v.Relation {
				continue
			}
		} else if of := p.data.byKind[pick(p.Rand, kinds)]; len(of) > 0 {
			i.node = pick(p.Rand, of)
		} else {
			continue
		}
		if value := value(ref, i); value != nil {
			return value
		}
	}
	if ref.Owner == graph.OfID {
		return pick(p.Rand, kinds).Prefix + ":nobody"
	}
	return randomValue(p.Rand, &graph.Field{Name: ref.Name, Type: ref.Type, NonNull: true, Values: []string{"HIGH", "WITNESS", "RIVER"}})
}
