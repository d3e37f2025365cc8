package gql

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// measure checks a parsed document against the limits. Every selection is looked at once: what a fragment amounts to is
// remembered, so that one which is spread twice in each of many others costs nothing more.
func (l Limits) measure(doc *ast.QueryDocument) error {
	m := &measurer{limits: l, fragments: make(map[string]*measured, len(doc.Fragments)), variables: variables(doc)}
	for _, f := range doc.Fragments {
		if m.fragments[f.Name] == nil {
			m.fragments[f.Name] = &measured{definition: f}
		}
	}
	for _, f := range doc.Fragments {
		if len(f.VariableDefinition) > 0 {
			return located(graph.Invalid, f.Position, "fragment %s declares variables: only operations do", quoted(f.Name))
		}
		m.fragment(f.Name)
		// A fragment of a name that another has too is not reached by any spread, but validation visits it.
		if m.fragments[f.Name].definition != f {
			m.work += m.set(f.SelectionSet, &m.lost).work
		}
		m.directives(f.Directives)
	}
	total := 0
	for _, o := range doc.Operations {
		for _, v := range o.VariableDefinitions {
			m.work += 1 + m.value(v.DefaultValue, 1)
			m.directives(v.Directives)
		}
		m.directives(o.Directives)
		var spreads []string
		s := m.set(o.SelectionSet, &spreads)
		m.work += s.work
		total = min(total+s.selections, tooMany)
		m.deepest = max(m.deepest, s.depth)
		if s.roots > l.RootFields {
			return exceeds("the operation", l.RootFields, "root fields")
		}
		m.reach(spreads)
	}
	for _, f := range doc.Fragments {
		m.deepest = max(m.deepest, m.fragments[f.Name].depth)
		m.reach([]string{f.Name})
	}
	switch {
	case m.failed != nil:
		return m.failed
	case m.aliases > l.Aliases:
		return exceeds("the query", l.Aliases, "aliases")
	case m.directiveCount > l.Directives:
		return exceeds("the query", l.Directives, "directives")
	case m.deepest > l.Depth:
		return graph.Errorf(graph.TooLarge, "the query nests fields more than %s deep", number(l.Depth))
	case total > l.Selections:
		return exceeds("the query", l.Selections, "selections, counted where fragments are spread")
	case m.work > l.Work:
		return graph.Errorf(graph.TooLarge, "the query takes more than %s steps to validate: use fewer fragments, operations or values",
			number(l.Work))
	}
	return nil
}

// tooMany is where counting ends, far above any limit and far below what overflows.
const tooMany = 1 << 40

// measured is what a selection set or a fragment amounts to.
type measured struct {
	selections int // with fragments spread
	roots      int // fields at the top, with fragments spread
	depth      int // of fields, with fragments spread
	work       int // without the fragments

	// For a fragment only:
	definition   *ast.FragmentDefinition
	spreads      []string // the fragments that it spreads
	begun, ended bool     // measuring it has
	turn         int      // of reach, which saw it last
}

type measurer struct {
	limits    Limits
	fragments map[string]*measured
	variables map[string]int

	aliases, directiveCount, deepest, work int
	turn                                   int
	lost                                   []string // spreads that lead nowhere
	failed                                 error
}

// fragment measures a fragment once. One that reaches itself counts as nothing there: validation refuses it.
func (m *measurer) fragment(name string) *measured {
	f := m.fragments[name]
	if f == nil || f.begun {
		return f
	}
	f.begun = true
	s := m.set(f.definition.SelectionSet, &f.spreads)
	f.selections, f.roots, f.depth, f.work, f.ended = s.selections, s.roots, s.depth, s.work, true
	return f
}

// set measures a selection set, and adds the fragments that it spreads.
func (m *measurer) set(set ast.SelectionSet, spreads *[]string) measured {
	sum := measured{work: 1}
	for _, selection := range set {
		sum.selections++
		sum.work++
		var inner measured
		switch s := selection.(type) {
		case *ast.Field:
			sum.roots++
			if s.Alias != s.Name {
				m.aliases++
			}
			inner = m.set(s.SelectionSet, spreads)
			inner.depth, inner.roots = inner.depth+1, 0
			inner.work += m.directives(s.Directives) + m.arguments(s.Arguments)
		case *ast.InlineFragment:
			inner = m.set(s.SelectionSet, spreads)
			inner.work += m.directives(s.Directives)
		case *ast.FragmentSpread:
			inner.work = m.directives(s.Directives)
			*spreads = append(*spreads, s.Name)
			if f := m.fragment(s.Name); f != nil && f.ended {
				inner.selections, inner.roots, inner.depth = f.selections, f.roots, f.depth
			}
		}
		sum.selections = min(sum.selections+inner.selections, tooMany)
		sum.roots = min(sum.roots+inner.roots, tooMany)
		sum.depth = max(sum.depth, inner.depth)
		sum.work += inner.work
	}
	return sum
}

// directives counts directives, and gives the work of visiting them.
func (m *measurer) directives(list ast.DirectiveList) int {
	work := len(list)
	m.directiveCount += len(list)
	for _, d := range list {
		work += m.arguments(d.Arguments)
	}
	return work
}

func (m *measurer) arguments(list ast.ArgumentList) int {
	work := len(list)
	for _, a := range list {
		work += m.value(a.Value, 1)
	}
	return work
}

// value is the work of visiting a value that stands so deep: each value around it looks at it again, and a variable may
// bring its default with it.
func (m *measurer) value(v *ast.Value, deep int) int {
	if v == nil {
		return 0
	}
	if (v.Kind == ast.ListValue || v.Kind == ast.ObjectValue) && deep > m.limits.Nesting && m.failed == nil {
		m.failed = located(graph.TooLarge, v.Position, "a value nests more than %s deep", number(m.limits.Nesting))
	}
	if strings.IndexByte(v.Raw, 0) >= 0 && m.failed == nil {
		m.failed = located(graph.Invalid, v.Position, "a text holds a null character, which cannot be stored: leave \\u0000 out")
	}
	work := (1 + len(v.Raw)/256) * deep
	if v.Kind == ast.Variable {
		work = (1 + m.variables[v.Raw]) * deep
	}
	for _, child := range v.Children {
		work += m.value(child.Value, deep+1)
	}
	return work
}

// variables gives for each variable what it costs to meet it: it is looked for among the others, and a default comes along.
func variables(doc *ast.QueryDocument) map[string]int {
	costs := map[string]int{}
	for _, o := range doc.Operations {
		for _, v := range o.VariableDefinitions {
			m := measurer{limits: Limits{Nesting: tooMany}}
			costs[v.Variable] = max(costs[v.Variable], m.value(v.DefaultValue, 1)+len(o.VariableDefinitions)/16)
		}
	}
	return costs
}

// reach adds the work of the fragments that these spreads reach, each once. It ends where the limit is passed.
func (m *measurer) reach(next []string) {
	m.turn++
	for len(next) > 0 && m.work <= m.limits.Work {
		f := m.fragments[next[len(next)-1]]
		next = next[:len(next)-1]
		if f == nil || f.turn == m.turn {
			continue
		}
		f.turn = m.turn
		m.work += f.work
		next = append(next, f.spreads...)
	}
}
