package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

const writers = 8

// testConcurrency lets many write and read at once.
func (s *suite) testConcurrency(t *testing.T) {
	schema := Schema()
	c := &concurrencyCase{store: s.open(t, schema), schema: schema}
	t.Run("no count is lost on one node", func(t *testing.T) { c.testCounters(t, 25, "person:count") })
	t.Run("no count is lost on two nodes taken in either order", func(t *testing.T) { c.testCounters(t, 10, "person:count-1", "place:count-2") })
	t.Run("only one creates", c.testCreate)
	t.Run("to one stays to one", c.testOne)
	t.Run("those that fail leave no trace", c.testFailing)
	t.Run("all roots see one state", c.testOneState)
}

type concurrencyCase struct {
	store  graph.Store
	schema *graph.Schema
}

// together runs a function in as many goroutines as there are writers.
func together(f func(writer int)) {
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() { f(w) })
	}
	wg.Wait()
}

// countField is the field that a counter counts in.
func countField(id string) string {
	if strings.HasPrefix(id, "place:") {
		return "key"
	}
	return "value"
}

// counter makes a node that counts.
func (c *concurrencyCase) counter(id string, n int64) *graph.Node {
	return build(c.schema).node(id).Set(countField(id), n)
}

// count reads a counter.
func (c *concurrencyCase) count(ctx context.Context, q querier, id string) (int64, error) {
	v, err := get(ctx, q, c.schema, id, countField(id))
	if err != nil {
		return 0, err
	}
	return v.(int64), nil
}

// testCounters adds one to each counter, so many times in each writer; every other writer takes them the other way round.
func (c *concurrencyCase) testCounters(t *testing.T, times int, counters ...string) {
	for _, id := range counters {
		put(t, c.store, list(c.counter(id, 0)))
	}
	together(func(writer int) {
		for range times {
			err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
				for i := range counters {
					if writer%2 == 1 {
						i = len(counters) - 1 - i
					}
					n, err := c.count(ctx, tx, counters[i])
					if err != nil {
						return err
					}
					if _, err := tx.Put(ctx, list(c.counter(counters[i], n+1))); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Errorf("writer %d: %v", writer, err)
			}
		}
	})
	for _, id := range counters {
		if n, err := c.count(context.Background(), c.store, id); err != nil || n != int64(writers*times) {
			t.Errorf("%s is %d (%v) after %d increments", id, n, err, writers*times)
		}
	}
}

// testCreate lets all create one node and one relationship: each is created once.
func (c *concurrencyCase) testCreate(t *testing.T) {
	b := build(c.schema)
	var created, same atomic.Int64
	together(func(writer int) {
		var w graph.Written
		err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
			var err error
			w, err = tx.Put(ctx, list(b.node("person:new"), b.edge("KNOWS", "person:new", "person:new")))
			return err
		})
		if err != nil {
			t.Errorf("writer %d: %v", writer, err)
		}
		created.Add(w.Created)
		same.Add(w.Same)
	})
	if created.Load() != 2 || same.Load() != 2*(writers-1) {
		t.Errorf("a node and a relationship put by %d writers at once are created %d times and the same %d times", writers, created.Load(), same.Load())
	}
}

// testOne lets all move one person.
func (c *concurrencyCase) testOne(t *testing.T) {
	b := build(c.schema)
	put(t, c.store, list(b.node("person:mover")))
	together(func(writer int) {
		home := fmt.Sprintf("place:home-%d", writer)
		for range 5 {
			err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
				_, err := tx.Put(ctx, list(b.node(home), b.edge("LIVES_IN", "person:mover", home)))
				return err
			})
			if err != nil {
				t.Errorf("writer %d: %v", writer, err)
			}
		}
	})
	root := b.byID("Person", "person:mover")
	b.below(root, "LIVES_IN", true, "Place")
	if got := b.ask(t, c.store, root)[0].Rows[0][1].(*graph.Set); len(got.Rows) != 1 {
		t.Errorf("after all moved one person, it lives in %d places", len(got.Rows))
	}
}

// testFailing lets all write, of whom some fail, panic, or give up: what was acknowledged is there, and nothing of the others is,
// nor was it ever seen.
func (c *concurrencyCase) testFailing(t *testing.T) {
	b := build(c.schema)
	failed := errors.New("failed")
	write := func(id, end string) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v", r)
			}
		}()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		return c.store.Update(ctx, func(ctx context.Context, tx graph.Tx) error {
			if _, err := tx.Put(ctx, list(b.node(id))); err != nil {
				return err
			}
			switch end {
			case "fails":
				return failed
			case "panics":
				panic(end)
			case "gives-up":
				cancel()
			}
			return nil
		})
	}
	ends := []string{"holds", "fails", "panics", "gives-up"}
	together(func(writer int) {
		for i := range 8 {
			end := ends[(writer+i)%len(ends)]
			id := fmt.Sprintf("grain:%s-%d-%d", end, writer, i)
			if err := write(id, end); (err == nil) != (end == "holds") {
				t.Errorf("%s ends with %v", id, err)
			}
			for _, seen := range ids(t, c.store, c.schema, "Grain") {
				if strings.HasPrefix(seen, "grain:") && !strings.HasPrefix(seen, "grain:holds-") {
					t.Errorf("%s is seen", seen)
				}
			}
		}
	})
	if got := ids(t, c.store, c.schema, "Grain"); len(got) != 2*writers {
		t.Errorf("%d are there, %d were acknowledged: %q", len(got), 2*writers, got)
	}
}

// testOneState writes one number into four nodes of three kinds, again and again, and reads them by four roots: within each
// answer they are one number, which never goes back: what such an answer shows, one of a single root shows behind it.
func (c *concurrencyCase) testOneState(t *testing.T) {
	counters := []string{"person:s1", "grain:s2", "person:s3", "place:s4"}
	write := func(n int64) error {
		return c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
			for _, id := range counters {
				if _, err := tx.Put(ctx, list(c.counter(id, n))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := write(0); err != nil {
		t.Fatal(err)
	}
	b := build(c.schema)
	var roots []*graph.Select
	for i, id := range counters {
		roots = append(roots, b.byID([]string{"Person", "Grain", "Person", "Place"}[i], id, countField(id)))
	}
	plan := b.plan(roots...)
	one := build(c.schema)
	single := one.plan(one.byID("Place", counters[3], countField(counters[3])))
	var kept atomic.Int64 // the last number that Update returned from
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for reading := true; reading; {
				select {
				case <-done:
					reading = false
				default:
				}
				least := kept.Load()
				sets, err := c.store.Query(context.Background(), plan, b.args)
				if err != nil {
					t.Errorf("a reader beside a writer: %v", err)
					return
				}
				first := sets[0].Rows[0][1].(int64)
				for i, s := range sets {
					if n := s.Rows[0][1].(int64); n != first || n < least {
						t.Errorf("root %d reads %d where root 0 reads %d and %d was written before", i, n, first, least)
						return
					}
				}
				if sets, err = c.store.Query(context.Background(), single, one.args); err != nil || sets[0].Rows[0][1].(int64) < first {
					t.Errorf("behind an answer with %d, a single root reads %v, %v", first, sets, err)
					return
				}
			}
		})
	}
	for n := range int64(80) {
		if err := write(n + 1); err != nil {
			t.Errorf("the writer beside readers: %v", err)
		}
		kept.Store(n + 1)
	}
	close(done)
	wg.Wait()
}
