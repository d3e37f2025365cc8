package graph

import (
	"context"
	"slices"
	"strings"
)

// clone is a copy of a node whose values can be set.
func (n *Node) clone() *Node {
	return &Node{Kind: n.Kind, ID: n.ID, Values: slices.Clone(n.Values)}
}

// clone is a copy of a relationship whose properties can be set.
func (e *Edge) clone() *Edge {
	return &Edge{Relation: e.Relation, From: e.From, To: e.To, Props: slices.Clone(e.Props)}
}

// create writes a node that is new.
func (c *committing) create(op *Operation) error {
	n := op.Node.clone()
	if err := InvalidRecord(n, c.schema.CheckRecord(n)); err != nil {
		return err
	}
	if st := c.known[n.ID]; st != nil {
		if field := difference(st.node, n); field != "" {
			return Errorf(Conflict, "%s is there already, with another %s: update it, or take another id", Quote(n.ID), field)
		}
		for _, l := range op.Edges {
			c.fixed[recordKey(l.Edge)] = op.Path
		}
		return c.link(op, nil)
	}
	published := c.publication(op)
	if published != nil && n.Get(PublishedAt) == nil {
		n.Set(PublishedAt, published)
	}
	c.known[n.ID] = &stored{}
	c.rewrite(n.ID, n)
	c.fresh[n.ID] = op.Path
	if err := c.link(op, published); err != nil {
		return err
	}
	if err := c.takes(op); err != nil || op.Evidence == nil {
		return err
	}
	return c.claimAll(op, n)
}

// takes refuses evidence for what carries its own.
func (c *committing) takes(op *Operation) error {
	if op.Evidence != nil && !c.isSourced(op.Node.Kind) {
		return Errorf(Invalid, "%s takes no evidence: that is for entities and events that do not cite themselves", Quote(op.Node.ID))
	}
	return nil
}

// difference is a field in which a node is not what a record says; empty where it is.
func difference(have, want *Node) string {
	for i, f := range want.Kind.Fields {
		switch {
		case f.Projected || f.Name == RecordedAt || f.Name == PublishedAt && want.Values[i] == nil:
		case !sameValue(have.Values[i], want.Values[i]):
			return f.Name
		}
	}
	return ""
}

func sameValue(a, b any) bool {
	l, isList := a.([]string)
	m, also := b.([]string)
	if isList || also {
		return isList && also && slices.Equal(l, m)
	}
	return a == b
}

// update changes a node that is there.
func (c *committing) update(ctx context.Context, op *Operation) error {
	st, err := c.find(ctx, op.Node.ID, op.Expected)
	if err != nil {
		return err
	}
	n := st.node.clone()
	for _, name := range op.Given {
		n.Set(name, op.Node.Get(name))
	}
	if err := InvalidRecord(n, c.schema.CheckRecord(n)); err != nil {
		return err
	}
	changed := changedProperties(st.node, n)
	if n.Kind.Name == kindClaim {
		if err := unchangedClaim(op, changed); err != nil {
			return err
		}
	}
	ended, err := c.endAll(ctx, op)
	if err != nil {
		return err
	}
	if err := c.takes(op); err != nil {
		return err
	}
	if c.isSourced(n.Kind) {
		if err := c.claimChanges(ctx, op, st.node, n, changed, ended); err != nil {
			return err
		}
	}
	for i, e := range ended {
		if e != nil {
			c.endings[recordKey(e)] = c.learned(op, n.ID, []string{op.Ends[i].Property})
		}
	}
	if len(changed) > 0 {
		if c.isSourced(n.Kind) {
			n.Set(PublishedAt, c.learned(op, n.ID, changed))
		}
		c.rewrite(n.ID, n)
	}
	return c.link(op, c.publication(op))
}

// unchangedClaim refuses to change what a claim says: only citations may be added to it.
func unchangedClaim(op *Operation, changed []string) error {
	for _, l := range op.Edges {
		if l.Relation.Type != relCites {
			changed = append(changed, l.Property)
		}
	}
	for _, e := range op.Ends {
		changed = append(changed, e.Property)
	}
	if len(changed) == 0 {
		return nil
	}
	return Errorf(Invalid, "claims are never changed, but %s would be of %s: create a claim that supersedes it", strings.Join(changed, ", "), Quote(op.Node.ID))
}

// changedProperties are the properties in which a node differs: the name of a field, or of the value object that it is of.
func changedProperties(old, now *Node) []string {
	var out []string
	for i, f := range now.Kind.Fields {
		if f.Projected || sameValue(old.Values[i], now.Values[i]) {
			continue
		}
		name, _, _ := strings.Cut(f.Name, ".")
		if len(out) == 0 || out[len(out)-1] != name {
			out = append(out, name)
		}
	}
	return out
}

// find is the node that an operation is for, as it is now; an error where it is not there, or is not as expected.
func (c *committing) find(ctx context.Context, id string, expected *int64) (*stored, error) {
	st := c.known[id]
	if st == nil {
		return nil, c.notFound(ctx, id)
	}
	if expected == nil {
		return st, nil
	}
	var now int64
	if st.before != nil {
		now, _ = st.before.Get(ChangedIn).(int64)
	}
	if seen, merged := c.merging.version(id); merged {
		now = seen
	}
	if now != *expected {
		return nil, Errorf(Conflict, "%s was changed in the meantime: it is of change %d, but change %d was expected; read it again", Quote(id), now, *expected)
	}
	return st, nil
}

// notFound is the error for a node that is not there, with an id near it that is.
func (c *committing) notFound(ctx context.Context, id string) error {
	k, err := c.schema.KindOfID(id)
	if err != nil {
		return err
	}
	if k.Own() {
		return Errorf(Invalid, "%s cannot be changed: it is written by the program", Quote(id))
	}
	const near = 100
	rest := id[len(k.Prefix)+1:]
	rows, err := ask(ctx, c.tx, c.pages[k], int64(near), id[:len(k.Prefix)+1]+rest[:len(rest)/2])
	if err != nil {
		return err
	}
	options := make([]string, len(rows))
	for i, row := range rows {
		options[i] = rowID(row)
	}
	if s := Suggest(id, options); s != "" {
		return Errorf(NotFound, "there is no %s; did you mean %s?", Quote(id), s)
	}
	return Errorf(NotFound, "there is no %s", Quote(id))
}

// retract says of a node that it no longer stands.
func (c *committing) retract(ctx context.Context, op *Operation) error {
	st, err := c.find(ctx, op.ID, op.Expected)
	if err != nil {
		return err
	}
	if st.node.Get(RetractedAt) != nil {
		return nil
	}
	n := st.node.clone()
	if f := n.Kind.Field(RetractedAt); f == nil {
		return Errorf(Invalid, "%s cannot be retracted", Quote(op.ID))
	}
	c.rewrite(n.ID, n.Set(RetractedAt, c.recorded))
	subject := c.schema.Relation(relSubject)
	if n.Kind.Name != kindClaim || subject == nil {
		return nil
	}
	about, err := c.edgesOf(ctx, NewEdge(subject, n.ID, ""))
	for _, e := range about {
		c.journal.touch(e.To, touchRelated)
	}
	return err
}

// rewrite has a node written as it is now.
func (c *committing) rewrite(id string, n *Node) {
	st := c.known[id]
	if st.node = n; !st.put {
		st.put = true
		c.puts = append(c.puts, st)
	}
}

// link has the relationships of an operation written.
func (c *committing) link(op *Operation, published any) error {
	for _, l := range op.Edges {
		e := l.Edge.clone()
		if err := InvalidRecord(e, c.schema.CheckRecord(e)); err != nil {
			return err
		}
		if published != nil && e.Get(PublishedAt) == nil {
			e.Set(PublishedAt, published)
		}
		c.links = append(c.links, placedEdge{e, op.Path})
	}
	return nil
}
