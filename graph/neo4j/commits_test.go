package neo4j

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// TestCommitThatNeverEnded leaves the counts as a process does that dies while it commits: a Query of several roots answers
// all the same, and whoever has held the lock next has said that the commit ended.
func TestCommitThatNeverEnded(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	put(t, s, d.records(10))
	two := &graph.Plan{Roots: []*graph.Select{d.lookup().Roots[0], d.lookup().Roots[0]}, Args: 1}
	const torn = "MATCH (c:Meta {id: 'commits'}) RETURN c.begun <> c.ended"
	for name, next := range map[string]func(){
		"a reader": func() {
			if sets := query(t, s, two, "raid:1"); len(sets) != 2 || len(sets[0].Rows) != 1 || len(sets[1].Rows) != 1 {
				t.Errorf("two roots read %v", sets)
			}
		},
		"a writer": func() { put(t, s, list(graph.NewNode(d.agency, "agency:new").Set("name", time.Now().String()))) },
	} {
		if _, err := s.beginCommit(context.Background()); err != nil {
			t.Fatal(err)
		}
		if raw(t, s.config, torn) != true {
			t.Fatal("what was begun counts as ended")
		}
		next()
		if raw(t, s.config, torn) != false {
			t.Errorf("after %s, what was begun has not ended", name)
		}
	}
}

// TestNothingWritten says that an Update that changes nothing does not make readers read again.
func TestNothingWritten(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	put(t, s, d.records(10))
	const begun = "MATCH (c:Meta {id: 'commits'}) RETURN c.begun"
	before := raw(t, s.config, begun)
	put(t, s, d.records(10))
	if now := raw(t, s.config, begun); now != before {
		t.Errorf("the same records again begin a commit: %v, it was %v", now, before)
	}
}

// TestSmallestPool has more writers than connections, and readers of several roots between them: all get their turn.
func TestSmallestPool(t *testing.T) {
	d := newDomain()
	put(t, openEmpty(t, d.schema), d.records(10))
	cfg := testConfig(t, d.schema)
	cfg.MaxPool, cfg.AcquireTimeout = 1, 20*time.Second
	s := reopen(t, cfg)
	two := &graph.Plan{Roots: []*graph.Select{d.lookup().Roots[0], d.lookup().Roots[0]}, Args: 1}
	var all sync.WaitGroup
	for writer := range 8 {
		all.Go(func() {
			for n := range 5 {
				id := fmt.Sprintf("agency:w%d-%d", writer, n)
				err := s.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
					_, err := tx.Put(ctx, list(graph.NewNode(d.agency, id).Set("name", id)))
					return err
				})
				if err != nil {
					t.Errorf("%s: %v", id, err)
				}
				if _, err := s.Query(context.Background(), two, []any{"raid:1"}); err != nil {
					t.Errorf("a reader beside %s: %v", id, err)
				}
			}
		})
	}
	all.Wait()
	if n := raw(t, cfg, "MATCH (a:Agency) WHERE a.id STARTS WITH 'agency:w' RETURN count(a)"); n != int64(40) {
		t.Errorf("%v nodes were written, not 40", n)
	}
}
