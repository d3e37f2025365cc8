package sqlite

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// grouping is an aggregate while it is compiled. Its statement first lists the nodes (_base), each with its value keys, its
// keys that are at most one node, and its summed values; then, for each key that may be several nodes, the distinct pairs of
// a node and a key (_pairs1, ...). It joins these, counts, and writes the buckets in order.
type grouping struct {
	c       *compiler
	base    *query
	pairs   []string // the common tables of pairs
	buckets *query
	rows    *query

	children, values []string // of a bucket's row
	shape            *shape
}

func (c *compiler) group(s *graph.Select) *statement {
	n := c.node(s.Kinds)
	g := &grouping{c: c, shape: &shape{kinds: c.kindNames()}, rows: &query{}, buckets: &query{from: []string{"_base"}}}
	g.base = &query{columns: []string{n.pk() + " AS _pk"}, where: append(n.restriction(c.schema.Kinds), c.conditions(s.Where, n)...)}
	if !n.single() {
		g.base.columns = append(g.base.columns, n.kind()+" AS _kind")
	}
	var ordinals []string
	for i, k := range s.Group.Keys {
		g.key(i, k, n)
		ordinals = append(ordinals, fmt.Sprint(i+1))
	}
	g.buckets.columns = append(g.buckets.columns, "count(*) AS _nodes")
	g.value(len(s.Group.Keys), "b._nodes", readInt)
	for i, f := range s.Group.Sums {
		g.sum(i, len(s.Group.Keys)+1+2*i, f, s.Group.Through, n)
	}
	g.shape.width = len(s.Group.Keys) + 1 + 2*len(s.Group.Sums)
	g.base.from = append([]string{n.table()}, n.joins...)

	grouped := g.buckets.String()
	if len(ordinals) > 0 {
		grouped += "\nGROUP BY " + strings.Join(ordinals, ", ")
	} else {
		grouped += "\nHAVING count(*) > 0"
	}
	g.rows.columns = []string{rowText(g.children, g.values) + " AS row"}
	g.rows.from = []string{indent(grouped) + " AS b"}
	common := append([]string{"_base AS " + indent(g.base.String())}, g.pairs...)
	sql := "WITH " + strings.Join(common, ",\n") + "\nSELECT group_concat(row)\nFROM " + indent(g.rows.String())
	return &statement{sql: sql, shape: g.shape}
}

// value adds a value to the row of a bucket.
func (g *grouping) value(at int, expression string, read reader) {
	g.values = append(g.values, expression)
	g.shape.values = append(g.shape.values, valueShape{at: at, read: read})
}

// key adds the key at a place.
func (g *grouping) key(at int, k graph.GroupKey, n *node) {
	name := fmt.Sprintf("_key%d", at+1)
	column := "_base." + name
	switch {
	case k.Node == nil:
		g.base.columns = append(g.base.columns, n.value(k.Field)+" AS "+name)
	case toOne(k.Path):
		q := &query{limit: "1"}
		q.columns = []string{g.c.path(k.Path, n, q).pk()}
		g.base.columns = append(g.base.columns, indent(q.String())+" AS "+name)
	default:
		pairs := fmt.Sprintf("_pairs%d", at+1)
		q := &query{distinct: true, from: []string{"_base"}}
		q.columns = []string{"_base._pk AS _pk", g.c.path(k.Path, baseNode{c: g.c, kinds: n.kinds}, q).pk() + " AS key"}
		g.pairs = append(g.pairs, pairs+" AS MATERIALIZED "+indent(q.String()))
		g.buckets.from = append(g.buckets.from, fmt.Sprintf("LEFT JOIN %s ON %s._pk = _base._pk", pairs, pairs))
		column = pairs + ".key"
	}
	g.buckets.columns = append(g.buckets.columns, column+" AS "+name)
	if k.Node == nil {
		g.value(at, "b."+name, readerOf(k.Field))
		g.rows.order = append(g.rows.order, "b."+name+" NULLS LAST")
		return
	}
	set, sh := g.c.keyNode(k.Node, "b."+name)
	g.children = append(g.children, set)
	g.shape.children = append(g.shape.children, childPlace{at: at, shape: sh})
	g.rows.order = append(g.rows.order, "(SELECT id FROM _node WHERE _pk = b."+name+") NULLS LAST")
}

// sum adds the sum of a field and the number of nodes that have it.
func (g *grouping) sum(i, at int, f graph.FieldRef, through *graph.Hop, n *node) {
	q := &query{limit: "1"}
	q.columns = []string{g.c.path([]graph.Hop{*through}, n, q, f).value(f)}
	g.base.columns = append(g.base.columns, indent(q.String())+fmt.Sprintf(" AS _value%d", i+1))
	g.buckets.columns = append(g.buckets.columns, fmt.Sprintf("sum(_base._value%d) AS _sum%d, count(_base._value%d) AS _have%d", i+1, i+1, i+1, i+1))
	g.value(at, fmt.Sprintf("b._sum%d", i+1), readInt)
	g.value(at+1, fmt.Sprintf("b._have%d", i+1), readInt)
}

// toOne says whether a path leads to one node at most.
func toOne(path []graph.Hop) bool {
	for _, h := range path {
		if !h.Via.One {
			return false
		}
	}
	return true
}

// path adds hops to a statement, and is the node at their end, whose values can be read. The statement begins at the first
// hop, where it has no table yet.
func (c *compiler) path(path []graph.Hop, near source, q *query, values ...graph.FieldRef) *node {
	var end *node
	for i, step := range path {
		h := c.hop(step.Via, step.Kinds, near, true)
		where := append(h.where(near.pk()), c.conditions(step.Where, h.node)...)
		for _, f := range values {
			if i == len(path)-1 {
				h.node.value(f) // joins what it needs
			}
		}
		tables := h.inward(true)
		if len(q.from) > 0 {
			tables[0] = "CROSS JOIN " + tables[0]
		}
		q.from, q.where = append(q.from, tables...), append(q.where, where...)
		near, end = h.node, h.node
	}
	return end
}

// keyNode writes the set of a key's node: one row, or none.
func (c *compiler) keyNode(s *graph.Select, key string) (string, *shape) {
	n := c.node(s.Kinds)
	row, sh := c.row(s, n)
	q := &query{columns: []string{row}, where: append([]string{n.pk() + " = " + key}, c.conditions(s.Where, n)...)}
	q.from = append([]string{n.table()}, n.joins...)
	return "concat('[', " + indent(q.String()) + ", ']')", sh
}

// baseNode is a node of the list that is grouped.
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
