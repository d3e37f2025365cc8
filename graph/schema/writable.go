package schema

import (
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// Writable are the fields of a kind of node that mutations write, in the order of the API: what is stored and not worked out, and
// each relation where it starts or, where its relationships have properties, at the field that shows those.
func (m *Model) Writable(t *Type) []*Field {
	var out []*Field
	for _, f := range t.Fields {
		if f.Name == "id" || f.Internal || f.Computed != "" || f.projected {
			continue
		}
		if r := f.Relation; r != nil {
			whole := len(r.Of.Key) == 0 || r.Edge != nil
			if !r.Of.Projection && whole && (r.Out || r.Edge != nil) {
				out = append(out, f)
			}
			continue
		}
		if !isSystem(f.Name) || f.Name == graph.PublishedAt {
			out = append(out, f)
		}
	}
	return out
}

// Evidenced says whether what mutations write of a kind needs somebody's word for it: entities and events that cite no sources
// themselves.
func (m *Model) Evidenced(t *Type) bool {
	if !t.Kind.Implements("Entity") && !t.Kind.Implements("Event") {
		return false
	}
	for _, f := range t.Fields {
		if f.Relation != nil && f.Relation.Hops {
			return false
		}
	}
	return true
}

// Property is the word by which claims speak of a field: participant for participants, compound for compounds, active-since
// for activeSince.
func (f *Field) Property() string {
	if r := f.Relation; r != nil && r.Many {
		if r.Edge != nil && r.Target.Kind == nil {
			return graph.Kebab(strings.TrimSuffix(f.Name, "s"))
		}
		for _, k := range r.Kinds {
			if k.Plural == f.Name {
				return graph.Kebab(k.Singular)
			}
		}
	}
	return graph.Kebab(f.Name)
}

// EdgeFields are the properties of a relationship that mutations write.
func EdgeFields(edge *Type) []*Field {
	var out []*Field
	for _, f := range edge.Fields {
		if f.Computed == "" && !f.End && !f.projected && !f.Internal {
			out = append(out, f)
		}
	}
	return out
}

// Keyed says whether a field of an @edge type is one of those that tell relationships apart.
func (t *Type) Keyed(name string) bool { return contains(t.key, name) }

// Recorded are the kinds of node that records and the mutations create, update and retract write.
func (m *Model) Recorded() []*Type {
	var out []*Type
	for _, k := range m.Graph.Kinds {
		if !k.Own() && !k.Apart {
			out = append(out, m.Types[k.Name])
		}
	}
	return out
}

// Only is the one field of a @value type that has no more; nil for others.
func (t *Type) Only() *Field {
	if len(t.Fields) == 1 {
		return t.Fields[0]
	}
	return nil
}

// Derived says whether a field of a @value type follows from the others: the days of a period.
func (t *Type) Derived(f *Field) bool {
	return t.Field("edtf") != nil && (f.Name == "from" || f.Name == "to")
}
