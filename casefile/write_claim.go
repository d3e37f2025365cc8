package casefile

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
)

// loadClaims makes of the nodes that are claims what a file says.
func (w *writer) loadClaims() {
	t := w.model.Types[claimKind]
	for _, id := range w.ids(t.Kind) {
		c := w.claimOf(w.nodes[id])
		w.claims[id] = c
		w.claimsOf[c.subject] = append(w.claimsOf[c.subject], c)
	}
	for _, id := range w.ids(t.Kind) {
		c := w.claims[id]
		if total := w.claims[c.total]; total != nil && total.subject == c.subject {
			total.parts = append(total.parts, c)
		}
	}
}

// claimOf is a claim as a file says it.
func (w *writer) claimOf(n *graph.Node) *written {
	str := func(name string) string { s, _ := n.Get(name).(string); return s }
	far := func(owner, field string) string { return w.far(n.ID, w.model.Types[owner].Field(field).Relation.Of) }
	c := &claim{id: n.ID, property: str("property"), measure: str("measure"), share: str("share"), role: str("role"),
		subject: far(claimKind, "subject"), corrects: far(claimKind, "supersedes"), total: far(claimKind, "partOf"),
		facets: graph.Facets{Nationality: far("Facets", "nationality"), Sex: str("facets.sex")}}
	if minor, ok := n.Get("facets.minor").(bool); ok {
		c.facets.Minor = &minor
	}
	if whole, ok := n.Get("exhaustive").(bool); ok {
		c.whole = &whole
	}
	c.value = claimValue{kind: str("value.type"), text: str("value.text"), period: periodOf(n, "value"), node: far("Reference", "node"), count: countOf(n)}
	c.prov = provenance{by: far(claimKind, "saidBy"), said: periodOf(n, "saidOn"), chains: w.chainsOf(n.ID)}
	c.times.retracted = str(graph.RetractedAt)
	out := &written{claim: c, node: n, published: str(graph.PublishedAt)}
	out.dated = w.follows(c.prov.chains) == out.published || len(c.prov.chains) == 1 && w.version(c.prov.chains, out.published) > 0
	return out
}

func periodOf(n *graph.Node, name string) graph.Period {
	str := func(leaf string) string { s, _ := n.Get(name + "." + leaf).(string); return s }
	return graph.Period{EDTF: str("edtf"), From: str("from"), To: str("to"), Basis: graph.DateBasis(str("basis"))}
}

func countOf(n *graph.Node) graph.Count {
	str := func(leaf string) string { s, _ := n.Get("value." + leaf).(string); return s }
	num := func(leaf string) *int64 {
		if i, ok := n.Get("value." + leaf).(int64); ok {
			return &i
		}
		return nil
	}
	return graph.Count{Raw: str("raw"), Mode: graph.CountMode(str("mode")), Value: num("value"), Min: num("min"), Max: num("max")}
}

// word is whose word a claim is.
func (w *writer) word(c *written) word {
	return word{provenance: c.prov, published: c.published, verb: w.verb(&c.prov)}
}

// named says whether a claim has the id that a file gives it which gives none. No other claim has the same, and so those that
// are named so keep it, whatever their order.
func (c *written) named() bool { return c.id == bounded(c.base()) }

// short says whether a claim can be written where no group stands: it has no more than its value, by its usual id.
func (c *written) short() bool {
	return c.named() && c.corrects == "" && c.times == times{}
}

// writeRecord writes what names a claim, what it corrects, and its times.
func (w *writer) writeRecord(g keyed, c *written, published string) {
	if !c.named() {
		g.add("id", text(w.key(c.id)))
	}
	if c.corrects != "" {
		g.add("supersedes", w.ref(c.corrects, w.claimKinds()))
	}
	w.writeTimes(g, times{published: published, retracted: c.times.retracted})
}

// writeClaim writes a claim as a group: what it says, whose word it is, and its record.
func (w *writer) writeClaim(g keyed, c *written, around *provenance) {
	c.done = true
	if c.measure != "" {
		g.add("measure", plain(c.measure))
	} else {
		g.add("property", text(c.property))
	}
	switch c.value.kind {
	case "Text":
		g.add("text", text(c.value.text))
	case "Count":
		g.add("count", w.count(c.value.count))
	case "Period":
		g.add("date", w.date(c.value.period))
	case "Reference":
		g.add("node", text(c.value.node))
	}
	w.writeFacets(g, c.facets)
	if c.share != "" {
		g.add("share", plain(c.share))
	}
	if c.whole != nil {
		g.add("exhaustive", yes(*c.whole))
	}
	if c.role != "" {
		g.add("role", text(c.role))
	}
	if c.total != "" {
		g.add("part-of", w.ref(c.total, w.claimKinds()))
	}
	_, published := w.writeProvenance(g, w.word(c), around, true)
	w.writeRecord(g, c, published)
}

// claimItem is a claim in the section of claims; empty where it stands elsewhere.
func (w *writer) claimItem(n *graph.Node) keyed {
	g := newBlock()
	c := w.claims[n.ID]
	if c.done {
		return g
	}
	g.add("subject", text(c.subject))
	body := newBlock()
	w.writeClaim(body, c, nil)
	for i := 0; i < len(body.Content); i += 2 {
		if body.Content[i].Value != "id" { // it is the key
			g.add(body.Content[i].Value, body.Content[i+1])
		}
	}
	return g
}

func (w *writer) writeFacets(g keyed, f graph.Facets) {
	if f.Nationality != "" {
		g.add("nationality", w.ref(f.Nationality, w.nationalities()))
	}
	if f.Sex != "" {
		g.add("sex", plain(f.Sex))
	}
	if f.Minor != nil {
		g.add("minor", yes(*f.Minor))
	}
}

// count is a number as its source has it, or a group where its words alone mean something else.
func (w *writer) count(c graph.Count) *yaml.Node {
	if read, err := graph.ParseCount(c.Raw); err == nil && read.Mode == c.Mode && sameInt(read.Value, c.Value) && sameInt(read.Min, c.Min) && sameInt(read.Max, c.Max) {
		return text(c.Raw)
	}
	g := newGroup()
	g.add("raw", text(c.Raw))
	g.add("mode", plain(string(c.Mode)))
	for _, n := range []struct {
		name string
		v    *int64
	}{{"value", c.Value}, {"min", c.Min}, {"max", c.Max}} {
		if n.v != nil {
			g.add(n.name, plain(whole(*n.v)))
		}
	}
	return g.Node
}

func sameInt(a, b *int64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// date is a date, or a group where how it is known is told.
func (w *writer) date(p graph.Period) *yaml.Node {
	if p.Basis == graph.BasisStated {
		return plain(p.EDTF)
	}
	g := newGroup()
	g.add("is", plain(p.EDTF))
	g.add("basis", plain(string(p.Basis)))
	return g.Node
}
