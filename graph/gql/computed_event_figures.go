package gql

import "github.com/raidgraph/raidgraph/graph"

// eventFigures reads several events of one kind with the figures about them.
type eventFigures struct {
	events, claims *bound
	id             int
	reading        *subjectClaims
	// parts are those of the claims, partSubject what they are about: a total whose parts are about other events is a tally over them.
	parts               *bound
	part, partRetracted int
	partSubject         *selection
}

// eventFigures makes a selection of events one whose figures are read. of is what they are, such as raids.
func (p *planner) eventFigures(events *selection, of string) *eventFigures {
	claims := events.related("figures", events.relation("Event", "claims"))
	claims.sel.Where = p.isFigure()
	parts := claims.related("parts", claims.relation("Claim", "parts"))
	return &eventFigures{events: events.bound(of), claims: claims.bound("claims about one node"), id: events.id(), reading: p.subjectClaims(claims),
		parts: parts.bound("parts of one claim"), part: parts.id(), partRetracted: parts.node(graph.RetractedAt, graph.DateTime),
		partSubject: parts.farID("subject", parts.relation("Claim", "subject"))}
}

// figuresRead are the rows of events by their ids, and the claims about them, of which the first have rows.
type figuresRead struct {
	events map[string]graph.Row
	claims []graph.SubjectClaim
	rows   []graph.Row
}

// read reads the events below a row of the parent.
func (e *eventFigures) read(row graph.Row) *figuresRead {
	r := &figuresRead{events: map[string]graph.Row{}}
	for _, event := range e.events.rows(row) {
		r.events[text(event[e.id])] = event
		rows := e.claims.rows(event)
		r.rows = append(r.rows, rows...)
		r.claims = append(r.claims, e.reading.read(rows)...)
	}
	known := map[string]bool{}
	for i := range r.claims {
		known[r.claims[i].ID] = true
	}
	for i, row := range r.rows {
		for _, part := range e.parts.rows(row) {
			if id := text(part[e.part]); !known[id] {
				known[id] = true
				r.claims = append(r.claims, graph.SubjectClaim{Subject: e.partSubject.oneID(part),
					FigureClaim: graph.FigureClaim{ID: id, PartOf: r.claims[i].ID, Retracted: part[e.partRetracted] != nil}})
			}
		}
	}
	return r
}
