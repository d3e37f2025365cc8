package casefile

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// form is how a claim stands in the body of its subject.
type form uint8

const (
	formClaim       form = iota // in the list of claims
	formInline                  // by the field that it says
	formFigure                  // in the list of figures
	formPart                    // below the total of which it is a part
	formNationality             // in the list of nationalities
	formScreening
	formOutcome
)

// form chooses it.
func (w *writer) form(b *body, c *written) form {
	simple := c.role == "" && c.whole == nil && c.total == ""
	switch {
	case slices.Contains(b.inline[c.property], c):
		return formInline
	case w.isPart(b, c):
		return formPart
	case w.isFigure(b, c):
		return formFigure
	case simple && w.isNationality(c) && fieldWhere(b.t, namesNationalities) != nil:
		return formNationality
	case simple && c.measure == "" && c.share == "" && c.value.kind == "Text" && c.property == propertyScreening && computed(b.t, "screening") != nil:
		return formScreening
	case simple && c.measure == "" && c.share == "" && c.value.kind == "Text" && c.property == propertyOutcome && computed(b.t, "outcomes") != nil:
		return formOutcome
	}
	return formClaim
}

// writtenOut says whether a claim stands in the list of claims, so that no field makes one of its property.
func (w *writer) writtenOut(b *body, c *written) bool { return w.form(b, c) == formClaim }

func fieldWhere(t *schema.Type, is func(*schema.Field) bool) *schema.Field {
	if i := slices.IndexFunc(t.Fields, is); i >= 0 {
		return t.Fields[i]
	}
	return nil
}

func computed(t *schema.Type, by string) *schema.Field {
	return fieldWhere(t, func(f *schema.Field) bool { return f.Computed == by })
}

func (w *writer) isFigure(b *body, c *written) bool {
	return computed(b.t, "figures") != nil && c.measure != "" && c.property == propertyFigure && c.total == "" && c.role == "" && c.share == ""
}

// isNationality says whether a claim names a nationality, and how many of the people they are.
func (w *writer) isNationality(c *written) bool {
	if c.measure != "" || c.property != propertyNationality || c.share == "" || c.facets != (graph.Facets{}) || c.value.kind != "Reference" {
		return false
	}
	n := w.nodes[c.value.node]
	return n != nil && slices.Contains(w.nationalities(), n.Kind)
}

// isPart says whether a claim can stand below its total.
func (w *writer) isPart(b *body, c *written) bool {
	if c.total == "" || c.role != "" || c.whole != nil {
		return false
	}
	whole := w.claims[c.total]
	if whole == nil || whole.subject != c.subject || !w.isFigure(b, whole) {
		return false
	}
	if w.isNationality(c) {
		return true
	}
	total := whole.facets
	return c.measure != "" && c.property == propertyFigure && c.share == "" && sameFacets(narrowed(total, beside(total, c.facets)), c.facets)
}

// beside are the facets of a part that its total does not have.
func beside(total, part graph.Facets) graph.Facets {
	if part.Nationality == total.Nationality {
		part.Nationality = ""
	}
	if part.Sex == total.Sex {
		part.Sex = ""
	}
	if part.Minor != nil && total.Minor != nil && *part.Minor == *total.Minor {
		part.Minor = nil
	}
	return part
}

func sameFacets(a, b graph.Facets) bool {
	return a.Nationality == b.Nationality && a.Sex == b.Sex && (a.Minor == nil) == (b.Minor == nil) && (a.Minor == nil || *a.Minor == *b.Minor)
}

// writeOwnClaims writes the claims about a node that do not follow from its fields.
func (w *writer) writeOwnClaims(g keyed, b *body) {
	lists := map[form][]*written{}
	for _, c := range w.claimsOf[b.n.ID] {
		f := w.form(b, c)
		lists[f] = append(lists[f], c)
	}
	for _, c := range lists[formInline] {
		c.done = true // the claim of a name, of which nothing stands anywhere
	}
	var claims []*yaml.Node
	for _, c := range lists[formClaim] {
		e := newBlock()
		w.writeClaim(e, c, &b.as)
		claims = append(claims, e.Node)
	}
	if len(claims) > 0 {
		g.add("claims", linesOf(claims))
	}
	for _, f := range b.t.Fields {
		var entries []*yaml.Node
		switch {
		case f.Computed == "figures":
			for _, c := range lists[formFigure] {
				entries = append(entries, w.figure(b, c))
			}
		case f.Computed == "screening":
			entries = w.wordClaims(b, lists[formScreening], "status")
		case f.Computed == "outcomes":
			entries = w.wordClaims(b, lists[formOutcome], "kind")
		case namesNationalities(f):
			entries = w.nationalityGroups(b, lists[formNationality])
		}
		if len(entries) > 0 {
			g.add(graph.Kebab(f.Name), linesOf(entries))
		}
	}
}

// wordClaims are claims whose value is one of an enum.
func (w *writer) wordClaims(b *body, claims []*written, key string) []*yaml.Node {
	var out []*yaml.Node
	for _, c := range claims {
		c.done = true
		g := newGroup()
		g.add(key, plain(c.value.text))
		w.writeFacets(g, c.facets)
		_, published := w.writeProvenance(g, w.word(c), &b.as, true)
		w.writeRecord(g, c, published)
		out = append(out, g.Node)
	}
	return out
}

// figure is a number of people with its parts.
func (w *writer) figure(b *body, c *written) *yaml.Node {
	c.done = true
	g := newBlock()
	g.add(graph.Kebab(c.measure), w.count(c.value.count))
	w.writeFacets(g, c.facets)
	as, published := w.writeProvenance(g, w.word(c), &b.as, true)
	w.writeRecord(g, c, published)
	if c.whole != nil {
		g.add("exhaustive", yes(*c.whole))
	}
	var rest, nationalities []*written
	numbers := newGroup()
	words := map[string]bool{}
	for _, part := range c.parts {
		if w.form(b, part) != formPart {
			continue
		}
		part.done = true
		own := beside(c.facets, part.facets)
		plainPart := part.measure == c.measure && part.short() && w.sameWord(part, as)
		switch word := partWord(own); {
		case part.measure == "":
			nationalities = append(nationalities, part)
		case plainPart && word != "" && !words[word]:
			words[word] = true
			g.add(word, w.count(part.value.count))
		case plainPart && own.Nationality != "" && own.Sex == "" && own.Minor == nil && !words[own.Nationality]:
			words[own.Nationality] = true
			numbers.add(w.ref(own.Nationality, w.nationalities()).Value, w.count(part.value.count))
		default:
			rest = append(rest, part)
		}
	}
	w.writeParts(g, c, rest, as)
	w.writeShares(g, nationalities, numbers, as)
	return g.Node
}

// partWord is the word for a part with these facets; empty where there is none.
func partWord(own graph.Facets) string {
	for _, p := range partWords {
		if sameFacets(p.facets, own) {
			return p.word
		}
	}
	return ""
}

// sameWord says whether a claim has just the provenance around it.
func (w *writer) sameWord(c *written, around provenance) bool {
	v := w.word(c)
	_, ok := w.inherited(v, around.chains)
	return ok && v.by == around.by && v.said == around.said
}

// writeParts writes the parts of a figure that have a group of their own.
func (w *writer) writeParts(g keyed, total *written, parts []*written, as provenance) {
	var entries []*yaml.Node
	for _, c := range parts {
		e := newGroup()
		w.writeFacets(e, beside(total.facets, c.facets))
		key := "count"
		if c.measure != total.measure {
			key = graph.Kebab(c.measure)
		}
		e.add(key, w.count(c.value.count))
		_, published := w.writeProvenance(e, w.word(c), &as, false)
		w.writeRecord(e, c, published)
		entries = append(entries, e.Node)
	}
	if len(entries) > 0 {
		g.add("parts", linesOf(entries))
	}
}

// writeShares writes the nationalities of a figure: a list of those among the people, or a group with shares and numbers.
func (w *writer) writeShares(g keyed, claims []*written, numbers keyed, as provenance) {
	shares := map[string][]*yaml.Node{}
	for _, c := range claims {
		shares[c.share] = append(shares[c.share], w.nationalityEntry(c, &as))
	}
	among := shares["INCLUDING"]
	if numbers.empty() && len(among) == len(claims) && len(among) > 0 {
		g.add("nationalities", listOf(among))
		return
	}
	all := newGroup()
	w.addShares(all, shares)
	all.Content = append(all.Content, numbers.Content...)
	if !all.empty() {
		g.add("nationalities", all.Node)
	}
}

func (w *writer) addShares(g keyed, shares map[string][]*yaml.Node) {
	for _, v := range w.enumValues("NationalityShare") {
		if len(shares[v]) > 0 {
			g.add(graph.Kebab(v), listOf(shares[v]))
		}
	}
}

// nationalityEntry is a nationality alone, or a group where more is told than its provenance.
func (w *writer) nationalityEntry(c *written, around *provenance) *yaml.Node {
	c.done = true
	g := newGroup()
	_, published := w.writeProvenance(g, w.word(c), around, false)
	w.writeRecord(g, c, published)
	node := w.ref(c.value.node, w.nationalities())
	if g.empty() {
		return node
	}
	return withKeys(node, g, "node")
}

// nationalityGroups are nationalities that are named apart from any figure, by whose word they are.
func (w *writer) nationalityGroups(b *body, claims []*written) []*yaml.Node {
	var out []*yaml.Node
	for len(claims) > 0 {
		g, shares := newGroup(), map[string][]*yaml.Node{}
		cites := newGroup()
		as, _ := w.writeProvenance(cites, w.word(claims[0]), &b.as, true)
		var others []*written
		for _, c := range claims {
			if c != claims[0] && !w.sameWord(c, as) {
				others = append(others, c)
				continue
			}
			shares[c.share] = append(shares[c.share], w.nationalityEntry(c, &as))
		}
		w.addShares(g, shares)
		g.Content = append(g.Content, cites.Content...)
		out = append(out, g.Node)
		claims = others
	}
	return out
}
