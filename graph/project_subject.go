package graph

import "cmp"

// subjectReading reads the claims about a node that can contradict others. The plan's second argument is datedAndValued.
type subjectReading struct {
	claims *reading

	property, measure, sex, minor, raw, mode, value, min, max int
	words, edtf, from, to, basis                              int
	saidFrom, saidTo, publishedAt, retractedAt, speakerKind   int

	facet, refers, partOf, partOfSubject, corrections, saidBy, cites *reading
}

func newSubjectReading(s *Schema, subject *reading) *subjectReading {
	claim := s.Kind(kindClaim)
	c := subject.in(s.Relation(relSubject), claim)
	c.sel.Where = &Cond{Op: Or, Of: []*Cond{isSet(claim, "measure"),
		{Op: In, Field: FieldRef{Name: "property", Type: claim.Field("property").Type}, Arg: 1}}}
	far := func(name string) *reading {
		r := s.Relation(name)
		return c.out(r, r.Far(claim, true)...)
	}
	r := &subjectReading{claims: c,
		property: c.field("property"), measure: c.field("measure"), sex: c.field("facets.sex"), minor: c.field("facets.minor"),
		raw: c.field("value.raw"), mode: c.field("value.mode"), value: c.field("value.value"), min: c.field("value.min"), max: c.field("value.max"),
		words: c.field("value.text"), edtf: c.field("value.edtf"), from: c.field("value.from"), to: c.field("value.to"), basis: c.field("value.basis"),
		saidFrom: c.field("saidOn.from"), saidTo: c.field("saidOn.to"), publishedAt: c.field(PublishedAt), retractedAt: c.field(RetractedAt),
		facet: far(relNationality), refers: far(relRefersTo), partOf: far(relPartOf), saidBy: far(relSaidBy), cites: far(relCites),
		corrections: c.in(s.Relation(relSupersedes), claim),
	}
	about := s.Relation(relSubject)
	r.partOfSubject = r.partOf.out(about, about.Far(claim, true)...)
	r.speakerKind = r.saidBy.slot(FieldRef{Owner: OfKind})
	return r
}

// read makes the claims of the rules from the rows below a node's.
func (r *subjectReading) read(node Row, id string, kind *Kind) []SubjectClaim {
	rows := r.claims.rows(node)
	claims := make([]SubjectClaim, len(rows))
	for i, row := range rows {
		c := SubjectClaim{Subject: id, SubjectKind: kind.Name, Property: text(row[r.property]),
			FigureClaim: FigureClaim{ID: rowID(row), Measure: Measure(text(row[r.measure])),
				Facets: Facets{Nationality: r.facet.id(row), Sex: text(row[r.sex])},
				Count: Count{Raw: text(row[r.raw]), Mode: CountMode(text(row[r.mode])),
					Value: numberOf(row[r.value]), Min: numberOf(row[r.min]), Max: numberOf(row[r.max])},
				SaidBy: r.saidBy.id(row), SaidOn: cmp.Or(text(row[r.saidTo]), text(row[r.saidFrom])), PublishedAt: text(row[r.publishedAt]),
				PartOf: r.partOf.id(row), Superseded: len(r.corrections.rows(row)) > 0, Retracted: row[r.retractedAt] != nil},
			Date:  Period{EDTF: text(row[r.edtf]), From: text(row[r.from]), To: text(row[r.to]), Basis: DateBasis(text(row[r.basis]))},
			Value: cmp.Or(r.refers.id(row), text(row[r.words])), Sources: r.cites.ids(row),
		}
		if minor, ok := row[r.minor].(bool); ok {
			c.Facets.Minor = &minor
		}
		if by := r.saidBy.rows(row); len(by) > 0 {
			c.Named = by[0][r.speakerKind] != kindGroup
		}
		claims[i] = c
	}
	return claims
}

// above are the other nodes that claims about a node are parts of claims about, in order.
func (r *subjectReading) above(node Row, id string) []string {
	others := idSet{}
	for _, claim := range r.claims.rows(node) {
		for _, total := range r.partOf.rows(claim) {
			if of := r.partOfSubject.id(total); of != "" && of != id {
				others.add(of)
			}
		}
	}
	return sortedIDs(others)
}
