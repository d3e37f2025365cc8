package gql

import (
	"cmp"
	"context"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// Past gives the graph as of a moment.
type Past interface {
	// At is a store with what could be known at a moment; release gives it back.
	At(ctx context.Context, m graph.Moment) (store graph.Store, release func(), err error)
}

// asOfPart are the roots of a plan that are asked as of one moment.
type asOfPart struct {
	plan *graph.Plan
	// places are where the answers of its roots stand among those of the whole plan.
	places []int
	// moment is nil for now.
	moment func(vars map[string]any) (graph.Moment, error)
}

// moments divides root fields by the moments as of which they are asked: by how asOf is written.
type moments struct {
	p    *planner
	root *selection
	all  []*momentOf
	// past: one of them is not now.
	past bool
}

type momentOf struct {
	text   string
	shared map[string]*selection
	part   asOfPart
}

// field is called before a root field is planned, and what it returns behind it.
func (m *moments) field(c *collected) func() {
	text := ""
	if a := c.first().Arguments.ForName("asOf"); a != nil {
		text = a.Value.String()
	}
	at := m.of(text, c)
	before := len(m.root.sel.Children)
	m.root.shared = at.shared // what is asked as of two moments is asked twice
	m.p.moment = at.part.moment
	return func() {
		m.p.moment = nil
		for i := before; i < len(m.root.sel.Children); i++ {
			at.part.places = append(at.part.places, i)
		}
	}
}

func (m *moments) of(text string, c *collected) *momentOf {
	for _, at := range m.all {
		if at.text == text {
			return at
		}
	}
	at := &momentOf{text: text, shared: map[string]*selection{}}
	m.all = append(m.all, at)
	if text == "" {
		return at
	}
	m.past = true
	in := m.p.argument(c.first(), "asOf")
	source, now := in.source(), m.p.now
	at.part.moment = func(vars map[string]any) (graph.Moment, error) { return momentFrom(source(vars), now()) }
	if _, err := at.part.moment(m.p.vars); err != nil {
		m.p.fail(err)
	}
	return at
}

// divide makes the parts of the operation.
func (m *moments) divide() {
	if !m.past {
		return
	}
	for _, at := range m.all {
		if len(at.part.places) == 0 {
			continue
		}
		plan := &graph.Plan{Args: len(m.p.op.values)}
		for _, i := range at.part.places {
			plan.Roots = append(plan.Roots, m.root.sel.Children[i])
		}
		at.part.plan = plan
		m.p.op.parts = append(m.p.op.parts, at.part)
	}
}

// momentFrom reads an AsOf.
func momentFrom(v any, now time.Time) (graph.Moment, error) {
	given, _ := v.(map[string]any)
	var m graph.Moment
	var err error
	if text, ok := given["published"].(string); ok {
		if m.Published, err = graph.ParseMoment(text, now); err != nil {
			return m, err
		}
	}
	if text, ok := given["recorded"].(string); ok {
		m.Recorded, err = graph.ParseMoment(text, now)
	}
	return m, err
}

// dayOf is the day of a moment: of its publications, or else of its recording.
func dayOf(moment func(vars map[string]any) (graph.Moment, error), vars map[string]any, now time.Time) (any, error) {
	m, err := moment(vars)
	if err != nil {
		return nil, err
	}
	if at, err := time.Parse(time.RFC3339, cmp.Or(m.Published, m.Recorded)); err == nil {
		return at.In(now.Location()).Format(time.DateOnly), nil
	}
	return now.Format(time.DateOnly), nil
}

// asOf asks each part of an operation as of its moment.
func (e *Engine) asOf(ctx context.Context, q *question) (graph.Row, error) {
	row := make(graph.Row, len(q.operation.plan.Roots))
	for _, part := range q.operation.parts {
		sets, err := e.askPart(ctx, part, q)
		if err != nil {
			return nil, err
		}
		for i, place := range part.places {
			row[place] = sets[i]
		}
	}
	return row, nil
}

func (e *Engine) askPart(ctx context.Context, part asOfPart, q *question) ([]*graph.Set, error) {
	var m graph.Moment
	if part.moment != nil {
		var err error
		if m, err = part.moment(q.vars); err != nil {
			return nil, err
		}
	}
	if m == (graph.Moment{}) {
		return e.store.Query(ctx, part.plan, q.args)
	}
	if e.past == nil {
		return nil, graph.Errorf(graph.Invalid, "asOf is not answered here: the server keeps no past")
	}
	store, release, err := e.past.At(ctx, m)
	if err != nil {
		return nil, err
	}
	defer release()
	return store.Query(ctx, part.plan, q.args)
}
