package storetest

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// noBudget lets an evaluation take as many steps as it needs.
const noBudget = math.MaxInt

// errBudget says that a plan is too dear for nested loops.
var errBudget = errors.New("the plan takes too many steps")

// evaluation answers one plan from one state.
type evaluation struct {
	state  *state
	args   []any
	budget int // steps left: a step is a node looked at
}

// item is a node as a select meets it: through a relationship (nil at a root), with a rank in a search.
type item struct {
	node *graph.Node
	edge *graph.Edge
	rank int64
	keys []any // the values of the order
}

func (e *evaluation) plan(p *graph.Plan) (sets []*graph.Set, err error) {
	defer func() {
		if r := recover(); r == errBudget {
			err = errBudget
		} else if r != nil {
			panic(r)
		}
	}()
	for _, s := range p.Roots {
		sets = append(sets, e.root(s))
	}
	return sets, nil
}

func (e *evaluation) step() {
	if e.budget--; e.budget < 0 {
		panic(errBudget)
	}
}

func (e *evaluation) root(s *graph.Select) *graph.Set {
	var items []item
	for _, n := range e.state.nodes {
		e.step()
		i := item{node: n}
		if !slices.Contains(s.Kinds, n.Kind) || !e.holds(s.Where, i) {
			continue
		}
		if s.Search != nil {
			if i.rank = e.rank(s.Search, n); i.rank < 0 {
				continue
			}
		}
		items = append(items, i)
	}
	if s.Group != nil {
		return &graph.Set{Rows: e.group(s, items)}
	}
	return e.set(s, items)
}

// rank is that of graph.Search; -1 where the node does not match.
func (e *evaluation) rank(s *graph.Search, n *graph.Node) int64 {
	nameKey, textKey := n.SearchKeys()
	all := func(key string) bool {
		for _, w := range e.args[s.Words].([]any) {
			if !strings.Contains(key, w.(string)) {
				return false
			}
		}
		return true
	}
	if all(nameKey) {
		if r := graph.SearchRank(nameKey, e.args[s.Term].(string)); r >= 0 {
			return int64(r)
		}
		return 4
	}
	if all(textKey) {
		return 5
	}
	return -1
}

// child reads a select below a row.
func (e *evaluation) child(s *graph.Select, parent *graph.Node) *graph.Set {
	var items []item
	for _, i := range e.hop(s.Via, s.Kinds, parent) {
		if e.holds(s.Where, i) {
			items = append(items, i)
		}
	}
	return e.set(s, items)
}

// hop finds what a relation reaches from a node: each node once, or once for each relationship where Via.Keyed.
func (e *evaluation) hop(v *graph.Via, kinds []*graph.Kind, near *graph.Node) []item {
	if v.From != nil && !slices.Contains(v.From, near.Kind) {
		return nil
	}
	var items []item
	var seen map[string]bool
	if !v.Keyed {
		seen = map[string]bool{}
	}
	for _, edge := range e.state.at(near.ID, v.Out) {
		if edge.Relation != v.Relation {
			continue
		}
		e.step()
		far := edge.To
		if !v.Out {
			far = edge.From
		}
		n := e.state.nodes[far]
		if !slices.Contains(kinds, n.Kind) || seen[far] {
			continue
		}
		if !v.Keyed {
			seen[far] = true
		}
		items = append(items, item{node: n, edge: edge})
	}
	return items
}

// set orders, counts, cuts out the page, and makes rows.
func (e *evaluation) set(s *graph.Select, items []item) *graph.Set {
	set := &graph.Set{}
	if s.Count {
		set.Total = int64(len(items))
	}
	order := orderOf(s)
	for i := range items {
		items[i].keys = sortKeys(order, items[i])
	}
	slices.SortFunc(items, func(a, b item) int { return compareValues(order, a.keys, b.keys) })
	if len(s.Page.After) > 0 {
		cursor := make([]any, len(order))
		for i, k := range s.Page.After {
			if !k.Null {
				cursor[i] = e.args[k.Arg]
			}
		}
		items = slices.DeleteFunc(items, func(i item) bool {
			c := compareValues(order, i.keys, cursor)
			return c == 0 || (c < 0) != s.Page.Backward
		})
	}
	if s.Page.Limit != graph.NoArg {
		if limit := int(e.args[s.Page.Limit].(int64)); limit < len(items) {
			if s.Page.Backward {
				items = items[len(items)-limit:]
			} else {
				items = items[:limit]
			}
		}
	}
	for _, i := range items {
		set.Rows = append(set.Rows, e.row(s, i))
	}
	return set
}

func (e *evaluation) row(s *graph.Select, i item) graph.Row {
	row := make(graph.Row, 0, len(s.Fields)+len(s.Children))
	for _, f := range s.Fields {
		row = append(row, value(f, i))
	}
	for _, c := range s.Children {
		row = append(row, e.child(c, i.node))
	}
	return row
}

// value reads one value of a row.
func value(f graph.FieldRef, i item) any {
	switch f.Owner {
	case graph.OfID:
		return i.node.ID
	case graph.OfKind:
		return i.node.Kind.Name
	case graph.OfKey:
		return i.edge.Key()
	case graph.OfRank:
		return i.rank
	case graph.OfEdge:
		return i.edge.Get(f.Name)
	}
	if d := i.node.Kind.Field(f.Name); d == nil || d.Type != f.Type {
		return nil
	}
	return i.node.Get(f.Name)
}

// orderOf is the order of a select's rows.
func orderOf(s *graph.Select) []graph.Order {
	if s.Search != nil {
		return []graph.Order{{Field: graph.FieldRef{Owner: graph.OfRank}}, {Field: graph.FieldRef{Owner: graph.OfID}}}
	}
	return s.Order
}

func sortKeys(order []graph.Order, i item) []any {
	keys := make([]any, len(order))
	for n, o := range order {
		keys[n] = value(o.Field, i)
	}
	return keys
}

func compareValues(order []graph.Order, a, b []any) int {
	for i, o := range order {
		c := compare(a[i], b[i])
		if o.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// compare orders two values of one type; null is behind everything. A Go string compares by bytes, which for UTF-8 is the
// order of code points.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case bool:
		switch b := b.(bool); {
		case a == b:
			return 0
		case b:
			return -1
		}
		return 1
	}
	panic("storetest: a value without an order")
}
