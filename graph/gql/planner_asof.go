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
	// Changed says that the engine has changed the graph: what is asked from now on counts that in. Changes by others may be
	// counted in a little later.
	Changed()
}

// asOfPart are the roots of a plan that are asked as of one moment.
type asOfPart struct {
	plan *graph.Plan
	// places are where the answers of its roots stand among those of the whole plan.
	places []int
	// asked are the arguments of its roots that depend on what is known at the moment.
	asked asked
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
	// placed is how many selects have their moment, and taken are the arguments that have.
	placed int
	taken  asked
	// now is the moment of what is planned now; nil outside of root fields.
	now *momentOf
}

// take gives the arguments that were planned until now to their moment, and those from now on to another.
func (m *moments) take(next *momentOf) {
	if m.now != nil {
		m.now.part.asked.add(m.p.op.asked.behind(m.taken))
	}
	m.taken, m.now = m.p.op.asked, next
}

type momentOf struct {
	text   string
	shared map[string]*selection
	part   asOfPart
}

// field is called before a root field is planned, and what it returns behind it.
func (m *moments) field(c *collected) func() { return m.within(c, "asOf") }

// within has what is planned from now on, until what it returns is called, asked as of the moment that an argument of the field
// names. It may be called inside itself.
func (m *moments) within(c *collected, argument string) func() {
	at := m.of(c, argument)
	shared, moment, around := m.root.shared, m.p.moment, m.now
	m.take(at)
	m.root.shared, m.p.moment = at.shared, at.part.moment // what is asked as of two moments is asked twice
	return func() {
		for ; m.placed < len(m.root.sel.Children); m.placed++ {
			at.part.places = append(at.part.places, m.placed)
		}
		m.take(around)
		m.root.shared, m.p.moment = shared, moment
	}
}

func (m *moments) of(c *collected, argument string) *momentOf {
	text := ""
	if a := c.first().Arguments.ForName(argument); a != nil {
		text = a.Value.String()
	}
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
	at.part.moment = m.p.momentOf(c, argument)
	return at
}

// momentOf reads the moment that an argument names.
func (p *planner) momentOf(c *collected, argument string) func(vars map[string]any) (graph.Moment, error) {
	source := p.argument(c.first(), argument).source()
	moment := func(vars map[string]any) (graph.Moment, error) { return momentFrom(source(vars), p.nowIn(vars)) }
	if _, err := moment(p.vars); err != nil {
		p.fail(err)
	}
	return moment
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

// varNow is the name of the variable that is the time at which a question is answered, where that is not now.
const varNow = "\x00now"

// withNow adds it to the variables.
func withNow(vars map[string]any, now time.Time) map[string]any {
	out := make(map[string]any, len(vars)+1)
	for name, v := range vars {
		out[name] = v
	}
	out[varNow] = now
	return out
}

// nowIn is the time at which a question is answered, in the graph's time zone, or in that of a receipt.
func (s setting) nowIn(vars map[string]any) time.Time {
	if then, ok := vars[varNow].(time.Time); ok {
		return then
	}
	return s.now()
}

// asOf asks each part of an operation as of its moment, and of no later change than one (the last one, where it is 0).
func (e *Engine) asOf(ctx context.Context, q *question, change int64) (graph.Row, error) {
	parts := q.operation.parts
	if parts == nil && len(q.operation.plan.Roots) > 0 {
		parts = []asOfPart{{plan: q.operation.plan, asked: q.operation.asked}}
		for i := range q.operation.plan.Roots {
			parts[0].places = append(parts[0].places, i)
		}
	}
	row := make(graph.Row, len(q.operation.plan.Roots))
	for _, part := range parts {
		sets, err := e.askPart(ctx, part, q, change)
		if err != nil {
			return nil, err
		}
		for i, place := range part.places {
			row[place] = sets[i]
		}
	}
	return row, nil
}

func (e *Engine) askPart(ctx context.Context, part asOfPart, q *question, change int64) ([]*graph.Set, error) {
	var m graph.Moment
	if part.moment != nil {
		var err error
		if m, err = part.moment(q.vars); err != nil {
			return nil, err
		}
	}
	m.Change = change
	store, release, err := e.at(ctx, m)
	if err != nil {
		return nil, err
	}
	defer release()
	if q.args, err = e.arguments(ctx, store, &part.asked, q.args); err != nil {
		return nil, err
	}
	return store.Query(ctx, part.plan, q.args)
}

// at is the graph as of a moment, to be given back by release.
func (e *Engine) at(ctx context.Context, m graph.Moment) (store graph.Store, release func(), err error) {
	if m == (graph.Moment{}) {
		return e.store, func() {}, nil
	}
	if e.past == nil {
		return nil, nil, graph.Errorf(graph.Invalid, "asOf is not answered here: the server keeps no past")
	}
	return e.past.At(ctx, m)
}
