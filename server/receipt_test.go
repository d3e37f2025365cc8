package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// questions are the queries of docs/questions.
func questions(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../docs/questions/*.graphql")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d questions, %v", len(files), err)
	}
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = string(text)
	}
	return out
}

// cite asks a question with a receipt.
func cite(t *testing.T, e *gql.Engine, query, variables, extensions string) *cited {
	t.Helper()
	resp := e.Execute(t.Context(), gql.Request{Query: query, Variables: json.RawMessage(variables), Extensions: json.RawMessage(extensions)})
	var a cited
	if err := json.Unmarshal(resp.Body, &a); err != nil || a.Extensions.Receipt == nil {
		t.Fatalf("%s gets no receipt: %s (%v)", query, resp.Body, err)
	}
	return &a
}

// TestReceipts: whatever is asked, the receipt's state gives the same answer after any change.
func TestReceipts(t *testing.T) { receipts(t, sampleSQLite(t)) }

func TestReceiptsNeo4j(t *testing.T) { receipts(t, sampleNeo4j(t)) }

func receipts(t *testing.T, store graph.Store) {
	e := engineOver(t, store)
	asked := questions(t)
	asked["commitments"] = `{ openCommitments { nodes { age { low high } statement { id } } } }`
	asked["then"] = `query Then($at: AsOf) { raids(asOf: $at) { totalCount } now: raids(first: 2) { nodes { id changedIn } } }`
	asked["changes"] = `{ changes(last: 5) { totalCount nodes { sequence touched { nodes { id } } } } }`
	asked["difference"] = `{ knowledgeDiff(from: {published: "2024-11-10"}, to: {}, first: 100) { totalCount changedAnswers { measure } } }`
	variables := map[string]string{"then": `{"at": {"published": "2024-11-12"}}`}
	before := map[string]*cited{}
	for name, query := range asked {
		before[name] = cite(t, e, query, variables[name], `{"receipt": true}`)
	}
	wrote := sent(t, e, `mutation { applyChanges(changeId: "more", changes: [
		{createSource: {id: "source:new", title: "A later word", seen: true, publishedAt: "2024-11-20T00:00:00Z"}}
		{createClaim: {id: "claim:new", subject: "raid:steung-meanchey-2024-11", property: "figure", measure: DETAINED,
			value: {count: {raw: "700", mode: EXACT, value: 700}}, citations: [{source: "source:new", verb: SAID}]}}
		{updateRaid: {id: "raid:steung-meanchey-2024-11", date: {edtf: "2024-11-05"}, evidence: {citations: [{source: "source:new", verb: SAID}]}}}
		{retractClaim: "claim:raid-steung-meanchey-2024-11/detained/gcnp-kh"}]) { change { sequence } } }`, "")
	if want := `{"data":{"applyChanges":{"change":{"sequence":3}}}}`; wrote != want {
		t.Fatalf("a change is answered by %s", wrote)
	}
	changed := 0
	for name, query := range asked {
		was := before[name]
		then, err := json.Marshal(map[string]any{"receipt": was.Extensions.Receipt.AsOf})
		if err != nil {
			t.Fatal(err)
		}
		again := cite(t, e, query, variables[name], string(then))
		if again.Extensions.Receipt.AnswerHash != was.Extensions.Receipt.AnswerHash || string(again.Data) != string(was.Data) {
			t.Errorf("%s: as of then the answer is\n%s\nit was\n%s", name, again.Data, was.Data)
		}
		if now := cite(t, e, query, variables[name], `{"receipt": true}`); now.Extensions.Receipt.AnswerHash != was.Extensions.Receipt.AnswerHash {
			changed++
		}
	}
	if changed < 5 {
		t.Errorf("only %d answers are others now", changed)
	}
}

// TestReceiptOf looks at what a receipt says.
func TestReceiptOf(t *testing.T) {
	e := engineOver(t, sampleSQLite(t))
	one := cite(t, e, "query Q($id: ID!) { # a comment\n raid(id: $id) { name } }", `{ "id" : "raid:none" }`, `{"receipt": true}`).Extensions.Receipt
	same := cite(t, e, "query Q($id: ID!) { raid(id: $id) { name  } }", `{"id":"raid:none"}`, `{"receipt": true}`).Extensions.Receipt
	if one.OperationHash != same.OperationHash || one.AnswerHash != same.AnswerHash || one.OperationName != "Q" || string(one.Variables) != `{"id":"raid:none"}` {
		t.Errorf("%+v and %+v", one, same)
	}
	if len(one.Searched) != 1 || one.Searched[0].Field != "raid" || one.Searched[0].Kinds[0] != "Raid" || one.Searched[0].Nodes != 2 {
		t.Errorf("it was searched in %+v", one.Searched)
	}
	for extensions, want := range map[string]string{
		`{"receipt": {"change": 1}}`:                                 "extensions.receipt is true, or the asOf of a receipt",
		`{"receipt": {"change": 1, "at": "2999-01-01T00:00:00Z"}}`:   "with a time that has come",
		`{"receipt": {"change": 999, "at": "2024-11-20T00:00:00Z"}}`: "there is no change 999",
		`{"receipt": "yes"}`:                                         "extensions.receipt is true",
	} {
		resp := e.Execute(t.Context(), gql.Request{Query: `{ raids { totalCount } }`, Extensions: json.RawMessage(extensions)})
		if !strings.Contains(string(resp.Body), want) {
			t.Errorf("%s gets %s", extensions, resp.Body)
		}
	}
	for _, query := range []string{`mutation { retract(changeId: "x", id: "raid:x") { dryRun } }`, `{ __schema { types { name } } }`} {
		resp := e.Execute(t.Context(), gql.Request{Query: query, Receipt: true})
		if strings.Contains(string(resp.Body), `"receipt":`) {
			t.Errorf("%s gets %s", query, resp.Body)
		}
	}
}

// TestVerify goes the way of a reader: an answer with a receipt in a file, and raidgraph verify.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	runs(t, command(t, dir, "import", reader(t, dir, `{"node":"Source","id":"source:s","title":"S","seen":true}`)), 0)
	database := &DatabaseConfig{Database: dir + "/raidgraph.db"}
	store, err := database.open(t.Context(), model(t).Graph, existing)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(newHandler(engineOver(t, store), store, "", gql.Limits{}, "", nil))
	request, err := http.NewRequest(http.MethodPost, server.URL+"/graphql", strings.NewReader(`{"query":"{ sources { nodes { id title } } raids { totalCount nodes { id } } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(receiptHeader, "1")
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text := new(strings.Builder)
	if _, err := io.Copy(text, resp.Body); err != nil {
		t.Fatal(err)
	}
	server.Close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	answer := dir + "/answer.json"
	write := func(text string) {
		if err := os.WriteFile(answer, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text.String())
	if out, _ := runs(t, command(t, dir, "verify", answer), 0); !strings.Contains(out, "same: as of change 1") || !strings.Contains(out, "now, after change 1: the same") {
		t.Errorf("verify says %s", out)
	}
	runs(t, command(t, dir, "import", reader(t, dir, `{"node":"Source","id":"source:s","title":"T","seen":true}`+"\n"+`{"node":"Source","id":"source:t","title":"U","seen":true}`)), 0)
	out, _ := runs(t, command(t, dir, "verify", answer), 0)
	for _, want := range []string{"same: as of change 1", "now, after change 2: another answer", `sources.nodes[0].title: "S", now "T"`, `sources.nodes[1]: not there, now {"id":"source:t","title":"U"}`} {
		if !strings.Contains(out, want) {
			t.Errorf("verify does not say %q:\n%s", want, out)
		}
	}
	write(strings.Replace(text.String(), `"title":"S"`, `"title":"X"`, 1))
	if _, errs := runs(t, command(t, dir, "verify", answer), 1); !strings.Contains(errs, "the answer in "+answer+" is not the one that its receipt was given for") {
		t.Errorf("of an answer that was changed verify says %s", errs)
	}
	write(strings.Replace(text.String(), "totalCount", "totalCounts", 2))
	if _, errs := runs(t, command(t, dir, "verify", answer), 1); !strings.Contains(errs, "is not the one that its receipt was given for") {
		t.Errorf("of an operation that was changed verify says %s", errs)
	}
	write(`{}`)
	if _, errs := runs(t, command(t, dir, "verify", answer), 1); !strings.Contains(errs, "has no receipt of format 1") {
		t.Errorf("of no receipt verify says %s", errs)
	}
}

// reader is a file of JSON Lines.
func reader(t *testing.T, dir, lines string) string {
	t.Helper()
	file := dir + "/records.jsonl"
	if err := os.WriteFile(file, []byte(lines+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
