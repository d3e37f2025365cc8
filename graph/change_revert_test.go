package graph_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

func reverts(id string) graph.Operation { return graph.Operation{Do: graph.Revert, ID: "change:" + id} }

// TestRandomReverts undoes changes and imports made by chance: the graph is then as it was but for what is new and retracted,
// and undoing that in its turn brings the change back.
func TestRandomReverts(t *testing.T) {
	seeds := 8
	if testing.Short() {
		seeds = 3
	}
	undone := 0
	for seed := range seeds {
		if seed%3 == 2 {
			bound(t, 1+seed%5, seed/3%10)
		}
		store := graph.Store(storetest.NewModel(domain()))
		if seed%4 == 0 {
			store = openSQLite(t)
		}
		undone += randomReverts(t, store, uint64(seed), 12)
	}
	if undone < 5*seeds {
		t.Errorf("only %d changes were undone", undone)
	}
}

func randomReverts(t *testing.T, store graph.Store, seed uint64, rounds int) (undone int) {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 3)), written: map[string]bool{}}
	w.base()
	w.line(`{"node":"Agency","id":"agency:police","name":"A","type":"POLICE","country":"KH"}`)
	w.line(`{"node":"Source","id":"source:s","seen":true}`)
	apply(t, store, w.take())
	for range 10 {
		w.change()
	}
	apply(t, store, w.take())
	for round := range rounds {
		what := fmt.Sprintf("seed %d, round %d", seed, round)
		before := stateOf(t, store)
		var done []string
		for n := range 1 + w.IntN(3) {
			if id := w.anyChange(t, store, fmt.Sprintf("round-%d-%d-%d", seed, round, n)); id != "" {
				done = append(done, id)
			}
		}
		after := stateOf(t, store)
		for _, id := range slices.Backward(done) {
			commit(t, store, "undo-"+id, reverts(id))
			settled(t, store)
			undone++
		}
		before.restored(t, what, stateOf(t, store))
		if w.IntN(2) == 0 {
			for _, id := range done {
				commit(t, store, "redo-"+id, reverts("undo-"+id))
				settled(t, store)
			}
			if again := stateOf(t, store); again.records != after.records {
				t.Errorf("%s: brought back, the graph is\n%s\nwant\n%s", what, again.records, after.records)
			}
		}
		if t.Failed() {
			return undone
		}
	}
	return undone
}

// anyChange makes a change or an import, and gives its name; none where it did nothing or was refused.
func (w *writer) anyChange(t *testing.T, store graph.Store, id string) string {
	t.Helper()
	if w.IntN(4) == 0 {
		for range 4 {
			w.change()
		}
		if done := apply(t, store, w.take()); done.Sequence > 0 {
			return fmt.Sprintf("import-%d", done.Sequence)
		}
		return ""
	}
	records := lines(t, export(t, store))
	var operations []graph.Operation
	for range 1 + w.IntN(3) {
		operations = append(operations, w.operation(t, records))
	}
	if done, err := tryCommit(store, id, operations...); err != nil || done.Counts == (graph.Counts{Same: done.Counts.Same}) {
		return ""
	}
	return id
}

// state is what can be asked of a graph.
type state struct {
	records   string
	projected []string
}

func stateOf(t *testing.T, store graph.Store) state {
	t.Helper()
	s := state{records: export(t, store)}
	for _, r := range domain().Relations {
		if r.Projection && !r.Ends[0].From.Journal {
			for _, line := range projections(t, store, r.Type) {
				s.projected = append(s.projected, r.Type+" "+line)
			}
		}
	}
	return s
}

// restored holds a later state to this one: what is new is a node that was retracted, or a relationship of one. When a node was
// first published stays known.
func (s state) restored(t *testing.T, what string, now state) {
	t.Helper()
	published := regexp.MustCompile(`^(\{"node":.*),"publishedAt":"[^"]*"`)
	was := map[string]bool{}
	for line := range strings.Lines(s.records) {
		was[published.ReplaceAllString(line, "$1")] = true
	}
	retracted := map[string]bool{}
	for line := range strings.Lines(now.records) {
		line = published.ReplaceAllString(line, "$1")
		if was[line] {
			delete(was, line)
			continue
		}
		switch r := lines(t, line)[0].(type) {
		case *graph.Node:
			if retracted[r.ID] = r.Get(graph.RetractedAt) != nil; !retracted[r.ID] {
				t.Errorf("%s: it was not so: %s", what, line)
			}
		case *graph.Edge:
			if !retracted[r.From] && !retracted[r.To] {
				t.Errorf("%s: it was not so: %s", what, line)
			}
		}
	}
	for line := range was {
		t.Errorf("%s: it was so: %s", what, line)
	}
	if !slices.Equal(s.projected, now.projected) {
		t.Errorf("%s: what follows is\n%s\nwant\n%s", what, strings.Join(now.projected, "\n"), strings.Join(s.projected, "\n"))
	}
}

func TestRevert(t *testing.T) { eachStore(t, testRevert) }

// testRevert: a claim that a change superseded is in force again; sent again it is answered as before; what was changed since is
// not undone, nor is what did nothing.
func testRevert(t *testing.T, store graph.Store) {
	apply(t, store, world)
	was := stateOf(t, store)
	commit(t, store, "nothing", step(t, graph.Create, `{"node":"Source","id":"source:s","title":"Article","seen":true,"publishedAt":"2024-11-11T11:00:00Z"}`))
	rename := func(name string) graph.Operation {
		return byWord(step(t, graph.Update, fmt.Sprintf(`{"node":"Compound","id":"compound:a","name":"%s"}`, name)))
	}
	commit(t, store, "one", rename("Alpha"))
	one := stateOf(t, store)
	commit(t, store, "two", rename("Beta"), retracts("raid:1"))
	refused(t, store, "undo", graph.Conflict, `"compound:a" was changed again, by change 4; undo that first`, reverts("one"))
	refused(t, store, "undo", graph.NotFound, `there is no change "change:none"`, reverts("none"))
	refused(t, store, "undo", graph.Invalid, "in a change of its own", reverts("two"), rename("Gamma"))
	first := commit(t, store, "undo", reverts("two"))
	one.restored(t, "undone", stateOf(t, store))
	if first.Sequence != 5 || first.Counts.Created != 0 || !slices.Contains(first.Nodes, "raid:1") || !slices.Contains(first.Nodes, "compound:a") {
		t.Errorf("%+v", first)
	}
	again := commit(t, store, "undo", reverts("two"))
	if first.Again = true; !reflect.DeepEqual(again, first) {
		t.Errorf("again: %+v, want %+v", again, first)
	}
	same(t, "names", values(t, store, "Compound", "name", "retractedAt", "changedIn"), "compound:a Alpha <nil> 5", "compound:b B <nil> 1")
	refused(t, store, "undo twice", graph.Conflict, "by change 5", reverts("two"))
	// Now all is as the first change left it, which can be undone in its turn.
	commit(t, store, "undo one", reverts("one"))
	was.restored(t, "undone one after the other", stateOf(t, store))
	refused(t, store, "undo nothing", graph.Conflict, "it changed nothing", reverts("nothing"))
	settled(t, store)
}

func TestRevertEdges(t *testing.T) { eachStore(t, revertEdges) }

// revertEdges: relationships that a change wrote, changed or ended are as before, unless others did something to them since.
func revertEdges(t *testing.T, store graph.Store) {
	apply(t, store, world)
	first := stateOf(t, store)
	part := `{"relation":"PARTICIPATED_IN","from":"agency:police","to":"raid:1","role":"%s"}`
	targets := `{"relation":"TARGETED","from":"raid:1","to":"compound:b"}`
	commit(t, store, "more", byWord(step(t, graph.Update, `{"node":"Raid","id":"raid:1"}`+"\n"+fmt.Sprintf(part, "SUPPORT")+"\n"+targets)))
	commit(t, store, "ended", detaches(t, targets))
	second := stateOf(t, store)
	commit(t, store, "back", reverts("ended"))
	refused(t, store, "undo", graph.Conflict, "change:ended", reverts("ended"))
	commit(t, store, "forth", reverts("back"))
	if now := stateOf(t, store); now.records != second.records {
		t.Errorf("%s\nwant\n%s", now.records, second.records)
	}
	commit(t, store, "undo", reverts("more"))
	first.restored(t, "undone", stateOf(t, store))
	// Somebody else writes it anew: the end of the former cannot be undone any more.
	commit(t, store, "anew", byWord(step(t, graph.Update, `{"node":"Raid","id":"raid:1"}`+"\n"+targets)))
	refused(t, store, "undo end", graph.Conflict, "TARGETED from \"raid:1\" to \"compound:b\" was changed again", reverts("ended"))
}
