package sqlite

import (
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// orderOf is the total order of a select.
func orderOf(s *graph.Select) []graph.Order {
	if s.Search != nil {
		return []graph.Order{{Field: graph.FieldRef{Owner: graph.OfRank, Type: graph.Int}}, {Field: graph.FieldRef{Owner: graph.OfID, Type: graph.String}}}
	}
	return s.Order
}

// orderBy writes an order, or its opposite. Nulls are behind every value: last ascending, first descending.
func orderBy(order []graph.Order, n source, opposite bool) []string {
	var keys []string
	for _, o := range order {
		key := n.value(o.Field)
		if o.Desc != opposite {
			key += " DESC"
			if nullable(o.Field) {
				key += " NULLS FIRST"
			}
		} else if nullable(o.Field) {
			key += " NULLS LAST"
		}
		keys = append(keys, key)
	}
	return keys
}

// segment is a part of what lies behind a cursor, in which rows are in one piece of the order.
type segment []string

// segments are the parts of what lies behind the cursor, in their order. Behind a row lie: rows that share all its keys but
// the last and are behind it in that, then rows that share all but the last two, and so on; null stands behind every value.
func segments(s *graph.Select, order []graph.Order, n source) []segment {
	var out []segment
	for i := len(order) - 1; i >= 0; i-- {
		var same segment
		for j := range i {
			same = append(same, equals(n.value(order[j].Field), s.Page.After[j]))
		}
		key, after := n.value(order[i].Field), s.Page.After[i]
		forward := order[i].Desc == s.Page.Backward
		add := func(condition string) {
			out = append(out, append(append(segment{}, same...), condition))
		}
		switch {
		case after.Null && forward: // nothing is behind null
		case after.Null:
			add(key + " IS NOT NULL")
		case forward:
			add(key + " > " + bound(after.Arg))
			if nullable(order[i].Field) {
				add(key + " IS NULL")
			}
		default:
			add(key + " < " + bound(after.Arg))
		}
	}
	return out
}

func equals(key string, after graph.CursorKey) string {
	if after.Null {
		return key + " IS NULL"
	}
	return key + " = " + bound(after.Arg)
}

// pageAfter writes the page behind a cursor. Where an index has the order, each segment is read by itself, from its start and
// no further than the page needs. Otherwise all the rows have to be read in any case, and one condition chooses them.
func pageAfter(s *graph.Select, order []graph.Order, n *node, q *query) string {
	parts := segments(s, order, n)
	if len(parts) == 0 {
		q.where = append(q.where, "FALSE")
		return q.String()
	}
	if len(parts) > 1 && s.Via == nil && s.Page.Limit != graph.NoArg && n.indexed(order[0].Field) {
		var all []string
		for _, part := range parts {
			one := *q
			one.where = append(append([]string{}, q.where...), part...)
			all = append(all, "SELECT * FROM "+indent(one.String()))
		}
		return strings.Join(all, "\nUNION ALL\n") + "\nLIMIT " + q.limit
	}
	var any []string
	for _, part := range parts {
		any = append(any, junction(part, true))
	}
	q.where = append(q.where, junction(any, false))
	return q.String()
}
