package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph/gql"
)

// mutationInverse: what a change says undoes it, sent as it is, brings back every answer; and so does what undoes that.
func mutationInverse(t *testing.T, e *gql.Engine) {
	before := allAnswers(t, e)
	const variables = `{"changes": [
		{"createSource": {"id": "source:later", "title": "Later", "seen": true, "publishedAt": "2025-01-03T00:00:00Z"}},
		{"updateCompound": {"id": "compound:kampong-speu-unnamed", "form": "villas", "evidence": {"saidBy": "agency:gcnp-kh", "citations": [{"source": "source:later", "verb": "SAID"}]}}},
		{"createClaim": {"id": "claim:later", "subject": "raid:steung-meanchey-2024-11", "property": "figure", "measure": "FOUND", "saidBy": "agency:gcnp-kh",
			"value": {"count": {"raw": "700", "mode": "EXACT", "value": 700}}, "citations": [{"source": "source:later", "verb": "SAID"}]}},
		{"retractRaid": "raid:kampong-speu-2024-10"}]}`
	applied := sent(t, e, `mutation($changes: [ChangeInput!]!) { applyChanges(changeId: "later", changes: $changes) { change { inverse { revertChange } irreversible } } }`, variables)
	if want := `{"data":{"applyChanges":{"change":{"inverse":[{"revertChange":"change:later"}],"irreversible":null}}}}`; applied != want {
		t.Fatalf("%s\nwant\n%s", applied, want)
	}
	after := allAnswers(t, e)
	if same := otherAnswers(before, after); len(same) < 4 {
		t.Errorf("the change changed the answers of %v alone", same)
	}
	undo := func(id, of string) string {
		return sent(t, e, `mutation($id: ID!, $inverse: [ChangeInput!]!) { applyChanges(changeId: $id, changes: $inverse) { change { retracted changed } } }`,
			fmt.Sprintf(`{"id": %q, "inverse": [{"revertChange": "change:%s"}]}`, id, of))
	}
	if got := undo("undo", "later"); strings.Contains(got, "errors") {
		t.Fatal(got)
	}
	if names := otherAnswers(before, allAnswers(t, e)); len(names) > 0 {
		t.Errorf("undone, the answers of %v are not as before", names)
	}
	if got := undo("again", "later"); !strings.Contains(got, `"code":"CONFLICT"`) || !strings.Contains(got, "was changed again, by change 4") {
		t.Errorf("undone twice: %s", got)
	}
	answers(t, e, `mutation { revertChange(changeId: "redo", id: "change:undo") { change { sequence } } }`, "", `{"data":{"revertChange":{"change":{"sequence":5}}}}`)
	if names := otherAnswers(after, allAnswers(t, e)); len(names) > 0 {
		t.Errorf("brought back, the answers of %v are not as with the change", names)
	}
	answers(t, e, `mutation { a: revertChange(changeId: "x", id: "raid:x") { again } b: revertChange(changeId: "x", id: "change:none") { again } }`, "", `{"data":{"a":null,"b":null},"errors":[
		{"message":"id: \"raid:x\" is of the kind Raid, but here belongs Change","path":["a"],"locations":[{"line":1,"column":12}],"extensions":{"code":"INVALID"}},
		{"message":"id: there is no change \"change:none\"","path":["b"],"locations":[{"line":1,"column":67}],"extensions":{"code":"NOT_FOUND"}}]}`)
}

// allAnswers are the answers to the questions of the documentation.
func allAnswers(t *testing.T, e *gql.Engine) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../docs/questions/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		resp := e.Execute(context.Background(), gql.Request{Query: string(text)})
		if !json.Valid(resp.Body) {
			t.Fatalf("%s: %s", file, resp.Body)
		}
		out[filepath.Base(file)] = string(resp.Body)
	}
	return out
}

// otherAnswers are the questions whose answers differ.
func otherAnswers(a, b map[string]string) []string {
	var names []string
	for name, answer := range a {
		if b[name] != answer {
			names = append(names, name)
		}
	}
	return names
}
