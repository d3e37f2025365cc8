package gql

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/raidgraph/raidgraph/graph"
)

// convert makes a value of the request into the Go value that a store compares with (see graph.Type). typ is the GraphQL
// type where it matters: ID.
func (p *planner) convert(where string, t graph.Type, typ string) func(v any) (any, error) {
	switch {
	case typ == "ID":
		return func(v any) (any, error) { return p.toID(v) }
	case t == graph.Int:
		return func(v any) (any, error) {
			n, err := toInt(v)
			if err != nil {
				return nil, graph.Errorf(graph.Invalid, "%s is no whole number", where)
			}
			return n, nil
		}
	case t == graph.Float:
		return func(v any) (any, error) { return toFloat(where, v) }
	case t == graph.Boolean:
		return func(v any) (any, error) { return v, nil }
	case t == graph.Date:
		return func(v any) (any, error) { return toDay(where, v) }
	case t == graph.DateTime:
		return func(v any) (any, error) { return toMoment(where, v) }
	}
	return func(v any) (any, error) {
		s, err := toText(where, v)
		return graph.Normalize(s), err
	}
}

// toID checks an id: a malformed one is refused, one that nothing has is not.
func (p *planner) toID(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		if n, is := v.(json.Number); is {
			s = n.String()
		} else if n, is := v.(int64); is {
			s = strconv.FormatInt(n, 10)
		}
	}
	if _, err := p.model.Graph.KindOfID(s); err != nil {
		return "", err
	}
	return s, nil
}

func toInt(v any) (int64, error) {
	switch v := v.(type) {
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	case json.Number:
		return v.Int64()
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), nil
		}
	}
	return 0, strconv.ErrSyntax
}

func toFloat(where string, v any) (any, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	case int:
		return float64(v), nil
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return f, nil
		}
	}
	return nil, graph.Errorf(graph.Invalid, "%s is no number", where)
}

func toText(where string, v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", graph.Errorf(graph.Invalid, "%s is no text", where)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", graph.Errorf(graph.Invalid, "%s holds a null character or invalid UTF-8", where)
	}
	return s, nil
}

func toDay(where string, v any) (any, error) {
	s, _ := v.(string)
	if _, err := time.Parse(time.DateOnly, s); err != nil || len(s) != len(time.DateOnly) {
		return nil, graph.Errorf(graph.Invalid, "%s is %s: a day is written like 2024-11-06", where, graph.Quote(s))
	}
	return s, nil
}

func toMoment(where string, v any) (any, error) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return nil, graph.Errorf(graph.Invalid, "%s is %s: a moment is written like 2024-11-11T11:00:00Z", where, graph.Quote(s))
	}
	return t.UTC().Format(time.RFC3339), nil
}
