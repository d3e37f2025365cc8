package sqlite

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

func (t *tx) putEdge(ctx context.Context, e *graph.Edge, w *graph.Written) error {
	table, src, dst, err := t.ends(ctx, e)
	if err != nil {
		return err
	}
	key := e.Key()
	if table.replace != "" {
		if err := t.replaceOthers(ctx, table, e, src, dst); err != nil {
			return err
		}
	}
	t.bind(src, dst, key)
	if err := t.bindFields(e.Relation.Props, e.Props); err != nil {
		return err
	}
	changed, _, err := t.run(ctx, table.insert)
	if err != nil {
		return err
	}
	if changed == 1 {
		t.tell(graph.Created, e, nil, &w.Created)
		return nil
	}
	var old graph.Record
	if t.told != nil {
		if old, err = t.oldEdge(ctx, table, e, src, dst); err != nil {
			return err
		}
		if old == nil {
			t.tell(graph.Same, e, nil, &w.Same)
			return nil
		}
	}
	if err := t.bindFields(table.updated, e.Props); err != nil {
		return err
	}
	t.bind(src, dst, key)
	if err := t.bindFields(table.compared, e.Props); err != nil {
		return err
	}
	if changed, _, err = t.run(ctx, table.update); err != nil {
		return err
	}
	if changed == 1 {
		t.tell(graph.Changed, e, old, &w.Changed)
	} else {
		w.Same++
	}
	return nil
}

// ends finds the two nodes of a relationship, which must be of kinds that the relation joins.
func (t *tx) ends(ctx context.Context, e *graph.Edge) (table *relationTable, src, dst int64, err error) {
	table = t.store.edges[e.Relation]
	if table == nil || len(e.Props) != len(e.Relation.Props) {
		return nil, 0, 0, graph.Errorf(graph.Internal, "the relationship %s cannot be written", e.Relation.Type)
	}
	from, err := t.store.schema.KindOfID(e.From)
	if err != nil {
		return nil, 0, 0, err
	}
	to, err := t.store.schema.KindOfID(e.To)
	if err != nil {
		return nil, 0, 0, err
	}
	if src, err = t.end(ctx, e, e.From); err != nil {
		return nil, 0, 0, err
	}
	if dst, err = t.end(ctx, e, e.To); err != nil {
		return nil, 0, 0, err
	}
	if !e.Relation.Joins(from, to) {
		return nil, 0, 0, graph.Errorf(graph.Invalid, "a relationship %s cannot lead from %s to %s", e.Relation.Type, graph.Quote(e.From), graph.Quote(e.To))
	}
	return table, src, dst, nil
}

func (t *tx) end(ctx context.Context, e *graph.Edge, id string) (int64, error) {
	pk, err := t.key(ctx, id)
	if err == nil && pk == 0 {
		err = graph.Errorf(graph.NotFound, "there is no node %s for a relationship %s to join", graph.Quote(id), e.Relation.Type)
	}
	return pk, err
}

// key is the key of a node by its id; 0 where there is none.
func (t *tx) key(ctx context.Context, id string) (int64, error) {
	if pk := t.known.get(id); pk != 0 {
		return pk, nil
	}
	var pk int64
	err := t.conn.query(context.WithoutCancel(ctx), "SELECT _pk FROM _node WHERE id = ?", []driver.NamedValue{arg(1, id)}, func(row []driver.Value) error {
		pk = row[0].(int64)
		return nil
	})
	if err == nil && pk != 0 {
		t.known.add(id, pk)
	}
	return pk, err
}

func (t *tx) removeNode(ctx context.Context, n *graph.Node) error {
	table := t.store.tables[n.Kind]
	pk, err := t.key(ctx, n.ID)
	if err != nil || pk == 0 {
		return err
	}
	if table.search {
		if err := dropSearch(context.WithoutCancel(ctx), t.conn, pk); err != nil {
			return err
		}
	}
	for _, statement := range append(append([]string{}, table.loose...), table.remove, "DELETE FROM _node WHERE _pk = ?") {
		t.bind(pk)
		if _, _, err := t.run(ctx, statement); err != nil {
			return err
		}
	}
	t.known.forget(n.ID)
	return nil
}

func (t *tx) removeEdge(ctx context.Context, e *graph.Edge) error {
	src, err := t.key(ctx, e.From)
	if err != nil || src == 0 {
		return err
	}
	dst, err := t.key(ctx, e.To)
	if err != nil || dst == 0 {
		return err
	}
	t.bind(src, dst, e.Key())
	_, _, err = t.run(ctx, t.store.edges[e.Relation].remove)
	return err
}

// keys remembers the keys of the nodes that were written or asked for last, in bounded memory: when the younger half is full,
// the older half is forgotten.
type keys struct{ young, old map[string]int64 }

const mostKeys = 32 << 10 // in each half

func newKeys() *keys { return &keys{young: map[string]int64{}} }

func (k *keys) get(id string) int64 {
	if pk := k.young[id]; pk != 0 {
		return pk
	}
	pk := k.old[id]
	if pk != 0 {
		k.add(id, pk)
	}
	return pk
}

// add keeps a copy of the id: the id itself may be a part of a whole answer.
func (k *keys) add(id string, pk int64) {
	if len(k.young) >= mostKeys {
		k.young, k.old = map[string]int64{}, k.young
	}
	k.young[strings.Clone(id)] = pk
}

func (k *keys) forget(id string) {
	delete(k.young, id)
	delete(k.old, id)
}
