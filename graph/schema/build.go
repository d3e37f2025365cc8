package schema

import (
	"fmt"
	"sort"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// build makes the kinds and relations.
func (m *Model) build() error {
	b := &builder{Model: m, relations: map[string]*graph.Relation{}, one: map[string]string{}, many: map[string]string{}}
	var kinds []*graph.Kind
	for _, name := range m.Order {
		t := m.Types[name]
		if t.Class != NodeType {
			continue
		}
		n := m.document.Definitions.ForName(name).Directives.ForName("node")
		k := &graph.Kind{Name: name, Prefix: text(n, "prefix"), Interfaces: t.allInterfaces(m), Internal: t.Internal,
			Journal: flag(n, "journal"), Apart: text(n, "steps") == "false"}
		if !k.Internal {
			k.Singular = lowerFirst(name)
			if k.Plural = text(n, "plural"); k.Plural == "" {
				k.Plural = k.Singular + "s"
			}
		}
		t.Kind = k
		kinds = append(kinds, k)
	}
	for _, name := range m.Order {
		t := m.Types[name]
		for _, k := range kinds {
			if k.Implements(name) && (!k.Own() || t.Kind == k) {
				t.Kinds = append(t.Kinds, k)
			}
		}
	}
	for _, k := range kinds {
		fields, err := b.stored(m.Types[k.Name], "", true, false)
		if err != nil {
			return err
		}
		k.Fields = append(fields, b.system(m.Types[k.Name])...)
	}
	for _, name := range m.Order {
		if t := m.Types[name]; t.Class != ValueType && t.Class != EdgeType && t.Class != UnionType {
			for _, f := range t.Fields {
				if err := b.relation(t, f, t.Kinds); err != nil {
					return err
				}
			}
		}
	}
	for typ, field := range b.one {
		if other := b.many[typ]; other != "" {
			return fmt.Errorf("%s is to one in %s and to many in %s: one type of relationship is either", typ, field, other)
		}
		b.relations[typ].One = true
	}
	for _, r := range b.order {
		r.Props = append(r.Props, graph.SystemFields()...)
		sort.SliceStable(r.Ends, func(i, j int) bool {
			x, y := r.Ends[i], r.Ends[j]
			if x.From != y.From {
				return index(kinds, x.From) < index(kinds, y.From)
			}
			return index(kinds, x.To) < index(kinds, y.To)
		})
	}
	m.Graph = graph.NewSchema(kinds, b.order)
	return m.counts()
}

func index(kinds []*graph.Kind, k *graph.Kind) int {
	for i := range kinds {
		if kinds[i] == k {
			return i
		}
	}
	return -1
}

func (t *Type) allInterfaces(m *Model) []string {
	var out []string
	seen := map[string]bool{}
	var add func(names []string)
	add = func(names []string) {
		for _, n := range names {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
				add(m.Types[n].Interfaces)
			}
		}
	}
	add(t.Interfaces)
	return out
}

type builder struct {
	*Model
	relations map[string]*graph.Relation
	order     []*graph.Relation
	one, many map[string]string
}

// system makes the system fields, with an index where the type shows the field with @index.
func (b *builder) system(t *Type) []*graph.Field {
	fields := graph.SystemFields()
	for _, s := range fields {
		if f := t.Field(s.Name); f != nil {
			s.Index = f.index
		}
	}
	return fields
}

func isSystem(name string) bool {
	return name == graph.PublishedAt || name == graph.RecordedAt || name == graph.RetractedAt || name == graph.ChangedIn
}

// stored flattens the stored fields of a type: a value object is stored as its leaves.
func (b *builder) stored(t *Type, prefix string, nonNull, indexed bool) ([]*graph.Field, error) {
	var out []*graph.Field
	for _, f := range t.Fields {
		if f.Relation != nil || f.Computed != "" || f.End || len(f.AnyOf) > 0 || prefix == "" && (f.Name == "id" || isSystem(f.Name)) || b.isRelation(t, f) {
			continue
		}
		s := &graph.Field{Name: prefix + f.Name, NonNull: nonNull && f.GraphQL.NonNull, Text: f.text,
			Index: f.index && (prefix == "" || indexed), Search: f.search, Projected: f.projected,
			Needed: f.GraphQL.NonNull && prefix != "", EDTF: f.GraphQL.Name() == "EDTF"}
		list := f.GraphQL.Elem != nil
		switch o := f.Object; {
		case o != nil && o.Class == ValueType && list:
			s.Type = graph.JSON
			inner, err := b.stored(o, s.Name+".", true, false)
			if err != nil {
				return nil, err
			}
			for _, leaf := range inner {
				leaf.Name = strings.TrimPrefix(leaf.Name, s.Name+".")
			}
			s.Object = inner
		case o != nil && o.Class == ValueType:
			inner, err := b.stored(o, s.Name+".", s.NonNull, f.index)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
			continue
		case o != nil && o.Class == UnionType && !list:
			kind := &graph.Field{Name: s.Name + ".type", Type: graph.Enum, NonNull: s.NonNull, Needed: true}
			out = append(out, kind)
			for _, member := range o.Members {
				kind.Values = append(kind.Values, member.Name)
				inner, err := b.stored(member, s.Name+".", false, false)
				if err != nil {
					return nil, err
				}
				for _, leaf := range inner {
					leaf.Member = member.Name
				}
				out = append(out, inner...)
			}
			continue
		case o != nil:
			return nil, fmt.Errorf("%s.%s holds a %s, which is neither a @value type nor behind a @relation or @computed", t.Name, f.Name, o.Name)
		case list && f.GraphQL.Name() == "String":
			s.Type = graph.StringList
		case list:
			return nil, fmt.Errorf("%s.%s is a list of %s: only lists of String and of @value types are stored", t.Name, f.Name, f.GraphQL.Name())
		default:
			if s.Type = b.scalar(f.GraphQL.Name()); s.Type == graph.Enum {
				for _, v := range b.Enums[f.GraphQL.Name()].EnumValues {
					s.Values = append(s.Values, v.Name)
				}
			}
		}
		out = append(out, s)
	}
	return out, nil
}

func (b *builder) isRelation(t *Type, f *Field) bool {
	return b.definition(t, f).Directives.ForName("relation") != nil
}

// definition is the field's definition where it stands: in the type or in the interface that it is inherited from.
func (m *Model) definition(t *Type, f *Field) *ast.FieldDefinition {
	d := m.document.Definitions.ForName(t.Name)
	if own := d.Fields.ForName(f.Name); own != nil {
		return own
	}
	for _, i := range t.allInterfaces(m) {
		if own := m.document.Definitions.ForName(i).Fields.ForName(f.Name); own != nil {
			return own
		}
	}
	return nil
}

func (b *builder) scalar(name string) graph.Type {
	switch name {
	case "Int":
		return graph.Int
	case "Float":
		return graph.Float
	case "Boolean":
		return graph.Boolean
	case "Date":
		return graph.Date
	case "DateTime":
		return graph.DateTime
	}
	if b.Enums[name] != nil {
		return graph.Enum
	}
	return graph.String
}

// relation reads a field's @relation, and those of the value objects stored in it, as relations of the owners.
func (b *builder) relation(t *Type, f *Field, owners []*graph.Kind) error {
	if o := f.Object; o != nil && f.GraphQL.Elem == nil && (o.Class == ValueType || o.Class == UnionType) {
		members := append([]*Type{o}, o.Members...)
		for _, member := range members {
			for _, inner := range member.Fields {
				if err := b.relation(member, inner, owners); err != nil {
					return err
				}
			}
		}
		return nil
	}
	d := b.definition(t, f).Directives.ForName("relation")
	if d == nil {
		return nil
	}
	typ := text(d, "type")
	where := t.Name + "." + f.Name
	r := b.relations[typ]
	if r == nil {
		r = &graph.Relation{Type: typ}
		b.relations[typ] = r
		b.order = append(b.order, r)
	}
	rel := &Relation{Of: r, Out: text(d, "direction") == "OUT", Many: f.GraphQL.Elem != nil, List: flag(d, "list"), Target: f.Object}
	if name := text(d, "edge"); name != "" {
		if rel.Edge = b.Types[name]; rel.Edge == nil || rel.Edge.Class != EdgeType {
			return fmt.Errorf("%s has the edge %s, which is no @edge type", where, name)
		}
	}
	if f.Object != nil && f.Object.Class == EdgeType {
		rel.Edge, rel.Hops, rel.List = f.Object, true, true
		rel.Target = nil
		for _, e := range rel.Edge.Fields {
			if e.End {
				rel.Target = e.Object
			}
		}
	}
	if rel.Target == nil || rel.Target.Class != NodeType && rel.Target.Class != InterfaceType {
		return fmt.Errorf("%s does not lead to a @node type or an interface", where)
	}
	rel.Kinds = rel.Target.Kinds
	r.Projection = r.Projection || flag(d, "projection")
	if rel.Out && !rel.Many {
		b.one[typ] = where
	} else if rel.Out {
		b.many[typ] = where
	} else if !rel.Many {
		return fmt.Errorf("%s is to one against the direction of %s: a relationship to one leaves its node", where, typ)
	}
	if rel.Edge != nil {
		if err := b.properties(r, rel.Edge, owners); err != nil {
			return err
		}
	}
	for _, owner := range owners {
		for _, far := range rel.Kinds {
			e := graph.End{From: owner, To: far}
			if !rel.Out {
				e = graph.End{From: far, To: owner}
			}
			if !r.Joins(e.From, e.To) {
				r.Ends = append(r.Ends, e)
			}
		}
	}
	f.Relation = rel
	if rel.Out && !rel.Many && f.GraphQL.NonNull && t.Class == NodeType && !r.Projection {
		t.Kind.Required = append(t.Kind.Required, r)
	}
	return nil
}

// properties adds what an @edge type stores to a relation; several edge types of one relation share properties by name.
func (b *builder) properties(r *graph.Relation, edge *Type, owners []*graph.Kind) error {
	fields, err := b.stored(edge, "", true, false)
	if err != nil {
		return err
	}
	for _, f := range fields {
		var known *graph.Field
		for _, p := range r.Props {
			if p.Name == f.Name {
				known = p
			}
		}
		if known == nil {
			r.Props = append(r.Props, f)
			known = f
		} else if known.Type != f.Type {
			return fmt.Errorf("%s.%s is a %s, but the property of %s is a %s elsewhere", edge.Name, f.Name, f.Type, r.Type, known.Type)
		} else {
			for _, v := range f.Values {
				if !contains(known.Values, v) {
					known.Values = append(known.Values, v)
				}
			}
		}
		if f.Type == graph.Enum {
			for _, k := range owners {
				r.Narrowed = append(r.Narrowed, graph.Narrowed{Kind: k, Prop: known, Values: f.Values})
			}
		}
		if contains(edge.key, f.Name) && !hasField(r.Key, known) {
			r.Key = append(r.Key, known)
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func hasField(list []*graph.Field, f *graph.Field) bool {
	for _, x := range list {
		if x == f {
			return true
		}
	}
	return false
}

// counts ties the fields with @counts to the kinds that they count.
func (m *Model) counts() error {
	query := m.Types["Query"]
	if query == nil {
		return fmt.Errorf("there is no type Query")
	}
	for _, f := range query.Fields {
		kind := text(m.definition(query, f).Directives.ForName("counts"), "kind")
		if kind == "" {
			continue
		}
		if f.Counts = m.Types[kind]; f.Counts == nil || f.Counts.Kind == nil {
			return fmt.Errorf("the field Query.%s counts %s, which is no @node type", f.Name, kind)
		}
	}
	return nil
}
