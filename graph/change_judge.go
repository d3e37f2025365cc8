package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// reads are the ids of the nodes that must be known for a judgement.
func (j *Judging) reads() []string {
	ids := append([]string(nil), j.IDs...)
	if j.Other != "" {
		ids = append(ids, j.Other)
	}
	if j.SaidBy != "" {
		ids = append(ids, j.SaidBy)
	}
	return ids
}

// nameJudged notes the records that are judged, and gives the judgements their ids.
func (c *committing) nameJudged(op *Operation) {
	if op.Do == Merge {
		c.named = append(c.named, op.Judging.Other)
	} else {
		c.named = append(append(c.named, op.Judging.IDs...), op.Judging.Other)
	}
	if c.judgements == nil {
		c.judgements = map[*Operation][]string{}
	}
	kind := c.schema.Kind(kindJudgement)
	if kind == nil {
		return
	}
	for range op.Judging.IDs {
		c.judged++
		_, rest, _ := strings.Cut(c.id, ":")
		id := fmt.Sprintf("%s:%s/%05d", kind.Prefix, rest, c.judged)
		if len(id) > MaxID {
			id = fmt.Sprintf("%s:%s/%05d", kind.Prefix, shortHash(rest), c.judged)
		}
		c.judgements[op] = append(c.judgements[op], id)
		c.made = append(c.made, id)
	}
}

// seenAs is the node that readers see for an id.
func (c *committing) seenAs(id string) string {
	if c.merging == nil {
		return id
	}
	return c.merging.ids.survivor(id)
}

// openAll opens what is merged and what the operations are about, or joined to that.
func (c *committing) openAll(ctx context.Context) error {
	if c.merging == nil {
		return nil
	}
	judging := slices.ContainsFunc(c.change.Operations, func(op Operation) bool { return op.Judging != nil })
	if c.merging.ids.empty() && !judging {
		return nil
	}
	var ids []string
	for i := range c.change.Operations {
		op := &c.change.Operations[i]
		ids = append(ids, op.reads()...)
		for _, l := range op.Edges {
			ids = append(ids, l.From, l.To)
		}
		if op.Evidence != nil && op.Evidence.SaidBy != "" {
			ids = append(ids, op.Evidence.SaidBy)
		}
		if op.Do == Merge || op.Do == Unmerge {
			for _, id := range op.Judging.reads() {
				c.merging.judged.add(id)
			}
		}
	}
	return c.merging.open(ctx, ids)
}

// judge writes the judgements of an operation.
func (c *committing) judge(ctx context.Context, op *Operation) error {
	if c.merging == nil {
		return Errorf(Invalid, "records of this graph are not merged")
	}
	if c.same == nil {
		c.same = &identities{judged: maps.Clone(c.merging.ids.judged)}
	}
	j := op.Judging
	if len(j.IDs) == 0 {
		return Errorf(Invalid, "ids is empty: name at least one record")
	}
	if strings.TrimSpace(j.Reason) == "" {
		return Errorf(Invalid, "reason is empty: say why, so that others can judge it")
	}
	if op.Do == Merge {
		if _, err := c.find(ctx, j.Other, op.Expected); err != nil {
			return err
		}
	}
	for i, record := range j.IDs {
		expected := op.Expected
		if op.Do == Merge {
			expected = nil
		}
		if _, err := c.find(ctx, record, expected); err != nil {
			return err
		}
		id := c.judgements[op][i]
		var err error
		switch op.Do {
		case Merge:
			err = c.merge(id, record, j)
		case Unmerge:
			err = c.unmerge(id, record, j, op.Path)
		case WithdrawNotSame:
			err = c.withdrawNotSame(ctx, id, record, j, op.Path)
		default:
			err = c.notSame(ctx, id, record, j)
		}
		if err != nil {
			return err
		}
		if err := c.judgedBy(id, j.SaidBy, op.Path); err != nil {
			return err
		}
	}
	return nil
}

func (c *committing) merge(id, record string, j *Judging) error {
	if err := c.same.accepts(c.schema, record, j.Other); err != nil {
		return err
	}
	c.same.judged[record] = sameness{id: id, record: record, into: j.Other}
	return c.judgement(id, VerdictSame, record, j.Other, j.Reason)
}

func (c *committing) unmerge(id, record string, j *Judging, path string) error {
	was, merged := c.same.judged[record]
	if !merged {
		for _, other := range sortedIDs(c.same.judged) {
			if c.same.judged[other].into == record {
				return Errorf(Invalid, "%s is merged into nothing, but %s is merged into it: unmerge that", Quote(record), Quote(other))
			}
		}
		return Errorf(Invalid, "%s is not merged", Quote(record))
	}
	delete(c.same.judged, record)
	if err := c.judgement(id, VerdictWithdrawn, record, was.into, j.Reason); err != nil {
		return err
	}
	c.links = append(c.links, placedEdge{NewEdge(c.identity.withdraws, id, was.id), path})
	return nil
}

func (c *committing) notSame(ctx context.Context, id, record string, j *Judging) error {
	if _, err := c.find(ctx, j.Other, nil); err != nil {
		return err
	}
	k, other := c.schema.kindOf(record), c.schema.kindOf(j.Other)
	switch {
	case !k.Mergeable() || k != other:
		return Errorf(Invalid, "%s is of the kind %s and %s of the kind %s: only records of one kind, of those that can be merged, are judged", Quote(record), k.Name, Quote(j.Other), other.Name)
	case record == j.Other:
		return Errorf(Invalid, "%s is the same as itself", Quote(record))
	case c.same.end(record) == c.same.end(j.Other):
		return Errorf(Conflict, "%s and %s are merged: unmerge them first", Quote(record), Quote(j.Other))
	}
	c.apart = append(c.apart, sameness{id: id, record: record, into: j.Other})
	return c.judgement(id, VerdictNotSame, record, j.Other, j.Reason)
}

// withdrawNotSame withdraws the last judgement that two records are not the same.
func (c *committing) withdrawNotSame(ctx context.Context, id, record string, j *Judging, path string) error {
	if _, err := c.find(ctx, j.Other, nil); err != nil {
		return err
	}
	standing, err := c.identity.apartFrom(ctx, c.tx, record)
	if err != nil {
		return err
	}
	last := ""
	for _, s := range append(standing, c.apart...) {
		if _, withdrawn := c.rejoined[s.id]; !withdrawn && s.on(record, j.Other) {
			last = s.id
		}
	}
	if last == "" {
		return Errorf(Invalid, "no judgement stands that %s is not %s: judgements lists those that there are", Quote(record), Quote(j.Other))
	}
	if c.rejoined == nil {
		c.rejoined = idSet{}
	}
	c.rejoined.add(last)
	if err := c.judgement(id, VerdictWithdrawn, record, j.Other, j.Reason); err != nil {
		return err
	}
	c.links = append(c.links, placedEdge{NewEdge(c.identity.withdraws, id, last), path})
	return nil
}

// judgement writes one.
func (c *committing) judgement(id string, verdict Verdict, record, other, reason string) error {
	n := NewNode(c.identity.judgement, id).Set("verdict", string(verdict)).Set("record", record).Set("other", other).Set("reason", reason)
	if err := InvalidRecord(n, c.schema.CheckRecord(n)); err != nil {
		return err
	}
	c.known[id] = &stored{}
	c.rewrite(id, n)
	for _, id := range []string{record, other} {
		c.journal.touch(id, touchRelated)
	}
	return nil
}

// judgedBy writes who judged.
func (c *committing) judgedBy(id, speaker, path string) error {
	if speaker == "" {
		return nil
	}
	e := NewEdge(c.identity.saidBy, id, speaker)
	if err := InvalidRecord(e, c.schema.CheckRecord(e)); err != nil {
		return err
	}
	c.links = append(c.links, placedEdge{e, path})
	return nil
}
