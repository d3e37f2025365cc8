package gql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// The sizes of pages: without first or last, and at the most.
const (
	defaultPage = 25
	maxPage     = 1000
)

// connection plans a connection through a relation, or at a root where r.Of is nil. keep narrows it beyond what the request asks.
func (p *planner) connection(at scope, r *schema.Relation, c *collected, f *field, keep func(child *selection) *graph.Cond) {
	key := "connection " + c.key
	if r.Of != nil {
		key = shareKey(r, c)
	}
	fresh := false
	child := at.sel.once(key, func() *selection {
		fresh = true
		if r.Of == nil {
			return at.sel.child(c.key, r.Target, r.Kinds, nil)
		}
		return at.sel.related(c.key, r)
	})
	if r.Of != nil {
		p.from(child, at)
	}
	ast := c.first()
	if fresh {
		child.sel.Order = child.order(p.orderBy(p.argument(ast, "orderBy"), r))
		child.sel.Where = p.where(p.argument(ast, "where"), r.Target, r.Edge)
		if keep != nil {
			child.sel.Where = both(child.sel.Where, keep(child))
		}
	}
	child.page(p, c, r.Connection()+"Connection", child.sel.Order)
	f.how, f.object = howConnection, p.connectionObject(child, r, c.selections())
	p.later(f, child)
}

func both(a, b *graph.Cond) *graph.Cond {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return &graph.Cond{Op: graph.And, Of: []*graph.Cond{a, b}}
}

// page reads first, after, last and before of a field whose type is the connection.
func (s *selection) page(p *planner, c *collected, connection string, order []graph.Order) {
	f := c.first()
	peek := int64(0)
	if s.peeks = p.asks(c, connection, "pageInfo"); s.peeks {
		peek, p.op.peeking[s.sel] = 1, true
	}
	size, cursor, backward := p.pageArguments(f)
	page := graph.Page{Backward: backward, Limit: p.pageSize(f, size, backward, peek)}
	if cursor.given() {
		page.After = p.cursor(cursor, order)
	}
	s.sel.Page = page
}

// pageArguments are first and after of a field, or last and before.
func (p *planner) pageArguments(f *ast.Field) (size, cursor input, backward bool) {
	first, last := p.argument(f, "first"), p.argument(f, "last")
	after, before := p.argument(f, "after"), p.argument(f, "before")
	if last.given() {
		if first.given() {
			p.invalid("%s has both first and last: a page is counted from one end", f.Alias)
		}
		if after.given() {
			p.invalid("%s has last with after: pages from the end go with before", f.Alias)
		}
		return last, before, true
	}
	if before.given() {
		p.invalid("%s has before without last: pages from the start go with first and after", f.Alias)
	}
	return first, after, false
}

// pageSize binds the size of a page, and so many rows more.
func (p *planner) pageSize(f *ast.Field, size input, backward bool, more int64) graph.Arg {
	if !size.given() {
		return p.constant(defaultPage + more)
	}
	name := "first"
	if backward {
		name = "last"
	}
	return p.bind(size, func(v any) (any, error) {
		n, err := toInt(v)
		if err != nil || n < 0 || n > maxPage {
			return nil, graph.Errorf(graph.Invalid, "%s of %s is %v: it is a number from 0 to %d", name, f.Alias, v, maxPage)
		}
		return n + more, nil
	})
}

// asks says whether a field is asked of a field's type.
func (p *planner) asks(c *collected, typ, name string) bool {
	return slices.ContainsFunc(p.collect(only(typ), c.selections()), func(c *collected) bool { return c.first().Name == name })
}

// cursor binds the values of a cursor; which of them are null shapes the plan.
func (p *planner) cursor(in input, order []graph.Order) []graph.CursorKey {
	text, _ := in.source()(p.vars).(string)
	values, err := decodeCursor(text, order)
	if err != nil {
		p.fail(err)
	}
	keys := make([]graph.CursorKey, len(order))
	for i := range order {
		if values[i] == nil {
			keys[i] = graph.CursorKey{Arg: graph.NoArg, Null: true}
			continue
		}
		keys[i].Arg = p.bind(in, func(v any) (any, error) {
			text, _ := v.(string)
			values, err := decodeCursor(text, order)
			if err != nil {
				return nil, err
			}
			return values[i], nil
		})
	}
	if !in.constant() {
		source := in.source()
		p.guard(func(vars map[string]any) bool {
			text, _ := source(vars).(string)
			other, err := decodeCursor(text, order)
			if err != nil {
				return false
			}
			for i := range order {
				if (other[i] == nil) != keys[i].Null {
					return false
				}
			}
			return true
		})
	}
	return keys
}

// orderBy reads the sort keys.
func (p *planner) orderBy(in input, r *schema.Relation) []graph.Order {
	if !in.given() {
		return nil
	}
	known := p.model.OrderKeys(r.Target, r.Edge)
	var order []graph.Order
	for _, item := range in.items() {
		var o graph.Order
		for _, f := range item.fields() {
			switch f.name {
			case "field":
				name := f.text()
				for _, k := range known {
					if k.Name == name {
						o.Field = k.Field
					}
				}
			case "direction":
				o.Desc = f.text() == "DESC"
			}
		}
		twice := false
		for _, x := range order {
			twice = twice || x.Field == o.Field
		}
		if !twice {
			order = append(order, o)
		}
	}
	return order
}

// connectionObject plans the selection on a connection.
func (p *planner) connectionObject(s *selection, r *schema.Relation, sets []ast.SelectionSet) *object {
	base := r.Connection()
	o := &object{typeName: base + "Connection"}
	pg := s.pages()
	rows := false
	p.each(o, only(o.typeName), sets, func(c *collected, f *field) {
		rows = p.pageField(s, pg, c, f, func() *object { return p.objectOf(s, r.Target, c.selections()) },
			func() *object { return p.edgeObject(s, r, pg, c.selections()) }) || rows
	})
	s.unread(rows)
	return o
}

// pageField plans a field of a connection, and says whether it needs the rows.
func (p *planner) pageField(s *selection, pg *page, c *collected, f *field, node, edge func() *object) bool {
	switch c.first().Name {
	case "edges":
		f.how, f.page, f.object = howEdges, pg, edge()
	case "nodes":
		f.how, f.page, f.object = howEdges, pg, node()
	case "pageInfo":
		f.how, f.object = howSame, p.pageInfo(pg, c.selections())
	case "totalCount":
		s.sel.Count = true
		f.how, f.leaf = howComputed, leafInt
		f.values = func(_ []any, src *source) any { return src.set.Total }
		return false
	}
	return true
}

// unread reads no rows where nothing of a connection needs them.
func (s *selection) unread(rows bool) {
	if !rows {
		s.sel.Page.Limit = s.p.constant(int64(0))
	}
}

// pages makes a selection's page for the program.
func (s *selection) pages() *page {
	pg := &page{limit: s.sel.Page.Limit, peeks: s.peeks, backward: s.sel.Page.Backward, cursor: len(s.sel.Page.After) > 0, hash: orderHash(s.sel.Order)}
	pg.keys = func() []int {
		if pg.key == nil {
			for _, o := range s.sel.Order {
				pg.key = append(pg.key, s.slot(o.Field))
			}
		}
		return pg.key
	}
	return pg
}

func (p *planner) edgeObject(s *selection, r *schema.Relation, pg *page, sets []ast.SelectionSet) *object {
	o := &object{typeName: r.Connection() + "Edge"}
	p.each(o, only(o.typeName), sets, func(c *collected, f *field) {
		switch name := c.first().Name; name {
		case "cursor":
			pg.keys()
			f.how = howComputed
			f.values = func(_ []any, src *source) any { return pg.encode(src.row) }
		case "node":
			f.how, f.object = howSame, p.objectOf(s, r.Target, c.selections())
		default:
			at := scope{sel: s, t: r.Edge, edge: true}
			if d := r.Edge.Field(name); d.Computed != "" {
				p.computed(at, d, c, f)
			} else {
				ref := p.stored(at, name)
				f.how, f.slot, f.leaf = howSlot, s.slot(ref), leafOf(ref.Type)
			}
		}
	})
	return o
}

func (p *planner) pageInfo(pg *page, sets []ast.SelectionSet) *object {
	o := &object{typeName: "PageInfo"}
	p.each(o, only(o.typeName), sets, func(c *collected, f *field) {
		f.how = howComputed
		switch name := c.first().Name; name {
		case "hasNextPage", "hasPreviousPage":
			f.leaf = leafBoolean
			// In the direction of paging, a row behind the page tells; against it, whether the page began at a cursor.
			ahead := (name == "hasNextPage") != pg.backward
			f.values = func(args []any, src *source) any {
				if !ahead {
					return pg.cursor
				}
				_, more := pg.rows(src.set, args)
				return more
			}
		default:
			pg.keys()
			f.values = func(args []any, src *source) any {
				rows, _ := pg.rows(src.set, args)
				if len(rows) == 0 {
					return nil
				}
				if name == "endCursor" {
					return pg.encode(rows[len(rows)-1])
				}
				return pg.encode(rows[0])
			}
		}
	})
	return o
}
