package sqlite

import (
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// root compiles a root of a plan.
func (c *compiler) root(s *graph.Select) *statement {
	switch {
	case s.Group != nil:
		return c.group(s)
	case s.Search != nil:
		return c.search(s)
	}
	n := c.node(s.Kinds)
	q := &query{where: c.conditions(s.Where, n)}
	rows, sh := c.paged(s, n, q, func() []string { return append([]string{n.table()}, n.joins...) }, n.restriction(c.schema.Kinds))
	if s.Count {
		m := c.node(s.Kinds)
		where := append(m.restriction(c.schema.Kinds), c.conditions(s.Where, m)...)
		count := &query{columns: []string{"count(*)"}, from: append([]string{m.table()}, m.joins...), where: where}
		rows.columns = append(rows.columns, indent(count.String()))
	}
	return &statement{sql: rows.String(), shape: sh}
}

// paged writes a query for the rows of a select as one text: q, whose conditions are given, is completed to read a page of them in
// order, and the rows are made of what it read. from gives the tables, once everything is known that has to be read.
func (c *compiler) paged(s *graph.Select, n *node, q *query, from func() []string, first []string) (*query, *shape) {
	p := c.page(n)
	row, sh := c.row(s, p)
	sh.count, sh.reverse = s.Count, s.Page.Backward
	order := orderOf(s)
	for _, o := range order {
		n.value(o.Field) // joins what the order needs
	}
	if len(p.columns) == 0 {
		p.column("1", "_row")
	}
	q.columns = p.columns
	q.where = append(first, q.where...)
	q.order = orderBy(order, n, s.Page.Backward)
	if s.Page.Limit != graph.NoArg {
		q.limit = bound(s.Page.Limit)
	}
	q.from = from()
	var inner string
	if len(s.Page.After) > 0 {
		inner = pageAfter(s, order, n, q)
	} else {
		inner = q.String()
	}
	return &query{columns: []string{"group_concat(" + row + ")"}, from: []string{indent(inner) + " AS " + p.alias}}, sh
}

// row writes one row as JSON: the sets of its children, then its values.
func (c *compiler) row(s *graph.Select, from source) (string, *shape) {
	sh := &shape{}
	values := make([]string, len(s.Fields))
	for i, f := range s.Fields {
		values[i] = c.output(f, from)
		sh.values = append(sh.values, valueShape{at: i, read: readerOf(f)})
	}
	children := make([]string, len(s.Children))
	for i, child := range s.Children {
		set, childShape := c.child(child, from)
		children[i] = set
		sh.children = append(sh.children, childPlace{at: len(s.Fields) + i, shape: childShape})
	}
	sh.width = len(s.Fields) + len(s.Children)
	sh.kinds = c.kindNames()
	return rowText(children, values), sh
}

// output is a value as it stands in a row. A kind stands there as its number.
func (c *compiler) output(f graph.FieldRef, from source) string {
	if f.Owner == graph.OfKind {
		return from.kind()
	}
	return from.value(f)
}

// rowText joins the texts of sets and values to a JSON array.
func rowText(children, values []string) string {
	array := "json_array(" + strings.Join(values, ", ") + ")"
	if len(children) == 0 {
		return array
	}
	text := "concat('[', " + strings.Join(children, ", ',', ")
	if len(values) == 0 {
		return text + ", ']')"
	}
	return text + ", ',', substr(" + array + ", 2))"
}

// child writes the set of a child for the row of its parent.
func (c *compiler) child(s *graph.Select, parent source) (string, *shape) {
	h := c.hop(s.Via, s.Kinds, parent, false)
	if s.Via.One && s.Page.Limit == graph.NoArg && len(s.Page.After) == 0 && !s.Count {
		return c.one(s, h, parent)
	}
	where := c.conditions(s.Where, h.node)
	fixed := s.Where == nil || !selective(s.Where, h.node)
	rows, sh := c.paged(s, h.node, &query{where: where}, func() []string { return h.inward(fixed) }, h.where(parent.pk()))
	if !s.Count {
		return "concat('[', " + indent(rows.String()) + ", ']')", sh
	}
	return "concat('[', " + c.count(s, parent) + ", ',[', " + indent(rows.String()) + ", ']]')", sh
}

// one writes the set of a child of which there is at most one.
func (c *compiler) one(s *graph.Select, h *hop, parent source) (string, *shape) {
	row, sh := c.row(s, h.node)
	q := &query{columns: []string{row}, where: append(h.where(parent.pk()), c.conditions(s.Where, h.node)...), limit: "1"}
	q.from = h.inward(true)
	return "concat('[', " + indent(q.String()) + ", ']')", sh
}

// count writes how many nodes, or relationships, a child has whatever its page.
func (c *compiler) count(s *graph.Select, parent source) string {
	h := c.hop(s.Via, s.Kinds, parent, false)
	where := c.conditions(s.Where, h.node)
	q := &query{columns: []string{"count(*)"}, where: append(h.where(parent.pk()), where...)}
	if s.Where == nil && h.bare() {
		q.from = []string{h.edge}
	} else {
		q.from = h.inward(true)
	}
	return indent(q.String())
}

// kindNames are the names of kinds by their numbers.
func (c *compiler) kindNames() map[int64]any {
	names := make(map[int64]any, len(c.numbers))
	for k, n := range c.numbers {
		names[n] = k.Name
	}
	return names
}
