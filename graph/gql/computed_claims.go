package gql

import (
	"slices"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// participantClaims plans the claims behind an edge to a participant: those of the event around it that name the actor
// in this role.
func (p *planner) participantClaims(at scope, _ *schema.Field, c *collected, f *field) {
	claims := p.claimsOf(at.sel.up, "participant", p.propertyIs("participant"))
	role := claims.node("role", graph.String)
	edgeRole := at.sel.slot(graph.FieldRef{Owner: graph.OfEdge, Name: "role", Type: graph.Enum})
	p.referringClaims(at, claims, c, f, func(claim graph.Row, edge graph.Row) bool {
		return claim[role] == nil || claim[role] == edge[edgeRole]
	})
}

// nationalityClaims plans the claims behind an edge to a nationality: those of the event around it that name the
// nationality, with a number or without.
func (p *planner) nationalityClaims(at scope, _ *schema.Field, c *collected, f *field) {
	claims := p.claimsOf(at.sel.up, "nationality", &graph.Cond{Op: graph.Or, Of: []*graph.Cond{
		p.propertyIs("nationality"),
		{Op: graph.Some, Via: &graph.Via{Relation: p.model.Graph.Relation("OF_NATIONALITY"), Out: true, One: true},
			Kinds: p.model.Types["Nationality"].Kinds},
	}})
	p.referringClaims(at, claims, c, f, func(graph.Row, graph.Row) bool { return true })
}

// referringClaims plans claims of the event around an edge that refer to the edge's node, by their value or their facets.
func (p *planner) referringClaims(at scope, claims *selection, c *collected, f *field, keep func(claim, edge graph.Row) bool) {
	refers := claims.farID("refersTo", claims.relation("Reference", "node"))
	nationality := claims.farID("nationality", claims.relation("Facets", "nationality"))
	id := at.sel.id()
	f.object = p.objectOf(claims, p.model.Types["Claim"], c.selections())
	f.values = func(_ []any, src *source) any {
		var out []*source
		for _, claim := range claims.rows(src.up.row) {
			if node := src.row[id]; (refers.oneID(claim) == node || nationality.oneID(claim) == node) && keep(claim, src.row) {
				out = append(out, &source{row: claim})
			}
		}
		return out
	}
}

// screening plans Raid.screening: the status from the claims on it, and the claims and statements as connections.
func (p *planner) screening(at scope, _ *schema.Field, c *collected, f *field) {
	claims := p.claimsOf(at.sel, "screening", p.propertyIs("screening"))
	id, status, published := claims.id(), claims.node("value.text", graph.String), claims.node(graph.PublishedAt, graph.DateTime)
	from, to := claims.node("saidOn.from", graph.Date), claims.node("saidOn.to", graph.Date)
	saidBy := claims.farID("saidBy", claims.relation("Claim", "saidBy"))
	t := p.model.Types["Screening"]
	f.how = howSame
	f.object = p.computedObject("Screening", c.selections(), func(name string, c *collected, f *field) {
		switch name {
		case "status":
			f.how = howComputed
			f.values = func(_ []any, src *source) any {
				var out []graph.ScreeningClaim
				for _, row := range claims.rows(src.row) {
					s := graph.ScreeningClaim{ID: text(row[id]), Status: graph.ScreeningStatus(text(row[status])),
						SaidBy: saidBy.oneID(row), SaidOn: text(row[to]), PublishedAt: text(row[published])}
					if s.SaidOn == "" {
						s.SaidOn = text(row[from])
					}
					out = append(out, s)
				}
				return string(graph.ScreeningOf(out))
			}
		case "claims":
			p.connection(at, t.Field(name).Relation, c, f, func(*selection) *graph.Cond { return p.propertyIs("screening") })
		case "statements":
			p.connection(at, t.Field(name).Relation, c, f, func(*selection) *graph.Cond {
				return &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: "topic", Type: graph.Enum}, Arg: p.constant("SCREENING")}
			})
		}
	})
}

type outcomeValue struct {
	kind string
	rows []graph.Row
}

// outcomes plans Raid.outcomes: the claims on what became of people and site, by what it was.
func (p *planner) outcomes(at scope, _ *schema.Field, c *collected, f *field) {
	claims := p.claimsOf(at.sel, "outcome", p.propertyIs("outcome"))
	kind := claims.node("value.text", graph.String)
	f.object = p.computedObject("Outcome", c.selections(), func(name string, c *collected, f *field) {
		switch name {
		case "kind":
			scalar(f, leafString, func(v *outcomeValue) any { return v.kind })
		case "claims":
			part(f, p.objectOf(claims, p.model.Types["Claim"], c.selections()), func(v *outcomeValue) any { return sourcesOf(v.rows) })
		}
	})
	var known []string
	for _, v := range p.model.Enums["OutcomeKind"].EnumValues {
		known = append(known, v.Name)
	}
	f.values = func(_ []any, src *source) any {
		by := map[string][]graph.Row{}
		for _, row := range claims.rows(src.row) {
			by[text(row[kind])] = append(by[text(row[kind])], row)
		}
		var out []*source
		for _, k := range known {
			if len(by[k]) > 0 {
				out = append(out, &source{value: &outcomeValue{k, by[k]}})
			}
		}
		return out
	}
}

// corroboration plans Claim.corroboration: over the chains of this claim and of those that say the same of the same
// subject.
func (p *planner) corroboration(at scope, _ *schema.Field, c *collected, f *field) {
	own := p.sayings(at.sel)
	subject := at.sel.farID("subject", at.sel.relation("Claim", "subject"))
	others := p.claimsOf(subject, "agreeing", &graph.Cond{Op: graph.And})
	agreeing := p.sayings(others)
	f.object = p.computedObject("Corroboration", c.selections(), func(name string, c *collected, f *field) {
		scalar(f, leafInt, func(v graph.Corroboration) any {
			switch name {
			case "documents":
				return int64(v.Documents)
			case "origins":
				return int64(v.Origins)
			}
			return int64(v.UnknownOrigins)
		})
	})
	f.values = func(_ []any, src *source) any {
		said := []graph.Testimony{own.testimony(src.row)}
		for _, s := range subject.rows(src.row) {
			for _, claim := range others.rows(s) {
				if claim[agreeing.id] != src.row[own.id] && own.same(src.row, agreeing, claim) {
					said = append(said, agreeing.testimony(claim))
				}
			}
		}
		return &source{value: graph.Corroborate(said)}
	}
}

// sayings reads what a claim says, who says it, and by which documents.
type sayings struct {
	id, speakerKind, sourceID          int
	what                               []int
	nationality, refers, saidBy, cites *selection
}

func (p *planner) sayings(s *selection) *sayings {
	y := &sayings{id: s.id(),
		nationality: s.farID("nationality", s.relation("Facets", "nationality")),
		refers:      s.farID("refersTo", s.relation("Reference", "node")),
		saidBy:      s.once("speaker", func() *selection { return s.related("saidBy", s.relation("Claim", "saidBy")) }),
		cites:       s.once("sources", func() *selection { return s.related("sources", s.relation("Claim", "citations")) }),
	}
	y.saidBy.id()
	y.speakerKind = y.saidBy.slot(graph.FieldRef{Owner: graph.OfKind})
	y.sourceID = y.cites.id()
	for _, f := range p.model.Graph.Kind("Claim").Fields {
		switch f.Name {
		case "property", "measure", "facets.sex", "facets.minor", "share", "role", "value.type", "value.text", "value.mode",
			"value.value", "value.min", "value.max", "value.edtf":
			y.what = append(y.what, s.node(f.Name, f.Type))
		}
	}
	return y
}

// same says whether two claims about one subject say the same.
func (y *sayings) same(row graph.Row, other *sayings, otherRow graph.Row) bool {
	for i := range y.what {
		if row[y.what[i]] != otherRow[other.what[i]] {
			return false
		}
	}
	return y.nationality.oneID(row) == other.nationality.oneID(otherRow) && y.refers.oneID(row) == other.refers.oneID(otherRow)
}

func (y *sayings) testimony(row graph.Row) graph.Testimony {
	t := graph.Testimony{SaidBy: y.saidBy.oneID(row)}
	if rows := y.saidBy.rows(row); len(rows) > 0 {
		t.Named = rows[0][y.speakerKind] != "Group"
	}
	t.Sources = distinctIDs(y.cites.rows(row), y.sourceID)
	return t
}

// distinctIDs are the ids in a place of some rows, each once, in order.
func distinctIDs(rows []graph.Row, slot int) []string {
	var ids []string
	for _, row := range rows {
		ids = append(ids, text(row[slot]))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// supersededBy plans Claim.supersededBy: the first of the claims that correct this one.
func (p *planner) supersededBy(at scope, d *schema.Field, c *collected, f *field) {
	r := at.sel.relation("Claim", "supersededByAll")
	child := at.sel.once(shareKey(r, c), func() *selection { return at.sel.related(c.key, r) })
	p.from(child, at)
	child.sel.Page.Limit = p.constant(int64(1))
	f.how, f.object = howOne, p.objectOf(child, d.Object, c.selections())
	p.later(f, child)
}
