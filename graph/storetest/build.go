package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// builder makes plans that are written by hand.
type builder struct {
	schema *graph.Schema
	args   []any
}

func build(schema *graph.Schema) *builder { return &builder{schema: schema} }

func (b *builder) arg(v any) graph.Arg {
	b.args = append(b.args, v)
	return graph.Arg(len(b.args) - 1)
}

func (b *builder) plan(roots ...*graph.Select) *graph.Plan {
	return &graph.Plan{Roots: roots, Args: len(b.args)}
}

// all selects every node of some kinds, ordered by id, with the id and these fields of the kinds.
func (b *builder) all(names []string, fields ...string) *graph.Select {
	s := &graph.Select{Name: "all", Fields: []graph.FieldRef{idRef}, Order: []graph.Order{{Field: idRef}}, Page: graph.Page{Limit: graph.NoArg}}
	for _, n := range names {
		s.Kinds = append(s.Kinds, b.schema.Kind(n))
	}
	for _, f := range fields {
		s.Fields = append(s.Fields, b.ref(s.Kinds, f))
	}
	return s
}

// byID selects one node.
func (b *builder) byID(kind, id string, fields ...string) *graph.Select {
	s := b.all([]string{kind}, fields...)
	s.Name = "byID"
	s.Where = &graph.Cond{Op: graph.Eq, Field: idRef, Arg: b.arg(id)}
	return s
}

// below adds to a select one through a relation, ordered by id, with a row for each relationship where it has a key.
func (b *builder) below(s *graph.Select, typ string, out bool, kind string, edgeFields ...string) *graph.Select {
	r := b.schema.Relation(typ)
	c := b.all([]string{kind})
	c.Name, c.Via = typ, &graph.Via{Relation: r, Out: out, Keyed: len(r.Key) > 0}
	if c.Via.Keyed {
		c.Fields = append(c.Fields, keyRef)
		c.Order = append(c.Order, graph.Order{Field: keyRef})
	}
	for _, f := range edgeFields {
		c.Fields = append(c.Fields, edgeRef(r, f))
	}
	s.Children = append(s.Children, c)
	return c
}

var (
	idRef  = graph.FieldRef{Owner: graph.OfID, Type: graph.String}
	keyRef = graph.FieldRef{Owner: graph.OfKey, Type: graph.String}
)

// ref names a field of the first of the kinds that has it.
func (b *builder) ref(kinds []*graph.Kind, name string) graph.FieldRef {
	for _, k := range kinds {
		if f := k.Field(name); f != nil {
			return graph.FieldRef{Owner: graph.OfNode, Name: name, Type: f.Type}
		}
	}
	panic("storetest: no such field " + name)
}

func edgeRef(r *graph.Relation, name string) graph.FieldRef {
	return graph.FieldRef{Owner: graph.OfEdge, Name: name, Type: r.Prop(name).Type}
}

// search is a search for a text.
func (b *builder) search(text string) *graph.Search { return searchFor(graph.Fold(text), b.arg) }

// node makes a node in which every field that must not be null has a value.
func (b *builder) node(id string) *graph.Node {
	k, err := b.schema.KindOfID(id)
	if err != nil {
		panic(err)
	}
	n := graph.NewNode(k, id)
	for _, f := range k.Fields {
		if !f.NonNull {
			continue
		}
		n.Values[f.Position] = map[graph.Type]any{graph.String: "", graph.Int: int64(0), graph.Boolean: false,
			graph.StringList: []string{}, graph.JSON: "[]"}[f.Type]
		if f.Type == graph.Enum {
			n.Values[f.Position] = f.Values[0]
		}
	}
	return n
}

// edge makes a relationship with its properties by name.
func (b *builder) edge(typ, from, to string, props ...any) *graph.Edge {
	e := graph.NewEdge(b.schema.Relation(typ), from, to)
	for i := 0; i < len(props); i += 2 {
		e.Set(props[i].(string), props[i+1])
	}
	return e
}

// querier is a store or a transaction.
type querier interface {
	Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error)
}

// ask answers a plan that has to have an answer.
func (b *builder) ask(t *testing.T, q querier, roots ...*graph.Select) []*graph.Set {
	t.Helper()
	sets, err := b.try(context.Background(), q, roots...)
	if err != nil {
		t.Fatalf("%v\n%s", err, b.plan(roots...))
	}
	return sets
}

// try answers a plan that may fail.
func (b *builder) try(ctx context.Context, q querier, roots ...*graph.Select) ([]*graph.Set, error) {
	p := b.plan(roots...)
	if err := p.Check(); err != nil {
		return nil, err
	}
	return q.Query(ctx, p, b.args)
}

// ids are the ids of all nodes of some kinds.
func ids(t *testing.T, q querier, schema *graph.Schema, kinds ...string) []string {
	t.Helper()
	b := build(schema)
	return firsts(b.ask(t, q, b.all(kinds))[0])
}

// firsts are the first values of the rows, which are texts.
func firsts(s *graph.Set) []string {
	out := []string{}
	for _, r := range s.Rows {
		out = append(out, r[0].(string))
	}
	return out
}

// get is one field of one node; the node has to be there.
func get(ctx context.Context, q querier, schema *graph.Schema, id, field string) (any, error) {
	b := build(schema)
	k, err := schema.KindOfID(id)
	if err != nil {
		return nil, err
	}
	sets, err := b.try(ctx, q, b.byID(k.Name, id, field))
	if err != nil {
		return nil, err
	}
	if len(sets[0].Rows) != 1 {
		return nil, errors.New(id + " is not there")
	}
	return sets[0].Rows[0][1], nil
}

// coded checks that an error is there and has a code, or is the context's own.
func coded(t *testing.T, what string, err error) {
	t.Helper()
	var e *graph.Error
	if err == nil || !errors.As(err, &e) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%s: the error is %v, want one with a code", what, err)
	}
}
