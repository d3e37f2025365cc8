package gql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// knowledge reads what is known at a moment.
type knowledge struct {
	claims         *subjectClaims
	statements     *spokenStatements
	readClaims     *bound
	readStatements *bound
}

// tooMuchKnown is what to do about too much of it.
const tooMuchKnown = ": name what they are about"

func (p *planner) knowledge(at scope, c *collected) *knowledge {
	about := graph.NoArg
	if in := p.argument(c.first(), "about"); in.given() {
		about = p.idOf(in)
	}
	read := func(kind, field string) *selection {
		t := p.model.Types[kind]
		s := at.sel.child(c.key, t, t.Kinds, nil)
		s.sel.Order = s.order(nil)
		if about != graph.NoArg {
			r := s.relation(kind, field)
			s.sel.Where = &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: r.Of, Out: true, One: !r.Many}, Kinds: r.Kinds,
				Of: []*graph.Cond{{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}, Arg: about}}}
		}
		return s
	}
	claims, statements := read("Claim", "subject"), read("Statement", "about")
	return &knowledge{claims: p.subjectClaims(claims), statements: p.spokenStatements(statements),
		readClaims: claims.bound("claims" + tooMuchKnown), readStatements: statements.bound("statements" + tooMuchKnown)}
}

// known is what is known, with the rows that it was read from.
type known struct {
	graph.Knowledge
	claims, statements []graph.Row
}

func (k *knowledge) read(row graph.Row) *known {
	out := &known{claims: k.readClaims.rows(row), statements: k.readStatements.rows(row)}
	out.Claims, out.Statements = k.claims.read(out.claims), k.statements.read(out.statements)
	return out
}

// The lists of a KnowledgeDiff, in the order in which they are paged.
const (
	newClaims = iota
	supersededClaims
	retractedClaims
	newStatements
	retractedStatements
	changedAnswers
)

// knownChange is one change: the place of a claim or a statement, or an answer.
type knownChange struct {
	list  int
	index int
	graph.AnswerChange
	to *known
}

// knowledgeDiff plans Query.knowledgeDiff.
func (p *planner) knowledgeDiff(at scope, _ *schema.Field, c *collected, f *field) {
	end := p.moments.within(c, "from")
	from := p.knowledge(at, c)
	end()
	end = p.moments.within(c, "to")
	to := p.knowledge(at, c)
	end()
	p.inOrderOfTime(c)
	pg := p.listPage(c, "knowledgeDiff", 3)
	f.object = p.knowledgeDiffObject(to, pg, c.selections())
	f.values = func(args []any, src *source) any {
		before, after := from.read(src.row), to.read(src.row)
		return &source{value: pg.of(changesOf(graph.DiffKnowledge(before.Knowledge, after.Knowledge), after), args)}
	}
}

// inOrderOfTime refuses a later moment that is earlier.
func (p *planner) inOrderOfTime(c *collected) {
	from, to := p.momentOf(c, "from"), p.momentOf(c, "to")
	check := func(vars map[string]any) error {
		a, err := from(vars)
		if err != nil {
			return err
		}
		b, err := to(vars)
		if err != nil {
			return err
		}
		for _, clock := range []struct{ name, from, to string }{{"published", a.Published, b.Published}, {"recorded", a.Recorded, b.Recorded}} {
			if clock.to != "" && (clock.from == "" || clock.from > clock.to) {
				return graph.Errorf(graph.Invalid, "to.%s is before from.%s (now, where it is left out): exchange the two", clock.name, clock.name)
			}
		}
		return nil
	}
	if err := check(p.vars); err != nil {
		p.fail(err)
	}
	p.op.values = append(p.op.values, func(vars map[string]any) (any, error) { return nil, check(vars) })
	p.variable = true
}

// changesOf are all changes, each with the keys of its cursor.
func changesOf(d graph.KnowledgeDiff, to *known) []listItem {
	var all []listItem
	add := func(v knownChange, key ...string) {
		v.to = to
		all = append(all, listItem{&source{value: v}, append([]string{fmt.Sprint(v.list)}, key...)})
	}
	for list, of := range [][]int{newClaims: d.NewClaims, supersededClaims: d.SupersededClaims, retractedClaims: d.RetractedClaims} {
		for _, i := range of {
			add(knownChange{list: list, index: i}, to.Claims[i].PublishedAt, to.Claims[i].ID)
		}
	}
	for i, of := range [][]int{d.NewStatements, d.RetractedStatements} {
		for _, j := range of {
			add(knownChange{list: newStatements + i, index: j}, to.Statements[j].PublishedAt, to.Statements[j].ID)
		}
	}
	for _, a := range d.Answers {
		add(knownChange{list: changedAnswers, AnswerChange: a}, a.Subject, string(a.Measure))
	}
	return all
}

func (p *planner) knowledgeDiffObject(k *knowledge, pg *listPage, sets []ast.SelectionSet) *object {
	only := func(f *field, list int, o *object, row func(v knownChange) any) {
		part(f, o, func(v *listed) any {
			var out []*source
			for _, item := range v.items {
				if change := item.source.value.(knownChange); change.list == list {
					out = append(out, row(change).(*source))
				}
			}
			return out
		})
	}
	claim := func(v knownChange) any { return &source{row: v.to.claims[v.index]} }
	statement := func(v knownChange) any { return &source{row: v.to.statements[v.index]} }
	return p.computedObject("KnowledgeDiff", sets, func(name string, c *collected, f *field) {
		claims := func(list int) { only(f, list, p.objectOf(k.claims.sel, p.model.Types["Claim"], c.selections()), claim) }
		statements := func(list int) {
			only(f, list, p.objectOf(k.statements.sel, p.model.Types["Statement"], c.selections()), statement)
		}
		switch name {
		case "newClaims":
			claims(newClaims)
		case "supersededClaims":
			claims(supersededClaims)
		case "retractedClaims":
			claims(retractedClaims)
		case "newStatements":
			statements(newStatements)
		case "retractedStatements":
			statements(retractedStatements)
		case "changedAnswers":
			only(f, changedAnswers, p.changedAnswer(k, c.selections()), func(v knownChange) any { return &source{value: v} })
		case "totalCount":
			scalar(f, leafInt, func(v *listed) any { return v.total })
		case "pageInfo":
			f.how, f.object = howSame, p.listPageInfo(pg, c.selections())
		}
	})
}

// changedAnswer plans the selection on an answer that changed.
func (p *planner) changedAnswer(k *knowledge, sets []ast.SelectionSet) *object {
	return p.computedObject("ChangedAnswer", sets, func(name string, c *collected, f *field) {
		switch name {
		case "subject":
			part(f, p.objectOf(k.claims.subject, p.model.Types["Node"], c.selections()), func(v knownChange) any {
				for i := range v.to.Claims {
					if v.to.Claims[i].Subject == v.Subject {
						return maybe(k.claims.subject.oneSource(v.to.claims[i]))
					}
				}
				return nil
			})
		case "measure":
			scalar(f, leafString, func(v knownChange) any { return optionalText(string(v.Measure)) })
		case "changed":
			scalar(f, leafStrings, func(v knownChange) any {
				out := make([]string, len(v.Changed))
				for i, c := range v.Changed {
					out[i] = string(c)
				}
				return out
			})
		case "before":
			part(f, p.answer(c.selections()), func(v knownChange) any { return &source{value: v.Before} })
		case "after":
			part(f, p.answer(c.selections()), func(v knownChange) any { return &source{value: v.After} })
		case "claims":
			part(f, p.objectOf(k.claims.sel, p.model.Types["Claim"], c.selections()), func(v knownChange) any {
				return sourceEach(v.Claims, func(i int) *source { return &source{row: v.to.claims[v.Claims[i]]} })
			})
		}
	})
}

func (p *planner) answer(sets []ast.SelectionSet) *object {
	return p.computedObject("Answer", sets, func(name string, c *collected, f *field) {
		switch name {
		case "best":
			scalar(f, leafInt, func(v graph.Answer) any { return optionalLeaf(v.Best) })
		case "band":
			part(f, p.band(c.selections()), func(v graph.Answer) any { return bandSource(v.Band) })
		case "contested":
			scalar(f, leafBoolean, func(v graph.Answer) any { return v.Contested })
		case "screening":
			scalar(f, leafString, func(v graph.Answer) any { return optionalText(string(v.Screening)) })
		}
	})
}
