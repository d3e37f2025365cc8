package graph

import "strings"

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
		if words := WordsOf(f, n.Values[f.Position]); words != "" {
			return &said{typ: "Text", text: words}
		}
	}
	return nil
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
