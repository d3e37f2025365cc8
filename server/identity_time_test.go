package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/asof"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// TestMergeElsewhere: what another server on the same database merges is known within a second or so.
func TestMergeElsewhere(t *testing.T) {
	m := model(t)
	path := filepath.Join(t.TempDir(), "shared.db")
	open := func() *gql.Engine {
		store, err := sqlite.Open(context.Background(), sqlite.Config{Path: path, Schema: m.Graph})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		return engineOver(t, store)
	}
	here := open()
	sent(t, here, `mutation { applyChanges(changeId: "base", changes: [{createSource: {id: "source:a", seen: true}}
		{createCompound: {id: "compound:jin", name: "Jin", evidence: {citations: [{source: "source:a", verb: SAID}]}}}
		{createCompound: {id: "compound:bei", name: "Bei", evidence: {citations: [{source: "source:a", verb: SAID}]}}}]) { again } }`, "")
	elsewhere := open()
	const question, merged = `{ node(id: "compound:bei") { id } }`, `{"data":{"node":{"id":"compound:jin"}}}`
	if got := sent(t, elsewhere, question, ""); got != `{"data":{"node":{"id":"compound:bei"}}}` {
		t.Fatalf("before it answers %s", got)
	}
	sent(t, here, `mutation { merge(changeId: "m", ids: ["compound:bei"], into: "compound:jin", reason: "r") { again } }`, "")
	if got := sent(t, here, question, ""); got != merged {
		t.Errorf("where it was merged it answers %s", got)
	}
	start := time.Now()
	for got := ""; got != merged; time.Sleep(10 * time.Millisecond) {
		if got = sent(t, elsewhere, question, ""); got != merged && time.Since(start) > 5*time.Second {
			t.Fatalf("elsewhere it still answers %s", got)
		}
	}
}

// TestMergedAsOf: as of a moment an id is that of what readers saw then, in one request with what they see now.
func TestMergedAsOf(t *testing.T) {
	m := model(t)
	store := sampleSQLite(t)
	day := func(month time.Month) time.Time { return time.Date(2027, month, 1, 0, 0, 0, 0, time.UTC) }
	var records []graph.Record
	for _, line := range []string{`{"node":"Source","id":"source:a","seen":true}`, `{"node":"Compound","id":"compound:jin","name":"Jin"}`, `{"node":"Compound","id":"compound:bei","name":"Jin"}`,
		`{"node":"Claim","id":"claim:a","property":"form","value":{"type":"Text","text":"hotel"}}`, `{"relation":"SUBJECT","from":"claim:a","to":"compound:bei"}`,
		`{"relation":"CITES","from":"claim:a","to":"source:a","chain":0,"hop":0,"verb":"SAID"}`} {
		r, err := graph.DecodeRecord(m.Graph, []byte(line))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	ctx := context.Background()
	if _, err := graph.Apply(ctx, store, m.Graph, graph.Changes{Now: day(1), Records: func(yield func(graph.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}}); err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Commit(ctx, store, m.Graph, graph.Change{ID: "m", At: day(3), Operations: []graph.Operation{{Do: graph.Merge,
		Judging: &graph.Judging{IDs: []string{"compound:bei"}, Other: "compound:jin", Reason: "r"}}}}); err != nil {
		t.Fatal(err)
	}
	past := asof.New(asof.Config{Store: store, Schema: m.Graph, Dir: t.TempDir()})
	defer past.Close()
	e, err := gql.New(gql.Config{Model: m, Store: store, Past: past, Now: func() time.Time { return day(6) }})
	if err != nil {
		t.Fatal(err)
	}
	answers(t, e, `query($id: ID!) { now: node(id: $id) { id } then: node(id: $id, asOf: {recorded: "2027-02-01"}) { id ... on Compound { mergedFrom claims { nodes { saidAbout subject { id } } } } }
		later: compound(id: $id, asOf: {recorded: "2027-04-01"}) { id claims { nodes { saidAbout subject { id } } } }
		similar(id: $id, asOf: {recorded: "2027-02-01"}) { nodes { node { id } } } nowSimilar: similar(id: $id) { totalCount }
		knowledgeDiff(about: $id, from: {recorded: "2026-12-01"}, to: {recorded: "2027-02-01"}) { newClaims { id } } }`, `{"id": "compound:bei"}`,
		`{"data": {"now": {"id": "compound:jin"}, "then": {"id": "compound:bei", "mergedFrom": [], "claims": {"nodes": [{"saidAbout": "compound:bei", "subject": {"id": "compound:bei"}}]}},
			"later": {"id": "compound:jin", "claims": {"nodes": [{"saidAbout": "compound:bei", "subject": {"id": "compound:jin"}}]}},
			"similar": {"nodes": [{"node": {"id": "compound:jin"}}]}, "nowSimilar": {"totalCount": 0}, "knowledgeDiff": {"newClaims": [{"id": "claim:a"}]}}}`)
}
