package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// positionValue is a change of stance with the rows of the statements that its indexes name.
type positionValue struct {
	graph.PositionChange
	rows []graph.Row
}

// positions plans Query.positions.
func (p *planner) positions(at scope, _ *schema.Field, c *collected, f *field) {
	s := p.statements(at, c)
	filter := p.spokenFilter(c)
	s.sel.Where = filter.where(s)
	ss, read := p.spokenStatements(s), s.bound(manyStatements)
	pg := p.listPage(c, "positions", 6)
	f.object = p.listObject(pg, "Position", c.selections(), func(sets []ast.SelectionSet) *object { return p.positionObject(ss, sets) })
	f.values = func(args []any, src *source) any {
		rows := read.rows(src.row)
		statements := ss.read(rows)
		filter.narrow(statements, args)
		var all []listItem
		for _, c := range graph.Positions(statements) {
			after := &statements[c.After]
			all = append(all, listItem{&source{value: positionValue{c, rows}},
				[]string{c.Speaker, c.Subject, c.Topic, after.Date.From, after.PublishedAt, after.ID}})
		}
		return &source{value: pg.of(all, args)}
	}
}

func (p *planner) positionObject(ss *spokenStatements, sets []ast.SelectionSet) *object {
	statement := func(f *field, c *collected, index func(v positionValue) int) {
		part(f, p.objectOf(ss.sel, p.model.Types["Statement"], c.selections()), func(v positionValue) any {
			if i := index(v); i >= 0 {
				return &source{row: v.rows[i]}
			}
			return nil
		})
	}
	return p.computedObject("Position", sets, func(name string, c *collected, f *field) {
		switch name {
		case "speaker":
			part(f, p.objectOf(ss.speaker, p.model.Types["Actor"], c.selections()), func(v positionValue) any {
				return maybe(ss.speaker.oneSource(v.rows[v.After]))
			})
		case "about":
			part(f, p.objectOf(ss.about.selection, p.model.Types["Node"], c.selections()), func(v positionValue) any {
				return maybe(ss.subjectRow(v.rows[v.After], v.Subject))
			})
		case "topic":
			scalar(f, leafString, func(v positionValue) any { return optionalText(v.Topic) })
		case "from":
			scalar(f, leafString, func(v positionValue) any { return string(v.From) })
		case "to":
			scalar(f, leafString, func(v positionValue) any { return string(v.To) })
		case "before":
			statement(f, c, func(v positionValue) int { return v.Before })
		case "after":
			statement(f, c, func(v positionValue) int { return v.After })
		case "words":
			statement(f, c, func(v positionValue) int { return v.Words })
		case "orderKnown":
			scalar(f, leafBoolean, func(v positionValue) any { return v.OrderKnown })
		}
	})
}

// optionalText is a text as a leaf: null where it is empty.
func optionalText(s string) any {
	if s == "" {
		return nil
	}
	return s
}
