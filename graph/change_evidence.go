package graph

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What an operation says of an entity or an event becomes claims by the operation's evidence, one for each property: a period
// becomes a Period, a node to which a relationship leads a Reference, anything else a Text. The claim that a new value takes
// the place of is superseded: that which said the old value or, where none did, the one recorded last.

// foresee notes what the change itself claims, and when the sources were published that it cites.
func (c *committing) foresee() {
	for i := range c.change.Operations {
		op := &c.change.Operations[i]
		if op.Do != Create {
			continue
		}
		if at, problem := normalTime(text(op.Node.Get(PublishedAt))); problem == "" {
			c.published[op.Node.ID] = text(at)
		}
		if op.Node.Kind.Name != kindClaim {
			continue
		}
		for _, l := range op.Edges {
			if l.Relation.Type == relSubject {
				c.claimed[statedOf{l.To, text(op.Node.Get("property"))}] = op
			}
		}
	}
	for id, st := range c.known {
		if at := text(st.node.Get(PublishedAt)); at != "" {
			c.published[id] = at
		}
	}
}

// learned is when it could be known that properties of a node change: the publication of the operation's evidence or, where the
// change makes the claims itself, of the last of those; nil where that is not known.
func (c *committing) learned(op *Operation, id string, properties []string) any {
	if op.Evidence != nil {
		return c.publication(op)
	}
	last := ""
	for _, property := range properties {
		claim := c.claimed[statedOf{id, Kebab(property)}]
		if claim == nil {
			continue
		}
		at := text(c.publication(claim))
		if at == "" {
			return nil
		}
		last = max(last, at)
	}
	if last == "" {
		return nil
	}
	return last
}

// publication is when what an operation says was first known: the earliest publication of the last sources of its chains; nil
// where that is not known.
func (c *committing) publication(op *Operation) any {
	type last struct {
		hop    int64
		source string
	}
	chains := map[int64]last{}
	hop := func(chain, hop int64, source string) {
		if l, known := chains[chain]; !known || hop >= l.hop {
			chains[chain] = last{hop, source}
		}
	}
	for _, l := range op.Edges {
		if l.Relation.Type == relCites {
			n, _ := l.Get("hop").(int64)
			chain, _ := l.Get("chain").(int64)
			hop(chain, n, l.To)
		}
	}
	if op.Evidence != nil {
		for _, e := range op.Evidence.Citations {
			hop(e.Chain, e.Hop, e.Source)
		}
	}
	first := ""
	for _, l := range chains {
		if at := c.published[l.source]; at != "" && (first == "" || at < first) {
			first = at
		}
	}
	if first == "" {
		return nil
	}
	return first
}

// claimAll makes the claims of a node that is created: of each value but lists, and of each relationship; of its name where there is
// nothing else.
func (c *committing) claimAll(op *Operation, n *Node) error {
	made := 0
	for _, name := range topNames(n) {
		if f := n.Kind.Field(name); name == "name" || f != nil && (f.Type == JSON || f.Type == StringList) {
			continue
		}
		if says := saysOf(n, name); says != nil {
			made++
			if err := c.claim(op, Kebab(name), *says, ""); err != nil {
				return err
			}
		}
	}
	for _, l := range op.Edges {
		made++
		if err := c.claim(op, l.Property, saysLink(l, n.ID), ""); err != nil {
			return err
		}
	}
	if says := saysOf(n, "name"); made == 0 && says != nil {
		return c.claim(op, "name", *says, "")
	}
	return nil
}

// claimChanges makes the claims of what differs in a node that is updated.
func (c *committing) claimChanges(ctx context.Context, op *Operation, old, n *Node, changed []string, ended []*Edge) error {
	var lacking []string
	change := func(property string, says said, supersede func() (string, error)) error {
		if op.Evidence == nil {
			if c.claimed[statedOf{n.ID, property}] == nil {
				lacking = append(lacking, property)
			}
			return nil
		}
		former := ""
		if supersede != nil {
			var err error
			if former, err = supersede(); err != nil {
				return err
			}
		}
		return c.claim(op, property, says, former)
	}
	for _, name := range changed {
		says := saysOf(n, name)
		if says == nil {
			says = &said{typ: "Text", text: valueUnknown}
		}
		property := Kebab(name)
		err := change(property, *says, func() (string, error) { return c.inForce(ctx, n, property, saysOf(old, name)) })
		if err != nil {
			return err
		}
	}
	for _, l := range op.Edges {
		there, err := c.edgesOf(ctx, l.Edge)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(there, func(e *Edge) bool { return e.To == l.To && e.Key() == l.Key() }) {
			continue
		}
		var supersede func() (string, error)
		if l.Relation.One && l.From == n.ID {
			var was *said
			if len(there) > 0 {
				was = &said{typ: "Reference", node: there[0].To}
			}
			supersede = func() (string, error) { return c.inForce(ctx, n, l.Property, was) }
		}
		if err := change(l.Property, saysLink(l, n.ID), supersede); err != nil {
			return err
		}
	}
	for i, e := range ended {
		property := op.Ends[i].Property
		if e == nil {
			continue
		}
		err := change(property, said{typ: "Text", text: valueUnknown}, func() (string, error) {
			return c.inForce(ctx, n, property, &said{typ: "Reference", node: e.To})
		})
		if err != nil {
			return err
		}
	}
	if len(lacking) > 0 {
		return without(n.ID, lacking)
	}
	return nil
}

// valueUnknown is what a claim says where a value was taken away.
const valueUnknown = "unknown"

// claim makes a claim about the node of an operation, unless the change itself makes one of that property.
func (c *committing) claim(op *Operation, property string, says said, supersedes string) error {
	subject := op.Node.ID
	if c.claimed[statedOf{subject, property}] != nil {
		return nil
	}
	k := c.schema.Kind(kindClaim)
	n := NewNode(k, c.claimID(c.step, subject, property, says)).Set("property", property).Set("value.type", says.typ)
	set := func(name, value string) {
		if value != "" {
			n.Set(name, value)
		}
	}
	set("value.text", says.text)
	set("value.edtf", says.edtf)
	set("value.basis", says.basis)
	set("role", says.role)
	e := op.Evidence
	set("saidOn.edtf", e.SaidOn)
	set("saidOn.basis", string(e.SaidOnBasis))
	published := c.publication(op)
	n.Set(PublishedAt, published)
	if err := InvalidRecord(n, c.schema.CheckRecord(n)); err != nil {
		return err
	}
	c.known[n.ID] = &stored{}
	c.rewrite(n.ID, n)
	c.made = append(c.made, n.ID)
	links := []*Edge{NewEdge(c.schema.Relation(relSubject), n.ID, subject)}
	for _, to := range []struct{ relation, id string }{{relSaidBy, e.SaidBy}, {relSupersedes, supersedes}, {relRefersTo, says.node}} {
		if to.id != "" {
			links = append(links, NewEdge(c.schema.Relation(to.relation), n.ID, to.id))
		}
	}
	for _, h := range e.Citations {
		cite := NewEdge(c.schema.Relation(relCites), n.ID, h.Source).Set("chain", h.Chain).Set("hop", h.Hop).Set("verb", h.Verb)
		if h.Hedge != "" {
			cite.Set("hedge", h.Hedge)
		}
		if h.Locator != "" {
			cite.Set("locator", h.Locator)
		}
		links = append(links, cite)
	}
	for _, l := range links {
		if err := InvalidRecord(l, c.schema.CheckRecord(l)); err != nil {
			return err
		}
		c.links = append(c.links, placedEdge{l.Set(PublishedAt, published), op.Path})
	}
	return nil
}

// claimID follows from the change, so that the same change names its claims the same again.
func (c *committing) claimID(step int, subject, property string, says said) string {
	hash := shortHash(strings.Join([]string{c.id, strconv.Itoa(step), property, says.node, says.role}, " "))[:12]
	id := fmt.Sprintf("claim:%s/%s/%s", strings.Replace(subject, ":", "-", 1), property, hash)
	if len(id) > MaxID {
		id = fmt.Sprintf("claim:%s/%s/%s", shortHash(subject), property, hash)
	}
	return id
}

// claimsMade finds the claims that a change made when it was applied, among those that it may have made.
func (c *committing) claimsMade(ctx context.Context) ([]string, error) {
	var ids []string
	for i := range c.change.Operations {
		op := &c.change.Operations[i]
		if op.Evidence == nil {
			continue
		}
		for _, name := range topNames(op.Node) {
			ids = append(ids, c.claimID(i, op.Node.ID, Kebab(name), said{}))
		}
		for _, l := range op.Edges {
			ids = append(ids, c.claimID(i, op.Node.ID, l.Property, saysLink(l, op.Node.ID)))
		}
		for _, e := range op.Ends {
			ids = append(ids, c.claimID(i, op.Node.ID, e.Property, said{}))
		}
	}
	slices.Sort(ids)
	found, err := c.whole[c.schema.Kind(kindClaim)].read(ctx, c.tx, slices.Compact(ids))
	made := make([]string, len(found))
	for i, n := range found {
		made[i] = n.ID
	}
	slices.Sort(made)
	return made, err
}
