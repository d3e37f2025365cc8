package gql

import (
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// payload plans what is asked of the payload of a mutation, as a query of the change and of the nodes that it names, whose ids
// are known when it has been applied.
func payload(m *schema.Model, s setting, d *document, c *collected, vars map[string]any) (*operation, error) {
	return planWith(m, s, d.query, d.operation, vars, func(p *planner, root *selection) *object {
		t := m.Types["ChangePayload"]
		at := scope{sel: root, t: t}
		return p.computedObject(t.Name, c.selections(), func(name string, c *collected, f *field) {
			switch name {
			case "change":
				p.payloadChange(at, t.Field(name), c, f)
			case "nodes":
				p.payloadNodes(at, t.Field(name), c, f)
			case "again":
				scalar(f, leafBoolean, func(done graph.Committed) any { return done.Again })
			case "dryRun":
				scalar(f, leafBoolean, func(done graph.Committed) any { return done.DryRun })
			}
		})
	})
}

// given is a value that the engine adds to the variables of the request.
func (p *planner) given(name string) graph.Arg {
	p.variable = true
	p.op.values = append(p.op.values, func(vars map[string]any) (any, error) { return vars[name], nil })
	return graph.Arg(len(p.op.values) - 1)
}

func (p *planner) payloadChange(at scope, d *schema.Field, c *collected, f *field) {
	s := at.sel.child(c.key, d.Object, d.Object.Kinds, nil)
	s.sel.Order = s.order(nil)
	s.sel.Where = &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}, Arg: p.given(varChange)}
	s.sel.Page.Limit = p.constant(int64(1))
	f.how, f.object = howOne, p.objectOf(s, d.Object, c.selections())
	p.later(f, s)
}

func (p *planner) payloadNodes(at scope, d *schema.Field, c *collected, f *field) {
	ids := p.given(varNodes)
	s := at.sel.child(c.key, d.Object, d.Object.Kinds, nil)
	s.sel.Order = s.order(nil)
	s.sel.Where = &graph.Cond{Op: graph.In, Field: graph.FieldRef{Owner: graph.OfID}, Arg: ids}
	p.inOrder(s, ids, d.Object, c, f)
}

// inOrder gives the rows of a selection in the order in which their ids stand in an argument.
func (p *planner) inOrder(s *selection, ids graph.Arg, t *schema.Type, c *collected, f *field) {
	slot := s.id()
	f.how, f.object = howComputed, p.objectOf(s, t, c.selections())
	f.values = func(args []any, src *source) any {
		found := map[string]graph.Row{}
		for _, row := range src.row[s.own].(*graph.Set).Rows {
			found[row[slot].(string)] = row
		}
		asked := args[ids].([]any)
		out := make([]*source, len(asked))
		for i, id := range asked {
			if row, ok := found[id.(string)]; ok {
				out[i] = &source{row: row}
			}
		}
		return out
	}
}
