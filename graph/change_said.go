package graph

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// said is what a claim says.
type said struct {
	typ, text         string
	edtf, basis, node string
	role              string
}

// topNames are the names of the values of a node, each value object once.
func topNames(n *Node) []string {
	var out []string
	for _, f := range n.Kind.Fields {
		name, _, _ := strings.Cut(f.Name, ".")
		if f.Projected || isSystem(f.Name) || len(out) > 0 && out[len(out)-1] == name {
			continue
		}
		out = append(out, name)
	}
	return out
}

func isSystem(name string) bool {
	return name == PublishedAt || name == RecordedAt || name == RetractedAt || name == ChangedIn
}

// saysOf is what a claim says that a value is; nil where there is none.
func saysOf(n *Node, name string) *said {
	if edtf := text(n.Get(name + ".edtf")); edtf != "" {
		return &said{typ: "Period", edtf: edtf, basis: text(n.Get(name + ".basis"))}
	}
	for _, f := range n.Kind.Fields {
		if f.Name != name && (!strings.HasPrefix(f.Name, name+".") || f.Type != String) {
			continue
		}
		if words := plainText(f, n.Values[f.Position]); words != "" {
			return &said{typ: "Text", text: words}
		}
	}
	return nil
}

// plainText is a value in words; empty for null.
func plainText(f *Field, v any) string {
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

// saysLink is what a claim about a node says of one of its relationships.
func saysLink(l Link, id string) said {
	far := l.To
	if far == id {
		far = l.From
	}
	role, _ := l.Get("role").(string)
	return said{typ: "Reference", node: far, role: role}
}

// PropertyWord is the name of a field as claims write it: activeSince is active-since.
func PropertyWord(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
