package gql

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// A subscription is a position in the journal, and nothing else is kept for it. From there to the last change that is there as
// a whole, its events are read by one plan, some at a time, and rendered as the answers of a query are. Those who ask the same
// at the same position share what was read, whether they are there at the same moment or one some time behind the other.

const (
	defaultPoll       = 50 * time.Millisecond
	defaultEventBytes = 16 << 20
	// eventLife is how long what was read is shared: who comes later is told what is so then.
	eventLife = 5 * time.Second
	// mostEvents is how many events are read at a time; fewer where each reads much. batchBytes is the length after which no
	// more are rendered.
	mostEvents = 100
	batchBytes = 64 << 10
)

// Event is a change, told.
type Event struct {
	// Sequence is the number of the change.
	Sequence int64
	// Body is the JSON of a GraphQL response. It is shared, and must not be changed.
	Body []byte
}

// Subscription tells changes, from a position on. It is used by one goroutine at a time.
type Subscription struct {
	engine   *Engine
	question *question
	// same is what those have in common who are told the same.
	same  string
	after int64
}

// batch are the events up to a change.
type batch struct {
	events []Event
	to     int64
}

// batchKey is what a batch answers: an operation with its arguments, from a position on; where it names nodes, by what is merged.
type batchKey struct {
	operation *operation
	arguments string
	after     int64
	merged    int
}

func newBatches(bytes int64) (*otter.Cache[batchKey, *batch], error) {
	return otter.New(&otter.Options[batchKey, *batch]{MaximumWeight: uint64(bytes), ExpiryCalculator: otter.ExpiryWriting[batchKey, *batch](eventLife), Weigher: func(k batchKey, b *batch) uint32 {
		const base, each = 500, 50
		size := base + len(k.arguments)
		for _, e := range b.events {
			size += each + len(e.Body)
		}
		return uint32(size)
	}})
}

// Subscribe begins a subscription. A request that is refused, and a query or a mutation, is answered at once, as by Execute:
// just one of the two is not nil.
func (e *Engine) Subscribe(ctx context.Context, req Request) (s *Subscription, resp *Response) {
	defer func() {
		if r := recover(); r != nil {
			s, resp = nil, e.refuse(fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
		}
	}()
	d, err := e.document(req.Query, req.OperationName)
	if err != nil {
		return nil, e.refuse(err)
	}
	if d.operation.Operation != ast.Subscription {
		return nil, e.Execute(ctx, req)
	}
	if s, err = e.subscribe(ctx, d, req); err != nil {
		return nil, e.refuse(err)
	}
	return s, nil
}

func (e *Engine) subscribe(ctx context.Context, d *document, req Request) (*Subscription, error) {
	q := &question{document: d}
	var err error
	if q.vars, err = e.variables(d.operation, req.Variables); err != nil {
		return nil, err
	}
	if q.operation, err = d.planned(e.model, e.setting(), q.vars); err != nil {
		return nil, err
	}
	if q.operation.events == nil {
		return nil, graph.Errorf(graph.Invalid, "the subscription asks for nothing: its only field is skipped")
	}
	if q.args, err = q.operation.arguments(eventVariables(q.vars, 0, 0, 1)); err != nil {
		return nil, err
	}
	if err := e.checkCost(q.operation, q.args); err != nil {
		return nil, err
	}
	same, err := json.Marshal(q.args)
	if err != nil {
		return nil, err
	}
	s := &Subscription{engine: e, question: q, same: string(same)}
	var given bool
	if s.after, given, err = q.operation.events.after(q.vars); err != nil || given {
		return s, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.limits.Time)
	defer cancel()
	s.after, err = e.follower.Last(ctx)
	return s, err
}

// eventVariables are the variables of a request, and those that say which changes are read.
func eventVariables(vars map[string]any, after, upTo, most int64) map[string]any {
	all := map[string]any{varAfter: after, varUpTo: upTo, varMost: most}
	for name, v := range vars {
		all[name] = v
	}
	return all
}

// Next waits for events and gives the next ones, at least one. It gives none when the context ended, and then the answer is nil
// too; otherwise the answer says what went wrong, and the subscription is over. While the database does not answer, it waits.
func (s *Subscription) Next(ctx context.Context) ([]Event, *Response) {
	const least, most = 100 * time.Millisecond, 2 * time.Second
	for pause := least; ; {
		last, err := s.engine.follower.Wait(ctx, s.after)
		if err != nil {
			return nil, nil
		}
		b, err := s.engine.batch(ctx, s, last)
		switch {
		case ctx.Err() != nil:
			return nil, nil
		case graph.CodeOf(err) == graph.Unavailable:
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
			pause = min(2*pause, most)
			continue
		case err != nil:
			return nil, s.engine.refuse(err)
		}
		s.after, pause = b.to, least
		if len(b.events) > 0 {
			return b.events, nil
		}
	}
}

// batch finds the events behind the position of a subscription, or reads them up to the last change.
func (e *Engine) batch(ctx context.Context, s *Subscription, last int64) (*batch, error) {
	key := batchKey{operation: s.question.operation, arguments: s.same, after: s.after}
	if key.operation.asked.depends() {
		now, err := e.merged.upTo(ctx, last)
		if err != nil {
			return nil, err
		}
		key.merged = now.version
	}
	return e.batches.Get(ctx, key, otter.LoaderFunc[batchKey, *batch](func(ctx context.Context, _ batchKey) (*batch, error) {
		// Others wait for it too.
		return e.readBatch(context.WithoutCancel(ctx), s, last)
	}))
}

// readBatch reads as many events as go at once; where that fails, one.
func (e *Engine) readBatch(ctx context.Context, s *Subscription, last int64) (b *batch, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	most := min(max(int64(e.limits.Cost)/s.question.operation.cost(s.question.args), 1), mostEvents)
	b, err = e.readEvents(ctx, s, last, most)
	if err != nil && most > 1 && graph.CodeOf(err) != graph.Unavailable {
		b, err = e.readEvents(ctx, s, last, 1)
	}
	return b, err
}

func (e *Engine) readEvents(ctx context.Context, s *Subscription, last, most int64) (*batch, error) {
	ctx, cancel := context.WithTimeout(ctx, e.limits.Time)
	defer cancel()
	q := *s.question
	args, err := q.operation.arguments(eventVariables(q.vars, s.after, last, most))
	if err != nil {
		return nil, err
	}
	sets, err := e.eventsAsMerged(ctx, &q, args, last)
	if err != nil {
		return nil, err
	}
	b := &batch{to: last}
	rows := sets[0].Rows
	size := 0
	for i, row := range rows {
		resp := e.render(&q, graph.Row{&graph.Set{Rows: []graph.Row{row}}})
		event := Event{Body: bytes.Clone(resp.Body)}
		event.Sequence, _ = row[q.operation.events.sequence].(int64)
		resp.Release()
		b.events = append(b.events, event)
		if size += len(event.Body); size >= batchBytes && i < len(rows)-1 || i == int(most)-1 {
			b.to = event.Sequence
			break
		}
	}
	return b, nil
}

// eventsAsMerged asks for events up to a change. What a merge makes one, it makes one in the journal too: where something was merged while the
// events were read, a node that is asked about may stand there under another id than was asked for, and they are read again.
func (e *Engine) eventsAsMerged(ctx context.Context, q *question, args []any, last int64) ([]*graph.Set, error) {
	asked := &q.operation.asked
	for {
		q.args = args
		if !asked.depends() {
			return e.store.Query(ctx, q.operation.plan, q.args)
		}
		before, err := e.merged.upTo(ctx, last)
		if err != nil {
			return nil, err
		}
		if q.args, err = asked.arguments(ctx, e.store, e.model.Graph, args, before.ids); err != nil {
			return nil, err
		}
		sets, err := e.store.Query(ctx, q.operation.plan, q.args)
		if err != nil {
			return nil, err
		}
		if last, err = graph.LastSequence(ctx, e.store, e.model.Graph); err != nil {
			return nil, err
		}
		if after, err := e.merged.upTo(ctx, last); err != nil || after.version == before.version {
			return sets, err
		}
	}
}

// unseen says in the log that changes could not be looked for. It is tried again.
func (e *Engine) unseen(err error) {
	if e.log != nil {
		e.log.Debug("changes could not be looked for", "error", err)
	}
}
