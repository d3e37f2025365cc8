package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
)

// sent is the answer to a request, as compact JSON.
func sent(t *testing.T, e *gql.Engine, query, variables string) string {
	t.Helper()
	resp := e.Execute(context.Background(), gql.Request{Query: query, Variables: json.RawMessage(variables)})
	var v any
	if err := json.Unmarshal(resp.Body, &v); err != nil {
		t.Fatalf("%s: %v", resp.Body, err)
	}
	return compact(t, v)
}

func answers(t *testing.T, e *gql.Engine, query, variables, want string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(want), &v); err != nil {
		t.Fatal(err)
	}
	if got := sent(t, e, query, variables); got != compact(t, v) {
		t.Errorf("%s %s answers\n%s\nwant\n%s", query, variables, got, compact(t, v))
	}
}

// mutationScenarios are what mutations must do on both stores, each over the sample of its own.
var mutationScenarios = []struct {
	name string
	test func(t *testing.T, e *gql.Engine)
}{{"together", mutationsTogether}, {"update", mutationUpdates}, {"several", mutationsApart}, {"absent", mutationAbsent}, {"retract", mutationRetracts},
	{"dry run", mutationDryRun}, {"merge", mutationMerges}, {"similar", similarOffered}, {"merge raids", raidsMerged}, {"changes of merged", changesMerged}, {"inverse", mutationInverse}}

func TestMutations(t *testing.T) {
	for _, s := range mutationScenarios {
		t.Run(s.name, func(t *testing.T) { s.test(t, engineOver(t, sampleSQLite(t))) })
	}
}

func TestMutationsNeo4j(t *testing.T) {
	m := model(t)
	store := neo4jtest.Open(t, m.Graph)
	for _, s := range mutationScenarios {
		t.Run(s.name, func(t *testing.T) {
			neo4jtest.Empty(t, neo4jtest.Config(t, m.Graph))
			loadSample(t, store, m)
			s.test(t, engineOver(t, store))
		})
	}
}

// mutationsTogether: a raid enters with its source, its participants and a figure in one transaction, and is readable in the
// payload and behind it; sent again it does nothing more.
func mutationsTogether(t *testing.T, e *gql.Engine) {
	const change = `mutation($changes: [ChangeInput!]!) { applyChanges(changeId: "night-raid", by: "ana", note: "new", changes: $changes) {
		again change { sequence by note origin created changed retracted same complete touched { totalCount } }
		nodes { id changedIn ... on Raid { name date { edtf from basis } compounds { nodes { id } } participants { edges { role node { id } claims { saidBy { id } publishedAt } } }
			figure(measure: FOUND) { best { raw } claims { id publishedAt } } } } } }`
	const variables = `{"changes": [
		{"createSource": {"id": "source:night", "title": "Night raid", "seen": true, "publishedAt": "2025-01-03T07:00:00+07:00", "versions": [{"note": "first"}]}},
		{"createCompound": {"id": "compound:night", "name": "Night", "names": [{"value": "Nuit", "language": "fr", "kind": "ALIAS"}],
			"place": {"text": "by the river", "precision": "NEAR"}, "evidence": {"citations": {"source": "source:night", "verb": "SAID"}}}},
		{"createRaid": {"id": "raid:night", "name": "Night raid", "date": {"edtf": "2025-01-02"}, "compounds": "compound:night",
			"participants": [{"node": "agency:gcnp-kh", "role": "LEAD"}],
			"evidence": {"saidBy": "agency:gcnp-kh", "saidOn": {"edtf": "2025-01-03"}, "citations": [{"source": "source:night", "verb": "QUOTED"}]}}},
		{"createClaim": {"id": "claim:night", "subject": "raid:night", "property": "figure", "measure": "FOUND",
			"value": {"count": {"raw": "some 20", "mode": "APPROX", "value": 20}}, "citations": [{"source": "source:night", "verb": "SAID"}]}}]}`
	payload := func(again bool) string {
		return fmt.Sprintf(`{"data": {"applyChanges": {"again": %v, "change": {"sequence": 3, "by": "ana", "note": "new", "origin": "MUTATION", "created": 25,
			"changed": 0, "retracted": 0, "same": 0, "complete": true, "touched": {"totalCount": 8}},
		"nodes": [{"id": "source:night", "changedIn": 3}, {"id": "compound:night", "changedIn": 3},
			{"id": "raid:night", "changedIn": 3, "name": "Night raid", "date": {"edtf": "2025-01-02", "from": "2025-01-02", "basis": "STATED"},
				"compounds": {"nodes": [{"id": "compound:night"}]},
				"participants": {"edges": [{"role": "LEAD", "node": {"id": "agency:gcnp-kh"}, "claims": [{"saidBy": {"id": "agency:gcnp-kh"}, "publishedAt": "2025-01-03T00:00:00Z"}]}]},
				"figure": {"best": {"raw": "some 20"}, "claims": [{"id": "claim:night", "publishedAt": "2025-01-03T00:00:00Z"}]}},
			{"id": "claim:night", "changedIn": 3}, {"id": "claim:compound-night/place/23dfbdd281b8", "changedIn": 3},
			{"id": "claim:raid-night/compound/5f415bfa58fd", "changedIn": 3}, {"id": "claim:raid-night/date/885cb9d4b3cf", "changedIn": 3},
			{"id": "claim:raid-night/participant/f1dfc3df2a0f", "changedIn": 3}]}}}`, again)
	}
	answers(t, e, change, variables, payload(false))
	answers(t, e, change, variables, payload(true))
	other := strings.Replace(variables, "some 20", "about 20", 1)
	if got := sent(t, e, change, other); !strings.Contains(got, `"code":"CONFLICT"`) || !strings.Contains(got, "change number 3") {
		t.Errorf("the same id with another content is answered by %s", got)
	}
	answers(t, e, `{ changes(where: {touched: {some: {id: {eq: "raid:night"}}}}, orderBy: [{field: SEQUENCE, direction: DESC}]) { totalCount nodes { id } }
		compound(id: "compound:night") { names { value kind } place { text ncdd } raids { totalCount } } search(text: "nuit") { nodes { id } } }`, "",
		`{"data": {"changes": {"totalCount": 1, "nodes": [{"id": "change:night-raid"}]},
		"compound": {"names": [{"value": "Nuit", "kind": "ALIAS"}], "place": {"text": "by the river", "ncdd": []}, "raids": {"totalCount": 1}},
		"search": {"nodes": [{"id": "compound:night"}]}}}`)
}

// mutationUpdates: a value changes by somebody's word; the claim supersedes, the version moves, and what was is in conflict.
func mutationUpdates(t *testing.T, e *gql.Engine) {
	const update = `mutation($id: ID!, $name: String!, $version: Int) { updateCompound(changeId: $id, expectedVersion: $version, input: {id: "compound:steung-meanchey", form: $name,
		evidence: {citations: [{source: "source:camboja-2024-11-11", verb: PARAPHRASED}]}}) {
		change { sequence changed } nodes { ... on Compound { form changedIn } ... on Claim { property value { ... on Text { text } } supersedes { value { ... on Text { text } } } } } } }`
	source := strings.Trim(between(sent(t, e, `{ sources(first: 1) { nodes { id } } }`, ""), `"id":`, "}"), `"`)
	compound := strings.Trim(between(sent(t, e, `{ compounds(where: {form: {isNull: false}}, first: 1) { nodes { id } } }`, ""), `"id":`, "}"), `"`)
	query := strings.NewReplacer("source:camboja-2024-11-11", source, "compound:steung-meanchey", compound).Replace(update)
	got := sent(t, e, query, `{"id": "form", "name": "casino", "version": 2}`)
	if !strings.Contains(got, `"change":{"changed":1,"sequence":3}`) || !strings.Contains(got, `"form":"casino"`) || !strings.Contains(got, `"supersedes":{"value":{"text":`) {
		t.Errorf("an update is answered by %s", got)
	}
	answers(t, e, query, `{"id": "other", "name": "hotel", "version": 2}`, `{"data": {"updateCompound": null}, "errors": [{"message":
		"input: \"`+compound+`\" was changed in the meantime: it is of change 3, but change 2 was expected; read it again",
		"path": ["updateCompound"], "locations": [{"line": 1, "column": 53}], "extensions": {"code": "CONFLICT"}}]}`)
	answers(t, e, query, `{"id": "other", "name": null}`, `{"errors": [{"message": "the variable $name: cannot be null", "extensions": {"code": "INVALID"}}]}`)
}

// between is the text between two others.
func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	out, _, _ := strings.Cut(rest, to)
	return out
}

// mutationsApart: several mutations of one request are applied in order, each for itself.
func mutationsApart(t *testing.T, e *gql.Engine) {
	const create = `createSource(changeId: "%s", input: {id: "source:%s", title: "T", seen: true}) { change { sequence } nodes { id } }`
	query := "mutation M { __typename a: " + fmt.Sprintf(create, "a", "a") + " b: " + fmt.Sprintf(create, "b", "a") + "\n c: retractSource(changeId: \"c\", id: \"source:none\") { again } d: " +
		fmt.Sprintf(create, "d", "d") + " ...More @include(if: true) } fragment More on Mutation { e: retractSource(changeId: \"e\", id: \"source:d\") { change { sequence retracted } nodes { retractedAt } } }"
	got := sent(t, e, query, "")
	for _, want := range []string{`"__typename":"Mutation"`, `"a":{"change":{"sequence":3},"nodes":[{"id":"source:a"}]}`, `"b":{"change":{"sequence":4}`, `"c":null`,
		`"d":{"change":{"sequence":5}`, `"e":{"change":{"retracted":1,"sequence":6}`, `"path":["c"]`, `"code":"NOT_FOUND"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if strings.Contains(got, `"retractedAt":null`) || strings.Count(got, "extensions") != 1 {
		t.Errorf("%s", got)
	}
	answers(t, e, `{ changes(where: {sequence: {gt: 2}}, orderBy: [{field: SEQUENCE}]) { nodes { id sequence created same } } }`, "",
		`{"data": {"changes": {"nodes": [{"id": "change:a", "sequence": 3, "created": 1, "same": 0}, {"id": "change:b", "sequence": 4, "created": 0, "same": 0},
		{"id": "change:d", "sequence": 5, "created": 1, "same": 0}, {"id": "change:e", "sequence": 6, "created": 0, "same": 0}]}}}`)
}

// mutationAbsent: a variable that is not given leaves a value as it is, null takes it away.
func mutationAbsent(t *testing.T, e *gql.Engine) {
	const query = `mutation($id: ID!, $title: String, $url: String) { updateSource(changeId: $id, input: {id: "source:a", title: $title, url: $url}) { nodes { ... on Source { title url } } } }`
	sent(t, e, `mutation { createSource(changeId: "a", input: {id: "source:a", title: "T", url: "https://example.org/", seen: true}) { again } }`, "")
	answers(t, e, query, `{"id": "b", "title": "U"}`, `{"data": {"updateSource": {"nodes": [{"title": "U", "url": "https://example.org/"}]}}}`)
	answers(t, e, query, `{"id": "c", "url": null}`, `{"data": {"updateSource": {"nodes": [{"title": "U", "url": null}]}}}`)
	answers(t, e, `mutation { updateSource(changeId: "d", input: {id: "source:a", seen: null}) { again } }`, "", `{"data": {"updateSource": null}, "errors": [{"message":
		"input: \"source:a\": seen: it is missing", "path": ["updateSource"], "locations": [{"line": 1, "column": 12}], "extensions": {"code": "INVALID"}}]}`)
}

// mutationRetracts: a raid that was retracted stays where it is, and is counted no longer.
func mutationRetracts(t *testing.T, e *gql.Engine) {
	const count = `{ raidCounts(by: [MONTH]) { raids } raids { totalCount } }`
	answers(t, e, count, "", `{"data": {"raidCounts": [{"raids": 1}, {"raids": 1}], "raids": {"totalCount": 2}}}`)
	sent(t, e, `mutation { retractRaid(changeId: "r", id: "raid:steung-meanchey-2024-11") { again } }`, "")
	answers(t, e, count, "", `{"data": {"raidCounts": [{"raids": 1}], "raids": {"totalCount": 2}}}`)
	answers(t, e, `{ raids(where: {retractedAt: {isNull: true}}) { totalCount } }`, "", `{"data": {"raids": {"totalCount": 1}}}`)
}

// mutationDryRun: it shows what would be, and nothing is.
func mutationDryRun(t *testing.T, e *gql.Engine) {
	const query = `mutation { retractClaim(changeId: "r", dryRun: true, id: "%s") { dryRun again change { id sequence retracted } nodes { id ... on Claim { subject { ... on Raid { figure(measure: FOUND) { claims { id } } } } } } } }`
	found := `{ raids(where: {figure: {measure: {eq: FOUND}}}, first: 1) { nodes { figure(measure: FOUND) { claims { id } } } } }`
	before := sent(t, e, found, "")
	claim := strings.Trim(between(before, `"claims":[{"id":`, "}"), `"`)
	got := sent(t, e, fmt.Sprintf(query, claim), "")
	if !strings.Contains(got, `"change":{"id":"change:r","retracted":1,"sequence":3},"dryRun":true`) || strings.Count(got, claim) != 1 {
		t.Errorf("a dry run is answered by %s", got)
	}
	answers(t, e, found, "", before)
	answers(t, e, `{ changes { totalCount } node(id: "change:r") { id } }`, "", `{"data": {"changes": {"totalCount": 2}, "node": null}}`)
}

// TestMutationSteps: the steps of one mutation are bounded.
func TestMutationSteps(t *testing.T) {
	store := sampleSQLite(t)
	steps := func(n int) string {
		var b strings.Builder
		b.WriteString(`{"changes": [`)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"createSource": {"id": "source:n-%d", "seen": false}}`, i)
		}
		return b.String() + "]}"
	}
	const query = `mutation($changes: [ChangeInput!]!) { applyChanges(changeId: "many", changes: $changes) { change { created complete touched { totalCount } } } }`
	answers(t, engineOver(t, store), query, steps(10_001), `{"data": {"applyChanges": null}, "errors": [{"message": "changes has more than 10,000 steps: send the others as another change",
		"path": ["applyChanges"], "locations": [{"line": 1, "column": 39}], "extensions": {"code": "TOO_LARGE"}}]}`)
	answers(t, engineOver(t, store), query, steps(10_000), `{"data": {"applyChanges": {"change": {"created": 10000, "complete": false, "touched": {"totalCount": 0}}}}}`)
	few, err := gql.New(gql.Config{Model: model(t), Store: store, Limits: gql.Limits{Changes: 2}})
	if err != nil {
		t.Fatal(err)
	}
	if got := sent(t, few, query, steps(3)); !strings.Contains(got, "more than 2 steps") {
		t.Errorf("%s", got)
	}
	answers(t, few, strings.Replace(query, "many", "few", 1), steps(2), `{"data": {"applyChanges": {"change": {"created": 0, "complete": true, "touched": {"totalCount": 0}}}}}`)
}

// TestMutationInput: what cannot be meant is refused with its place.
func TestMutationInput(t *testing.T) {
	e := engineOver(t, sampleSQLite(t))
	for _, c := range []struct{ steps, code, message string }{
		{`[{}]`, "INVALID", "changes.0: it does nothing"},
		{`[]`, "INVALID", "does nothing"},
		{`[{"retractRaid": "raid:x", "retractClaim": "claim:x"}]`, "INVALID", "changes.0: it has retractClaim and retractRaid: each step does one thing"},
		{`[{"retractRaid": "claim:x"}]`, "INVALID", `changes.0.retractRaid: \"claim:x\" is of the kind Claim, but here belongs Raid`},
		{`[{"retractRaid": "x"}]`, "INVALID", `changes.0.retractRaid: \"x\" is no id`},
		{`[{"createRaid": {"id": "raid:x"}, "expectedVersion": 1}]`, "INVALID", "expectedVersion: it goes with update, retract, merge and unmerge"},
		{`[{"createClaim": {"id": "claim:x", "property": "form", "subject": "raid:x", "value": {"text": "a", "node": "raid:x"}}}]`, "INVALID", "changes.0.createClaim.value: it is a Text and a Reference"},
		{`[{"createClaim": {"id": "claim:x", "property": "date", "subject": "raid:x", "value": {"period": {"edtf": "soon"}}}}]`, "INVALID", "changes.0.createClaim: \\\"claim:x\\\": value.edtf"},
		{`[{"createRaid": {"id": "raid:x", "name": "X", "date": {"edtf": "2025"}, "evidence": {"citations": []}}}]`, "INVALID", "changes.0.createRaid.evidence.citations: there is none"},
		{`[{"createRaid": {"id": "raid:x", "name": "X", "date": {"edtf": "2025"}, "province": "compound:x"}}]`, "INVALID", "changes.0.createRaid.province: "},
		{`[{"retractRelation": {"type": "PARTICIPATED_IN", "from": "agency:x", "to": "raid:x"}}]`, "INVALID", "changes.0.retractRelation.role: it is missing"},
		{`[{"retractRelation": {"type": "TARGETED", "from": "raid:x", "to": "compound:x", "hop": 1}}]`, "INVALID", "changes.0.retractRelation.hop: relationships TARGETED have none"},
		{`[{"retractRelation": {"type": "TARGETED", "from": "agency:x", "to": "compound:x"}}]`, "INVALID", "TARGETED does not begin at the kind Agency"},
	} {
		got := sent(t, e, `mutation($changes: [ChangeInput!]!) { applyChanges(changeId: "c", changes: $changes) { again } }`, `{"changes": `+c.steps+`}`)
		if !strings.Contains(got, `"code":"`+c.code+`"`) || !strings.Contains(got, c.message) {
			t.Errorf("%s is answered by %s, want %s: %s", c.steps, got, c.code, c.message)
		}
	}
	got := sent(t, e, `mutation { retractRaid(changeId: "c", id: "raid:x") { nodes { ... on Raid { claims(first: 1000) { nodes { supersedes { parts(first: 1000) { nodes { id } } } } } } } } }`, "")
	if !strings.Contains(got, "TOO_LARGE") {
		t.Errorf("a payload of any size is answered by %s", got)
	}
	got = sent(t, e, `mutation($n: String) { retractRaid(changeId: "c", id: "raid:x", note: $n) { again } }`, `{"n": "`+strings.Repeat("x", 40_000)+`"}`)
	if !strings.Contains(got, "note has 40000 bytes") {
		t.Errorf("a long note is answered by %s", got)
	}
	answers(t, e, `{ changes { totalCount } }`, "", `{"data": {"changes": {"totalCount": 2}}}`)
}

// TestMutationOverHTTP: a mutation comes by POST, in JSON; what it wrote can be read at once.
func TestMutationOverHTTP(t *testing.T) {
	store := sampleSQLite(t)
	e := engineOver(t, store)
	server := httptest.NewServer(newHandler(e, store, e.SDL(), gql.Limits{}, "example", nil))
	defer server.Close()
	const body = `{"query": "mutation { createSource(changeId: \"c\", input: {id: \"source:h\", seen: true}) { change { sequence } } }"}`
	send := func(r *http.Request) (int, string) {
		t.Helper()
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	post := func(contentType, body string) (int, string) {
		r, err := http.NewRequest(http.MethodPost, server.URL+"/graphql", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		return send(r)
	}
	for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		if status, text := post(contentType, body); status != http.StatusUnsupportedMediaType {
			t.Errorf("%s is answered by %d %s", contentType, status, text)
		}
	}
	r, err := http.NewRequest(http.MethodGet, server.URL+"/graphql?query=mutation%7BretractRaid(changeId:%22g%22,id:%22raid:x%22)%7Bagain%7D%7D", nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, text := send(r); status != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered by %d %s", status, text)
	}
	if status, text := post("application/json", body); status != http.StatusOK || text != `{"data":{"createSource":{"change":{"sequence":3}}}}` {
		t.Errorf("it is answered by %d %s", status, text)
	}
	if _, text := post("application/json", `{"query": "{ source(id: \"source:h\") { changedIn } }"}`); text != `{"data":{"source":{"changedIn":3}}}` {
		t.Errorf("what was written is read as %s", text)
	}
	var found []string
	err = store.Export(context.Background(), func(r graph.Record) error {
		if n, ok := r.(*graph.Node); ok && (n.Kind.Own() || n.ID == "source:h") {
			found = append(found, n.ID)
		}
		return nil
	})
	if err != nil || fmt.Sprint(found) != "[source:h]" {
		t.Errorf("an export has %v, %v", found, err)
	}
}
