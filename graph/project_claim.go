package graph

import (
	"cmp"
	"maps"
	"slices"
)

// claimReading reads the claims about an event of which figures and nationalities are made. The plan's second argument is
// propertyNationality.
type claimReading struct {
	claims *reading

	property, measure, sex, minor, share, exhaustive int
	raw, mode, value, min, max                       int
	saidFrom, saidTo, publishedAt, retractedAt       int
	chain                                            int

	facet, refers, partOf, corrections, cites *reading
}

// namedNationality is a claim that people of a nationality were there, without a number.
type namedNationality struct {
	nationality string
	share       NationalityShare
}

// NationalityShare says how many of the people a nationality is, where no number is given.
type NationalityShare string

// The shares, the most telling first.
const (
	ShareAll       NationalityShare = "ALL"
	ShareMostly    NationalityShare = "MOSTLY"
	ShareIncluding NationalityShare = "INCLUDING"
)

func newClaimReading(s *Schema, event *reading) *claimReading {
	claim, nationality := s.Kind(kindClaim), s.Kind(kindNationality)
	c := event.in(s.Relation(relSubject), claim)
	c.sel.Where = &Cond{Op: Or, Of: []*Cond{isSet(claim, "measure"), equals(claim, "property", 1)}}
	r := &claimReading{claims: c,
		property: c.field("property"), measure: c.field("measure"), sex: c.field("facets.sex"), minor: c.field("facets.minor"),
		share: c.field("share"), exhaustive: c.field("exhaustive"),
		raw: c.field("value.raw"), mode: c.field("value.mode"), value: c.field("value.value"), min: c.field("value.min"), max: c.field("value.max"),
		saidFrom: c.field("saidOn.from"), saidTo: c.field("saidOn.to"), publishedAt: c.field(PublishedAt), retractedAt: c.field(RetractedAt),
		facet:       c.out(s.Relation(relNationality), nationality),
		refers:      c.out(s.Relation(relRefersTo), nationality),
		partOf:      c.out(s.Relation(relPartOf), claim),
		corrections: c.in(s.Relation(relSupersedes), claim),
	}
	cites := s.Relation(relCites)
	r.cites = c.out(cites, cites.Far(claim, true)...).keyed()
	r.chain = r.cites.prop("chain")
	return r
}

// read makes the claims of the rules from the rows below an event's: those that count, and those that name a nationality.
func (r *claimReading) read(event Row) (figures []FigureClaim, named []namedNationality) {
	for _, row := range r.claims.rows(event) {
		superseded, retracted := len(r.corrections.rows(row)) > 0, row[r.retractedAt] != nil
		if row[r.measure] == nil {
			nationality := cmp.Or(r.refers.id(row), r.facet.id(row))
			if nationality != "" && !superseded && !retracted {
				named = append(named, namedNationality{nationality, NationalityShare(text(row[r.share]))})
			}
			continue
		}
		c := FigureClaim{ID: rowID(row), Measure: Measure(text(row[r.measure])),
			Facets: Facets{Nationality: r.facet.id(row), Sex: text(row[r.sex])},
			Count: Count{Raw: text(row[r.raw]), Mode: CountMode(text(row[r.mode])),
				Value: numberOf(row[r.value]), Min: numberOf(row[r.min]), Max: numberOf(row[r.max])},
			SaidOn:      cmp.Or(text(row[r.saidTo]), text(row[r.saidFrom])),
			PublishedAt: text(row[r.publishedAt]), PartOf: r.partOf.id(row), Hops: shortestChain(r.cites.rows(row), r.chain),
			Superseded: superseded, Retracted: retracted,
		}
		if minor, ok := row[r.minor].(bool); ok {
			c.Facets.Minor = &minor
		}
		if exhaustive, ok := row[r.exhaustive].(bool); ok {
			c.Exhaustive = map[bool]string{true: "YES", false: "NO"}[exhaustive]
		}
		figures = append(figures, c)
	}
	return figures, named
}

// shortestChain is the number of hops of the shortest chain of citations.
func shortestChain(hops []Row, chain int) int {
	if len(hops) == 0 {
		return 0
	}
	lengths := map[any]int{}
	for _, hop := range hops {
		lengths[hop[chain]]++
	}
	return slices.Min(slices.Collect(maps.Values(lengths)))
}

// involvedShares are the nationalities among the people of a raid, each with its share or nil: those that a claim of the
// property nationality names, and those that a standing claim counts, unless it counts nobody. Where claims differ, the
// most telling share stands: ALL before MOSTLY before INCLUDING before none. It does not matter who said it last: a share is no
// measurement that the next one replaces, and whoever withdraws it does so by a claim that supersedes.
func involvedShares(claims []FigureClaim, named []namedNationality) map[string]any {
	shares := map[string]any{}
	for _, c := range claims {
		nobody := c.Count.Max != nil && *c.Count.Max == 0
		if c.Facets.Nationality != "" && !c.Superseded && !c.Retracted && !nobody {
			shares[c.Facets.Nationality] = nil
		}
	}
	for _, n := range named {
		if now, known := shares[n.nationality]; !known || n.share.tellsMore(now) {
			shares[n.nationality] = nil
			if n.share != "" {
				shares[n.nationality] = string(n.share)
			}
		}
	}
	return shares
}

// tellsMore says whether the share is more telling than a stored one, which may be nil.
func (s NationalityShare) tellsMore(stored any) bool {
	rank := func(s NationalityShare) int {
		return slices.Index([]NationalityShare{"", ShareIncluding, ShareMostly, ShareAll}, s)
	}
	return rank(s) > rank(NationalityShare(text(stored)))
}

// sortedIDs are the keys of a set in order.
func sortedIDs[V any](set map[string]V) []string { return slices.Sorted(maps.Keys(set)) }
