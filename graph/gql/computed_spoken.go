package gql

import (
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// spokenStatements reads statements as the rules of positions, silences and commitments need them: see graph.SpokenStatement.
type spokenStatements struct {
	sel                                                            *selection
	id, kind, stance, topic, edtf, from, to, basis, pub, retracted int
	speaker, agency, askedBy, answers                              *selection
	about                                                          *bound
	aboutID                                                        int
}

func (p *planner) spokenStatements(s *selection) *spokenStatements {
	about := s.related("about", s.relation("Statement", "about"))
	return &spokenStatements{sel: s, id: s.id(), kind: s.node("kind", graph.Enum), stance: s.node("stance", graph.Enum), topic: s.node("topic", graph.Enum),
		edtf: s.node("date.edtf", graph.String), from: s.node("date.from", graph.Date), to: s.node("date.to", graph.Date), basis: s.node("date.basis", graph.Enum),
		pub: s.node(graph.PublishedAt, graph.DateTime), retracted: s.node(graph.RetractedAt, graph.DateTime),
		speaker: s.farID("speaker", s.relation("Statement", "speaker")), agency: s.farID("agency", s.relation("Statement", "agency")),
		askedBy: s.farID("askedBy", s.relation("Statement", "askedBy")), answers: s.farID("answers", s.relation("Statement", "answers")),
		about: about.bound("nodes that one statement is about"), aboutID: about.id()}
}

// read makes the statements of the rules from rows.
func (ss *spokenStatements) read(rows []graph.Row) []graph.SpokenStatement {
	out := make([]graph.SpokenStatement, len(rows))
	for i, row := range rows {
		out[i] = graph.SpokenStatement{ID: text(row[ss.id]), Kind: graph.StatementKind(text(row[ss.kind])), Stance: graph.Stance(text(row[ss.stance])),
			Topic: text(row[ss.topic]), Speaker: ss.speaker.oneID(row), Agency: ss.agency.oneID(row), AskedBy: ss.askedBy.oneID(row),
			Answers: ss.answers.oneID(row), PublishedAt: text(row[ss.pub]), Retracted: row[ss.retracted] != nil,
			About: distinctIDs(ss.about.rows(row), ss.aboutID),
			Date:  graph.Period{EDTF: text(row[ss.edtf]), From: text(row[ss.from]), To: text(row[ss.to]), Basis: graph.DateBasis(text(row[ss.basis]))}}
	}
	return out
}

// subjectRow is the row of what a statement is about.
func (ss *spokenStatements) subjectRow(statement graph.Row, id string) *source {
	for _, row := range ss.about.rows(statement) {
		if row[ss.aboutID] == id {
			return &source{row: row}
		}
	}
	return nil
}

// oneSource is the one row of a selection to one below a row; nil without one.
func (s *selection) oneSource(row graph.Row) *source {
	if rows := s.rows(row); len(rows) > 0 {
		return &source{row: rows[0]}
	}
	return nil
}

// spokenFilter are the arguments speaker and about of a field over statements.
type spokenFilter struct{ speaker, about graph.Arg }

func (p *planner) spokenFilter(c *collected) spokenFilter {
	id := func(name string) graph.Arg {
		in := p.argument(c.first(), name)
		if !in.given() {
			return graph.NoArg
		}
		return p.idOf(in)
	}
	return spokenFilter{id("speaker"), id("about")}
}

// where keeps the statements of the filter; nil where it keeps all.
func (sf spokenFilter) where(s *selection) *graph.Cond {
	var cond *graph.Cond
	for _, f := range []struct {
		field string
		arg   graph.Arg
	}{{"speaker", sf.speaker}, {"about", sf.about}} {
		if f.arg == graph.NoArg {
			continue
		}
		r := s.relation("Statement", f.field)
		cond = both(cond, &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: r.Of, Out: true, One: !r.Many}, Kinds: r.Kinds,
			Of: []*graph.Cond{{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}, Arg: f.arg}}})
	}
	return cond
}

// narrow leaves of statements what is asked: of what they are about, the node of the filter; of those of other speakers, nothing but
// what answers.
func (sf spokenFilter) narrow(statements []graph.SpokenStatement, args []any) {
	for i := range statements {
		s := &statements[i]
		if sf.speaker != graph.NoArg && s.Speaker != args[sf.speaker] {
			s.About = nil
		}
		if sf.about == graph.NoArg {
			continue
		}
		about := s.About
		s.About = nil
		for _, id := range about {
			if id == args[sf.about] {
				s.About = []string{id}
			}
		}
	}
}

// statements begins a root select of statements.
func (p *planner) statements(at scope, c *collected) *selection {
	statement := p.model.Types["Statement"]
	s := at.sel.child(c.key, statement, statement.Kinds, nil)
	s.sel.Order = s.order(nil)
	return s
}

// manyStatements is what a field over statements has too much of, and what to do.
const manyStatements = "statements: name a speaker, or what they are about"

// day binds the argument on: a day, and the day of asOf or today where there is none, in the graph's time zone.
func (p *planner) day(c *collected) graph.Arg {
	if in := p.argument(c.first(), "on"); in.given() {
		return p.bind(in, func(v any) (any, error) { return toDay("on", v) })
	}
	p.variable = true
	moment := p.moment
	p.op.values = append(p.op.values, func(vars map[string]any) (any, error) {
		now := p.nowIn(vars)
		if moment == nil {
			return now.Format(time.DateOnly), nil
		}
		return dayOf(moment, vars, now)
	})
	return graph.Arg(len(p.op.values) - 1)
}

// maybe is a source as a value: nil where there is none.
func maybe(s *source) any {
	if s == nil {
		return nil
	}
	return s
}

// refuse ends the answer with an error.
func refuse(err error) {
	if err != nil {
		panic(planFailure{err})
	}
}
