package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
	"github.com/raidgraph/raidgraph/reference"
)

// worked is what people do to the sample by the API: an article with new words, a correction, an official with an office, a
// statement, something retracted.
const worked = `mutation {
  applyChanges(changeId: "worked", changes: [
    {createSource: {id: "source:later", title: "A later article", seen: true, publishedAt: "2025-01-10T02:00:00Z"}}
    {updateCompound: {id: "compound:kampong-speu-unnamed", form: "villas", evidence: {
      saidBy: "agency:gcnp-kh", saidOn: {edtf: "2025-01-09"}, citations: [{source: "source:later", verb: QUOTED}]}}}
    {createOfficial: {id: "official:ann-example", name: "Ann Example", names: [{value: "Anne", kind: MISSPELLING}],
      evidence: {citations: [{source: "source:later", verb: CITED}]}}}
    {createOffice: {id: "office:ann-example", post: "Deputy", official: "official:ann-example", agency: "agency:gdi-kh", period: {edtf: "2024/.."}}}
    {createStatement: {id: "statement:denial", name: "A denial", kind: DENIAL, speaker: "official:ann-example", inCapacity: "office:ann-example", date: {edtf: "2025-01-09"},
      about: ["raid:kampong-speu-2024-10"], text: "Says that it was not so.", citations: [{source: "source:later", verb: QUOTED, locator: "page 3"}]}}
    {createClaim: {id: "claim:corrected", subject: "raid:steung-meanchey-2024-11", property: "figure", measure: DETAINED, value: {count: {raw: "600", mode: EXACT, value: 600}},
      saidBy: "agency:gcnp-kh", supersedes: "claim:raid-steung-meanchey-2024-11/detained/gcnp-kh", citations: [{source: "source:later", verb: CITED}]}}
    {updateAgency: {id: "agency:gdi-kh", parent: "agency:moi-kh", evidence: {citations: [{source: "source:later", verb: CITED}]}}}
    {retractClaim: "claim:raid-steung-meanchey-2024-11/label/rescued/camboja-news"}
  ]) { change { sequence } } }`

func TestExportCase(t *testing.T)      { exportCaseAgain(t, sampleSQLite(t)) }
func TestExportCaseNeo4j(t *testing.T) { exportCaseAgain(t, sampleNeo4j(t)) }

// exportCaseAgain holds that a graph which was exported as a case file is imported into an empty database as the same graph.
func exportCaseAgain(t *testing.T, store graph.Store) {
	sameByCase(t, store, "the sample")
	mutation := strings.Replace(worked, "claim:raid-steung-meanchey-2024-11/label/rescued/camboja-news", labelled(t, store), 1)
	if got := sent(t, engineOver(t, store), mutation, ""); strings.Contains(got, `"errors"`) {
		t.Fatal(got)
	}
	text := sameByCase(t, store, "the sample, worked on")
	for _, want := range []string{"supersedes: compound-kampong-speu-unnamed/form/camboja-news", "stance: unknown", "retracted: 20", "unclaimed:"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not stand in\n%s", want, text)
		}
	}
}

// labelled is the claim about a label.
func labelled(t *testing.T, store graph.Store) string {
	t.Helper()
	for _, r := range exported(t, store) {
		if n, ok := r.(*graph.Node); ok && n.Get("property") == "label" {
			return n.ID
		}
	}
	t.Fatal("there is no such claim")
	return ""
}

// sameByCase exports a store as a case file, imports that into an empty database, and compares the two.
func sameByCase(t *testing.T, store graph.Store, what string) string {
	t.Helper()
	ctx, m := context.Background(), model(t)
	var text bytes.Buffer
	p := &process{ctx: ctx, model: m}
	if err := exportCase(p, store, &text, "A test"); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	other, err := sqlite.Open(ctx, sqlite.Config{Path: filepath.Join(t.TempDir(), "other.db"), Schema: m.Graph})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := graph.Apply(ctx, other, m.Graph, graph.Changes{Records: reference.Records(m.Graph)}); err != nil {
		t.Fatal(err)
	}
	read, err := casefile.Parse("written.yaml", text.Bytes(), m, casefile.InStore(ctx, other, m.Graph))
	if err != nil {
		t.Fatalf("%s:\n%v\n%s", what, err, &text)
	}
	if _, err := graph.Apply(ctx, other, m.Graph, graph.Changes{Records: read.Records()}); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	want, have := timelessLines(exported(t, store)), timelessLines(exported(t, other))
	for i := range max(len(want), len(have)) {
		if at(want, i) != at(have, i) {
			t.Fatalf("%s: %d records, want %d; the first that differs:\n%s\n%s", what, len(have), len(want), at(have, i), at(want, i))
		}
	}
	var again bytes.Buffer
	if err := exportCase(p, other, &again, "A test"); err != nil || !bytes.Equal(again.Bytes(), text.Bytes()) {
		t.Errorf("%s: what was imported is exported as another text, %v", what, err)
	}
	return text.String()
}

// timelessLines are records as lines, in order, without when they were recorded and when relationships were published.
func timelessLines(records []graph.Record) []string {
	var out []string
	for _, r := range records {
		switch r := r.(type) {
		case *graph.Node:
			r.Set(graph.RecordedAt, nil)
		case *graph.Edge:
			r.Set(graph.RecordedAt, nil).Set(graph.PublishedAt, nil)
		}
		out = append(out, string(graph.AppendRecord(nil, r)))
	}
	slices.Sort(out)
	return out
}

var recordedAt = regexp.MustCompile(`,"recordedAt":"[^"]*"`)

func TestExportCaseCommand(t *testing.T) {
	dir := t.TempDir()
	name, text := reference.Sample()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, command(t, dir, "import", name), 0)
	runs(t, command(t, dir, "export", "--case", "--title", "Two raids: and a return", "-o", "case.yaml"), 0)
	runs(t, command(t, dir, "import", "-d", "other.db", "case.yaml"), 0)
	first, _ := runs(t, command(t, dir, "export"), 0)
	other, _ := runs(t, command(t, dir, "export", "-d", "other.db"), 0)
	if recordedAt.ReplaceAllString(first, "") != recordedAt.ReplaceAllString(other, "") {
		t.Error("the sample, exported as a case file, is another graph")
	}
	written, err := os.ReadFile(filepath.Join(dir, "case.yaml"))
	if err != nil || !strings.HasPrefix(string(written), "case:\n  title: \"Two raids: and a return\"\n\nsources:\n") {
		t.Errorf("%v\n%.200s", err, written)
	}
	again, _ := runs(t, command(t, dir, "export", "-d", "other.db", "--case", "--title", "Two raids: and a return"), 0)
	if again != string(written) {
		t.Error("exported again it is another text")
	}
	if out, _ := runs(t, command(t, dir, "import", "case.yaml"), 0); !strings.Contains(out, "case.yaml: 0 new, 0 changed") {
		t.Errorf("importing it where it came from: %s", out)
	}

	// What cannot be said is refused, and no file is left.
	bad := `{"node":"Outlet","id":"outlet:blank","name":" Blank"}` + "\n"
	if err := os.WriteFile(filepath.Join(dir, "bad.jsonl"), []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, command(t, dir, "import", "bad.jsonl"), 0)
	if _, errs := runs(t, command(t, dir, "export", "--case", "-o", "none.yaml"), 1); !strings.Contains(errs, "outlet:blank cannot be said in a case file: ") {
		t.Errorf("%s", errs)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "none.yaml*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
