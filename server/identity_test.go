package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// twoCompounds are the records of one compound from two articles, each with a claim and a raid of its own.
const twoCompounds = `mutation { applyChanges(changeId: "two", changes: [
	{createSource: {id: "source:a", title: "A", seen: true, publishedAt: "2025-02-01T00:00:00Z"}}
	{createCompound: {id: "compound:jin", name: "Jin Bei", names: [{value: "金贝", language: "zh", script: "Hans", kind: OFFICIAL}], form: "hotel", evidence: {citations: [{source: "source:a", verb: SAID}]}}}
	{createCompound: {id: "compound:jinbei-4", name: "Jinbei Four", province: "province:KH-18", place: {text: "Sihanoukville", precision: NEAR},
		evidence: {saidBy: "agency:gcnp-kh", citations: [{source: "source:a", verb: QUOTED}]}}}
	{createRaid: {id: "raid:jin", name: "First", date: {edtf: "2024-03-01"}, compounds: ["compound:jin"], participants: [{node: "agency:gcnp-kh", role: LEAD}], evidence: {citations: [{source: "source:a", verb: SAID}]}}}
	{createRaid: {id: "raid:jin-4", name: "Second", date: {edtf: "2024-04-01"}, compounds: ["compound:jinbei-4"], participants: [{node: "agency:gcnp-kh", role: LEAD}], evidence: {citations: [{source: "source:a", verb: SAID}]}}}
	{createClaim: {id: "claim:active", subject: "compound:jinbei-4", property: "active", value: {period: {edtf: "2024-03-20"}}, citations: [{source: "source:a", verb: SAID}]}}
]) { change { sequence } } }`

// seenOfTwo is what readers see of them, by either id.
const seenOfTwo = `query($id: ID!) { node(id: $id) { id changedIn ... on Compound { name form mergedFrom names { value kind } province { id } place { text } activeAfterRaid
		raids { nodes { id } } claims(where: {property: {eq: "active"}}) { nodes { id saidAbout subject { id } } } } }
	compound(id: $id) { id } nodes(ids: [$id, "compound:jin"]) { id }
	raids(where: {compounds: {some: {id: {eq: $id}}}}) { totalCount }
	claims(where: {and: [{subject: {id: {in: [$id]}}}, {property: {eq: "active"}}]}) { totalCount }
	search(text: "jinbei four", kinds: [COMPOUND]) { nodes { id } }
	compounds(where: {name: {startsWith: "jin"}}) { totalCount }
	raidCounts(by: [COMPOUND], where: {name: {in: ["First", "Second"]}}) { compound { id } raids } }`

// mutationMerges: two records are merged and are two again, over what the API answers by either id.
func mutationMerges(t *testing.T, e *gql.Engine) {
	sent(t, e, twoCompounds, "")
	before := []string{sent(t, e, seenOfTwo, `{"id": "compound:jin"}`), sent(t, e, seenOfTwo, `{"id": "compound:jinbei-4"}`)}
	const merge = `mutation { merge(changeId: "m", ids: ["compound:jinbei-4"], into: "compound:jin", reason: "one address", saidBy: "agency:gcnp-kh", by: "ana", expectedVersion: 3%s) {
		again dryRun change { sequence touched { nodes { id } } } nodes { id ... on Compound { mergedFrom raids { totalCount } } ... on Judgement { verdict record other reason saidBy { id } } } } }`
	payload := func(again, dry string) string {
		return `{"data": {"merge": {"again": ` + again + `, "dryRun": ` + dry + `, "change": {"sequence": 4, "touched": {"nodes": [{"id": "compound:jin"}, {"id": "judgement:m/00001"}]}},
			"nodes": [{"id": "compound:jin", "mergedFrom": ["compound:jinbei-4"], "raids": {"totalCount": 2}},
				{"id": "judgement:m/00001", "verdict": "SAME", "record": "compound:jinbei-4", "other": "compound:jin", "reason": "one address", "saidBy": {"id": "agency:gcnp-kh"}}]}}}`
	}
	answers(t, e, strings.Replace(merge, "%s", ", dryRun: true", 1), "", payload("false", "true"))
	if got := sent(t, e, seenOfTwo, `{"id": "compound:jin"}`); got != before[0] {
		t.Errorf("after a dry run it answers %s", got)
	}
	answers(t, e, strings.Replace(merge, "%s", "", 1), "", payload("false", "false"))
	answers(t, e, strings.Replace(merge, "%s", "", 1), "", payload("true", "false"))
	for _, id := range []string{"compound:jin", "compound:jinbei-4"} {
		answers(t, e, seenOfTwo, `{"id": "`+id+`"}`, `{"data": {
			"node": {"id": "compound:jin", "changedIn": 4, "name": "Jin Bei", "form": "hotel", "mergedFrom": ["compound:jinbei-4"],
				"names": [{"value": "金贝", "kind": "OFFICIAL"}, {"value": "Jinbei Four", "kind": "ALIAS"}], "province": {"id": "province:KH-18"}, "place": {"text": "Sihanoukville"},
				"activeAfterRaid": true, "raids": {"nodes": [{"id": "raid:jin"}, {"id": "raid:jin-4"}]},
				"claims": {"nodes": [{"id": "claim:active", "saidAbout": "compound:jinbei-4", "subject": {"id": "compound:jin"}}]}},
			"compound": {"id": "compound:jin"}, "nodes": [{"id": "compound:jin"}, {"id": "compound:jin"}], "raids": {"totalCount": 2}, "claims": {"totalCount": 1},
			"search": {"nodes": [{"id": "compound:jin"}]}, "compounds": {"totalCount": 1}, "raidCounts": [{"compound": {"id": "compound:jin"}, "raids": 2}]}}`)
	}
	// A write by the old id is the old record's, and readers see it at once.
	const update = `mutation($v: Int!) { updateCompound(changeId: "place", expectedVersion: $v, input: {id: "compound:jinbei-4", place: {text: "Otres", precision: NEAR},
		evidence: {citations: [{source: "source:a", verb: SAID}]}}) { nodes { id ... on Compound { place { text } } ... on Claim { saidAbout supersedes { saidAbout } } } } }`
	if got := sent(t, e, update, `{"v": 3}`); !strings.Contains(got, `it is of change 4, but change 3 was expected`) {
		t.Errorf("a write of an old version is answered by %s", got)
	}
	if got := sent(t, e, update, `{"v": 4}`); !strings.Contains(got, `{"id":"compound:jin","place":{"text":"Otres"}}`) ||
		!strings.Contains(got, `"saidAbout":"compound:jinbei-4","supersedes":{"saidAbout":"compound:jinbei-4"}`) {
		t.Errorf("a write by the old id is answered by %s", got)
	}
	answers(t, e, `{ judgements { nodes { id verdict withdrawnBy { id } } } }`, "", `{"data": {"judgements": {"nodes": [{"id": "judgement:m/00001", "verdict": "SAME", "withdrawnBy": []}]}}}`)
	answers(t, e, `mutation { unmerge(changeId: "u", ids: ["compound:jinbei-4"], reason: "two gates, two owners") { change { sequence } nodes { id ... on Judgement { verdict withdraws { id } } } } }`, "",
		`{"data": {"unmerge": {"change": {"sequence": 6}, "nodes": [{"id": "compound:jinbei-4"}, {"id": "judgement:u/00001", "verdict": "WITHDRAWN", "withdraws": {"id": "judgement:m/00001"}}]}}}`)
	if got := sent(t, e, seenOfTwo, `{"id": "compound:jin"}`); got != before[0] {
		t.Errorf("unmerged it answers\n%s\nwant\n%s", got, before[0])
	}
	want := strings.NewReplacer(`"changedIn":3`, `"changedIn":5`, `"text":"Sihanoukville"`, `"text":"Otres"`).Replace(before[1])
	if got := sent(t, e, seenOfTwo, `{"id": "compound:jinbei-4"}`); got != want {
		t.Errorf("unmerged the other answers\n%s\nwant\n%s", got, want)
	}
}

// similarOffered: records that may be the same are offered with reasons, page by page, until somebody judges.
func similarOffered(t *testing.T, e *gql.Engine) {
	sent(t, e, twoCompounds, "")
	sent(t, e, `mutation { createCompound(changeId: "third", input: {id: "compound:jim", name: "Jim Bei", evidence: {citations: [{source: "source:a", verb: SAID}]}}) { again } }`, "")
	answers(t, e, `{ similar(id: "compound:jin") { totalCount nodes { score node { id ... on Compound { name } } reasons { signal score left right } } } }`, "", `{"data": {"similar": {"totalCount": 2, "nodes": [
		{"score": 0.673, "node": {"id": "compound:jim", "name": "Jim Bei"}, "reasons": [{"signal": "NAME", "score": 0.943, "left": "Jin Bei", "right": "Jim Bei"}]},
		{"score": 0.575, "node": {"id": "compound:jinbei-4", "name": "Jinbei Four"}, "reasons": [{"signal": "NAME", "score": 0.92, "left": "Jin Bei", "right": "Jinbei Four"},
			{"signal": "EVENT", "score": 0, "left": "raid:jin", "right": "raid:jin-4"}]}]}}}`)
	first := sent(t, e, `{ similar(id: "compound:jin", first: 1) { edges { cursor node { node { id } } } pageInfo { hasNextPage } } }`, "")
	if !strings.Contains(first, "compound:jim") || !strings.Contains(first, `"hasNextPage":true`) {
		t.Errorf("the first page is %s", first)
	}
	cursor := strings.Trim(between(first, `"cursor":`, ","), `"`)
	answers(t, e, `query($after: String) { similar(id: "compound:jin", first: 1, after: $after) { nodes { node { id } } pageInfo { hasNextPage } } }`, `{"after": "`+cursor+`"}`,
		`{"data": {"similar": {"nodes": [{"node": {"id": "compound:jinbei-4"}}], "pageInfo": {"hasNextPage": false}}}}`)
	sent(t, e, `mutation { a: notSame(changeId: "n", ids: ["compound:jim"], other: "compound:jin", reason: "another street") { again }
		b: merge(changeId: "m", ids: ["compound:jinbei-4"], into: "compound:jin", reason: "one address") { again } }`, "")
	for _, id := range []string{"compound:jin", "compound:jinbei-4", "compound:jim"} {
		answers(t, e, `query($id: ID!) { similar(id: $id) { totalCount } }`, `{"id": "`+id+`"}`, `{"data": {"similar": {"totalCount": 0}}}`)
	}
	// Withdrawn, from whichever side, they are offered to each other again; the judgement stays, and says what withdrew it.
	const withdraw = `mutation { withdrawNotSame(changeId: "w", ids: ["compound:jin"], other: "compound:jim", reason: "one street, two names", saidBy: "agency:gcnp-kh") {
		again nodes { id ... on Judgement { verdict record other reason saidBy { id } withdraws { id } } } } }`
	for _, again := range []string{"false", "true"} {
		answers(t, e, withdraw, "", `{"data": {"withdrawNotSame": {"again": `+again+`, "nodes": [{"id": "compound:jin"}, {"id": "compound:jim"}, {"id": "judgement:w/00001", "verdict": "WITHDRAWN",
			"record": "compound:jin", "other": "compound:jim", "reason": "one street, two names", "saidBy": {"id": "agency:gcnp-kh"}, "withdraws": {"id": "judgement:n/00001"}}]}}}`)
	}
	for id, other := range map[string]string{"compound:jin": "compound:jim", "compound:jinbei-4": "compound:jim", "compound:jim": "compound:jin"} {
		answers(t, e, `query($id: ID!) { similar(id: $id) { nodes { node { id } } } }`, `{"id": "`+id+`"}`, `{"data": {"similar": {"nodes": [{"node": {"id": "`+other+`"}}]}}}`)
	}
	answers(t, e, `{ judgement(id: "judgement:n/00001") { verdict reason withdrawnBy { id } } judged: judgements(where: {verdict: {eq: NOT_SAME}}) { totalCount } }`, "",
		`{"data": {"judgement": {"verdict": "NOT_SAME", "reason": "another street", "withdrawnBy": [{"id": "judgement:w/00001"}]}, "judged": {"totalCount": 1}}}`)
	// In one change: two judgements and the withdrawal of both, then one that stands.
	answers(t, e, `mutation { applyChanges(changeId: "x", changes: [
		{notSame: {ids: ["compound:jim"], other: "compound:jin", reason: "r"}} {notSame: {ids: ["compound:jin"], other: "compound:jim", reason: "r"}}
		{withdrawNotSame: {ids: ["compound:jim", "compound:jim"], other: "compound:jin", reason: "r"}} {notSame: {ids: ["compound:jim"], other: "compound:jin", reason: "r"}}]) { again } }`, "",
		`{"data": {"applyChanges": {"again": false}}}`)
	answers(t, e, `{ similar(id: "compound:jim") { totalCount } judgements(where: {verdict: {eq: NOT_SAME}}, orderBy: [{field: ID}]) { nodes { id withdrawnBy { id } } } }`, "",
		`{"data": {"similar": {"totalCount": 0}, "judgements": {"nodes": [{"id": "judgement:n/00001", "withdrawnBy": [{"id": "judgement:w/00001"}]}, {"id": "judgement:x/00001", "withdrawnBy": [{"id": "judgement:x/00004"}]},
			{"id": "judgement:x/00002", "withdrawnBy": [{"id": "judgement:x/00003"}]}, {"id": "judgement:x/00005", "withdrawnBy": []}]}}}`)
	answers(t, e, `{ a: similar(id: "source:a") { totalCount } b: similar(id: "compound:none") { nodes { score } } }`, "", `{"data": {"a": {"totalCount": 0}, "b": {"nodes": []}}}`)
}

// raidsMerged: of two records of one raid the figures are side by side, and what excludes the other is told; unmerged, it is not.
func raidsMerged(t *testing.T, e *gql.Engine) {
	sent(t, e, twoCompounds, "")
	for raid, n := range map[string]string{"jin": "10", "jin-4": "500"} {
		got := sent(t, e, `mutation { createClaim(changeId: "`+raid+`", input: {id: "claim:`+raid+`", subject: "raid:`+raid+`", property: "figure", measure: FOUND,
			value: {count: {raw: "`+n+`", mode: EXACT, value: `+n+`}}, citations: [{source: "source:a", verb: SAID}]}) { again } }`, "")
		if strings.Contains(got, "errors") {
			t.Fatal(got)
		}
	}
	const question = `{ raid(id: "raid:jin-4") { id contested mergedFrom figure(measure: FOUND) { band { low high } claims { saidAbout } } }
		raids(where: {figure: {measure: {eq: FOUND}, contested: {eq: true}}, name: {in: ["First", "Second"]}}) { totalCount }
		contradictions(about: "raid:jin-4") { totalCount } search(text: "second", kinds: [RAID]) { nodes { id } }
		raidCounts(by: [MONTH], measure: FOUND, where: {name: {in: ["First", "Second"]}}) { raids people } }`
	apart := sent(t, e, question, "")
	answers(t, e, `mutation { applyChanges(changeId: "m", changes: [{merge: {ids: ["raid:jin-4"], into: "raid:jin", reason: "one night"}}]) { nodes { id } } }`, "",
		`{"data": {"applyChanges": {"nodes": [{"id": "raid:jin"}, {"id": "judgement:m/00001"}]}}}`)
	answers(t, e, question, "", `{"data": {"raid": {"id": "raid:jin", "contested": true, "mergedFrom": ["raid:jin-4"], "figure": {"band": {"low": 10, "high": 500},
		"claims": [{"saidAbout": "raid:jin"}, {"saidAbout": "raid:jin-4"}]}}, "raids": {"totalCount": 1}, "contradictions": {"totalCount": 2}, "search": {"nodes": [{"id": "raid:jin"}]},
		"raidCounts": [{"raids": 1, "people": 10}]}}`)
	sent(t, e, `mutation { unmerge(changeId: "u", ids: ["raid:jin-4"], reason: "two nights") { again } }`, "")
	if got := sent(t, e, question, ""); got != apart {
		t.Errorf("unmerged it answers\n%s\nwant\n%s", got, apart)
	}
}

// TestMergeRefused: what cannot be merged gets one error that says why, and nothing is applied.
func TestMergeRefused(t *testing.T) {
	e := engineOver(t, sampleSQLite(t))
	sent(t, e, twoCompounds, "")
	sent(t, e, `mutation { merge(changeId: "m", ids: ["compound:jinbei-4"], into: "compound:jin", reason: "r") { again } }`, "")
	for _, c := range []struct{ mutation, want string }{
		{`merge(changeId: "x", ids: ["compound:jin"], into: "compound:jin", reason: "r")`, `"compound:jin\" cannot be merged into itself`},
		{`merge(changeId: "x", ids: ["compound:jin"], into: "compound:jinbei-4", reason: "r")`, `is itself merged into \"compound:jin\"`},
		{`merge(changeId: "x", ids: ["compound:jinbei-4"], into: "compound:jin", reason: "r")`, `is merged into \"compound:jin\" already, by \"judgement:m/00001\"`},
		{`merge(changeId: "x", ids: ["compound:jin"], into: "raid:jin", reason: "r")`, `only records of one kind are merged`},
		{`merge(changeId: "x", ids: ["claim:active"], into: "claim:active", reason: "r")`, `of the kind Claim, and those are not merged`},
		{`merge(changeId: "x", ids: ["compound:jim"], into: "compound:jin", reason: "r")`, `there is no \"compound:jim\"; did you mean compound:jin?`},
		{`merge(changeId: "x", ids: [` + strings.Repeat(`"compound:jin" `, graph.MaxList+1) + `], into: "compound:jin", reason: "r")`, `ids: it has over`},
		{`merge(changeId: "x", ids: [], into: "compound:jin", reason: "r")`, `ids is empty`},
		{`merge(changeId: "x", ids: ["compound:jin"], into: "compound:steung", reason: " ")`, `reason is empty`},
		{`merge(changeId: "x", ids: ["compound:jin"], into: "compound:jin", reason: "r", saidBy: "raid:jin")`, `saidBy: \"raid:jin\" is of the kind Raid, but here belongs Official`},
		{`unmerge(changeId: "x", ids: ["compound:jin"], reason: "r")`, `is merged into nothing, but \"compound:jinbei-4\" is merged into it: unmerge that`},
		{`unmerge(changeId: "x", ids: ["raid:jin"], reason: "r")`, `\"raid:jin\" is not merged`},
		{`unmerge(changeId: "x", ids: ["compound:jinbei-4"], reason: "r", expectedVersion: 1)`, `it is of change 4, but change 1 was expected`},
		{`notSame(changeId: "x", ids: ["compound:jin"], other: "compound:jinbei-4", reason: "r")`, `are merged: unmerge them first`},
		{`notSame(changeId: "x", ids: ["compound:jin"], other: "compound:jin", reason: "r")`, `is the same as itself`},
		{`withdrawNotSame(changeId: "x", ids: ["compound:jin"], other: "compound:jinbei-4", reason: "r")`, `no judgement stands that \"compound:jin\" is not \"compound:jinbei-4\"`},
		{`withdrawNotSame(changeId: "x", ids: ["compound:jin"], other: "compound:none", reason: "r")`, `there is no \"compound:none\"`},
		{`withdrawNotSame(changeId: "x", ids: [], other: "compound:jin", reason: "r")`, `ids is empty`},
		{`withdrawNotSame(changeId: "x", ids: ["compound:jin"], other: "compound:jin", reason: "")`, `reason is empty`},
		{`applyChanges(changeId: "x", changes: [{withdrawNotSame: {ids: ["compound:jin"], other: "compound:jin", reason: "r"}, expectedVersion: 1}])`, `it goes with update, retract, merge and unmerge`},
		{`retractRelation(changeId: "x", relation: {type: SAID_BY, from: "judgement:m/00001", to: "agency:gcnp-kh"})`, `a judgement is never changed`},
		{`applyChanges(changeId: "x", changes: [{notSame: {ids: ["compound:jin"], other: "raid:jin", reason: "r"}}])`, `changes.0.notSame: \"compound:jin\" is of the kind Compound`},
		{`applyChanges(changeId: "x", changes: [{notSame: {ids: ["compound:jin"], other: "compound:jin", reason: "r"}, expectedVersion: 1}])`, `it goes with update, retract, merge and unmerge`},
	} {
		if got := sent(t, e, "mutation { "+c.mutation+" { again } }", ""); !strings.Contains(got, c.want) {
			t.Errorf("%s is answered by %s, want %s", c.mutation, got, c.want)
		}
	}
	answers(t, e, `{ changes { totalCount } judgements { totalCount } }`, "", `{"data": {"changes": {"totalCount": 4}, "judgements": {"totalCount": 1}}}`)
}

// TestMergeOverHTTP: a merge, the old id, and what it was merged from, by requests of a client.
func TestMergeOverHTTP(t *testing.T) {
	store := sampleSQLite(t)
	e := engineOver(t, store)
	sent(t, e, twoCompounds, "")
	server := httptest.NewServer(newHandler(e, store, e.SDL(), gql.Limits{}, "example", nil))
	defer server.Close()
	post := func(query string) string {
		t.Helper()
		body, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.Client().Post(server.URL+"/graphql", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, c := range []struct{ query, want string }{
		{`mutation { merge(changeId: "m", ids: ["compound:jinbei-4"], into: "compound:jin", reason: "r") { nodes { id } } }`, `{"data":{"merge":{"nodes":[{"id":"compound:jin"},{"id":"judgement:m/00001"}]}}}`},
		{`{ node(id: "compound:jinbei-4") { id ... on Compound { mergedFrom } } }`, `{"data":{"node":{"id":"compound:jin","mergedFrom":["compound:jinbei-4"]}}}`},
		{`mutation { unmerge(changeId: "u", ids: ["compound:jinbei-4"], reason: "r") { nodes { id } } }`, `{"data":{"unmerge":{"nodes":[{"id":"compound:jinbei-4"},{"id":"judgement:u/00001"}]}}}`},
		{`{ node(id: "compound:jinbei-4") { id ... on Compound { mergedFrom } } }`, `{"data":{"node":{"id":"compound:jinbei-4","mergedFrom":[]}}}`},
	} {
		if got := post(c.query); got != c.want {
			t.Errorf("%s is answered by %s, want %s", c.query, got, c.want)
		}
	}
}

// TestImportAfterMerge: a case file that refers to records that were merged meanwhile is imported as before, and changes nothing.
func TestImportAfterMerge(t *testing.T) {
	m, store := model(t), sampleSQLite(t)
	e := engineOver(t, store)
	for i, merge := range []string{`ids: ["compound:kampong-speu-unnamed"], into: "compound:steung-meanchey-unnamed"`, `ids: ["province:KH-12"], into: "province:KH-5"`,
		`ids: ["agency:gcnp-kh"], into: "agency:moi-kh"`} {
		if got := sent(t, e, fmt.Sprintf(`mutation { merge(changeId: "m%d", %s, reason: "r") { again } }`, i, merge), ""); strings.Contains(got, "errors") {
			t.Fatal(got)
		}
	}
	before := exported(t, store)
	loadSample(t, store, m)
	answers(t, e, `{ changes { totalCount } }`, "", `{"data": {"changes": {"totalCount": 5}}}`)
	if after := exported(t, store); len(after) != len(before) {
		t.Errorf("an export has %d records, and had %d", len(after), len(before))
	}
	diff, err := graph.Rebuild(context.Background(), store, m.Graph)
	if err != nil || diff.Any() {
		t.Errorf("rebuilding: %+v, %v", diff, err)
	}
}
