package storetest

import (
	"context"
	"reflect"

	"github.com/raidgraph/raidgraph/graph"
)

// modelTx is a write transaction on a state of its own.
type modelTx struct {
	model  *Model
	state  *state
	failed error
}

// Query answers from what was put so far.
func (tx *modelTx) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return tx.model.answer(tx.state, p, args)
}

// Put writes records one after another.
func (tx *modelTx) Put(ctx context.Context, records graph.Records) (graph.Written, error) {
	var w graph.Written
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = tx.put(r, &w)
		}
		if err != nil {
			tx.failed = err
			return graph.Written{}, err
		}
	}
	return w, nil
}

func (tx *modelTx) put(r graph.Record, w *graph.Written) error {
	defer tx.state.touched()
	switch r := r.(type) {
	case *graph.Node:
		old := tx.state.nodes[r.ID]
		switch {
		case old == nil:
			w.Created++
			tx.state.nodes[r.ID] = &graph.Node{Kind: r.Kind, ID: r.ID, Values: append([]any(nil), r.Values...)}
		default:
			n := &graph.Node{Kind: r.Kind, ID: r.ID, Values: keepRecordedAt(r.Kind.Field(graph.RecordedAt), r.Values, old.Values)}
			if reflect.DeepEqual(n.Values, old.Values) {
				w.Same++
			} else {
				w.Changed++
				tx.state.nodes[r.ID] = n
			}
		}
	case *graph.Edge:
		for _, id := range []string{r.From, r.To} {
			if tx.state.nodes[id] == nil {
				return graph.Errorf(graph.NotFound, "there is no node %s for a relationship %s to join", graph.Quote(id), r.Relation.Type)
			}
		}
		if r.Relation.One {
			for id, e := range tx.state.edges {
				if e.Relation == r.Relation && e.From == r.From && e.To != r.To {
					delete(tx.state.edges, id)
				}
			}
		}
		old := tx.state.edges[idOf(r)]
		switch {
		case old == nil:
			w.Created++
			tx.state.edges[idOf(r)] = &graph.Edge{Relation: r.Relation, From: r.From, To: r.To, Props: append([]any(nil), r.Props...)}
		default:
			e := &graph.Edge{Relation: r.Relation, From: r.From, To: r.To, Props: keepRecordedAt(r.Relation.Prop(graph.RecordedAt), r.Props, old.Props)}
			if reflect.DeepEqual(e.Props, old.Props) {
				w.Same++
			} else {
				w.Changed++
				tx.state.edges[idOf(r)] = e
			}
		}
	}
	return nil
}

func keepRecordedAt(f *graph.Field, values, old []any) []any {
	v := append([]any(nil), values...)
	v[f.Position] = old[f.Position]
	return v
}

// Remove takes records away.
func (tx *modelTx) Remove(ctx context.Context, records graph.Records) error {
	defer tx.state.touched()
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			tx.failed = err
			return err
		}
		switch r := r.(type) {
		case *graph.Node:
			delete(tx.state.nodes, r.ID)
			for id := range tx.state.edges {
				if id.from == r.ID || id.to == r.ID {
					delete(tx.state.edges, id)
				}
			}
		case *graph.Edge:
			delete(tx.state.edges, idOf(r))
		}
	}
	return nil
}
