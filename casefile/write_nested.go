package casefile

import (
	"cmp"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// nestedField is the field of a kind in which nodes may be written out, by its property; nil where there is none.
func nestedField(t *schema.Type, property string) *schema.Field {
	for _, f := range t.Fields {
		if nests(f) && f.Property() == property {
			return f
		}
	}
	return nil
}

// nested is the claim by which a node is written in the body of another; nil where it has an entry of its own.
func (w *writer) nested(n *graph.Node) *written {
	if n == nil || w.left[n.ID] {
		return nil
	}
	for _, e := range w.from[n.ID] {
		owner := w.nodes[e.To]
		if !e.Relation.One || owner == nil || w.left[e.To] {
			continue
		}
		t := w.model.Types[owner.Kind.Name]
		for _, f := range t.Fields {
			if !nests(f) || f.Relation.Of != e.Relation || !slices.Contains(w.fields[e.To][f], e) {
				continue
			}
			claims := w.plainClaims(e.To, f.Property())
			b := &body{t: t, n: owner}
			if matched := match(claims, w.values(b, f)); matched != nil {
				return matched[slices.Index(w.fields[e.To][f], e)]
			}
		}
	}
	return nil
}

// writeNested writes out the nodes that stand in the body of this one.
func (w *writer) writeNested(g keyed, b *body) {
	for _, f := range b.t.Fields {
		if !nests(f) {
			continue
		}
		var entries []*yaml.Node
		for _, e := range w.fields[b.n.ID][f] {
			n := w.nodes[e.From]
			c := w.nested(n)
			if c == nil {
				continue
			}
			c.done = true
			entries = append(entries, w.nestedItem(b, n, c).Node)
		}
		if len(entries) > 0 {
			w.mergeList(g, graph.Kebab(f.Name), entries)
		}
	}
}

// mergeList adds entries to the list of a key.
func (w *writer) mergeList(g keyed, key string, entries []*yaml.Node) {
	for i := 0; i < len(g.Content); i += 2 {
		if g.Content[i].Value == key {
			g.Content[i+1] = linesOf(append(slices.Clone(g.Content[i+1].Content), entries...))
			return
		}
	}
	g.add(key, linesOf(entries))
}

func (w *writer) nestedItem(b *body, n *graph.Node, c *written) keyed {
	t := w.model.Types[n.Kind.Name]
	g := newGroup()
	for _, f := range t.Kind.Fields {
		if f.NonNull && f.Type == graph.String {
			words, _ := n.Get(f.Name).(string)
			if want := t.Kind.Prefix + ":" + local(b.n.ID) + "-" + cmp.Or(slug(words), "1"); want != n.ID {
				g.add("id", text(w.key(n.ID)))
			}
			break
		}
	}
	g.Content = append(g.Content, w.claimedItem(t, n, c, &b.as).Content...)
	return g
}
