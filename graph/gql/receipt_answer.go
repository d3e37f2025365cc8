package gql

import (
	"context"
	"encoding/json"

	"github.com/raidgraph/raidgraph/graph"
)

// receiptTries is how often a question is asked between two changes before it is asked of a copy of the graph.
const receiptTries = 5

// withReceipt answers a question with a receipt. What is refused, or is not whole, has none: it is nothing to cite.
func (e *Engine) withReceipt(ctx context.Context, q *question) *Response {
	row, searched, err := e.settled(ctx, q)
	if err != nil {
		return e.refuse(err)
	}
	resp := e.render(q, row)
	if resp.Code != "" {
		return resp
	}
	r := q.receipt.Receipt
	r.AsOf, r.Searched = q.receipt.then, searched
	if r.AnswerHash, err = HashJSON(resp.Body[len(`{"data":`) : len(resp.Body)-1]); err != nil {
		return e.refuse(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return e.refuse(err)
	}
	b := append(resp.Body[:len(resp.Body)-1], `,"extensions":{"receipt":`...)
	b = append(append(b, text...), "}}"...)
	resp.renderer.b, resp.Body = b, b
	return resp
}

// settled asks a question of one state of the graph, which it notes: that of the request, or the last one.
func (e *Engine) settled(ctx context.Context, q *question) (graph.Row, []Searched, error) {
	then := &q.receipt.then
	ask := func(change int64) (graph.Row, []Searched, error) {
		row, err := e.asOf(ctx, q, change)
		if err != nil {
			return nil, nil, err
		}
		searched, err := e.searched(ctx, q, row, change)
		return row, searched, err
	}
	fixed := func() (graph.Row, []Searched, error) {
		if then.Change == 0 {
			return ask(graph.NoChange)
		}
		return ask(then.Change)
	}
	if q.receipt.again {
		return fixed()
	}
	for range receiptTries {
		before, err := e.follower.Last(ctx)
		if err != nil {
			return nil, nil, err
		}
		then.Change = before
		row, searched, err := ask(0)
		if err != nil {
			return nil, nil, err
		}
		if after, err := e.follower.Last(ctx); err != nil || after == before {
			return row, searched, err
		}
	}
	return fixed()
}

// searched says what the root fields looked through that found nothing.
func (e *Engine) searched(ctx context.Context, q *question, row graph.Row, change int64) ([]Searched, error) {
	var out []Searched
	told := map[string]bool{}
	for i, root := range q.operation.plan.Roots {
		set, _ := row[i].(*graph.Set)
		if set == nil || len(set.Rows) > 0 || told[root.Name] {
			continue
		}
		told[root.Name] = true
		s := Searched{Field: root.Name}
		for _, k := range root.Kinds {
			s.Kinds = append(s.Kinds, k.Name)
		}
		m, err := q.momentOf(i)
		if err != nil {
			return nil, err
		}
		m.Change = change
		if s.Nodes, err = e.countAt(ctx, m, root.Kinds); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// momentOf is the moment as of which a root of the plan is asked.
func (q *question) momentOf(root int) (graph.Moment, error) {
	for _, part := range q.operation.parts {
		for _, place := range part.places {
			if place == root && part.moment != nil {
				return part.moment(q.vars)
			}
		}
	}
	return graph.Moment{}, nil
}

// countAt counts the nodes of some kinds.
func (e *Engine) countAt(ctx context.Context, m graph.Moment, kinds []*graph.Kind) (int64, error) {
	store, release, err := e.at(ctx, m)
	if err != nil {
		return 0, err
	}
	defer release()
	plan := &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "all", Kinds: kinds, Fields: []graph.FieldRef{{Owner: graph.OfID}},
		Order: []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}}, Page: graph.Page{Limit: 0}, Count: true}}}
	sets, err := store.Query(ctx, plan, []any{int64(0)})
	if err != nil {
		return 0, err
	}
	return sets[0].Total, nil
}
