package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// Derive writes the SDL of the API.
func (m *Model) Derive() string {
	d := &deriver{Model: m, done: map[string]bool{}}
	d.line("# The API of raidgraph, derived from schema.graphqls by `go generate ./...`. Do not edit.\n")
	for _, def := range m.document.Definitions {
		switch def.Kind {
		case ast.Scalar:
			d.describe("", def.Description)
			d.line("scalar %s\n", def.Name)
		case ast.Enum:
			if def.Name != "RelationDirection" && def.Name != "SearchAs" {
				d.enum(def)
			}
		case ast.InputObject:
			d.input(def)
		default:
			d.object(m.Types[def.Name])
		}
	}
	d.kindEnum()
	d.line("%s", fixed)
	d.mutations()
	// Connections and inputs name each other, so that writing one may ask for more.
	for len(d.pending) > 0 {
		next := d.pending[0]
		d.pending = d.pending[1:]
		next()
	}
	return d.b.String()
}

type deriver struct {
	*Model
	b       strings.Builder
	done    map[string]bool
	pending []func()
}

func (d *deriver) line(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

func (d *deriver) describe(indent, text string) {
	if text != "" {
		d.line("%s%s", indent, quote(text))
	}
}

func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// once runs the writer of a named definition when the definitions before it are written, and only once.
func (d *deriver) once(name string, write func()) string {
	if !d.done[name] {
		d.done[name] = true
		d.pending = append(d.pending, write)
	}
	return name
}

func (d *deriver) enum(def *ast.Definition) {
	d.describe("", def.Description)
	d.line("enum %s {", def.Name)
	for _, v := range def.EnumValues {
		d.describe("  ", v.Description)
		d.line("  %s", v.Name)
	}
	d.line("}\n")
}

func (d *deriver) input(def *ast.Definition) {
	d.describe("", def.Description)
	d.line("input %s {", def.Name)
	for _, f := range def.Fields {
		d.describe("  ", f.Description)
		d.line("  %s: %s", f.Name, f.Type)
	}
	d.line("}\n")
}

// KindValue is a kind's value of the enum Kind: RAID.
func KindValue(k *graph.Kind) string { return Upper(lowerFirst(k.Name)) }

func (d *deriver) kindEnum() {
	d.line("\"A kind of node.\"\nenum Kind {")
	for _, k := range d.Graph.Kinds {
		if !k.Own() {
			d.describe("  ", d.Types[k.Name].Description)
			d.line("  %s", KindValue(k))
		}
	}
	d.line("}\n")
}

func (d *deriver) object(t *Type) {
	if t.Internal || t.Class == EdgeType && !t.hops(d.Model) {
		return
	}
	d.describe("", t.Description)
	switch t.Class {
	case UnionType:
		var members []string
		for _, m := range t.Members {
			members = append(members, m.Name)
		}
		d.line("union %s = %s\n", t.Name, strings.Join(members, " | "))
		return
	case InterfaceType:
		d.line("interface %s%s {", t.Name, implements(t.allInterfaces(d.Model)))
	default:
		d.line("type %s%s {", t.Name, implements(t.allInterfaces(d.Model)))
	}
	for _, f := range t.Fields {
		if t.Name == "Query" && !f.takes("AsOf") {
			d.field(f, asOfArgument)
		} else {
			d.field(f)
		}
	}
	if t.Name == "Query" {
		d.roots()
	}
	d.line("}\n")
}

// hops says whether an @edge type stands in the API itself, as the type of a list.
func (t *Type) hops(m *Model) bool {
	for _, f := range t.Fields {
		if f.End {
			return true
		}
	}
	return false
}

func implements(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " implements " + strings.Join(names, " & ")
}

// takes says whether a field has an argument of a type.
func (f *Field) takes(typ string) bool {
	return slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.Name() == typ })
}

// field writes a field, with more arguments than it has.
func (d *deriver) field(f *Field, more ...string) {
	if f.Internal {
		return
	}
	d.describe("  ", f.Description)
	var args []string
	for _, a := range f.Arguments {
		s := a.Name + ": " + a.Type.String()
		if a.DefaultValue != nil {
			s += " = " + a.DefaultValue.String()
		}
		args = append(args, describeArgument(a.Description)+s)
		d.inputByName(a.Type.Name())
	}
	typ := f.GraphQL.String()
	switch r := f.Relation; {
	case r != nil && r.Many && !r.List:
		args = append(args, d.connectionArguments(r.Connection(), d.where(r), true)...)
		typ = d.connection(r) + "!"
	case f.Pages:
		args = append(args, pageArguments...)
		typ = d.connection(&Relation{Target: f.Object, Many: true}) + "!"
	case f.Computed == "search":
		args = append(args, pageOnly...)
		typ = "SearchConnection!"
	}
	if args = append(args, more...); len(args) > 0 {
		d.line("  %s(\n    %s\n  ): %s", f.Name, strings.Join(args, "\n    "), typ)
		return
	}
	d.line("  %s: %s", f.Name, typ)
}

func describeArgument(text string) string {
	if text == "" {
		return ""
	}
	return quote(text) + " "
}

// asOfArgument is taken by each root field.
const asOfArgument = `"As it could be known at a moment; now, where it is left out." asOf: AsOf`

var pageOnly = []string{
	`"The most to return, from the start or after the cursor: 25 where neither first nor last is given, at most 1,000." first: Int`,
	`"Begin behind this cursor." after: String`,
}

var pageArguments = append(slices.Clip(pageOnly), `"The most to return, from the end or before the cursor." last: Int`,
	`"End before this cursor." before: String`)

// connectionArguments are those of every connection of nodes.
func (d *deriver) connectionArguments(base, where string, ordered bool) []string {
	args := []string{`"Only those that fulfil this." where: ` + where}
	if ordered {
		args = append(args, `"In this order; ties by id." orderBy: [`+d.order(base)+`!]`)
	}
	return append(args, pageArguments...)
}

// roots are the two root fields of each kind.
func (d *deriver) roots() {
	for _, k := range d.Graph.Kinds {
		if k.Internal {
			continue
		}
		t := d.Types[k.Name]
		d.line("  %s", quote("A "+k.Singular+" by its id; null where there is none. "+t.Description))
		d.line("  %s(%s %s): %s", k.Singular, `"The id." id: ID!`, asOfArgument, k.Name)
		d.line("  %s", quote("All "+k.Plural+", page by page."))
		r := &Relation{Target: t, Kinds: t.Kinds, Many: true}
		d.line("  %s(\n    %s\n  ): %s!", k.Plural, strings.Join(append(d.connectionArguments(k.Name, d.whereOf(t), true), asOfArgument), "\n    "), d.connection(r))
	}
}

// connection asks for the connection of a relation and gives its name.
func (d *deriver) connection(r *Relation) string {
	base, node := r.Connection(), r.Target.Name
	return d.once(base+"Connection", func() {
		d.line("\"A page of %s.\"\ntype %sConnection {", plural(base), base)
		d.line("  \"Each with its cursor.\"\n  edges: [%sEdge!]!", base)
		d.line("  \"The same without the edges.\"\n  nodes: [%s!]!", node)
		d.line("  \"Where this page stands.\"\n  pageInfo: PageInfo!")
		d.line("  \"How many there are on all pages; counted only when asked for.\"\n  totalCount: Int!\n}\n")
		d.line("\"One of %s, and where it stands.\"\ntype %sEdge {", plural(base), base)
		d.line("  \"Its place, for after and before.\"\n  cursor: String!")
		d.line("  \"What is found.\"\n  node: %s!", node)
		if r.Edge != nil {
			for _, f := range r.Edge.Fields {
				d.field(f)
			}
		}
		d.line("}\n")
	})
}

func plural(base string) string {
	switch {
	case strings.HasSuffix(base, "y"):
		return base[:len(base)-1] + "ies"
	}
	return base + "s"
}

// fixed is what does not depend on the kinds.
const fixed = `"What search found, best match first."
type SearchConnection {
  "Each with its cursor and how it matches."
  edges: [SearchEdge!]!
  "The same without the edges."
  nodes: [Node!]!
  "Where this page stands."
  pageInfo: PageInfo!
  "How many match on all pages; counted only when asked for."
  totalCount: Int!
}

"One that search found."
type SearchEdge {
  "Its place, for after."
  cursor: String!
  "What is found."
  node: Node!
  "How it matches."
  match: SearchMatch!
}

"How a node matches a search, best first."
enum SearchMatch {
  "A name is the text."
  EXACT
  "A name begins with the text."
  PREFIX
  "A word of a name begins with the text."
  WORD_PREFIX
  "A name contains the text."
  SUBSTRING
  "The names contain every word of the text."
  WORDS
  "The words of a statement contain every word of the text."
  STATEMENT
}

"A direction of ordering. Nulls are last ascending and first descending; text is in the order of its code points."
enum Direction {
  "The least first."
  ASC
  "The greatest first."
  DESC
}
`
