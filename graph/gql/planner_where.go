package gql

import (
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// where reads a where-input into a condition on nodes of the type; with an @edge type, on its relationship as well.
func (p *planner) where(in input, t, edge *schema.Type) *graph.Cond {
	if !in.given() {
		return nil
	}
	return p.whereObject(in, "where", t, edge)
}

// whereObject joins all fields of a where-input by and.
func (p *planner) whereObject(in input, at string, t, edge *schema.Type) *graph.Cond {
	var all []*graph.Cond
	for _, f := range in.fields() {
		where := at + "." + f.name
		if f.null() {
			p.invalid("%s is null: leave it out, or ask for isNull", where)
		}
		var c *graph.Cond
		switch f.name {
		case "and", "or":
			c = &graph.Cond{Op: graph.And}
			if f.name == "or" {
				c.Op = graph.Or
			}
			for _, item := range f.items() {
				c.Of = append(c.Of, always(p.whereObject(item, where, t, edge)))
			}
		case "not":
			c = &graph.Cond{Op: graph.Not, Of: []*graph.Cond{always(p.whereObject(f.input, where, t, edge))}}
		default:
			c = p.whereField(f, where, t, edge)
		}
		if c != nil {
			all = append(all, c)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return &graph.Cond{Op: graph.And, Of: all}
}

// always is the condition, or one that is always true in place of none.
func always(c *graph.Cond) *graph.Cond {
	if c == nil {
		return &graph.Cond{Op: graph.And}
	}
	return c
}

func (p *planner) whereField(f named, at string, t, edge *schema.Type) *graph.Cond {
	if f.name == "kind" && t.Class == schema.InterfaceType {
		return p.whereKind(f.input, t)
	}
	if edge != nil {
		if d := edge.Field(f.name); d != nil {
			typ := graph.Enum
			for _, r := range p.model.Graph.Relations {
				if prop := r.Prop(d.Name); prop != nil && p.hasEdge(r, edge) {
					typ = prop.Type
				}
			}
			return p.comparisons(f.input, at, graph.FieldRef{Owner: graph.OfEdge, Name: d.Name, Type: typ}, "")
		}
	}
	if f.name == "id" {
		return p.comparisons(f.input, at, graph.FieldRef{Owner: graph.OfID}, "ID")
	}
	for _, d := range t.Fields {
		name := d.Name
		if d.Filter != "" {
			name = d.Filter
		}
		if name != f.name || d.Computed != "" {
			continue
		}
		switch {
		case d.Relation != nil:
			return p.whereRelation(f.input, at, d)
		case len(d.AnyOf) > 0:
			return p.whereAnyOf(f.input, at, t, d)
		}
		return p.whereStored(f.input, at, t, d, "")
	}
	panic("gql: no field " + f.name + " in the where-input of " + t.Name)
}

func (p *planner) hasEdge(r *graph.Relation, edge *schema.Type) bool {
	for _, t := range p.model.Types {
		for _, f := range t.Fields {
			if f.Relation != nil && f.Relation.Of == r && f.Relation.Edge == edge {
				return true
			}
		}
	}
	return false
}

// through is a condition on the nodes behind a relation; nil where it is always true.
func through(r *schema.Relation, op graph.Op, of *graph.Cond) *graph.Cond {
	c := &graph.Cond{Op: op, Via: &graph.Via{Relation: r.Of, Out: r.Out, One: !r.Many, Keyed: r.Keyed()}, Kinds: r.Kinds}
	if of != nil {
		c.Of = []*graph.Cond{of}
	} else if op == graph.Every {
		return nil
	}
	return c
}

// whereAnyOf reads a filter on the nodes at several relations to one, of which one at least fulfils it.
func (p *planner) whereAnyOf(in input, at string, t *schema.Type, d *schema.Field) *graph.Cond {
	inner := p.whereObject(in, at, d.Object, nil)
	any := &graph.Cond{Op: graph.Or}
	for _, name := range d.AnyOf {
		any.Of = append(any.Of, through(t.Field(name).Relation, graph.Some, inner))
	}
	return any
}

func (p *planner) whereRelation(in input, at string, d *schema.Field) *graph.Cond {
	r := d.Relation
	if d.Filter != "" || !r.Many {
		return through(r, graph.Some, p.whereObject(in, at, r.Target, nil))
	}
	var all []*graph.Cond
	for _, q := range in.fields() {
		if q.null() {
			p.invalid("%s.%s is null: leave it out", at, q.name)
		}
		inner := p.whereObject(q.input, at+"."+q.name, r.Target, r.Edge)
		op := map[string]graph.Op{"some": graph.Some, "every": graph.Every, "none": graph.None}[q.name]
		if c := through(r, op, inner); c != nil {
			all = append(all, c)
		}
	}
	return and(all)
}

func and(all []*graph.Cond) *graph.Cond {
	if len(all) == 1 {
		return all[0]
	}
	return &graph.Cond{Op: graph.And, Of: all}
}

func (p *planner) whereStored(in input, at string, t *schema.Type, d *schema.Field, prefix string) *graph.Cond {
	o := d.Object
	name := prefix + d.Name
	if o == nil {
		return p.comparisons(in, at, p.ref(t, name), d.GraphQL.Name())
	}
	if o.Name == "Period" {
		return p.wherePeriod(in, at, t, name)
	}
	members := []*schema.Type{o}
	if o.Class == schema.UnionType {
		members = o.Members
	}
	var all []*graph.Cond
	for _, f := range in.fields() {
		if f.null() {
			p.invalid("%s.%s is null: leave it out, or ask for isNull", at, f.name)
		}
		for _, m := range members {
			inner := m.Field(f.name)
			if inner == nil {
				continue
			}
			if inner.Relation != nil {
				all = append(all, p.whereRelation(f.input, at+"."+f.name, inner))
			} else {
				all = append(all, p.whereStored(f.input, at+"."+f.name, t, inner, name+"."))
			}
			break
		}
	}
	return and(all)
}

// ref is the reference to a stored field of the kinds of a type.
func (p *planner) ref(t *schema.Type, name string) graph.FieldRef {
	for _, k := range t.Kinds {
		if s := k.Field(name); s != nil {
			return graph.FieldRef{Name: name, Type: s.Type}
		}
	}
	panic("gql: no kind of " + t.Name + " stores " + name)
}

// wherePeriod: overlaps means that it may have been then, within that it certainly was (domain model, section 5).
func (p *planner) wherePeriod(in input, at string, t *schema.Type, name string) *graph.Cond {
	edtf, from, to := p.ref(t, name+".edtf"), p.ref(t, name+".from"), p.ref(t, name+".to")
	isNull := func(f graph.FieldRef) *graph.Cond { return &graph.Cond{Op: graph.IsNull, Field: f, Arg: graph.NoArg} }
	not := func(c *graph.Cond) *graph.Cond { return &graph.Cond{Op: graph.Not, Of: []*graph.Cond{c}} }
	var all []*graph.Cond
	for _, f := range in.fields() {
		where := at + "." + f.name
		if f.null() {
			p.invalid("%s is null: leave it out, or ask for isNull", where)
		}
		if f.name == "isNull" {
			c := isNull(edtf)
			if f.read() == false {
				c = not(c)
			}
			all = append(all, c)
			continue
		}
		all = append(all, not(isNull(edtf)))
		for _, bound := range f.fields() {
			if bound.null() {
				continue
			}
			day := p.bind(bound.input, p.convert(where+"."+bound.name, graph.Date, "Date"))
			op, field, open := graph.Ge, to, to
			if bound.name == "to" {
				op, field, open = graph.Le, from, from
			}
			if f.name == "within" {
				op, field = graph.Ge, from
				if bound.name == "to" {
					op, field = graph.Le, to
				}
				all = append(all, &graph.Cond{Op: op, Field: field, Arg: day})
				continue
			}
			all = append(all, &graph.Cond{Op: graph.Or, Of: []*graph.Cond{isNull(open), {Op: op, Field: field, Arg: day}}})
		}
	}
	return and(all)
}

func (p *planner) whereKind(in input, t *schema.Type) *graph.Cond {
	kinds := func(v any) []*graph.Kind {
		names, ok := v.([]any)
		if !ok {
			names = []any{v}
		}
		var out []*graph.Kind
		for _, k := range t.Kinds {
			for _, n := range names {
				if n == schema.KindValue(k) {
					out = append(out, k)
				}
			}
		}
		return out
	}
	var all []*graph.Cond
	for _, f := range in.fields() {
		c := &graph.Cond{Op: graph.KindIn, Kinds: kinds(f.read()), Arg: graph.NoArg}
		if f.name == "isNull" {
			c = &graph.Cond{Op: graph.Or}
			if f.read() == false {
				c.Op = graph.And
			}
		}
		if f.name == "ne" || f.name == "notIn" {
			c = &graph.Cond{Op: graph.Not, Of: []*graph.Cond{c}}
		}
		all = append(all, c)
	}
	return and(all)
}

// comparisons reads a filter on one value.
func (p *planner) comparisons(in input, at string, field graph.FieldRef, typ string) *graph.Cond {
	var all []*graph.Cond
	for _, f := range in.fields() {
		where := at + "." + f.name
		if f.null() {
			p.invalid("%s is null: nothing compares with null; ask for isNull: true", where)
		}
		op := schema.Comparisons[f.name].Op
		bind := p.bind
		if field.Owner == graph.OfID {
			bind = p.bindID
		}
		c := &graph.Cond{Op: op, Field: field, Arg: graph.NoArg}
		switch op {
		case graph.IsNull:
			if f.read() == false {
				c = &graph.Cond{Op: graph.Not, Of: []*graph.Cond{c}}
			}
		case graph.In, graph.NotIn:
			one := p.convert(where, field.Type, typ)
			c.Arg = bind(f.input, func(v any) (any, error) {
				list, ok := v.([]any)
				if !ok {
					list = []any{v}
				}
				out := make([]any, len(list))
				for i, item := range list {
					var err error
					if out[i], err = one(item); err != nil {
						return nil, err
					}
				}
				return out, nil
			})
		case graph.Contains, graph.StartsWith:
			c.Arg = p.bind(f.input, func(v any) (any, error) {
				s, err := toText(where, v)
				return graph.Fold(s), err
			})
		default:
			c.Arg = bind(f.input, p.convert(where, field.Type, typ))
		}
		all = append(all, c)
	}
	return and(all)
}
