package storetest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

// bucket is a bucket of a group while it is filled.
type bucket struct {
	keys  []any // a *graph.Node or nil for a node key, a value or nil for a value key
	nodes []*graph.Node
}

// group makes the rows of an aggregate.
func (e *evaluation) group(s *graph.Select, items []item) []graph.Row {
	buckets := map[string]*bucket{}
	for _, i := range items {
		for _, keys := range e.bucketKeys(s.Group.Keys, i) {
			name := ""
			for _, k := range keys {
				if n, ok := k.(*graph.Node); ok {
					k = n.ID
				}
				name += fmt.Sprintf("%T %v\x00", k, k)
			}
			if buckets[name] == nil {
				buckets[name] = &bucket{keys: keys}
			}
			buckets[name].nodes = append(buckets[name].nodes, i.node)
		}
	}
	var sorted []*bucket
	for _, b := range buckets {
		sorted = append(sorted, b)
	}
	slices.SortFunc(sorted, compareBuckets)
	var rows []graph.Row
	for _, b := range sorted {
		rows = append(rows, e.bucketRow(s, b))
	}
	return rows
}

// bucketKeys are the keys of each bucket that a node stands in: every combination of the values of each key.
func (e *evaluation) bucketKeys(keys []graph.GroupKey, i item) [][]any {
	all := [][]any{nil}
	for _, k := range keys {
		values := e.keyValues(k, i)
		var next [][]any
		for _, head := range all {
			for _, v := range values {
				next = append(next, append(slices.Clone(head), v))
			}
		}
		all = next
	}
	return all
}

// keyValues are the distinct values of one key for a node: nil alone where there is none.
func (e *evaluation) keyValues(k graph.GroupKey, i item) []any {
	if k.Node == nil {
		return []any{value(k.Field, i)}
	}
	nodes := []*graph.Node{i.node}
	for _, h := range k.Path {
		var next []*graph.Node
		for _, n := range nodes {
			for _, far := range e.hop(h.Via, h.Kinds, n) {
				if e.holds(h.Where, far) && !slices.Contains(next, far.node) {
					next = append(next, far.node)
				}
			}
		}
		nodes = next
	}
	if len(nodes) == 0 {
		return []any{nil}
	}
	var values []any
	for _, n := range nodes {
		values = append(values, n)
	}
	return values
}

func compareBuckets(a, b *bucket) int {
	for i := range a.keys {
		x, xNode := a.keys[i].(*graph.Node)
		y, yNode := b.keys[i].(*graph.Node)
		c := 0
		if xNode && yNode {
			c = cmp.Compare(x.ID, y.ID)
		} else {
			c = compare(a.keys[i], b.keys[i])
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func (e *evaluation) bucketRow(s *graph.Select, b *bucket) graph.Row {
	var row graph.Row
	for i, k := range s.Group.Keys {
		if k.Node == nil {
			row = append(row, b.keys[i])
			continue
		}
		set := &graph.Set{}
		if n, ok := b.keys[i].(*graph.Node); ok {
			set.Rows = []graph.Row{e.row(k.Node, item{node: n})}
		}
		row = append(row, set)
	}
	row = append(row, int64(len(b.nodes)))
	for _, f := range s.Group.Sums {
		var sum any
		var have int64
		for _, n := range b.nodes {
			if v, ok := e.through(s.Group.Through, n, f).(int64); ok {
				total, _ := sum.(int64)
				sum = total + v
				have++
			}
		}
		row = append(row, sum, have)
	}
	return row
}

// through is the summed value of one node: nil where the hop reaches none that has it.
func (e *evaluation) through(h *graph.Hop, n *graph.Node, f graph.FieldRef) any {
	var found []item
	for _, far := range e.hop(h.Via, h.Kinds, n) {
		if e.holds(h.Where, far) {
			found = append(found, far)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return value(f, found[0])
	}
	panic("storetest: a group sums through several nodes")
}
