package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// testUpdate holds the promises of Store.Update.
func (s *suite) testUpdate(t *testing.T) {
	schema := Schema()
	c := &updateCase{store: s.open(t, schema), b: build(schema)}
	put(t, c.store, list(c.b.node("person:base").Set("age", int64(1)), c.b.node("place:base"), c.b.edge("LIVES_IN", "person:base", "place:base")))
	t.Run("a transaction sees what it put", c.testOwn)
	t.Run("what it returned is read at once", c.testReadYourWrites)
	t.Run("an error undoes all", c.testError)
	t.Run("a panic undoes all", c.testPanic)
	t.Run("nothing is seen before it is kept", c.testDirty)
	t.Run("several Puts and Removes are one", c.testSeveral)
	t.Run("the context ends inside", c.testCancelled)
}

type updateCase struct {
	store graph.Store
	b     *builder
}

// untouched checks that the base is as it was, with no other person beside it, and that the store goes on working.
func (c *updateCase) untouched(t *testing.T, after string, names ...string) {
	t.Helper()
	want := append([]string{"person:base"}, names...)
	slices.Sort(want)
	if got := ids(t, c.store, c.b.schema, "Person"); !slices.Equal(got, want) {
		t.Errorf("%s the persons are %q, want %q", after, got, want)
	}
	age, err := get(context.Background(), c.store, c.b.schema, "person:base", "age")
	if err != nil || age != int64(1) {
		t.Errorf("%s the age is %s (%v), want 1", after, show(age), err)
	}
	b := build(c.b.schema)
	root := b.byID("Person", "person:base")
	b.below(root, "LIVES_IN", true, "Place")
	if got := b.ask(t, c.store, root)[0].Rows[0][1].(*graph.Set); len(got.Rows) != 1 {
		t.Errorf("%s the person lives in %d places, want 1", after, len(got.Rows))
	}
}

// spoil changes everything that untouched looks at.
func (c *updateCase) spoil(ctx context.Context, tx graph.Tx) error {
	if _, err := tx.Put(ctx, list(c.b.node("person:base").Set("age", int64(99)), c.b.node("person:spoilt"), c.b.edge("KNOWS", "person:base", "person:spoilt"))); err != nil {
		return err
	}
	return tx.Remove(ctx, list(c.b.edge("LIVES_IN", "person:base", "place:base")))
}

func (c *updateCase) testOwn(t *testing.T) {
	undo := errors.New("undo")
	err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		if err := c.spoil(ctx, tx); err != nil {
			return err
		}
		b := build(c.b.schema)
		root := b.all([]string{"Person"}, "age")
		root.Order = []graph.Order{{Field: b.ref(root.Kinds, "age"), Desc: true}, {Field: idRef}}
		b.below(root, "KNOWS", true, "Person")
		root.Children[0].Count = true
		lives := b.below(root, "LIVES_IN", true, "Place")
		lives.Count = true
		other := b.all([]string{"Person"})
		other.Order, other.Search = nil, b.search("nobody")
		sets, err := b.try(ctx, tx, root, other)
		if err != nil {
			return err
		}
		got := ""
		for _, r := range sets[0].Rows {
			got += fmt.Sprintf("%v %v %d %d; ", r[0], r[1], r[2].(*graph.Set).Total, r[3].(*graph.Set).Total)
		}
		if want := "person:spoilt <nil> 0 0; person:base 99 1 0; "; got != want {
			t.Errorf("inside the transaction: %s, want %s", got, want)
		}
		return undo
	})
	if err != undo {
		t.Errorf("Update returns %v, want fn's own error", err)
	}
	c.untouched(t, "after it was undone")
}

func (c *updateCase) testReadYourWrites(t *testing.T) {
	for n := range 20 {
		put(t, c.store, list(c.b.node("place:written").Set("key", int64(n))))
		if got, err := get(context.Background(), c.store, c.b.schema, "place:written", "key"); err != nil || got != int64(n) {
			t.Errorf("after %d was written, %s (%v) is read", n, show(got), err)
		}
	}
}

func (c *updateCase) testError(t *testing.T) {
	for _, fail := range []error{errors.New("a plain error"), graph.Errorf(graph.Conflict, "a conflict"), fmt.Errorf("wrapped: %w", graph.Errorf(graph.Invalid, "wrong"))} {
		err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
			if err := c.spoil(ctx, tx); err != nil {
				return err
			}
			return fail
		})
		if err != fail {
			t.Errorf("Update returns %v, want what fn returned: %v", err, fail)
		}
		c.untouched(t, "after an error")
	}
}

func (c *updateCase) testPanic(t *testing.T) {
	func() {
		defer func() {
			if r := recover(); r != "boom" {
				t.Errorf("Update panics with %v, want fn's own panic", r)
			}
		}()
		err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
			if err := c.spoil(ctx, tx); err != nil {
				return err
			}
			panic("boom")
		})
		t.Errorf("Update returns %v where fn panics", err)
	}()
	c.untouched(t, "after a panic")
	put(t, c.store, list(c.b.node("place:after-panic")))
}

// testDirty reads while a transaction that will be undone is open. The read may wait for it, but must not see it.
func (c *updateCase) testDirty(t *testing.T) {
	undo := errors.New("undo")
	read := make(chan []string, 2)
	err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		if err := c.spoil(ctx, tx); err != nil {
			return err
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			read <- ids(t, c.store, c.b.schema, "Person")
		}()
		select {
		case <-done:
		case <-time.After(200 * time.Millisecond):
		}
		return undo
	})
	if err != undo {
		t.Errorf("Update returns %v", err)
	}
	if got := <-read; !slices.Equal(got, []string{"person:base"}) {
		t.Errorf("a query beside an open transaction sees %q", got)
	}
}

func (c *updateCase) testSeveral(t *testing.T) {
	var total graph.Written
	err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		total = graph.Written{}
		for range 3 {
			w, err := tx.Put(ctx, list(c.b.node("person:several").Set("name", "Several"), c.b.edge("KNOWS", "person:several", "person:base")))
			if err != nil {
				return err
			}
			total.Created += w.Created
			total.Same += w.Same
			if err := tx.Remove(ctx, list(c.b.edge("KNOWS", "person:several", "person:base"))); err != nil {
				return err
			}
		}
		return nil
	})
	if want := (graph.Written{Created: 4, Same: 2}); err != nil || total != want {
		t.Errorf("putting and removing three times counts %+v (%v), want %+v", total, err, want)
	}
	c.untouched(t, "after a transaction of several steps", "person:several")
	remove(t, c.store, list(c.b.node("person:several")))
}

func (c *updateCase) testCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := c.store.Update(ctx, func(ctx context.Context, tx graph.Tx) error {
		if err := c.spoil(ctx, tx); err != nil {
			return err
		}
		cancel()
		_, err := tx.Put(ctx, list(c.b.node("person:late")))
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an Update whose context ends inside: %v, want %v", err, context.Canceled)
	}
	c.untouched(t, "after the context ended")
}
