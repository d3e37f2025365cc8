package casefile

import (
	"cmp"
	"encoding/json"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// documentItem is the body of a source.
func (w *writer) documentItem(t *schema.Type, n *graph.Node) keyed {
	g := newBlock()
	b := &body{t: t, n: n}
	d := w.sources[n.ID]
	for _, f := range t.Fields {
		if f.Name == "seen" || f.Name == "versions" || f.Name == graph.PublishedAt || !w.writable(t, f) {
			continue
		}
		if v := w.field(b, f); v != nil {
			g.add(keyOf(t, f), v)
		}
	}
	if d.times.published != "" {
		g.add("published", plain(d.times.published))
	}
	switch {
	case len(d.versions) == 1 && d.times.published == "" && d.versions[0].note == "" && (d.versions[0].exact || d.versions[0].edtf != ""):
		g.add("published", w.versionTime(d.versions[0]))
	case len(d.versions) == 0 && d.times.published == "" && d.seen:
		g.add("published", text(unknown))
	case len(d.versions) > 0 || d.times.published != "":
		var entries []*yaml.Node
		for _, v := range d.versions {
			e := newGroup()
			if v.exact || v.edtf != "" {
				e.add("published", w.versionTime(v))
			}
			if v.note != "" {
				e.add("note", text(v.note))
			}
			e.Style = 0
			if e.empty() {
				e.Style = yaml.FlowStyle
			}
			entries = append(entries, e.Node)
		}
		g.add("versions", linesOf(entries))
	}
	if via := w.vias[n.ID]; !d.seen && via != "" {
		g.add("via", w.ref(via, w.documents()))
	} else if !d.seen {
		g.add("seen", yes(false))
	}
	retracted, _ := n.Get(graph.RetractedAt).(string)
	w.writeTimes(g, times{retracted: retracted})
	return g
}

func (w *writer) versionTime(v version) *yaml.Node {
	if v.exact {
		return plain(stored(v.at))
	}
	return plain(v.edtf)
}

// readVersions reads the versions of a source as the parser would, and whether the source's own time follows from them.
func (w *writer) readVersions(d *document, n *graph.Node) {
	var list []struct{ PublishedAt, Published, Note string }
	versions, _ := n.Get("versions").(string)
	_ = json.Unmarshal([]byte(versions), &list) // it was checked when it was recorded
	for _, v := range list {
		got := version{edtf: v.Published, note: v.Note}
		if at, err := time.Parse(time.RFC3339, v.PublishedAt); err == nil {
			got.at, got.exact = at, true
		} else if p, err := graph.ParsePeriod(v.Published, ""); err == nil && p.To != "" {
			got.at = w.endOf(p.To)
		}
		d.versions = append(d.versions, got)
	}
	published, _ := n.Get(graph.PublishedAt).(string)
	if stored(d.published(0)) != published {
		d.times.published = cmp.Or(published, unknown)
	}
}

// statementItem is the body of a statement, or of any other node that cites its sources itself.
func (w *writer) statementItem(t *schema.Type, n *graph.Node) keyed {
	g := newBlock()
	b := &body{t: t, n: n}
	kind, _ := n.Get("kind").(string)
	words, _ := n.Get("text").(string)
	asked := false
	for _, f := range t.Fields {
		if !w.writable(t, f) || f.Name == "name" && n.Get("name") == shortened(words, 80) {
			continue
		}
		v := w.field(b, f)
		if f.Name == "stance" {
			v = stanceNode(v, stanceOf(graph.StatementKind(kind)))
		}
		if v == nil {
			continue
		}
		asked = asked || f.Name == "askedBy"
		g.add(keyOf(t, f), v)
	}
	published, _ := n.Get(graph.PublishedAt).(string)
	w.writeProvenance(g, word{provenance: provenance{chains: w.chainsOf(n.ID)}, published: published, verb: statementVerb(n, asked)}, nil, false)
	given := w.given[n.ID]
	given.retracted, _ = n.Get(graph.RetractedAt).(string)
	w.writeTimes(g, given)
	return g
}

// stanceNode is a stance as it is written: not at all where it follows from the kind of statement.
func stanceNode(v *yaml.Node, follows graph.Stance) *yaml.Node {
	switch {
	case v == nil && follows != "":
		return text(unknown)
	case v != nil && v.Value == string(follows):
		return nil
	}
	return v
}
