package casefile

import (
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// claimKind is the kind of node by which something is said of another.
const claimKind = "Claim"

// The properties that the rules of package graph and the API read.
const (
	propertyFigure      = "figure"
	propertyNationality = "nationality"
	propertyScreening   = "screening"
	propertyOutcome     = "outcome"
)

// claim is somebody's word about a node.
type claim struct {
	at       place
	id       string // as the file gives it, or as nameClaims made it
	subject  string
	property string
	measure  string
	facets   graph.Facets
	value    claimValue
	share    string
	role     string
	whole    *bool // exhaustive
	prov     provenance
	partOf   *claim
	total    string // the id of the total, where the file gives it so
	corrects string // the id of the claim that this one supersedes
	times    times
}

// claimValue is what a claim says, by the name of the member of ClaimValue.
type claimValue struct {
	kind   string
	text   string
	count  graph.Count
	period graph.Period
	node   string
}

// claim notes what is said of an item by one of its fields; nil where the item's own claims speak of that.
func (p *parser) claim(it *item, property string, says claimValue, prov provenance, at place) *claim {
	if it.told[property] {
		return nil
	}
	if prov.none {
		p.wrong(at, "this cites no source", "add `cite:` with the source that says it, or list it under `unclaimed`")
	}
	c := &claim{at: at, subject: it.id, property: property, value: says, prov: prov}
	p.claims = append(p.claims, c)
	return c
}

// readClaims reads the lists of claims in an item's body; it returns the keys that the kind may have.
func (p *parser) readClaims(it *item) []string {
	keys := []string{"claims"}
	if n, ok := it.m.get("claims"); ok {
		for _, e := range p.list(n) {
			if m := p.mapping(e, true, "a claim"); m != nil {
				c := &claim{at: e, subject: it.id}
				c.prov = p.provenance(m, &it.prov, true)
				p.claimBody(c, m)
				it.told[c.property] = true
				p.claims = append(p.claims, c)
			}
		}
	}
	for _, f := range it.t.Fields {
		var read func(*item, place)
		switch {
		case f.Computed == "figures":
			read = p.readFigures
		case f.Computed == "screening":
			read = p.readScreening
		case f.Computed == "outcomes":
			read = p.readOutcomes
		case namesNationalities(f):
			read = p.readNationalities
		default:
			continue
		}
		keys = append(keys, graph.Kebab(f.Name))
		if n, ok := it.m.get(graph.Kebab(f.Name)); ok {
			read(it, n)
		}
	}
	return keys
}

// readClaimItem reads a claim of the section `claims`, which names its subject.
func (p *parser) readClaimItem(it *item) {
	c := &claim{at: it.key, id: it.id}
	if n, ok := it.m.get("subject"); ok {
		c.subject = p.ref(n, p.model.Graph.Implementors("Node"))
	} else {
		p.wrong(it.key, "the subject is missing", "add `subject:` with the node that the claim speaks of")
	}
	c.prov = p.provenance(it.m, nil, true)
	p.claimBody(c, it.m, "subject")
	if c.subject != "" {
		p.claims = append(p.claims, c)
	}
}

// claimKeys may stand in a claim, beside its provenance.
var claimKeys = append([]string{"property", "text", "count", "date", "node", "measure", "nationality", "sex", "minor", "share", "exhaustive",
	"role", "part-of"}, recordKeys...)

// recordKeys may stand in every claim that is written as a group: they speak of its record.
var recordKeys = []string{"id", "supersedes", "published", "retracted"}

// claimBody reads what a claim says.
func (p *parser) claimBody(c *claim, m *mapping, more ...string) {
	p.claimRecord(c, m)
	if n, ok := m.get("measure"); ok {
		c.measure = p.enum(n, p.enumValues("Measure"))
		c.property = propertyFigure
	}
	if n, ok := m.get("property"); ok {
		if c.property = p.text(n); c.property != "" && c.property != graph.Kebab(c.property) || strings.ContainsAny(c.property, "/:") {
			p.wrong(n, graph.Quote(c.property)+" is no name of a property", "use small letters and hyphens, such as form or date")
		}
		if c.measure != "" && c.property != propertyFigure {
			p.wrong(n, "a claim with a measure is a figure", "take out `property`, or `measure`")
		}
	} else if c.measure == "" {
		p.problem(m.node.Line, m.node.Column, m.path, "what the claim speaks of is missing", "add `property:`, such as form, date or suspicion, or `measure:` for a figure")
	}
	p.claimSays(c, m)
	p.facets(c, m)
	if n, ok := m.get("share"); ok {
		c.share = p.enum(n, p.enumValues("NationalityShare"))
	}
	if n, ok := m.get("exhaustive"); ok {
		c.whole = p.boolean(n)
	}
	if n, ok := m.get("role"); ok {
		c.role = enumValue(p.text(n))
	}
	if n, ok := m.get("part-of"); ok {
		c.total = p.ref(n, p.claimKinds())
	}
	m.rest(append(append(more, claimKeys...), provenanceKeys...))
}

// claimRecord reads what names a claim, the claim that it corrects, and its times.
func (p *parser) claimRecord(c *claim, m *mapping) {
	c.times = p.times(m)
	if n, ok := m.get("id"); ok && c.id == "" {
		if word := p.text(n); word != "" {
			c.id = "claim:" + strings.TrimPrefix(word, "claim:")
			if _, err := p.model.Graph.KindOfID(c.id); err != nil {
				p.wrong(n, err.Error(), "")
			}
		}
	}
	if n, ok := m.get("supersedes"); ok {
		c.corrects = p.ref(n, p.claimKinds())
	}
}

func (p *parser) claimKinds() []*graph.Kind { return p.model.Types[claimKind].Kinds }

// claimSays reads the one value of a claim.
func (p *parser) claimSays(c *claim, m *mapping) {
	given := 0
	for _, name := range []string{"text", "count", "date", "node"} {
		n, ok := m.get(name)
		if !ok {
			continue
		}
		if given++; given > 1 {
			p.wrong(n, "a claim says one thing", "write a claim for each of text, count, date and node")
			continue
		}
		switch name {
		case "text":
			c.value = claimValue{kind: "Text", text: p.propertyText(c.property, n)}
		case "count":
			c.value = claimValue{kind: "Count", count: p.count(n)}
		case "date":
			c.value = claimValue{kind: "Period", period: p.period(n)}
		case "node":
			c.value = claimValue{kind: "Reference", node: p.ref(n, p.model.Graph.Implementors("Node"))}
		}
	}
	switch {
	case given == 0:
		p.problem(m.node.Line, m.node.Column, m.path, "what the claim says is missing", "add one of `text:`, `count:`, `date:` and `node:`")
	case c.measure != "" && c.value.kind != "Count":
		p.problem(m.node.Line, m.node.Column, m.path, "a figure says a number", "write `count:`")
	}
}

// propertyText is the text of a claim; that of an outcome or of screening is one of a few words.
func (p *parser) propertyText(property string, n place) string {
	switch property {
	case propertyOutcome:
		return p.enum(n, p.enumValues("OutcomeKind"))
	case propertyScreening:
		return p.enum(n, p.enumValues("ScreeningStatus"))
	}
	return p.text(n)
}

// facets reads which part of the people a claim speaks of.
func (p *parser) facets(c *claim, m *mapping) {
	if n, ok := m.get("nationality"); ok {
		c.facets.Nationality = p.ref(n, p.nationalities())
	}
	if n, ok := m.get("sex"); ok {
		c.facets.Sex = p.enum(n, p.enumValues("Sex"))
	}
	if n, ok := m.get("minor"); ok {
		c.facets.Minor = p.boolean(n)
	}
}

func (p *parser) nationalities() []*graph.Kind {
	return p.model.Types["Facets"].Field("nationality").Relation.Kinds
}

// readScreening reads whether the people were screened, by whose word.
func (p *parser) readScreening(it *item, n place) {
	p.words(it, n, propertyScreening, "status", "ScreeningStatus")
}

// readOutcomes reads what became of people and site, by whose word.
func (p *parser) readOutcomes(it *item, n place) {
	p.words(it, n, propertyOutcome, "kind", "OutcomeKind")
}

// words reads claims whose value is one of an enum.
func (p *parser) words(it *item, n place, property, key, enum string) {
	for _, e := range p.list(n) {
		m := p.mapping(e, true, "a group with `"+key+"`, `by` and `cite`")
		if m == nil {
			continue
		}
		c := &claim{at: e, subject: it.id, property: property, prov: p.provenance(m, &it.prov, true)}
		p.claimRecord(c, m)
		p.facets(c, m)
		if v, ok := m.get(key); ok {
			c.value = claimValue{kind: "Text", text: p.enum(v, p.enumValues(enum))}
		} else {
			p.wrong(e, "the "+key+" is missing", "add `"+key+":`, one of "+strings.Join(p.enumValues(enum), ", "))
		}
		m.rest(slices.Concat([]string{key, "nationality", "sex", "minor"}, recordKeys, provenanceKeys))
		p.claims = append(p.claims, c)
	}
}
