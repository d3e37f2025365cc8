package gql

import (
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// whyIrreversible reads of the row of a change why nothing undoes it; empty where something does.
func whyIrreversible(s *selection) func(row graph.Row) string {
	complete := s.node("complete", graph.Boolean)
	written := []int{s.node("created", graph.Int), s.node("changed", graph.Int), s.node("retracted", graph.Int)}
	return func(row graph.Row) string {
		sum := int64(0)
		for _, slot := range written {
			n, _ := row[slot].(int64)
			sum += n
		}
		return graph.Irreversible(sum, row[complete] == true)
	}
}

// inverse plans Change.inverse.
func (p *planner) inverse(at scope, d *schema.Field, c *collected, f *field) {
	id, why := at.sel.id(), whyIrreversible(at.sel)
	f.object = p.computedObject(d.Object.Name, c.selections(), func(_ string, _ *collected, f *field) {
		scalar(f, leafString, func(id string) any { return id })
	})
	f.values = func(_ []any, src *source) any {
		if why(src.row) != "" {
			return nil
		}
		return []*source{{value: src.row[id]}}
	}
}

// irreversible plans Change.irreversible.
func (p *planner) irreversible(at scope, _ *schema.Field, _ *collected, f *field) {
	why := whyIrreversible(at.sel)
	f.leaf = leafString
	f.values = func(_ []any, src *source) any {
		if reason := why(src.row); reason != "" {
			return reason
		}
		return nil
	}
}
