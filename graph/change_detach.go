package graph

import (
	"context"
	"slices"
)

// linkReading finds relationships of a relation that leave a node of a kind: of a relation to one, whatever it leads to, and
// of another those that lead to the node with the id of the second argument.
type linkReading struct {
	plan  *Plan
	far   *reading
	first int
}

type linkedKind struct {
	relation *Relation
	from     *Kind
}

func newLinkReadings(s *Schema) map[linkedKind]*linkReading {
	out := map[linkedKind]*linkReading{}
	for _, r := range s.Relations {
		for _, k := range s.Kinds {
			if r.Projection || k.Own() || len(r.Far(k, true)) == 0 {
				continue
			}
			root := readByID(k)
			l := &linkReading{far: root.out(r, r.Far(k, true)...)}
			args := 1
			if !r.One {
				args = 2
				l.far.where(&Cond{Op: Eq, Field: FieldRef{Owner: OfID}, Arg: 1})
				if len(r.Key) > 0 {
					l.far.keyed()
				}
			}
			l.first = len(l.far.sel.Fields)
			for _, f := range r.Props {
				l.far.prop(f.Name)
			}
			l.plan = root.plan(args)
			out[linkedKind{r, k}] = l
		}
	}
	return out
}

// edgesOf are the relationships that are there beside one, as this transaction has them: of a relation to one that which leaves
// the same node, and of another those between the same two nodes.
func (c *committing) edgesOf(ctx context.Context, e *Edge) ([]*Edge, error) {
	l := c.linked[linkedKind{e.Relation, c.schema.kindOf(e.From)}]
	if l == nil {
		return nil, nil
	}
	args := []any{[]any{e.From}}
	if !e.Relation.One {
		args = append(args, e.To)
	}
	rows, err := ask(ctx, c.tx, l.plan, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var out []*Edge
	for _, row := range l.far.rows(rows[0]) {
		found := NewEdge(e.Relation, e.From, rowID(row))
		copy(found.Props, row[l.first:])
		out = append(out, found)
	}
	return out, nil
}

// detach ends a relationship.
func (c *committing) detach(ctx context.Context, e *Edge) error {
	if err := InvalidRecord(e, c.schema.checkEnds(e)); err != nil {
		return err
	}
	there, err := c.edgesOf(ctx, e)
	if err != nil {
		return err
	}
	for _, found := range there {
		if found.To == e.To && found.Key() == e.Key() {
			c.end(found)
			return nil
		}
	}
	return Errorf(NotFound, "there is no %s", recordLabel(e))
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
	if err := c.former.note(ctx, c, c.ends); err != nil {
		return err
	}
	gone := make([]Record, len(c.ends))
	for i, e := range c.ends {
		gone[i] = e
		c.journal.ended(e)
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

// note reads them, before anything is taken away.
func (f *formerly) note(ctx context.Context, c *committing, ends []*Edge) error {
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
func (f *formerly) clear(ctx context.Context, c *committing) error {
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

// forceReading finds the claims in force of a property about nodes of a kind.
type forceReading struct {
	plan                        *Plan
	claims, refers              *reading
	typ, text, edtf, recordedAt int
}

// newForceReadings makes one for each kind that is sourced.
func newForceReadings(s *Schema, sourced map[*Kind]*Plan) map[*Kind]*forceReading {
	out := map[*Kind]*forceReading{}
	claim, subject, supersedes, refers := s.Kind(kindClaim), s.Relation(relSubject), s.Relation(relSupersedes), s.Relation(relRefersTo)
	if claim == nil || subject == nil || supersedes == nil || refers == nil {
		return out
	}
	for k := range sourced {
		if !subject.Joins(claim, k) {
			continue
		}
		f := &forceReading{}
		r := readByID(k)
		f.claims = r.in(subject, claim).where(equals(claim, "property", 1), isNull(claim, RetractedAt), noneFrom(supersedes, claim))
		f.typ, f.text, f.edtf = f.claims.field("value.type"), f.claims.field("value.text"), f.claims.field("value.edtf")
		f.recordedAt = f.claims.field(RecordedAt)
		f.refers = f.claims.out(refers, refers.Far(claim, true)...)
		f.plan = r.plan(2)
		out[k] = f
	}
	return out
}

// inForce is the claim that a new value takes the place of: that which says the old one or, without such a claim, the one
// recorded last; empty where there is none.
func (c *committing) inForce(ctx context.Context, n *Node, property string, was *said) (string, error) {
	f := c.force[n.Kind]
	if f == nil {
		return "", nil
	}
	rows, err := ask(ctx, c.tx, f.plan, []any{n.ID}, property)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	best, latest, says := "", "", false
	for _, row := range f.claims.rows(rows[0]) {
		same := was != nil && text(row[f.typ]) == was.typ && text(row[f.text]) == was.text && text(row[f.edtf]) == was.edtf && f.refers.id(row) == was.node
		at := text(row[f.recordedAt])
		if best == "" || same && !says || same == says && at >= latest {
			best, latest, says = rowID(row), at, same
		}
	}
	return best, nil
}
