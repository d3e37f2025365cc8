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
	told   graph.Told
}

// Tell has each Put say what became of its records.
func (tx *modelTx) Tell(fn graph.Told) { tx.told = fn }

func (tx *modelTx) tell(outcome graph.Outcome, now, old graph.Record, count *int64) {
	*count++
	if tx.told != nil {
		tx.told(outcome, now, old)
	}
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
			tx.state.nodes[r.ID] = &graph.Node{Kind: r.Kind, ID: r.ID, Values: append([]any(nil), r.Values...)}
			tx.tell(graph.Created, r, nil, &w.Created)
		default:
			values, same := over(r.Kind.Fields, r.Values, old.Values)
			if same {
				tx.tell(graph.Same, r, nil, &w.Same)
			} else {
				tx.state.nodes[r.ID] = &graph.Node{Kind: r.Kind, ID: r.ID, Values: values}
				tx.tell(graph.Changed, r, old, &w.Changed)
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
					if tx.told != nil {
						tx.told(graph.Ended, r, e)
					}
				}
			}
		}
		old := tx.state.edges[idOf(r)]
		switch {
		case old == nil:
			tx.state.edges[idOf(r)] = &graph.Edge{Relation: r.Relation, From: r.From, To: r.To, Props: append([]any(nil), r.Props...)}
			tx.tell(graph.Created, r, nil, &w.Created)
		default:
			props, same := over(r.Relation.Props, r.Props, old.Props)
			if same {
				tx.tell(graph.Same, r, nil, &w.Same)
			} else {
				tx.state.edges[idOf(r)] = &graph.Edge{Relation: r.Relation, From: r.From, To: r.To, Props: props}
				tx.tell(graph.Changed, r, old, &w.Changed)
			}
		}
	}
	return nil
}

// over are values as they are written over old ones: recordedAt stays, the earlier publication too, and changedIn alone makes no
// difference.
func over(fields []*graph.Field, values, old []any) (written []any, same bool) {
	written = append([]any(nil), values...)
	alike := append([]any(nil), values...)
	for i, f := range fields {
		was, _ := old[i].(string)
		now, _ := values[i].(string)
		if f.Name == graph.RecordedAt || f.Earliest && was != "" && (now == "" || was < now) {
			written[i], alike[i] = old[i], old[i]
		}
		if f.Name == graph.ChangedIn {
			alike[i] = old[i]
		}
	}
	return written, reflect.DeepEqual(alike, old)
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
