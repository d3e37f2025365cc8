package casefile

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// nameClaims gives each claim without an id one that follows from what it says of whom and by whom, so that the same file
// gives the same ids, and a claim that is added to it leaves those of the others alone. Only where two would have the same,
// the later one in the file takes a longer one.
func (p *parser) nameClaims() map[string]*claim {
	ids := map[string]*claim{}
	for _, c := range p.claims {
		if c.id == "" {
			continue
		}
		if first := ids[c.id]; first != nil {
			p.wrong(c.at, fmt.Sprintf("%s stands twice, first in line %d", c.id, first.at.Line), "give one of them another id")
		}
		ids[c.id] = c
	}
	for _, c := range p.claims {
		if c.id != "" {
			continue
		}
		base := c.base()
		tries := []string{base, base + "/" + c.value.slug(), base + "/" + c.origin()}
		for n := 2; ; n++ {
			if len(tries) == 0 {
				tries = append(tries, fmt.Sprintf("%s/%d", base, n))
			}
			c.id, tries = bounded(tries[0]), tries[1:]
			if ids[c.id] == nil {
				break
			}
		}
		ids[c.id] = c
	}
	return ids
}

// base is the id that follows from what the claim speaks of and whose word it is.
func (c *claim) base() string {
	property := c.property
	if c.measure != "" {
		property = graph.Kebab(c.measure)
	}
	parts := []string{strings.Replace(c.subject, ":", "-", 1), property}
	if c.facets.Nationality != "" {
		parts = append(parts, local(c.facets.Nationality))
	}
	if c.facets.Sex != "" {
		parts = append(parts, graph.Kebab(c.facets.Sex))
	}
	if c.facets.Minor != nil {
		parts = append(parts, map[bool]string{true: "minors", false: "adults"}[*c.facets.Minor])
	}
	switch {
	case c.value.kind == "Reference":
		parts = append(parts, local(c.value.node))
	case c.property == propertyOutcome || c.property == propertyScreening:
		parts = append(parts, graph.Kebab(c.value.text))
	}
	if c.prov.by != "" {
		parts = append(parts, local(c.prov.by))
	}
	return "claim:" + strings.Join(parts, "/")
}

func (v claimValue) slug() string {
	return cmp.Or(slug(v.text+v.count.Raw+v.period.EDTF), "value")
}

func (c *claim) origin() string {
	for _, chain := range c.prov.chains {
		for _, h := range chain {
			return local(h.source)
		}
	}
	return "source"
}

// bounded is an id of at most the bytes that ids have.
func bounded(id string) string {
	if len(id) <= graph.MaxID {
		return id
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return fmt.Sprintf("%s~%016x", id[:graph.MaxID-17], h.Sum64())
}

// build makes the records.
func (p *parser) build(c *Case) {
	if len(p.problems) > 0 {
		return
	}
	first := p.firstKnown()
	for _, it := range p.order {
		if it.t.Name == claimKind {
			continue
		}
		if it.t != p.documentType() {
			it.times.set(it.node, first[it.id])
		}
		c.records = append(c.records, it.node)
		c.places[it.id] = Problem{File: p.file, Line: it.key.Line, Column: it.key.Column, Path: it.key.path}
	}
	for _, cl := range p.claims {
		c.records = append(c.records, p.claimNode(cl))
		c.places[cl.id] = Problem{File: p.file, Line: cl.at.Line, Column: cl.at.Column, Path: cl.at.path}
	}
	p.relationships(c)
	p.check(c)
	for v, at := range p.valueAt {
		c.values[v] = Problem{File: p.file, Line: at.Line, Column: at.Column, Path: at.path}
	}
	for _, cl := range p.claims {
		if cl.prov.by != "" {
			c.said[graph.SaidOf{Subject: cl.id}] = []string{cl.prov.by}
			of := graph.SaidOf{Subject: cl.subject, Property: cl.property}
			if !slices.Contains(c.said[of], cl.prov.by) {
				c.said[of] = append(c.said[of], cl.prov.by)
			}
		}
	}
	for _, e := range p.edges {
		if t := p.items[e.From]; t != nil && citations(t.t) != nil && e.Relation == p.speaks(t.t) {
			c.said[graph.SaidOf{Subject: e.From}] = []string{e.To}
		}
	}
}

// speaks is the relation from what cites its sources itself to who says it; nil where there is none.
func (p *parser) speaks(t *schema.Type) *graph.Relation {
	for _, name := range []string{"speaker", "saidBy"} {
		if f := t.Field(name); f != nil && f.Relation != nil {
			return f.Relation.Of
		}
	}
	return nil
}

// check holds the records to the rules of the graph: what the format cannot see is told at the place of the node.
func (p *parser) check(c *Case) {
	for _, r := range c.records {
		problems := p.model.Graph.CheckRecord(r)
		if len(problems) == 0 {
			continue
		}
		id := ""
		switch r := r.(type) {
		case *graph.Node:
			id = r.ID
		case *graph.Edge:
			id = r.From
			if _, ok := c.places[id]; !ok {
				id = r.To
			}
		}
		for _, found := range problems {
			at := c.Problem(id, found.Message, "")
			if found.Field != "" {
				at.Wrong = found.Field + ": " + found.Message
			}
			if len(p.problems) < maxProblems {
				p.problems = append(p.problems, at)
			}
		}
	}
}

// relationships adds each relationship once. One that leads a node elsewhere than another does, where there can be but
// one, is a problem.
func (p *parser) relationships(c *Case) {
	type end struct {
		relation *graph.Relation
		from     string
	}
	seen, ones := map[string]bool{}, map[end]string{}
	for _, e := range p.edges {
		key := strings.Join([]string{e.Relation.Type, e.From, e.To, e.Key()}, "\x00")
		if seen[key] {
			continue
		}
		seen[key] = true
		if e.Relation.One {
			if to := ones[end{e.Relation, e.From}]; to != "" {
				p.wrong(e.at, fmt.Sprintf("%s leads to %s and to %s", e.From, to, e.To), "keep one of them")
				continue
			}
			ones[end{e.Relation, e.From}] = e.To
		}
		if t := p.published(e.prov); !t.IsZero() {
			e.Set(graph.PublishedAt, stamp(t))
		}
		c.records = append(c.records, e.Edge)
	}
}

// firstKnown is when each node of the file was first known: when what defines it, speaks of it or names it as its speaker
// was first published.
func (p *parser) firstKnown() map[string]time.Time {
	first := map[string]time.Time{}
	note := func(id string, t time.Time) {
		if f := first[id]; !t.IsZero() && (f.IsZero() || t.Before(f)) {
			first[id] = t
		}
	}
	for _, it := range p.order {
		note(it.id, p.published(&it.prov))
	}
	for _, c := range p.claims {
		t := c.times.first(p.published(&c.prov))
		for _, id := range []string{c.subject, c.prov.by, c.value.node, c.facets.Nationality} {
			note(id, t)
		}
	}
	for _, e := range p.edges {
		t := p.published(e.prov)
		note(e.From, t)
		note(e.To, t)
	}
	return first
}

// claimNode makes the node of a claim, and notes its relationships.
func (p *parser) claimNode(c *claim) *graph.Node {
	t := p.model.Types[claimKind]
	n := graph.NewNode(t.Kind, c.id).Set("property", c.property)
	set := func(name, value string) {
		if value != "" {
			n.Set(name, value)
		}
	}
	set("measure", c.measure)
	set("facets.sex", c.facets.Sex)
	if c.facets.Minor != nil {
		n.Set("facets.minor", *c.facets.Minor)
	}
	set("share", c.share)
	set("role", c.role)
	if c.whole != nil {
		n.Set("exhaustive", *c.whole)
	}
	if c.prov.said.EDTF != "" {
		setPeriod(n, "saidOn", c.prov.said)
	}
	c.times.set(n, p.published(&c.prov))
	n.Set("value.type", c.value.kind)
	switch c.value.kind {
	case "Text":
		n.Set("value.text", c.value.text)
	case "Count":
		setCount(n, c.value.count)
	case "Period":
		setPeriod(n, "value", c.value.period)
	}
	for _, to := range []struct {
		owner, field, id string
	}{
		{claimKind, "subject", c.subject}, {claimKind, "saidBy", c.prov.by}, {claimKind, "supersedes", c.corrects}, {claimKind, "partOf", c.totalID()},
		{"Facets", "nationality", c.facets.Nationality}, {"Reference", "node", c.value.node},
	} {
		if to.id != "" {
			r := p.model.Types[to.owner].Field(to.field).Relation.Of
			p.edges = append(p.edges, &edge{Edge: graph.NewEdge(r, c.id, to.id), at: c.at, prov: &c.prov})
		}
	}
	p.citing(citations(t), c.id, &c.prov, p.verb(&c.prov))
	return n
}

func (c *claim) totalID() string {
	if c.partOf != nil {
		return c.partOf.id
	}
	return c.total
}

func setCount(n *graph.Node, c graph.Count) {
	n.Set("value.raw", c.Raw).Set("value.mode", string(c.Mode))
	for name, v := range map[string]*int64{"value.value": c.Value, "value.min": c.Min, "value.max": c.Max} {
		if v != nil {
			n.Set(name, *v)
		}
	}
}
