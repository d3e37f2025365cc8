package casefile

import (
	"encoding/json"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// value is a stored field or value object as it is written; nil where it is empty.
func (w *writer) value(n *graph.Node, f *schema.Field) *yaml.Node {
	switch o := f.Object; {
	case o != nil && f.GraphQL.Elem != nil:
		list, _ := n.Get(f.Name).(string)
		return w.objectList(o, list)
	case o != nil && o.Field("edtf") != nil:
		if p := periodOf(n, f.Name); p.EDTF != "" {
			return w.date(p)
		}
		return nil
	case o != nil:
		g := newGroup()
		w.writeObject(g, n, o, f.Name+".")
		if g.empty() {
			return nil
		}
		return g.Node
	}
	stored := n.Kind.Field(f.Name)
	v := n.Values[stored.Position]
	if list, ok := v.([]string); v == nil || ok && len(list) == 0 {
		return nil
	}
	return scalarNode(stored, v)
}

// writeObject writes a value object, such as a place.
func (w *writer) writeObject(g keyed, n *graph.Node, t *schema.Type, prefix string) {
	for _, f := range t.Fields {
		switch {
		case f.Object != nil && f.Object.Field("edtf") != nil:
			if p := periodOf(n, prefix+f.Name); p.EDTF != "" {
				g.add(graph.Kebab(f.Name), w.date(p))
			}
		case f.Object != nil:
			inner := newGroup()
			if w.writeObject(inner, n, f.Object, prefix+f.Name+"."); !inner.empty() {
				g.add(graph.Kebab(f.Name), inner.Node)
			}
		default:
			stored := n.Kind.Field(prefix + f.Name)
			if stored == nil || n.Values[stored.Position] == nil {
				continue
			}
			v := n.Values[stored.Position]
			if list, ok := v.([]string); ok && len(list) == 0 {
				continue
			}
			g.add(graph.Kebab(f.Name), scalarNode(stored, v))
		}
	}
}

// scalarNode is a stored value as it is written.
func scalarNode(f *graph.Field, v any) *yaml.Node {
	switch v := v.(type) {
	case int64:
		return plain(whole(v))
	case float64:
		return plain(strconv.FormatFloat(v, 'g', -1, 64))
	case bool:
		return yes(v)
	case []string:
		return listOf(texts(v))
	case string:
		switch f.Type {
		case graph.Enum, graph.Date, graph.DateTime:
			return plain(v)
		}
		return text(v)
	}
	return text("")
}

// objectList is a list of value objects, such as names; nil where it is empty.
func (w *writer) objectList(t *schema.Type, stored string) *yaml.Node {
	var objects []map[string]any
	if json.Unmarshal([]byte(stored), &objects) != nil || len(objects) == 0 {
		return nil
	}
	if t.Field("scheme") != nil && t.Field("value") != nil {
		if g := newGroup(); byScheme(g, objects) {
			return g.Node
		}
	}
	var entries []*yaml.Node
	groups := false
	for _, o := range objects {
		value, _ := o["value"].(string)
		found := script(value)
		if t.Name == "Name" && o["kind"] == "ALIAS" && len(o) == len(nameAlone(value, found)) && o["script"] == nameAlone(value, found)["script"] {
			entries = append(entries, text(value))
			continue
		}
		g := newGroup()
		for _, f := range t.Fields {
			v, ok := o[f.Name]
			switch {
			case t.Name == "Name" && f.Name == "script" && !ok && found != "":
				g.add("script", text(unknown))
			case t.Name == "Name" && f.Name == "script" && v == any(found):
			case ok:
				g.add(graph.Kebab(f.Name), jsonNode(v))
			}
		}
		groups = true
		entries = append(entries, g.Node)
	}
	if groups {
		return linesOf(entries)
	}
	return listOf(entries)
}

// nameAlone is what a name means that stands alone.
func nameAlone(value, script string) map[string]any {
	o := map[string]any{"value": value, "kind": "ALIAS"}
	if script != "" {
		o["script"] = script
	}
	return o
}

// byScheme writes ids elsewhere with the systems as keys, where each is there once.
func byScheme(g keyed, objects []map[string]any) bool {
	seen := map[string]bool{}
	for _, o := range objects {
		scheme, _ := o["scheme"].(string)
		value, _ := o["value"].(string)
		if scheme == "" || value == "" || seen[scheme] || len(o) != 2 {
			return false
		}
		seen[scheme] = true
		g.add(scheme, text(value))
	}
	return true
}

func jsonNode(v any) *yaml.Node {
	switch v := v.(type) {
	case string:
		return text(v)
	case float64:
		return plain(strconv.FormatFloat(v, 'g', -1, 64))
	case bool:
		return yes(v)
	case []any:
		var list []*yaml.Node
		for _, e := range v {
			list = append(list, jsonNode(e))
		}
		return listOf(list)
	}
	return text("")
}
