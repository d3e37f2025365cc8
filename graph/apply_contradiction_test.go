package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

func TestApplyContradictions(t *testing.T) { eachStore(t, applyContradictions) }

func applyContradictions(t *testing.T, store graph.Store) {
	exact := func(n int) string { return fmt.Sprintf(`"mode":"EXACT","value":%d`, n) }
	kept := func() []string {
		var out []string
		for _, v := range values(t, store, "KeptContradiction", "kind", "gap", "leftMeasure", "rightMeasure", "origin") {
			_, v, _ = strings.Cut(v, " ") // the id is a hash
			out = append(out, v)
		}
		return out
	}
	ends := func() []string {
		var out []string
		left, right := projections(t, store, "LEFT"), projections(t, store, "RIGHT")
		for i := range left {
			out = append(out, strings.Fields(left[i])[1]+" "+strings.Fields(right[i])[1])
		}
		return out
	}
	apply(t, store, world)
	same(t, "nothing", kept())

	// A tally over two raids is about one of them; a part of it is about the other.
	apply(t, store, claim("tally", "raid:1", figure("FOUND", "500", exact(500))))
	apply(t, store, claim("part", "raid:2", figure("FOUND", "600", exact(600)), link("PART_OF", "claim:part", "claim:tally"), link("SAID_BY", "claim:part", "agency:police")))
	same(t, "a part about another raid", kept(), "CONTAINMENT 100 FOUND FOUND UNKNOWN")
	same(t, "ends", ends(), "claim:tally claim:part")

	// Who said the total decides whether it is word against word, though nothing about the part's raid was written.
	apply(t, store, link("SAID_BY", "claim:tally", "agency:gdi"))
	same(t, "two speakers", kept(), "CONTAINMENT 100 FOUND FOUND SEPARATE")
	settled(t, store)

	// A correction of the total settles it, and the other claim about its raid takes its place.
	apply(t, store, claim("other", "raid:1", figure("FOUND", "450", exact(450)))+
		claim("tally2", "raid:1", figure("FOUND", "700", exact(700)), link("SUPERSEDES", "claim:tally2", "claim:tally")))
	got := ends()
	if len(got) != 2 {
		t.Errorf("the other total: %v", got)
	}
	settled(t, store)

	apply(t, store, claim("date1", "raid:2", `"property":"date","value":{"type":"Period","edtf":"2024-11-01"}`)+
		claim("date2", "raid:2", `"property":"date","value":{"type":"Period","edtf":"2024-11-03"}`))
	if now := kept(); len(now) != 3 {
		t.Errorf("two dates: %v", now)
	}
	settled(t, store)
}

// What was damaged is made whole: a contradiction that is missing, that differs, that is of claims which do not contradict each other, and
// that has no claims.
func TestRebuildContradictions(t *testing.T) { eachStore(t, rebuildContradictions) }

func rebuildContradictions(t *testing.T, store graph.Store) {
	var b strings.Builder
	b.WriteString(world)
	for i, n := range []int{100, 200, 300} {
		b.WriteString(claim(fmt.Sprint("found", i), "raid:1", figure("FOUND", "n", fmt.Sprintf(`"mode":"EXACT","value":%d`, n))))
	}
	b.WriteString(claim("other", "raid:2", figure("FOUND", "n", `"mode":"EXACT","value":7`)))
	apply(t, store, b.String())
	fields := []string{"kind", "place", "gap", "leftMeasure", "rightMeasure", "steps", "origin", "approxWithin"}
	want, s := values(t, store, "KeptContradiction", fields...), domain()
	if len(want) != 3 {
		t.Fatalf("%d contradictions", len(want))
	}
	id := func(i int) string { return strings.Fields(want[i])[0] }
	kept := func(id string) *graph.Node {
		return graph.NewNode(s.Kind("KeptContradiction"), id).Set("kind", "DIRECT").Set("place", int64(1)).Set("steps", []string{"wrong"}).Set("origin", "SAME")
	}
	err := store.Update(t.Context(), func(ctx context.Context, tx graph.Tx) error {
		wrong := []graph.Record{kept(id(1)), kept("contradiction:none"), kept("contradiction:wrong"),
			graph.NewEdge(s.Relation("LEFT"), "contradiction:wrong", "claim:found0"), graph.NewEdge(s.Relation("RIGHT"), "contradiction:wrong", "claim:other")}
		if _, err := tx.Put(ctx, sequence(wrong)); err != nil {
			return err
		}
		return tx.Remove(ctx, sequence([]graph.Record{kept(id(0))}))
	})
	if err != nil {
		t.Fatal(err)
	}
	diff, err := graph.Rebuild(t.Context(), store, s)
	if err != nil {
		t.Fatal(err)
	}
	// One is made with its two relationships, one is put right, and two are taken away.
	if want := (graph.Differences{Created: 3, Changed: 1, Removed: 2}); diff != want {
		t.Errorf("%+v, want %+v", diff, want)
	}
	same(t, "contradictions", values(t, store, "KeptContradiction", fields...), want...)
	settled(t, store)
}

// Of one subject, the pairs with the greatest gaps are kept of each kind, and dates beside many figures.
func TestContradictionsKept(t *testing.T) {
	store := storetest.NewModel(domain())
	var b strings.Builder
	b.WriteString(world)
	for i := range 40 {
		for j, n := range []int{100 + i, 1000 + i} {
			b.WriteString(claim(fmt.Sprintf("figure%d-%d", i, j), "raid:1", figure("FOUND", "n", fmt.Sprintf(`"mode":"EXACT","value":%d`, n))))
		}
	}
	for i := range 2 {
		b.WriteString(claim(fmt.Sprintf("date%d", i), "raid:1", fmt.Sprintf(`"property":"date","value":{"type":"Period","edtf":"2024-11-0%d"}`, 1+i)))
	}
	apply(t, store, b.String())
	count := map[string]int{}
	for _, v := range values(t, store, "KeptContradiction", "kind") {
		count[strings.Fields(v)[1]]++
	}
	if count["DIRECT"] != 1000 || count["DATE"] != 1 {
		t.Errorf("%v are kept, not 1,000 of the 3,160 figures and 1 date", count)
	}
	settled(t, store)
}
