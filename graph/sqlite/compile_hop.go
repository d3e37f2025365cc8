package sqlite

import (
	"fmt"
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

// hop is a step over a relation to a node: what a statement has to read for it.
type hop struct {
	edge     string // the table of the relation, with its alias
	near     string // its column at the side where the step begins
	far      string // and at the other side
	node     *node
	possible []*graph.Kind // the kinds that can be reached at all
	from     string        // a condition on the node where the step begins; empty where it always can
	never    bool          // no node where the step begins has the relation
}

// hop steps from a node of the given source. each says whether each relationship counts, rather than each node.
func (c *compiler) hop(v *graph.Via, kinds []*graph.Kind, near source, each bool) *hop {
	c.edges++
	if c.schema.Relation(v.Relation.Type) != v.Relation {
		c.foreign = v.Relation.Type
	}
	alias := fmt.Sprintf("e%d", c.edges)
	h := &hop{near: alias + "._src", far: alias + "._dst", node: c.node(kinds)}
	h.node.edge, h.node.relation = alias, v.Relation
	if !v.Out {
		h.near, h.far = h.far, h.near
	}
	h.edge = quote(v.Relation.Type) + " AS " + alias
	if !each && !v.Keyed && len(v.Relation.Key) > 0 {
		h.edge = "(SELECT DISTINCT _src, _dst FROM " + h.edge + " WHERE " + h.near + " = " + near.pk() + ") AS " + alias
	}
	begin := near.of()
	if v.From != nil {
		begin = slices.DeleteFunc(slices.Clone(begin), func(k *graph.Kind) bool { return !slices.Contains(v.From, k) })
		h.never = len(begin) == 0
		if len(begin) < len(near.of()) && !h.never {
			h.from = c.kindIn(near.kind(), begin)
		}
	}
	for _, k := range begin {
		h.possible = append(h.possible, v.Relation.Far(k, v.Out)...)
	}
	return h
}

// inward is the part of a statement that begins at the relationships of a node and goes on to what they lead to.
func (h *hop) inward(fixed bool) []string {
	join := "JOIN "
	if fixed {
		join = "CROSS JOIN "
	}
	return append([]string{h.edge, join + h.node.table() + " ON " + h.node.pk() + " = " + h.far}, h.node.joins...)
}

// outward is the part of a statement that begins at what is reached and goes back to where it is reached from.
func (h *hop) outward() []string {
	return append([]string{h.node.table(), "CROSS JOIN " + h.edge + " ON " + h.far + " = " + h.node.pk()}, h.node.joins...)
}

// bare says whether the relationships alone tell how many nodes are reached.
func (h *hop) bare() bool { return subset(h.possible, h.node.kinds) }

// where are the conditions for the step itself: that it begins at the given key, and that it leads to one of the kinds.
func (h *hop) where(pk string) []string {
	w := []string{h.near + " = " + pk}
	if h.never {
		w = append(w, "FALSE")
	}
	if h.from != "" {
		w = append(w, h.from)
	}
	return append(w, h.node.restriction(h.possible)...)
}
