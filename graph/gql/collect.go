package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph/schema"
)

// collected is what is asked under one response key of an object: the fields of that key, whose selections are merged.
type collected struct {
	key    string
	fields []*ast.Field
}

// first is one of the fields; name and arguments are the same in all of them.
func (c *collected) first() *ast.Field { return c.fields[0] }

func (c *collected) selections() []ast.SelectionSet {
	sets := make([]ast.SelectionSet, 0, len(c.fields))
	for _, f := range c.fields {
		if len(f.SelectionSet) > 0 {
			sets = append(sets, f.SelectionSet)
		}
	}
	return sets
}

// collect merges selection sets into the response keys of an object type, in the order of the document (GraphQL, section
// 6.3.2). applies says whether a fragment on a type condition applies to the object.
func (p *planner) collect(applies func(condition string) bool, sets []ast.SelectionSet) []*collected {
	var out []*collected
	index := map[string]*collected{}
	visited := map[string]bool{}
	var walk func(set ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if !p.included(s.Directives) {
					continue
				}
				c := index[s.Alias]
				if c == nil {
					c = &collected{key: s.Alias}
					index[s.Alias] = c
					out = append(out, c)
				}
				c.fields = append(c.fields, s)
			case *ast.InlineFragment:
				if p.included(s.Directives) && (s.TypeCondition == "" || applies(s.TypeCondition)) {
					walk(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if visited[s.Name] || !p.included(s.Directives) {
					continue
				}
				visited[s.Name] = true
				if d := p.fragments.ForName(s.Name); d != nil && applies(d.TypeCondition) {
					walk(d.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		walk(set)
	}
	return out
}

func (p *planner) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		switch d.Name {
		case "skip":
			if p.input(argumentValue(d, "if")).read() == true {
				return false
			}
		case "include":
			if p.input(argumentValue(d, "if")).read() == false {
				return false
			}
		}
	}
	return true
}

func argumentValue(d *ast.Directive, name string) *ast.Value {
	if a := d.Arguments.ForName(name); a != nil {
		return a.Value
	}
	return nil
}

// condition says which fragments apply to an object of the type.
func (p *planner) condition(t *schema.Type) func(string) bool {
	return func(name string) bool {
		if name == t.Name {
			return true
		}
		if t.Kind != nil {
			return t.Kind.Implements(name)
		}
		u := p.model.Types[name]
		if u != nil && u.Class == schema.UnionType {
			for _, m := range u.Members {
				if m == t {
					return true
				}
			}
		}
		return false
	}
}

// only says that the fragments on just this type apply.
func only(name string) func(string) bool {
	return func(condition string) bool { return condition == name }
}
