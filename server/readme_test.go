package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/raidgraph/raidgraph/graph/gql"
)

var example = regexp.MustCompile("(?s)```graphql\n(.*?)```\n\n```json\n(.*?)```")

// TestReadme asks the README's questions and holds the answers beside them: of the sample case, and under the heading for it of
// both cases.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := example.FindAllSubmatchIndex(text, -1)
	if len(examples) < 3 {
		t.Fatalf("the README has %d questions with answers", len(examples))
	}
	both := sampleSQLite(t)
	loadShipped(t, both)
	sample, two := engineOver(t, sampleSQLite(t)), engineOver(t, both)
	from := bytes.Index(text, []byte("\n## Two cases together\n"))
	to := from + 1 + bytes.Index(text[from+1:], []byte("\n## "))
	var out bytes.Buffer
	last := 0
	for _, at := range examples {
		e := sample
		if at[0] > from && at[0] < to {
			e = two
		}
		got := answer(t, e, gql.Request{Query: string(text[at[2]:at[3]])})
		out.Write(text[last:at[4]])
		out.Write(got)
		last = at[5]
		var want, have any
		_ = json.Unmarshal(text[at[4]:at[5]], &want)
		if err := json.Unmarshal(got, &have); err != nil {
			t.Fatal(err)
		}
		if a, b := compact(t, want), compact(t, have); !*update && a != b {
			t.Errorf("the README says\n%s\nthe answer is\n%s", a, b)
		}
	}
	if *update {
		out.Write(text[last:])
		if err := os.WriteFile("../README.md", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func compact(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
