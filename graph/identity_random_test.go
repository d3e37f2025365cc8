package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// TestRandomMerges merges and unmerges by chance among changes and imports, beside a twin in which nothing is ever merged: what was
// said is the same in both, rebuilding finds no difference, an export gives the same graph again, and once all is unmerged, so
// is what readers see.
func TestRandomMerges(t *testing.T) {
	seeds := 8
	if testing.Short() {
		seeds = 3
	}
	for seed := range seeds {
		if seed%3 == 2 {
			bound(t, 1+seed%5, seed/3%10)
		}
		store := graph.Store(storetest.NewModel(domain()))
		if seed%4 == 0 {
			store = openSQLite(t)
		}
		randomMerges(t, store, uint64(seed), 20)
	}
}

func randomMerges(t *testing.T, store graph.Store, seed uint64, rounds int) {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 3)), written: map[string]bool{}}
	w.base()
	w.line(`{"node":"Agency","id":"agency:police","name":"A","type":"POLICE","country":"KH"}`)
	w.line(`{"node":"Source","id":"source:s","seen":true}`)
	first := w.take()
	twin := graph.Store(storetest.NewModel(domain()))
	apply(t, store, first)
	apply(t, twin, first)
	merges := 0
	for round := range rounds {
		what := fmt.Sprintf("seed %d, round %d", seed, round)
		op := w.judgement(t, store)
		if _, err := tryCommit(store, fmt.Sprintf("judge-%d", round), op); err == nil {
			merges++
		} else if c := graph.CodeOf(err); c != graph.Invalid && c != graph.Conflict {
			t.Fatalf("%s: %+v: %v", what, op.Judging, err)
		}
		w.settled(t, what+", judged", store, twin)
		for range 4 {
			w.change()
		}
		text := w.take()
		apply(t, store, text)
		apply(t, twin, text)
		w.settled(t, what+", imported", store, twin)
		id := fmt.Sprintf("round-%d", round)
		other := w.operation(t, lines(t, export(t, twin)))
		_, err := tryCommit(store, id, other)
		_, wanted := tryCommit(twin, id, other)
		if graph.CodeOf(err) != graph.CodeOf(wanted) {
			t.Fatalf("%s: %v, without merges %v, of %+v", what, err, wanted, other)
		}
		w.settled(t, what+", changed", store, twin)
	}
	if merges < rounds/4 {
		t.Errorf("seed %d: only %d merges", seed, merges)
	}
	merged, err := graph.Merged(context.Background(), store, domain())
	if err != nil {
		t.Fatal(err)
	}
	for record := range merged {
		commit(t, store, "unmerge-"+record, judges(graph.Unmerge, "", record))
	}
	w.settled(t, fmt.Sprintf("seed %d, unmerged", seed), store, twin)
	same(t, fmt.Sprintf("seed %d, unmerged", seed), view(t, store), view(t, twin)...)
	same(t, fmt.Sprintf("seed %d, versions", seed), replaced(t, store), replaced(t, twin)...)
	same(t, fmt.Sprintf("seed %d, touched", seed), touchedBy(t, store), touchedBy(t, twin)...)
}

// replaced are the records of which versions are kept, and what they were.
func replaced(t *testing.T, store graph.Store) []string {
	t.Helper()
	var out []string
	for _, line := range values(t, store, "Version", "record", "state") {
		_, version, _ := strings.Cut(line, " ")
		out = append(out, version)
	}
	slices.Sort(out)
	return out
}

// touchedBy is what changes touched that are no judgements.
func touchedBy(t *testing.T, store graph.Store) []string {
	t.Helper()
	var out []string
	for _, line := range projections(t, store, "TOUCHED", "how") {
		if strings.HasPrefix(line, "change:round-") {
			out = append(out, line)
		}
	}
	return out
}

// settled holds a store against its twin, against what rebuilding makes of it, and against its own export in a new store.
func (w *writer) settled(t *testing.T, what string, store, twin graph.Store) {
	t.Helper()
	text := export(t, store)
	if got, want := withoutJudgements(text), export(t, twin); got != want {
		t.Fatalf("%s: what was said is\n%s\nand without merges\n%s", what, got, want)
	}
	diff, err := graph.Rebuild(context.Background(), store, domain())
	if err != nil || diff.Any() {
		t.Fatalf("%s: rebuilding: %+v, %v", what, diff, err)
	}
	again := storetest.NewModel(domain())
	apply(t, again, text)
	if got := export(t, again); got != text {
		t.Fatalf("%s: exported, imported and exported again is\n%s\nand was\n%s", what, got, text)
	}
	if same(t, what, view(t, again), view(t, store)...); t.Failed() {
		t.FailNow()
	}
}

// judgement is a merge, an unmerge or a judgement that two are not the same.
func (w *writer) judgement(t *testing.T, store graph.Store) graph.Operation {
	t.Helper()
	kind := w.one("compound", "compound", "raid", "raid", "agency", "official", "nationality", "repatriation", "embassy")
	record, other := w.id(kind, 3), w.id(kind, 3)
	merged, err := graph.Merged(context.Background(), store, domain())
	if err != nil {
		t.Fatal(err)
	}
	switch n := w.IntN(8); {
	case n < 3 && len(merged) > 0:
		var records []string
		for record := range merged {
			records = append(records, record)
		}
		slices.Sort(records)
		return judges(graph.Unmerge, "", records[w.IntN(len(records))])
	case n == 3:
		return judges(graph.NotSame, other, record)
	}
	return judges(graph.Merge, other, record)
}

func judges(do graph.Do, other string, ids ...string) graph.Operation {
	return graph.Operation{Do: do, Judging: &graph.Judging{IDs: ids, Other: other, Reason: "they say so", SaidBy: "agency:police"}}
}

// withoutJudgements is an export without the lines that say who judged.
func withoutJudgements(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, `"judgement:`) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// view is all that readers see, but for the journal and the changes that last wrote.
func view(t *testing.T, store graph.Store) []string {
	t.Helper()
	apart := []string{"Change", "Version", "Beginning", "OwnRecord", "Judgement"}
	shown := func(fields []*graph.Field) []string {
		var out []string
		for _, f := range fields {
			if f.Name != graph.ChangedIn && f.Name != graph.RecordedAt {
				out = append(out, f.Name)
			}
		}
		return out
	}
	var out []string
	for _, k := range domain().Kinds {
		if !slices.Contains(apart, k.Name) {
			out = append(out, values(t, store, k.Name, shown(k.Fields)...)...)
		}
	}
	for _, r := range domain().Relations {
		if r.Type == "TOUCHED" || r.Type == "WITHDRAWS" {
			continue
		}
		for _, line := range projections(t, store, r.Type, shown(r.Props)...) {
			if !strings.HasPrefix(line, "judgement:") {
				out = append(out, r.Type+" "+line)
			}
		}
	}
	return out
}
