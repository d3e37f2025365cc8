package neo4j

import (
	"fmt"

	"github.com/raidgraph/raidgraph/graph"
)

// far is the scope of the nodes at the other end of a relation.
func (c *compiler) far(v *graph.Via, kinds []*graph.Kind) *scope {
	c.own(v.Relation, kinds)
	return &scope{node: c.name("n"), kinds: kinds, edge: c.name("r"), via: v}
}

// pattern is the hop from one scope to another. The label of the far end is left out where the relation implies it, so that
// Neo4j need not look at the node; seek is the one with which an index may be used to begin there, or empty.
func (c *compiler) pattern(near, far *scope, seek string) string {
	label := seek
	if label == "" && !c.implied(far.via, near, far.kinds) {
		label = labelExpression(c.schema, far.kinds)
	}
	if label != "" {
		label = ":" + label
	}
	return fmt.Sprintf("(%s)%s(%s%s)", near.node, arrow(far), far.node, label)
}

// arrow is the relationship of a hop, with its variable where that is used.
func arrow(far *scope) string {
	edge := ""
	if far.edgeUsed {
		edge = far.edge
	}
	if far.via.Out {
		return fmt.Sprintf("-[%s:%s]->", edge, quote(far.via.Relation.Type))
	}
	return fmt.Sprintf("<-[%s:%s]-", edge, quote(far.via.Relation.Type))
}

// implied says whether a hop from the near nodes can reach no other kinds than these.
func (c *compiler) implied(v *graph.Via, near *scope, kinds []*graph.Kind) bool {
	from := near.kinds
	if v.From != nil {
		from = v.From
	}
	for _, k := range from {
		if !covers(kinds, v.Relation.Far(k, v.Out)) {
			return false
		}
	}
	return true
}

// from is the condition that the near node is of a kind that has the relation; empty where it need not be said.
func (c *compiler) from(v *graph.Via, near *scope) string {
	if !c.fromMatters(v, near) {
		return ""
	}
	var kinds []*graph.Kind
	for _, k := range near.kinds {
		for _, f := range v.From {
			if k == f {
				kinds = append(kinds, k)
			}
		}
	}
	return c.isOf(near.node, kinds)
}

func (c *compiler) fromMatters(v *graph.Via, near *scope) bool {
	if v.From == nil {
		return false
	}
	for _, k := range near.kinds {
		if !covers(v.From, []*graph.Kind{k}) && len(v.Relation.Far(k, v.Out)) > 0 {
			return true
		}
	}
	return false
}

// distinct says whether several relationships may lead to a node that stands once.
func distinct(v *graph.Via) bool { return !v.Keyed && len(v.Relation.Key) > 0 }
