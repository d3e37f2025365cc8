package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

// added is what adds figures of several raids, or of one.
const added = `{
  raidCounts(by: [PROVINCE], measure: FOUND) { province { iso } raids people band { low high } withoutFigure }
  accounting { raids lines { measure people { low high } raids } unaccounted { low high } missing { raid { id } reason } }
  nationality(id: "nationality:KR") { accounting { lines { people { low high } } } }
  raids(orderBy: [{field: ID}]) { nodes { id contested figure(measure: FOUND) { best { raw } band { low high } atLeast atMost claims { id } implied { claim { id } } } } } }`

// findsTally is where a tally over two raids is found: from all of them, from a province, from each, and from what was said.
const findsTally = `{ accounting { tallies { id } } province(id: "province:KH-12") { accounting { tallies { id } } }
  raids(orderBy: [{field: ID}]) { nodes { accounting { tallies { id } } } } statement(id: "statement:camboja-on-two-raids") { claims { nodes { id } } } }`

func TestTwoCases(t *testing.T)      { twoCases(t, sampleSQLite(t)) }
func TestTwoCasesNeo4j(t *testing.T) { twoCases(t, sampleNeo4j(t)) }

// twoCases holds what the two sample cases say together: a tally over both raids is added to neither, and
// what was judged to be the same can be two again.
func twoCases(t *testing.T, store graph.Store) {
	loadShipped(t, store)
	e := engineOver(t, store)
	sameByCase(t, store, "the two cases")

	before := sent(t, e, added, "")
	if strings.Contains(before, "errors") || !strings.Contains(before, `"raids":2`) || strings.Contains(before, "found-in-two-raids") {
		t.Errorf("%s", before)
	}
	if got := sent(t, e, `{claim(id: "claim:found-in-two-raids") {measure value {... on Count {min}} subject {... on Statement {about {totalCount}}}}}`, ""); !strings.Contains(got, `"measure":"FOUND","subject":{"about":{"totalCount":2}},"value":{"min":1001}`) {
		t.Errorf("the tally: %s", got)
	}
	const found = `{"data":{"accounting":{"tallies":[{"id":"claim:found-in-two-raids"}]},"province":{"accounting":{"tallies":[{"id":"claim:found-in-two-raids"}]}},` +
		`"raids":{"nodes":[{"accounting":{"tallies":[{"id":"claim:found-in-two-raids"}]}},{"accounting":{"tallies":[{"id":"claim:found-in-two-raids"}]}}]},` +
		`"statement":{"claims":{"nodes":[{"id":"claim:found-in-two-raids"}]}}}}`
	if got := sent(t, e, findsTally, ""); got != found {
		t.Errorf("the tally is found at %s", got)
	}
	if got := sent(t, e, `mutation {retractClaim(changeId: "no-tally", id: "claim:found-in-two-raids") {change {retracted}}}`, ""); !strings.Contains(got, `"retracted":1`) {
		t.Fatalf("%s", got)
	}
	if after := sent(t, e, added, ""); after != before {
		t.Errorf("without the tally it is\n%s\nand with it\n%s", after, before)
	}
	if got := sent(t, e, findsTally, ""); strings.Contains(got, `"tallies":[{`) {
		t.Errorf("retracted it is found at %s", got)
	}

	if got := sent(t, e, `mutation {unmerge(changeId: "two-again", ids: ["compound:kampong-speu-unnamed", "raid:kampong-speu-2024-10"], reason: "A test.") {change {created}}}`, ""); strings.Contains(got, "errors") {
		t.Fatalf("%s", got)
	}
	got := sent(t, e, `{province(id: "province:KH-5") {raids {totalCount} compounds {totalCount}} raid(id: "raid:kampong-speu-2024-10") {id date {edtf} figure(measure: DETAINED) {claims {saidBy {id}}}}}`, "")
	if want := `{"data":{"province":{"compounds":{"totalCount":2},"raids":{"totalCount":2}},"raid":{"date":{"edtf":"2024-10-25"},"figure":{"claims":[{"saidBy":{"id":"group:reports"}}]},"id":"raid:kampong-speu-2024-10"}}}`; got != want {
		t.Errorf("unmerged it is\n%s\nand not\n%s", got, want)
	}
	if text := sameByCase(t, store, "unmerged"); !strings.Contains(text, "\nwithdrawn:\n") {
		t.Error("a judgement that no longer stands is not written")
	}
}

// TestMergedCompares holds that files are compared with what was said, not with what readers see of what is merged.
func TestMergedCompares(t *testing.T) {
	store := sampleSQLite(t)
	loadShipped(t, store)
	var out bytes.Buffer
	i := importer{process: &process{ctx: context.Background(), model: model(t), out: &out, errors: &out}, store: store, dryRun: true}
	name, text := reference.Sample()
	changed := strings.Replace(string(text), "date: {is: 2024-10-25, basis: INFERRED}", "date: 2024-10-26", 1)
	for _, c := range []struct{ text, want string }{
		{string(text), name + ": 0 new, 0 added to, 520 the same, 0 conflicting\n"},
		{changed, name + ": 0 new, 0 added to, 518 the same, 2 conflicting\n" +
			name + `:279:11: raid:kampong-speu-2024-10: date is "2024-10-25" by outlet:camboja-news in the graph, here "2024-10-26" by outlet:camboja-news` + "\n"},
	} {
		out.Reset()
		if err := i.caseFile(name, []byte(c.text)); err != nil || !strings.HasPrefix(out.String(), c.want) {
			t.Errorf("%v\n%s\nwant\n%s", err, &out, c.want)
		}
	}
}

func TestImportShipped(t *testing.T) {
	dir := t.TempDir()
	out, _ := runs(t, command(t, dir, "import", "--shipped", "mango-park"), 0)
	if !strings.HasPrefix(out, "the reference data and the sample case: 1193 new") || !strings.Contains(out, "\nmango-park-2024.yaml: 207 new, 0 changed, 0 as they were\n") {
		t.Errorf("%s", out)
	}
	if out, _ := runs(t, command(t, dir, "import", "--shipped", "mango-park"), 0); out != "mango-park-2024.yaml: 0 new, 0 changed, 207 as they were\n" {
		t.Errorf("again: %s", out)
	}
	if err := os.WriteFile(filepath.Join(dir, "none.jsonl"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, command(t, dir, "import", "-d", "empty.db", "none.jsonl"), 0)
	if out, _ := runs(t, command(t, dir, "import", "-d", "empty.db", "--dry-run", "--shipped", "mango-park"), 0); out != "mango-park-2024.yaml: 207 new, 0 added to, 0 the same, 0 conflicting\n" {
		t.Errorf("a dry run: %s", out)
	}
	if _, errs := runs(t, command(t, dir, "import", "--shipped", "mango"), 1); !strings.Contains(errs, `no case "mango" ships with the program: there is mango-park`) {
		t.Errorf("%s", errs)
	}
	if _, errs := runs(t, command(t, dir, "import"), 2); !strings.Contains(errs, "name a file, or a case with --shipped") {
		t.Errorf("%s", errs)
	}
}
