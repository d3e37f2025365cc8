package gql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// computer plans a field that is answered from rows rather than stored.
type computer func(p *planner, at scope, d *schema.Field, c *collected, f *field)

// computerOf is the function that @computed names; nil where there is none.
func computerOf(name string) computer {
	switch name {
	case "node":
		return (*planner).node
	case "nodes":
		return (*planner).nodes
	case "mergedFrom":
		return (*planner).mergedFrom
	case "saidAbout":
		return (*planner).saidAbout
	case "similar":
		return (*planner).similar
	case "search":
		return (*planner).search
	case "changes":
		return (*planner).changes
	case "inverse":
		return (*planner).inverse
	case "irreversible":
		return (*planner).irreversible
	case "contradictions":
		return (*planner).contradictions
	case "figure":
		return (*planner).figure
	case "figures":
		return (*planner).figures
	case "nationalityFigure":
		return (*planner).nationalityFigure
	case "nationalityClaims":
		return (*planner).nationalityClaims
	case "participantClaims":
		return (*planner).participantClaims
	case "accounting":
		return (*planner).accounting
	case "compoundAccounting":
		return (*planner).compoundAccounting
	case "provinceAccounting":
		return (*planner).provinceAccounting
	case "nationalityAccounting":
		return (*planner).nationalityAccounting
	case "raidsAccounting":
		return (*planner).raidsAccounting
	case "repatriationGap":
		return (*planner).repatriationGap
	case "repatriationGapOf":
		return (*planner).repatriationGapOf
	case "repatriationGaps":
		return (*planner).repatriationGaps
	case "activity":
		return (*planner).activity
	case "knowledgeDiff":
		return (*planner).knowledgeDiff
	case "positions":
		return (*planner).positions
	case "silences":
		return (*planner).silences
	case "openCommitments":
		return (*planner).openCommitments
	case "screening":
		return (*planner).screening
	case "outcomes":
		return (*planner).outcomes
	case "corroboration":
		return (*planner).corroboration
	case "supersededBy":
		return (*planner).supersededBy
	}
	return nil
}

// checkComputed says which field of the schema nothing computes.
func checkComputed(m *schema.Model) error {
	for _, name := range m.Order {
		for _, f := range m.Types[name].Fields {
			if f.Computed != "" && computerOf(f.Computed) == nil {
				return fmt.Errorf("%s.%s is computed by %s, and there is no such function in package gql", name, f.Name, f.Computed)
			}
		}
	}
	return nil
}

func (p *planner) computed(at scope, d *schema.Field, c *collected, f *field) {
	f.how = howComputed
	computerOf(d.Computed)(p, at, d, c, f)
}

// scalar makes the field a leaf that is taken from the source's value.
func scalar[T any](f *field, l leaf, get func(v T) any) {
	f.how, f.leaf = howComputed, l
	f.values = func(_ []any, src *source) any { return get(src.value.(T)) }
}

// part makes the field an object that is taken from the source's value.
func part[T any](f *field, o *object, get func(v T) any) {
	f.how, f.object = howComputed, o
	f.values = func(_ []any, src *source) any { return get(src.value.(T)) }
}

// computedObject plans the selection on an object that is made by a function.
func (p *planner) computedObject(typeName string, sets []ast.SelectionSet, plan func(name string, c *collected, f *field)) *object {
	o := &object{typeName: typeName}
	p.each(o, only(typeName), sets, func(c *collected, f *field) { plan(c.first().Name, c, f) })
	return o
}

// optionalLeaf is an optional number as a leaf.
func optionalLeaf(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// claimsOf are the claims in force about the node of a selection, narrowed by keep: neither retracted nor superseded.
func (p *planner) claimsOf(at *selection, key string, keep *graph.Cond) *selection {
	return p.allClaimsOf(at, key, &graph.Cond{Op: graph.And, Of: append([]*graph.Cond{keep}, p.inForce()...)})
}

// inForce keeps the claims that are neither retracted nor superseded.
func (p *planner) inForce() []*graph.Cond {
	superseded := p.model.Types["Claim"].Field("supersededByAll").Relation
	return []*graph.Cond{standing(), {Op: graph.None, Via: &graph.Via{Relation: superseded.Of}, Kinds: superseded.Kinds}}
}

// standing keeps what was not retracted.
func standing() *graph.Cond {
	return &graph.Cond{Op: graph.IsNull, Field: graph.FieldRef{Name: graph.RetractedAt, Type: graph.DateTime}, Arg: graph.NoArg}
}

// allClaimsOf are claims about the node of a selection, narrowed by keep, whether in force or not.
func (p *planner) allClaimsOf(at *selection, key string, keep *graph.Cond) *selection {
	return at.once("claims "+key, func() *selection {
		c := at.related(key, at.relation("Event", "claims"))
		c.sel.Where = keep
		return c
	})
}

// propertyIs keeps the claims of one property.
func (p *planner) propertyIs(property string) *graph.Cond {
	return &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: "property", Type: graph.String}, Arg: p.constant(property)}
}

// farID reads the id at the other end of a relation to one.
func (s *selection) farID(name string, r *schema.Relation) *selection {
	c := s.once("id "+r.Of.Type, func() *selection { return s.related(name, r) })
	c.id()
	return c
}

// rows are those of the selection below a row of its parent.
func (s *selection) rows(row graph.Row) []graph.Row {
	set, _ := row[s.own].(*graph.Set)
	if set == nil {
		return nil
	}
	return set.Rows
}

// sourceEach are the sources of a list, one for each of its elements by their places.
func sourceEach[T any](list []T, of func(i int) *source) []*source {
	out := make([]*source, len(list))
	for i := range list {
		out[i] = of(i)
	}
	return out
}

// oneID is the id in the one row of a farID below a row; empty without one.
func (s *selection) oneID(row graph.Row) string {
	rows := s.rows(row)
	if len(rows) == 0 {
		return ""
	}
	id, _ := rows[0][s.id()].(string)
	return id
}

func sourcesOf(rows []graph.Row) []*source {
	return sourceEach(rows, func(i int) *source { return &source{row: rows[i]} })
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
