package gql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// saidTallies reads the claims in force that count people and are about statements about events. Whom they count is what the statements
// are about, together: they are figures of none of it.
type saidTallies struct {
	statements, claims *bound
	object             *object
}

func (p *planner) saidTallies(events *selection, sets []ast.SelectionSet) *saidTallies {
	statements := events.related("statements", events.relation("Event", "statements"))
	claims := p.claimsOf(statements, "tallies", p.isFigure())
	claims.id()
	return &saidTallies{statements.bound("statements about one node"), claims.bound("claims about one statement"), p.objectOf(claims, p.model.Types["Claim"], sets)}
}

// add adds those of an event.
func (s *saidTallies) add(t *tallySources, event graph.Row) {
	for _, statement := range s.statements.rows(event) {
		for _, claim := range s.claims.rows(statement) {
			t.add(text(claim[s.claims.id()]), claim, s.object)
		}
	}
}

// tallySources are tallies from several selects, each once, by id.
type tallySources struct {
	ids []string
	of  map[string]*source
}

func (t *tallySources) add(id string, claim graph.Row, object *object) {
	if t.of == nil {
		t.of = map[string]*source{}
	}
	if t.of[id] == nil {
		t.ids, t.of[id] = append(t.ids, id), &source{row: claim, as: object}
	}
}

func (t *tallySources) sources() []*source {
	slices.Sort(t.ids)
	return sourceEach(t.ids, func(i int) *source { return t.of[t.ids[i]] })
}

// raidsTallies plans RaidsAccounting.tallies.
func (p *planner) raidsTallies(a *eventFigures, c *collected, f *field) {
	said, own := p.saidTallies(a.events.selection, c.selections()), p.objectOf(a.reading.sel, p.model.Types["Claim"], c.selections())
	part(f, own, func(v raidsAccountingValue) any {
		var t tallySources
		for _, i := range v.Tallies {
			t.add(text(v.claims[i][a.reading.id]), v.claims[i], own)
		}
		for _, raid := range v.raids {
			said.add(&t, raid)
		}
		return t.sources()
	})
}

// raidTallies plans Accounting.tallies: what was said of the raid and others, totals about other nodes of which claims about the raid are
// parts, and claims about the raid that have parts about others.
func (p *planner) raidTallies(fc *figureClaims, c *collected, f *field) {
	raid, claim := fc.sel.up, p.model.Types["Claim"]
	said, own := p.saidTallies(raid, c.selections()), p.objectOf(fc.sel, claim, c.selections())
	totals := fc.sel.related("totals", fc.sel.relation("Claim", "partOf"))
	totals.sel.Where = and(p.inForce())
	totalID, totalSubject, total := totals.id(), totals.farID("subject", totals.relation("Claim", "subject")), p.objectOf(totals, claim, c.selections())
	parts := fc.sel.related("parts", fc.sel.relation("Claim", "parts")).bound("parts of one claim")
	parts.sel.Where = standing()
	partSubject, id := parts.farID("subject", parts.relation("Claim", "subject")), raid.id()
	part(f, own, func(v accountingValue) any {
		var t tallySources
		said.add(&t, v.raid)
		elsewhere := func(subject *selection, claim graph.Row) bool { return subject.oneID(claim) != v.raid[id] }
		for _, row := range v.rows {
			if row[fc.retracted] != nil {
				continue
			}
			for _, above := range totals.rows(row) {
				if elsewhere(totalSubject, above) {
					t.add(text(above[totalID]), above, total)
				}
			}
			if len(fc.supersededBy.rows(row)) == 0 && slices.ContainsFunc(parts.rows(row), func(part graph.Row) bool { return elsewhere(partSubject, part) }) {
				t.add(text(row[fc.id]), row, own)
			}
		}
		return t.sources()
	})
}
