package graph

import (
	"context"
	"slices"
)

// detach ends a relationship: the one that was said so or, where there is none, those that readers see as it.
func (c *committing) detach(ctx context.Context, e *Edge) error {
	if err := InvalidRecord(e, c.schema.checkEnds(e)); err != nil {
		return err
	}
	if from := c.schema.kindOf(e.From); from.Apart {
		return Errorf(Invalid, "nothing is taken from %s: a %s is never changed", Quote(e.From), from.Singular)
	}
	ended := false
	for i, own := range c.ownOf(e) {
		there, err := c.edgesOf(ctx, own)
		if err != nil {
			return err
		}
		for _, found := range there {
			if found.To == own.To && found.Key() == own.Key() {
				c.end(found)
				ended = true
			}
		}
		if i == 0 && ended {
			return nil
		}
	}
	if !ended {
		return Errorf(NotFound, "there is no %s", recordLabel(e))
	}
	return nil
}

// ownOf are the relationships that were said which a relationship may be that readers see: itself and, where it joins what is merged, those of
// the records that were merged into that.
func (c *committing) ownOf(e *Edge) []*Edge {
	all := func(id string) []string {
		if c.merging == nil || len(c.merging.ids.members[id]) == 0 || c.merging.ids.survivor(id) != id {
			return []string{id}
		}
		return c.merging.ids.members[id]
	}
	var out []*Edge
	for _, from := range all(e.From) {
		for _, to := range all(e.To) {
			out = append(out, &Edge{Relation: e.Relation, From: from, To: to, Props: e.Props})
		}
	}
	return out
}

// checkEnds checks what tells a relationship apart, and not what it carries.
func (s *Schema) checkEnds(e *Edge) []Problem {
	c := checker{}
	switch from, to := c.end(s, "from", e.From), c.end(s, "to", e.To); {
	case e.Relation.Projection:
		c.add("", "%s is written by the program; leave it out", e.Relation.Type)
	case from != nil && to != nil && !e.Relation.Joins(from, to):
		c.ends(e.Relation, from, to)
	}
	return c.problems
}

// endAll ends the relationships to one that an update ends: one for each of op.Ends, nil where there was none.
func (c *committing) endAll(ctx context.Context, op *Operation) ([]*Edge, error) {
	out := make([]*Edge, len(op.Ends))
	for i, end := range op.Ends {
		there, err := c.edgesOf(ctx, NewEdge(end.Relation, op.Node.ID, ""))
		if err != nil {
			return nil, err
		}
		if len(there) > 0 {
			out[i] = there[0]
			c.end(there[0])
		}
	}
	return out, nil
}

// end has a relationship taken away, once.
func (c *committing) end(e *Edge) {
	if !slices.ContainsFunc(c.ends, func(other *Edge) bool { return recordKey(other) == recordKey(e) }) {
		c.ends = append(c.ends, e)
	}
}

// remove takes away the relationships that end, and keeps each as a version.
func (c *committing) remove(ctx context.Context) error {
	if len(c.ends) == 0 {
		return nil
	}
	gone := make([]Record, len(c.ends))
	for i, e := range c.ends {
		gone[i] = e
		c.journal.ended(e, c.endings[recordKey(e)])
		c.applying.touched.edge(e)
		c.applying.touched.replaced(e)
		if e.Relation.Type == relTargeted {
			c.applying.touched.compounds.add(e.To)
		}
		// It may be what the node needs.
		if st := c.known[e.From]; st != nil {
			delete(c.required.noted, e.From)
			c.required.node(st.node)
		}
	}
	if err := c.tx.Remove(ctx, recordsOf(gone)); err != nil {
		return err
	}
	return c.journal.flush(ctx)
}

// formerly are the relationships of projections that the events had from which relationships are taken away: those that
// nothing stands behind any more go.
type formerly struct{ raided, stated, repatriated []*Edge }

// note reads them, before anything is written.
func (f *formerly) note(ctx context.Context, c *applying, ends []*Edge) error {
	raids, statements, returns := idSet{}, idSet{}, idSet{}
	for _, e := range ends {
		for _, id := range []string{e.From, e.To} {
			switch c.schema.kindOf(id).Name {
			case kindRaid:
				raids.add(id)
			case kindStatement:
				statements.add(id)
			case kindRepatriation:
				returns.add(id)
			}
		}
	}
	read := func(plan *Plan, ids idSet, take func(row Row)) error {
		for batch := range slices.Chunk(sortedIDs(ids), projectBatch) {
			rows, err := ask(ctx, c.tx, plan, idList(batch))
			if err != nil {
				return err
			}
			for _, row := range rows {
				take(row)
			}
		}
		return nil
	}
	if p := c.raids; p != nil {
		if err := read(p.plan, raids, func(row Row) { f.raided = append(f.raided, p.of(row)...) }); err != nil {
			return err
		}
	}
	if p := c.returns; p != nil {
		if err := read(p.plan, returns, func(row Row) { f.repatriated = append(f.repatriated, p.of(row)...) }); err != nil {
			return err
		}
	}
	if p := c.statements; p != nil {
		return read(p.plan, statements, func(row Row) {
			stated, _ := p.of(row)
			f.stated = append(f.stated, stated...)
		})
	}
	return nil
}

// clear takes away those that nothing stands behind.
func (f *formerly) clear(ctx context.Context, c *applying) error {
	w := &projecting{tx: c.tx}
	for _, of := range []struct {
		was   []*Edge
		stale func(ctx context.Context, tx Tx, found []*Edge) ([]Record, error)
	}{{f.raided, c.raids.stale}, {f.repatriated, c.returns.stale}, {f.stated, c.statements.stale}} {
		if len(of.was) == 0 {
			continue
		}
		gone, err := of.stale(ctx, c.tx, of.was)
		if err != nil {
			return err
		}
		w.gone = append(w.gone, gone...)
	}
	err := w.flush(ctx)
	c.applied.Projections.add(w.diff)
	return err
}
