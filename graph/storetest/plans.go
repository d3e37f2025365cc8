package storetest

import (
	"fmt"
	"math/rand/v2"

	"github.com/raidgraph/raidgraph/graph"
)

// planner makes random plans that keep the rules of package graph, with arguments taken from the data mostly, so that
// conditions hold for some nodes and cursors stand at real rows.
type planner struct {
	*rand.Rand
	data *data
	at   *state // the data, as the model holds it

	args    []any
	makers  []func() any // makes each argument anew; nil where it has to stay
	selects int
	// condDepth and treeDepth are how deep conditions and selects nest.
	condDepth, treeDepth int
}

// question is a plan with the arguments to ask it with.
type question struct {
	plan *graph.Plan
	args []any
	// again makes other arguments that suit the plan.
	again func() []any
}

func newPlanner(r *rand.Rand, d *data, m *Model) *planner {
	return &planner{Rand: r, data: d, at: m.now.Load(), condDepth: 4, treeDepth: 4}
}

// question makes a plan.
func (p *planner) question() question {
	p.args, p.makers, p.selects = nil, nil, 0
	plan := &graph.Plan{}
	roots := 1
	if chance(p.Rand, 15) {
		roots = 2 + p.IntN(2)
	}
	for range roots {
		switch {
		case chance(p.Rand, 12):
			plan.Roots = append(plan.Roots, p.groupRoot())
		default:
			plan.Roots = append(plan.Roots, p.root())
		}
	}
	plan.Args = len(p.args)
	makers := p.makers
	args := p.args
	again := func() []any {
		other := make([]any, len(args))
		for i, a := range args {
			if other[i] = a; makers[i] != nil {
				other[i] = makers[i]()
			}
		}
		return other
	}
	return question{plan: plan, args: args, again: again}
}

// arg adds an argument; with a maker it can be made anew.
func (p *planner) arg(v any, again func() any) graph.Arg {
	p.args = append(p.args, v)
	p.makers = append(p.makers, again)
	return graph.Arg(len(p.args) - 1)
}

// made adds an argument that can be made anew.
func (p *planner) made(f func() any) graph.Arg { return p.arg(f(), f) }

func (p *planner) key() string {
	p.selects++
	return fmt.Sprintf("s%d", p.selects)
}

// root is a select at a root, or a search.
func (p *planner) root() *graph.Select {
	s := &graph.Select{Name: p.key(), Kinds: p.rootKinds()}
	if chance(p.Rand, 75) {
		s.Where = p.cond(s.Kinds, nil, p.IntN(p.condDepth+1))
	}
	search := chance(p.Rand, 15)
	if search {
		if chance(p.Rand, 60) {
			s.Kinds = p.data.schema.Kinds
			s.Where = nil
		}
		s.Search = p.search()
	}
	s.Fields = p.fields(s.Kinds, nil)
	if search {
		s.Fields = append(s.Fields, graph.FieldRef{Owner: graph.OfRank, Type: pick(p.Rand, []graph.Type{0, graph.Int})})
	} else {
		s.Order = p.order(s.Kinds, nil)
	}
	s.Count = chance(p.Rand, 30)
	s.Page.Limit, s.Page.Backward = p.limit(15), chance(p.Rand, 35)
	if chance(p.Rand, 45) {
		items := p.rootItems(s)
		p.cursor(s, items)
	}
	p.children(s, p.treeDepth-1)
	return s
}

// rootKinds are one kind, those of an interface, or any.
func (p *planner) rootKinds() []*graph.Kind {
	schema := p.data.schema
	switch n := p.IntN(100); {
	case n < 60:
		return []*graph.Kind{pick(p.Rand, schema.Kinds)}
	case n < 80:
		return schema.Implementors(pick(p.Rand, []string{"Named", "Spot"}))
	}
	return p.some(schema.Kinds)
}

// some picks at least one of the kinds.
func (p *planner) some(kinds []*graph.Kind) []*graph.Kind {
	var out []*graph.Kind
	for _, k := range kinds {
		if chance(p.Rand, 60) {
			out = append(out, k)
		}
	}
	if out == nil {
		return []*graph.Kind{pick(p.Rand, kinds)}
	}
	return out
}

// limit is a page's limit; in so many of a hundred cases there is none.
func (p *planner) limit(none int) graph.Arg {
	if chance(p.Rand, none) {
		return graph.NoArg
	}
	return p.made(func() any { return pick(p.Rand, []int64{0, 1, 2, 3, 3, 5, 5, 7, 10}) })
}

// children adds selects below a select.
func (p *planner) children(s *graph.Select, depth int) {
	if depth == 0 {
		return
	}
	for range 2 {
		if !chance(p.Rand, 45) {
			continue
		}
		via, kinds := p.via(s.Kinds, true)
		if via == nil {
			continue
		}
		c := &graph.Select{Name: p.key(), Via: via, Kinds: kinds}
		if chance(p.Rand, 45) {
			c.Where = p.cond(kinds, via, p.IntN(min(p.condDepth, 2)+1))
		}
		c.Fields = p.fields(kinds, via)
		c.Page.Limit = graph.NoArg
		if !via.One {
			c.Order = p.order(kinds, via)
			c.Count = chance(p.Rand, 30)
			c.Page.Limit, c.Page.Backward = p.limit(20), chance(p.Rand, 35)
			if chance(p.Rand, 35) {
				p.cursor(c, p.childItems(c))
			}
		}
		p.children(c, depth-1)
		s.Children = append(s.Children, c)
	}
}

// via picks a relation from some of the kinds, and what it is to reach. one allows Via.One.
func (p *planner) via(near []*graph.Kind, one bool) (*graph.Via, []*graph.Kind) {
	for range 20 {
		v := &graph.Via{Relation: pick(p.Rand, p.data.schema.Relations), Out: chance(p.Rand, 50)}
		var far, from []*graph.Kind
		for _, n := range near {
			reached := v.Relation.Far(n, v.Out)
			if len(reached) > 0 {
				from = append(from, n)
			}
			for _, k := range reached {
				if !contains(far, k) {
					far = append(far, k)
				}
			}
		}
		if len(far) == 0 {
			continue
		}
		if chance(p.Rand, 30) || len(from) > 1 && chance(p.Rand, 40) {
			v.From = p.some(from)
		}
		v.One = one && v.Relation.One && v.Out && chance(p.Rand, 80)
		v.Keyed = !v.One && (chance(p.Rand, 10) || len(v.Relation.Key) > 0 && chance(p.Rand, 60))
		kinds := far
		if chance(p.Rand, 50) {
			kinds = p.some(far)
		}
		// A select has to reach something, or the plan is broken.
		if v.From != nil && !reaches(v, v.From, kinds) {
			continue
		}
		return v, kinds
	}
	return nil, nil
}

func reaches(v *graph.Via, near, far []*graph.Kind) bool {
	for _, n := range near {
		for _, k := range v.Relation.Far(n, v.Out) {
			if contains(far, k) {
				return true
			}
		}
	}
	return false
}

func contains(kinds []*graph.Kind, k *graph.Kind) bool {
	for _, other := range kinds {
		if other == k {
			return true
		}
	}
	return false
}
