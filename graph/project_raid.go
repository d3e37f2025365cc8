package graph

import (
	"context"
	"slices"
)

// raidProjection makes RAIDED, from each agency that took part in a raid to each compound it was directed at, one for each
// role.
type raidProjection struct {
	raided *Relation

	plan                      *Plan
	from, to, retracted, role int
	targets, part             *reading
}

func newRaidProjection(s *Schema) *raidProjection {
	p := &raidProjection{raided: s.Relation(relRaided)}
	r := readByID(s.Kind(kindRaid))
	p.from, p.to, p.retracted = r.field("date.from"), r.field("date.to"), r.field(RetractedAt)
	p.targets = r.out(s.Relation(relTargeted), s.Kind(kindCompound))
	p.part = r.in(s.Relation(relParticipated), s.Kind(kindAgency)).keyed()
	p.role = p.part.prop("role")
	p.plan = r.plan(1)
	return p
}

// run finds what differs for some raids, and calls target for the compounds they were directed at.
func (p *raidProjection) run(ctx context.Context, w *projecting, ids []string, target func(compound string)) error {
	rows, err := ask(ctx, w.tx, p.plan, idList(ids))
	if err != nil {
		return err
	}
	for _, row := range rows {
		for _, e := range p.of(row) {
			w.edges = append(w.edges, e)
		}
		if w.applying && row[p.retracted] != nil {
			for _, e := range p.all(row) {
				w.gone = append(w.gone, e)
			}
		}
		for _, c := range p.targets.ids(row) {
			target(c)
		}
	}
	return nil
}

// of is what should be there for a raid: nothing for one that was retracted.
func (p *raidProjection) of(row Row) []*Edge {
	if row[p.retracted] != nil {
		return nil
	}
	return p.all(row)
}

func (p *raidProjection) all(row Row) []*Edge {
	var raided []*Edge
	for _, agency := range p.part.rows(row) {
		for _, compound := range p.targets.ids(row) {
			raided = append(raided, NewEdge(p.raided, rowID(agency), compound).Set("raidId", rowID(row)).
				Set("role", agency[p.role]).Set("from", row[p.from]).Set("to", row[p.to]))
		}
	}
	return raided
}

// stale gives those of RAIDED that no raid stands behind.
func (p *raidProjection) stale(ctx context.Context, tx Tx, found []*Edge) ([]Record, error) {
	return staleEdges(found, "raidId", func(ids []string) ([]*Edge, error) {
		rows, err := ask(ctx, tx, p.plan, idList(ids))
		var should []*Edge
		for _, row := range rows {
			should = append(should, p.of(row)...)
		}
		return should, err
	})
}

// returnProjection makes REPATRIATED, from each embassy that took part in a repatriation to the nationality of the people.
type returnProjection struct {
	repatriated *Relation

	plan                *Plan
	from, to, retracted int
	nationality, part   *reading
}

func newReturnProjection(s *Schema) *returnProjection {
	p := &returnProjection{repatriated: s.Relation(relRepatriated)}
	r := readByID(s.Kind(kindRepatriation))
	p.from, p.to, p.retracted = r.field("date.from"), r.field("date.to"), r.field(RetractedAt)
	p.nationality = r.out(s.Relation(relNationality), s.Kind(kindNationality))
	p.part = r.in(s.Relation(relParticipated), s.Kind(kindEmbassy))
	p.plan = r.plan(1)
	return p
}

// run finds what differs for some repatriations. before are nationalities that a repatriation had until now.
func (p *returnProjection) run(ctx context.Context, w *projecting, ids []string, before map[string][]string) error {
	rows, err := ask(ctx, w.tx, p.plan, idList(ids))
	if err != nil {
		return err
	}
	for _, row := range rows {
		for _, e := range p.of(row) {
			w.edges = append(w.edges, e)
		}
		if w.applying && row[p.retracted] != nil {
			for _, e := range p.all(row) {
				w.gone = append(w.gone, e)
			}
		}
		for _, nationality := range before[rowID(row)] {
			if nationality == p.nationality.id(row) {
				continue
			}
			for _, embassy := range p.part.ids(row) {
				w.gone = append(w.gone, NewEdge(p.repatriated, embassy, nationality).Set("repatriationId", rowID(row)))
			}
		}
	}
	return nil
}

// of is what should be there for a repatriation: nothing for one that was retracted.
func (p *returnProjection) of(row Row) []*Edge {
	if row[p.retracted] != nil {
		return nil
	}
	return p.all(row)
}

func (p *returnProjection) all(row Row) []*Edge {
	nationality := p.nationality.id(row)
	if nationality == "" {
		return nil
	}
	var repatriated []*Edge
	for _, embassy := range p.part.ids(row) {
		repatriated = append(repatriated, NewEdge(p.repatriated, embassy, nationality).Set("repatriationId", rowID(row)).
			Set("from", row[p.from]).Set("to", row[p.to]))
	}
	return repatriated
}

// stale gives those of REPATRIATED that no repatriation stands behind.
func (p *returnProjection) stale(ctx context.Context, tx Tx, found []*Edge) ([]Record, error) {
	return staleEdges(found, "repatriationId", func(ids []string) ([]*Edge, error) {
		rows, err := ask(ctx, tx, p.plan, idList(ids))
		var should []*Edge
		for _, row := range rows {
			should = append(should, p.of(row)...)
		}
		return should, err
	})
}

// propertyActive is the property of claims that a compound was seen to operate.
const propertyActive = "active"

// activeProjection sets Compound.activeAfterRaid: true where a claim of activity is certainly later than a raid, false where
// there was a raid and no such claim is known, null where no raid is known. The time of a claim is its value, where that is
// a period, and otherwise when it was said; it is certainly later where its first day is after the raid's last.
type activeProjection struct {
	compound *Kind

	plan                     *Plan
	first                    int // of the fields of the compound
	raidTo                   int
	value, valueFrom, saidOn int
	raids, claims            *reading
}

func newActiveProjection(s *Schema) *activeProjection {
	p := &activeProjection{compound: s.Kind(kindCompound)}
	claim := s.Kind(kindClaim)
	r := readByID(p.compound)
	p.first = r.fields()
	p.raids = r.in(s.Relation(relTargeted), s.Kind(kindRaid)).where(isNull(s.Kind(kindRaid), RetractedAt))
	p.raidTo = p.raids.field("date.to")
	p.claims = r.in(s.Relation(relSubject), claim).where(
		equals(claim, "property", 1), isNull(claim, RetractedAt), noneFrom(s.Relation(relSupersedes), claim))
	p.value, p.valueFrom, p.saidOn = p.claims.field("value.type"), p.claims.field("value.from"), p.claims.field("saidOn.from")
	p.plan = r.plan(2)
	return p
}

func (p *activeProjection) run(ctx context.Context, w *projecting, ids []string) error {
	rows, err := ask(ctx, w.tx, p.plan, idList(ids), propertyActive)
	if err != nil {
		return err
	}
	for _, row := range rows {
		n := nodeOf(p.compound, row, p.first)
		if active := p.of(row); n.Get("activeAfterRaid") != active {
			w.nodes = append(w.nodes, n.Set("activeAfterRaid", active))
		}
	}
	return nil
}

func (p *activeProjection) of(row Row) any {
	var raids, seen []string
	for _, raid := range p.raids.rows(row) {
		raids = append(raids, text(raid[p.raidTo]))
	}
	for _, claim := range p.claims.rows(row) {
		day := claim[p.saidOn]
		if claim[p.value] == "Period" {
			day = claim[p.valueFrom]
		}
		seen = append(seen, text(day))
	}
	return activeAfter(raids, seen)
}

// activeAfter says whether a compound was active on one of the days seen after the last day of one of its raids; nil without
// raids. An empty day is open or unknown.
func activeAfter(raids, seen []string) any {
	if len(raids) == 0 {
		return nil
	}
	raids = slices.DeleteFunc(slices.Clone(raids), func(day string) bool { return day == "" })
	if len(raids) == 0 {
		return false
	}
	earliest := slices.Min(raids)
	return slices.ContainsFunc(seen, func(day string) bool { return day > earliest })
}
