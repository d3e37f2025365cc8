package graph

import (
	"context"
	"strings"
)

// amend undoes what changes did that came while the graph was copied.
func (c *copying) amend(ctx context.Context) error {
	last, err := LastSequence(ctx, c.from, c.schema)
	if err != nil || last == c.last && len(c.late) == 0 {
		return err
	}
	former, err := c.formerStates(ctx)
	if err != nil {
		return err
	}
	var gone []Record
	for _, n := range c.late {
		if former[n.ID].record == nil {
			gone = append(gone, n)
		}
	}
	for place, state := range former {
		if f, copied := c.former[place]; copied && f.known == "" {
			delete(former, place)
		} else if n, ok := state.record.(*Node); ok {
			c.nodes = append(c.nodes, c.then(n))
		}
	}
	if err := c.putNodes(ctx); err != nil {
		return err
	}
	if err := c.formerEdges(ctx, former); err != nil {
		return err
	}
	for _, r := range gone {
		c.hidden[r.(*Node).ID] = false
	}
	return c.tx.Remove(ctx, recordsOf(gone))
}

// changes puts the journal as it was: the changes with what they touched, what they replaced and began, and what was purged.
func (c *copying) changes(ctx context.Context) error {
	touched := c.journal.touched
	said, merged, err := c.touchedAsSaid(ctx)
	if err != nil {
		return err
	}
	for _, of := range []struct {
		kind     *Kind
		sequence string
	}{{c.journal.change, "sequence"}, {c.journal.version, "until"}, {c.journal.begun, "change"}, {c.journal.tombstone, "sequence"}} {
		r := readAfter(of.kind)
		first := r.fields()
		var far *reading
		how := 0
		if of.kind == c.journal.change {
			far = r.out(touched, touched.Far(of.kind, true)...).keyed()
			how = far.prop("how")
		}
		err := c.each(ctx, r.plan(2), func(row Row) []Record {
			n := nodeOf(of.kind, row, first)
			if seq, _ := n.Get(of.sequence).(int64); seq > c.last || !c.recorded.known(text(n.Get(RecordedAt))) {
				return nil
			}
			out := []Record{n}
			if far == nil {
				return out
			}
			touch := func(id string, how any) {
				if !c.isHidden(id) {
					out = append(out, NewEdge(touched, n.ID, id).Set("how", how).Set(RecordedAt, n.Get(RecordedAt)).Set(ChangedIn, n.Get(ChangedIn)))
				}
			}
			for _, to := range far.rows(row) {
				if _, is := merged[rowID(to)]; !is {
					touch(rowID(to), to[how])
				}
			}
			for _, e := range said[n.ID] {
				touch(e.To, e.Get("how"))
			}
			return out
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each puts what is made of the rows of a plan of readAfter.
func (c *copying) each(ctx context.Context, plan *Plan, of func(row Row) []Record) error {
	for after, more := "", true; more; {
		rows, err := ask(ctx, c.from, plan, int64(projectBatch), after)
		if err != nil {
			return err
		}
		if more = len(rows) == projectBatch; len(rows) > 0 {
			after = strings.Clone(rowID(rows[len(rows)-1]))
		}
		var put []Record
		for _, row := range rows {
			put = append(put, of(row)...)
		}
		if _, err := c.tx.Put(ctx, recordsOf(put)); err != nil {
			return err
		}
	}
	return nil
}
