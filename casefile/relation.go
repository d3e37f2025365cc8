package casefile

import (
	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// relation reads the nodes that a field leads to: a reference, or a list of them. Each may be written as a group with
// `node`, the properties of the relationship such as `role`, and a provenance of its own.
func (p *parser) relation(it *item, f *schema.Field, n place) {
	r := f.Relation
	entries := p.list(n)
	if !r.Many && len(entries) > 1 {
		p.wrong(n, "a list stands where one "+f.Name+" belongs", "keep one of them")
		return
	}
	for _, e := range entries {
		if nests(f) && e.Kind == yaml.MappingNode && !hasKey(e.Node, "node") {
			continue // defined here, read as an item of its own
		}
		p.relationEntry(it, f, e)
	}
}

func (p *parser) relationEntry(it *item, f *schema.Field, n place) {
	r := f.Relation
	prov := it.prov
	var m *mapping
	at := n
	if n.Kind == yaml.MappingNode {
		m = p.mapping(n, true, "a reference")
		var ok bool
		if at, ok = m.get("node"); !ok {
			p.wrong(n, "which node is meant is missing", "add `node:`")
			return
		}
		if p.claimsFields(it) {
			prov = p.provenance(m, &it.prov, false)
		}
	}
	id := p.ref(at, r.Kinds)
	from, to := it.id, id
	if !r.Out {
		from, to = id, it.id
	}
	e := &edge{Edge: graph.NewEdge(r.Of, from, to), at: n, prov: &prov}
	p.valueAt[graph.SaidOf{Subject: from, Property: r.Of.Type}] = n
	p.properties(e.Edge, r, n, m)
	if id == "" {
		return
	}
	p.edges = append(p.edges, e)
	if p.claimsFields(it) {
		c := p.claim(it, f.Property(), claimValue{kind: "Reference", node: id}, prov, n)
		if c != nil {
			c.role, _ = e.Get("role").(string)
		}
	}
}

// claimsFields says whether what is written of the item is claimed of it, rather than cited by itself.
func (p *parser) claimsFields(it *item) bool {
	return citations(it.t) == nil && it.t != p.documentType()
}

// properties reads what a relationship carries.
func (p *parser) properties(e *graph.Edge, r *schema.Relation, n place, m *mapping) {
	known := append([]string{"node"}, provenanceKeys...)
	if r.Edge != nil {
		for _, f := range r.Edge.Fields {
			stored := e.Relation.Prop(f.Name)
			if stored == nil || f.Computed != "" || f.End {
				continue
			}
			// Roles of other events share the relationship's property: those of this field are its own enum's.
			own := *stored
			if p.model.Enums[f.GraphQL.Name()] != nil {
				own.Values = p.enumValues(f.GraphQL.Name())
			}
			key := graph.Kebab(f.Name)
			known = append(known, key)
			if m != nil {
				if v, ok := m.get(key); ok {
					if v := p.scalar(v, f, &own); v != nil {
						e.Set(f.Name, v)
					}
					continue
				}
			}
			if f.GraphQL.NonNull {
				p.wrong(n, "the "+key+" is missing", "write {node: "+plainNode(n)+", "+key+": ...}"+oneOf(&own))
			}
		}
	}
	if m != nil {
		m.rest(known)
	}
}

func plainNode(n place) string {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return "..."
}

// lead makes the relationship of an item that stands in another to that one.
func (p *parser) lead(it *item) {
	f := it.field
	p.edges = append(p.edges, &edge{Edge: graph.NewEdge(f.Relation.Of, it.id, it.within.id), at: it.key, prov: &it.prov})
	p.claim(it.within, f.Property(), claimValue{kind: "Reference", node: it.id}, it.prov, it.key)
}
