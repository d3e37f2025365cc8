package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

type activityValue struct {
	days        graph.Interval
	raid, claim graph.Row
}

// activity plans Compound.activity: the claims of activity after a raid, each with the raid.
func (p *planner) activity(at scope, _ *schema.Field, c *collected, f *field) {
	raids := at.sel.related(c.key, at.sel.relation("Compound", "raids"))
	raidID, date := raids.id(), p.period(raids, "date")
	claims := at.sel.related(c.key, at.sel.relation("Event", "claims"))
	claims.sel.Where = p.propertyIs("active")
	claimID, published, retracted := claims.id(), claims.node(graph.PublishedAt, graph.DateTime), claims.node(graph.RetractedAt, graph.DateTime)
	valueType, value, saidOn := claims.node("value.type", graph.Enum), p.period(claims, "value"), p.period(claims, "saidOn")
	superseded := claims.related("supersededBy", claims.relation("Claim", "supersededByAll"))
	superseded.sel.Page.Limit = p.constant(int64(1))
	readRaids, readClaims := raids.bound("raids on one compound"), claims.bound("claims about one node")
	f.object = p.activityObject(raids, claims, c.selections())
	f.values = func(_ []any, src *source) any {
		raidRows, claimRows := readRaids.rows(src.row), readClaims.rows(src.row)
		raided := make([]graph.RaidedCompound, len(raidRows))
		for i, row := range raidRows {
			raided[i] = graph.RaidedCompound{Raid: text(row[raidID]), Date: date(row)}
		}
		seen := make([]graph.ActivityClaim, len(claimRows))
		for i, row := range claimRows {
			seen[i] = graph.ActivityClaim{ID: text(row[claimID]), When: saidOn(row), PublishedAt: text(row[published]),
				Superseded: len(superseded.rows(row)) > 0, Retracted: row[retracted] != nil}
			if row[valueType] == "Period" {
				seen[i].When = value(row)
			}
		}
		var out []*source
		for _, a := range graph.ActiveAfterRaids(raided, seen) {
			out = append(out, &source{value: activityValue{a.Days, raidRows[a.Raid], claimRows[a.Activity]}})
		}
		return out
	}
}

// period reads a stored Period.
func (p *planner) period(s *selection, name string) func(row graph.Row) graph.Period {
	edtf, from := s.node(name+".edtf", graph.String), s.node(name+".from", graph.Date)
	to, basis := s.node(name+".to", graph.Date), s.node(name+".basis", graph.Enum)
	return func(row graph.Row) graph.Period {
		return graph.Period{EDTF: text(row[edtf]), From: text(row[from]), To: text(row[to]), Basis: graph.DateBasis(text(row[basis]))}
	}
}

func (p *planner) activityObject(raids, claims *selection, sets []ast.SelectionSet) *object {
	return p.computedObject("Activity", sets, func(name string, c *collected, f *field) {
		switch name {
		case "raid":
			part(f, p.objectOf(raids, p.model.Types["Raid"], c.selections()), func(v activityValue) any { return &source{row: v.raid} })
		case "claim":
			part(f, p.objectOf(claims, p.model.Types["Claim"], c.selections()), func(v activityValue) any { return &source{row: v.claim} })
		case "days":
			part(f, p.band(c.selections()), func(v activityValue) any { return intervalSource(&v.days) })
		}
	})
}
