package graph

import "context"

// What is merged is copied as it was said, with the judgements that were known, and resolved from these when the copy is rebuilt.

// judged takes away the judgements on records that were not known: nothing is merged with them.
func (c *copying) judged(ctx context.Context) error {
	i := c.identity
	if i == nil {
		return nil
	}
	judged, err := i.standing.read(ctx, c.tx, VerdictSame)
	if err != nil {
		return err
	}
	named := map[*Kind]idSet{}
	for _, j := range judged {
		for _, id := range []string{j.record, j.into} {
			if k := c.schema.kindOf(id); named[k] == nil {
				named[k] = idSet{}
			}
			named[c.schema.kindOf(id)].add(id)
		}
	}
	known := idSet{}
	for _, k := range c.schema.Kinds {
		found, err := newWholePlan(k).read(ctx, c.tx, sortedIDs(named[k]))
		if err != nil {
			return err
		}
		for _, n := range found {
			known.add(n.ID)
		}
	}
	var gone []Record
	for _, j := range judged {
		_, record := known[j.record]
		_, into := known[j.into]
		if !record || !into {
			c.hidden[j.id] = false
			gone = append(gone, NewNode(i.judgement, j.id))
		}
	}
	return c.tx.Remove(ctx, recordsOf(gone))
}

// touchedAsSaid are what changes touched of records that are merged, by the changes, and the ids of those records.
func (c *copying) touchedAsSaid(ctx context.Context) (by map[string][]*Edge, merged idSet, err error) {
	by, merged = map[string][]*Edge{}, idSet{}
	if c.identity == nil {
		return by, merged, nil
	}
	r := readAfter(c.identity.own)
	first := r.fields()
	plan := r.plan(2)
	for after, more := "", true; more; {
		rows, err := ask(ctx, c.from, plan, int64(idBatch), after)
		if err != nil {
			return nil, nil, err
		}
		if more = len(rows) == idBatch; len(rows) > 0 {
			after = rowID(rows[len(rows)-1])
		}
		for _, row := range rows {
			record, err := ownRecord(c.schema, nodeOf(c.identity.own, row, first))
			if err != nil {
				return nil, nil, err
			}
			switch record := record.(type) {
			case *Node:
				merged.add(record.ID)
			case *Edge:
				if record.Relation == c.journal.touched {
					by[record.From] = append(by[record.From], record)
				}
			}
		}
	}
	return by, merged, nil
}
