package sqlite

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// bucketed is the source of a key's node: the node whose key stands in a bucket.
type bucketed struct {
	c     *compiler
	key   string
	kinds []*graph.Kind
}

func (b bucketed) pk() string                  { return b.key }
func (b bucketed) of() []*graph.Kind           { return b.kinds }
func (b bucketed) kind() string                { return "(SELECT kind FROM _node WHERE _pk = " + b.key + ")" }
func (b bucketed) value(graph.FieldRef) string { return "(SELECT id FROM _node WHERE _pk = " + b.key + ")" }

// group compiles an aggregate. The statement first lists the nodes (_base), then for each key that is a node, the pairs
// of a node and a key (_k1, _k2, ...), and the summed values (_sums); it joins them, counts, and writes the buckets in order.
func (c *compiler) group(s *graph.Select) *statement {
	n := c.node(s.Kinds)
	g := s.Group
	base := &query{columns: []string{n.pk() + " AS _pk"}, where: append(n.restriction(c.schema.Kinds), c.conditions(s.Where, n)...)}
	if !n.single() {
		base.columns = append(base.columns, n.kind()+" AS _kind")
	}
	buckets := &query{from: []string{"_base"}}
	rows := &query{}
	sh := &shape{}
	var with, children, values, keys []string
	begin := baseNode{c: c, kinds: s.Kinds}
	for i, k := range g.Keys {
		name := fmt.Sprintf("_k%d", i+1)
		buckets.columns = append(buckets.columns, fmt.Sprintf("%s.key AS %s", name, name))
		keys = append(keys, fmt.Sprint(i+1))
		if k.Node == nil {
			base.columns = append(base.columns, n.value(k.Field)+" AS "+name)
			buckets.columns[i] = "_base." + name + " AS " + name
			values = append(values, "b."+name)
			sh.values = append(sh.values, valueShape{at: i, read: readerOf(k.Field)})
			rows.order = append(rows.order, "b."+name+" NULLS LAST")
			continue
		}
		with = append(with, name+"(_pk, key) AS MATERIALIZED "+indent(c.pairs(k, begin)))
		buckets.from = append(buckets.from, "LEFT JOIN "+name+" ON "+name+"._pk = _base._pk")
		from := bucketed{c: c, key: "b." + name, kinds: k.Path[len(k.Path)-1].Kinds}
		set, childShape := c.keyNode(k.Node, from)
		children = append(children, set)
		sh.children = append(sh.children, childPlace{at: i, shape: childShape})
		rows.order = append(rows.order, from.value(graph.FieldRef{Owner: graph.OfID})+" NULLS LAST")
	}
	base.from = append([]string{n.table()}, n.joins...)
	buckets.columns = append(buckets.columns, "count(*) AS nodes")
	values = append(values, "b.nodes")
	sh.values = append(sh.values, valueShape{at: len(g.Keys), read: readInt})
	if g.Through != nil {
		with = append(with, "_sums AS MATERIALIZED "+indent(c.sums(g, begin)))
		buckets.from = append(buckets.from, "LEFT JOIN _sums ON _sums._pk = _base._pk")
	}
	for i := range g.Sums {
		buckets.columns = append(buckets.columns, fmt.Sprintf("sum(_sums.v%d) AS sum%d, count(_sums.v%d) AS of%d", i, i, i, i))
		values = append(values, fmt.Sprintf("b.sum%d, b.of%d", i, i))
		at := len(g.Keys) + 1 + 2*i
		sh.values = append(sh.values, valueShape{at: at, read: readInt}, valueShape{at: at + 1, read: readInt})
	}
	sh.width, sh.kinds = len(g.Keys)+1+2*len(g.Sums), c.kindNames()
	with = append([]string{"_base AS MATERIALIZED " + indent(base.String())}, with...)
	grouped := buckets.String()
	if len(keys) > 0 {
		grouped += "\nGROUP BY " + strings.Join(keys, ", ")
	} else {
		grouped += "\nHAVING count(*) > 0"
	}
	rows.columns = []string{rowText(children, values) + " AS row"}
	rows.from = []string{indent(grouped) + " AS b"}
	sql := "WITH " + strings.Join(with, ",\n") + "\nSELECT group_concat(row) FROM " + indent(rows.String())
	return &statement{sql: sql, shape: sh}
}

// baseNode is a node of the base list.
type baseNode struct {
	c     *compiler
	kinds []*graph.Kind
}

func (b baseNode) pk() string                  { return "_base._pk" }
func (b baseNode) of() []*graph.Kind           { return b.kinds }
func (b baseNode) value(graph.FieldRef) string { return "NULL" }

func (b baseNode) kind() string {
	if len(b.kinds) == 1 {
		return fmt.Sprint(b.c.numbers[b.kinds[0]])
	}
	return "_base._kind"
}

// pairs reads the distinct pairs of a node and the key at the end of the path.
func (c *compiler) pairs(k graph.GroupKey, begin source) string {
	q := &query{distinct: true, from: []string{"_base"}}
	near := begin
	for _, step := range k.Path {
		h := c.step(step, near, q)
		near = h.node
	}
	q.columns = []string{"_base._pk", near.pk()}
	return q.String()
}

// step adds a hop to a statement.
func (c *compiler) step(step graph.Hop, near source, q *query) *hop {
	h := c.hop(step.Via, step.Kinds, near, true)
	w := h.where(near.pk())
	q.where = append(q.where, append(w[1:], c.conditions(step.Where, h.node)...)...)
	q.from = append(q.from, "CROSS JOIN "+h.edge+" ON "+w[0], "CROSS JOIN "+h.node.table()+" ON "+h.node.pk()+" = "+h.far)
	q.from = append(q.from, h.node.joins...)
	return h
}

// sums reads the summed values of each node.
func (c *compiler) sums(g *graph.Group, begin source) string {
	q := &query{distinct: true, from: []string{"_base"}, columns: []string{"_base._pk AS _pk"}}
	h := c.hop(g.Through.Via, g.Through.Kinds, begin, true)
	w := h.where("_base._pk")
	q.where = append(w[1:], c.conditions(g.Through.Where, h.node)...)
	for i, f := range g.Sums {
		q.columns = append(q.columns, fmt.Sprintf("%s AS v%d", h.node.value(f), i))
	}
	q.from = append(q.from, "CROSS JOIN "+h.edge+" ON "+w[0], "CROSS JOIN "+h.node.table()+" ON "+h.node.pk()+" = "+h.far)
	q.from = append(q.from, h.node.joins...)
	return q.String()
}

// keyNode writes the set of a key's node: one row, or none.
func (c *compiler) keyNode(s *graph.Select, from bucketed) (string, *shape) {
	kinds := s.Kinds
	n := c.node(kinds)
	row, sh := c.row(s, n)
	q := &query{columns: []string{row}, where: append([]string{n.pk() + " = " + from.key}, c.conditions(s.Where, n)...)}
	q.from = append([]string{n.table()}, n.joins...)
	return "concat('[', " + indent(q.String()) + ", ']')", sh
}
