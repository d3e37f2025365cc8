package gql

import (
	"context"
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
}

// mergedNow is what was merged when it was looked at.
type mergedNow struct {
	ids    map[string]string
	change int64
	looked time.Time
}

// read is what readers see in place of each record that was merged away.
func (m *merged) read(ctx context.Context) (map[string]string, error) {
	now := m.known.Load()
	if now != nil && time.Since(now.looked) < mergedFor {
		return now.ids, nil
	}
	if now == nil {
		m.asking.Lock()
	} else if !m.asking.TryLock() {
		return now.ids, nil // somebody is at it
	}
	defer m.asking.Unlock()
	if other := m.known.Load(); other != nil && other != now {
		return other.ids, nil
	}
	looked := time.Now()
	change, err := graph.LastChange(ctx, m.store, m.schema)
	if err != nil {
		return nil, err
	}
	if now != nil && now.change == change {
		m.known.Store(&mergedNow{now.ids, change, looked})
		return now.ids, nil
	}
	ids, err := graph.Merged(ctx, m.store, m.schema)
	if err != nil {
		return nil, err
	}
	m.known.Store(&mergedNow{ids, change, looked})
	return ids, nil
}

// changed has the next reader ask anew.
func (m *merged) changed() {
	m.asking.Lock()
	defer m.asking.Unlock()
	m.known.Store(nil)
}

// resolved are arguments of the plan that ask for what readers see in place of records that were merged away.
func (o *operation) resolved(args []any, merged map[string]string) []any {
	if len(merged) == 0 || len(o.ids) == 0 {
		return args
	}
	one := func(v any) any {
		if id, ok := v.(string); ok {
			if survivor, is := merged[id]; is {
				return survivor
			}
		}
		return v
	}
	args = slices.Clone(args)
	for _, a := range o.ids {
		list, ok := args[a].([]any)
		if !ok {
			args[a] = one(args[a])
			continue
		}
		list = slices.Clone(list)
		for i, v := range list {
			list[i] = one(v)
		}
		args[a] = list
	}
	return args
}
