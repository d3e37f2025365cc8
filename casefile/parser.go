package casefile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones on machines that have none

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// parser reads one file, in four steps: it defines what the file defines, reads the bodies, looks up what they refer to,
// and builds the records.
type parser struct {
	file     string
	model    *schema.Model
	known    Lookup
	problems Problems
	zone     *time.Location

	sections []section
	items    map[string]*item                  // by id
	order    []*item                           // in the order of the file
	keys     map[*graph.Kind]map[string]string // ids by the key of the file
	sources  map[string]*document              // by id
	refs     []reference
	claims   []*claim
	edges    []*edge
	found    map[string]*graph.Node // what known has of refs
	valueAt  map[graph.SaidOf]place // where the value of a node stands, by its field or the type of its relationship
}

// section is a part of the file: a kind of node under its plural name; or judgements of one verdict.
type section struct {
	name    string
	t       *schema.Type
	verdict *verdict
}

// item is a node that the file defines.
type item struct {
	t     *schema.Type
	id    string
	key   place // where it begins
	m     *mapping
	node  *graph.Node
	prov  provenance
	times times
	// told are the properties that the item's own claims speak of: its fields make no claims of these.
	told map[string]bool
	// verdict is that of a judgement; nil for other nodes.
	verdict *verdict
	// within is the item in whose body this one stands, through the relation of the field; nil for one of a section.
	within *item
	field  *schema.Field
}

// edge is a relationship that the file gives.
type edge struct {
	*graph.Edge
	at   place
	prov *provenance
}

func newParser(name string, model *schema.Model, known Lookup) *parser {
	p := &parser{file: name, model: model, known: known, items: map[string]*item{}, keys: map[*graph.Kind]map[string]string{},
		sources: map[string]*document{}, found: map[string]*graph.Node{}, valueAt: map[graph.SaidOf]place{}}
	p.zone, _ = time.LoadLocation(DefaultTimeZone)
	for _, name := range model.Order {
		t := model.Types[name]
		if t.Kind == nil || t.Kind.Own() {
			continue
		}
		p.keys[t.Kind] = map[string]string{}
		if name == judgementKind {
			for i := range verdicts {
				p.sections = append(p.sections, section{name: verdicts[i].section, t: t, verdict: &verdicts[i]})
			}
			continue
		}
		p.sections = append(p.sections, section{name: graph.Kebab(t.Kind.Plural), t: t})
	}
	// Sources are read first, for whatever cites them asks when they were published.
	documents := p.documentType()
	slices.SortStableFunc(p.sections, func(a, b section) int {
		return cmp.Compare(btoi(a.t != documents), btoi(b.t != documents))
	})
	return p
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// read reads the whole file.
func (p *parser) read(root *yaml.Node) *Case {
	c := &Case{Name: p.file, TimeZone: DefaultTimeZone, places: map[string]Problem{},
		values: map[graph.SaidOf]Problem{}, said: map[graph.SaidOf][]string{}}
	m := p.mapping(place{root, ""}, true, "a case, with keys such as case, sources and raids,")
	if m == nil {
		return c
	}
	p.header(m, c)
	for _, s := range p.sections {
		if body, ok := m.get(s.name); ok && !empty(body) {
			p.defineSection(s, body)
		}
	}
	m.rest(append([]string{"case"}, p.sectionNames()...))
	for _, it := range p.order {
		if it.t == p.documentType() {
			p.readDocument(p.sources[it.id])
		}
	}
	for _, it := range p.order {
		p.readItem(it)
	}
	return c
}

func (p *parser) sectionNames() []string {
	var names []string
	for _, s := range p.sections {
		names = append(names, s.name)
	}
	return names
}

// header reads the part `case`.
func (p *parser) header(m *mapping, c *Case) {
	n, ok := m.get("case")
	if !ok {
		p.problem(m.node.Line, m.node.Column, "", "the file has no `case`", "begin it with `case:` and a `title:`")
		return
	}
	h := p.mapping(n, true, "the case's title")
	if h == nil {
		return
	}
	if t, ok := h.get("title"); ok {
		c.Title = p.text(t)
	} else {
		p.wrong(n, "the case has no title", "add `title:`")
	}
	if t, ok := h.get("summary"); ok {
		c.Summary = p.text(t)
	}
	if t, ok := h.get("time-zone"); ok {
		name := p.text(t)
		if zone, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
			p.wrong(t, "there is no time zone "+graph.Quote(name), "use a name such as Asia/Phnom_Penh or UTC")
		} else {
			p.zone, c.TimeZone = zone, name
		}
	}
	h.rest([]string{"title", "summary", "time-zone"})
}

// defineSection notes the ids of a section, so that what stands above may refer to what stands below.
func (p *parser) defineSection(s section, body place) {
	m := p.mapping(body, false, "a list of "+s.name+" by their ids, such as `my-id:` and its keys below it,")
	if m == nil {
		return
	}
	for i := range m.keys {
		e := &m.keys[i]
		at := place{e.key, join(body.path, e.key.Value)}
		it := p.newItem(s.t, at, place{e.value, at.path})
		if it == nil {
			continue
		}
		it.verdict = s.verdict
		name := strings.TrimPrefix(e.name, s.t.Kind.Prefix+":")
		p.define(it, s.t.Kind.Prefix+":"+name)
		p.keys[s.t.Kind][name] = it.id
		p.defineWithin(it)
	}
}

func (p *parser) newItem(t *schema.Type, at, body place) *item {
	m := p.mapping(body, true, "what is known of "+at.path)
	if m == nil {
		return nil
	}
	return &item{t: t, key: at, m: m, told: map[string]bool{}, within: nil}
}

// define gives the item its id: the one that it states itself, or the given one.
func (p *parser) define(it *item, id string) {
	if n, ok := it.m.get("id"); ok {
		if own := p.text(n); own != "" {
			id = it.t.Kind.Prefix + ":" + strings.TrimPrefix(own, it.t.Kind.Prefix+":")
		}
	}
	if _, err := p.model.Graph.KindOfID(id); err != nil {
		p.wrong(it.key, err.Error(), "")
		return
	}
	if first := p.items[id]; first != nil {
		p.wrong(it.key, fmt.Sprintf("%s stands twice, first in line %d", id, first.key.Line), "keep one of them")
		return
	}
	it.id = id
	it.node = graph.NewNode(it.t.Kind, id)
	p.items[id] = it
	p.order = append(p.order, it)
	if it.t == p.documentType() {
		p.sources[id] = &document{item: it}
	}
}

// defineWithin defines the nodes that stand in the body of another: those that lead to it alone, as an official's offices.
func (p *parser) defineWithin(it *item) {
	if it.id == "" {
		return
	}
	for _, f := range it.t.Fields {
		if !nests(f) {
			continue
		}
		n, ok := it.m.get(graph.Kebab(f.Name))
		if !ok || empty(n) {
			continue
		}
		t := p.model.Types[f.Relation.Kinds[0].Name]
		for _, e := range p.list(n) {
			if e.Kind != yaml.MappingNode || hasKey(e.Node, "node") {
				continue
			}
			in := p.newItem(t, e, e)
			if in == nil {
				continue
			}
			in.within, in.field = it, f
			p.define(in, t.Kind.Prefix+":"+local(it.id)+"-"+p.firstWords(t, in.m))
		}
	}
}

// nests says whether a field's nodes may be written where the field stands: each leads to the owner and to no other.
func nests(f *schema.Field) bool {
	r := f.Relation
	return r != nil && !r.Out && r.Of.One && !r.Of.Projection && len(r.Kinds) == 1 && r.List
}

// firstWords are the words of the first text that the kind requires, as part of an id.
func (p *parser) firstWords(t *schema.Type, m *mapping) string {
	for _, f := range t.Kind.Fields {
		if f.NonNull && f.Type == graph.String {
			for _, e := range m.keys {
				if e.name == graph.Kebab(f.Name) && e.value.Kind == yaml.ScalarNode {
					return slug(e.value.Value)
				}
			}
		}
	}
	return "1"
}

func hasKey(n *yaml.Node, key string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}
