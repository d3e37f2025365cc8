package neo4j

import (
	"math"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// Neo4j compares two texts by code points in an index and by UTF-16 units elsewhere, which differ for characters outside
// the basic plane. orderText writes a text such that both give the order of its code points: characters from U+E000 on get
// a mark before them, those outside the basic plane another mark and two ordinary characters in their place. All other
// text stays as it is.
const (
	highMark   = '\uE000' // before a character from U+E000 to U+FFFF
	astralMark = '\uE001' // before two characters that stand for one outside the basic plane
	lastText   = "\uE002" // behind every text
)

func orderText(s string) string {
	high := false
	for i := range len(s) {
		if s[i] >= 0xEE { // U+E000 and all behind it begin with such a byte in UTF-8
			high = true
			break
		}
	}
	if !high {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	for _, r := range s {
		switch {
		case r < highMark:
			b.WriteRune(r)
		case r <= 0xFFFF:
			b.WriteRune(highMark)
			b.WriteRune(r)
		default:
			b.WriteRune(astralMark)
			b.WriteRune(0x1000 + r>>10)
			b.WriteRune(0x1000 + r&0x3FF)
		}
	}
	return b.String()
}

// orderKey is what stands in C_order for an indexed field C of the type: a value that has the place of v in the order, and
// one behind all others for null. So one index gives the order with the nulls in it.
func orderKey(t graph.Type, v any) any {
	switch t {
	case graph.Int, graph.Float:
		if v == nil {
			return math.Inf(1)
		}
		return v
	case graph.Boolean:
		switch v {
		case nil:
			return int64(2)
		case true:
			return int64(1)
		}
		return int64(0)
	}
	if v == nil {
		return lastText
	}
	return orderText(v.(string))
}

// lastKey is orderKey of null as a literal.
func lastKey(t graph.Type) string {
	switch t {
	case graph.Int, graph.Float:
		return "Infinity"
	case graph.Boolean:
		return "2"
	}
	return `'\uE002'`
}

// form says how an argument is bound.
type form uint8

const (
	asIs       form = iota
	asOrdered       // text, or a list of texts, by orderText
	asOrderKey      // a boolean, or a list of booleans, by orderKey
)

// orderForm is how an argument is bound to be compared with an orderKey of the type.
func orderForm(t graph.Type) form {
	switch t {
	case graph.String:
		return asOrdered
	case graph.Boolean:
		return asOrderKey
	}
	return asIs
}

func (f form) bind(v any) any {
	if f == asIs {
		return v
	}
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = f.bind(v[i])
		}
		return list
	case string:
		return orderText(v)
	case bool:
		return orderKey(graph.Boolean, v)
	}
	return v
}
