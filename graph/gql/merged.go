package gql

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// mergedFor is for how long an Engine takes what it knows of merged records as it is, before it asks for the number of the last change: so
// long may a merge by another process go unseen.
const mergedFor = time.Second

// merged is what an Engine knows of records that were merged away. Reading it costs a look at the clock; once in mergedFor,
// the request that finds it old asks for the number of the last change, and where that is another one, for what is merged.
type merged struct {
	store  graph.Store
	schema *graph.Schema
	known  atomic.Pointer[mergedNow]
	asking sync.Mutex
	// latest is what was read last; known forgets it when something changed.
	latest *mergedNow
}

// mergedNow is what was merged when it was looked at.
type mergedNow struct {
	ids    map[string]string
	change int64
	looked time.Time
	// version is another one for other ids.
	version int
}

// read is what readers see in place of each record that was merged away.
func (m *merged) read(ctx context.Context) (map[string]string, error) {
	now, err := m.upTo(ctx, 0)
	if err != nil {
		return nil, err
	}
	return now.ids, nil
}

// upTo is what was merged by a change or before, at the least.
func (m *merged) upTo(ctx context.Context, change int64) (*mergedNow, error) {
	now := m.known.Load()
	known := now != nil && now.change >= change
	switch {
	case !known:
		m.asking.Lock()
	case time.Since(now.looked) < mergedFor || !m.asking.TryLock(): // somebody is at it
		return now, nil
	}
	defer m.asking.Unlock()
	if other := m.known.Load(); other != nil && other != now && other.change >= change {
		return other, nil
	}
	looked := time.Now()
	if known {
		switch last, err := graph.LastSequence(ctx, m.store, m.schema); {
		case err != nil:
			return nil, err
		case last == now.change:
			same := *now
			same.looked = looked
			m.known.Store(&same)
			return &same, nil
		}
	}
	ids, last, err := graph.MergedAfter(ctx, m.store, m.schema)
	if err != nil {
		return nil, err
	}
	now = &mergedNow{ids: ids, change: last, looked: looked}
	if m.latest != nil {
		now.version = m.latest.version
		if !maps.Equal(m.latest.ids, ids) {
			now.version++
		}
	}
	m.latest = now
	m.known.Store(now)
	return now, nil
}

// changed has the next reader ask anew.
func (m *merged) changed() {
	m.asking.Lock()
	defer m.asking.Unlock()
	m.known.Store(nil)
}

// arguments are those of an operation for what the graph holds, or a copy of its past, or a transaction.
func (e *Engine) arguments(ctx context.Context, store graph.Asked, a *asked, args []any) ([]any, error) {
	if !a.depends() {
		return args, nil
	}
	merged, err := e.mergedIn(ctx, store)
	if err != nil {
		return nil, err
	}
	return a.arguments(ctx, store, e.model.Graph, args, merged)
}

// mergedIn are the records that were merged away in the graph, a copy of its past, or a transaction.
func (e *Engine) mergedIn(ctx context.Context, store graph.Asked) (map[string]string, error) {
	if store == graph.Asked(e.store) {
		return e.merged.read(ctx)
	}
	return graph.Merged(ctx, store, e.model.Graph)
}

// asked are arguments of a plan that depend on what the store holds of which it is asked.
type asked struct {
	// ids are ids of nodes, or lists of such.
	ids []graph.Arg
	// priors are questions whose answers are arguments.
	priors []prior
}

// behind are those that were added behind others.
func (a *asked) behind(b asked) asked { return asked{a.ids[len(b.ids):], a.priors[len(b.priors):]} }

func (a *asked) add(b asked) {
	a.ids, a.priors = append(a.ids, b.ids...), append(a.priors, b.priors...)
}

// depends says whether any do.
func (a *asked) depends() bool { return len(a.ids)+len(a.priors) > 0 }

// arguments are the arguments for a store: in place of the ids of records that were merged away, those of what readers see, and the answers
// of the priors.
func (a *asked) arguments(ctx context.Context, store graph.Asked, s *graph.Schema, args []any, merged map[string]string) ([]any, error) {
	if len(a.priors) == 0 && len(merged) == 0 {
		return args, nil
	}
	args = slices.Clone(args)
	one := func(v any) any {
		if id, ok := v.(string); ok {
			if survivor, is := merged[id]; is {
				return survivor
			}
		}
		return v
	}
	for _, at := range a.ids {
		list, ok := args[at].([]any)
		if !ok {
			args[at] = one(args[at])
			continue
		}
		list = slices.Clone(list)
		for i, v := range list {
			list[i] = one(v)
		}
		args[at] = list
	}
	return args, a.ask(ctx, store, s, args)
}
