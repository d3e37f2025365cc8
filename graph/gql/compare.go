package gql

import (
	"cmp"
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

// comparison says whether a value compares as a condition asks, as stores do it: see graph.Op.
func comparison(c *graph.Cond, v any, args []any) bool {
	if c.Op == graph.IsNull {
		return v == nil
	}
	in := func() bool {
		return slices.ContainsFunc(args[c.Arg].([]any), func(w any) bool { return compareValues(v, w) == 0 })
	}
	switch c.Op {
	case graph.Ne:
		return v == nil || compareValues(v, args[c.Arg]) != 0
	case graph.NotIn:
		return v == nil || !in()
	}
	if v == nil {
		return false
	}
	switch c.Op {
	case graph.In:
		return in()
	case graph.Lt:
		return compareValues(v, args[c.Arg]) < 0
	case graph.Le:
		return compareValues(v, args[c.Arg]) <= 0
	case graph.Gt:
		return compareValues(v, args[c.Arg]) > 0
	case graph.Ge:
		return compareValues(v, args[c.Arg]) >= 0
	}
	return compareValues(v, args[c.Arg]) == 0
}

// compareKeys orders the values of sort keys.
func compareKeys(order []graph.Order, a, b []any) int {
	for i, o := range order {
		c := compareValues(a[i], b[i])
		if o.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// compareValues orders two values of one type; null is behind all of them.
func compareValues(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	}
	return cmp.Compare(a.(string), b.(string))
}
