package casefile_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

// generator makes graphs within the reach of a case file, of every kind, field and relation of the schema.
type generator struct {
	*rand.Rand
	records []graph.Record
	nodes   map[*graph.Kind][]*graph.Node
	seen    []string // sources that were seen
	unseen  []string
	agree   bool // judgements hold together: no record is merged twice, or in a circle
	judged  map[string]bool
}

func (g *generator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// text is words of which YAML could make something else.
func (g *generator) text() string {
	return g.one("casino", "606", "2024-11-06", "yes", "null", "~", "a: b", "a # b", "- a", "[a, b]", "{a: b}", "\"so\"", "it's", "អានខ្មែរ\u200Bនេះ", "中国", "a\nb",
		"first\n\n  second", "tab\there", "a  b", "#", ":", "a:", "&a", "*a", "!a", "|", ">", "%", "@", "`", "...", "---", "? a", "1e5", "0x1F", "12:30", "=", "<<", "unknown", "None",
		"A long text that has to be broken between its words, for it has many more characters than a line can have and goes on and on, until it ends.",
		"Nine: "+"words that go on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on: end", "x\u0085y", "é", "😀", "x\u2028y")
}

func (g *generator) time() string {
	return g.one("2024-11-08T10:00:00Z", "2024-11-08T16:59:59Z", "2024-11-11T11:00:00Z", "2024-10-30T00:00:00Z")
}

func (g *generator) date() string {
	return g.one("2024-11-06", "2024-11", "2024", "2024-10/2024-12", "../2024-11-01", "2024-11-10/..", "2024-11-20~", "2024-11-20?", "[2024-11-06,2024-11-07]")
}

func (g *generator) graph() {
	s := model().Graph
	for _, k := range s.Kinds {
		if k.Own() || k.Name == "Claim" || k.Name == "Judgement" {
			continue
		}
		for i := range 1 + g.IntN(3) {
			g.node(k, fmt.Sprintf("%s:%s%d", k.Prefix, g.one("n-", "N.", "a/b@", k.Prefix+":", "x:y"), i))
		}
	}
	for _, k := range s.Kinds {
		if k.Name == "Statement" {
			for _, n := range g.nodes[k] {
				g.cite(n.ID)
			}
		}
	}
	for i := range g.IntN(25) {
		g.claim(fmt.Sprintf("claim:%s%d", g.one("c", "c/d", "claim:"), i))
	}
	for i := range g.IntN(4) {
		g.judgement(fmt.Sprintf("judgement:j/%d", i))
	}
	for _, rel := range s.Relations {
		if rel.Projection || slices.Contains([]string{"CITES", "SUBJECT", "SAID_BY", "REFERS_TO", "PART_OF", "SUPERSEDES"}, rel.Type) && rel.Type != "PART_OF" {
			continue
		}
		for _, end := range rel.Ends {
			if end.From.Name != "Claim" && end.From.Name != "Judgement" {
				g.link(rel, end)
			}
		}
	}
}

// link joins some nodes: each that must be joined, and others by chance.
func (g *generator) link(rel *graph.Relation, end graph.End) {
	if len(g.nodes[end.To]) == 0 {
		return
	}
	for i, n := range g.nodes[end.From] {
		required := slices.Contains(end.From.Required, rel)
		if required && !g.leads(rel, n) || !required && g.chance(40) && !(rel.One && g.leads(rel, n)) {
			to := g.nodes[end.To][(i+g.IntN(len(g.nodes[end.To])))%len(g.nodes[end.To])]
			e := graph.NewEdge(rel, n.ID, to.ID)
			for _, f := range rel.Props {
				if f.Type == graph.Enum {
					values := f.Values
					for _, narrowed := range rel.Narrowed {
						if narrowed.Prop == f && (narrowed.Kind == end.From || narrowed.Kind == end.To) {
							values = narrowed.Values
						}
					}
					e.Props[f.Position] = values[g.IntN(len(values))]
				}
			}
			g.records = append(g.records, e)
		}
	}
}

func (g *generator) leads(rel *graph.Relation, n *graph.Node) bool {
	return slices.ContainsFunc(g.records, func(r graph.Record) bool {
		e, ok := r.(*graph.Edge)
		return ok && e.Relation == rel && e.From == n.ID
	})
}

func (g *generator) node(k *graph.Kind, id string) {
	n := graph.NewNode(k, id)
	place := g.chance(50)
	for _, f := range k.Fields {
		if f.Projected || f.Name == graph.RecordedAt {
			continue
		}
		if g.chance(40) && !f.NonNull {
			continue
		}
		switch {
		case f.Name == graph.PublishedAt:
			n.Set(f.Name, g.time())
		case f.Name == graph.RetractedAt:
			if g.chance(15) {
				n.Set(f.Name, g.time())
			}
		case len(f.Name) > 6 && f.Name[:6] == "place." && !place, len(f.Name) > 5 && (f.Name[len(f.Name)-5:] == ".from" || f.Name[len(f.Name)-3:] == ".to"):
		case f.EDTF:
			n.Set(f.Name, g.date())
		case f.Type == graph.String:
			n.Set(f.Name, g.text())
		case f.Type == graph.Int:
			n.Set(f.Name, int64(g.IntN(1000)-10))
		case f.Type == graph.Float:
			n.Set(f.Name, float64(g.IntN(9000))/100)
		case f.Type == graph.Boolean:
			n.Set(f.Name, g.chance(50))
		case f.Type == graph.Enum:
			n.Set(f.Name, f.Values[g.IntN(len(f.Values))])
		case f.Type == graph.StringList:
			list := []string{}
			for range g.IntN(3) {
				list = append(list, g.text())
			}
			n.Set(f.Name, list)
		case f.Name == "names":
			n.Set(f.Name, g.one(`[]`, `[{"value":"Ann","kind":"ALIAS"}]`, `[{"value":"Ann","script":"Latn","kind":"ALIAS"},{"value":"អាន","language":"km","kind":"OFFICIAL"}]`, `[{"value":"yes","language":"no","script":"Khmr","kind":"FORMER"}]`))
		case f.Name == "externalIds":
			n.Set(f.Name, g.one(`[]`, `[{"scheme":"wikidata","value":"Q1"},{"scheme":"ncdd","value":"0110"}]`, `[{"scheme":"a","value":"1"},{"scheme":"a","value":"2"}]`))
		case f.Name == "versions":
			n.Set(f.Name, g.one(`[]`, `[{"publishedAt":"2024-11-08T10:00:00Z"}]`, `[{"published":"2024-11-08/2024-11-10","note":"first"},{"publishedAt":"2024-11-11T11:00:00Z","note":"a: b"}]`, `[{"note":"lost"},{"published":"2024-11-08"}]`, `[{"published":"2024-11-08"}]`))
		}
	}
	for _, f := range k.Fields { // what goes with what
		if f.Name == "date.basis" && n.Get("date.edtf") == nil || f.Name == "period.basis" && n.Get("period.edtf") == nil {
			n.Set(f.Name, nil)
		}
		if f.Needed && f.Member == "" && n.Values[f.Position] == nil && place && f.Name != "place.ncdd" && f.Name[:6] == "place." {
			n.Set(f.Name, map[bool]any{true: "NEAR", false: "Poipet"}[f.Type == graph.Enum])
		}
	}
	if k.Name == "Statement" {
		n.Set("stance", nil)
		if g.chance(50) {
			n.Set("kind", g.one("DENIAL", "CONFIRMATION", "CLAIM")).Set("stance", g.one("DENIES", "AFFIRMS"))
		}
	}
	if k.Name == "Source" {
		g.source(n)
	}
	g.nodes[k] = append(g.nodes[k], n)
	g.records = append(g.records, n)
}

func (g *generator) source(n *graph.Node) {
	if len(g.seen) == 0 || g.chance(60) {
		n.Set("seen", true)
		g.seen = append(g.seen, n.ID)
		return
	}
	n.Set("seen", false)
	g.unseen = append(g.unseen, n.ID)
}

// cite joins what cites to some chains.
func (g *generator) cite(id string) {
	for chain := range 1 + g.IntN(2) {
		var hops []string
		if len(g.unseen) > 0 && g.chance(40) {
			hops = append(hops, g.one(g.unseen...))
		}
		hops = append(hops, g.one(g.seen...))
		for hop, source := range hops {
			e := graph.NewEdge(model().Graph.Relation("CITES"), id, source).Set("chain", int64(chain)).Set("hop", int64(hop)).Set("verb", g.one("SAID", "QUOTED", "CITED", "PARAPHRASED"))
			if g.chance(30) {
				e.Set("hedge", g.text())
			}
			if g.chance(30) {
				e.Set("locator", g.text())
			}
			g.records = append(g.records, e)
		}
	}
}

func (g *generator) any(kinds ...*graph.Kind) string {
	for {
		nodes := g.nodes[kinds[g.IntN(len(kinds))]]
		if len(nodes) > 0 {
			return nodes[g.IntN(len(nodes))].ID
		}
	}
}

func (g *generator) claim(id string) {
	s := model().Graph
	n := graph.NewNode(s.Kind("Claim"), id)
	edge := func(typ, to string) { g.records = append(g.records, graph.NewEdge(s.Relation(typ), id, to)) }
	subject := g.any(s.Kind("Raid"), s.Kind("Raid"), s.Kind("Repatriation"), s.Kind("Compound"), s.Kind("Source"), s.Kind("Statement"), s.Kind("Agency"))
	g.records = append(g.records, n)
	switch g.IntN(8) {
	case 0, 1, 2:
		n.Set("property", "figure").Set("measure", g.one("FOUND", "DETAINED")).Set("value.type", "Count").Set("value.raw", g.one("606", "about 200", "words")).
			Set("value.mode", "EXACT").Set("value.value", int64(g.IntN(700)))
		if g.chance(30) {
			n.Set("facets.sex", g.one("FEMALE", "MALE"))
		}
		if g.chance(20) {
			n.Set("facets.minor", g.chance(50))
		}
		if g.chance(20) {
			edge("OF_NATIONALITY", g.any(s.Kind("Nationality")))
		}
	case 3:
		n.Set("property", "nationality").Set("value.type", "Reference")
		edge("REFERS_TO", g.any(s.Kind("Nationality")))
		if g.chance(80) {
			n.Set("share", g.one("ALL", "MOSTLY", "INCLUDING"))
		}
	case 4:
		n.Set("property", "outcome").Set("value.type", "Text").Set("value.text", g.one("DETAINED", "RELEASED"))
	case 5:
		n.Set("property", g.one("date", "active", "period")).Set("value.type", "Period").Set("value.edtf", g.date())
	case 6:
		n.Set("property", g.one("participant", "province", "compound", "owner")).Set("value.type", "Reference").Set("role", g.one("LEAD", "A_B"))
		edge("REFERS_TO", g.any(s.Kind("Agency"), s.Kind("Province"), s.Kind("Compound")))
	default:
		n.Set("property", g.one("name", "form", "country", "screening-of", "a")).Set("value.type", "Text").Set("value.text", g.text())
	}
	edge("SUBJECT", subject)
	if g.chance(60) {
		edge("SAID_BY", g.any(s.Kind("Agency"), s.Kind("Outlet"), s.Kind("Group")))
	}
	if g.chance(30) {
		n.Set("saidOn.edtf", g.date()).Set("saidOn.basis", g.one("STATED", "INFERRED"))
	}
	if g.chance(50) {
		n.Set(graph.PublishedAt, g.time())
	}
	if g.chance(10) {
		n.Set(graph.RetractedAt, g.time())
	}
	if g.chance(20) {
		n.Set("exhaustive", g.chance(50))
	}
	if claims := g.nodes[n.Kind]; len(claims) > 0 {
		if g.chance(30) {
			edge("PART_OF", g.any(n.Kind))
		}
		if g.chance(10) {
			edge("SUPERSEDES", g.any(n.Kind))
		}
	}
	g.cite(id)
	g.nodes[n.Kind] = append(g.nodes[n.Kind], n)
}

// judgement judges two records, or withdraws the first judgement.
func (g *generator) judgement(id string) {
	s := model().Graph
	n := graph.NewNode(s.Kind("Judgement"), id).Set("verdict", g.one("SAME", "NOT_SAME")).Set("reason", g.text())
	k := s.Kind(g.one("Compound", "Raid", "Agency"))
	record, other := g.any(k), g.any(k)
	if record == other || g.agree && (g.judged[record] || g.judged[other]) {
		return
	}
	if g.judged == nil {
		g.judged = map[string]bool{}
	}
	g.judged[record], g.judged[other] = true, true
	n.Set("record", record).Set("other", other)
	edge := func(typ, to string) { g.records = append(g.records, graph.NewEdge(s.Relation(typ), id, to)) }
	g.records = append(g.records, n)
	if earlier := g.nodes[n.Kind]; len(earlier) > 0 && g.chance(50) {
		n.Set("verdict", "WITHDRAWN").Set("record", earlier[0].Get("record")).Set("other", earlier[0].Get("other"))
		edge("WITHDRAWS", earlier[0].ID)
	}
	if g.chance(50) {
		edge("SAID_BY", g.any(s.Kind("Agency"), s.Kind("Outlet")))
	}
	g.nodes[n.Kind] = append(g.nodes[n.Kind], n)
}
