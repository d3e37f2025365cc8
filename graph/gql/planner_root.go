package gql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// rootObject plans the root fields. The answers of the plan's roots are the row that the root object is written from.
func (p *planner) rootObject(root *selection, query *schema.Type, set ast.SelectionSet) *object {
	o := &object{typeName: query.Name}
	at := scope{sel: root, t: query}
	moments := &moments{p: p, root: root}
	p.moments = moments
	p.each(o, only(query.Name), []ast.SelectionSet{set}, func(c *collected, f *field) {
		defer moments.field(c)()
		name := c.first().Name
		if d := query.Field(name); d != nil {
			switch {
			case d.Counts != nil:
				p.counts(at, d, c, f)
			default:
				p.computed(at, d, c, f)
			}
			return
		}
		for _, k := range p.model.Graph.Kinds {
			t := p.model.Types[k.Name]
			switch name {
			case k.Singular:
				p.lookup(at, t, t.Kinds, c, f)
				return
			case k.Plural:
				p.connection(at, &schema.Relation{Target: t, Kinds: t.Kinds, Many: true}, c, f, nil)
				return
			}
		}
		// Introspection: answered by the executor, which leaves this out.
		f.how, f.constant = howConstant, []byte("null")
	})
	p.finish = append(p.finish, moments.divide)
	return o
}

// lookup plans a root field that finds a node by its id.
func (p *planner) lookup(at scope, t *schema.Type, kinds []*graph.Kind, c *collected, f *field) {
	s := at.sel.child(c.key, t, kinds, nil)
	s.sel.Order = s.order(nil)
	s.sel.Where = &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID},
		Arg: p.idOf(p.argument(c.first(), "id"))}
	s.sel.Page.Limit = p.constant(int64(1))
	f.how, f.object = howOne, p.objectOf(s, t, c.selections())
	p.later(f, s)
}

// node plans Query.node: the kind is known from the id.
func (p *planner) node(at scope, d *schema.Field, c *collected, f *field) {
	p.lookup(at, d.Object, p.kindsOfID(p.argument(c.first(), "id"), d.Object.Kinds), c, f)
}

// kindsOfID is the kind that an id names, on which the plan depends; all where it is that of an internal one, which nothing has.
func (p *planner) kindsOfID(in input, all []*graph.Kind) []*graph.Kind {
	kindOf := func(v any) *graph.Kind {
		id, err := p.toID(v)
		if err != nil {
			return nil
		}
		k, _ := p.model.Graph.KindOfID(id)
		return k
	}
	source := in.source()
	k := kindOf(source(p.vars))
	if k == nil {
		_, err := p.toID(source(p.vars))
		p.fail(err)
	}
	if !in.constant() {
		p.guard(func(vars map[string]any) bool { return kindOf(source(vars)) == k })
	}
	if k.Internal {
		return all
	}
	return []*graph.Kind{k}
}

// nodes plans Query.nodes: found in one select, given in the order asked.
func (p *planner) nodes(at scope, d *schema.Field, c *collected, f *field) {
	in := p.argument(c.first(), "ids")
	s := at.sel.child(c.key, d.Object, p.withJournal(in, d.Object.Kinds), nil)
	s.sel.Order = s.order(nil)
	ids := p.bindID(in, func(v any) (any, error) {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		if len(list) > maxPage {
			return nil, graph.Errorf(graph.TooLarge, "nodes asks for %d ids: at most %d go in one field", len(list), maxPage)
		}
		out := make([]any, len(list))
		for i, item := range list {
			id, err := p.toID(item)
			if err != nil {
				return nil, err
			}
			out[i] = id
		}
		return out, nil
	})
	s.sel.Where = &graph.Cond{Op: graph.In, Field: graph.FieldRef{Owner: graph.OfID}, Arg: ids}
	s.sel.Page.Limit = p.constant(int64(maxPage))
	p.inOrder(s, ids, d.Object, c, f)
}

// withJournal adds the kinds of the journal, which are asked for seldom, where one of the ids is of such a kind.
func (p *planner) withJournal(in input, kinds []*graph.Kind) []*graph.Kind {
	source := in.source()
	asks := func(vars map[string]any) bool {
		for _, v := range items(source(vars)) {
			id, _ := v.(string)
			if k, err := p.model.Graph.KindOfID(id); err == nil && k.Journal {
				return true
			}
		}
		return false
	}
	journal := asks(p.vars)
	if !in.constant() {
		p.guard(func(vars map[string]any) bool { return asks(vars) == journal })
	}
	if !journal {
		return kinds
	}
	kinds = slices.Clone(kinds)
	for _, k := range p.model.Graph.Kinds {
		if k.Journal {
			kinds = append(kinds, k)
		}
	}
	return kinds
}
