package casefile_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
)

var fence = regexp.MustCompile("(?ms)^( *)```(yaml|jsonl)\n(.*?)^ *```")

// examples are the fenced examples of a page.
func examples(t *testing.T, page, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[2] == language {
			out = append(out, strings.ReplaceAll("\n"+m[3], "\n"+m[1], "\n"))
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no example in %s", page, language)
	}
	return out
}

// TestDocumentedCases holds that each example of the guide is right. References outside of it are not looked up.
func TestDocumentedCases(t *testing.T) {
	for _, text := range examples(t, "case-file.md", "yaml") {
		if !strings.Contains(text, "\ncase:") {
			text = "case: {title: An example}\n" + text
		}
		if _, err := casefile.Parse("case-file.md", []byte(text), model(), nil); err != nil {
			t.Errorf("%s\n%v", text, err)
		}
	}
}

// TestDocumentedRecords holds that each line of the guide to bulk data is a record.
func TestDocumentedRecords(t *testing.T) {
	for _, text := range examples(t, "bulk.md", "jsonl") {
		for line := range strings.Lines(strings.TrimPrefix(text, "\n")) {
			r, err := graph.DecodeRecord(model().Graph, []byte(strings.TrimSuffix(line, "\n")))
			if err != nil {
				t.Errorf("%s%v", line, err)
				continue
			}
			if problems := model().Graph.CheckRecord(r); len(problems) > 0 {
				t.Errorf("%s%v", line, problems)
			}
		}
	}
}
