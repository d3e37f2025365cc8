package storetest

import (
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// holds says whether a condition holds for a node, met through a relationship.
func (e *evaluation) holds(c *graph.Cond, i item) bool {
	if c == nil {
		return true
	}
	switch c.Op {
	case graph.And:
		for _, d := range c.Of {
			if !e.holds(d, i) {
				return false
			}
		}
		return true
	case graph.Or:
		for _, d := range c.Of {
			if e.holds(d, i) {
				return true
			}
		}
		return false
	case graph.Not:
		return !e.holds(c.Of[0], i)
	case graph.KindIn:
		return slices.Contains(c.Kinds, i.node.Kind)
	case graph.Some:
		return e.some(c, i, true)
	case graph.None:
		return !e.some(c, i, true)
	case graph.Every:
		return !e.some(c, i, false)
	}
	return e.compares(c, value(c.Field, i))
}

// some looks through a relation for a node for which the condition is as wanted.
func (e *evaluation) some(c *graph.Cond, i item, want bool) bool {
	for _, far := range e.hop(c.Via, c.Kinds, i.node) {
		if len(c.Of) == 0 || e.holds(c.Of[0], far) == want {
			return true
		}
	}
	return false
}

func (e *evaluation) compares(c *graph.Cond, v any) bool {
	if c.Op == graph.IsNull {
		return v == nil
	}
	arg := e.args[c.Arg]
	switch c.Op {
	case graph.Ne:
		return v == nil || compare(v, arg) != 0
	case graph.NotIn:
		return !in(v, arg.([]any))
	}
	if v == nil {
		return false
	}
	switch c.Op {
	case graph.Eq:
		return compare(v, arg) == 0
	case graph.In:
		return in(v, arg.([]any))
	case graph.Lt:
		return compare(v, arg) < 0
	case graph.Le:
		return compare(v, arg) <= 0
	case graph.Gt:
		return compare(v, arg) > 0
	case graph.Ge:
		return compare(v, arg) >= 0
	case graph.Contains:
		return strings.Contains(graph.Fold(v.(string)), arg.(string))
	case graph.StartsWith:
		return strings.HasPrefix(graph.Fold(v.(string)), arg.(string))
	}
	panic("storetest: an operator that the model does not know")
}

func in(v any, list []any) bool {
	for _, w := range list {
		if v != nil && compare(v, w) == 0 {
			return true
		}
	}
	return false
}
