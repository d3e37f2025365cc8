package neo4j

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// key is a sort key of a page that is read forward: a page from the end is the first one of the opposite order, turned
// round when it is decoded.
type key struct {
	expr   string
	desc   bool
	cursor string // what the cursor holds of it; empty without a cursor
	stored bool   // an index may give the order
}

func (k key) after() string {
	if k.desc {
		return "<"
	}
	return ">"
}

// keys are the sort keys of a select.
func (c *compiler) keys(s *graph.Select, sc *scope) []key {
	keys := make([]key, len(s.Order))
	for i, o := range s.Order {
		a := c.read(o.Field, sc)
		keys[i] = key{expr: a.total, desc: o.Desc != s.Page.Backward, stored: a.stored}
		if len(s.Page.After) > 0 {
			keys[i].cursor = c.cursor(s.Page.After[i], a)
		}
	}
	return keys
}

func (c *compiler) cursor(k graph.CursorKey, a access) string {
	if k.Null {
		return a.last
	}
	return c.arg(k.Arg, a.totalForm)
}

// orderBy is the ORDER BY, with a blank before it.
func orderBy(keys []key) string {
	var parts []string
	for _, k := range keys {
		if k.expr == "''" {
			continue // the key of a relationship that has none
		}
		if k.desc {
			parts = append(parts, k.expr+" DESC")
		} else {
			parts = append(parts, k.expr)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " ORDER BY " + strings.Join(parts, ", ")
}

// behind is the condition that a row is behind the cursor. No key is ever null.
func behind(keys []key) string {
	k := keys[0]
	s := fmt.Sprintf("%s %s %s", k.expr, k.after(), k.cursor)
	if len(keys) == 1 {
		return s
	}
	return fmt.Sprintf("(%s OR (%s = %s AND %s))", s, k.expr, k.cursor, behind(keys[1:]))
}

// rootPage reads a page of a root. Where an index gives the order, the statement says what makes Neo4j use it: that both
// properties of the index are there. Behind a cursor it reads the nodes that have the cursor's own first key and those
// behind: each part begins in the index where the page begins, however many nodes share a key.
func (c *compiler) rootPage(s *graph.Select, sc *scope) string {
	keys := c.keys(s, sc)
	first := keys[0]
	ordered := first.stored && !hasID(flatten(s.Where))
	src := c.source(s, sc, ordered)
	ordered = ordered && !src.distinct
	read := func(conds ...string) string {
		return lines(src.match, where(append(conds, src.conds...)...), c.cut(s, sc, keys, src.distinct))
	}
	row := "RETURN " + c.row(s, sc)
	id := sc.node + "." + idProp + " IS NOT NULL"
	behindFirst := fmt.Sprintf("%s %s %s", first.expr, first.after(), first.cursor)
	switch {
	case first.cursor == "" && !ordered:
		if isID(flatten(s.Where)) {
			keys = nil // there is one row at most
		}
		return lines(read(), row)
	case first.cursor == "":
		if len(keys) == 1 {
			return lines(read(id), row)
		}
		return lines(read(first.expr+" IS NOT NULL", id), row)
	case len(keys) == 1 || !ordered:
		return lines(read(behind(keys)), row)
	}
	part := func(conds ...string) string { return lines(read(conds...), "RETURN "+sc.node) }
	return lines(
		block("CALL ()", lines(part(fmt.Sprintf("%s = %s", first.expr, first.cursor), behind(keys[1:])), "UNION ALL", part(behindFirst, id))),
		c.cut(s, sc, keys, false),
		row)
}
