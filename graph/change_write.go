package graph

import (
	"context"
	"strings"
)

// write puts what the operations amount to: the nodes, then the relationships; then it takes away what was detached, says so in
// the journal, and remakes what follows. It gives the node of the change.
func (c *committing) write(ctx context.Context, e entry) (*Node, error) {
	c.journal.watch = c.watch
	if err := c.former.note(ctx, c.applying, c.ends); err != nil {
		return nil, err
	}
	for _, st := range c.puts {
		if err := c.add(ctx, st.node); err != nil {
			return nil, err
		}
	}
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	for _, e := range c.edgesOnce() {
		if e.Relation.Type == relSubject {
			c.spoken.add(e.To)
		}
		if err := c.add(ctx, e.Edge); err != nil {
			return nil, at(e.path, err)
		}
	}
	if err := c.flush(ctx); err != nil {
		return nil, c.placed(err)
	}
	if c.problem != nil {
		return nil, c.problem
	}
	if err := c.remove(ctx); err != nil {
		return nil, err
	}
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	if err := c.sourced(ctx); err != nil {
		return nil, err
	}
	change, err := c.journal.write(ctx, e)
	if err != nil {
		return nil, err
	}
	if err := c.finish(ctx); err != nil {
		return nil, err
	}
	return change, c.former.clear(ctx, c.applying)
}

// edgesOnce are the relationships to be written: of those of a relation to one that leave the same node, the last.
func (c *committing) edgesOnce() []placedEdge {
	last := map[string]int{}
	key := func(e placedEdge) string {
		if e.Relation.One {
			return e.Relation.Type + " " + e.From
		}
		return recordKey(e.Edge)
	}
	for i, e := range c.links {
		last[key(e)] = i
	}
	var out []placedEdge
	for i, e := range c.links {
		if last[key(e)] == i {
			out = append(out, e)
		}
	}
	return out
}

// placed says of a relationship whose end is missing where it was asked for.
func (c *committing) placed(err error) error {
	if CodeOf(err) != NotFound {
		return err
	}
	for _, e := range c.links {
		for _, id := range []string{e.To, e.From} {
			if strings.Contains(err.Error(), Quote(id)) {
				return at(e.path, err)
			}
		}
	}
	return err
}

// watch finds relationships that a node which was created again did not have.
func (c *committing) watch(outcome Outcome, now, _ Record) {
	e, ok := now.(*Edge)
	if !ok || outcome == Same || c.problem != nil {
		return
	}
	if path, fixed := c.fixed[recordKey(e)]; fixed {
		c.problem = at(path, Errorf(Conflict, "%s is there already, without this %s to %s: update it instead", Quote(e.From), e.Relation.Type, Quote(e.To)))
	}
}
