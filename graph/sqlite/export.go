package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// Export yields what the graph holds.
func (s *Store) Export(ctx context.Context, yield func(graph.Record) error) error {
	c, err := s.readers.take(ctx)
	if err != nil {
		return failure(ctx, err)
	}
	defer s.readers.give(c)
	if _, err := c.exec(ctx, "BEGIN"); err != nil {
		return failure(ctx, err)
	}
	err = s.export(ctx, c, yield)
	if _, e := c.exec(context.WithoutCancel(ctx), "ROLLBACK"); err == nil {
		err = failure(ctx, e)
	}
	return err
}

// export reads row by row. An error of yield's own is returned as it is.
func (s *Store) export(ctx context.Context, c *conn, yield func(graph.Record) error) error {
	u, kind := s.schema.Unresolved()
	if kind != nil {
		err := c.query(ctx, s.tables[kind].read, nil, func(row []driver.Value) error {
			values, err := valuesOf(kind.Fields, row[1:])
			if err == nil {
				err = u.Add(&graph.Node{Kind: kind, ID: row[0].(string), Values: values})
			}
			return err
		})
		if err != nil {
			return failure(ctx, err)
		}
	}
	yield, rest := u.Over(yield)
	var own error
	pass := func(r graph.Record) error {
		own = yield(r)
		return own
	}
	read := func(statement string, record func(row []driver.Value) (graph.Record, error)) error {
		err := c.query(ctx, statement, nil, func(row []driver.Value) error {
			r, err := record(row)
			if err != nil {
				return err
			}
			return pass(r)
		})
		if own != nil {
			return own
		}
		return failure(ctx, err)
	}
	for _, k := range s.schema.Kinds {
		if k.Own() {
			continue
		}
		err := read(s.tables[k].read, func(row []driver.Value) (graph.Record, error) {
			values, err := valuesOf(k.Fields, row[1:])
			return &graph.Node{Kind: k, ID: row[0].(string), Values: values}, err
		})
		if err != nil {
			return err
		}
	}
	for _, r := range s.schema.Relations {
		if r.Projection {
			continue
		}
		for _, statement := range s.edges[r].read {
			err := read(statement, func(row []driver.Value) (graph.Record, error) {
				props, err := valuesOf(r.Props, row[2:])
				return &graph.Edge{Relation: r, From: row[0].(string), To: row[1].(string), Props: props}, err
			})
			if err != nil {
				return err
			}
		}
	}
	return rest()
}

// starts are the kinds at which relationships of a relation start, in the order of their ids. Kinds that the program alone writes are left out.
func starts(s *graph.Schema, r *graph.Relation) []*graph.Kind {
	var kinds []*graph.Kind
	for _, k := range s.Kinds {
		if !k.Own() && len(r.Far(k, true)) > 0 {
			kinds = append(kinds, k)
		}
	}
	slices.SortFunc(kinds, func(a, b *graph.Kind) int { return strings.Compare(a.Prefix+":", b.Prefix+":") })
	return kinds
}

// valuesOf makes the values of columns into those of fields.
func valuesOf(fields []*graph.Field, row []driver.Value) ([]any, error) {
	values := make([]any, len(fields))
	for i, f := range fields {
		v := row[i]
		switch {
		case v == nil:
		case f.Type == graph.Boolean:
			n, ok := v.(int64)
			if !ok {
				return nil, graph.Errorf(graph.Internal, "the database holds no truth value for %s", f.Name)
			}
			v = n != 0
		case f.Type == graph.StringList:
			text, ok := v.(string)
			l, broken := textList(text)
			if !ok || broken {
				return nil, graph.Errorf(graph.Internal, "the database holds no list for %s", f.Name)
			}
			v = l
		}
		values[i] = v
	}
	return values, nil
}
