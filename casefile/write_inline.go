package casefile

import (
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// chooseInline finds the properties whose claims follow from the fields, and those that are claimed by nobody.
func (w *writer) chooseInline(b *body) {
	told := false
	for _, f := range w.claimable(b.t) {
		property := f.Property()
		values := w.values(b, f)
		claims := w.plainClaims(b.n.ID, property)
		switch matched := match(claims, values); {
		case property == "name":
		case matched != nil:
			b.inline[property] = matched
		case len(claims) > 0:
			told = true
		case len(values) > 0:
			b.unclaimed = append(b.unclaimed, keyOf(b.t, f))
		}
	}
	// A name is claimed by itself only where nothing else is.
	names := w.plainClaims(b.n.ID, "name")
	told = told || slices.ContainsFunc(w.claimsOf[b.n.ID], func(c *written) bool { return w.writtenOut(b, c) && c.property != "name" })
	name, _ := b.n.Get("name").(string)
	says := []func(*written) bool{func(c *written) bool { return c.value.kind == "Text" && c.value.text == name }}
	switch matched := match(names, says); {
	case name == "" || told || len(b.unclaimed) > 0 || w.makesClaims(b):
	case matched != nil:
		b.inline["name"] = matched
	case len(names) == 0:
		b.unclaimed = append(b.unclaimed, "name")
	}
}

// makesClaims says whether a field makes a claim where it stands.
func (w *writer) makesClaims(b *body) bool {
	for property, claims := range b.inline {
		for i := range claims {
			if f := nestedField(b.t, property); f == nil || w.nested(w.nodes[claims[i].value.node]) == nil {
				return true
			}
		}
	}
	return false
}

// plainClaims are the claims of a property that are no figures and the like.
func (w *writer) plainClaims(id, property string) []*written {
	var out []*written
	for _, c := range w.claimsOf[id] {
		if c.property == property && c.measure == "" && c.share == "" {
			out = append(out, c)
		}
	}
	return out
}

// values are what the field's values say, a test for each, in order.
func (w *writer) values(b *body, f *schema.Field) []func(*written) bool {
	if f.Relation != nil {
		var out []func(*written) bool
		for _, e := range w.fields[b.n.ID][f] {
			out = append(out, func(c *written) bool { return w.saysEdge(c, f, farEnd(e, b.n.ID), e) })
		}
		return out
	}
	says := w.says(b.n, f)
	if says.kind == "" {
		return nil
	}
	return []func(*written) bool{func(c *written) bool { return c.value == says && c.role == "" }}
}

func farEnd(e *graph.Edge, id string) string {
	if e.From == id {
		return e.To
	}
	return e.From
}

// says is what a claim of a stored field says, as the parser has it; of the kind "" where the field is empty.
func (w *writer) says(n *graph.Node, f *schema.Field) claimValue {
	if f.Object != nil && f.Object.Field("edtf") != nil {
		if p := periodOf(n, f.Name); p.EDTF != "" {
			return claimValue{kind: "Period", period: p}
		}
		return claimValue{}
	}
	for _, stored := range n.Kind.Fields {
		v := n.Values[stored.Position]
		if v == nil || stored.Name != f.Name && (!strings.HasPrefix(stored.Name, f.Name+".") || stored.Type != graph.String) {
			continue
		}
		if list, ok := v.([]string); ok && len(list) == 0 {
			continue
		}
		return claimValue{kind: "Text", text: graph.WordsOf(stored, v)}
	}
	return claimValue{}
}

// match gives each value the one claim that says it; nil where they do not go together one by one.
func match(claims []*written, values []func(*written) bool) []*written {
	if len(claims) != len(values) || len(claims) == 0 {
		return nil
	}
	out := make([]*written, len(values))
	for i, says := range values {
		for _, c := range claims {
			if says(c) && c.short() && c.dated && c.total == "" && c.whole == nil && c.facets == (graph.Facets{}) && !slices.Contains(out, c) {
				out[i] = c
				break
			}
		}
		if out[i] == nil {
			return nil
		}
	}
	return out
}
