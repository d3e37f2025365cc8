package graph_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// counting counts the questions that a store is asked.
type counting struct {
	graph.Store
	asked atomic.Int64
}

func (c *counting) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	c.asked.Add(1)
	return c.Store.Query(ctx, p, args)
}

func recordsSource(t *testing.T, store graph.Store, name string) {
	t.Helper()
	commit(t, store, name, step(t, graph.Create, fmt.Sprintf(`{"node":"Source","id":"source:%s","title":"T","seen":true}`, name)))
}

func TestFollower(t *testing.T) { eachStore(t, follows) }

// follows: who waits hears of the next change at once when it is said that there is one, and soon where it is not; while nobody
// waits, the store is left alone.
func follows(t *testing.T, store graph.Store) {
	ctx := t.Context()
	counted := &counting{Store: store}
	f := graph.NewFollower(counted, domain(), 20*time.Millisecond, nil)
	if last, err := f.Last(ctx); err != nil || last != 0 {
		t.Errorf("of nothing the last change is %d, %v", last, err)
	}
	// waits has some wait for a change, and makes it when they do.
	waits := func(f *graph.Follower, after int64, change func()) {
		t.Helper()
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if last, err := f.Wait(ctx, after); err != nil || last != after+1 {
					t.Errorf("behind change %d comes %d, %v", after, last, err)
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		change()
		all.Wait()
	}
	waits(f, 0, func() { recordsSource(t, store, "a") })
	waits(f, 1, func() { recordsSource(t, store, "b") })
	if last, err := f.Wait(ctx, 0); err != nil || last != 2 {
		t.Errorf("behind change 0 comes %d, %v", last, err)
	}
	time.Sleep(100 * time.Millisecond)
	before := counted.asked.Load()
	time.Sleep(100 * time.Millisecond)
	if asked := counted.asked.Load() - before; asked > 0 {
		t.Errorf("while nobody waits, the store is asked %d times", asked)
	}
	slow := graph.NewFollower(store, domain(), time.Hour, nil)
	waits(slow, 2, func() {
		recordsSource(t, store, "c")
		slow.Applied(3)
	})
	ending, end := context.WithCancel(ctx)
	time.AfterFunc(20*time.Millisecond, end)
	if _, err := f.Wait(ending, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("who waits no more gets %v", err)
	}
}

// failing does not answer for some time.
type failing struct {
	graph.Store
	away atomic.Bool
}

func (f *failing) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	if f.away.Load() {
		return nil, graph.Errorf(graph.Unavailable, "the store is away")
	}
	return f.Store.Query(ctx, p, args)
}

// TestFollowerFailure: a store that does not answer is asked again, and what came meanwhile is heard.
func TestFollowerFailure(t *testing.T) {
	store := &failing{Store: openSQLite(t)}
	failed := make(chan error, 1000)
	f := graph.NewFollower(store, domain(), 5*time.Millisecond, func(err error) { failed <- err })
	store.away.Store(true)
	heard := make(chan int64)
	go func() {
		last, _ := f.Wait(t.Context(), 0)
		heard <- last
	}()
	for range 3 {
		if err := <-failed; graph.CodeOf(err) != graph.Unavailable {
			t.Errorf("a look fails with %v", err)
		}
	}
	recordsSource(t, store.Store, "a")
	store.away.Store(false)
	if last := <-heard; last != 1 {
		t.Errorf("behind the outage comes %d", last)
	}
}
