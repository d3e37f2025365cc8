package casefile

import (
	"bytes"
	"encoding/json"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// objects reads a list of value objects, such as names, as the JSON text that is stored. A name may be written as the name
// alone; ids elsewhere as a group, the system before the colon.
func (p *parser) objects(t *schema.Type, n place) string {
	var list []json.RawMessage
	if n.Kind == yaml.MappingNode && t.Field("scheme") != nil && t.Field("value") != nil {
		if m := p.mapping(n, false, "ids elsewhere"); m != nil {
			for i := range m.keys {
				e := &m.keys[i]
				if v := p.text(m.at(e)); v != "" {
					list = append(list, objectText(t, map[string]any{"scheme": e.name, "value": v}))
				}
			}
		}
		n.Node = &yaml.Node{Kind: yaml.SequenceNode}
	}
	for _, e := range p.list(n) {
		values := map[string]any{}
		if e.Kind == yaml.ScalarNode && t.Name == "Name" {
			if v := p.text(e); v != "" {
				values["value"] = v
			}
		} else if m := p.mapping(e, true, "a group of keys"); m != nil {
			p.objectValues(t, m, values)
		}
		if len(values) == 0 {
			continue
		}
		if t.Name == "Name" {
			nameDefaults(values)
		}
		list = append(list, objectText(t, values))
	}
	if list == nil {
		return "[]"
	}
	return jsonText(list)
}

// objectValues reads the keys of one value object.
func (p *parser) objectValues(t *schema.Type, m *mapping, values map[string]any) {
	for _, f := range t.Fields {
		stored := &graph.Field{Name: f.Name, Type: graph.String}
		switch name := f.GraphQL.Name(); {
		case f.GraphQL.Elem != nil:
			stored.Type = graph.StringList
		case p.model.Enums[name] != nil:
			stored.Type, stored.Values = graph.Enum, p.enumValues(name)
		case name == "Int":
			stored.Type = graph.Int
		case name == "Float":
			stored.Type = graph.Float
		case name == "Boolean":
			stored.Type = graph.Boolean
		case name == "Date":
			stored.Type = graph.Date
		case name == "DateTime":
			stored.Type = graph.DateTime
		}
		n, ok := m.get(graph.Kebab(f.Name))
		if ok {
			if v := p.scalar(n, f, stored); v != nil {
				values[f.Name] = v
			}
		} else if f.GraphQL.NonNull && !(t.Name == "Name" && f.Name == "kind") {
			p.problem(m.node.Line, m.node.Column, m.path, "the "+graph.Kebab(f.Name)+" is missing", "add `"+graph.Kebab(f.Name)+":`"+oneOf(stored))
		}
	}
	m.rest(objectKeys(t))
}

// nameDefaults fills in what a name that stands alone leaves open.
func nameDefaults(values map[string]any) {
	if values["kind"] == nil {
		values["kind"] = "ALIAS"
	}
	if values["script"] == unknown {
		delete(values, "script")
	} else if value, ok := values["value"].(string); ok && values["script"] == nil {
		if s := script(value); s != "" {
			values["script"] = s
		}
	}
}

// objectText is a value object as JSON, its fields in the order of the schema, without those that are null.
func objectText(t *schema.Type, values map[string]any) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, f := range t.Fields {
		v, ok := values[f.Name]
		if !ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(jsonText(f.Name))
		b.WriteByte(':')
		b.WriteString(jsonText(v))
	}
	b.WriteByte('}')
	return b.Bytes()
}
