package graph_test

import (
	"context"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

func TestPurge(t *testing.T) { eachStore(t, purge) }

// purge: what goes is nowhere any more, with what is nothing without it; the rest is as if it had never been there; its id is taken.
func purge(t *testing.T, store graph.Store) {
	apply(t, store, world+
		claim("200", "raid:1", figure("FOUND", "200", `"mode":"EXACT","value":200`))+
		claim("606", "raid:1", figure("DETAINED", "606", `"mode":"EXACT","value":606`), link("SAID_BY", "claim:606", "official:sok"))+
		claim("a", "compound:a", `"property":"form","value":{"type":"Text","text":"casino"}`))
	commit(t, store, "rename", byWord(step(t, graph.Update, `{"node":"Compound","id":"compound:a","name":"Alpha"}`)))
	apply(t, store, `{"node":"Compound","id":"compound:a","name":"Beta"}`)
	apply(t, store, link("MADE_BY", "statement:1", "agency:gdi")+"\n"+link("MADE_BY", "statement:1", "official:sok"))
	ids := func(of ...string) graph.Purge {
		return graph.Purge{IDs: of, Reason: "a court", By: "counsel", At: testNow}
	}
	for _, refused := range []struct {
		purge graph.Purge
		code  graph.Code
		want  string
	}{
		{graph.Purge{IDs: []string{"compound:a"}}, graph.Invalid, "names what goes, and why"},
		{ids("compound:none"), graph.NotFound, `there is no "compound:none"`},
		{ids("change:rename"), graph.Invalid, "is of the journal"},
	} {
		if _, err := refused.purge.Apply(context.Background(), store, domain()); graph.CodeOf(err) != refused.code || !strings.Contains(err.Error(), refused.want) {
			t.Errorf("%+v is refused by %v", refused.purge, err)
		}
	}
	before := whole(t, store)
	dry := ids("compound:a", "claim:606")
	dry.DryRun = true
	would, err := dry.Apply(context.Background(), store, domain())
	if err != nil {
		t.Fatal(err)
	}
	alike(t, "a dry run", whole(t, store), before)
	done, err := ids("compound:a", "claim:606").Apply(context.Background(), store, domain())
	if err != nil || strings.Join(done.Nodes, " ") != strings.Join(would.Nodes, " ") || done.Records != would.Records || done.Sequence != would.Sequence {
		t.Fatalf("%+v, %v; the dry run said %+v", done, err, would)
	}
	for _, line := range append(whole(t, store), values(t, store, "Version", "record", "state")...) {
		for _, word := range []string{"compound:a", "claim:606", "claim:a ", "claim:a\"", "Alpha", "Beta", "606"} {
			if strings.Contains(line, word) {
				t.Errorf("%s is still there: %s", word, line)
			}
		}
	}
	same(t, "contested", values(t, store, "Raid", "contested"), "raid:1 false", "raid:2 false")
	same(t, "RAIDED", projections(t, store, "RAIDED", "role"), "agency:police compound:b ANNOUNCED", "agency:police compound:b LEAD")
	settled(t, store)
	stones := values(t, store, "Tombstone", "kind", "asked", "reason", "by")
	asked := 0
	for _, s := range stones {
		if strings.HasSuffix(s, " a court counsel") && strings.Contains(s, " true ") {
			asked++
		}
	}
	if asked != 2 || len(stones) != len(done.Nodes) {
		t.Errorf("of %v there is left %v", done.Nodes, stones)
	}
	back := graph.Changes{Records: sequence(lines(t, `{"node":"Compound","id":"compound:a","name":"A"}`))}
	if _, err := graph.Apply(context.Background(), store, domain(), back); graph.CodeOf(err) != graph.Conflict || !strings.Contains(err.Error(), "was purged (a court)") {
		t.Errorf("it comes back: %v", err)
	}
	// A source takes with it what it alone tells.
	done, err = ids("source:s").Apply(context.Background(), store, domain())
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(done.Nodes, " "); !strings.Contains(got, "statement:1") || !strings.Contains(got, "claim:200") {
		t.Errorf("with the source went %s", got)
	}
	settled(t, store)
}
