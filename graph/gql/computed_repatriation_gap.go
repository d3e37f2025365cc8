package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// gapEvents reads what the repatriation gap of a nationality is made of: the raids that involve it, its repatriations, and those of people of
// several nationalities of which a claim counts it.
type gapEvents struct {
	id             int
	raids, returns *eventFigures
	// counted are claims that count people of the nationality, shared the repatriations that these are about, sharedOf their nationality.
	counted  *bound
	shared   *eventFigures
	sharedOf *selection
}

func (p *planner) gapEvents(nationality *selection) *gapEvents {
	g := &gapEvents{id: nationality.id(),
		raids:   p.eventFigures(nationality.related("raids", nationality.relation("Nationality", "raids")), "raids"),
		returns: p.eventFigures(nationality.related("returns", nationality.relation("Nationality", "repatriations")), "repatriations")}
	claim, repatriation := p.model.Types["Claim"], p.model.Types["Repatriation"]
	of := nationality.relation("Facets", "nationality").Of
	subject := nationality.relation("Claim", "subject").Of
	counted := nationality.child("counted", claim, claim.Kinds, &graph.Via{Relation: of})
	counted.sel.Order = counted.order(nil)
	counted.sel.Where = &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: subject, Out: true, One: true}, Kinds: repatriation.Kinds}
	g.counted = counted.bound("claims that count people of one nationality")
	shared := counted.child("shared", repatriation, repatriation.Kinds, &graph.Via{Relation: subject, Out: true, One: true})
	g.shared = p.eventFigures(shared, "repatriations")
	g.sharedOf = shared.farID("nationality", shared.relation("Repatriation", "nationality"))
	return g
}

// gapValue is a gap with the rows of the events that it names.
type gapValue struct {
	graph.NationalityGap
	raids, returns, shared map[string]graph.Row
}

// read works out the gap of a nationality from its row.
func (g *gapEvents) read(row graph.Row, opts graph.FigureOptions) *gapValue {
	nationality := text(row[g.id])
	raids, returns := g.raids.read(row), g.returns.read(row)
	v := &gapValue{raids: raids.events, returns: returns.events, shared: map[string]graph.Row{}}
	var found []graph.FoundEvent
	for id := range raids.events {
		found = append(found, graph.FoundEvent{ID: id, Named: []string{nationality}})
	}
	var home []graph.ReturnEvent
	for id := range returns.events {
		home = append(home, graph.ReturnEvent{ID: id, Nationality: nationality})
	}
	claims := append(raids.claims, returns.claims...)
	for _, claim := range g.counted.rows(row) {
		shared := g.shared.read(claim)
		for id, event := range shared.events {
			if v.returns[id] == nil && v.shared[id] == nil {
				v.shared[id] = event
				home = append(home, graph.ReturnEvent{ID: id, Nationality: g.sharedOf.oneID(event)})
				claims = append(claims, shared.claims...)
			}
		}
	}
	for _, gap := range graph.RepatriationGaps(found, home, distinctClaims(claims), opts) {
		if gap.Nationality == nationality {
			v.NationalityGap = gap
			return v
		}
	}
	// No raid and no repatriation has people of the nationality.
	v.NationalityGap = graph.NationalityGap{Nationality: nationality, Reason: "no raid counts those found"}
	return v
}

// distinctClaims are claims, each once. What was read whole stands before what is known only as a part.
func distinctClaims(claims []graph.SubjectClaim) []graph.SubjectClaim {
	at := map[string]int{}
	var out []graph.SubjectClaim
	for _, c := range claims {
		i, known := at[c.ID]
		switch {
		case !known:
			at[c.ID] = len(out)
			out = append(out, c)
		case out[i].Measure == "":
			out[i] = c
		}
	}
	return out
}

// repatriationGap plans Nationality.repatriationGap.
func (p *planner) repatriationGap(at scope, _ *schema.Field, c *collected, f *field) {
	g := p.gapEvents(at.sel)
	options := p.gapOptions(c)
	f.object = p.gapObject(at.sel, g, c.selections())
	f.values = func(args []any, src *source) any { return g.source(src.row, options(args)) }
}

// repatriationGapOf plans Query.repatriationGap.
func (p *planner) repatriationGapOf(at scope, _ *schema.Field, c *collected, f *field) {
	nationality := p.model.Types["Nationality"]
	s := at.sel.child(c.key, nationality, nationality.Kinds, nil)
	s.sel.Order = s.order(nil)
	s.sel.Where = &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID},
		Arg: p.idOf(p.argument(c.first(), "nationality"))}
	s.sel.Page.Limit = p.constant(int64(1))
	g := p.gapEvents(s)
	options := p.gapOptions(c)
	f.object = p.gapObject(s, g, c.selections())
	f.values = func(args []any, src *source) any {
		for _, row := range s.rows(src.row) {
			return g.source(row, options(args))
		}
		return nil
	}
}

// repatriationGaps plans Query.repatriationGaps: a page of the nationalities that a raid or a repatriation involves, each with its gap.
func (p *planner) repatriationGaps(at scope, _ *schema.Field, c *collected, f *field) {
	nationality := p.model.Types["Nationality"]
	s := at.sel.child(c.key, nationality, nationality.Kinds, nil)
	s.sel.Order = s.order(nil)
	some := func(r *schema.Relation, kinds []*graph.Kind, of ...*graph.Cond) *graph.Cond {
		return &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: r.Of, Out: r.Out}, Kinds: kinds, Of: of}
	}
	subject := s.relation("Claim", "subject")
	isRepatriation := &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: subject.Of, Out: true, One: true}, Kinds: p.model.Types["Repatriation"].Kinds}
	returns := s.relation("Nationality", "repatriations")
	s.sel.Where = &graph.Cond{Op: graph.Or, Of: []*graph.Cond{some(s.relation("Nationality", "raids"), p.model.Types["Raid"].Kinds),
		some(returns, returns.Kinds), some(returns, p.model.Types["Claim"].Kinds, isRepatriation)}}
	s.page(p, c, "RepatriationGapConnection", s.sel.Order)
	pg := s.pages()
	pg.keys()
	g := p.gapEvents(s)
	options := p.gapOptions(c)
	sources := func(args []any, src *source) any {
		rows, _ := pg.rows(src.set, args)
		return sourceEach(rows, func(i int) *source { return g.source(rows[i], options(args)).(*source) })
	}
	rows := false
	f.object = p.computedObject("RepatriationGapConnection", c.selections(), func(name string, c *collected, f *field) {
		switch name {
		case "nodes":
			rows = true
			f.how, f.object, f.values = howComputed, p.gapObject(s, g, c.selections()), sources
		case "edges":
			rows = true
			f.how, f.values = howComputed, sources
			f.object = p.computedObject("RepatriationGapEdge", c.selections(), func(name string, c *collected, f *field) {
				if name == "node" {
					f.how, f.object = howSame, p.gapObject(s, g, c.selections())
					return
				}
				f.how, f.values = howComputed, func(_ []any, src *source) any { return pg.encode(src.row) }
			})
		default:
			rows = p.pageField(s, pg, c, f, nil, nil) || rows
		}
	})
	s.unread(rows)
	f.how = howConnection
	p.later(f, s)
}

// gapOptions binds approxWithin.
func (p *planner) gapOptions(c *collected) func(args []any) graph.FigureOptions {
	within := p.approxWithin(c)
	return func(args []any) graph.FigureOptions {
		return graph.FigureOptions{Policy: graph.PolicyLatest, ApproxWithin: within(args)}
	}
}

// source is the gap of the nationality of a row.
func (g *gapEvents) source(row graph.Row, opts graph.FigureOptions) any {
	return &source{row: row, value: g.read(row, opts)}
}

// gapObject plans the selection on a RepatriationGap.
func (p *planner) gapObject(nationality *selection, g *gapEvents, sets []ast.SelectionSet) *object {
	band := func(f *field, c *collected, get func(v *gapValue) *graph.Interval) {
		part(f, p.band(c.selections()), func(v *gapValue) any { return intervalSource(get(v)) })
	}
	return p.computedObject("RepatriationGap", sets, func(name string, c *collected, f *field) {
		switch name {
		case "nationality":
			f.how, f.object = howSame, p.objectOf(nationality, p.model.Types["Nationality"], c.selections())
		case "found":
			band(f, c, func(v *gapValue) *graph.Interval { return v.Found })
		case "home":
			band(f, c, func(v *gapValue) *graph.Interval { return v.Home })
		case "gap":
			band(f, c, func(v *gapValue) *graph.Interval { return v.Gap })
		case "reason":
			scalar(f, leafString, func(v *gapValue) any { return v.Reason })
		case "uncountedRaids":
			part(f, p.objectOf(g.raids.events.selection, p.model.Types["Raid"], c.selections()), func(v *gapValue) any {
				var out []*source
				for _, id := range v.Uncounted {
					if row := v.raids[id]; row != nil {
						out = append(out, &source{row: row})
					}
				}
				return out
			})
		case "uncountedRepatriations":
			own := p.objectOf(g.returns.events.selection, p.model.Types["Repatriation"], c.selections())
			shared := p.objectOf(g.shared.events.selection, p.model.Types["Repatriation"], c.selections())
			part(f, own, func(v *gapValue) any {
				var out []*source
				for _, id := range v.Uncounted {
					if row := v.returns[id]; row != nil {
						out = append(out, &source{row: row})
					} else if row := v.shared[id]; row != nil {
						out = append(out, &source{row: row, as: shared})
					}
				}
				return out
			})
		}
	})
}
