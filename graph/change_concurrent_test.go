package graph_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// TestConcurrentCommits: eight writers on one raid and on different raids.
func TestConcurrentCommits(t *testing.T) {
	store := openSQLite(t)
	concurrentCommits(t, 25, store)
}

const concurrentWriters = 8

// concurrentCommits lets writers, spread over stores of one database, count in the name of one raid, each by what it has read,
// and write to a raid of their own; and all send the same changes. No count is lost, none is applied twice, no number is given
// twice, and no writer sees an error but that somebody else was faster.
func concurrentCommits(t *testing.T, times int, stores ...graph.Store) {
	ctx := context.Background()
	apply(t, stores[0], world+claim("c", "raid:1", `"property":"name","value":{"type":"Text","text":"0"}`))
	set := func(name string) graph.Operation {
		op := step(t, graph.Update, `{"node":"Raid","id":"raid:1","name":"x"}`)
		op.Node.Set("name", name)
		return byWord(op)
	}
	commit(t, stores[0], "start", set("0"))
	var moved, shared atomic.Int64
	var group sync.WaitGroup
	for writer := range concurrentWriters {
		group.Go(func() {
			store := stores[writer%len(stores)]
			for i := range times {
				own := fmt.Sprintf(`{"node":"Raid","id":"raid:own-%d","name":"%d","date":{"edtf":"2025"}}`, writer, i)
				do := graph.Update
				if i == 0 {
					do = graph.Create
				}
				if _, err := tryCommit(store, fmt.Sprintf("own-%d-%d", writer, i), byWord(step(t, do, own))); err != nil {
					t.Errorf("writer %d: %v", writer, err)
					return
				}
				done, err := tryCommit(store, fmt.Sprintf("shared-%d", i), step(t, graph.Create, fmt.Sprintf(`{"node":"Source","id":"source:shared-%d","seen":true}`, i)))
				if err != nil {
					t.Errorf("writer %d: %v", writer, err)
					return
				}
				if !done.Again {
					shared.Add(1)
				}
				for try := 0; ; try++ {
					name, version := nameOf(t, ctx, store, "raid:1")
					op := set(strconv.Itoa(name + 1))
					op.Expected = &version
					_, err := tryCommit(store, fmt.Sprintf("count-%d-%d-%d", writer, i, try), op)
					if err == nil {
						break
					}
					if graph.CodeOf(err) != graph.Conflict {
						t.Errorf("writer %d: %v", writer, err)
						return
					}
					moved.Add(1)
				}
			}
		})
	}
	group.Wait()
	if name, _ := nameOf(t, ctx, stores[0], "raid:1"); name != concurrentWriters*times {
		t.Errorf("the raid was counted to %d, want %d", name, concurrentWriters*times)
	}
	if n := shared.Load(); n != int64(times) {
		t.Errorf("%d changes that all sent were applied %d times", times, n)
	}
	if moved.Load() == 0 {
		t.Error("no writer was ever in the way of another")
	}
	if got, want := len(values(t, stores[0], "Change")), 2+times*(2*concurrentWriters+1); got != want {
		t.Errorf("there are %d changes, want %d", got, want)
	}
	numbered(t, stores[0])
	settled(t, stores[0])
}

// nameOf is a raid's name, a number, and the change that wrote it.
func nameOf(t testing.TB, ctx context.Context, store graph.Store, id string) (int, int64) {
	t.Helper()
	k := domain().Kind("Raid")
	sets, err := store.Query(ctx, &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raid", Kinds: []*graph.Kind{k}, Page: graph.Page{Limit: graph.NoArg},
		Fields: []graph.FieldRef{{Owner: graph.OfID}, {Name: "name", Type: graph.String}, {Name: graph.ChangedIn, Type: graph.Int}},
		Where:  &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}}, Order: []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}}}}}, []any{id})
	if err != nil || len(sets[0].Rows) != 1 {
		t.Errorf("reading %s: %v", id, err)
		return 0, 0
	}
	row := sets[0].Rows[0]
	n, _ := strconv.Atoi(row[1].(string))
	return n, row[2].(int64)
}
