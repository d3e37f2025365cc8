package gql

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// generator makes valid operations of the API at random: aliases, fragments, directives, variables, interfaces, unions,
// arguments.
type generator struct {
	*rand.Rand
	schema *ast.Schema
	// ids and texts are values that the data has.
	ids, texts []string
	aliases    int
	// roots are the only root fields, where there are any.
	roots     []string
	fragments []string
	variables []string
	values    map[string]any
}

// operation is the text of an operation, and its variables.
func (g *generator) operation() (string, map[string]any) {
	g.aliases, g.fragments, g.variables, g.values = 0, nil, nil, map[string]any{}
	set := g.selection(g.schema.Query, 0)
	head := "query Q"
	if len(g.variables) > 0 {
		head += "(" + strings.Join(g.variables, ", ") + ")"
	}
	return head + " " + set + "\n" + strings.Join(g.fragments, "\n"), g.values
}

func (g *generator) chance(of float64) bool { return g.Float64() < of }

func (g *generator) selection(t *ast.Definition, depth int) string {
	var parts []string
	if g.chance(0.3) {
		parts = append(parts, "__typename"+g.directive())
	}
	fields := g.fields(t, depth)
	g.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	most := 1 + g.IntN(4)
	if t == g.schema.Query {
		most = 1 + g.IntN(2)
	}
	for _, f := range fields {
		if most--; most < 0 {
			break
		}
		parts = append(parts, g.field(f, depth))
	}
	for _, possible := range g.narrower(t) {
		if !g.chance(0.35) {
			continue
		}
		inner := g.selection(possible, depth+1)
		if g.chance(0.4) {
			name := fmt.Sprintf("F%d", len(g.fragments))
			g.fragments = append(g.fragments, fmt.Sprintf("fragment %s on %s %s", name, possible.Name, inner))
			parts = append(parts, "..."+name+g.directive())
			continue
		}
		parts = append(parts, "... on "+possible.Name+g.directive()+" "+inner)
	}
	if t.IsCompositeType() && g.chance(0.1) && t != g.schema.Query {
		parts = append(parts, "..."+g.directive()+" { t: __typename }")
	}
	if len(parts) == 0 {
		parts = append(parts, "__typename")
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// narrower are the types that a fragment may narrow to: possible types and interfaces of them.
func (g *generator) narrower(t *ast.Definition) []*ast.Definition {
	if t.Kind == ast.Object {
		var out []*ast.Definition
		for _, i := range t.Interfaces {
			out = append(out, g.schema.Types[i])
		}
		return out
	}
	seen := map[string]bool{t.Name: true}
	var out []*ast.Definition
	for _, p := range g.schema.GetPossibleTypes(t) {
		for _, name := range append([]string{p.Name}, p.Interfaces...) {
			if !seen[name] {
				seen[name] = true
				out = append(out, g.schema.Types[name])
			}
		}
	}
	g.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(len(out), 3)]
}

func (g *generator) fields(t *ast.Definition, depth int) []*ast.FieldDefinition {
	var out []*ast.FieldDefinition
	for _, f := range t.Fields {
		if strings.HasPrefix(f.Name, "__") || t == g.schema.Query && len(g.roots) > 0 && !slices.Contains(g.roots, f.Name) {
			continue
		}
		if depth >= 5 && g.schema.Types[f.Type.Name()].IsCompositeType() {
			continue
		}
		out = append(out, f)
	}
	return out
}

func (g *generator) field(f *ast.FieldDefinition, depth int) string {
	s := f.Name
	if len(f.Arguments) > 0 || g.chance(0.4) {
		g.aliases++
		s = fmt.Sprintf("a%d: %s", g.aliases, s)
	}
	s += g.arguments(f) + g.directive()
	if t := g.schema.Types[f.Type.Name()]; t.IsCompositeType() {
		s += " " + g.selection(t, depth+1)
	}
	return s
}

func (g *generator) directive() string {
	if !g.chance(0.05) {
		return ""
	}
	name := []string{"skip", "include"}[g.IntN(2)]
	return fmt.Sprintf(" @%s(if: %s)", name, g.variable("Boolean!", g.chance(0.5)))
}

// variable gives the value as a literal or as a variable.
func (g *generator) variable(typ string, v any) string {
	if g.chance(0.5) {
		return literal(v, strings.Contains(typ, "Measure") || strings.Contains(typ, "Policy"))
	}
	name := fmt.Sprintf("v%d", len(g.variables))
	g.variables = append(g.variables, "$"+name+": "+typ)
	g.values[name] = v
	return "$" + name
}

func literal(v any, enum bool) string {
	switch v := v.(type) {
	case string:
		if enum {
			return v
		}
		return fmt.Sprintf("%q", v)
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, literal(x, enum))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}

func (g *generator) arguments(f *ast.FieldDefinition) string {
	var args []string
	add := func(name, value string) { args = append(args, name+": "+value) }
	for _, a := range f.Arguments {
		switch a.Name {
		case "id":
			add("id", g.variable("ID!", g.ids[g.IntN(len(g.ids))]))
		case "about", "speaker", "agency", "nationality":
			kind := map[string]string{"agency": "agency:", "nationality": "nationality:"}[a.Name]
			if id := g.ids[g.IntN(len(g.ids))]; a.Type.NonNull || g.chance(0.5) {
				if kind != "" {
					id = kind + []string{"a", "b", "c"}[g.IntN(3)]
				} else if g.chance(0.5) {
					id = "raid:" + []string{"a", "b"}[g.IntN(2)]
				}
				add(a.Name, g.variable(a.Type.String(), id))
			}
		case "kind":
			if g.chance(0.2) {
				values := g.schema.Types[a.Type.Name()].EnumValues
				add("kind", values[g.IntN(len(values))].Name)
			}
		case "ids":
			var ids []any
			for range g.IntN(4) {
				ids = append(ids, g.ids[g.IntN(len(g.ids))])
			}
			if ids == nil {
				ids = []any{}
			}
			add("ids", g.variable("[ID!]!", ids))
		case "measure":
			if a.Type.NonNull || g.chance(0.5) {
				add("measure", g.variable("Measure!", []string{"FOUND", "DETAINED", "REPATRIATED"}[g.IntN(3)]))
			}
		case "policy":
			if g.chance(0.3) {
				add("policy", g.variable("FigurePolicy", []string{"LATEST", "HIGHEST", "CONSERVATIVE"}[g.IntN(3)]))
			}
		case "approxWithin":
			if g.chance(0.3) {
				add("approxWithin", g.variable("Float", 0.5))
			}
		case "facets":
			if g.chance(0.3) {
				add("facets", "{sex: FEMALE}")
			}
		case "on":
			if g.chance(0.5) {
				add("on", g.variable("Date", "2024-11-20"))
			}
		case "text":
			add("text", g.variable("String!", g.texts[g.IntN(len(g.texts))]))
		case "by":
			values := g.schema.Types[a.Type.Name()].EnumValues
			add("by", values[g.IntN(len(values))].Name)
		case "first":
			if f.Arguments.ForName("last") != nil && g.chance(0.3) {
				add("last", g.variable("Int", 1+g.IntN(3)))
			} else if g.chance(0.6) {
				add("first", g.variable("Int", 1+g.IntN(4)))
			}
		case "orderBy":
			if g.chance(0.3) {
				values := g.schema.Types[a.Type.Name()].Fields.ForName("field").Type.Name()
				fields := g.schema.Types[values].EnumValues
				add("orderBy", fmt.Sprintf("[{field: %s, direction: %s}]", fields[g.IntN(len(fields))].Name, []string{"ASC", "DESC"}[g.IntN(2)]))
			}
		case "where":
			if g.chance(0.2) {
				add("where", fmt.Sprintf("{not: {id: {eq: %s}}}", g.variable("ID!", g.ids[g.IntN(len(g.ids))])))
			}
		}
	}
	if len(args) == 0 {
		return ""
	}
	sort.Strings(args)
	return "(" + strings.Join(args, ", ") + ")"
}
