package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// propertyNationality is the property of claims that people of a nationality were among those in a raid.
const propertyNationality = "nationality"

// figureProjection makes what claims add up to for the events of one kind: a FigureSummary for each measure of which a claim
// counts all people, whether the event is contested, and INVOLVED, from a raid to each nationality that claims name.
type figureProjection struct {
	event    *Kind
	summary  *Kind
	figureOf *Relation
	involved *Relation // nil where the event has none

	plan   *Plan
	first  int // of the fields of the event
	claims *claimReading

	summaries     *reading
	summaryFirst  int
	nationalities *reading
	share         int
}

func newFigureProjection(s *Schema, event *Kind) *figureProjection {
	p := &figureProjection{event: event, summary: s.Kind(kindSummary), figureOf: s.Relation(relFigureOf)}
	r := readByID(event)
	p.first = r.fields()
	p.claims = newClaimReading(s, r)
	p.summaries = r.in(p.figureOf, p.summary)
	p.summaryFirst = p.summaries.fields()
	if involved := s.Relation(relInvolved); involved != nil && involved.Joins(event, s.Kind(kindNationality)) {
		p.involved = involved
		p.nationalities = r.out(involved, s.Kind(kindNationality))
		p.share = p.nationalities.prop("share")
	}
	p.plan = r.plan(2)
	return p
}

func (p *figureProjection) run(ctx context.Context, w *projecting, ids []string) error {
	rows, err := ask(ctx, w.tx, p.plan, idList(ids), propertyNationality)
	if err != nil {
		return err
	}
	for _, row := range rows {
		claims, named := p.claims.read(row)
		summaries, contested := summarize(claims)
		p.compare(w, row, summaries)
		if n := nodeOf(p.event, row, p.first); n.Get("contested") != contested {
			w.nodes = append(w.nodes, n.Set("contested", contested))
		}
		if p.involved != nil {
			p.compareInvolved(w, row, involvedShares(claims, named))
		}
	}
	return nil
}

// compare finds the summaries of an event that are missing, that differ, and that should not be.
func (p *figureProjection) compare(w *projecting, event Row, summaries []figureSummary) {
	now := map[string]Row{}
	for _, row := range p.summaries.rows(event) {
		now[rowID(row)] = row
	}
	for _, s := range summaries {
		n := s.node(p.summary, rowID(event))
		row, known := now[n.ID]
		delete(now, n.ID)
		if known && slices.Equal(n.Values, row[p.summaryFirst:p.summaryFirst+len(n.Values)]) {
			continue
		}
		w.nodes = append(w.nodes, n)
		if !known {
			w.edges = append(w.edges, NewEdge(p.figureOf, n.ID, rowID(event)))
		}
	}
	for _, row := range p.summaries.rows(event) {
		if _, stale := now[rowID(row)]; stale {
			w.gone = append(w.gone, NewNode(p.summary, rowID(row)))
		}
	}
}

// compareInvolved finds the nationalities of a raid that are missing, whose share differs, and that should not be.
func (p *figureProjection) compareInvolved(w *projecting, event Row, shares map[string]any) {
	for _, row := range p.nationalities.rows(event) {
		share, should := shares[rowID(row)]
		switch {
		case !should:
			w.gone = append(w.gone, NewEdge(p.involved, rowID(event), rowID(row)))
		case share == row[p.share]:
			delete(shares, rowID(row))
		}
	}
	for _, id := range sortedIDs(shares) {
		w.edges = append(w.edges, NewEdge(p.involved, rowID(event), id).Set("share", shares[id]))
	}
}

// figureSummary is a figure of all people of an event, of one measure.
type figureSummary struct {
	measure               Measure
	best, lowest, highest *int64
	band                  *Band
	contested             bool
}

// summarize gathers the claims about an event: a summary for each measure of which a claim counts all people, in the order of
// the measures, and whether any figure is contested, facets and parts among them.
func summarize(claims []FigureClaim) (summaries []figureSummary, contested bool) {
	if len(claims) == 0 {
		return nil, false
	}
	b := newFigureBook(claims, FigureOptions{Policy: PolicyLatest, ApproxWithin: DefaultApproxWithin})
	facets, known := map[figureCell]Facets{}, map[figureCell]bool{}
	var cells []figureCell
	for _, i := range b.order {
		if c := b.cells[i]; !b.partial[i] && !known[c] {
			known[c], facets[c] = true, claims[i].Facets
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, compareFigureCells)
	for _, c := range cells {
		// All cells count as seen, so that each is gathered once, and only parts without a cell of their own inside others.
		f := b.figure(c, facets[c], known)
		contested = contested || f.Contested || slices.ContainsFunc(f.Parts, func(part Figure) bool { return part.Contested })
		if c == (figureCell{measure: c.measure}) {
			s := figureSummary{measure: c.measure, band: f.Band, contested: f.Contested}
			s.best, s.lowest, s.highest = b.numbers(f.Claims)
			summaries = append(summaries, s)
		}
	}
	return summaries, contested
}

// numbers are the best of the direct claims by each policy.
func (b *figureBook) numbers(direct []int) (latest, lowest, highest *int64) {
	policy := b.policy
	defer func() { b.policy = policy }()
	number := func(p FigurePolicy) *int64 {
		b.policy = p
		if i, _ := b.best(direct); i >= 0 {
			return b.claims[i].Count.Number()
		}
		return nil
	}
	return number(PolicyLatest), number(PolicyConservative), number(PolicyHighest)
}

// node is the summary as it is stored.
func (s *figureSummary) node(k *Kind, event string) *Node {
	n := NewNode(k, figureID(event, s.measure)).Set("measure", string(s.measure)).Set("contested", s.contested)
	set := func(name string, v *int64) {
		if v != nil {
			n.Set(name, *v)
		}
	}
	set("best", s.best)
	set("lowest", s.lowest)
	set("highest", s.highest)
	if s.band != nil {
		set("low", s.band.Low)
		set("high", s.band.High)
	}
	return n
}

// figureID is the id of an event's summary: figure:raid:x/FOUND. An event whose id leaves no room stands in it as a hash.
func figureID(event string, m Measure) string {
	id := "figure:" + event + "/" + string(m)
	if len(id) > MaxID {
		id = "figure:" + shortHash(event) + "/" + string(m)
	}
	return id
}

// shortHash stands for a text in an id.
func shortHash(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:16])
}
