package gql

import (
	"reflect"
	"sort"

	"github.com/vektah/gqlparser/v2/ast"
)

// input is the value of an argument, or a part of it, as the planner reads it. What a plan depends on is read from it in
// two ways: a leaf that only becomes an argument of the plan is bound, so that the plan serves other values too; whatever
// shapes the plan (which keys there are, null or not, a direction) is read, and a guard remembers it, so that the plan is
// used again only for variables that look the same there.
type input struct {
	p *planner
	// literal is set for a value that stands in the document. It may have variables inside.
	literal *ast.Value
	// variable and path lead to a value that came with the request; value is the one that it has now.
	variable string
	path     []any
	value    any
	// absent: neither a value nor null was given.
	absent bool
}

// named is a field of an input object.
type named struct {
	name string
	input
}

func (p *planner) input(v *ast.Value) input {
	if v == nil {
		return input{p: p, absent: true}
	}
	if v.Kind != ast.Variable {
		return input{p: p, literal: v}
	}
	value, ok := p.vars[v.Raw]
	name := v.Raw
	p.guard(func(vars map[string]any) bool { _, given := vars[name]; return given == ok })
	return input{p: p, variable: name, value: value, absent: !ok}
}

// argument is the value of a field's argument; its default where there is none.
func (p *planner) argument(f *ast.Field, name string) input {
	var in input
	if a := f.Arguments.ForName(name); a != nil {
		in = p.input(a.Value)
	} else {
		in = input{p: p, absent: true}
	}
	if in.absent && f.Definition != nil {
		if d := f.Definition.Arguments.ForName(name); d != nil && d.DefaultValue != nil {
			return input{p: p, literal: d.DefaultValue}
		}
	}
	return in
}

func (in input) at(vars map[string]any) any {
	v := vars[in.variable]
	for _, step := range in.path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}

// given says whether there is a value: neither absent nor null.
func (in input) given() bool {
	if in.absent {
		return false
	}
	return !in.null()
}

func (in input) null() bool {
	if in.literal != nil {
		return in.literal.Kind == ast.NullValue
	}
	null := in.value == nil
	in.p.guard(func(vars map[string]any) bool { return (in.at(vars) == nil) == null })
	return null
}

// fields are those of an input object that were given, null ones among them, in the order of the document, or of their names where the
// object came with the request.
func (in input) fields() []named {
	var out []named
	if in.literal != nil {
		for _, c := range in.literal.Children {
			if f := in.p.input(c.Value); !f.absent {
				out = append(out, named{c.Name, f})
			}
		}
		return out
	}
	object, _ := in.value.(map[string]any)
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	in.p.guard(func(vars map[string]any) bool {
		other, _ := in.at(vars).(map[string]any)
		if len(other) != len(names) {
			return false
		}
		for _, name := range names {
			if _, ok := other[name]; !ok {
				return false
			}
		}
		return true
	})
	for _, name := range names {
		out = append(out, named{name, in.child(name, object[name])})
	}
	return out
}

func (in input) child(step any, value any) input {
	path := append(append([]any{}, in.path...), step)
	return input{p: in.p, variable: in.variable, path: path, value: value}
}

// items are the elements of a list; a single value is a list of one (GraphQL, section 3.11).
func (in input) items() []input {
	if in.literal != nil {
		if in.literal.Kind != ast.ListValue {
			return []input{in}
		}
		var out []input
		for _, c := range in.literal.Children {
			out = append(out, in.p.input(c.Value))
		}
		return out
	}
	list, ok := in.value.([]any)
	in.p.guard(func(vars map[string]any) bool {
		other, is := in.at(vars).([]any)
		return is == ok && len(other) == len(list)
	})
	if !ok {
		return []input{in}
	}
	var out []input
	for i, v := range list {
		out = append(out, in.child(i, v))
	}
	return out
}

// read is the value itself; the plan depends on it.
func (in input) read() any {
	if in.absent {
		return nil
	}
	if in.literal != nil {
		v, _ := in.literal.Value(in.p.vars)
		if in.literal.Kind != ast.NullValue && len(in.literal.Children) > 0 {
			literal := in.literal
			in.p.guard(func(vars map[string]any) bool {
				other, _ := literal.Value(vars)
				return reflect.DeepEqual(other, v)
			})
		}
		return v
	}
	in.p.guard(func(vars map[string]any) bool { return reflect.DeepEqual(in.at(vars), in.value) })
	return in.value
}

// text is a string or an enum value that the plan depends on; empty for none.
func (in input) text() string {
	s, _ := in.read().(string)
	return s
}

// source gives the value for any variables.
func (in input) source() func(vars map[string]any) any {
	if in.literal != nil {
		literal := in.literal
		return func(vars map[string]any) any {
			v, _ := literal.Value(vars)
			return v
		}
	}
	return in.at
}

// constant says whether the value is the same for all variables.
func (in input) constant() bool { return in.literal != nil && !hasVariable(in.literal) }

func hasVariable(v *ast.Value) bool {
	if v.Kind == ast.Variable {
		return true
	}
	for _, c := range v.Children {
		if hasVariable(c.Value) {
			return true
		}
	}
	return false
}
