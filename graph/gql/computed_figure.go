package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

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

// figureValue is a figure with the rows of the claims that its indexes name.
type figureValue struct {
	*graph.Figure
	rows []graph.Row
}

// figureOptions binds policy and approxWithin.
func (p *planner) figureOptions(c *collected) func(args []any) graph.FigureOptions {
	policy := graph.NoArg
	if in := p.argument(c.first(), "policy"); in.given() {
		policy = p.bind(in, func(v any) (any, error) { return v, nil })
	}
	within := p.approxWithin(c)
	return func(args []any) graph.FigureOptions {
		o := graph.FigureOptions{Policy: graph.PolicyLatest, ApproxWithin: within(args)}
		if policy != graph.NoArg {
			o.Policy = graph.FigurePolicy(text(args[policy]))
		}
		return o
	}
}

// approxWithin binds the argument of that name.
func (p *planner) approxWithin(c *collected) func(args []any) float64 {
	in := p.argument(c.first(), "approxWithin")
	if !in.given() {
		return func([]any) float64 { return graph.DefaultApproxWithin }
	}
	within := p.bind(in, func(v any) (any, error) {
		f, err := toFloat("approxWithin", v)
		if err != nil {
			return nil, err
		}
		if w := f.(float64); !(w >= 0 && w <= 1) {
			return nil, graph.Errorf(graph.Invalid, "approxWithin is %v: it is a share from 0 to 1, such as 0.2", w)
		}
		return f, nil
	})
	return func(args []any) float64 { return args[within].(float64) }
}

func (p *planner) measure(c *collected) func(args []any) graph.Measure {
	arg := p.bind(p.argument(c.first(), "measure"), func(v any) (any, error) { return v, nil })
	return func(args []any) graph.Measure { return graph.Measure(text(args[arg])) }
}

// facets binds the argument facets.
func (p *planner) facets(c *collected) func(args []any) graph.Facets {
	args := map[string]graph.Arg{}
	if in := p.argument(c.first(), "facets"); in.given() {
		for _, f := range in.fields() {
			if f.null() {
				continue
			}
			args[f.name] = p.bind(f.input, func(v any) (any, error) {
				if f.name == "nationality" {
					return p.toID(v)
				}
				return v, nil
			})
		}
	}
	return func(values []any) graph.Facets {
		var facets graph.Facets
		if a, ok := args["nationality"]; ok {
			facets.Nationality = text(values[a])
		}
		if a, ok := args["sex"]; ok {
			facets.Sex = text(values[a])
		}
		if a, ok := args["minor"]; ok {
			b := values[a].(bool)
			facets.Minor = &b
		}
		return facets
	}
}

// figure plans Event.figure.
func (p *planner) figure(at scope, _ *schema.Field, c *collected, f *field) {
	fc := p.figureClaims(at.sel)
	measure, facets, options := p.measure(c), p.facets(c), p.figureOptions(c)
	f.object = p.figureObject(fc, c.selections())
	f.values = func(args []any, src *source) any {
		rows := fc.sel.rows(src.row)
		figure := graph.FigureOf(fc.read(rows), measure(args), facets(args), options(args))
		return &source{value: figureValue{&figure, rows}}
	}
}

// figures plans Event.figures.
func (p *planner) figures(at scope, _ *schema.Field, c *collected, f *field) {
	fc := p.figureClaims(at.sel)
	f.object = p.figureObject(fc, c.selections())
	f.values = func(_ []any, src *source) any {
		rows := fc.sel.rows(src.row)
		figures := graph.Figures(fc.read(rows), graph.FigureOptions{Policy: graph.PolicyLatest, ApproxWithin: graph.DefaultApproxWithin})
		return figureSources(figures, rows)
	}
}

func figureSources(figures []graph.Figure, rows []graph.Row) []*source {
	out := make([]*source, len(figures))
	for i := range figures {
		out[i] = &source{value: figureValue{&figures[i], rows}}
	}
	return out
}

// nationalityFigure plans the figure of an edge to a nationality: from the claims about the event around it.
func (p *planner) nationalityFigure(at scope, _ *schema.Field, c *collected, f *field) {
	fc := p.figureClaims(at.sel.up)
	id := at.sel.id()
	measure, options := p.measure(c), p.figureOptions(c)
	f.object = p.figureObject(fc, c.selections())
	f.values = func(args []any, src *source) any {
		rows := fc.sel.rows(src.up.row)
		figure := graph.FigureOf(fc.read(rows), measure(args), graph.Facets{Nationality: text(src.row[id])}, options(args))
		return &source{value: figureValue{&figure, rows}}
	}
}

// figureObject plans the selection on a Figure. Claims, counts and facets inside it are parts of the rows of the claims.
func (p *planner) figureObject(fc *figureClaims, sets []ast.SelectionSet) *object {
	claim := p.model.Types["Claim"]
	return p.computedObject("Figure", sets, func(name string, c *collected, f *field) {
		switch name {
		case "measure":
			scalar(f, leafString, func(v figureValue) any { return string(v.Measure) })
		case "facets":
			o := p.fields(scope{sel: fc.sel, t: p.model.Types["Facets"], prefix: "facets."}, c.selections())
			part(f, o, func(v figureValue) any { return &source{row: fc.facetsRow(v)} })
		case "best":
			o := p.fields(scope{sel: fc.sel, t: p.model.Types["Count"], prefix: "value."}, c.selections())
			part(f, o, func(v figureValue) any {
				if v.BestClaim < 0 {
					return nil
				}
				return &source{row: v.rows[v.BestClaim]}
			})
		case "policy":
			scalar(f, leafString, func(v figureValue) any { return string(v.Policy) })
		case "reason":
			scalar(f, leafString, func(v figureValue) any { return v.Reason })
		case "band":
			part(f, p.band(c.selections()), func(v figureValue) any { return bandSource(v.Band) })
		case "atLeast":
			scalar(f, leafInt, func(v figureValue) any { return optionalLeaf(v.AtLeast) })
		case "atMost":
			scalar(f, leafInt, func(v figureValue) any { return optionalLeaf(v.AtMost) })
		case "contested":
			scalar(f, leafBoolean, func(v figureValue) any { return v.Contested })
		case "partsDelta":
			scalar(f, leafInt, func(v figureValue) any { return optionalLeaf(v.PartsDelta) })
		case "claims":
			part(f, p.objectOf(fc.sel, claim, c.selections()), func(v figureValue) any {
				out := make([]*source, len(v.Claims))
				for i, at := range v.Claims {
					out[i] = &source{row: v.rows[at]}
				}
				return out
			})
		case "implied":
			part(f, p.impliedBound(fc, c.selections()), func(v figureValue) any {
				out := make([]*source, len(v.Implied))
				for i := range v.Implied {
					out[i] = &source{value: impliedValue{&v.Implied[i], v.rows}}
				}
				return out
			})
		case "parts":
			part(f, p.figureObject(fc, c.selections()), func(v figureValue) any { return figureSources(v.Parts, v.rows) })
		}
	})
}

// facetsRow is the row of a claim that has the figure's facets; where no claim has, one that holds what the request asked.
func (fc *figureClaims) facetsRow(v figureValue) graph.Row {
	for _, i := range v.Claims {
		return v.rows[i]
	}
	row := make(graph.Row, len(fc.sel.sel.Fields)+len(fc.sel.sel.Children))
	if v.Facets.Sex != "" {
		row[fc.sex] = v.Facets.Sex
	}
	if v.Facets.Minor != nil {
		row[fc.minor] = *v.Facets.Minor
	}
	for _, r := range v.rows {
		if v.Facets.Nationality != "" && fc.nationality.oneID(r) == v.Facets.Nationality {
			copy(row[len(fc.sel.sel.Fields):], r[len(fc.sel.sel.Fields):])
			break
		}
	}
	return row
}

type impliedValue struct {
	*graph.ImpliedBound
	rows []graph.Row
}

func (p *planner) impliedBound(fc *figureClaims, sets []ast.SelectionSet) *object {
	return p.computedObject("ImpliedBound", sets, func(name string, c *collected, f *field) {
		switch name {
		case "claim":
			part(f, p.objectOf(fc.sel, p.model.Types["Claim"], c.selections()), func(v impliedValue) any {
				return &source{row: v.rows[v.Claim]}
			})
		case "atLeast":
			scalar(f, leafInt, func(v impliedValue) any { return optionalLeaf(v.Low) })
		case "atMost":
			scalar(f, leafInt, func(v impliedValue) any { return optionalLeaf(v.High) })
		case "steps":
			scalar(f, leafStrings, func(v impliedValue) any { return v.Steps })
		}
	})
}

func (p *planner) band(sets []ast.SelectionSet) *object {
	return p.computedObject("Band", sets, func(name string, c *collected, f *field) {
		switch name {
		case "low":
			scalar(f, leafInt, func(v *graph.Band) any { return optionalLeaf(v.Low) })
		case "high":
			scalar(f, leafInt, func(v *graph.Band) any { return optionalLeaf(v.High) })
		}
	})
}

func bandSource(b *graph.Band) any {
	if b == nil {
		return nil
	}
	return &source{value: b}
}
