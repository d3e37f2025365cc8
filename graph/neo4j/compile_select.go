package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// source is what a root reads, before its page.
type source struct {
	match    string   // the pattern
	conds    []string // what its nodes have to fulfil
	distinct bool     // the pattern may find a node several times
	seeks    bool     // an index is likely to find few nodes that fulfil a condition
}

// source compiles what a root reads. A condition over a relation that an index answers is made a part of the pattern, so
// that Neo4j can begin at the far end. ordered says that an index on the first sort key is to give the order: no condition
// shall lead Neo4j to sort what another index finds, unless that is sure to be little.
func (c *compiler) source(s *graph.Select, sc *scope, ordered bool) source {
	conjuncts := flatten(s.Where)
	src := source{match: "MATCH (" + sc.node + ":" + labelExpression(c.schema, s.Kinds) + ")"}
	for _, d := range conjuncts {
		src.seeks = src.seeks || d.Op != graph.Some && selective(d, s.Kinds)
	}
	if ordered && !src.seeks {
		sc.keep = s.Order[0].Field
	}
	if len(s.Kinds) > 1 && hasID(conjuncts) {
		src.match = "MATCH (" + sc.node + ":" + nodeLabel + ")"
		if len(s.Kinds) < len(c.schema.Kinds) {
			src.conds = append(src.conds, c.isOf(sc.node, s.Kinds))
		}
	}
	for _, d := range conjuncts {
		if d.Op == graph.Some && !src.seeks && selective(d, s.Kinds) && !c.fromMatters(d.Via, sc) {
			far := c.far(d.Via, d.Kinds)
			inner := c.cond(d.Of[0], false, far)
			label, is := c.seek(far, d.Of[0])
			src.match += arrow(far) + "(" + far.node + ":" + label + ")"
			src.conds = append(src.conds, inner, is)
			if !hasID(flatten(d.Of[0])) {
				src.conds = append(src.conds, far.present())
			}
			src.distinct, src.seeks = true, true
			continue
		}
		src.conds = append(src.conds, c.cond(d, false, sc))
	}
	if !ordered && len(s.Kinds) == 1 && len(conjuncts) > 0 && !hasID(conjuncts) {
		src.conds = append(src.conds, sc.present())
	}
	return src
}

// present says what makes an index on a property and the id fit for a condition on that property.
func (sc *scope) present() string { return sc.node + "." + idProp + " IS NOT NULL" }

// seek is the label of nodes that an index on what the condition compares shall find, with a condition where the label alone
// does not say it: only the label of all nodes has an index on ids that goes for several kinds.
func (c *compiler) seek(sc *scope, d *graph.Cond) (label, is string) {
	if len(sc.kinds) == 1 || !hasID(flatten(d)) {
		return labelExpression(c.schema, sc.kinds), ""
	}
	if len(sc.kinds) < len(c.schema.Kinds) {
		is = c.isOf(sc.node, sc.kinds)
	}
	return nodeLabel, is
}

// hasID says whether the nodes are found by their ids; isID, whether by one id.
func hasID(conjuncts []*graph.Cond) bool {
	return isID(conjuncts) || slices.ContainsFunc(conjuncts, func(d *graph.Cond) bool { return d.Op == graph.In && d.Field.Owner == graph.OfID })
}

func isID(conjuncts []*graph.Cond) bool {
	return slices.ContainsFunc(conjuncts, func(d *graph.Cond) bool { return d.Op == graph.Eq && d.Field.Owner == graph.OfID })
}

// flatten lists the conditions that all have to hold.
func flatten(d *graph.Cond) []*graph.Cond {
	if d == nil {
		return nil
	}
	if d.Op != graph.And {
		return []*graph.Cond{d}
	}
	var all []*graph.Cond
	for _, e := range d.Of {
		all = append(all, flatten(e)...)
	}
	return all
}

// list compiles a root that is ordered by its fields: its rows, and how many there are.
func (c *compiler) list(s *graph.Select) (rows, total string) {
	sc := &scope{node: c.name("n"), kinds: s.Kinds}
	rows = c.rootPage(s, sc)
	if s.Count {
		all := &scope{node: sc.node, kinds: s.Kinds}
		total = c.count(c.source(s, all, false), all)
	}
	return rows, total
}

func (c *compiler) count(src source, sc *scope) string {
	body := lines(src.match, where(src.conds...))
	if src.distinct {
		body = lines(body, "RETURN DISTINCT "+sc.node)
	}
	return block("COUNT", body)
}

// row writes the list of a row's values.
func (c *compiler) row(s *graph.Select, sc *scope) string {
	values := make([]string, 0, len(s.Fields)+len(s.Children))
	for _, f := range s.Fields {
		values = append(values, c.read(f, sc).raw)
	}
	if len(s.Children) == 0 {
		return "[" + strings.Join(values, ", ") + "]"
	}
	parts := []string{strings.Join(values, ", ")}
	if len(values) == 0 {
		parts = nil
	}
	for _, child := range s.Children {
		parts = append(parts, c.child(child, sc))
	}
	return "[\n" + indent(strings.Join(parts, ",\n")) + "\n]"
}

// child writes the rows that a select finds from a row of its parent; with the total in front where it is asked for.
func (c *compiler) child(s *graph.Select, parent *scope) string {
	sc := c.far(s.Via, s.Kinds)
	from := c.from(s.Via, parent)
	cond := c.cond(s.Where, false, sc)
	keys := c.keys(s, sc)
	row := c.row(s, sc)
	after := ""
	if len(s.Page.After) > 0 {
		after = behind(keys)
	}
	pattern := c.pattern(parent, sc, "")
	body := lines("MATCH "+pattern, where(from, cond, after), c.cut(s, sc, keys, distinct(s.Via)), "RETURN "+row)
	rows := block("COLLECT", body)
	if !s.Count {
		return rows
	}
	return fmt.Sprintf("[%s, %s]", c.childCount(s, parent), rows)
}

// childCount counts what a select finds from a row of its parent: the stored degree, where that is it.
func (c *compiler) childCount(s *graph.Select, parent *scope) string {
	sc := c.far(s.Via, s.Kinds)
	from := c.from(s.Via, parent)
	cond := c.cond(s.Where, false, sc)
	var count string
	if !distinct(s.Via) && cond == "true" && c.implied(s.Via, parent, s.Kinds) {
		count = fmt.Sprintf("COUNT { (%s)%s() }", parent.node, arrow(sc))
	} else {
		body := lines("MATCH "+c.pattern(parent, sc, ""), where(cond))
		if distinct(s.Via) {
			body = lines(body, "RETURN DISTINCT "+sc.node)
		}
		count = block("COUNT", strings.ReplaceAll(body, "\n", " "))
	}
	if from != "" {
		return fmt.Sprintf("CASE WHEN %s THEN %s ELSE 0 END", from, count)
	}
	return count
}

// cut orders nodes and keeps a page of them.
func (c *compiler) cut(s *graph.Select, sc *scope, keys []key, distinct bool) string {
	limit := ""
	if s.Page.Limit != graph.NoArg {
		limit = " LIMIT " + c.arg(s.Page.Limit, asIs)
	}
	order := orderBy(keys)
	if order == "" && limit == "" && !distinct {
		return ""
	}
	with := "WITH "
	if distinct {
		with += "DISTINCT "
	}
	with += sc.node
	if sc.edgeUsed {
		with += ", " + sc.edge
	}
	return with + order + limit
}
