package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

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
			if f.name == "nationality" {
				args[f.name] = p.idOf(f.input)
				continue
			}
			args[f.name] = p.bind(f.input, func(v any) (any, error) { return v, nil })
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
	return sourceEach(figures, func(i int) *source { return &source{value: figureValue{&figures[i], rows}} })
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
				return sourceEach(v.Claims, func(i int) *source { return &source{row: v.rows[v.Claims[i]]} })
			})
		case "implied":
			part(f, p.impliedBound(fc, c.selections()), func(v figureValue) any {
				return sourceEach(v.Implied, func(i int) *source { return &source{value: impliedValue{&v.Implied[i], v.rows}} })
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
