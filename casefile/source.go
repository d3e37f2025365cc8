package casefile

import (
	"encoding/json"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph/schema"
)

// document is a source of the file.
type document struct {
	item     *item
	outlet   string // who published it; empty where that is unknown
	via      string // the source that tells of it; empty where we saw it ourselves
	seen     bool
	versions []version
	times    times // its publishedAt, where that is told beside the versions
}

// version is one state of a document.
type version struct {
	at    time.Time // when it was certainly published; zero where that is unknown
	edtf  string    // where only a span is known
	note  string
	exact bool
}

// published is when a version was certainly published; of 0, when the first was whose time is known.
func (d *document) published(number int) time.Time {
	if number > 0 && number <= len(d.versions) {
		return d.versions[number-1].at
	}
	var first time.Time
	if d.times.published != "" {
		return d.times.first(first)
	}
	for _, v := range d.versions {
		if !v.at.IsZero() && (first.IsZero() || v.at.Before(first)) {
			first = v.at
		}
	}
	return first
}

// readDocument reads what is peculiar to a source: when it was published, and whether we saw it.
func (p *parser) readDocument(d *document) {
	m := d.item.m
	d.seen = !m.has("via")
	if n, ok := m.get("outlet"); ok && n.Kind == yaml.ScalarNode {
		kinds := d.item.t.Field("outlet").Relation.Kinds
		name := strings.TrimPrefix(n.Value, kinds[0].Prefix+":")
		if d.outlet = p.keys[kinds[0]][name]; d.outlet == "" {
			d.outlet = kinds[0].Prefix + ":" + name
		}
	}
	if n, ok := m.get("seen"); ok {
		if b := p.boolean(n); b != nil {
			d.seen = *b
		}
	}
	if n, ok := m.get("via"); ok {
		d.via = p.ref(n, p.documents())
		if d.seen {
			p.wrong(n, "a source that was seen is not known through another", "take out `via` or `seen`")
		}
	}
	published, once := m.get("published")
	versions, listed := m.get("versions")
	switch {
	case once && !listed && published.Value == unknown:
		d.times.published = unknown
	case once && !listed:
		d.versions = []version{p.version(published)}
	case listed:
		if once {
			d.times.published = p.time(published)
		}
		for _, e := range p.list(versions) {
			vm := p.mapping(e, true, "a version, with `published` and `note`,")
			if vm == nil {
				continue
			}
			var v version
			if n, ok := vm.get("published"); ok {
				v = p.version(n)
			}
			if n, ok := vm.get("note"); ok {
				v.note = p.text(n)
			}
			vm.rest([]string{"published", "note"})
			d.versions = append(d.versions, v)
		}
	case d.seen:
		p.wrong(d.item.key, "when this source was published is missing", "add `published:` with a time, a day, or a span such as 2024-11-08/2024-11-11")
	}
	node := d.item.node
	node.Set("seen", d.seen).Set("versions", d.versionsText(p.model.Types["SourceVersion"]))
	d.times.retracted = p.retracted(m)
	d.times.set(node, d.published(0))
}

func (p *parser) version(n place) version {
	if n.Kind != yaml.ScalarNode {
		p.wrong(n, p.shown(n)+" stands where a time belongs", "write 2024-11-11T11:00:00Z, or a date such as 2024-11-11")
		return version{}
	}
	at, edtf, _ := p.moment(n)
	return version{at: at, edtf: edtf, exact: edtf == ""}
}

// versionsText is the list as it is stored.
func (d *document) versionsText(t *schema.Type) string {
	list := []json.RawMessage{}
	for _, v := range d.versions {
		o := map[string]any{}
		if v.exact && !v.at.IsZero() {
			o["publishedAt"] = stamp(v.at)
		}
		if v.edtf != "" {
			o["published"] = v.edtf
		}
		if v.note != "" {
			o["note"] = v.note
		}
		list = append(list, objectText(t, o))
	}
	return jsonText(list)
}

// jsonText is a value as JSON, its keys in order and its letters as they are.
func jsonText(v any) string {
	b := new(jsonBuffer)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "[]"
	}
	return string((*b)[:len(*b)-1])
}

type jsonBuffer []byte

func (b *jsonBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}
