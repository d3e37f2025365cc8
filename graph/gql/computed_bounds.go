package gql

import "github.com/raidgraph/raidgraph/graph"

// bound is a select that a computed field reads whole. What exceeds Limits.Read is TooLarge, rather than an answer from a part.
type bound struct {
	*selection
	// of is what there is too much of, and what to do.
	of string
}

// bound makes the selection one that is read whole up to the limit. of says what is read, such as "claims about one node".
func (s *selection) bound(of string) *bound {
	if s.sel.Via == nil || !s.sel.Via.One {
		s.sel.Page.Limit = s.p.constant(int64(s.p.read + 1))
		s.p.op.bounded[s.sel] = true
	}
	return &bound{s, of}
}

// rows are those below a row of the parent. Too many end the answer.
func (b *bound) rows(row graph.Row) []graph.Row {
	rows := b.selection.rows(row)
	if len(rows) > b.p.read {
		panic(planFailure{graph.Errorf(graph.TooLarge, "the answer needs more than %s %s", number(b.p.read), b.of)})
	}
	return rows
}
