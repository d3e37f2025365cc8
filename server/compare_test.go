package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

// later is a case of another reporter, who has other values of the sample's raid in Kampong Speu than the sample.
const later = `case: {title: A later article}
sources:
  late: {title: A later article, outlet: late-news, published: 2024-12-01}
outlets:
  late-news: {name: Late News, cite: late}
raids:
  kampong-speu-2024-10:
    name: Raid on a compound in Kampong Speu
    date: 2024-10-24
    province: KH-12
    compounds: [kampong-speu-unnamed]
    by: outlet:late-news
    cite: late
    figures:
      - detained: "900"
        by: group:reports
`

// laterDiffers is what is told of it. The whole provenance of the claim differs, and so do its relationships: they are new.
const laterDiffers = `later.yaml:9:11: raid:kampong-speu-2024-10: date is "2024-10-25" by outlet:camboja-news in the graph, here "2024-10-24" by outlet:late-news
later.yaml:15:9: claim:raid-kampong-speu-2024-10/detained/reports: value is "around 1,000" by group:reports in the graph, here "900" by group:reports
later.yaml:10:15: LOCATED_IN of raid:kampong-speu-2024-10: is "province:KH-5" by outlet:camboja-news in the graph, here "province:KH-12" by outlet:late-news
`

func TestConflicts(t *testing.T)      { conflicts(t, sampleSQLite(t)) }
func TestConflictsNeo4j(t *testing.T) { conflicts(t, sampleNeo4j(t)) }

// conflicts holds that what a file would change is told, and that a dry run and a refusal change nothing.
func conflicts(t *testing.T, store graph.Store) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("later.yaml", []byte(later), 0o644); err != nil {
		t.Fatal(err)
	}
	before := timelessLines(exported(t, store))
	unchanged := func(what string) {
		t.Helper()
		if now := timelessLines(exported(t, store)); strings.Join(now, "\n") != strings.Join(before, "\n") {
			t.Fatalf("%s changed the graph", what)
		}
		if changes := exportedChanges(t, store); changes != 2 {
			t.Fatalf("%s left %d changes", what, changes)
		}
	}
	run := func(i importer) (string, error) {
		t.Helper()
		var out bytes.Buffer
		i.process = &process{ctx: context.Background(), model: model(t), out: &out, errors: &out}
		i.store = store
		err := i.file("later.yaml")
		return out.String(), err
	}

	out, err := run(importer{dryRun: true})
	if want := "later.yaml: 21 new, 0 added to, 3 the same, 3 conflicting\n" + laterDiffers; err != nil || out != want {
		t.Errorf("a dry run says %v\n%s\nwant\n%s", err, out, want)
	}
	unchanged("a dry run")
	out, err = run(importer{ReportConfig: ReportConfig{NoConflicts: true}})
	if graph.CodeOf(err) != graph.Conflict || !strings.Contains(err.Error(), "later.yaml: nothing of it was imported: 3 of its records have values that are others in the graph") || !strings.HasSuffix(out, laterDiffers) {
		t.Errorf("with --no-conflicts it says %v\n%s", err, out)
	}
	unchanged("a refusal")
	out, err = run(importer{})
	if err != nil || !strings.HasSuffix(out, laterDiffers) || strings.HasPrefix(out, "later.yaml: 21 new, 0 changed") {
		t.Errorf("an import says %v\n%s", err, out)
	}
	for _, what := range []string{"again", "again with --no-conflicts"} {
		out, err = run(importer{ReportConfig: ReportConfig{NoConflicts: strings.Contains(what, "--")}})
		if err != nil || !strings.HasPrefix(out, "later.yaml: 0 new, 0 changed, ") || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
}

// exportedChanges is the number of the last change.
func exportedChanges(t *testing.T, store graph.Store) int {
	t.Helper()
	var got struct {
		Data struct{ Changes struct{ TotalCount int } }
	}
	if err := json.Unmarshal([]byte(sent(t, engineOver(t, store), `{changes {totalCount}}`, "")), &got); err != nil {
		t.Fatal(err)
	}
	return got.Data.Changes.TotalCount
}

func TestCheckAgainstDatabase(t *testing.T) {
	dir := t.TempDir()
	name, text := reference.Sample()
	retracted := `{"node":"Group","id":"group:reports","name":"Reports on the Kampong Speu raid","description":"Reports on the raid in Kampong Speu, by whom is not said.","publishedAt":"2024-11-11T11:00:00Z","retractedAt":"2025-01-01T00:00:00Z"}`
	for file, text := range map[string]string{name: string(text), "later.yaml": later, "lines.jsonl": "\n\n" + `{"node":"Outlet","id":"outlet:a","name":"A"}` + "\n\n" + retracted + "\n" +
		`{"node":"Group","id":"group:critics","name":"Critics","description":"Others."}` + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, errs := runs(t, command(t, dir, "check", "--json", name), 1); !strings.Contains(errs, "the database raidgraph.db: there is none to compare with") {
		t.Errorf("without a database: %s", errs)
	}
	if _, errs := runs(t, command(t, dir, "import", "--dry-run", name), 1); !strings.Contains(errs, "there is no such file") {
		t.Errorf("a dry run without a database: %s", errs)
	}
	runs(t, command(t, dir, "import", name), 0)
	first, _ := runs(t, command(t, dir, "export"), 0)
	if out, _ := runs(t, command(t, dir, "check", name), 0); !strings.HasSuffix(out, name+": in the graph: 0 new, 0 added to, 520 the same, 0 conflicting\n") {
		t.Errorf("of the sample itself:\n%s", out)
	}
	out, _ := runs(t, command(t, dir, "check", "later.yaml", "lines.jsonl"), 0)
	for _, want := range []string{
		"later.yaml: in the graph: 21 new, 0 added to, 3 the same, 3 conflicting\n" + laterDiffers,
		"lines.jsonl: no problems; 3 records\nlines.jsonl: in the graph: 1 new, 1 added to, 0 the same, 1 conflicting\n",
		`lines.jsonl:6: group:critics: name is "Critics of the Cambodian government" in the graph, here "Critics"` + "\n",
		`lines.jsonl:6: group:critics: description is "Those who criticise how government and state-aligned media deal with reports on …" by outlet:camboja-news in the graph, here "Others."` + "\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\ndoes not stand in\n%s", want, out)
		}
	}
	if _, errs := runs(t, command(t, dir, "check", "--no-conflicts", "later.yaml"), 1); !strings.Contains(errs, "later.yaml: 3 records have values that are others in the graph") {
		t.Errorf("--no-conflicts: %s", errs)
	}
	out, _ = runs(t, command(t, dir, "check", "--json", "later.yaml", "lines.jsonl"), 0)
	var got report
	line, rest, _ := strings.Cut(out, "\n")
	if err := json.Unmarshal([]byte(line), &got); err != nil || strings.Count(rest, "\n") != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	c := got.Conflicts[0]
	if got.File != "later.yaml" || got.New != 21 || got.Conflicting != 3 || len(got.Conflicts) != 3 || c.Line != 9 || c.Column != 11 || c.Field != "date" ||
		*c.Graph.Value != "2024-10-25" || *c.Here.Value != "2024-10-24" || c.Graph.SaidBy[0] != "outlet:camboja-news" || c.Here.SaidBy[0] != "outlet:late-news" {
		t.Errorf("%+v", got)
	}
	if out, _ := runs(t, command(t, dir, "import", "--dry-run", "--json", "lines.jsonl"), 0); !strings.HasPrefix(out, `{"file":"lines.jsonl","dryRun":true,"new":1,"added":1,"same":0,"conflicting":1,"conflicts":[{`) {
		t.Errorf("%s", out)
	}
	if _, errs := runs(t, command(t, dir, "import", "--no-conflicts", "lines.jsonl"), 1); !strings.Contains(errs, "nothing of it was imported: 1 of its records have values") {
		t.Errorf("%s", errs)
	}
	if now, _ := runs(t, command(t, dir, "export"), 0); now != first {
		t.Error("checking, dry runs and refusals changed the graph")
	}
	runs(t, command(t, dir, "import", "lines.jsonl"), 0)
	if out, _ := runs(t, command(t, dir, "check", name), 0); !strings.Contains(out, `group:reports: retractedAt is "2025-01-01T00:00:00Z"`) {
		t.Errorf("that importing takes a retraction back is not told:\n%s", out)
	}
}

// TestDryRunOfAnEmptyDatabase holds that a case file can be tried before anything is there.
func TestDryRunOfAnEmptyDatabase(t *testing.T) {
	dir := t.TempDir()
	name, text := reference.Sample()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "none.jsonl"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, command(t, dir, "import", "none.jsonl"), 0)
	if out, _ := runs(t, command(t, dir, "import", "--dry-run", name), 0); out != name+": 520 new, 0 added to, 0 the same, 0 conflicting\n" {
		t.Errorf("%s", out)
	}
	if out, _ := runs(t, command(t, dir, "export"), 0); out != "" {
		t.Errorf("a dry run wrote\n%.300s", out)
	}
}

// TestManyConflicts holds that at most 1,000 conflicts of a file are told, and all are counted.
func TestManyConflicts(t *testing.T) {
	store := sampleSQLite(t)
	i := importer{process: &process{ctx: context.Background(), model: model(t), errors: &bytes.Buffer{}}, store: store, ReportConfig: ReportConfig{NoConflicts: true}}
	for _, n := range []int{maxDisagreements, maxDisagreements + 1} {
		var was, is strings.Builder
		for k := range n {
			fmt.Fprintf(&was, `{"node":"Outlet","id":"outlet:o%d","name":"Before"}`+"\n", k)
			fmt.Fprintf(&is, `{"node":"Outlet","id":"outlet:o%d","name":"After"}`+"\n", k)
		}
		dir := t.TempDir()
		for file, text := range map[string]string{"was.jsonl": was.String(), "is.jsonl": is.String()} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		i.out = &out
		if err := i.lines("was.jsonl", filepath.Join(dir, "was.jsonl")); err != nil {
			t.Fatal(err)
		}
		out.Reset()
		err := i.lines("is.jsonl", filepath.Join(dir, "is.jsonl"))
		if graph.CodeOf(err) != graph.Conflict || !strings.HasPrefix(out.String(), fmt.Sprintf("is.jsonl: 0 new, 0 added to, 0 the same, %d conflicting\n", n)) ||
			strings.Count(out.String(), `: name is "Before"`) != maxDisagreements ||
			strings.Contains(out.String(), "more conflicts are not told") != (n > maxDisagreements) {
			t.Errorf("%d conflicts: %v\n%.400s", n, err, &out)
		}
	}
}
