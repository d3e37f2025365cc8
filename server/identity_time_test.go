package main

import (
	"context"
	"path/filepath"
	"strings"
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
	heard, resp := elsewhere.Subscribe(t.Context(), gql.Request{Query: `subscription { changes(about: "compound:bei") { note } }`})
	if heard == nil {
		t.Fatalf("%s", resp.Body)
	}
	sent(t, here, `mutation { merge(changeId: "m", note: "one", ids: ["compound:bei"], into: "compound:jin", reason: "r") { again } }`, "")
	if got := sent(t, here, question, ""); got != merged {
		t.Errorf("where it was merged it answers %s", got)
	}
	// Who listens there misses nothing meanwhile, though the journal has the other id now.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if events, resp := heard.Next(ctx); len(events) != 1 || string(events[0].Body) != `{"data":{"changes":{"note":"one"}}}` {
		t.Errorf("told are %v %v", events, resp)
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

// changesMerged: changes about a node are those of all records that are one now, by whichever of their ids it is asked, from before the
// merge too; those of one are told alone once they are two again.
func changesMerged(t *testing.T, e *gql.Engine) {
	sent(t, e, twoCompounds, "")
	for _, id := range []string{"compound:jinbei-4", "compound:jin"} {
		sent(t, e, `mutation { updateCompound(changeId: "place-`+strings.TrimPrefix(id, "compound:")+`", input: {id: "`+id+`", place: {text: "Otres", precision: NEAR}, evidence: {citations: [{source: "source:a", verb: SAID}]}}) { again } }`, "")
	}
	sent(t, e, `mutation { merge(changeId: "m", ids: ["compound:jinbei-4"], into: "compound:jin", reason: "r") { again } }`, "")
	sent(t, e, `mutation { updateCompound(changeId: "after", input: {id: "compound:jinbei-4", place: {text: "Ream", precision: NEAR}, evidence: {citations: [{source: "source:a", verb: SAID}]}}) { again } }`, "")
	sequences := func(id string, last int64) string {
		t.Helper()
		var told []string
		for _, body := range toldUpTo(t, e, `subscription { changes(after: 2, about: "`+id+`") { sequence } }`, last) {
			told = append(told, between(body, `"sequence":`, "}"))
		}
		listed := sent(t, e, `{ changes(where: {sequence: {gt: 2}, touched: {some: {id: {eq: "`+id+`"}}}}, orderBy: [{field: SEQUENCE}]) { nodes { sequence } } }`, "")
		if want := `{"data":{"changes":{"nodes":[{"sequence":` + strings.Join(told, `},{"sequence":`) + `}]}}}`; listed != want {
			t.Errorf("%s: %v are told, and listed is %s", id, told, listed)
		}
		return strings.Join(told, " ")
	}
	for _, id := range []string{"compound:jin", "compound:jinbei-4"} {
		if got := sequences(id, 7); got != "3 4 5 6 7" {
			t.Errorf("about %s: %s", id, got)
		}
	}
	sent(t, e, `mutation { unmerge(changeId: "u", ids: ["compound:jinbei-4"], reason: "r") { again } }`, "")
	for id, want := range map[string]string{"compound:jin": "3 5 6 8", "compound:jinbei-4": "3 4 6 7 8"} {
		if got := sequences(id, 8); got != want {
			t.Errorf("unmerged, about %s: %s, want %s", id, got, want)
		}
	}
}

// toldUpTo are the events of a subscription up to a change.
func toldUpTo(t *testing.T, e *gql.Engine, query string, last int64) []string {
	t.Helper()
	s, resp := e.Subscribe(t.Context(), gql.Request{Query: query})
	if s == nil {
		t.Fatalf("%s", resp.Body)
	}
	var bodies []string
	for at := int64(0); at < last; {
		events, resp := s.Next(t.Context())
		if resp != nil || len(events) == 0 {
			t.Fatalf("%v", resp)
		}
		for _, event := range events {
			bodies, at = append(bodies, string(event.Body)), event.Sequence
		}
	}
	return bodies
}
