package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

func TestFindSimilar(t *testing.T) { eachStore(t, findSimilar) }

// findSimilar: candidates come by names in any script, by shared events and by dates; those that were judged, merged or retracted do not.
func findSimilar(t *testing.T, store graph.Store) {
	apply(t, store, world+`
		{"node":"Province","id":"province:KH-18","name":"Preah Sihanouk","iso":"KH-18","country":"KH"}
		{"node":"Compound","id":"compound:jin","name":"Jin Bei","names":[{"value":"金贝娱乐城","kind":"OFFICIAL"}]}
		{"node":"Compound","id":"compound:jinbei","name":"Jinbei"}
		{"node":"Compound","id":"compound:zh","name":"Golden Shell","names":[{"value":"金贝","kind":"ALIAS"}]}
		{"node":"Compound","id":"compound:other","name":"White Sands"}
		{"node":"Raid","id":"raid:3","name":"Raid in Sihanoukville","date":{"edtf":"2025-01-06"}}
		{"node":"Raid","id":"raid:4","name":"Sihanoukville police operation","date":{"edtf":"2025-01-07"}}
		{"node":"Raid","id":"raid:5","name":"Crackdown","date":{"edtf":"2025-01"}}
		{"relation":"TARGETED","from":"raid:3","to":"compound:jin"}
		{"relation":"TARGETED","from":"raid:4","to":"compound:jin"}
		{"relation":"LOCATED_IN","from":"raid:3","to":"province:KH-18"}
		{"relation":"LOCATED_IN","from":"raid:5","to":"province:KH-18"}`)
	found := func(id string) []string {
		t.Helper()
		similar, err := graph.FindSimilar(context.Background(), store, domain(), id)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range similar {
			signals := ""
			for _, r := range s.Reasons {
				signals += fmt.Sprintf(" %s %.2f", r.Signal, r.Score)
			}
			out = append(out, fmt.Sprintf("%s %.2f:%s", s.ID, s.Score, signals))
		}
		return out
	}
	same(t, "compounds", found("compound:jin"), "compound:jinbei 0.71: NAME 1.00", "compound:zh 0.60: NAME 0.84")
	same(t, "the other way round", found("compound:zh"), "compound:jin 0.60: NAME 0.84")
	same(t, "raids", found("raid:3"), "raid:4 0.67: NAME 0.71 EVENT 1.00 DATE 0.93", "raid:5 0.61: NAME 0.54 PROVINCE 1.00 DATE 1.00")
	commit(t, store, "not", judges(graph.NotSame, "compound:jin", "compound:jinbei"))
	same(t, "judged", found("compound:jin"), "compound:zh 0.60: NAME 0.84")
	same(t, "judged, from the other", found("compound:jinbei"))
	commit(t, store, "merge", judges(graph.Merge, "compound:zh", "compound:jin"))
	same(t, "merged", found("compound:jin"))
	same(t, "judged of what was merged", found("compound:jinbei"))
	commit(t, store, "unmerge", judges(graph.Unmerge, "", "compound:jin"), retracts("compound:zh"))
	same(t, "retracted", found("compound:jin"))
	// 50 are taken of those whose names begin alike, itself among them.
	for i, name := range []string{"Dara Chan", "Vichea Phal"} {
		var b strings.Builder
		for n := range 50 + i {
			fmt.Fprintf(&b, `{"node":"Official","id":"official:%d-%02d","name":"%s"}`+"\n", i, n, name)
		}
		apply(t, store, b.String())
		if got := len(found(fmt.Sprintf("official:%d-00", i))); got != 49 {
			t.Errorf("of %d that are alike %d others are found", 50+i, got)
		}
	}
	same(t, "of nothing", found("compound:none"))
	same(t, "of what is not merged", found("source:s"))
	if _, err := graph.FindSimilar(context.Background(), store, domain(), "no id"); graph.CodeOf(err) != graph.Invalid {
		t.Errorf("what is no id is answered by %v", err)
	}
}
