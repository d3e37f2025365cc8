package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// raidsAccountingValue is an accounting over raids, with the rows that it was made from.
type raidsAccountingValue struct {
	*graph.GroupAccounting
	raids  map[string]graph.Row
	claims []graph.Row
}

// compoundAccounting plans Compound.accounting.
func (p *planner) compoundAccounting(at scope, _ *schema.Field, c *collected, f *field) {
	raids := at.sel.related(c.key, at.sel.relation("Compound", "raids"))
	targets := raids.related("targets", raids.relation("Raid", "compounds"))
	target, own := targets.id(), at.sel.id()
	a := p.eventFigures(raids, "raids")
	beyond := func(raid graph.Row, src *source) bool {
		for _, row := range targets.rows(raid) {
			if row[target] != src.row[own] {
				return true
			}
		}
		return false
	}
	p.accountingOver(a, beyond, p.facetsAsked(c), c, f)
}

// provinceAccounting plans Province.accounting.
func (p *planner) provinceAccounting(at scope, _ *schema.Field, c *collected, f *field) {
	raids := at.sel.related(c.key, at.sel.relation("Province", "raids"))
	targets := raids.related("targets", raids.relation("Raid", "compounds"))
	province, own := targets.farID("province", targets.relation("Compound", "province")), at.sel.id()
	a := p.eventFigures(raids, "raids")
	beyond := func(raid graph.Row, src *source) bool {
		for _, row := range targets.rows(raid) {
			if in := province.oneID(row); in != "" && in != src.row[own] {
				return true
			}
		}
		return false
	}
	p.accountingOver(a, beyond, p.facetsAsked(c), c, f)
}

// nationalityAccounting plans Nationality.accounting: over those of the people of each raid that have the nationality.
func (p *planner) nationalityAccounting(at scope, _ *schema.Field, c *collected, f *field) {
	own := at.sel.id()
	p.accountingOver(p.eventFigures(at.sel.related(c.key, at.sel.relation("Nationality", "raids")), "raids"), nil,
		func(_ []any, src *source) graph.Facets { return graph.Facets{Nationality: text(src.row[own])} }, c, f)
}

// raidsAccounting plans Query.accounting.
func (p *planner) raidsAccounting(at scope, _ *schema.Field, c *collected, f *field) {
	raid := p.model.Types["Raid"]
	s := at.sel.child(c.key, raid, raid.Kinds, nil)
	s.sel.Order = s.order(nil)
	s.sel.Where = p.where(p.argument(c.first(), "where"), raid, nil)
	p.accountingOver(p.eventFigures(s, "raids"), nil, p.facetsAsked(c), c, f)
}

// facetsAsked are the facets of the argument, whatever the source.
func (p *planner) facetsAsked(c *collected) func(args []any, src *source) graph.Facets {
	facets := p.facets(c)
	return func(args []any, _ *source) graph.Facets { return facets(args) }
}

// accountingOver plans a field that accounts for the people of several raids. beyond, where it is given, says of a raid whether its people
// are not all of those asked.
func (p *planner) accountingOver(a *eventFigures, beyond func(raid graph.Row, src *source) bool,
	facets func(args []any, src *source) graph.Facets, c *collected, f *field) {
	within := p.approxWithin(c)
	f.how, f.object = howComputed, p.raidsAccountingObject(a, c.selections())
	f.values = func(args []any, src *source) any {
		read := a.read(src.row)
		v := raidsAccountingValue{raids: read.events, claims: read.rows}
		var events []graph.AccountedEvent
		for id, raid := range read.events {
			events = append(events, graph.AccountedEvent{ID: id, Beyond: beyond != nil && beyond(raid, src)})
		}
		over := graph.AccountingOver(events, read.claims, facets(args, src), graph.FigureOptions{Policy: graph.PolicyLatest, ApproxWithin: within(args)})
		v.GroupAccounting = &over
		return &source{value: v}
	}
}

func (p *planner) raidsAccountingObject(a *eventFigures, sets []ast.SelectionSet) *object {
	return p.computedObject("RaidsAccounting", sets, func(name string, c *collected, f *field) {
		switch name {
		case "raids":
			scalar(f, leafInt, func(v raidsAccountingValue) any { return int64(v.Events) })
		case "lines":
			part(f, p.accountingLine(a, c.selections()), func(v raidsAccountingValue) any {
				return sourceEach(v.Lines, func(i int) *source { return &source{value: accountingLineValue{&v.Lines[i], v.raids}} })
			})
		case "unaccounted":
			part(f, p.band(c.selections()), func(v raidsAccountingValue) any { return intervalSource(v.Unaccounted) })
		case "missing":
			part(f, p.unaccountedRaid(a, c.selections()), func(v raidsAccountingValue) any {
				return sourceEach(v.Missing, func(i int) *source { return &source{row: v.raids[v.Missing[i].Event], value: v.Missing[i]} })
			})
		case "tallies":
			p.raidsTallies(a, c, f)
		}
	})
}

type accountingLineValue struct {
	*graph.AccountingLine
	raids map[string]graph.Row
}

func (p *planner) accountingLine(a *eventFigures, sets []ast.SelectionSet) *object {
	return p.computedObject("AccountingLine", sets, func(name string, c *collected, f *field) {
		switch name {
		case "measure":
			scalar(f, leafString, func(v accountingLineValue) any { return string(v.Measure) })
		case "people":
			part(f, p.band(c.selections()), func(v accountingLineValue) any { return intervalSource(v.People) })
		case "raids":
			scalar(f, leafInt, func(v accountingLineValue) any { return int64(v.Events) })
		case "missing":
			part(f, p.objectOf(a.events.selection, p.model.Types["Raid"], c.selections()), func(v accountingLineValue) any {
				return sourceEach(v.Missing, func(i int) *source { return &source{row: v.raids[v.Missing[i]]} })
			})
		}
	})
}

func (p *planner) unaccountedRaid(a *eventFigures, sets []ast.SelectionSet) *object {
	return p.computedObject("UnaccountedRaid", sets, func(name string, c *collected, f *field) {
		switch name {
		case "raid":
			f.how, f.object = howSame, p.objectOf(a.events.selection, p.model.Types["Raid"], c.selections())
		case "reason":
			scalar(f, leafString, func(v graph.MissingFigure) any { return v.Reason })
		}
	})
}
