package casefile

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// readItem reads the body of a node: its provenance, its fields and relations, and what is claimed of it.
func (p *parser) readItem(it *item) {
	it.m.pass([]string{"id"})
	keys := []string{"id", "published", "retracted"}
	cites := citations(it.t)
	switch {
	case it.verdict != nil:
		p.readJudgement(it)
		return
	case it.t == p.documentType():
		if d := p.sources[it.id]; d.seen || d.via != "" {
			it.prov.chains = [][]hop{p.upToSeen(it.key, []hop{{source: it.id}})}
		}
		keys = append(keys, "versions", "via", "seen")
	case it.t.Name == claimKind:
		p.readClaimItem(it)
		return
	case cites != nil:
		it.times = p.times(it.m)
		it.prov = p.provenance(it.m, nil, false)
		keys = append(keys, "cite", "at", "hedge", "verb", "version")
		for _, name := range []string{"by", "said"} {
			if n, ok := it.m.get(name); ok {
				p.wrong(n, "there is no "+name+" here", map[string]string{"by": "who speaks is the `speaker`", "said": "when it was said is the `date`"}[name])
			}
		}
	default:
		it.times = p.times(it.m)
		var around *provenance
		if it.within != nil {
			around = &it.within.prov
		} else if it.m.has(unclaimedKey) {
			around = &provenance{none: true}
		}
		it.prov = p.provenance(it.m, around, false)
		p.readUnclaimed(it)
		keys = append(append(keys, unclaimedKey), provenanceKeys...)
	}
	if cites == nil && it.t != p.documentType() {
		keys = append(keys, p.readClaims(it)...)
	}
	keys = append(keys, p.readFields(it)...)
	if cites != nil {
		p.statement(it)
		p.citing(cites, it.id, &it.prov, statementVerb(it.node, it.m.has("asked-by")))
	}
	if it.within != nil {
		p.lead(it)
	}
	p.required(it)
	it.m.rest(keys)
}

// aliases are short names of fields, by kind and field.
var aliases = map[string]string{"Statement.inCapacity": "in"}

// keyOf is the key under which a field stands in the file.
func keyOf(t *schema.Type, f *schema.Field) string {
	if a := aliases[t.Name+"."+f.Name]; a != "" {
		return a
	}
	return graph.Kebab(f.Name)
}

// readFields reads what the schema gives the kind; it returns the keys that it knows.
func (p *parser) readFields(it *item) []string {
	var keys []string
	before := len(p.claims)
	for _, f := range it.t.Fields {
		if !p.writable(it.t, f) || it.t == p.documentType() && (f.Name == "seen" || f.Name == "versions" || f.Name == graph.PublishedAt) {
			continue
		}
		key := keyOf(it.t, f)
		keys = append(keys, key)
		n, ok := it.m.get(key)
		if !ok && key != graph.Kebab(f.Name) {
			n, ok = it.m.get(graph.Kebab(f.Name))
		}
		if !ok {
			continue
		}
		if empty(n) {
			p.wrong(n, "nothing stands here", "give a value, or leave the key out")
			continue
		}
		if f.Relation != nil {
			p.relation(it, f, n)
		} else {
			p.value(it, f, n)
		}
	}
	if len(p.claims) == before && len(it.told) == 0 && citations(it.t) == nil && it.t != p.documentType() {
		if name, ok := it.node.Get("name").(string); ok {
			p.claim(it, "name", claimValue{kind: "Text", text: name}, it.prov, it.key)
		}
	}
	return keys
}

// writable says whether a field is written in a file: what is stored and not worked out.
func (p *parser) writable(t *schema.Type, f *schema.Field) bool {
	if f.Name == "id" || f.Computed != "" || f.Filter != "" {
		return false
	}
	if r := f.Relation; r != nil {
		return !r.Of.Projection && !r.Hops && (r.Out || !p.farCites(f))
	}
	for _, stored := range t.Kind.Fields {
		if stored.Name == f.Name || strings.HasPrefix(stored.Name, f.Name+".") {
			return !stored.Projected && !(f.Name == graph.RecordedAt || f.Name == graph.RetractedAt || f.Name == graph.PublishedAt)
		}
	}
	return false
}

// farCites says whether the nodes that a relation leads to cite or are cited: claims of a subject, statements about it,
// documents of an outlet. Such a relation is written where it starts.
func (p *parser) farCites(f *schema.Field) bool {
	for _, k := range f.Relation.Kinds {
		if t := p.model.Types[k.Name]; citations(t) != nil || t == p.documentType() {
			return true
		}
	}
	return false
}

// value reads a stored field or value object.
func (p *parser) value(it *item, f *schema.Field, n place) {
	p.valueAt[graph.SaidOf{Subject: it.id, Property: f.Name}] = n
	prov, n := p.long(it, n, f)
	property := graph.Kebab(f.Name)
	var says claimValue
	switch o := f.Object; {
	case o != nil && f.GraphQL.Elem != nil:
		it.node.Set(f.Name, p.objects(o, n))
		return
	case o != nil && o.Field("edtf") != nil:
		period := p.period(n)
		if period == (graph.Period{}) {
			return
		}
		setPeriod(it.node, f.Name, period)
		says = claimValue{kind: "Period", period: period}
	case o != nil:
		says = p.object(it.node, o, f.Name+".", n)
	default:
		stored := it.t.Kind.Field(f.Name)
		if stored.Type == graph.Enum && !stored.NonNull && n.Value == unknown {
			return // no default takes its place
		}
		v := p.scalar(n, f, stored)
		if v == nil {
			return
		}
		it.node.Set(f.Name, v)
		says = claimValue{kind: "Text", text: graph.WordsOf(stored, v)}
	}
	if f.Name != "name" && citations(it.t) == nil && it.t != p.documentType() && says.kind != "" {
		p.claim(it, property, says, prov, n)
	}
}

// long reads a value that is written with a provenance of its own: {is: ..., by: ..., cite: ...}.
func (p *parser) long(it *item, n place, f *schema.Field) (provenance, place) {
	if n.Kind != yaml.MappingNode || citations(it.t) != nil || it.t == p.documentType() {
		return it.prov, n
	}
	m := p.mapping(n, true, "a value")
	if m == nil {
		return it.prov, n
	}
	prov := p.provenance(m, &it.prov, false)
	is, ok := m.get("is")
	if !ok {
		return prov, n // a value object, whose own keys stand here; they are read, and the rest told of, by its reader
	}
	if f.Object != nil && f.Object.Field("edtf") != nil {
		return prov, n // period reads `is` itself
	}
	m.rest(append([]string{"is"}, provenanceKeys...))
	return prov, is
}

func setPeriod(n *graph.Node, name string, period graph.Period) {
	n.Set(name+".edtf", period.EDTF).Set(name+".basis", string(period.Basis))
	if period.From != "" {
		n.Set(name+".from", period.From)
	}
	if period.To != "" {
		n.Set(name+".to", period.To)
	}
}

// object reads a value object, such as a place, into the fields of its owner; it returns its words.
func (p *parser) object(owner *graph.Node, t *schema.Type, prefix string, n place) claimValue {
	if n.Kind == yaml.ScalarNode {
		p.wrong(n, p.shown(n)+" stands alone here", "write keys such as "+strings.Join(objectKeys(t), ", "))
		return claimValue{}
	}
	m := p.mapping(n, true, "a group of keys")
	if m == nil {
		return claimValue{}
	}
	var says claimValue
	for _, f := range t.Fields {
		stored := owner.Kind.Field(prefix + f.Name)
		e, ok := m.get(graph.Kebab(f.Name))
		switch {
		case stored == nil:
		case ok && f.Object != nil && f.Object.Field("edtf") != nil:
			setPeriod(owner, prefix+f.Name, p.period(e))
		case ok && f.Object != nil:
			p.object(owner, f.Object, prefix+f.Name+".", e)
		case ok:
			v := p.scalar(e, f, stored)
			if v != nil {
				owner.Set(stored.Name, v)
				if says.kind == "" && stored.Type == graph.String {
					says = claimValue{kind: "Text", text: graph.WordsOf(stored, v)}
				}
			}
		case stored.Type == graph.StringList:
			owner.Set(stored.Name, []string{})
		case f.GraphQL.NonNull:
			p.wrong(n, "the "+graph.Kebab(f.Name)+" is missing", "add `"+graph.Kebab(f.Name)+":`"+oneOf(stored))
		}
	}
	m.pass(provenanceKeys)
	m.rest(objectKeys(t))
	return says
}

func oneOf(f *graph.Field) string {
	if f.Type == graph.Enum {
		return ", one of " + strings.Join(f.Values, ", ")
	}
	return ""
}

func objectKeys(t *schema.Type) []string {
	var keys []string
	for _, f := range t.Fields {
		keys = append(keys, graph.Kebab(f.Name))
	}
	return keys
}

// required tells of each field that a node of the kind must have and has not.
func (p *parser) required(it *item) {
	for _, stored := range it.t.Kind.Fields {
		if !stored.NonNull || stored.Projected || it.node.Values[stored.Position] != nil {
			continue
		}
		switch stored.Type {
		case graph.JSON:
			it.node.Set(stored.Name, "[]")
			continue
		case graph.StringList:
			it.node.Set(stored.Name, []string{})
			continue
		}
		if stored.Name == "name" && citations(it.t) != nil {
			continue // made of the text, whose lack is told
		}
		name, rest, nested := strings.Cut(stored.Name, ".")
		if nested && rest != "edtf" && it.node.Get(name+".edtf") != nil || it.m.has(graph.Kebab(name)) || nested && rest != "edtf" {
			continue // told of where it stands
		}
		p.wrong(it.key, "the "+graph.Kebab(name)+" is missing", "add `"+graph.Kebab(name)+":`"+oneOf(stored))
	}
	for _, f := range it.t.Fields {
		if r := f.Relation; r != nil && !r.Many && f.GraphQL.NonNull && !it.m.has(keyOf(it.t, f)) && !it.m.has(graph.Kebab(f.Name)) && (it.within == nil || it.field.Relation.Of != r.Of) {
			p.wrong(it.key, "the "+keyOf(it.t, f)+" is missing", "add `"+keyOf(it.t, f)+":` with "+anyOf(r.Kinds))
		}
	}
}
