package gql

import (
	"cmp"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// mergedFrom plans the ids of the records that were merged into a node.
func (p *planner) mergedFrom(at scope, _ *schema.Field, _ *collected, f *field) {
	f.how, f.slot, f.leaf = howSlot, at.sel.node(graph.MergedIDs, graph.StringList), leafStrings
}

// saidAbout plans the id of the record that a claim was said about.
func (p *planner) saidAbout(at scope, _ *schema.Field, _ *collected, f *field) {
	subject := at.sel.once("said about", func() *selection { return at.sel.related("saidAbout", at.sel.relation("Claim", "subject")) })
	id, said := subject.id(), subject.slot(graph.FieldRef{Owner: graph.OfEdge, Name: graph.SaidAbout, Type: graph.String})
	f.values = func(_ []any, src *source) any {
		rows := subject.rows(src.row)
		if len(rows) == 0 {
			return nil
		}
		return cmp.Or(text(rows[0][said]), text(rows[0][id]))
	}
}
