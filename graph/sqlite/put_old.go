package sqlite

import (
	"context"
	"database/sql/driver"

	"github.com/raidgraph/raidgraph/graph"
)

// oldNode is the state of a node that the new one is about to replace; nil where they are the same.
func (t *tx) oldNode(ctx context.Context, table *kindTable, n *graph.Node, pk int64) (graph.Record, error) {
	t.bind(pk)
	if err := t.bindFields(table.compared, n.Values); err != nil {
		return nil, err
	}
	var old graph.Record
	err := t.read(ctx, table.differing, func(row []driver.Value) error {
		values, err := valuesOf(n.Kind.Fields, row)
		old = &graph.Node{Kind: n.Kind, ID: n.ID, Values: values}
		return err
	})
	return old, err
}

// oldEdge is the state of a relationship that the new one is about to replace; nil where they are the same.
func (t *tx) oldEdge(ctx context.Context, table *relationTable, e *graph.Edge, src, dst int64) (graph.Record, error) {
	t.bind(src, dst, e.Key())
	if err := t.bindFields(table.compared, e.Props); err != nil {
		return nil, err
	}
	var old graph.Record
	err := t.read(ctx, table.differing, func(row []driver.Value) error {
		props, err := valuesOf(e.Relation.Props, row)
		old = &graph.Edge{Relation: e.Relation, From: e.From, To: e.To, Props: props}
		return err
	})
	return old, err
}

// replaceOthers takes away the relationships, of a relation to one, that lead from the same node elsewhere.
func (t *tx) replaceOthers(ctx context.Context, table *relationTable, e *graph.Edge, src, dst int64) error {
	if t.told == nil {
		t.bind(src, dst, e.Key())
		_, _, err := t.run(ctx, table.replace)
		return err
	}
	var others []graph.Record
	t.bind(src, dst, e.Key())
	err := t.read(ctx, table.others, func(row []driver.Value) error {
		props, err := valuesOf(e.Relation.Props, row[1:])
		others = append(others, &graph.Edge{Relation: e.Relation, From: e.From, To: row[0].(string), Props: props})
		return err
	})
	if err != nil || len(others) == 0 {
		return err
	}
	t.bind(src, dst, e.Key())
	if _, _, err := t.run(ctx, table.replace); err != nil {
		return err
	}
	for _, old := range others {
		t.told(graph.Ended, e, old)
	}
	return nil
}

// read runs a query with the arguments collected in t.args.
func (t *tx) read(ctx context.Context, statement string, yield func(row []driver.Value) error) error {
	for i := range t.args {
		t.args[i].Ordinal = i + 1
	}
	err := t.conn.query(context.WithoutCancel(ctx), statement, t.args, yield)
	t.args = t.args[:0]
	return err
}
