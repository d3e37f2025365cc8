package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// key is a sort key of a page that is read forward: a page from the end is the first one of the opposite order, turned
// round when it is decoded.
type key struct {
	expr   string
	desc   bool
	last   string // the key of null
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
		keys[i] = key{expr: a.total, desc: o.Desc != s.Page.Backward, last: a.last, stored: a.stored}
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
		if strings.HasPrefix(k.expr, "'") {
			continue // a kind that is the only one, the key of a relationship that has none
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
// behind: each part begins in the index where the page begins, however many nodes share a key. The hint is for the time
// after much was written, when Neo4j does not know yet what is in its indexes.
func (c *compiler) rootPage(s *graph.Select, sc *scope) string {
	keys := c.keys(s, sc)
	first := keys[0]
	ordered := first.stored && !hasID(flatten(s.Where))
	src := c.source(s, sc, ordered)
	ordered = ordered && !src.distinct
	seek := len(s.Page.After) > 0 || bounded(s)
	read := func(conds ...string) string {
		hint := ""
		if ordered && !src.seeks && !slices.Contains(src.conds, literal(false)) { // which would make the hint an error
			hint = c.hint(s, sc, first, seek)
		}
		return lines(src.match, hint, where(append(conds, src.conds...)...), c.cut(s, sc, keys, src.distinct))
	}
	id := sc.node + "." + idProp + " IS NOT NULL"
	// parts reads the nodes with a first key and those behind it.
	parts := func(at, tied string) string {
		part := func(conds ...string) string { return lines(read(conds...), "RETURN "+sc.node) }
		tie := part(fmt.Sprintf("%s = %s", first.expr, at), tied)
		rest := part(fmt.Sprintf("%s %s %s", first.expr, first.after(), at), id)
		return lines(block("CALL ()", lines(tie, "UNION ALL", rest)), c.cut(s, sc, keys, false))
	}
	var page string
	switch {
	case first.cursor == "" && !ordered:
		if isID(flatten(s.Where)) {
			keys = nil // there is one row at most
		}
		page = read()
	case first.cursor == "" && len(keys) == 1:
		page = read(id)
	case first.cursor == "" && len(keys) == 2 && first.desc && !keys[1].desc && s.Page.Limit != graph.NoArg:
		// The nulls come first, and the index has them the wrong way round.
		seek = true
		page = parts(first.last, id)
	case first.cursor == "":
		page = read(first.expr+" IS NOT NULL", id)
	case len(keys) == 1 || !ordered:
		page = read(behind(keys))
	default:
		page = parts(first.cursor, behind(keys[1:]))
	}
	return lines(page, "RETURN "+c.row(s, sc))
}

// hint names the index that gives the order; seek, where the statement says at which of its keys to begin or end.
func (c *compiler) hint(s *graph.Select, sc *scope, first key, seek bool) string {
	if len(s.Kinds) > 1 && len(s.Kinds) < len(c.schema.Kinds) {
		return ""
	}
	using, props := "USING INDEX", strings.TrimPrefix(first.expr, sc.node+".")
	if seek {
		using += " SEEK"
	}
	if props != idProp {
		props += ", " + idProp
	}
	return fmt.Sprintf("%s %s:%s(%s)", using, sc.node, labelExpression(c.schema, s.Kinds), props)
}

// bounded says whether a condition compares the first sort key.
func bounded(s *graph.Select) bool {
	return slices.ContainsFunc(flatten(s.Where), func(d *graph.Cond) bool {
		first := s.Order[0].Field
		return d.Field.Owner == first.Owner && d.Field.Name == first.Name && d.Op >= graph.Eq && d.Op <= graph.Ge && d.Op != graph.Ne && d.Op != graph.NotIn
	})
}
