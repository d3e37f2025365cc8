package graph

import (
	"context"
	"slices"
)

// statementProjection makes STATED, from the speaker of a statement to what it is about, and SPEAKS_FOR, from a statement to
// the agency it speaks for.
type statementProjection struct {
	stated, speaksFor *Relation

	plan                             *Plan
	kind, from, to, retracted        int
	speakerKind                      int
	speaker, office, at, about, says *reading
}

func newStatementProjection(s *Schema) *statementProjection {
	p := &statementProjection{stated: s.Relation(relStated), speaksFor: s.Relation(relSpeaksFor)}
	statement, agency := s.Kind(kindStatement), s.Kind(kindAgency)
	r := readByID(statement)
	p.kind, p.from, p.to, p.retracted = r.field("kind"), r.field("date.from"), r.field("date.to"), r.field(RetractedAt)
	madeBy, about := s.Relation(relMadeBy), s.Relation(relAbout)
	p.speaker = r.out(madeBy, madeBy.Far(statement, true)...)
	p.speakerKind = p.speaker.slot(FieldRef{Owner: OfKind})
	p.office = r.out(s.Relation(relInCapacity), s.Kind(kindOffice))
	p.at = p.office.out(s.Relation(relAt), agency)
	p.about = r.out(about, about.Far(statement, true)...)
	p.says = r.out(p.speaksFor, agency)
	p.plan = r.plan(1)
	return p
}

// run finds what differs for some statements. before are speakers that a statement had until now.
func (p *statementProjection) run(ctx context.Context, w *projecting, ids []string, before map[string][]string) error {
	rows, err := ask(ctx, w.tx, p.plan, idList(ids))
	if err != nil {
		return err
	}
	for _, row := range rows {
		stated, agency := p.of(row)
		for _, e := range stated {
			w.edges = append(w.edges, e)
		}
		if w.applying && row[p.retracted] != nil {
			for _, e := range p.all(row) {
				w.gone = append(w.gone, e)
			}
		}
		if now := p.says.id(row); now != agency {
			if agency == "" {
				w.gone = append(w.gone, NewEdge(p.speaksFor, rowID(row), now))
			} else {
				w.edges = append(w.edges, NewEdge(p.speaksFor, rowID(row), agency))
			}
		}
		for _, speaker := range before[rowID(row)] {
			if speaker == p.speaker.id(row) {
				continue
			}
			for _, about := range p.about.ids(row) {
				w.gone = append(w.gone, NewEdge(p.stated, speaker, about).Set("statementId", rowID(row)))
			}
		}
	}
	return nil
}

// of is what should be there for a statement: STATED to everything it is about, and the agency it speaks for, which is the
// speaker, or else the agency of the office it is made in; empty where there is none.
// There is nothing for one that was retracted.
func (p *statementProjection) of(row Row) (stated []*Edge, agency string) {
	speaker := p.speaker.id(row)
	if speaker == "" || row[p.retracted] != nil {
		return nil, ""
	}
	stated = p.all(row)
	if p.speaker.rows(row)[0][p.speakerKind] == kindAgency {
		return stated, speaker
	}
	if office := p.office.rows(row); len(office) > 0 {
		return stated, p.at.id(office[0])
	}
	return stated, ""
}

func (p *statementProjection) all(row Row) (stated []*Edge) {
	for _, about := range p.about.ids(row) {
		stated = append(stated, NewEdge(p.stated, p.speaker.id(row), about).Set("statementId", rowID(row)).
			Set("kind", row[p.kind]).Set("from", row[p.from]).Set("to", row[p.to]))
	}
	return stated
}

// stale gives those of STATED that no statement stands behind.
func (p *statementProjection) stale(ctx context.Context, tx Tx, found []*Edge) ([]Record, error) {
	return staleEdges(found, "statementId", func(ids []string) ([]*Edge, error) {
		rows, err := ask(ctx, tx, p.plan, idList(ids))
		var should []*Edge
		for _, row := range rows {
			stated, _ := p.of(row)
			should = append(should, stated...)
		}
		return should, err
	})
}

// staleEdges gives those of the found relationships of a projection that should not be there. should makes what should be
// for the events that a property of theirs names.
func staleEdges(found []*Edge, property string, should func(ids []string) ([]*Edge, error)) ([]Record, error) {
	owners := idSet{}
	for _, e := range found {
		owners.add(text(e.Get(property)))
	}
	type place struct{ from, to, key string }
	right := map[place]bool{}
	for batch := range slices.Chunk(sortedIDs(owners), projectBatch) {
		edges, err := should(batch)
		if err != nil {
			return nil, err
		}
		for _, e := range edges {
			right[place{e.From, e.To, e.Key()}] = true
		}
	}
	var stale []Record
	for _, e := range found {
		if !right[place{e.From, e.To, e.Key()}] {
			stale = append(stale, e)
		}
	}
	return stale, nil
}
