package graph

import (
	"encoding/json"
	"fmt"
	"strings"
)

func edgeKey(r *Relation, props []any) string {
	switch len(r.Key) {
	case 0:
		return ""
	case 1:
		return keyText(props[r.Key[0].Position])
	}
	parts := make([]string, len(r.Key))
	for i, f := range r.Key {
		parts[i] = keyText(props[f.Position])
	}
	return strings.Join(parts, "|")
}

func keyText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		// Two digits at least, so that hops sort as numbers do.
		return fmt.Sprintf("%02d", v)
	}
	return fmt.Sprint(v)
}

// SearchKeys are the folded texts by which search finds the node: of its names and of its running text. Both are empty for
// a node that search does not find. Their form is that of SearchKey.
func (n *Node) SearchKeys() (name, text string) {
	var nameParts, textParts []string
	for _, f := range n.Kind.Fields {
		v := n.Values[f.Position]
		if f.Search == SearchNone || v == nil {
			continue
		}
		parts := &nameParts
		if f.Search == SearchText {
			parts = &textParts
		}
		if list, ok := v.([]string); ok {
			*parts = append(*parts, list...)
			continue
		}
		s, _ := v.(string)
		if f.Type == JSON {
			var objects []struct{ Value string }
			if json.Unmarshal([]byte(s), &objects) == nil {
				for _, o := range objects {
					*parts = append(*parts, o.Value)
				}
			}
			continue
		}
		*parts = append(*parts, s)
	}
	return SearchKey(nameParts...), SearchKey(textParts...)
}
