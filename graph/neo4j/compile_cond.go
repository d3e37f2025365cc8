package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// cond writes a condition, or its complement. Cypher's logic has three values and ours two: so a Not is pushed down to the
// comparisons, and a comparison that has to hold for null says so.
func (c *compiler) cond(d *graph.Cond, not bool, sc *scope) string {
	if d == nil {
		return literal(!not)
	}
	switch d.Op {
	case graph.Not:
		return c.cond(d.Of[0], !not, sc)
	case graph.And, graph.Or:
		parts := make([]string, len(d.Of))
		for i, e := range d.Of {
			parts[i] = c.cond(e, not, sc)
		}
		return junction((d.Op == graph.And) != not, parts)
	case graph.KindIn:
		return c.kindIn(d, not, sc)
	case graph.Some, graph.None, graph.Every:
		return c.relation(d, not, sc)
	}
	return c.compare(d, not, sc)
}

func literal(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// junction joins conditions by AND, or else by OR.
func junction(and bool, parts []string) string {
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == literal(and) })
	if slices.Contains(parts, literal(!and)) {
		return literal(!and)
	}
	switch len(parts) {
	case 0:
		return literal(and)
	case 1:
		return parts[0]
	}
	word := " OR "
	if and {
		word = " AND "
	}
	return "(" + strings.Join(parts, word) + ")"
}

func (c *compiler) kindIn(d *graph.Cond, not bool, sc *scope) string {
	var kinds []*graph.Kind
	for _, k := range sc.kinds {
		if slices.Contains(d.Kinds, k) {
			kinds = append(kinds, k)
		}
	}
	switch len(kinds) {
	case 0:
		return literal(not)
	case len(sc.kinds):
		return literal(!not)
	}
	is := c.isOf(sc.node, kinds)
	if not {
		return "NOT " + is
	}
	return is
}

// relation writes a condition over the nodes that a relation reaches.
func (c *compiler) relation(d *graph.Cond, not bool, sc *scope) string {
	far := c.far(d.Via, d.Kinds)
	inner := ""
	if len(d.Of) > 0 {
		inner = c.cond(d.Of[0], d.Op == graph.Every, far)
	}
	seeks := len(d.Of) > 0 && d.Op != graph.Every && selective(d.Of[0], d.Kinds)
	present := ""
	if seeks && !hasID(flatten(d.Of[0])) {
		present = far.present()
	}
	label, is := "", ""
	if seeks {
		label, is = c.seek(far, d.Of[0])
	}
	body := lines("MATCH "+c.pattern(sc, far, label), where(c.from(d.Via, sc), inner, is, present))
	exists := block("EXISTS", strings.ReplaceAll(body, "\n", " "))
	if (d.Op == graph.Some) == not {
		return "NOT " + exists
	}
	return exists
}

// selective says whether a condition is likely to hold for few nodes, which an index finds.
func selective(d *graph.Cond, kinds []*graph.Kind) bool {
	if d == nil {
		return false
	}
	switch d.Op {
	case graph.And:
		return slices.ContainsFunc(d.Of, func(e *graph.Cond) bool { return selective(e, kinds) })
	case graph.Some:
		return len(d.Of) > 0 && selective(d.Of[0], d.Kinds)
	case graph.Eq, graph.In:
		return d.Field.Owner == graph.OfID || d.Field.Owner == graph.OfNode && indexed(d.Field, kinds)
	case graph.Contains, graph.StartsWith:
		return indexed(d.Field, kinds)
	}
	return false
}

// indexed says whether each of the kinds has the field, indexed, with many different values.
func indexed(f graph.FieldRef, kinds []*graph.Kind) bool {
	for _, k := range kinds {
		d := k.Field(f.Name)
		if d == nil || d.Type != f.Type || !d.Index || d.Type == graph.Boolean || d.Type == graph.Enum {
			return false
		}
	}
	return true
}

// compare writes a comparison, or its complement.
func (c *compiler) compare(d *graph.Cond, not bool, sc *scope) string {
	a := c.read(d.Field, sc)
	op := d.Op
	switch op {
	case graph.Ne:
		op, not = graph.Eq, !not
	case graph.NotIn:
		op, not = graph.In, !not
	}
	switch op {
	case graph.IsNull:
		return isNull(a, not)
	case graph.Contains, graph.StartsWith:
		word := "CONTAINS"
		if op == graph.StartsWith {
			word = "STARTS WITH"
		}
		fold := sc.node + "." + quote(foldColumn(d.Field, sc.kinds))
		if not {
			return fmt.Sprintf("(NOT %s %s %s OR %s IS NULL)", fold, word, c.arg(d.Arg, asIs), fold)
		}
		return fmt.Sprintf("%s %s %s", fold, word, c.arg(d.Arg, asIs))
	case graph.Eq, graph.In:
		return c.equal(a, op, d.Arg, not)
	}
	if a.stored && sc.keep.Name != "" && sc.keep != d.Field && d.Field.Type != graph.String {
		a = unindexed(d.Field.Type, a.raw, a.key)
	}
	return c.before(a, op, d.Arg, not)
}

func foldColumn(f graph.FieldRef, kinds []*graph.Kind) string {
	for _, k := range kinds {
		if d := k.Field(f.Name); d != nil && d.Type == f.Type {
			return d.Column + foldProp
		}
	}
	return ""
}

func isNull(a access, not bool) string {
	switch {
	case !a.toLast && !a.toNull:
		return literal(not)
	case a.toLast && !a.toNull && not:
		return a.key + " < " + a.last
	case a.toLast && !a.toNull:
		return a.key + " = " + a.last
	case not:
		return a.raw + " IS NOT NULL"
	}
	return a.raw + " IS NULL"
}

func (c *compiler) equal(a access, op graph.Op, arg graph.Arg, not bool) string {
	x, f := a.raw, asIs
	if a.toLast && !a.toNull {
		x, f = a.key, a.keyForm // the one with the index
	}
	p := c.arg(arg, f)
	var s string
	switch {
	case op == graph.In && not:
		s = fmt.Sprintf("NOT %s IN %s", x, p)
	case op == graph.In:
		return fmt.Sprintf("%s IN %s", x, p)
	case not:
		s = fmt.Sprintf("%s <> %s", x, p)
	default:
		return fmt.Sprintf("%s = %s", x, p)
	}
	if a.toNull {
		return fmt.Sprintf("(%s OR %s IS NULL)", s, x)
	}
	return s
}

func (c *compiler) before(a access, op graph.Op, arg graph.Arg, not bool) string {
	p := c.arg(arg, a.keyForm)
	sign := map[graph.Op]string{graph.Lt: "<", graph.Le: "<=", graph.Gt: ">", graph.Ge: ">="}
	complement := map[graph.Op]string{graph.Lt: ">=", graph.Le: ">", graph.Gt: "<=", graph.Ge: "<"}
	up := op == graph.Gt || op == graph.Ge
	if !not {
		s := fmt.Sprintf("%s %s %s", a.key, sign[op], p)
		if up && a.toLast {
			return fmt.Sprintf("(%s AND %s < %s)", s, a.key, a.last)
		}
		return s
	}
	parts := []string{fmt.Sprintf("%s %s %s", a.key, complement[op], p)}
	if up && a.toLast {
		parts = append(parts, fmt.Sprintf("%s = %s", a.key, a.last))
	}
	if a.toNull {
		parts = append(parts, a.key+" IS NULL")
	}
	return junction(false, parts)
}
