package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// accountingValue is an accounting with the rows of the claims that its figures name, and that of the raid.
type accountingValue struct {
	*graph.Accounting
	rows []graph.Row
	raid graph.Row
}

// accounting plans Raid.accounting: from the claims of which figures are made.
func (p *planner) accounting(at scope, _ *schema.Field, c *collected, f *field) {
	fc := p.figureClaims(at.sel)
	facets, options := p.facets(c), p.figureOptions(c)
	f.object = p.accountingObject(fc, c.selections())
	f.values = func(args []any, src *source) any {
		rows := fc.sel.rows(src.row)
		a := graph.AccountingOf(fc.read(rows), facets(args), options(args))
		return &source{value: accountingValue{&a, rows, src.row}}
	}
}

// accountedMeasures are the measures of the fields of Accounting.
var accountedMeasures = map[string]graph.Measure{"found": graph.MeasureFound, "screened": graph.MeasureScreened, "released": graph.MeasureReleased,
	"deported": graph.MeasureDeported, "repatriated": graph.MeasureRepatriated, "transferred": graph.MeasureTransferred, "charged": graph.MeasureCharged}

func (p *planner) accountingObject(fc *figureClaims, sets []ast.SelectionSet) *object {
	return p.computedObject("Accounting", sets, func(name string, c *collected, f *field) {
		switch name {
		case "unaccounted":
			part(f, p.band(c.selections()), func(v accountingValue) any { return intervalSource(v.Unaccounted) })
		case "reason":
			scalar(f, leafString, func(v accountingValue) any { return v.Reason })
		case "tallies":
			p.raidTallies(fc, c, f)
		default:
			measure := accountedMeasures[name]
			part(f, p.figureObject(fc, c.selections()), func(v accountingValue) any {
				figure := v.Of(measure)
				if figure == nil {
					return nil
				}
				return &source{value: figureValue{figure, v.rows}}
			})
		}
	})
}

// intervalSource is an interval as a Band.
func intervalSource(i *graph.Interval) any {
	if i == nil {
		return nil
	}
	band := graph.Band(*i)
	return bandSource(&band)
}
