package gql

import "github.com/raidgraph/raidgraph/graph"

// figureClaims reads the claims that figures are made of: those of an event that have a measure. Those not in force are
// among them, since a part stays a part when its total is superseded. All figures asked of an event share one selection
// of them.
type figureClaims struct {
	sel                                              *selection
	id, measure, sex, minor, publishedAt, exhaustive int
	raw, mode, value, min, max, saidFrom, saidTo     int
	chain, retracted                                 int
	nationality, saidBy, partOf, hops, supersededBy  *selection
}

func (p *planner) figureClaims(at *selection) *figureClaims {
	return p.claimReading(p.allClaimsOf(at, "figures", p.isFigure()))
}

// isFigure keeps the claims that count people.
func (p *planner) isFigure() *graph.Cond {
	return &graph.Cond{Op: graph.Not, Of: []*graph.Cond{
		{Op: graph.IsNull, Field: graph.FieldRef{Name: "measure", Type: graph.Enum}, Arg: graph.NoArg}}}
}

// claimReading reads, of the claims of a selection, what figures are made of.
func (p *planner) claimReading(s *selection) *figureClaims {
	fc := &figureClaims{sel: s, id: s.id(),
		measure: s.node("measure", graph.Enum), sex: s.node("facets.sex", graph.Enum), minor: s.node("facets.minor", graph.Boolean),
		publishedAt: s.node(graph.PublishedAt, graph.DateTime), exhaustive: s.node("exhaustive", graph.Boolean),
		raw: s.node("value.raw", graph.String), mode: s.node("value.mode", graph.Enum), value: s.node("value.value", graph.Int),
		min: s.node("value.min", graph.Int), max: s.node("value.max", graph.Int),
		saidFrom: s.node("saidOn.from", graph.Date), saidTo: s.node("saidOn.to", graph.Date),
		nationality: s.farID("nationality", s.relation("Facets", "nationality")),
		saidBy:      s.farID("saidBy", s.relation("Claim", "saidBy")),
		partOf:      s.farID("partOf", s.relation("Claim", "partOf")),
		hops:        s.once("hops", func() *selection { return s.related("hops", s.relation("Claim", "citations")) }),
		retracted:   s.node(graph.RetractedAt, graph.DateTime),
		supersededBy: s.once("supersededBy", func() *selection {
			c := s.related("supersededBy", s.relation("Claim", "supersededByAll"))
			c.sel.Page.Limit = p.constant(int64(1))
			return c
		}),
	}
	fc.chain = fc.hops.slot(graph.FieldRef{Owner: graph.OfEdge, Name: "chain", Type: graph.Int})
	return fc
}

// read makes the claims of the rules from rows.
func (fc *figureClaims) read(rows []graph.Row) []graph.FigureClaim {
	out := make([]graph.FigureClaim, len(rows))
	for i, row := range rows {
		c := graph.FigureClaim{ID: text(row[fc.id]), Measure: graph.Measure(text(row[fc.measure])),
			Facets:      graph.Facets{Nationality: fc.nationality.oneID(row), Sex: text(row[fc.sex])},
			Count:       graph.Count{Raw: text(row[fc.raw]), Mode: graph.CountMode(text(row[fc.mode])), Value: optional(row[fc.value]), Min: optional(row[fc.min]), Max: optional(row[fc.max])},
			SaidBy:      fc.saidBy.oneID(row),
			SaidOn:      text(row[fc.saidTo]),
			PublishedAt: text(row[fc.publishedAt]),
			PartOf:      fc.partOf.oneID(row),
			Hops:        shortest(fc.hops.rows(row), fc.chain),
			Superseded:  len(fc.supersededBy.rows(row)) > 0,
			Retracted:   row[fc.retracted] != nil,
		}
		if c.SaidOn == "" {
			c.SaidOn = text(row[fc.saidFrom])
		}
		if b, ok := row[fc.minor].(bool); ok {
			c.Facets.Minor = &b
		}
		if b, ok := row[fc.exhaustive].(bool); ok {
			c.Exhaustive = map[bool]string{true: "YES", false: "NO"}[b]
		}
		out[i] = c
	}
	return out
}

func optional(v any) *int64 {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	return &n
}

// shortest is the number of hops of the shortest chain.
func shortest(hops []graph.Row, chain int) int {
	lengths := map[any]int{}
	for _, h := range hops {
		lengths[h[chain]]++
	}
	least := 0
	for _, n := range lengths {
		if least == 0 || n < least {
			least = n
		}
	}
	return least
}
