package graph

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendRecord writes a record as one line of JSON, without the line's end. A node is
//
//	{"node":"Raid","id":"raid:x","name":"...","date":{"edtf":"2024-11","basis":"STATED"},"recordedAt":"..."}
//
// and a relationship
//
//	{"relation":"PARTICIPATED_IN","from":"agency:y","to":"raid:x","role":"LEAD","recordedAt":"..."}
//
// Keys are in the order of the schema. Left out are nulls, lists that are empty and required, the days that follow from a
// period's text, and projected fields: what CheckRecord and Apply fill in again. One record has one such text.
func AppendRecord(dst []byte, r Record) []byte {
	switch r := r.(type) {
	case *Node:
		dst = append(dst, `{"node":`...)
		dst = appendString(dst, r.Kind.Name)
		dst = append(dst, `,"id":`...)
		dst = appendString(dst, r.ID)
		dst, _ = appendObject(dst, r.Kind.shape.root, r.Values, true)
	case *Edge:
		dst = append(dst, `{"relation":`...)
		dst = appendString(dst, r.Relation.Type)
		dst = append(dst, `,"from":`...)
		dst = appendString(dst, r.From)
		dst = append(dst, `,"to":`...)
		dst = appendString(dst, r.To)
		dst, _ = appendObject(dst, r.Relation.shape.root, r.Props, true)
	}
	return append(dst, '}')
}

// appendObject writes the keys of an object that have a value; some says that the object has keys already. It says whether
// it has any in the end.
func appendObject(dst []byte, o *object, values []any, some bool) ([]byte, bool) {
	for i := range o.keys {
		k := &o.keys[i]
		if k.object != nil {
			before := len(dst)
			dst = appendKey(dst, k.name, some)
			dst = append(dst, '{')
			inner := false
			if dst, inner = appendObject(dst, k.object, values, false); inner {
				dst = append(dst, '}')
				some = true
			} else {
				dst = dst[:before]
			}
			continue
		}
		f := k.field
		v := values[f.Position]
		if v == nil || k.derived || f.Projected || (f.NonNull || f.Needed) && isEmptyList(f, v) {
			continue
		}
		dst = appendKey(dst, k.name, some)
		dst = appendValue(dst, f, v)
		some = true
	}
	return dst, some
}

func isEmptyList(f *Field, v any) bool {
	switch f.Type {
	case JSON:
		return v == "[]"
	case StringList:
		list, _ := v.([]string)
		return len(list) == 0
	}
	return false
}

func appendKey(dst []byte, name string, comma bool) []byte {
	if comma {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

func appendValue(dst []byte, f *Field, v any) []byte {
	switch v := v.(type) {
	case string:
		if f.Type == JSON {
			return append(dst, v...)
		}
		return appendString(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return appendFloat(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case []string:
		dst = append(dst, '[')
		for i, s := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(dst, s)
		}
		return append(dst, ']')
	}
	return append(dst, "null"...)
}

// appendFloat writes a number as encoding/json does: the shortest digits that read back as the same number.
func appendFloat(dst []byte, x float64) []byte {
	format := byte('f')
	if abs := math.Abs(x); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, x, format, -1, 64)
}

// appendList writes the value objects of a JSON field.
func appendList(dst []byte, f *Field, elements [][]any) []byte {
	dst = append(dst, '[')
	for i, values := range elements {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		dst, _ = appendObject(dst, f.object.root, values, false)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string: only what must be escaped is.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
