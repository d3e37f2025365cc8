package gql

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// maxDimensions is the most dimensions of a bucket.
const maxDimensions = 3

// counts plans a field with @counts: distinct nodes of a kind by the dimensions of an enum, with the sums of a figure.
func (p *planner) counts(at scope, d *schema.Field, c *collected, f *field) {
	t := d.Counts
	asked, ok := p.argument(c.first(), "by").read().([]any)
	if !ok {
		asked = []any{p.argument(c.first(), "by").read()}
	}
	if len(asked) == 0 || len(asked) > maxDimensions {
		p.invalid("%s asks for %d dimensions: 1 to %d make a bucket", c.key, len(asked), maxDimensions)
	}
	s := at.sel.child(c.key, t, t.Kinds, nil)
	s.sel.Where = both(p.where(p.argument(c.first(), "where"), t, nil), standing())
	g := &graph.Group{}
	s.sel.Group = g
	row := &countRow{keys: map[string]int{}, nodes: map[string]*selection{}, count: len(asked), sum: -1}
	by := c.first().Definition.Arguments.ForName("by").Type.Name()
	for i, name := range asked {
		name := name.(string)
		if _, twice := row.keys[name]; twice {
			p.invalid("%s asks for the dimension %s twice", c.key, name)
		}
		row.keys[name] = i
		key, node := p.dimension(t, by, name)
		if key.Node = nil; node != nil {
			key.Node = node.sel
			row.nodes[name] = node
		}
		g.Keys = append(g.Keys, key)
	}
	if in := p.argument(c.first(), "measure"); in.given() {
		p.sums(g, t, in, p.argument(c.first(), "policy"))
		row.sum = row.count + 1
	}
	f.how, f.object = howComputed, p.countObject(c.first().Definition.Type.Name(), t, row, c.selections())
	f.values = func(_ []any, src *source) any { return sourcesOf(s.rows(src.row)) }
}

// countRow says where the parts of a bucket are in its row.
type countRow struct {
	keys  map[string]int
	nodes map[string]*selection
	// count is the place of the number of nodes; sum of the first of three pairs, or -1: see sums.
	count, sum int
}

// dimension is the key of a group: the path is a list of fields, each from the types that the one before leads to.
func (p *planner) dimension(t *schema.Type, enum, name string) (graph.GroupKey, *selection) {
	path, kind := p.model.Dimension(enum, name)
	var key graph.GroupKey
	types := []*schema.Type{t}
	var target *schema.Type
	for i, step := range path {
		var r *schema.Relation
		var from []*graph.Kind
		for _, at := range types {
			d := at.Field(step)
			if d == nil {
				continue
			}
			if d.Relation == nil {
				key.Field = p.ref(at, step)
				return key, nil
			}
			r = d.Relation
			from = append(from, at.Kinds...)
		}
		hop := graph.Hop{Via: &graph.Via{Relation: r.Of, Out: r.Out, One: !r.Many, From: from}, Kinds: r.Kinds}
		target = r.Target
		if i == len(path)-1 && kind != "" {
			target = p.model.Types[kind]
			hop.Kinds = target.Kinds
		}
		key.Path = append(key.Path, hop)
		types = nil
		for _, k := range hop.Kinds {
			types = append(types, p.model.Types[k.Name])
		}
	}
	for i := range key.Path[1:] {
		// A step goes on only from the kinds that have the next one.
		key.Path[i].Kinds = key.Path[i+1].Via.From
	}
	for i := range key.Path {
		key.Path[i].Via.From = nil
	}
	node := &selection{p: p, t: target, slots: map[graph.FieldRef]int{}, shared: map[string]*selection{},
		sel: &graph.Select{Name: name, Kinds: target.Kinds, Page: graph.Page{Limit: graph.NoArg}}}
	return key, node
}

// sums adds the sums of the best number and of both ends of the band, from the figure summaries of one measure.
func (p *planner) sums(g *graph.Group, t *schema.Type, measure, policy input) {
	r := t.Field("figureSummaries").Relation
	column := map[string]string{"CONSERVATIVE": "lowest", "HIGHEST": "highest"}[policy.text()]
	if column == "" {
		column = "best"
	}
	arg := p.bind(measure, func(v any) (any, error) { return v, nil })
	g.Through = &graph.Hop{Via: &graph.Via{Relation: r.Of, Out: r.Out}, Kinds: r.Kinds,
		Where: &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Name: "measure", Type: graph.Enum}, Arg: arg}}
	for _, name := range []string{column, "low", "high"} {
		g.Sums = append(g.Sums, graph.FieldRef{Name: name, Type: graph.Int})
	}
}

func (p *planner) countObject(typeName string, t *schema.Type, at *countRow, sets []ast.SelectionSet) *object {
	o := &object{typeName: typeName}
	p.each(o, only(typeName), sets, func(c *collected, f *field) {
		name := c.first().Name
		f.how, f.leaf = howComputed, leafInt
		switch name {
		case t.Kind.Plural:
			f.values = func(_ []any, src *source) any { return src.row[at.count] }
			return
		case "people":
			f.values = func(_ []any, src *source) any { return at.total(src.row, 0) }
			return
		case "withoutFigure":
			f.values = func(_ []any, src *source) any {
				if at.sum < 0 {
					return src.row[at.count]
				}
				return src.row[at.count].(int64) - src.row[at.sum+1].(int64)
			}
			return
		case "band":
			f.object = p.band(c.selections())
			f.values = func(_ []any, src *source) any { return at.band(src.row) }
			return
		}
		dimension := strings.ToUpper(name)
		slot, asked := at.keys[dimension]
		switch node := at.nodes[dimension]; {
		case !asked:
			f.how, f.constant = howConstant, []byte("null")
		case node != nil:
			f.how, f.slot, f.object = howOne, slot, p.objectOf(node, node.t, c.selections())
		default:
			f.how, f.slot, f.leaf = howSlot, slot, leafString
		}
	})
	return o
}

// total is a sum of the bucket: null where no node has the value.
func (at *countRow) total(row graph.Row, sum int) any {
	if at.sum < 0 {
		return nil
	}
	return row[at.sum+2*sum]
}

// band are the sums of both ends; an end is open where a figure of the bucket leaves it open.
func (at *countRow) band(row graph.Row) any {
	if at.sum < 0 || row[at.sum+1].(int64) == 0 {
		return nil
	}
	b := &graph.Band{}
	for i, end := range []**int64{&b.Low, &b.High} {
		if sum, ok := row[at.sum+2+2*i].(int64); ok && row[at.sum+3+2*i] == row[at.sum+1] {
			*end = &sum
		}
	}
	return bandSource(b)
}
