package gql

import (
	"github.com/raidgraph/raidgraph/graph"
)

// subjectClaims reads claims as the rules that look across properties and subjects need them: see graph.SubjectClaim.
type subjectClaims struct {
	*figureClaims
	property, words, edtf, from, to, basis int
	speakerKind, subjectKind, sourceID     int
	subject, refers                        *selection
}

func (p *planner) subjectClaims(s *selection) *subjectClaims {
	sc := &subjectClaims{figureClaims: p.claimReading(s), property: s.node("property", graph.String), words: s.node("value.text", graph.String),
		edtf: s.node("value.edtf", graph.String), from: s.node("value.from", graph.Date), to: s.node("value.to", graph.Date),
		basis:   s.node("value.basis", graph.Enum),
		subject: s.farID("subject", s.relation("Claim", "subject")), refers: s.farID("refersTo", s.relation("Reference", "node"))}
	sc.speakerKind = sc.saidBy.slot(graph.FieldRef{Owner: graph.OfKind})
	sc.subjectKind = sc.subject.slot(graph.FieldRef{Owner: graph.OfKind})
	sc.sourceID = sc.hops.id()
	return sc
}

// read makes the claims of the rules from rows.
func (sc *subjectClaims) read(rows []graph.Row) []graph.SubjectClaim {
	figures := sc.figureClaims.read(rows)
	out := make([]graph.SubjectClaim, len(rows))
	for i, row := range rows {
		c := graph.SubjectClaim{FigureClaim: figures[i], Property: text(row[sc.property]), Value: text(row[sc.words]),
			Date: graph.Period{EDTF: text(row[sc.edtf]), From: text(row[sc.from]), To: text(row[sc.to]), Basis: graph.DateBasis(text(row[sc.basis]))}}
		if subject := sc.subject.rows(row); len(subject) > 0 {
			c.Subject, c.SubjectKind = sc.subject.oneID(row), text(subject[0][sc.subjectKind])
		}
		if refers := sc.refers.oneID(row); refers != "" {
			c.Value = refers
		}
		if by := sc.saidBy.rows(row); len(by) > 0 {
			c.Named = by[0][sc.speakerKind] != "Group"
		}
		c.Sources = distinctIDs(sc.hops.rows(row), sc.sourceID)
		out[i] = c
	}
	return out
}
