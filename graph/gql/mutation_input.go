package gql

import (
	"encoding/json"
	"strconv"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// node reads the input of a kind into an operation: the fields that are given, and the relationships.
func (r *inputReader) node(op *graph.Operation, t *schema.Type, path string, v any) {
	given, _ := v.(map[string]any)
	op.Node = graph.NewNode(t.Kind, r.id(path+".id", given["id"], t.Kinds))
	for _, f := range r.model.Writable(t) {
		value, is := given[f.Name]
		if !is {
			continue
		}
		at := path + "." + f.Name
		switch rel := f.Relation; {
		case rel == nil:
			r.field(op, f, at, f.Name, value)
		case rel.Hops:
			for i, link := range r.citations(at, rel, value) {
				e := graph.NewEdge(rel.Of, op.Node.ID, link.Source)
				r.cite(e, link)
				if i >= graph.MaxList {
					r.invalid(at, "it has over %d elements", graph.MaxList)
				}
				op.Edges = append(op.Edges, graph.Link{Edge: e, Property: f.Property()})
			}
		default:
			r.related(op, f, at, value)
		}
	}
	if value := given["evidence"]; value != nil {
		op.Evidence = r.evidence(path+".evidence", value)
	}
}

// field reads a stored field or a value object.
func (r *inputReader) field(op *graph.Operation, f *schema.Field, path, name string, value any) {
	n := op.Node
	if f.Object == nil || f.GraphQL.Elem != nil {
		stored := n.Kind.Field(name)
		op.Given = append(op.Given, name)
		if value != nil {
			n.Set(name, r.stored(path, f, stored, value))
		}
		return
	}
	given, _ := value.(map[string]any)
	if f.Object.Class == schema.UnionType {
		r.union(op, f.Object, path, name, given)
		return
	}
	r.object(op, f.Object, path, name+".", given)
}

// object reads a value object: all of its leaves are given, those that it does not have as null.
func (r *inputReader) object(op *graph.Operation, o *schema.Type, path, prefix string, given map[string]any) {
	for _, f := range o.Fields {
		value := given[f.Name]
		switch {
		case f.Relation != nil:
			if value != nil || op.Do == graph.Update && given != nil {
				r.related(op, f, path+"."+f.Name, value)
			}
		case op.Node.Kind.Field(prefix+f.Name) == nil && f.Object == nil:
		default:
			r.field(op, f, path+"."+f.Name, prefix+f.Name, value)
		}
	}
}

// union reads a value that is one of several: its type follows from what is given.
func (r *inputReader) union(op *graph.Operation, o *schema.Type, path, name string, given map[string]any) {
	typ := ""
	for _, m := range o.Members {
		key, only := m.InputKey()
		inner := map[string]any{}
		if value := given[key]; value != nil {
			if typ != "" {
				r.invalid(path, "it is a %s and a %s: a value is one of them", typ, m.Name)
			}
			typ = m.Name
			if only != nil {
				inner[key] = value
			} else {
				inner, _ = value.(map[string]any)
			}
		}
		r.member(op, m, path, name+".", inner, typ == m.Name)
	}
	op.Given = append(op.Given, name+".type")
	if typ != "" {
		op.Node.Set(name+".type", typ)
	}
}

// member reads one type of a union. Types may share the names of leaves, so that only the one that is given sets them.
func (r *inputReader) member(op *graph.Operation, m *schema.Type, path, prefix string, given map[string]any, chosen bool) {
	if chosen {
		r.object(op, m, path, prefix, given)
		return
	}
	for _, f := range m.Fields {
		if f.Relation == nil && op.Node.Kind.Field(prefix+f.Name) != nil && op.Node.Get(prefix+f.Name) == nil {
			op.Given = append(op.Given, prefix+f.Name)
		}
	}
}

// stored reads the value of a stored field.
func (r *inputReader) stored(path string, f *schema.Field, stored *graph.Field, value any) any {
	switch stored.Type {
	case graph.StringList:
		list := []string{}
		for i, item := range items(value) {
			list = append(list, r.text(path+"."+strconv.Itoa(i), item))
		}
		return list
	case graph.JSON:
		list := make([]map[string]any, 0)
		for i, item := range items(value) {
			list = append(list, r.listed(path+"."+strconv.Itoa(i), f.Object, stored, item))
		}
		text, err := json.Marshal(list)
		r.check(path, err)
		return string(text)
	}
	return r.leaf(path, stored, value)
}

// listed reads a value object of a list.
func (r *inputReader) listed(path string, o *schema.Type, stored *graph.Field, value any) map[string]any {
	given, _ := value.(map[string]any)
	out := map[string]any{}
	for _, leaf := range stored.Object {
		if v := given[leaf.Name]; v != nil {
			out[leaf.Name] = r.stored(path+"."+leaf.Name, o.Field(leaf.Name), leaf, v)
		}
	}
	return out
}

// leaf reads a value as a store holds it. What the value may be is for CheckRecord.
func (r *inputReader) leaf(path string, f *graph.Field, value any) any {
	switch f.Type {
	case graph.Int:
		n, err := toInt(value)
		if err != nil {
			r.invalid(path, "it is no whole number")
		}
		return n
	case graph.Float:
		v, err := toFloat(path, value)
		if err != nil {
			panic(planFailure{err})
		}
		return v
	case graph.Boolean:
		return value
	}
	return r.text(path, value)
}

// related reads a relation: ids, or objects with the properties of the relationships.
func (r *inputReader) related(op *graph.Operation, f *schema.Field, path string, value any) {
	rel := f.Relation
	if value == nil {
		if rel.Many {
			return
		}
		if op.Do == graph.Update {
			op.Ends = append(op.Ends, graph.EndOf{Relation: rel.Of, Property: f.Property()})
		}
		return
	}
	for i, item := range items(value) {
		at := path
		if rel.Many {
			at += "." + strconv.Itoa(i)
		}
		far, given := item, map[string]any(nil)
		if rel.Many && rel.Edge != nil {
			given, _ = item.(map[string]any)
			far, at = given["node"], at+".node"
		}
		from, to := op.Node.ID, r.id(at, far, rel.Kinds)
		if !rel.Out {
			from, to = to, from
		}
		e := graph.NewEdge(rel.Of, from, to)
		if given != nil {
			for _, p := range schema.EdgeFields(rel.Edge) {
				if v := given[p.Name]; v != nil {
					e.Set(p.Name, r.leaf(path+"."+strconv.Itoa(i)+"."+p.Name, rel.Of.Prop(p.Name), v))
				}
			}
		}
		op.Edges = append(op.Edges, graph.Link{Edge: e, Property: f.Property()})
	}
}

// evidence reads whose word something is.
func (r *inputReader) evidence(path string, value any) *graph.Evidence {
	given, _ := value.(map[string]any)
	e := &graph.Evidence{}
	if v := given["saidBy"]; v != nil {
		e.SaidBy = r.id(path+".saidBy", v, r.model.Types["Actor"].Kinds)
	}
	if said, ok := given["saidOn"].(map[string]any); ok {
		e.SaidOn, e.SaidOnBasis = r.text(path+".saidOn.edtf", said["edtf"]), graph.DateBasis(r.text(path+".saidOn.basis", said["basis"]))
	}
	e.Citations = r.citations(path+".citations", r.model.Types["Claim"].Field("citations").Relation, given["citations"])
	if len(e.Citations) == 0 {
		r.invalid(path+".citations", "there is none: name the source that says it")
	}
	return e
}

// citations reads hops. One without a place takes the next in its chain.
func (r *inputReader) citations(path string, rel *schema.Relation, value any) []graph.Citation {
	var out []graph.Citation
	next := map[int64]int64{}
	for i, item := range items(value) {
		at := path + "." + strconv.Itoa(i)
		given, _ := item.(map[string]any)
		c := graph.Citation{Source: r.id(at+".source", given["source"], rel.Kinds), Verb: r.text(at+".verb", given["verb"]),
			Hedge: r.text(at+".hedge", given["hedge"]), Locator: r.text(at+".locator", given["locator"])}
		if n := r.expected(at+".chain", given["chain"]); n != nil {
			c.Chain = *n
		}
		c.Hop = next[c.Chain]
		if n := r.expected(at+".hop", given["hop"]); n != nil {
			c.Hop = *n
		}
		next[c.Chain] = c.Hop + 1
		out = append(out, c)
	}
	return out
}

// cite sets the properties of the relationship that a citation is.
func (r *inputReader) cite(e *graph.Edge, c graph.Citation) {
	e.Set("chain", c.Chain).Set("hop", c.Hop).Set("verb", c.Verb)
	if c.Hedge != "" {
		e.Set("hedge", c.Hedge)
	}
	if c.Locator != "" {
		e.Set("locator", c.Locator)
	}
}
