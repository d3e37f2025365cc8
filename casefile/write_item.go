package casefile

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// body is a node that rests on claims, as it is being written.
type body struct {
	t  *schema.Type
	n  *graph.Node
	as provenance // its own, as the file has it
	// inline are the claims that follow from fields, by property: one for each value, in order.
	inline map[string][]*written
	// unclaimed are the fields of which there are no claims.
	unclaimed []string
}

// claimedItem is the body of a node that rests on claims. The claims that just say what its fields are follow from these; the
// others are written out. Where it stands in the body of another, leading is the claim about that which leads here, and around
// that one's provenance.
func (w *writer) claimedItem(t *schema.Type, n *graph.Node, leading *written, around *provenance) keyed {
	b := &body{t: t, n: n, inline: map[string][]*written{}, as: provenance{none: true}}
	w.chooseInline(b)
	g, cites := newBlock(), newBlock()
	main := leading
	if main == nil {
		main = w.mainClaim(b)
	}
	if main != nil {
		b.as, _ = w.writeProvenance(cites, w.word(main), around, false)
	}
	for _, f := range t.Fields {
		if v := w.field(b, f); v != nil {
			g.add(keyOf(t, f), v)
		}
	}
	g.Content = append(g.Content, cites.Content...)
	if len(b.unclaimed) > 0 {
		g.add(unclaimedKey, oneOrList(texts(b.unclaimed)))
	}
	given := w.given[n.ID]
	given.retracted, _ = n.Get(graph.RetractedAt).(string)
	w.writeTimes(g, given)
	w.writeOwnClaims(g, b)
	w.writeNested(g, b)
	return g
}

func texts(words []string) []*yaml.Node {
	var out []*yaml.Node
	for _, s := range words {
		out = append(out, text(s))
	}
	return out
}

// mainClaim is a claim whose provenance stands for the whole body: that of most claims which follow from fields or, without
// such, of most claims; nil where there are none.
func (w *writer) mainClaim(b *body) *written {
	var all []*written
	for _, f := range w.claimable(b.t) {
		all = append(all, b.inline[f.Property()]...)
	}
	if len(all) == 0 {
		all = w.claimsOf[b.n.ID]
	}
	var best *written
	times, most := map[string]int{}, 0
	for _, c := range slices.Backward(all) {
		key := fmt.Sprint(c.prov, c.published)
		if times[key]++; times[key] >= most {
			best, most = c, times[key]
		}
	}
	return best
}

// field is the value of a field as it is written; nil where it has none, or stands elsewhere.
func (w *writer) field(b *body, f *schema.Field) *yaml.Node {
	if !w.writable(b.t, f) {
		return nil
	}
	inline := b.inline[f.Property()]
	if f.Relation != nil {
		return w.relationField(b, f, inline)
	}
	v := w.value(b.n, f)
	if v == nil || len(inline) == 0 {
		return v
	}
	inline[0].done = true
	g := newGroup()
	if f.Name == "name" {
		return v // its claim has the provenance of the body
	}
	if _, published := w.writeProvenance(g, w.word(inline[0]), &b.as, false); published != "" || g.empty() {
		return v
	}
	return withKeys(v, g, "is")
}

// withKeys is a value with keys beside it: as one of them, or beside its own.
func withKeys(v *yaml.Node, g keyed, key string) *yaml.Node {
	if v.Kind == yaml.MappingNode {
		v.Content = append(v.Content, g.Content...)
		return v
	}
	out := newGroup()
	out.add(key, v)
	out.Content = append(out.Content, g.Content...)
	return out.Node
}

// relationField is what a field leads to: references, each with its properties and, where it differs, whose word it is.
func (w *writer) relationField(b *body, f *schema.Field, inline []*written) *yaml.Node {
	r := f.Relation
	var entries []*yaml.Node
	groups := false
	for i, e := range w.fields[b.n.ID][f] {
		far := farEnd(e, b.n.ID)
		if nests(f) && w.nested(w.nodes[far]) != nil {
			continue
		}
		g := newGroup()
		if r.Edge != nil {
			w.edgeProperties(g, e, r)
		}
		if len(inline) > 0 {
			inline[i].done = true
			w.writeProvenance(g, w.word(inline[i]), &b.as, false)
		}
		node := w.ref(far, r.Kinds)
		if !g.empty() {
			node, groups = withKeys(node, g, "node"), true
		}
		entries = append(entries, node)
	}
	switch {
	case len(entries) == 0:
		return nil
	case !r.Many:
		return entries[0]
	case groups:
		return linesOf(entries)
	}
	return listOf(entries)
}

func (w *writer) edgeProperties(g keyed, e *graph.Edge, r *schema.Relation) {
	for _, p := range r.Edge.Fields {
		stored := e.Relation.Prop(p.Name)
		if stored == nil || p.Computed != "" || p.End || e.Props[stored.Position] == nil {
			continue
		}
		g.add(graph.Kebab(p.Name), scalarNode(stored, e.Props[stored.Position]))
	}
}
