package schema

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/raidgraph/raidgraph/graph"
)

// Load reads the text of schema.graphqls. The error names the type and field that is wrong.
func Load(text string) (*Model, error) {
	doc, err := parser.ParseSchema(&ast.Source{Name: "schema.graphqls", Input: text})
	if err != nil {
		return nil, fmt.Errorf("schema.graphqls: %w", err)
	}
	m := &Model{Types: map[string]*Type{}, Enums: map[string]*ast.Definition{}, Scalars: map[string]*ast.Definition{},
		Inputs: map[string]*ast.Definition{}, document: doc}
	for _, d := range doc.Definitions {
		switch d.Kind {
		case ast.Enum:
			m.Enums[d.Name] = d
		case ast.Scalar:
			m.Scalars[d.Name] = d
		case ast.InputObject:
			m.Inputs[d.Name] = d
		default:
			m.Types[d.Name] = m.newType(d)
			m.Order = append(m.Order, d.Name)
		}
	}
	for _, step := range []func(*ast.Definition) error{m.inherit, m.resolve} {
		for _, name := range m.Order {
			if err := step(doc.Definitions.ForName(name)); err != nil {
				return nil, fmt.Errorf("schema.graphqls: %w", err)
			}
		}
	}
	if err := m.build(); err != nil {
		return nil, fmt.Errorf("schema.graphqls: %w", err)
	}
	return m, nil
}

func (m *Model) newType(d *ast.Definition) *Type {
	t := &Type{Name: d.Name, Description: d.Description, Interfaces: d.Interfaces, WhereInput: d.Name + "Where",
		byName: map[string]*Field{}}
	switch {
	case d.Kind == ast.Interface:
		t.Class = InterfaceType
	case d.Kind == ast.Union:
		t.Class = UnionType
	case d.Directives.ForName("node") != nil:
		t.Class = NodeType
		n := d.Directives.ForName("node")
		t.Internal = flag(n, "internal")
		if w := text(n, "where"); w != "" {
			t.WhereInput = w
		}
	case d.Directives.ForName("value") != nil:
		t.Class = ValueType
	case d.Directives.ForName("edge") != nil:
		t.Class = EdgeType
		t.key = texts(d.Directives.ForName("edge"), "key")
	default:
		t.Class = ComputedType
	}
	return t
}

// inherit gives a type the fields of its interfaces, then its own; a field that it writes itself replaces the inherited one.
func (m *Model) inherit(d *ast.Definition) error {
	t := m.Types[d.Name]
	var fields ast.FieldList
	add := func(f *ast.FieldDefinition) {
		for i, g := range fields {
			if g.Name == f.Name {
				fields[i] = f
				return
			}
		}
		fields = append(fields, f)
	}
	seen := map[string]bool{}
	var from func(d *ast.Definition) error
	from = func(d *ast.Definition) error {
		if seen[d.Name] {
			return nil
		}
		seen[d.Name] = true
		for _, name := range d.Interfaces {
			i := m.document.Definitions.ForName(name)
			if i == nil || i.Kind != ast.Interface {
				return fmt.Errorf("%s implements %s, which is no interface", d.Name, name)
			}
			if err := from(i); err != nil {
				return err
			}
		}
		for _, f := range d.Fields {
			add(f)
		}
		return nil
	}
	if err := from(d); err != nil {
		return err
	}
	for _, f := range fields {
		field := &Field{Name: f.Name, Description: f.Description, GraphQL: f.Type, Arguments: f.Arguments,
			Internal:  f.Directives.ForName("internal") != nil || f.Directives.ForName("filter") != nil,
			End:       f.Directives.ForName("end") != nil,
			Computed:  text(f.Directives.ForName("computed"), "by"),
			Pages:     flag(f.Directives.ForName("computed"), "pages"),
			Filter:    text(f.Directives.ForName("filter"), "name"),
			AnyOf:     texts(f.Directives.ForName("filter"), "anyOf"),
			index:     f.Directives.ForName("index") != nil,
			text:      f.Directives.ForName("text") != nil,
			projected: f.Directives.ForName("projected") != nil,
		}
		switch text(f.Directives.ForName("search"), "as") {
		case "NAME":
			field.search = graph.SearchName
		case "TEXT":
			field.search = graph.SearchText
		}
		t.Fields = append(t.Fields, field)
		t.byName[f.Name] = field
	}
	return nil
}

// resolve ties the fields to the types that they name.
func (m *Model) resolve(d *ast.Definition) error {
	t := m.Types[d.Name]
	for _, name := range d.Types {
		member := m.Types[name]
		if member == nil || member.Class != ValueType {
			return fmt.Errorf("the union %s has the member %s, which is no @value type", t.Name, name)
		}
		t.Members = append(t.Members, member)
	}
	for _, f := range t.Fields {
		name := f.GraphQL.Name()
		f.Object = m.Types[name]
		if f.Object == nil && m.Enums[name] == nil && m.Scalars[name] == nil && !builtin[name] {
			return fmt.Errorf("%s.%s has the unknown type %s", t.Name, f.Name, name)
		}
	}
	return nil
}

var builtin = map[string]bool{"ID": true, "String": true, "Int": true, "Float": true, "Boolean": true}

func argument(d *ast.Directive, name string) *ast.Value {
	if d == nil {
		return nil
	}
	if a := d.Arguments.ForName(name); a != nil {
		return a.Value
	}
	return nil
}

func text(d *ast.Directive, name string) string {
	if v := argument(d, name); v != nil {
		return v.Raw
	}
	return ""
}

func flag(d *ast.Directive, name string) bool { return text(d, name) == "true" }

func texts(d *ast.Directive, name string) []string {
	var out []string
	if v := argument(d, name); v != nil {
		for _, c := range v.Children {
			out = append(out, c.Value.Raw)
		}
	}
	return out
}

// lowerFirst is a type's name as a field's: Raid, raid.
func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// upperFirst is a field's name as a type's: merge, Merge.
func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// Upper is a field's name as an enum value's: publishedAt, PUBLISHED_AT.
func Upper(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	return strings.ToUpper(b.String())
}
