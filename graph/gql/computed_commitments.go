package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

type commitmentValue struct {
	age graph.Interval
	row graph.Row
}

// openCommitments plans Query.openCommitments: promises, each with what answers it.
func (p *planner) openCommitments(at scope, _ *schema.Field, c *collected, f *field) {
	s := p.statements(at, c)
	filter := p.spokenFilter(c)
	s.sel.Where = both(&graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: "kind", Type: graph.Enum}, Arg: p.constant(string(graph.StatementCommitment))},
		filter.where(s))
	ss, read := p.spokenStatements(s), s.bound(manyStatements)
	answeredBy := s.related("answers", s.relation("Statement", "answeredBy"))
	answers, readAnswers := p.spokenStatements(answeredBy), answeredBy.bound("answers to one statement")
	day := p.day(c)
	pg := p.listPage(c, "openCommitments", 2)
	f.object = p.listObject(pg, "OpenCommitment", c.selections(), func(sets []ast.SelectionSet) *object { return p.commitmentObject(ss, sets) })
	f.values = func(args []any, src *source) any {
		rows := read.rows(src.row)
		statements := ss.read(rows)
		known := map[string]bool{}
		for i := range statements {
			known[statements[i].ID] = true
		}
		for _, row := range rows {
			for _, answer := range answers.read(readAnswers.rows(row)) {
				if !known[answer.ID] {
					known[answer.ID] = true
					statements = append(statements, answer)
				}
			}
		}
		open, err := graph.OpenCommitments(statements, text(args[day]))
		refuse(err)
		var all []listItem
		for _, o := range open {
			if o.Statement >= len(rows) {
				continue // it answers another, and was not asked for
			}
			made := &statements[o.Statement]
			key := made.Date.To // the oldest first is the earliest last day first, and those that may be of today at the end
			if *o.Age.Low == 0 {
				key = "9999"
			}
			all = append(all, listItem{&source{value: commitmentValue{o.Age, rows[o.Statement]}}, []string{key, made.ID}})
		}
		return &source{value: pg.of(all, args)}
	}
}

func (p *planner) commitmentObject(ss *spokenStatements, sets []ast.SelectionSet) *object {
	return p.computedObject("OpenCommitment", sets, func(name string, c *collected, f *field) {
		switch name {
		case "statement":
			part(f, p.objectOf(ss.sel, p.model.Types["Statement"], c.selections()), func(v commitmentValue) any { return &source{row: v.row} })
		case "age":
			part(f, p.band(c.selections()), func(v commitmentValue) any { return intervalSource(&v.age) })
		}
	})
}
