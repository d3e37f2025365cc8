package gql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// overlaps reports fields of one operation that would write different things to the same place of the answer, at most
// maxErrors of them: the rule FieldsInSetCanMerge of the GraphQL specification.
//
// Instead of comparing every two fields, it goes down the places of the answer. Being of the same shape is an equivalence,
// so that all fields at a place are compared with the first. Being the same field with the same arguments is one too, so
// that nothing more is to do where all fields at a place are; only where they differ are two compared at a time, and only
// one of each kind: those whose parents may be the same object, all the way up, conflict. The cost is linear in the
// selections with fragments spread, and quadratic in the kinds that meet in one place.
//
// The document must be valid otherwise.
func overlaps(schema *ast.Schema, doc *ast.QueryDocument) gqlerror.List {
	m := &merger{schema: schema, signatures: map[*ast.Field]int{}, numbers: map[string]int{}, lines: map[line]*line{}}
	for _, o := range doc.Operations {
		at := newPlaces()
		at.collect(m, o.SelectionSet, nil)
		m.check(at, "")
	}
	return m.errs
}

type merger struct {
	schema     *ast.Schema
	signatures map[*ast.Field]int
	numbers    map[string]int
	lines      map[line]*line
	errs       gqlerror.List
}

// line is the parents of a field, from its own up to the root. A parent that is no object type is nil, for it may be any.
// Equal lines are one.
type line struct {
	parent *ast.Definition
	up     *line
}

func (m *merger) line(parent *ast.Definition, up *line) *line {
	l := line{up: up}
	if parent.Kind == ast.Object {
		l.parent = parent
	}
	known := m.lines[l]
	if known == nil {
		known = &l
		m.lines[l] = known
	}
	return known
}

// exclusive says whether no object is under both lines.
func exclusive(a, b *line) bool {
	for a != b && a != nil && b != nil {
		if a.parent != b.parent && a.parent != nil && b.parent != nil {
			return true
		}
		a, b = a.up, b.up
	}
	return false
}

// placed is a field at a place of the answer.
type placed struct {
	field *ast.Field
	line  *line
}

// places are the places of an object in the answer, with the fields that write there, as they come in the document.
type places struct {
	names  []string
	fields map[string][]placed
}

func newPlaces() *places { return &places{fields: map[string][]placed{}} }

func (p *places) collect(m *merger, set ast.SelectionSet, up *line) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if p.fields[s.Alias] == nil {
				p.names = append(p.names, s.Alias)
			}
			p.fields[s.Alias] = append(p.fields[s.Alias], placed{s, m.line(s.ObjectDefinition, up)})
		case *ast.InlineFragment:
			p.collect(m, s.SelectionSet, up)
		case *ast.FragmentSpread:
			p.collect(m, s.Definition.SelectionSet, up)
		}
	}
}

// check compares the fields at each place, and goes down where they agree.
func (m *merger) check(at *places, path string) {
	for _, name := range at.names {
		fields := at.fields[name]
		if len(m.errs) == maxErrors {
			return
		}
		if m.conflict(path+name, fields) {
			continue
		}
		below := newPlaces()
		for _, f := range fields {
			below.collect(m, f.field.SelectionSet, f.line)
		}
		m.check(below, path+name+".")
	}
}

// conflict reports the first conflict among fields at one place.
func (m *merger) conflict(path string, fields []placed) bool {
	first := fields[0].field
	for _, f := range fields[1:] {
		if a, b := first.Definition.Type, f.field.Definition.Type; f.field.Definition != first.Definition && !m.sameShape(a, b) {
			m.report(path, first, f.field, fmt.Sprintf("they return conflicting types %s and %s", quoted(a.String()), quoted(b.String())))
			return true
		}
	}
	if a, b, found := m.different(fields); found {
		reason := "they have differing arguments"
		if a.Name != b.Name {
			reason = fmt.Sprintf("%s and %s are different fields", quoted(a.Name), quoted(b.Name))
		}
		m.report(path, a, b, reason)
		return true
	}
	return false
}

func (m *merger) report(path string, a, b *ast.Field, reason string) {
	m.errs = append(m.errs, &gqlerror.Error{
		Rule: "OverlappingFieldsCanBeMerged",
		Message: fmt.Sprintf("Fields %s conflict because %s. Use different aliases on the fields to fetch both if this was intentional.",
			quoted(path), reason),
		Locations: []gqlerror.Location{{Line: a.Position.Line, Column: a.Position.Column}, {Line: b.Position.Line, Column: b.Position.Column}},
	})
}

// sameShape says whether what two fields return can stand in one place: lists and nulls alike, and the same leaf if either
// is one. What objects hold is compared further down.
func (m *merger) sameShape(a, b *ast.Type) bool {
	for {
		if a.NonNull != b.NonNull || (a.Elem == nil) != (b.Elem == nil) {
			return false
		}
		if a.Elem == nil {
			break
		}
		a, b = a.Elem, b.Elem
	}
	return a.NamedType == b.NamedType || !m.schema.Types[a.NamedType].IsLeafType() && !m.schema.Types[b.NamedType].IsLeafType()
}

// different finds two fields of different name or arguments that may belong to one object.
func (m *merger) different(fields []placed) (a, b *ast.Field, found bool) {
	type kind struct {
		signature int
		line      *line
	}
	first, alike := m.signature(fields[0].field), true
	for _, f := range fields[1:] {
		alike = alike && m.signature(f.field) == first
	}
	if alike {
		return nil, nil, false
	}
	seen := map[kind]bool{}
	var kinds []kind
	var examples []*ast.Field
	for _, f := range fields {
		k := kind{m.signature(f.field), f.line}
		if seen[k] {
			continue
		}
		for i, other := range kinds {
			if other.signature != k.signature && !exclusive(other.line, k.line) {
				return examples[i], f.field, true
			}
		}
		seen[k] = true
		kinds, examples = append(kinds, k), append(examples, f.field)
	}
	return nil, nil, false
}

// signature is a number that two fields share if they have the same name and arguments.
func (m *merger) signature(f *ast.Field) int {
	if n, known := m.signatures[f]; known {
		return n
	}
	text := f.Name
	if len(f.Arguments) > 0 {
		var b strings.Builder
		b.WriteString(f.Name)
		arguments := slices.Clone(f.Arguments)
		slices.SortFunc(arguments, func(x, y *ast.Argument) int { return strings.Compare(x.Name, y.Name) })
		for _, a := range arguments {
			b.WriteByte(' ')
			b.WriteString(a.Name)
			b.WriteByte('.')
			writeValue(&b, a.Value)
		}
		text = b.String()
	}
	n, known := m.numbers[text]
	if !known {
		n = len(m.numbers)
		m.numbers[text] = n
	}
	m.signatures[f] = n
	return n
}

// writeValue writes a value so that two are written alike only if they are the same; the order in an object is none.
func writeValue(b *strings.Builder, v *ast.Value) {
	b.WriteByte('a' + byte(v.Kind))
	children := v.Children
	if v.Kind == ast.ObjectValue {
		children = slices.Clone(children)
		slices.SortFunc(children, func(x, y *ast.ChildValue) int { return strings.Compare(x.Name, y.Name) })
	}
	b.WriteString(strconv.Itoa(len(v.Raw) + len(children)))
	b.WriteByte(':')
	b.WriteString(v.Raw)
	for _, child := range children {
		b.WriteString(child.Name)
		b.WriteByte('.')
		writeValue(b, child.Value)
	}
}
