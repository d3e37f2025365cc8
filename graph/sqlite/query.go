package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"math"
	"strconv"

	"github.com/raidgraph/raidgraph/graph"
)

// Query answers a plan.
func (s *Store) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	c, err := s.readers.take(ctx)
	if err != nil {
		return nil, failure(ctx, err)
	}
	defer s.readers.give(c)
	// One statement sees one state by itself.
	if len(p.Roots) == 1 {
		return s.answer(ctx, c, p, args)
	}
	if _, err := c.exec(ctx, "BEGIN"); err != nil {
		return nil, failure(ctx, err)
	}
	sets, err := s.answer(ctx, c, p, args)
	// A transaction that only read ends the same way whether it is kept or not.
	if _, e := c.exec(context.WithoutCancel(ctx), "ROLLBACK"); err == nil && e != nil {
		return nil, failure(ctx, e)
	}
	return sets, err
}

// answer runs the statements of a plan on a connection.
func (s *Store) answer(ctx context.Context, c *conn, p *graph.Plan, args []any) ([]*graph.Set, error) {
	plan, err := s.compile(p)
	if err != nil {
		return nil, err
	}
	plan = plan.of(args)
	bound, err := bind(plan, args)
	if err != nil {
		return nil, err
	}
	sets := make([]*graph.Set, len(plan.statements))
	for i, st := range plan.statements {
		if s.trace != nil {
			s.trace(st.sql)
		}
		var text string
		var total int64
		err := c.query(ctx, st.sql, bound, func(row []driver.Value) error {
			text, _ = row[0].(string)
			if st.shape.count {
				total, _ = row[1].(int64)
			}
			return nil
		})
		if err != nil {
			return nil, failure(ctx, err)
		}
		if sets[i], err = decode(text, st.shape); err != nil {
			return nil, err
		}
		sets[i].Total = total
	}
	return sets, nil
}

// bind makes the arguments of a plan into what the driver takes. A list becomes JSON.
func bind(p *compiled, args []any) ([]driver.NamedValue, error) {
	if len(args) != p.args {
		return nil, graph.Errorf(graph.Internal, "a plan of %d arguments was asked with %d", p.args, len(args))
	}
	out := make([]driver.NamedValue, len(args), len(args)+len(p.derived))
	for i, v := range args {
		if of, ok := v.([]any); ok {
			text, err := listText(of)
			if err != nil {
				return nil, err
			}
			v = text
		}
		out[i] = arg(i+1, v)
	}
	for _, from := range p.derived {
		out = append(out, arg(len(out)+1, from(args)))
	}
	return out, nil
}

// listText writes a list as JSON, for json_each. A float has an exponent: one that is written as an integer would be compared
// as one.
func listText(of []any) (string, error) {
	text := []byte{'['}
	for i, v := range of {
		if i > 0 {
			text = append(text, ',')
		}
		if f, ok := v.(float64); ok && !math.IsInf(f, 0) && !math.IsNaN(f) {
			text = strconv.AppendFloat(text, f, 'e', -1, 64)
			continue
		}
		one, err := json.Marshal(v)
		if err != nil {
			return "", &graph.Error{Code: graph.Invalid, Message: "a list holds a value that cannot be compared", Err: err}
		}
		text = append(text, one...)
	}
	return string(append(text, ']')), nil
}
