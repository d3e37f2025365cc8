package schema

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// where asks for the where-input of the nodes of a relation and gives its name: that of the target, or one that can ask
// for the relationship's own properties as well.
func (d *deriver) where(r *Relation) string {
	if r.Edge == nil {
		return d.whereOf(r.Target)
	}
	name := r.Edge.Name + "Where"
	return d.once(name, func() { d.writeWhere(name, r.Target, r.Edge) })
}

func (d *deriver) whereOf(t *Type) string {
	return d.once(t.WhereInput, func() { d.writeWhere(t.WhereInput, t, nil) })
}

// inputByName asks for the where- or the order-input of that name, which schema.graphqls gives as the type of an argument.
func (d *deriver) inputByName(name string) {
	for _, k := range d.Graph.Kinds {
		switch t := d.Types[k.Name]; name {
		case t.WhereInput:
			d.whereOf(t)
		case t.inputBase() + "Order":
			d.orderOf(t.inputBase(), t, nil)
		}
	}
}

// inputBase begins the names of the inputs of a type: its own name, or that which @node gives its where-input.
func (t *Type) inputBase() string {
	return strings.TrimSuffix(strings.TrimSuffix(t.WhereInput, "Where"), "Filter")
}

func (d *deriver) writeWhere(name string, t, edge *Type) {
	d.line("\"Which %s: all of its fields together. A comparison with a null is false; not turns that round.\"\ninput %s {", strings.ToLower(plural(t.inputBase())), name)
	d.line("  \"All of these.\"\n  and: [%s!]", name)
	d.line("  \"At least one of these.\"\n  or: [%s!]", name)
	d.line("  \"Not this.\"\n  not: %s", name)
	if t.Class == InterfaceType {
		d.line("  \"By what kind of node it is.\"\n  kind: KindFilter")
		d.enumFilter("Kind")
	}
	if edge != nil {
		d.whereFields(edge)
	}
	d.whereFields(t)
	d.line("}\n")
}

func (d *deriver) whereFields(t *Type) {
	for _, f := range t.Fields {
		if f.Internal && f.Filter == "" || f.Computed != "" || f.End || t.Internal && (f.Name == "id" || isSystem(f.Name)) {
			continue
		}
		name, typ := f.Name, ""
		switch r := f.Relation; {
		case f.Filter != "":
			name, typ = f.Filter, d.whereOf(f.Object)
		case r != nil && r.Hops:
			continue
		case r != nil && r.Many:
			typ = d.listWhere(r)
		case r != nil:
			typ = d.whereOf(r.Target)
		default:
			typ = d.filter(f)
		}
		if typ != "" {
			d.describe("  ", f.Description)
			d.line("  %s: %s", name, typ)
		}
	}
}

// listWhere asks for the quantifiers over a relation to many.
func (d *deriver) listWhere(r *Relation) string {
	one := d.where(r)
	name := strings.TrimSuffix(one, "Where") + "ListWhere"
	return d.once(name, func() {
		d.line("\"Which of several related nodes must fulfil what.\"\ninput %s {", name)
		d.line("  \"At least one does.\"\n  some: %s", one)
		d.line("  \"Each does; true where there is none.\"\n  every: %s", one)
		d.line("  \"None does.\"\n  none: %s\n}\n", one)
	})
}

// filter asks for the comparisons of a stored field; empty where it cannot be compared.
func (d *deriver) filter(f *Field) string {
	if f.GraphQL.Elem != nil {
		return ""
	}
	name := f.GraphQL.Name()
	switch o := f.Object; {
	case o != nil && o.Name == "Period":
		return d.once("DateFilter", func() { d.line("%s", dateFilter) })
	case o != nil && (o.Class == ValueType || o.Class == UnionType):
		return d.once(o.Name+"Where", func() {
			d.line("\"Which %s: all of its fields together.\"\ninput %sWhere {", strings.ToLower(plural(o.Name)), o.Name)
			members := []*Type{o}
			if o.Class == UnionType {
				members = o.Members
			}
			for _, m := range members {
				d.whereFields(m)
			}
			d.line("}\n")
		})
	case o != nil:
		return ""
	case d.Enums[name] != nil:
		return d.enumFilter(name)
	}
	switch name {
	case "ID":
		return d.comparisons("IDFilter", "ID", "An id", "eq", "ne", "in", "notIn")
	case "String", "EDTF":
		if f.text {
			return d.comparisons("StringFilter", "String", "Text", "eq", "ne", "in", "notIn", "contains", "startsWith", "isNull")
		}
		return d.comparisons("KeywordFilter", "String", "A code or a key", "eq", "ne", "in", "notIn", "isNull")
	case "Boolean":
		return d.comparisons("BooleanFilter", "Boolean", "True or false", "eq", "isNull")
	case "Int":
		return d.comparisons("IntFilter", "Int", "A whole number", "eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "isNull")
	case "Float":
		return d.comparisons("FloatFilter", "Float", "A number", "eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "isNull")
	case "Date":
		return d.comparisons("DayFilter", "Date", "A day", "eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "isNull")
	case "DateTime":
		return d.comparisons("DateTimeFilter", "DateTime", "A moment", "eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "isNull")
	}
	return ""
}

func (d *deriver) enumFilter(name string) string {
	return d.comparisons(name+"Filter", name, "One of the values of "+name, "eq", "ne", "in", "notIn", "isNull")
}

// Comparisons are the names of comparisons in where-inputs, and what they mean.
var Comparisons = map[string]struct {
	Op          graph.Op
	Description string
}{
	"eq":         {graph.Eq, "Equal to this."},
	"ne":         {graph.Ne, "Not equal to this, or null."},
	"in":         {graph.In, "One of these."},
	"notIn":      {graph.NotIn, "None of these, or null."},
	"lt":         {graph.Lt, "Before this."},
	"lte":        {graph.Le, "Before this, or equal."},
	"gt":         {graph.Gt, "After this."},
	"gte":        {graph.Ge, "After this, or equal."},
	"contains":   {graph.Contains, "Contains this; case, marks, hyphens, apostrophes and Khmer variants do not matter."},
	"startsWith": {graph.StartsWith, "Begins with this; case, marks, hyphens, apostrophes and Khmer variants do not matter."},
	"isNull":     {graph.IsNull, "Null (true) or not null (false)."},
}

func (d *deriver) comparisons(name, of, what string, ops ...string) string {
	return d.once(name, func() {
		d.line("\"%s, by comparison: all that are given together.\"\ninput %s {", what, name)
		for _, op := range ops {
			typ := of
			switch op {
			case "in", "notIn":
				typ = "[" + of + "!]"
			case "isNull":
				typ = "Boolean"
			}
			d.describe("  ", Comparisons[op].Description)
			d.line("  %s: %s", op, typ)
		}
		d.line("}\n")
	})
}

const dateFilter = `"A time, by what is meant: could it have been then, or was it certainly then."
input DateFilter {
  "It may lie in this span of days."
  overlaps: DaySpan
  "It certainly lies in this span of days."
  within: DaySpan
  "It is not given (true) or given (false)."
  isNull: Boolean
}

"A span of days; open where from or to is left out."
input DaySpan {
  "The first day."
  from: Date
  "The last day."
  to: Date
}
`

// OrderKey is a value of an order-input's enum, and what it orders by.
type OrderKey struct {
	Name  string
	Field graph.FieldRef
}

// OrderKeys are what nodes of a type can be ordered by, ID first where the API has their ids; with an @edge type, by its properties as
// well.
func (m *Model) OrderKeys(t, edge *Type) []OrderKey {
	var keys []OrderKey
	if !t.Internal {
		keys = append(keys, OrderKey{"ID", graph.FieldRef{Owner: graph.OfID}})
	}
	for _, f := range t.Fields {
		if f.Internal || f.Computed != "" || f.Relation != nil || f.GraphQL.Elem != nil || !f.index {
			continue
		}
		name := f.Name
		if f.Object != nil && f.Object.Class == ValueType {
			for _, inner := range f.Object.Fields {
				if inner.index {
					name = f.Name + "." + inner.Name
				}
			}
		}
		for _, k := range t.Kinds {
			if s := k.Field(name); s != nil {
				keys = append(keys, OrderKey{Upper(f.Name), graph.FieldRef{Name: name, Type: s.Type}})
				break
			}
		}
	}
	if edge != nil {
		for _, f := range edge.Fields {
			if f.Computed == "" && !f.End && f.Object == nil && f.GraphQL.Elem == nil {
				keys = append(keys, OrderKey{Upper(f.Name), graph.FieldRef{Owner: graph.OfEdge, Name: f.Name, Type: scalarType(m, f.GraphQL)}})
			}
		}
	}
	return keys
}

func scalarType(m *Model, t *ast.Type) graph.Type { return (&builder{Model: m}).scalar(t.Name()) }

// order asks for the order-input of a connection and gives its name.
func (d *deriver) order(base string) string {
	t, edge := d.Types[base], (*Type)(nil)
	if t.Class == EdgeType {
		edge = t
		t = d.edgeTarget(edge)
	}
	return d.orderOf(base, t, edge)
}

func (d *deriver) orderOf(base string, t, edge *Type) string {
	return d.once(base+"Order", func() {
		d.line("\"A sort key of %s.\"\ninput %sOrder {\n  \"What to order by.\"\n  field: %sOrderField!", plural(base), base, base)
		d.line("  \"Which way.\"\n  direction: Direction = ASC\n}\n")
		d.line("\"What %s can be ordered by.\"\nenum %sOrderField {", plural(base), base)
		for _, k := range d.OrderKeys(t, edge) {
			d.line("  %s\n  %s", quote("By "+strings.ToLower(strings.ReplaceAll(k.Name, "_", " "))+"."), k.Name)
		}
		d.line("}\n")
	})
}

func (d *deriver) edgeTarget(edge *Type) *Type {
	for _, name := range d.Order {
		for _, f := range d.Types[name].Fields {
			if f.Relation != nil && f.Relation.Edge == edge {
				return f.Relation.Target
			}
		}
	}
	return nil
}
