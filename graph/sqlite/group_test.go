package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// things is a store of Things.
type things struct {
	*Store
	kind *graph.Kind
	all  *graph.Plan
}

func openThings(t *testing.T) *things {
	t.Helper()
	schema := testSchema()
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "things.db"), Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	k := schema.Kind("Thing")
	id := graph.FieldRef{Owner: graph.OfID}
	all := &graph.Plan{Roots: []*graph.Select{{Name: "things", Kinds: []*graph.Kind{k}, Fields: []graph.FieldRef{id}, Order: []graph.Order{{Field: id}}, Page: graph.Page{Limit: graph.NoArg}}}}
	return &things{s, k, all}
}

// put is a write of Things with these ids.
func (s *things) put(ids ...string) func(context.Context, graph.Tx) error {
	return func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, func(yield func(graph.Record, error) bool) {
			for _, id := range ids {
				if !yield(graph.NewNode(s.kind, "thing:"+id), nil) {
					return
				}
			}
		})
		return err
	}
}

func (s *things) ids(t *testing.T, q graph.Asked) []string {
	t.Helper()
	ids, err := s.read(q)
	if err != nil {
		t.Error(err)
	}
	return ids
}

func (s *things) read(q graph.Asked) ([]string, error) {
	sets, err := q.Query(context.Background(), s.all, nil)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, row := range sets[0].Rows {
		ids = append(ids, row[0].(string)[len("thing:"):])
	}
	return ids, nil
}

// behind runs a write in the transaction of another, which has put the Thing a, and gives how both ended.
func (s *things) behind(t *testing.T, ctx context.Context, fn func(context.Context, graph.Tx) error) (first, second error) {
	t.Helper()
	g, err := s.enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.put("a")(ctx, &tx{store: s.Store, conn: g.conn, known: newKeys()}); err != nil {
		t.Fatal(err)
	}
	g.kept = 1
	done := make(chan error)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("panic: %v", r)
			}
		}()
		done <- s.Update(ctx, func(ctx context.Context, tx graph.Tx) error { return fn(ctx, tx) })
	}()
	s.joining <- g // when the other waits
	second = <-done
	<-g.ended
	return g.err, second
}

// TestGroup holds that writes which share a transaction are kept together, and that one which fails is undone alone.
func TestGroup(t *testing.T) {
	failed := errors.New("failed")
	for _, c := range []struct {
		name string
		fn   func(s *things, cancel func(), t *testing.T) func(context.Context, graph.Tx) error
		want string
		ids  []string
	}{
		{"both are kept", func(s *things, _ func(), t *testing.T) func(context.Context, graph.Tx) error {
			return func(ctx context.Context, tx graph.Tx) error {
				if got := s.ids(t, tx); !slices.Equal(got, []string{"a"}) {
					t.Errorf("the second sees %q", got)
				}
				if got := s.ids(t, s); len(got) > 0 {
					t.Errorf("a reader sees %q before the commit", got)
				}
				return s.put("b")(ctx, tx)
			}
		}, "", []string{"a", "b"}},
		{"an error", func(s *things, _ func(), _ *testing.T) func(context.Context, graph.Tx) error {
			return func(ctx context.Context, tx graph.Tx) error { return errors.Join(s.put("b")(ctx, tx), failed) }
		}, "failed", []string{"a"}},
		{"a failure of Put that is passed over", func(s *things, _ func(), _ *testing.T) func(context.Context, graph.Tx) error {
			return func(ctx context.Context, tx graph.Tx) error {
				_ = s.put("b", "no id")(ctx, tx)
				_ = s.put("c")(ctx, tx)
				return nil
			}
		}, `"thing:no id" is no id: after the colon only letters a to z, digits and - . _ ~ @ : / + may stand`, []string{"a"}},
		{"a panic", func(s *things, _ func(), _ *testing.T) func(context.Context, graph.Tx) error {
			return func(ctx context.Context, tx graph.Tx) error {
				_ = s.put("b")(ctx, tx)
				panic("boom")
			}
		}, "panic: boom", []string{"a"}},
		{"a context that ends", func(s *things, cancel func(), _ *testing.T) func(context.Context, graph.Tx) error {
			return func(ctx context.Context, tx graph.Tx) error {
				err := s.put("b")(ctx, tx)
				cancel()
				return err
			}
		}, "context canceled", []string{"a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openThings(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			first, second := s.behind(t, ctx, c.fn(s, cancel, t))
			if first != nil {
				t.Errorf("the first ends with %v", first)
			}
			if got := fmt.Sprint(second); c.want == "" && second != nil || c.want != "" && got != c.want {
				t.Errorf("the second ends with %v, want %s", second, c.want)
			}
			if got := s.ids(t, s); !slices.Equal(got, c.ids) {
				t.Errorf("then there are %q, want %q", got, c.ids)
			}
			if err := s.Update(t.Context(), s.put("z")); err != nil {
				t.Errorf("a write behind it: %v", err)
			}
		})
	}
}

// TestGroupUndone has SQLite itself undo a transaction: none of those that share it is kept, and all hear of it.
func TestGroupUndone(t *testing.T) {
	s := openThings(t)
	c := <-s.writing
	_, err := c.exec(t.Context(), `CREATE TRIGGER undo BEFORE INSERT ON "Thing" WHEN NEW.id = 'thing:undo' BEGIN SELECT RAISE(ROLLBACK, 'undone'); END`)
	s.writing <- c
	if err != nil {
		t.Fatal(err)
	}
	first, second := s.behind(t, t.Context(), func(ctx context.Context, tx graph.Tx) error {
		_ = s.put("b", "undo")(ctx, tx)
		_ = s.put("c")(ctx, tx) // outside of any transaction, if it were written
		return nil
	})
	if graph.CodeOf(first) != graph.Unavailable || second == nil {
		t.Errorf("they end with %v and %v", first, second)
	}
	if got := s.ids(t, s); len(got) > 0 {
		t.Errorf("then there are %q", got)
	}
	if err := s.Update(t.Context(), s.put("z")); err != nil {
		t.Errorf("a write behind it: %v", err)
	}
}

// TestGroupCommit lets the commit fail, by a foreign key that is looked at then: all of those that share the transaction fail by
// it, and nothing of them is there.
func TestGroupCommit(t *testing.T) {
	s := openThings(t)
	c := <-s.writing
	for _, statement := range []string{"PRAGMA foreign_keys = 1", "CREATE TABLE up (n INTEGER PRIMARY KEY)",
		"CREATE TABLE down (n INTEGER REFERENCES up (n) DEFERRABLE INITIALLY DEFERRED)",
		`CREATE TRIGGER dangle BEFORE INSERT ON "Thing" WHEN NEW.id = 'thing:dangle' BEGIN INSERT INTO down VALUES (1); END`} {
		if _, err := c.exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	s.writing <- c
	first, second := s.behind(t, t.Context(), s.put("dangle"))
	if first == nil || !errors.Is(second, first) {
		t.Errorf("they end with %v and %v", first, second)
	}
	if got := s.ids(t, s); len(got) > 0 {
		t.Errorf("then there are %q", got)
	}
	if err := s.Update(t.Context(), s.put("z")); err != nil {
		t.Errorf("a write behind it: %v", err)
	}
}

// TestGroupLong holds that a write which is long does not hold others up: they are committed, and it runs again alone.
func TestGroupLong(t *testing.T) {
	s := openThings(t)
	runs := 0
	first, second := s.behind(t, t.Context(), func(ctx context.Context, tx graph.Tx) error {
		if runs++; runs == 1 {
			time.Sleep(2 * groupTime)
			if err := s.put("lost")(ctx, tx); !errors.Is(err, errTooLong) {
				t.Errorf("a Put after that time: %v", err)
			}
			return nil
		}
		if got := s.ids(t, s); !slices.Equal(got, []string{"a"}) {
			t.Errorf("when it runs again, readers see %q", got)
		}
		time.Sleep(2 * groupTime)
		return s.put("b")(ctx, tx)
	})
	if got := s.ids(t, s); first != nil || second != nil || runs != 2 || !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("they end with %v and %v after %d runs, and there are %q", first, second, runs, got)
	}
}

// TestGroupBounds holds that a transaction is handed on to so many, and for so long.
func TestGroupBounds(t *testing.T) {
	for _, c := range []struct {
		kept int
		open time.Duration
		err  error
		want bool
	}{
		{1, 0, nil, true}, {groupMost - 1, groupTime / 2, nil, true}, {groupMost, 0, nil, false}, {1, groupTime, nil, false},
		{0, 0, nil, false}, {1, 0, errClosed, false},
	} {
		if got := (&group{kept: c.kept, began: time.Now().Add(-c.open), err: c.err}).open(); got != c.want {
			t.Errorf("one that %d share, open for %v (%v), is handed on: %v", c.kept, c.open, c.err, got)
		}
	}
}

// TestGroupWriters: eight writers at once, of which some fail, panic or give up, beside a reader: what is acknowledged is there,
// nothing else is ever seen, and they did share transactions.
func TestGroupWriters(t *testing.T) {
	const writers, times = 8, 40
	s := openThings(t)
	var shared atomic.Int64
	var mu sync.Mutex
	var want []string
	write := func(writer, n int) {
		id := fmt.Sprintf("w%d-%d", writer, n)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		bad := n%4 == writer%4
		defer func() {
			if r := recover(); r != nil && r != "bad" {
				panic(r)
			}
		}()
		err := s.Update(ctx, func(ctx context.Context, tx graph.Tx) error {
			before, err := s.read(tx)
			if err != nil {
				return err
			}
			if len(before) > len(s.ids(t, s)) {
				shared.Add(1)
			}
			if bad {
				id = "bad-" + id
			}
			if err := s.put(id)(ctx, tx); err != nil || !bad {
				return err
			}
			switch n % 3 {
			case 0:
				panic("bad")
			case 1:
				cancel()
				return nil
			}
			return errors.New("bad")
		})
		if bad != (err != nil) {
			t.Errorf("%s: %v", id, err)
		}
		if err == nil {
			mu.Lock()
			want = append(want, id)
			mu.Unlock()
			if !slices.Contains(s.ids(t, s), id) {
				t.Errorf("%s was acknowledged and is not seen", id)
			}
		}
	}
	var wg sync.WaitGroup
	for writer := range writers {
		wg.Go(func() {
			for n := range times {
				write(writer, n)
			}
		})
	}
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			for _, id := range s.ids(t, s) {
				if id[:3] == "bad" {
					t.Errorf("%s is seen", id)
				}
			}
		}
	})
	wg.Wait()
	close(stop)
	reader.Wait()
	slices.Sort(want)
	if got := s.ids(t, s); !slices.Equal(got, want) {
		t.Errorf("there are %d, want the %d that were acknowledged", len(got), len(want))
	}
	if shared.Load() == 0 {
		t.Error("no write shared a transaction")
	}
}
