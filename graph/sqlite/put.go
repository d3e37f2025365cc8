package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"time"

	"modernc.org/sqlite"

	"github.com/raidgraph/raidgraph/graph"
)

// tx is a write transaction.
type tx struct {
	store  *Store
	conn   *conn // nil once the transaction has ended
	known  *keys
	failed error     // the first failure of a Put or Remove: the transaction cannot be kept
	until  time.Time // when others, who wait for the end of the transaction, have waited long enough; zero where none does
	args   []driver.NamedValue
	told   graph.Told
}

// Tell has each Put say what became of its records.
func (t *tx) Tell(fn graph.Told) { t.told = fn }

// tell says what became of a record.
func (t *tx) tell(outcome graph.Outcome, now, old graph.Record, count *int64) {
	*count++
	if t.told != nil {
		t.told(outcome, now, old)
	}
}

// Query answers a plan with what the transaction has put so far.
func (t *tx) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	if t.conn == nil {
		return nil, graph.Errorf(graph.Internal, "the transaction has ended")
	}
	if err := t.usable(); err != nil {
		return nil, err
	}
	sets, err := t.store.answer(ctx, t.conn, p, args)
	var broken *sqlite.Error
	if errors.As(err, &broken) {
		t.failed = err // SQLite may have undone the transaction
	}
	return sets, err
}

// usable is the error by which a transaction cannot be kept, where there is one.
func (t *tx) usable() error {
	if t.failed == nil && !t.until.IsZero() && time.Now().After(t.until) {
		t.failed = errTooLong
	}
	return t.failed
}

// Put writes records.
func (t *tx) Put(ctx context.Context, records graph.Records) (graph.Written, error) {
	var w graph.Written
	err := t.each(ctx, records, func(r graph.Record) error {
		if n, ok := r.(*graph.Node); ok {
			return t.putNode(ctx, n, &w)
		}
		return t.putEdge(ctx, r.(*graph.Edge), &w)
	})
	if err != nil {
		return graph.Written{}, err
	}
	return w, nil
}

// Remove takes records away.
func (t *tx) Remove(ctx context.Context, records graph.Records) error {
	return t.each(ctx, records, func(r graph.Record) error {
		if n, ok := r.(*graph.Node); ok {
			return t.removeNode(ctx, n)
		}
		return t.removeEdge(ctx, r.(*graph.Edge))
	})
}

// each does something for each record. The context is asked now and then only: a watcher for each statement costs more
// than the statement.
func (t *tx) each(ctx context.Context, records graph.Records, do func(graph.Record) error) error {
	if t.conn == nil {
		return graph.Errorf(graph.Internal, "the transaction has ended")
	}
	fail := func(err error) error {
		if t.failed == nil {
			t.failed = err
		}
		return err
	}
	if err := t.usable(); err != nil {
		return err
	}
	n := 0
	for r, err := range records {
		if n%64 == 63 && err == nil {
			err = t.usable()
		}
		if n%64 == 0 && err == nil {
			err = ctx.Err()
		}
		n++
		if err == nil {
			err = failure(ctx, do(r))
		}
		if err != nil {
			return fail(err)
		}
	}
	return nil
}

// run runs a statement with the arguments collected in t.args, and says how many rows it changed.
func (t *tx) run(ctx context.Context, statement string) (changed int64, last int64, err error) {
	for i := range t.args {
		t.args[i].Ordinal = i + 1
	}
	result, err := t.conn.exec(context.WithoutCancel(ctx), statement, t.args...)
	t.args = t.args[:0]
	if err != nil {
		return 0, 0, err
	}
	if changed, err = result.RowsAffected(); err != nil {
		return 0, 0, err
	}
	last, err = result.LastInsertId()
	return changed, last, err
}

func (t *tx) bind(values ...any) {
	for _, v := range values {
		t.args = append(t.args, driver.NamedValue{Value: v})
	}
}

// bindFields adds the values of fields.
func (t *tx) bindFields(fields []*graph.Field, values []any) error {
	for _, f := range fields {
		v := values[f.Position]
		if l, ok := v.([]string); ok {
			if l == nil {
				l = []string{}
			}
			text, err := json.Marshal(l)
			if err != nil {
				return err
			}
			v = string(text)
		}
		t.bind(v)
	}
	return nil
}

func (t *tx) putNode(ctx context.Context, n *graph.Node, w *graph.Written) error {
	table := t.store.tables[n.Kind]
	if kind, err := t.store.schema.KindOfID(n.ID); err != nil {
		return err
	} else if table == nil || kind != n.Kind || len(n.Values) != len(n.Kind.Fields) {
		return graph.Errorf(graph.Internal, "the node %s cannot be a %s", graph.Quote(n.ID), n.Kind.Name)
	}
	t.bind(n.ID, table.number)
	changed, pk, err := t.run(ctx, "INSERT INTO _node (id, kind) VALUES (?, ?) ON CONFLICT DO NOTHING")
	if err != nil {
		return err
	}
	if changed == 1 {
		t.known.add(n.ID, pk)
		if err := t.insertNode(ctx, table, n, pk); err != nil {
			return err
		}
		t.tell(graph.Created, n, nil, &w.Created)
		return nil
	}
	if pk, err = t.key(ctx, n.ID); err != nil {
		return err
	}
	var old graph.Record
	if t.told != nil {
		if old, err = t.oldNode(ctx, table, n, pk); err != nil {
			return err
		}
		if old == nil {
			t.tell(graph.Same, n, nil, &w.Same)
			return nil
		}
	}
	if err := t.bindFields(table.updated, n.Values); err != nil {
		return err
	}
	t.bindFolded(table, n)
	t.bind(pk)
	if err := t.bindFields(table.compared, n.Values); err != nil {
		return err
	}
	if changed, _, err = t.run(ctx, table.update); err != nil {
		return err
	}
	if changed == 0 {
		w.Same++
		return nil
	}
	t.tell(graph.Changed, n, old, &w.Changed)
	if !table.search {
		return nil
	}
	if err := dropSearch(context.WithoutCancel(ctx), t.conn, pk); err != nil {
		return err
	}
	return addSearch(context.WithoutCancel(ctx), t.conn, pk, table.number, n)
}

func (t *tx) insertNode(ctx context.Context, table *kindTable, n *graph.Node, pk int64) error {
	t.bind(pk, n.ID)
	if err := t.bindFields(n.Kind.Fields, n.Values); err != nil {
		return err
	}
	t.bindFolded(table, n)
	if _, _, err := t.run(ctx, table.insert); err != nil {
		return err
	}
	if !table.search {
		return nil
	}
	return addSearch(context.WithoutCancel(ctx), t.conn, pk, table.number, n)
}

func (t *tx) bindFolded(table *kindTable, n *graph.Node) {
	for _, f := range table.folded {
		if s, ok := n.Values[f.Position].(string); ok {
			t.bind(graph.Fold(s))
		} else {
			t.bind(nil)
		}
	}
}
