package sqlite

import (
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// cond writes a condition on a node. Where not is set, it writes the complement: negation is carried down to the
// comparisons, where null is known to be false. What is written may be null for false, and is never negated from outside.
func (c *compiler) cond(d *graph.Cond, n *node, not bool) string {
	switch d.Op {
	case graph.And, graph.Or:
		parts := make([]string, len(d.Of))
		for i, e := range d.Of {
			parts[i] = c.cond(e, n, not)
		}
		return junction(parts, (d.Op == graph.And) != not)
	case graph.Not:
		return c.cond(d.Of[0], n, !not)
	case graph.Some:
		return c.some(d, n, false, not)
	case graph.None:
		return c.some(d, n, false, !not)
	case graph.Every:
		return c.some(d, n, true, !not)
	case graph.KindIn:
		return c.kindCond(d.Kinds, n, not)
	case graph.IsNull:
		return n.value(d.Field) + is(!not) + "NULL"
	case graph.Eq, graph.Ne:
		if (d.Op == graph.Ne) != not {
			return n.value(d.Field) + " IS NOT " + bound(d.Arg)
		}
		return n.value(d.Field) + " = " + bound(d.Arg)
	case graph.NotIn:
		return complement(n.value(d.Field)+" IN (SELECT value FROM json_each("+bound(d.Arg)+"))", !not)
	}
	return complement(c.comparison(d, n), not)
}

func (c *compiler) comparison(d *graph.Cond, n *node) string {
	switch d.Op {
	case graph.In:
		if d.Field.Owner == graph.OfID {
			if c.lone {
				return n.value(d.Field) + " = " + c.derived(func(args []any) any { return args[d.Arg].([]any)[0] })
			}
			c.plan.listed = append(c.plan.listed, d.Arg)
		}
		return n.value(d.Field) + " IN (SELECT value FROM json_each(" + bound(d.Arg) + "))"
	case graph.Contains:
		return "instr(" + n.folded(d.Field) + ", " + bound(d.Arg) + ") > 0"
	case graph.StartsWith:
		return "substr(" + n.folded(d.Field) + ", 1, length(" + bound(d.Arg) + ")) = " + bound(d.Arg)
	}
	sign := map[graph.Op]string{graph.Lt: " < ", graph.Le: " <= ", graph.Gt: " > ", graph.Ge: " >= "}[d.Op]
	return n.value(d.Field) + sign + bound(d.Arg)
}

func complement(expression string, not bool) string {
	if not {
		return "(" + expression + ") IS NOT TRUE"
	}
	return expression
}

func is(yes bool) string {
	if yes {
		return " IS "
	}
	return " IS NOT "
}

// junction joins conditions by AND (or OR). Many are joined as a balanced tree: the depth of an expression is limited.
func junction(parts []string, and bool) string {
	switch {
	case len(parts) == 0 && and:
		return "TRUE"
	case len(parts) == 0:
		return "FALSE"
	case len(parts) == 1:
		return parts[0]
	}
	word := " OR "
	if and {
		word = " AND "
	}
	if len(parts) > 32 {
		half := len(parts) / 2
		parts = []string{junction(parts[:half], and), junction(parts[half:], and)}
	}
	return "(" + strings.Join(parts, word) + ")"
}

// conditions are the parts of a condition that all have to hold, each of which stands in a line of its own.
func (c *compiler) conditions(d *graph.Cond, n *node) []string {
	if d == nil {
		return nil
	}
	if d.Op != graph.And {
		return []string{c.cond(d, n, false)}
	}
	if len(d.Of) > 32 {
		return []string{c.cond(d, n, false)}
	}
	var parts []string
	for _, e := range d.Of {
		parts = append(parts, c.conditions(e, n)...)
	}
	return parts
}

func (c *compiler) kindCond(kinds []*graph.Kind, n *node, not bool) string {
	var kept []*graph.Kind
	for _, k := range n.kinds {
		for _, w := range kinds {
			if k == w {
				kept = append(kept, k)
			}
		}
	}
	switch {
	case len(kept) == 0:
		return truth(not)
	case len(kept) == len(n.kinds):
		return truth(!not)
	case not:
		return "NOT " + c.kindIn(n.kind(), kept)
	}
	return c.kindIn(n.kind(), kept)
}

func truth(yes bool) string {
	if yes {
		return "TRUE"
	}
	return "FALSE"
}

// some writes that a node is reached for which the condition holds, or (unlike) for which it does not. It is written as a
// list of keys where the far end is chosen by an id or by a name, so that SQLite can begin there; otherwise as a test for
// each node, which stops at the first one found.
func (c *compiler) some(d *graph.Cond, n *node, unlike, not bool) string {
	h := c.hop(d.Via, d.Kinds, n, true)
	if h.never {
		return truth(not)
	}
	var inner []string
	if len(d.Of) > 0 {
		if unlike {
			inner = []string{c.cond(d.Of[0], h.node, true)}
		} else {
			inner = c.conditions(d.Of[0], h.node)
		}
	}
	word := ""
	if not {
		word = "NOT "
	}
	var text string
	switch {
	case len(d.Of) > 0 && !unlike && selective(d.Of[0], h.node):
		q := &query{columns: []string{h.near}, from: h.outward(), where: append(h.node.restriction(h.possible), inner...)}
		text = n.pk() + " " + word + "IN " + indent(q.String())
	case len(inner) == 0 && h.bare():
		q := &query{columns: []string{"1"}, from: []string{h.edge}, where: []string{h.near + " = " + n.pk()}}
		text = word + "EXISTS " + indent(q.String())
	default:
		w := append([]string{h.near + " = " + n.pk()}, h.node.restriction(h.possible)...)
		q := &query{columns: []string{"1"}, from: h.inward(true), where: append(w, inner...)}
		text = word + "EXISTS " + indent(q.String())
	}
	if h.from == "" {
		return text
	}
	if not {
		return "(NOT " + h.from + " OR " + text + ")"
	}
	return "(" + h.from + " AND " + text + ")"
}

// selective says whether few nodes can fulfil a condition, and an index finds them: an id, or an indexed name, is given.
func selective(d *graph.Cond, n *node) bool {
	switch d.Op {
	case graph.Eq, graph.In:
		return d.Field.Owner == graph.OfID || n.indexed(d.Field) && n.kinds[0].Field(d.Field.Name).Text
	case graph.Some:
		return len(d.Of) > 0 && selective(d.Of[0], &node{c: n.c, kinds: d.Kinds})
	case graph.And:
		for _, e := range d.Of {
			if selective(e, n) {
				return true
			}
		}
	case graph.Or:
		for _, e := range d.Of {
			if !selective(e, n) {
				return false
			}
		}
		return len(d.Of) > 0
	}
	return false
}
