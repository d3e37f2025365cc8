package graph

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Kebab is a name as case files and the properties of claims write it, with hyphens: askedBy and asked_by are asked-by, DID_NOT_RESPOND is did-not-respond.
func Kebab(name string) string {
	var b strings.Builder
	lower := false
	for _, c := range name {
		switch {
		case c == '_' || c == ' ':
			b.WriteByte('-')
			lower = false
			continue
		case unicode.IsUpper(c) && lower:
			b.WriteByte('-')
		}
		lower = unicode.IsLower(c) || unicode.IsDigit(c)
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// WordsOf is a value of a field in words, as a claim says it; empty for null. Of a list of value objects, such as names, they
// are the values.
func WordsOf(f *Field, v any) string {
	switch v := v.(type) {
	case string:
		if f.Type != JSON {
			return v
		}
		var objects []map[string]any
		if json.Unmarshal([]byte(v), &objects) != nil {
			return v
		}
		var words []string
		for _, o := range objects {
			words = append(words, fmt.Sprint(o["value"]))
		}
		return strings.Join(words, "; ")
	case []string:
		return strings.Join(v, ", ")
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return ""
}
