package casefile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
)

// partWords are parts of a figure under the words that a reporter uses.
var partWords = []struct {
	word   string
	facets graph.Facets
}{
	{"women", graph.Facets{Sex: "FEMALE"}},
	{"men", graph.Facets{Sex: "MALE"}},
	{"minors", graph.Facets{Minor: new(true)}},
	{"adults", graph.Facets{Minor: new(false)}},
	{"girls", graph.Facets{Sex: "FEMALE", Minor: new(true)}},
	{"boys", graph.Facets{Sex: "MALE", Minor: new(true)}},
}

// readFigures reads numbers of people: `detained: "606"` with whose word it is, and its parts below it.
func (p *parser) readFigures(it *item, n place) {
	for _, e := range p.list(n) {
		m := p.mapping(e, true, "a figure, such as `detained: \"606\"` with `by` and `cite`,")
		if m == nil {
			continue
		}
		c := &claim{at: e, subject: it.id, property: propertyFigure, prov: p.provenance(m, &it.prov, true)}
		p.claimRecord(c, m)
		p.facets(c, m)
		if !p.figureCount(c, m) {
			continue
		}
		if n, ok := m.get("exhaustive"); ok {
			c.whole = p.boolean(n)
		}
		p.claims = append(p.claims, c)
		p.parts(c, m)
		m.rest(slices.Concat(p.measureKeys(), []string{"exhaustive", "parts", "nationalities", "nationality", "sex", "minor"}, words(), recordKeys, provenanceKeys))
	}
}

func words() []string {
	var out []string
	for _, w := range partWords {
		out = append(out, w.word)
	}
	return out
}

func (p *parser) measureKeys() []string {
	var out []string
	for _, v := range p.enumValues("Measure") {
		out = append(out, graph.Kebab(v))
	}
	return out
}

// figureCount reads the measure and the number of a figure.
func (p *parser) figureCount(c *claim, m *mapping) bool {
	measures := p.measureKeys()
	for i := range m.keys {
		e := &m.keys[i]
		if e.used || !slices.Contains(measures, e.name) {
			continue
		}
		n, _ := m.get(e.name)
		if c.measure != "" {
			p.wrong(n, "a figure is of one measure", "begin another figure with `- "+e.name+":`")
			continue
		}
		c.measure = enumValue(e.name)
		c.value = claimValue{kind: "Count", count: p.count(n)}
	}
	if c.measure == "" {
		p.problem(m.node.Line, m.node.Column, m.path, "of whom the figure counts is missing", "begin with one of "+strings.Join(measures, ", "))
	}
	return c.measure != ""
}

// parts reads the parts of a figure, each in the words of the same speaker unless it says otherwise.
func (p *parser) parts(total *claim, m *mapping) {
	for _, w := range partWords {
		if n, ok := m.get(w.word); ok {
			p.part(total, n, w.facets)
		}
	}
	if n, ok := m.get("parts"); ok {
		for _, e := range p.list(n) {
			if pm := p.mapping(e, true, "a part, with `count` and what sets it apart,"); pm != nil {
				p.partBody(total, e, pm)
			}
		}
	}
	if n, ok := m.get("nationalities"); ok {
		p.nationalityList(total, &claim{at: n, subject: total.subject, prov: total.prov}, n)
	}
}

func (p *parser) part(total *claim, n place, facets graph.Facets) *claim {
	c := &claim{at: n, subject: total.subject, property: propertyFigure, measure: total.measure, facets: narrowed(total.facets, facets),
		value: claimValue{kind: "Count", count: p.count(n)}, prov: total.prov, partOf: total}
	p.claims = append(p.claims, c)
	return c
}

// narrowed are the facets of a total with those of its part.
func narrowed(total, part graph.Facets) graph.Facets {
	if part.Nationality != "" {
		total.Nationality = part.Nationality
	}
	if part.Sex != "" {
		total.Sex = part.Sex
	}
	if part.Minor != nil {
		total.Minor = part.Minor
	}
	return total
}

// partBody reads a part that is written out: a number of the same measure or of another, some of the people of the total.
func (p *parser) partBody(total *claim, n place, m *mapping) {
	c := &claim{at: n, subject: total.subject, property: propertyFigure, measure: total.measure, partOf: total,
		prov: p.provenance(m, &total.prov, false)}
	p.claimRecord(c, m)
	var own claim
	p.facets(&own, m)
	c.facets = narrowed(total.facets, own.facets)
	if v, ok := m.get("count"); ok {
		c.value = claimValue{kind: "Count", count: p.count(v)}
	} else {
		other := &claim{}
		if !p.figureCount(other, m) {
			return
		}
		c.measure, c.value = other.measure, other.value
	}
	p.claims = append(p.claims, c)
	m.rest(slices.Concat(p.measureKeys(), []string{"count", "nationality", "sex", "minor"}, recordKeys, provenanceKeys))
}

// count reads a number in the source's own words, or a group of `raw`, `mode`, `value`, `min` and `max`.
func (p *parser) count(n place) graph.Count {
	if n.Kind != yaml.MappingNode {
		s := p.text(n)
		if s == "" {
			return graph.Count{}
		}
		c, err := graph.ParseCount(s)
		if err != nil {
			p.wrong(n, err.Error(), "")
		}
		return c
	}
	m := p.mapping(n, true, "a number")
	var c graph.Count
	if raw, ok := m.get("raw"); ok {
		c.Raw = p.text(raw)
	} else {
		p.wrong(n, "the source's own words are missing", "add `raw:`")
	}
	if mode, ok := m.get("mode"); ok {
		c.Mode = graph.CountMode(p.enum(mode, p.enumValues("CountMode")))
	} else {
		p.wrong(n, "what kind of number it is is missing", "add `mode:`, one of "+strings.Join(p.enumValues("CountMode"), ", "))
	}
	for _, b := range []struct {
		name string
		to   **int64
	}{{"value", &c.Value}, {"min", &c.Min}, {"max", &c.Max}} {
		if v, ok := m.get(b.name); ok {
			if i, ok := p.integer(v).(int64); ok {
				*b.to = &i
			}
		}
	}
	m.rest([]string{"raw", "mode", "value", "min", "max"})
	if c.Raw == "" || c.Mode == "" {
		return c
	}
	if err := c.Check(); err != nil {
		p.wrong(n, err.Error(), "")
		return c
	}
	return c.Complete()
}

// readNationalities reads nationalities that are named apart from any figure.
func (p *parser) readNationalities(it *item, n place) {
	for _, e := range p.list(n) {
		m := p.mapping(e, true, "a group such as {mostly: [CN, KR], by: ..., cite: ...}")
		if m == nil {
			continue
		}
		c := &claim{at: e, subject: it.id, prov: p.provenance(m, &it.prov, true)}
		p.shares(nil, c, m, true)
		m.rest(append(p.shareKeys(), provenanceKeys...))
	}
}

func (p *parser) shareKeys() []string {
	var out []string
	for _, v := range p.enumValues("NationalityShare") {
		out = append(out, graph.Kebab(v))
	}
	return out
}

// nationalityList reads the nationalities of a figure: a list of those that are among the people; or a group of shares
// (`mostly: [CN, KR]`) and numbers (`TH: "about 30"`).
func (p *parser) nationalityList(total, like *claim, n place) {
	if n.Kind != yaml.MappingNode {
		for _, e := range p.list(n) {
			p.nationality(total, like, "INCLUDING", e)
		}
		return
	}
	if m := p.mapping(n, false, "nationalities"); m != nil {
		p.shares(total, like, m, false)
	}
}

// shares reads the keys of a group of nationalities; where named is set, the group has keys of other kinds too.
func (p *parser) shares(total, like *claim, m *mapping, named bool) {
	read := 0
	for i := range m.keys {
		e := &m.keys[i]
		switch {
		case slices.Contains(p.shareKeys(), graph.Kebab(e.name)):
			e.used = true
			read++
			for _, n := range p.list(m.at(e)) {
				p.nationality(total, like, enumValue(e.name), n)
			}
		case !named && e.value.Kind == yaml.SequenceNode:
			e.used = true
			right := "lists stand under " + strings.Join(p.shareKeys(), ", ") + "; a nationality has a number"
			if near := graph.Suggest(graph.Kebab(e.name), p.shareKeys()); near != "" {
				right = "did you mean " + near + "?"
			}
			p.problem(e.key.Line, e.key.Column, m.path, "there is no "+graph.Quote(e.name)+" here", right)
		case !named:
			e.used = true
			key := place{e.key, m.path}
			if id := p.ref(key, p.nationalities()); id != "" {
				p.part(total, m.at(e), graph.Facets{Nationality: id})
			}
		}
	}
	if named && read == 0 {
		p.problem(m.node.Line, m.node.Column, m.path, "the nationalities are missing", "add one of "+strings.Join(p.shareKeys(), ", ")+" with a list, such as `including: [CN, TH]`")
	}
}

// nationality notes that people of a nationality are among those of a figure, or of the event.
func (p *parser) nationality(total, like *claim, share string, n place) {
	c := &claim{at: n, subject: like.subject, property: propertyNationality, share: share, prov: like.prov, partOf: total}
	at := n
	if n.Kind == yaml.MappingNode {
		m := p.mapping(n, true, "a nationality")
		node, ok := m.get("node")
		if !ok {
			p.wrong(n, "which nationality is meant is missing", "add `node:`")
			return
		}
		at = node
		c.prov = p.provenance(m, &like.prov, false)
		p.claimRecord(c, m)
		m.rest(slices.Concat([]string{"node"}, recordKeys, provenanceKeys))
	}
	if c.value = (claimValue{kind: "Reference", node: p.ref(at, p.nationalities())}); c.value.node != "" {
		p.claims = append(p.claims, c)
	}
}
