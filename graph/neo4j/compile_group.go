package neo4j

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// groupKey is a key of a bucket while its statement is written.
type groupKey struct {
	vars  []string // what the nodes are grouped by
	order string
	value string // what the row holds
}

// group compiles an aggregate: each node is brought together with the node that has its numbers, then with each value of
// each key, then counted.
func (c *compiler) group(s *graph.Select) string {
	sc := &scope{node: c.name("n"), kinds: s.Kinds}
	src := c.source(s, sc, false)
	carried := []string{sc.node}
	parts := []string{src.match, where(src.conds...)}
	if src.distinct {
		parts = append(parts, "WITH DISTINCT "+sc.node)
	}
	var through *scope
	if g := s.Group; g.Through != nil {
		through = c.far(g.Through.Via, g.Through.Kinds)
		cond := c.cond(g.Through.Where, false, through)
		parts = append(parts, "OPTIONAL MATCH "+c.pattern(sc, through, ""), where(c.from(g.Through.Via, sc), cond))
		carried = append(carried, through.node)
	}
	var keys []groupKey
	for _, k := range s.Group.Keys {
		key, text := c.groupKey(k, sc, carried)
		keys = append(keys, key)
		parts = append(parts, text)
		carried = append(carried, key.vars...)
	}
	return lines(append(parts, c.buckets(s.Group, sc, through, keys))...)
}

// groupKey brings each node together with the values of one key, or with null where it has none.
func (c *compiler) groupKey(k graph.GroupKey, sc *scope, carried []string) (groupKey, string) {
	before := "WITH " + strings.Join(carried, ", ")
	if k.Node == nil {
		a := c.read(k.Field, sc)
		value, order := c.name("v"), c.name("o")
		return groupKey{vars: []string{value, order}, order: order, value: value},
			fmt.Sprintf("%s, %s AS %s, %s AS %s", before, a.raw, value, a.total, order)
	}
	near := sc
	var hops []string
	for _, h := range k.Path {
		far := c.far(h.Via, h.Kinds)
		cond := c.cond(h.Where, false, far)
		hops = append(hops, "MATCH "+c.pattern(near, far, ""), where(c.from(h.Via, near), cond))
		near = far
	}
	found, node := c.name("found"), c.name("k")
	row := c.row(k.Node, &scope{node: node, kinds: k.Node.Kinds})
	text := lines(
		fmt.Sprintf("%s, %s AS %s", before, block("COLLECT", lines(append(hops, "RETURN DISTINCT "+near.node)...)), found),
		fmt.Sprintf("UNWIND CASE WHEN isEmpty(%s) THEN [null] ELSE %s END AS %s", found, found, node))
	return groupKey{vars: []string{node}, order: node + "." + idProp,
		value: fmt.Sprintf("CASE WHEN %s IS NULL THEN [] ELSE [%s] END", node, row)}, text
}

// buckets counts and sums.
func (c *compiler) buckets(g *graph.Group, sc, through *scope, keys []groupKey) string {
	var grouped, order, row []string
	for _, k := range keys {
		grouped = append(grouped, k.vars...)
		order = append(order, k.order)
		row = append(row, k.value)
	}
	grouped = append(grouped, "count("+sc.node+") AS nodes")
	row = append(row, "nodes")
	for i, f := range g.Sums {
		v := c.read(f, through).raw
		grouped = append(grouped, fmt.Sprintf("sum(%s) AS sum%d, count(%s) AS have%d", v, i, v, i))
		row = append(row, fmt.Sprintf("CASE have%d WHEN 0 THEN null ELSE sum%d END, have%d", i, i, i))
	}
	with := "WITH " + strings.Join(grouped, ", ")
	if len(keys) == 0 {
		return lines(with, "WHERE nodes > 0", "RETURN ["+strings.Join(row, ", ")+"]")
	}
	return lines(with, "ORDER BY "+strings.Join(order, ", "), "RETURN ["+strings.Join(row, ", ")+"]")
}
