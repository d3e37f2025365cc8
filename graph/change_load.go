package graph

import (
	"context"
	"slices"
	"strings"
)

// again answers a change that was applied before.
func (c *committing) again(ctx context.Context, e entry) (Committed, bool, error) {
	found, err := c.projector.journal.find.read(ctx, c.tx, []string{e.id})
	if err != nil || len(found) == 0 {
		return Committed{}, false, err
	}
	n := found[0]
	number := func(name string) int64 { v, _ := n.Get(name).(int64); return v }
	if text(n.Get("digest")) != e.digest {
		return Committed{}, false, Errorf(Conflict, "the id %s is that of change number %d, whose content is another one: take a new id for a new change",
			Quote(strings.TrimPrefix(e.id, n.Kind.Prefix+":")), number("sequence"))
	}
	for i := range c.change.Operations {
		op := &c.change.Operations[i]
		if c.name(op); op.Do == Revert {
			how, err := c.touchedBy(ctx, op.ID)
			if err != nil {
				return Committed{}, false, err
			}
			c.named = sortedIDs(how)
		}
	}
	made, err := c.claimsMade(ctx)
	if err != nil {
		return Committed{}, false, err
	}
	c.made = append(c.made, made...)
	counts := Counts{Created: number("created"), Changed: number("changed"), Retracted: number("retracted"), Same: number("same")}
	return Committed{ID: e.id, Sequence: number("sequence"), Change: n, Counts: counts, Again: true, DryRun: c.change.DryRun, Nodes: c.names()}, true, nil
}

// name notes the node that an operation names.
func (c *committing) name(op *Operation) {
	switch op.Do {
	case Create, Update:
		c.named = append(c.named, op.Node.ID)
	case Retract:
		c.named = append(c.named, op.ID)
	case Detach:
		c.named = append(c.named, op.Edge.From, op.Edge.To)
	case Merge, Unmerge, NotSame, WithdrawNotSame:
		c.nameJudged(op)
	}
}

// names are the noted ids, and those of the claims that were made, each once.
func (c *committing) names() []string {
	seen := idSet{}
	var out []string
	slices.Sort(c.made)
	for _, id := range slices.Concat(c.named, c.made) {
		if id = c.seenAs(id); id == "" {
			continue
		}
		if _, known := seen[id]; !known {
			seen[id] = struct{}{}
			out = append(out, id)
		}
	}
	return out
}

// load reads the nodes that the operations name, as they were said, and when the sources that they cite were published.
func (c *committing) load(ctx context.Context) error {
	if err := c.openAll(ctx); err != nil {
		return err
	}
	byKind := map[*Kind]idSet{}
	want := func(id, path string) error {
		k, err := c.schema.KindOfID(id)
		if err != nil {
			return at(path, err)
		}
		if byKind[k] == nil {
			byKind[k] = idSet{}
		}
		byKind[k].add(id)
		return nil
	}
	for i := range c.change.Operations {
		op := &c.change.Operations[i]
		for _, id := range op.reads() {
			if err := want(id, op.Path); err != nil {
				return err
			}
		}
	}
	for _, k := range c.schema.Kinds {
		if k.Own() || byKind[k] == nil {
			continue
		}
		found, err := c.whole[k].read(ctx, c.tx, sortedIDs(byKind[k]))
		if err != nil {
			return err
		}
		for _, n := range found {
			c.known[n.ID] = &stored{node: n, before: n}
		}
	}
	c.foresee()
	return nil
}

// reads are the ids of the nodes that must be known for an operation.
func (op *Operation) reads() []string {
	var ids []string
	switch op.Do {
	case Retract:
		return []string{op.ID}
	case Detach:
		return []string{op.Edge.From, op.Edge.To}
	case Merge, Unmerge, NotSame, WithdrawNotSame:
		return op.Judging.reads()
	case Revert:
		return nil
	}
	ids = append(ids, op.Node.ID)
	for _, e := range op.Edges {
		if e.Relation.Type == relCites {
			ids = append(ids, e.To)
		}
	}
	if op.Evidence != nil {
		for _, cited := range op.Evidence.Citations {
			ids = append(ids, cited.Source)
		}
	}
	return ids
}
