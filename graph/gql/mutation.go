package gql

import (
	"context"
	"errors"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/raidgraph/raidgraph/graph"
)

// The names of the variables that the plan of a payload is asked with, beside those of the request, whose names are other ones.
const (
	varChange = "\x00change"
	varNodes  = "\x00nodes"
	varAgain  = "\x00again"
)

// mutate applies the mutations of a request one after another, each in a transaction of its own, and answers each with what is
// read behind it.
func (e *Engine) mutate(ctx context.Context, d *document, vars map[string]any) *Response {
	p := &planner{model: e.model, fragments: d.query.Fragments, vars: vars}
	fields := p.collect(only("Mutation"), []ast.SelectionSet{d.operation.SelectionSet})
	r := newRenderer(nil, e.limits.ResultBytes)
	r.b = append(r.b, `{"data":{`...)
	for i, c := range fields {
		if i > 0 {
			r.b = append(r.b, ',')
		}
		r.b = append(appendString(r.b, c.key), ':')
		if c.first().Name == "__typename" {
			r.b = appendString(r.b, "Mutation")
			continue
		}
		r.path = append(r.path[:0], step{key: c.key})
		before := len(r.b)
		if err := e.mutation(ctx, r, d, c, vars); err != nil {
			r.b = append(r.b[:before], "null"...)
			r.errors = append(r.errors, placeOf(present(e.log, err), c))
		}
	}
	if r.over {
		r.release()
		return e.refuse(exceeds("what was asked to be done is done, but the answer", e.limits.ResultBytes, "bytes"))
	}
	resp := &Response{Executed: true, renderer: r}
	r.b = append(r.b, '}')
	if len(r.errors) > 0 {
		resp.Code = codeOf(r.errors[0])
		r.b = append(append(r.b, `,"errors":`...), e.present(r.errors)...)
	}
	r.b = append(r.b, '}')
	resp.Body = r.b
	return resp
}

// placeOf gives the error of a mutation its place in the answer and in the document.
func placeOf(err *gqlerror.Error, c *collected) *gqlerror.Error {
	err.Path = ast.Path{ast.PathName(c.key)}
	if at := c.first().Position; at != nil && len(err.Locations) == 0 {
		err.Locations = []gqlerror.Location{{Line: at.Line, Column: at.Column}}
	}
	return err
}

func codeOf(err *gqlerror.Error) graph.Code {
	code, _ := err.Extensions["code"].(string)
	return graph.Code(code)
}

// mutation applies one mutation and writes its payload.
func (e *Engine) mutation(ctx context.Context, r *renderer, d *document, c *collected, vars map[string]any) error {
	change, err := e.change(c.first(), vars)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, e.limits.Time)
	defer cancel()
	// What can be wrong with the selection is told before anything is written.
	o, err := payload(e.model, e.setting(), d, c, vars)
	if err != nil {
		return err
	}
	asked := func(done graph.Committed) map[string]any {
		all := map[string]any{varChange: done.ID, varNodes: idValues(done.Nodes), varAgain: done.Again}
		for name, v := range vars {
			all[name] = v
		}
		return all
	}
	if err := e.checkPayload(o, asked(graph.Committed{ID: "change:x", Nodes: idsOf(change.Operations)})); err != nil {
		return err
	}
	var row graph.Row
	read := func(ctx context.Context, q graph.Asked, done graph.Committed) error {
		args, err := o.arguments(asked(done))
		if err != nil {
			return err
		}
		r.args = args
		if row = rowOfChange(o.plan, done.Change); row != nil {
			return nil
		}
		if args, err = e.arguments(ctx, q, &o.asked, args); err != nil {
			return err
		}
		r.args = args
		row, err = rowOf(ctx, q, o.plan, args)
		return err
	}
	if change.DryRun {
		change.Look = func(ctx context.Context, tx graph.Tx, done graph.Committed) error { return read(ctx, tx, done) }
	}
	done, err := graph.Commit(ctx, e.store, e.model.Graph, change)
	if errors.Is(err, context.DeadlineExceeded) {
		return graph.Errorf(graph.Unavailable, "the change took longer than it may, %v, and was applied or not: send it again as it is, with the same changeId, or as several smaller ones", e.limits.Time)
	}
	if err != nil {
		return err
	}
	if !change.DryRun {
		e.follower.Applied(done.Sequence)
		if e.past != nil {
			e.past.Changed()
		}
		if judges(change.Operations) {
			e.merged.changed()
		}
		if err := read(ctx, e.store, done); err != nil {
			return unread(err)
		}
	}
	before := len(r.b)
	if !r.object(o.root, &source{row: row, value: done}) {
		r.b = append(r.b[:before], "null"...)
	}
	return nil
}

// judges says whether an operation may merge or unmerge.
func judges(operations []graph.Operation) bool {
	return slices.ContainsFunc(operations, func(op graph.Operation) bool { return op.Judging != nil })
}

// unread is the error for a change that was applied, and whose answer could not be read.
func unread(err error) error {
	var e *graph.Error
	switch {
	case errors.As(err, &e) && e.Code != graph.Internal:
	case errors.Is(err, context.DeadlineExceeded):
		e = &graph.Error{Code: graph.Unavailable, Message: "there was no time left for it", Err: err} // the change itself took most of it
	default:
		return err
	}
	return &graph.Error{Code: e.Code, Message: "the change was applied, but what it did could not be read: send it again, with the same changeId; " + e.Message, Err: e.Err}
}

// checkPayload refuses a selection that may read too much.
func (e *Engine) checkPayload(o *operation, vars map[string]any) error {
	args, err := o.arguments(vars)
	if err != nil {
		return err
	}
	return e.checkCost(o, args)
}

// rowOfChange is the row of a payload that has nothing but fields of the change itself, which need not be read; nil of another one.
func rowOfChange(p *graph.Plan, change *graph.Node) graph.Row {
	if len(p.Roots) != 1 {
		return nil
	}
	root := p.Roots[0]
	if len(root.Kinds) != 1 || root.Kinds[0] != change.Kind || len(root.Children) > 0 || root.Where.Op != graph.Eq {
		return nil
	}
	row := make(graph.Row, len(root.Fields))
	for i, f := range root.Fields {
		switch f.Owner {
		case graph.OfID:
			row[i] = change.ID
		case graph.OfNode:
			row[i] = change.Get(f.Name)
		default:
			return nil
		}
	}
	return graph.Row{&graph.Set{Rows: []graph.Row{row}}}
}

// rowOf asks a plan; the answers of its roots are one row.
func rowOf(ctx context.Context, q graph.Asked, p *graph.Plan, args []any) (graph.Row, error) {
	if len(p.Roots) == 0 {
		return nil, nil
	}
	sets, err := q.Query(ctx, p, args)
	if err != nil {
		return nil, err
	}
	row := make(graph.Row, len(sets))
	for i, s := range sets {
		row[i] = s
	}
	return row, nil
}

// idsOf are the ids of the nodes that operations name.
func idsOf(operations []graph.Operation) []string {
	var ids []string
	for i := range operations {
		switch op := &operations[i]; op.Do {
		case graph.Create, graph.Update:
			ids = append(ids, op.Node.ID)
		case graph.Detach:
			ids = append(ids, op.Edge.From, op.Edge.To)
		case graph.Merge, graph.Unmerge, graph.NotSame, graph.WithdrawNotSame:
			ids = append(append(append(ids, op.Judging.IDs...), op.Judging.IDs...), op.Judging.Other) // and a judgement each
		default:
			ids = append(ids, op.ID)
		}
	}
	return ids
}

func idValues(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}
