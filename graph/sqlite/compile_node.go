package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// node is a node as a statement reads it from the tables: of one kind from the kind's table, of several from _node with the
// tables of those kinds that a value was asked of.
type node struct {
	c     *compiler
	alias string
	kinds []*graph.Kind
	// edge is the alias of the relationship over which the node is reached; relation is its relation.
	edge     string
	relation *graph.Relation
	// rank is the search rank, where there is one.
	rank string

	joins []string // of the kinds' tables, where there are several kinds
}

func (c *compiler) node(kinds []*graph.Kind) *node {
	c.nodes++
	for _, k := range kinds {
		if c.schema.Kind(k.Name) != k {
			c.foreign = k.Name
		}
	}
	return &node{c: c, alias: fmt.Sprintf("n%d", c.nodes), kinds: kinds}
}

func (n *node) single() bool { return len(n.kinds) == 1 }

func (n *node) of() []*graph.Kind { return n.kinds }

// table is the table that has a row for the node whatever its kind.
func (n *node) table() string {
	if n.single() {
		return quote(n.kinds[0].Name) + " AS " + n.alias
	}
	return "_node AS " + n.alias
}

// restriction keeps rows of _node to the kinds; empty where the possible kinds are no others.
func (n *node) restriction(possible []*graph.Kind) []string {
	if n.single() || subset(possible, n.kinds) {
		return nil
	}
	return []string{n.c.kindIn(n.kind(), n.kinds)}
}

func (c *compiler) kindIn(expression string, kinds []*graph.Kind) string {
	return expression + " IN (" + joined(kinds, func(k *graph.Kind) string { return fmt.Sprint(c.numbers[k]) }) + ")"
}

func subset(of, in []*graph.Kind) bool {
	for _, k := range of {
		if !slices.Contains(in, k) {
			return false
		}
	}
	return true
}

func (n *node) pk() string { return n.alias + "._pk" }

func (n *node) kind() string {
	if n.single() {
		return fmt.Sprint(n.c.numbers[n.kinds[0]])
	}
	return n.alias + ".kind"
}

// kindName is the kind's name, by which kinds are ordered and compared.
func (n *node) kindName() string {
	if n.single() {
		return literal(n.kinds[0].Name)
	}
	var b strings.Builder
	b.WriteString("CASE " + n.kind())
	for _, k := range n.kinds {
		fmt.Fprintf(&b, " WHEN %d THEN %s", n.c.numbers[k], literal(k.Name))
	}
	b.WriteString(" END")
	return b.String()
}

// owner is the alias of a kind's table, where the node's own row is if it has that kind.
func (n *node) owner(k *graph.Kind) string {
	if n.single() {
		return n.alias
	}
	alias := n.alias + "_" + k.Name
	// A key that is null is not looked up: only the table of the node's own kind is read.
	join := fmt.Sprintf("LEFT JOIN %s AS %s ON %s._pk = CASE %s WHEN %d THEN %s END",
		quote(k.Name), alias, alias, n.kind(), n.c.numbers[k], n.pk())
	if !slices.Contains(n.joins, join) {
		n.joins = append(n.joins, join)
	}
	return alias
}

func (n *node) value(f graph.FieldRef) string {
	switch f.Owner {
	case graph.OfID:
		return n.alias + ".id"
	case graph.OfKind:
		return n.kindName()
	case graph.OfKey:
		return n.edge + "._key"
	case graph.OfRank:
		return n.rank
	case graph.OfEdge:
		return n.edge + "." + quote(n.relation.Prop(f.Name).Column)
	}
	return n.read(f, func(d *graph.Field) string { return quote(d.Column) })
}

// folded is the folded form of a Text field.
func (n *node) folded(f graph.FieldRef) string { return n.read(f, foldColumn) }

func (n *node) read(f graph.FieldRef, column func(*graph.Field) string) string {
	var from []string
	for _, k := range n.kinds {
		if d := k.Field(f.Name); d != nil && d.Type == f.Type {
			from = append(from, n.owner(k)+"."+column(d))
		}
	}
	switch len(from) {
	case 0:
		return "NULL"
	case 1:
		return from[0]
	}
	return "coalesce(" + strings.Join(from, ", ") + ")"
}

// indexed says whether the tables can be read in the order of the value.
func (n *node) indexed(f graph.FieldRef) bool {
	if f.Owner == graph.OfID {
		return true
	}
	if f.Owner != graph.OfNode || !n.single() {
		return false
	}
	d := n.kinds[0].Field(f.Name)
	return d != nil && d.Index
}

// nullable says whether the value may be null.
func nullable(f graph.FieldRef) bool { return f.Owner == graph.OfNode || f.Owner == graph.OfEdge }
