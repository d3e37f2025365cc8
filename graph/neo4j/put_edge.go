package neo4j

import (
	"context"
	"fmt"

	"github.com/raidgraph/raidgraph/graph"
)

// mostFresh bounds the ids that are remembered.
const mostFresh = 4 * batchRecords

// created remembers a node that is new.
func (t *tx) created(id string) {
	if len(t.fresh) >= mostFresh {
		clear(t.fresh)
	}
	t.fresh[id] = true
}

// sureNew says whether a relationship cannot be there yet, nor another in its place: the node that it leaves, or one of the
// two that it joins, was created in this transaction and had none until this batch, which has it once.
func (t *tx) sureNew(r *graph.Relation, p *pending) bool {
	return t.fresh[p.id] || !r.One && t.fresh[p.to]
}

// writeEdges looks which relationships of one type are there, and writes those that are new or differ. Those that cannot be
// there are not looked for.
func (t *tx) writeEdges(ctx context.Context, r *graph.Relation, edges []*pending, w *graph.Written) error {
	c := edgeChanges{match: fmt.Sprintf("UNWIND $rows AS row MATCH (a:%s {id: row[1]}) MATCH (b:%s {id: row[2]})", nodeLabel, nodeLabel)}
	var asked []*pending
	for _, p := range edges {
		if t.sureNew(r, p) {
			c.created = append(c.created, p.row())
			if err := t.tell(graph.Created, p, nil); err != nil {
				return err
			}
		} else {
			asked = append(asked, p)
		}
	}
	if err := t.compareEdges(ctx, r, asked, &c); err != nil {
		return err
	}
	w.Created += int64(len(c.created))
	w.Changed += int64(len(c.changed))
	w.Same += c.same
	exact := c.match + " MATCH (a)-[e:" + quote(r.Type) + keyMatch(r) + "]->(b)"
	if err := t.rows(ctx, exact+" DELETE e", c.replaced); err != nil {
		return err
	}
	if len(c.created) > 0 {
		create := c.match + " CREATE (a)-[e:" + quote(r.Type) + "]->(b) SET e = row[4] RETURN count(e)"
		n, err := one[int64](ctx, t.store, t.tx, create, map[string]any{"rows": c.created})
		if err != nil {
			return err
		}
		if n < int64(len(c.created)) {
			return t.missing(ctx, r, edges)
		}
	}
	return t.rows(ctx, exact+" SET e = row[4]", c.changed)
}

// edgeChanges are the rows of relationships of one type that are to be written.
type edgeChanges struct {
	match                      string // finds the ends of a row
	created, changed, replaced []any
	same                       int64
}

// row is a relationship in a statement's parameters.
func (p *pending) row() []any { return []any{nil, p.id, p.to, p.key, p.props} }

// compareEdges looks which relationships are there, or others in their place.
func (t *tx) compareEdges(ctx context.Context, r *graph.Relation, edges []*pending, c *edgeChanges) error {
	if len(edges) == 0 {
		return nil
	}
	rows := make([]any, len(edges))
	for i, p := range edges {
		rows[i] = []any{i, p.id, p.to, p.key}
	}
	far := "(b)"
	if r.One {
		far = "(x)" // whatever it leads to
	}
	edge := fmt.Sprintf("(a)-[e:%s]->%s", quote(r.Type), far)
	if len(r.Key) > 0 && !r.One {
		edge += " WHERE e." + keyProp + " = row[3]"
	}
	found, err := t.list(ctx, c.match+" RETURN collect([row[0], COLLECT { MATCH "+edge+" RETURN [endNode(e).id, properties(e)] }])", map[string]any{"rows": rows})
	if err != nil {
		return err
	}
	if len(found) < len(edges) {
		return t.missing(ctx, r, edges)
	}
	for _, v := range found {
		i, have, err := edgeFound(v)
		if err != nil {
			return err
		}
		p := edges[i]
		var same map[string]any
		for _, e := range have {
			if e.to == p.to && e.key() == p.key {
				same = e.props
			} else {
				c.replaced = append(c.replaced, []any{nil, p.id, e.to, e.key()})
				if err := t.tell(graph.Ended, p, func() (graph.Record, error) { return edgeOf(r, p.id, e.to, e.props) }); err != nil {
					return err
				}
			}
		}
		switch {
		case same == nil:
			c.created = append(c.created, p.row())
			err = t.tell(graph.Created, p, nil)
		case settle(true, same, p.props):
			c.same++
			err = t.tell(graph.Same, p, nil)
		default:
			c.changed = append(c.changed, p.row())
			err = t.tell(graph.Changed, p, func() (graph.Record, error) { return edgeOf(r, p.id, p.to, same) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keyMatch chooses a relationship of a type that has a key.
func keyMatch(r *graph.Relation) string {
	if len(r.Key) == 0 {
		return ""
	}
	return " {" + keyProp + ": row[3]}"
}

// found is a relationship that is there.
type found struct {
	to    string
	props map[string]any
}

func (f found) key() string {
	key, _ := f.props[keyProp].(string)
	return key
}

func edgeFound(v any) (int, []found, error) {
	row, ok := v.([]any)
	if !ok || len(row) != 2 {
		return 0, nil, unexpected(v)
	}
	i, _ := row[0].(int64)
	list, _ := row[1].([]any)
	all := make([]found, len(list))
	for n, e := range list {
		pair, ok := e.([]any)
		if !ok || len(pair) != 2 {
			return 0, nil, unexpected(e)
		}
		all[n].to, _ = pair[0].(string)
		all[n].props, _ = pair[1].(map[string]any)
	}
	return int(i), all, nil
}

// missing names the first end that does not exist.
func (t *tx) missing(ctx context.Context, r *graph.Relation, edges []*pending) error {
	ids := make([]any, 0, 2*len(edges))
	for _, p := range edges {
		ids = append(ids, p.id, p.to)
	}
	there, err := t.list(ctx, fmt.Sprintf("UNWIND $ids AS id MATCH (n:%s {id: id}) RETURN collect(n.id)", nodeLabel), map[string]any{"ids": ids})
	if err != nil {
		return err
	}
	known := make(map[any]bool, len(there))
	for _, id := range there {
		known[id] = true
	}
	for _, id := range ids {
		if !known[id] {
			return graph.Errorf(graph.NotFound, "there is no node %s for a relationship %s to join", graph.Quote(id.(string)), r.Type)
		}
	}
	return &graph.Error{Code: graph.Internal, Message: "the database contradicts itself"}
}
