package gql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// silenceLedger is what the groups of a ledger were made from.
type silenceLedger struct {
	statements []graph.SpokenStatement
	rows       []graph.Row
}

type silenceGroupValue struct {
	*graph.SilenceGroup
	by graph.SilenceGrouping
	of *silenceLedger
}

type silenceEntryValue struct {
	*graph.SilenceEntry
	of *silenceLedger
}

type silentQuestionValue struct {
	*graph.SilentQuestion
	of *silenceLedger
}

// silences plans Query.silences: the statements of the filter, and those that answer them, by whomever.
func (p *planner) silences(at scope, _ *schema.Field, c *collected, f *field) {
	s := p.statements(at, c)
	filter := p.spokenFilter(c)
	if asked := filter.where(s); asked != nil {
		answers := s.relation("Statement", "answers")
		s.sel.Where = &graph.Cond{Op: graph.Or, Of: []*graph.Cond{asked,
			{Op: graph.Some, Via: &graph.Via{Relation: answers.Of, Out: true, One: true}, Kinds: answers.Kinds, Of: []*graph.Cond{asked}}}}
	}
	ss, read := p.spokenStatements(s), s.bound(manyStatements)
	by := graph.SilenceGrouping(p.argument(c.first(), "by").text())
	day := p.day(c)
	pg := p.listPage(c, "silences by "+string(by), 1)
	f.object = p.listObject(pg, "SilenceGroup", c.selections(), func(sets []ast.SelectionSet) *object { return p.silenceGroup(ss, sets) })
	f.values = func(args []any, src *source) any {
		of := &silenceLedger{rows: read.rows(src.row)}
		of.statements = ss.read(of.rows)
		filter.narrow(of.statements, args)
		ledger, err := graph.SilenceLedger(of.statements, by, text(args[day]))
		refuse(err)
		all := make([]listItem, len(ledger))
		for i := range ledger {
			all[i] = listItem{&source{value: silenceGroupValue{&ledger[i], by, of}}, []string{ledger[i].Key}}
		}
		return &source{value: pg.of(all, args)}
	}
}

func (p *planner) silenceGroup(ss *spokenStatements, sets []ast.SelectionSet) *object {
	first := func(v silenceGroupValue) graph.Row { return v.of.rows[v.Entries[0].Questions[0].Statement] }
	return p.computedObject("SilenceGroup", sets, func(name string, c *collected, f *field) {
		switch name {
		case "speaker":
			part(f, p.objectOf(ss.speaker, p.model.Types["Actor"], c.selections()), func(v silenceGroupValue) any {
				if v.by != graph.SilencesBySpeaker {
					return nil
				}
				return maybe(ss.speaker.oneSource(first(v)))
			})
		case "agency":
			part(f, p.objectOf(ss.agency, p.model.Types["Agency"], c.selections()), func(v silenceGroupValue) any {
				if v.by != graph.SilencesByAgency {
					return nil
				}
				return maybe(ss.agency.oneSource(first(v)))
			})
		case "about":
			part(f, p.objectOf(ss.about.selection, p.model.Types["Node"], c.selections()), func(v silenceGroupValue) any {
				if v.by != graph.SilencesBySubject {
					return nil
				}
				return maybe(ss.subjectRow(first(v), v.Key))
			})
		case "asked":
			scalar(f, leafInt, func(v silenceGroupValue) any { return int64(v.Asked) })
		case "open":
			scalar(f, leafInt, func(v silenceGroupValue) any { return int64(v.Open) })
		case "firstAsked":
			scalar(f, leafString, func(v silenceGroupValue) any { first, _ := v.of.asked(v.Entries); return optionalText(first) })
		case "lastAsked":
			scalar(f, leafString, func(v silenceGroupValue) any { _, last := v.of.asked(v.Entries); return optionalText(last) })
		case "entries":
			part(f, p.silenceEntry(ss, c.selections()), func(v silenceGroupValue) any {
				return sourceEach(v.Entries, func(i int) *source { return &source{value: silenceEntryValue{&v.Entries[i], v.of}} })
			})
		}
	})
}

// asked are the first and the last day on which somebody can have been asked; "" where a date is open at that end.
func (l *silenceLedger) asked(entries []graph.SilenceEntry) (first, last string) {
	var from, to []string
	for _, e := range entries {
		for _, q := range e.Questions {
			date := l.statements[q.Statement].Date
			from, to = append(from, date.From), append(to, date.To)
		}
	}
	if first = slices.Min(from); !slices.Contains(to, "") {
		last = slices.Max(to)
	}
	return first, last
}

func (p *planner) silenceEntry(ss *spokenStatements, sets []ast.SelectionSet) *object {
	first := func(v silenceEntryValue) graph.Row { return v.of.rows[v.Questions[0].Statement] }
	return p.computedObject("SilenceEntry", sets, func(name string, c *collected, f *field) {
		switch name {
		case "speaker":
			part(f, p.objectOf(ss.speaker, p.model.Types["Actor"], c.selections()), func(v silenceEntryValue) any {
				return maybe(ss.speaker.oneSource(first(v)))
			})
		case "about":
			part(f, p.objectOf(ss.about.selection, p.model.Types["Node"], c.selections()), func(v silenceEntryValue) any {
				return maybe(ss.subjectRow(first(v), v.Subject))
			})
		case "topic":
			scalar(f, leafString, func(v silenceEntryValue) any { return optionalText(v.Topic) })
		case "asked":
			scalar(f, leafInt, func(v silenceEntryValue) any { return int64(v.Asked) })
		case "firstAsked":
			scalar(f, leafString, func(v silenceEntryValue) any {
				first, _ := v.of.asked([]graph.SilenceEntry{*v.SilenceEntry})
				return optionalText(first)
			})
		case "lastAsked":
			scalar(f, leafString, func(v silenceEntryValue) any {
				_, last := v.of.asked([]graph.SilenceEntry{*v.SilenceEntry})
				return optionalText(last)
			})
		case "askedBy":
			part(f, p.objectOf(ss.askedBy, p.model.Types["Actor"], c.selections()), func(v silenceEntryValue) any { return v.askers(ss) })
		case "askersUnknown":
			scalar(f, leafBoolean, func(v silenceEntryValue) any { return len(v.Askers) > 0 && v.Askers[0] == "" })
		case "answered":
			scalar(f, leafBoolean, func(v silenceEntryValue) any {
				for _, q := range v.Questions {
					if q.Answer < 0 {
						return false
					}
				}
				return true
			})
		case "questions":
			part(f, p.silentQuestion(ss, c.selections()), func(v silenceEntryValue) any {
				return sourceEach(v.Questions, func(i int) *source { return &source{value: silentQuestionValue{&v.Questions[i], v.of}} })
			})
		}
	})
}

// askers are who asked, each once, by id.
func (v silenceEntryValue) askers(ss *spokenStatements) []*source {
	var out []*source
	for _, asker := range v.Askers {
		for _, q := range v.Questions {
			if asker != "" && v.of.statements[q.Statement].AskedBy == asker {
				out = append(out, ss.askedBy.oneSource(v.of.rows[q.Statement]))
				break
			}
		}
	}
	return out
}

func (p *planner) silentQuestion(ss *spokenStatements, sets []ast.SelectionSet) *object {
	return p.computedObject("SilentQuestion", sets, func(name string, c *collected, f *field) {
		switch name {
		case "statement":
			part(f, p.objectOf(ss.sel, p.model.Types["Statement"], c.selections()), func(v silentQuestionValue) any {
				return &source{row: v.of.rows[v.Statement]}
			})
		case "answer":
			part(f, p.objectOf(ss.sel, p.model.Types["Statement"], c.selections()), func(v silentQuestionValue) any {
				if v.Answer < 0 {
					return nil
				}
				return &source{row: v.of.rows[v.Answer]}
			})
		case "recorded":
			scalar(f, leafBoolean, func(v silentQuestionValue) any { return v.Recorded })
		case "waited":
			part(f, p.band(c.selections()), func(v silentQuestionValue) any { return intervalSource(&v.Waited) })
		}
	})
}
