package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// remove takes records away in an Update of its own.
func remove(t *testing.T, s graph.Store, records graph.Records) {
	t.Helper()
	err := s.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error { return tx.Remove(ctx, records) })
	if err != nil {
		t.Fatalf("Update with Remove: %v", err)
	}
}

// testPut holds the promises of Tx.Put and Tx.Remove.
func (s *suite) testPut(t *testing.T) {
	schema := Schema()
	store := s.open(t, schema)
	c := &putCase{store: store, b: build(schema)}
	t.Run("a node is created, the same, changed", c.testNode)
	t.Run("a relationship is created, the same, changed", c.testEdge)
	t.Run("putting a whole graph again changes nothing", func(t *testing.T) { c.testAgain(t, generate(schema, s.random(9), smallSizes)) })
	t.Run("a null, an empty list and an empty text are three things", c.testEmpty)
	t.Run("recordedAt stays", c.testRecordedAt)
	t.Run("publishedAt is the earliest", c.testPublishedAt)
	t.Run("twice in the same records", c.testTwice)
	t.Run("a missing end", c.testMissingEnd)
	t.Run("a record that cannot be read", c.testUnreadable)
	t.Run("one replaces", c.testOne)
	t.Run("remove", c.testRemove)
}

type putCase struct {
	store graph.Store
	b     *builder
}

// expect puts records and compares the counts: created, changed, same.
func (c *putCase) expect(t *testing.T, what string, created, changed, same int64, records ...graph.Record) {
	t.Helper()
	want := graph.Written{Created: created, Changed: changed, Same: same}
	if got := put(t, c.store, list(records...)); got != want {
		t.Errorf("%s counts %+v, want %+v", what, got, want)
	}
}

// field compares one field of a node.
func (c *putCase) field(t *testing.T, id, field string, want any) {
	t.Helper()
	got, err := get(context.Background(), c.store, c.b.schema, id, field)
	if err != nil || !same(got, want) {
		t.Errorf("%s of %s is %s (%v), want %s", field, id, show(got), err, show(want))
	}
}

// below lists what a node reaches: id, key, and properties.
func (c *putCase) below(t *testing.T, id, typ string, out bool, kind string, props ...string) string {
	t.Helper()
	b := build(c.b.schema)
	near, err := b.schema.KindOfID(id)
	if err != nil {
		t.Fatal(err)
	}
	root := b.byID(near.Name, id)
	b.below(root, typ, out, kind, props...)
	sets := b.ask(t, c.store, root)
	if len(sets[0].Rows) == 0 {
		return "no node"
	}
	var rows []string
	for _, r := range sets[0].Rows[0][1].(*graph.Set).Rows {
		rows = append(rows, strings.Trim(fmt.Sprint([]any(r)), "[]"))
	}
	return strings.Join(rows, "; ")
}

func (c *putCase) testNode(t *testing.T) {
	n := c.b.node("person:a").Set("name", "A").Set("age", int64(3)).Set("tags", []string{"x", ""})
	c.expect(t, "a new node", 1, 0, 0, n)
	c.expect(t, "the same node", 0, 0, 1, n)
	c.expect(t, "a node that lost a value", 0, 1, 0, c.b.node("person:a").Set("name", "A").Set("tags", []string{"x", ""}))
	c.field(t, "person:a", "age", nil)
	c.field(t, "person:a", "tags", []string{"x", ""})
	c.expect(t, "a node whose list changed", 0, 1, 0, c.b.node("person:a").Set("name", "A").Set("tags", []string{"", "x"}))
	c.field(t, "person:a", "tags", []string{"", "x"})
	c.expect(t, "an id that differs in case", 1, 0, 0, c.b.node("person:A").Set("name", "A"))
	c.field(t, "person:a", "tags", []string{"", "x"})
}

func (c *putCase) testEdge(t *testing.T) {
	c.expect(t, "the ends", 4, 0, 0, c.b.node("person:e1"), c.b.node("person:e2"), c.b.node("event-of-note:e"), c.b.node("note:e"))
	c.expect(t, "a new relationship", 1, 0, 0, c.b.edge("KNOWS", "person:e1", "person:e2", "weight", int64(1), "firm", true))
	c.expect(t, "the same", 0, 0, 1, c.b.edge("KNOWS", "person:e1", "person:e2", "weight", int64(1), "firm", true))
	c.expect(t, "other properties", 0, 1, 0, c.b.edge("KNOWS", "person:e1", "person:e2", "weight", int64(2)))
	c.expect(t, "the other way round", 1, 0, 0, c.b.edge("KNOWS", "person:e2", "person:e1"))
	c.expect(t, "to itself", 1, 0, 0, c.b.edge("KNOWS", "person:e1", "person:e1"))
	if got, want := c.below(t, "person:e1", "KNOWS", true, "Person", "weight", "firm"), "person:e1 <nil> <nil>; person:e2 2 <nil>"; got != want {
		t.Errorf("outwards: %s, want %s", got, want)
	}
	if got, want := c.below(t, "person:e1", "KNOWS", false, "Person", "weight"), "person:e1 <nil>; person:e2 <nil>"; got != want {
		t.Errorf("inwards: %s, want %s", got, want)
	}
	c.expect(t, "two roles", 2, 0, 0, c.b.edge("TOOK_PART", "person:e1", "event-of-note:e", "role", "GUEST"),
		c.b.edge("TOOK_PART", "person:e1", "event-of-note:e", "role", "AIDE", "rank", int64(1)))
	c.expect(t, "one role again, one changed", 0, 1, 1, c.b.edge("TOOK_PART", "person:e1", "event-of-note:e", "role", "GUEST"),
		c.b.edge("TOOK_PART", "person:e1", "event-of-note:e", "role", "AIDE", "rank", int64(2)))
	if got, want := c.below(t, "event-of-note:e", "TOOK_PART", false, "Person", "rank"), "person:e1 AIDE 2; person:e1 GUEST <nil>"; got != want {
		t.Errorf("two roles: %s, want %s", got, want)
	}
	c.expect(t, "a key of two numbers", 2, 0, 0, c.b.edge("CITES", "note:e", "note:e", "chain", int64(1), "hop", int64(11)),
		c.b.edge("CITES", "note:e", "note:e", "chain", int64(11), "hop", int64(1)))
	if got, want := c.below(t, "note:e", "CITES", true, "Note", "marks"), "note:e 01|11 <nil>; note:e 11|01 <nil>"; got != want {
		t.Errorf("a key of two numbers: %s, want %s", got, want)
	}
}

func (c *putCase) testAgain(t *testing.T, d *data) {
	d.load(t, c.store)
	if got, want := put(t, c.store, d.records()), (graph.Written{Same: int64(len(d.nodes) + len(d.edges))}); got != want {
		t.Errorf("the second time counts %+v, want %+v", got, want)
	}
}

func (c *putCase) testEmpty(t *testing.T) {
	fresh := func() *graph.Node { return c.b.node("person:empty") }
	c.expect(t, "nulls", 1, 0, 0, fresh())
	c.field(t, "person:empty", "tags", nil)
	c.field(t, "person:empty", "secret", nil)
	c.expect(t, "an empty list", 0, 1, 0, fresh().Set("tags", []string{}))
	c.field(t, "person:empty", "tags", []string{})
	c.expect(t, "a list of an empty text", 0, 1, 0, fresh().Set("tags", []string{""}))
	c.field(t, "person:empty", "tags", []string{""})
	c.expect(t, "an empty text", 0, 1, 0, fresh().Set("secret", "").Set("papers", "[]"))
	c.field(t, "person:empty", "secret", "")
	c.field(t, "person:empty", "papers", "[]")
	c.field(t, "person:empty", "tags", nil)
	c.expect(t, "zero and false", 0, 1, 0, fresh().Set("age", int64(0)).Set("score", 0.0).Set("alive", false))
	c.field(t, "person:empty", "age", int64(0))
	c.field(t, "person:empty", "score", 0.0)
	c.field(t, "person:empty", "alive", false)
}

func (c *putCase) testRecordedAt(t *testing.T) {
	const first, later = "2024-11-11T11:00:00Z", "2025-01-01T00:00:00Z"
	n := func(name, at string) *graph.Node { return c.b.node("person:r").Set("name", name).Set("recordedAt", at) }
	e := func(weight int64, at string) *graph.Edge {
		return c.b.edge("KNOWS", "person:r", "person:r", "weight", weight, "recordedAt", at)
	}
	c.expect(t, "first", 2, 0, 0, n("A", first), e(1, first))
	c.expect(t, "later, the same", 0, 0, 2, n("A", later), e(1, later))
	c.expect(t, "later, changed", 0, 2, 0, n("B", later), e(2, later))
	c.field(t, "person:r", "recordedAt", first)
	c.field(t, "person:r", "name", "B")
	if got, want := c.below(t, "person:r", "KNOWS", true, "Person", "weight", "recordedAt"), "person:r 2 "+first; got != want {
		t.Errorf("the relationship is %s, want %s", got, want)
	}
}

func (c *putCase) testPublishedAt(t *testing.T) {
	const early, middle, late = "2024-11-06T10:00:00Z", "2024-11-11T11:00:00Z", "2025-01-01T00:00:00Z"
	n := func(name string, at any) *graph.Node {
		return c.b.node("person:p").Set("name", name).Set("publishedAt", at)
	}
	e := func(at any) *graph.Edge { return c.b.edge("KNOWS", "person:p", "person:p", "publishedAt", at) }
	c.expect(t, "unknown", 2, 0, 0, n("A", nil), e(nil))
	c.expect(t, "known", 0, 2, 0, n("A", middle), e(middle))
	c.expect(t, "later", 0, 0, 2, n("A", late), e(late))
	c.expect(t, "unknown again", 0, 0, 2, n("A", nil), e(nil))
	c.expect(t, "later, changed", 0, 1, 0, n("B", late))
	c.field(t, "person:p", "publishedAt", middle)
	c.expect(t, "earlier", 0, 2, 0, n("B", early), e(early))
	c.field(t, "person:p", "publishedAt", early)
	c.field(t, "person:p", "name", "B")
	if got, want := c.below(t, "person:p", "KNOWS", true, "Person", "publishedAt"), "person:p "+early; got != want {
		t.Errorf("the relationship is %s, want %s", got, want)
	}
	note := func(at string) *graph.Node { return c.b.node("note:p").Set("text", "").Set("publishedAt", at) }
	c.expect(t, "what is cited", 1, 1, 0, note(middle), note(late))
	c.field(t, "note:p", "publishedAt", late)
}

func (c *putCase) testTwice(t *testing.T) {
	n := func(age int64) *graph.Node { return c.b.node("person:twice").Set("age", age) }
	e := func(weight int64) *graph.Edge {
		return c.b.edge("KNOWS", "person:twice", "person:twice", "weight", weight)
	}
	c.expect(t, "a node and a relationship thrice", 2, 2, 2, n(1), e(1), n(2), n(2), e(2), e(2))
	c.field(t, "person:twice", "age", int64(2))
	if got, want := c.below(t, "person:twice", "KNOWS", true, "Person", "weight"), "person:twice 2"; got != want {
		t.Errorf("the relationship is %s, want %s", got, want)
	}
	c.expect(t, "there and back", 0, 2, 0, n(3), n(2))
	c.field(t, "person:twice", "age", int64(2))
}

func (c *putCase) testMissingEnd(t *testing.T) {
	for _, ends := range [][2]string{{"person:m1", "person:gone"}, {"person:gone", "person:m1"}} {
		err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, list(c.b.node("person:m1"), c.b.edge("KNOWS", "person:m1", "person:m1"), c.b.edge("KNOWS", ends[0], ends[1])))
			return err
		})
		if graph.CodeOf(err) != graph.NotFound || !strings.Contains(err.Error(), "person:gone") {
			t.Errorf("a relationship from %s to %s: %v, want a NotFound that names person:gone", ends[0], ends[1], err)
		}
	}
	if slices.Contains(ids(t, c.store, c.b.schema, "Person"), "person:m1") {
		t.Error("a node that was put beside a relationship without an end is there")
	}
	err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		tx.Put(ctx, list(c.b.node("person:m2"), c.b.edge("KNOWS", "person:m2", "person:gone")))
		return nil
	})
	if graph.CodeOf(err) != graph.NotFound {
		t.Errorf("an Update that makes nothing of a Put that failed: %v, want the NotFound", err)
	}
	if slices.Contains(ids(t, c.store, c.b.schema, "Person"), "person:m2") {
		t.Error("an Update that makes nothing of a Put that failed is half applied")
	}
	c.expect(t, "a node and its relationship", 2, 0, 0, c.b.node("person:m1"), c.b.edge("KNOWS", "person:m1", "person:m1"))
}

func (c *putCase) testUnreadable(t *testing.T) {
	broken := errors.New("line 3 is broken")
	err := c.store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, func(yield func(graph.Record, error) bool) {
			if yield(c.b.node("person:u"), nil) {
				yield(nil, broken)
			}
		})
		return err
	})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v, want %v", err, broken)
	}
	if slices.Contains(ids(t, c.store, c.b.schema, "Person"), "person:u") {
		t.Error("records that end in an error are half applied")
	}
}

func (c *putCase) testOne(t *testing.T) {
	c.expect(t, "the nodes", 5, 0, 0, c.b.node("person:o1"), c.b.node("person:o2"), c.b.node("place:o1"), c.b.node("place:o2"), c.b.node("group:o"))
	lives := func(from, to string, since any) *graph.Edge {
		return c.b.edge("LIVES_IN", from, to, "from", since, "recordedAt", "2024-01-01T00:00:00Z")
	}
	c.expect(t, "two homes of two", 2, 0, 0, lives("person:o1", "place:o1", nil), lives("person:o2", "place:o1", nil))
	c.expect(t, "another home", 1, 0, 0, lives("person:o1", "place:o2", "2024-01-01"))
	c.expect(t, "the same home", 0, 0, 1, lives("person:o1", "place:o2", "2024-01-01"))
	c.expect(t, "the same home, since another day", 0, 1, 0, lives("person:o1", "place:o2", "2024-01-02"))
	if got, want := c.below(t, "person:o1", "LIVES_IN", true, "Place", "from"), "place:o2 2024-01-02"; got != want {
		t.Errorf("o1 lives in %s, want %s", got, want)
	}
	if got, want := c.below(t, "place:o1", "LIVES_IN", false, "Person"), "person:o2"; got != want {
		t.Errorf("in o1 live %s, want %s", got, want)
	}
	c.expect(t, "there and back in the same records", 3, 0, 0, lives("person:o1", "place:o1", nil), lives("person:o1", "place:o2", nil), lives("person:o1", "place:o1", nil))
	if got, want := c.below(t, "person:o1", "LIVES_IN", true, "Place"), "place:o1"; got != want {
		t.Errorf("o1 lives in %s, want %s", got, want)
	}
	c.expect(t, "a relation to one of another type from the same node", 2, 0, 0, c.b.node("place:o3"), c.b.edge("PART_OF", "place:o1", "place:o3"))
	c.expect(t, "to itself", 1, 0, 0, c.b.edge("PART_OF", "place:o1", "place:o1"))
	if got, want := c.below(t, "place:o1", "PART_OF", true, "Place"), "place:o1"; got != want {
		t.Errorf("o1 is part of %s, want %s", got, want)
	}
}

func (c *putCase) testRemove(t *testing.T) {
	near := func(key string) *graph.Edge { return c.b.edge("NEAR", "place:r1", "place:r2", "noteId", key) }
	c.expect(t, "what is removed", 12, 0, 0, c.b.node("place:r1"), c.b.node("place:r2"), c.b.node("tally:r"), c.b.node("tally:r2"), c.b.node("event-of-note:r"),
		near("a"), near("b"), c.b.edge("NEAR", "place:r2", "place:r1", "noteId", "a"), c.b.edge("TALLY_OF", "tally:r", "event-of-note:r"),
		c.b.edge("TALLY_OF", "tally:r2", "event-of-note:r"), c.b.node("note:r"), c.b.edge("ABOUT", "note:r", "place:r1"))
	remove(t, c.store, list(near("a"), near("gone"), c.b.edge("NEAR", "place:r1", "place:gone", "noteId", "b"), c.b.edge("LIVES_IN", "place:gone", "place:r1"), c.b.node("tally:gone")))
	if got, want := c.below(t, "place:r1", "NEAR", true, "Place"), "place:r2 b"; got != want {
		t.Errorf("outwards %s is left, want %s", got, want)
	}
	if got, want := c.below(t, "place:r1", "NEAR", false, "Place"), "place:r2 a"; got != want {
		t.Errorf("inwards %s is left, want %s", got, want)
	}
	remove(t, c.store, list(c.b.node("tally:r")))
	if got, want := c.below(t, "event-of-note:r", "TALLY_OF", false, "Tally"), "tally:r2"; got != want {
		t.Errorf("%s is left, want %s", got, want)
	}
	remove(t, c.store, list(c.b.node("place:r1")))
	for _, left := range []string{c.below(t, "place:r2", "NEAR", true, "Place"), c.below(t, "place:r2", "NEAR", false, "Place"), c.below(t, "note:r", "ABOUT", true, "Place")} {
		if left != "" {
			t.Errorf("a relationship to a node that was removed is left: %s", left)
		}
	}
	c.expect(t, "a node and a relationship again", 2, 0, 0, c.b.node("place:r1"), near("a"))
	if got, want := c.below(t, "place:r1", "NEAR", true, "Place"), "place:r2 a"; got != want {
		t.Errorf("%s is there again, want %s", got, want)
	}
}
