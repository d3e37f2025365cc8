package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// access is how a value is read, compared and ordered by.
type access struct {
	// raw is the value itself.
	raw string
	// key compares as the value does, with an argument bound as keyForm; so does raw, for equality, with one bound as it is.
	key     string
	keyForm form
	// total is key with the last key in the place of null, for a cursor bound as totalForm.
	total     string
	totalForm form
	last      string
	// stored: key is an indexed property that every node of the kind has.
	stored bool
	// toLast: key may be the last key, where the value is null. toNull: key and raw may be null.
	toLast, toNull bool
}

// read finds out how a value is read in a scope.
func (c *compiler) read(f graph.FieldRef, sc *scope) access {
	never := func(expr string) access {
		return access{raw: expr, key: expr, total: expr, last: lastKey(graph.String)}
	}
	switch f.Owner {
	case graph.OfID:
		a := never(sc.node + "." + idProp)
		a.stored = true
		return a
	case graph.OfKind:
		return never(kindExpression(sc.node, sc.kinds))
	case graph.OfRank:
		a := never(sc.rank)
		a.last = lastKey(graph.Int)
		return a
	case graph.OfKey:
		return edgeKeyAccess(sc)
	case graph.OfEdge:
		d := sc.via.Relation.Prop(f.Name)
		prop := sc.relationship() + "." + quote(d.Column)
		return unindexed(f.Type, prop, sc.relationship()+"."+quote(d.Column+orderProp))
	}
	return c.readNode(f, sc)
}

func (c *compiler) readNode(f graph.FieldRef, sc *scope) access {
	var have, clash []*graph.Kind
	column, indexedKinds := "", 0
	for _, k := range sc.kinds {
		if d := k.Field(f.Name); d != nil && d.Type == f.Type {
			have = append(have, k)
			column = d.Column
			if d.Index {
				indexedKinds++
			}
		}
	}
	for _, k := range sc.kinds {
		if !slices.Contains(have, k) && slices.ContainsFunc(k.Fields, func(d *graph.Field) bool { return d.Column == column }) {
			clash = append(clash, k)
		}
	}
	prop := func(column string) string {
		p := sc.node + "." + quote(column)
		if len(clash) > 0 {
			return fmt.Sprintf("CASE WHEN %s THEN %s END", c.isOf(sc.node, have), p)
		}
		return p
	}
	raw, key := prop(column), prop(column+orderProp)
	if indexedKinds < len(have) {
		a := unindexed(f.Type, raw, key)
		a.toLast = indexedKinds > 0 && f.Type == graph.String
		return a
	}
	a := access{raw: raw, key: key, keyForm: orderForm(f.Type), totalForm: orderForm(f.Type), total: key, last: lastKey(f.Type), toLast: true}
	a.toNull = len(have) < len(sc.kinds)
	if a.toNull {
		a.total = fmt.Sprintf("coalesce(%s, %s)", key, a.last)
	}
	a.stored = len(sc.kinds) == 1
	return a
}

// unindexed reads a value that has no order key, or, where it is text, one only where its order needs it.
func unindexed(t graph.Type, raw, key string) access {
	a := access{raw: raw, key: raw, last: lastKey(t), toNull: true}
	switch t {
	case graph.String:
		a.key = fmt.Sprintf("coalesce(%s, %s)", key, raw)
		a.total = fmt.Sprintf("coalesce(%s, %s, %s)", key, raw, a.last)
		a.keyForm, a.totalForm = asOrdered, asOrdered
	case graph.Boolean:
		a.total = fmt.Sprintf("CASE %s WHEN false THEN 0 WHEN true THEN 1 ELSE %s END", raw, a.last)
		a.totalForm = asOrderKey
	default:
		a.total = fmt.Sprintf("coalesce(%s, %s)", raw, a.last)
	}
	return a
}

// edgeKeyAccess reads the key of the relationship; it is never null.
func edgeKeyAccess(sc *scope) access {
	last := lastKey(graph.String)
	if len(sc.via.Relation.Key) == 0 {
		return access{raw: "''", key: "''", total: "''", last: last}
	}
	raw := sc.relationship() + "." + keyProp
	a := access{raw: raw, key: raw, total: raw, last: last}
	if slices.ContainsFunc(sc.via.Relation.Key, func(f *graph.Field) bool { return f.Type == graph.String }) {
		a.key = fmt.Sprintf("coalesce(%s.%s, %s)", sc.relationship(), keyProp+orderProp, raw)
		a.total, a.keyForm, a.totalForm = a.key, asOrdered, asOrdered
	}
	return a
}

// kindExpression is the name of a node's kind.
func kindExpression(node string, kinds []*graph.Kind) string {
	if len(kinds) == 1 {
		return "'" + kinds[0].Name + "'"
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = "'" + k.Name + "'"
	}
	return fmt.Sprintf("[l IN labels(%s) WHERE l IN [%s]][0]", node, strings.Join(names, ", "))
}

// isOf says that a node is of one of the kinds.
func (c *compiler) isOf(node string, kinds []*graph.Kind) string {
	if len(kinds) == 0 {
		return "false"
	}
	return node + ":" + labelExpression(c.schema, kinds)
}
