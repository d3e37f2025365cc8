package storetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// difference describes the first difference between two answers; it is empty where there is none.
func difference(got, want []*graph.Set) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d sets, want %d", len(got), len(want))
	}
	for i := range want {
		if d := setDifference(fmt.Sprintf("root %d", i), got[i], want[i]); d != "" {
			return d
		}
	}
	return ""
}

func setDifference(at string, got, want *graph.Set) string {
	if got == nil {
		return at + ": no set"
	}
	if got.Total != want.Total {
		return fmt.Sprintf("%s: total %d, want %d", at, got.Total, want.Total)
	}
	for i := range min(len(got.Rows), len(want.Rows)) {
		if d := rowDifference(fmt.Sprintf("%s row %d", at, i), got.Rows[i], want.Rows[i]); d != "" {
			return d
		}
	}
	if len(got.Rows) != len(want.Rows) {
		return fmt.Sprintf("%s: %d rows, want %d%s", at, len(got.Rows), len(want.Rows), firstMore(got.Rows, want.Rows))
	}
	return ""
}

// firstMore shows the first row that one of two answers has behind the other's end.
func firstMore(got, want []graph.Row) string {
	if len(got) > len(want) {
		return fmt.Sprintf("; the first too many is %s", show(got[len(want)]))
	}
	return fmt.Sprintf("; the first missing is %s", show(want[len(got)]))
}

func rowDifference(at string, got, want graph.Row) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%s: %d values, want %d: %s, want %s", at, len(got), len(want), show(got), show(want))
	}
	for i := range want {
		w, isSet := want[i].(*graph.Set)
		if isSet {
			g, ok := got[i].(*graph.Set)
			if !ok {
				return fmt.Sprintf("%s value %d: a %T, want a set", at, i, got[i])
			}
			if d := setDifference(fmt.Sprintf("%s value %d", at, i), g, w); d != "" {
				return d
			}
			continue
		}
		if !same(got[i], want[i]) {
			return fmt.Sprintf("%s value %d: %s, want %s\n  row %s\n want %s", at, i, show(got[i]), show(want[i]), show(got), show(want))
		}
	}
	return ""
}

// same compares two values with their types. A list that is empty is not null.
func same(a, b any) bool {
	x, isList := a.([]string)
	y, both := b.([]string)
	if isList || both {
		return isList && both && slices.Equal(x, y) && (x == nil) == (y == nil)
	}
	switch a.(type) {
	case nil, string, int64, float64, bool:
		return a == b
	}
	return false
}

// show prints a value with its type, cut to a readable length.
func show(v any) string {
	const most = 120
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if len(v) > most {
			return fmt.Sprintf("%+q...(%d bytes)", v[:most], len(v))
		}
		return fmt.Sprintf("%+q", v)
	case *graph.Set:
		return fmt.Sprintf("set of %d", len(v.Rows))
	case graph.Row:
		var s []string
		for _, x := range v {
			s = append(s, show(x))
		}
		return "[" + strings.Join(s, ", ") + "]"
	case []any:
		return show(graph.Row(v))
	}
	return fmt.Sprintf("%T(%v)", v, v)
}
