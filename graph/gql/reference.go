package gql

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql/reference"
)

// reference answers by gqlgen's generated execution, over objects made from the same rows: by the book, but slowly.
func (e *Engine) reference(ctx context.Context, req Request, q *question, row graph.Row) (resp *Response) {
	defer e.refuseFailure(&resp)
	t := &tree{args: q.args}
	ctx = reference.WithRoot(ctx, t.object(q.operation.root, &source{row: row}))
	vars := q.vars
	if vars == nil {
		vars = map[string]any{}
	}
	ctx = graphql.WithOperationContext(ctx, &graphql.OperationContext{
		RawQuery: req.Query, Variables: vars, OperationName: req.OperationName, Doc: q.document.query,
		Operation: q.document.operation, RecoverFunc: graphql.DefaultRecover,
		ResolverMiddleware:     func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	})
	ctx = graphql.WithResponseContext(ctx, func(_ context.Context, err error) *gqlerror.Error {
		var g *gqlerror.Error
		if errors.As(err, &g) && g.Err == nil {
			return nullError(g.Path)
		}
		return present(e.log, err)
	}, graphql.DefaultRecover)
	answer := e.executable.Exec(ctx)(ctx)
	resp = &Response{Executed: true}
	resp.Body = append(append(resp.Body, `{"data":`...), answer.Data...)
	if errs := graphql.GetErrors(ctx); len(errs) > 0 {
		resp.Code = graph.Internal
		resp.Body = append(append(resp.Body, `,"errors":`...), e.present(errs)...)
	}
	resp.Body = append(resp.Body, '}')
	return resp
}

// tree makes the objects that the reference reads, by the same program by which the renderer writes.
type tree struct{ args []any }

func (t *tree) object(o *object, src *source) *reference.Object {
	o, src = src.by(o)
	if o.of != nil {
		name, _ := src.row[o.kind].(string)
		if o = o.of[name]; o == nil {
			return nil
		}
	}
	out := &reference.Object{Type: o.typeName, Values: make(map[string]any, len(o.fields))}
	for i := range o.fields {
		f := &o.fields[i]
		out.Values[f.name] = t.value(f, src)
	}
	return out
}

func (t *tree) value(f *field, src *source) any {
	switch f.how {
	case howSlot:
		return plain(f.leaf, src.row[f.slot])
	case howValue:
		if src.row[f.slot] == nil {
			return nil
		}
		return t.object(f.object, src)
	case howSame:
		return t.object(f.object, src)
	case howJSON:
		return t.objects(f, jsonObjects(src.row[f.slot]))
	case howOne:
		set, _ := src.row[f.slot].(*graph.Set)
		if set == nil || len(set.Rows) == 0 {
			return nil
		}
		return t.object(f.object, &source{row: set.Rows[0], up: src})
	case howRows:
		set, _ := src.row[f.slot].(*graph.Set)
		if set == nil {
			return []*reference.Object{}
		}
		return t.rows(f, set.Rows, src)
	case howConnection:
		set, _ := src.row[f.slot].(*graph.Set)
		if set == nil {
			set = &graph.Set{}
		}
		return t.object(f.object, &source{set: set, up: src})
	case howEdges:
		rows, _ := f.page.rows(src.set, t.args)
		return t.rows(f, rows, src.up)
	case howComputed:
		switch v := f.values(t.args, src).(type) {
		case *source:
			if v == nil {
				return nil
			}
			return t.object(f.object, v)
		case []*source:
			return t.objects(f, v)
		default:
			return plain(f.leaf, v)
		}
	}
	// A constant: __typename, which the reference knows itself, or null.
	var v any
	_ = json.Unmarshal(f.constant, &v)
	return v
}

func (t *tree) rows(f *field, rows []graph.Row, up *source) []*reference.Object {
	out := make([]*reference.Object, len(rows))
	for i, row := range rows {
		out[i] = t.object(f.object, &source{row: row, up: up})
	}
	return out
}

func (t *tree) objects(f *field, sources []*source) []*reference.Object {
	out := make([]*reference.Object, len(sources))
	for i, src := range sources {
		if src != nil {
			out[i] = t.object(f.object, src)
		}
	}
	return out
}

// plain is a leaf as the reference takes it.
func plain(l leaf, v any) any {
	switch v := v.(type) {
	case int64:
		if l == leafFloat {
			return float64(v)
		}
		return int(v)
	case float64:
		if l == leafInt {
			return int(v)
		}
	}
	return v
}
