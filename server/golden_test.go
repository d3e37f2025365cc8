package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

var update = flag.Bool("update", false, "write the goldens of docs/goldens anew")

// TestGoldens and TestGoldensNeo4j hold question, plan, SQL, Cypher and answer of docs/goldens: a reader learns from them how a
// question is answered. Each store checks, or with -update writes, its own part; the plan and the answer are the same for both.
func TestGoldens(t *testing.T)      { goldens(t, sampleSQLite(t), "sqlite.sql") }
func TestGoldensNeo4j(t *testing.T) { goldens(t, sampleNeo4j(t), "neo4j.cypher") }

// goldens checks the goldens on a store, whose statements stand in the section.
func goldens(t *testing.T, store graph.Store, statements string) {
	files, err := filepath.Glob("../docs/goldens/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("there are %d goldens: %v", len(files), err)
	}
	// Those that change the graph first come last.
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(len(goldenMutation(t, a)), len(goldenMutation(t, b))) })
	e := engineOver(t, store)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			req := gql.Request{Query: section(archive, "question.graphql")}
			if mutation := section(archive, "mutation.graphql"); mutation != "" {
				answer(t, e, gql.Request{Query: mutation})
			}
			plan, args, err := e.Plan(req)
			if err != nil {
				t.Fatal(err)
			}
			bound, err := json.Marshal(args)
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: archive.Comment}
			for _, name := range []string{"mutation.graphql", "question.graphql", "plan", "sqlite.sql", "neo4j.cypher", "answer.json"} {
				data := []byte(section(archive, name))
				switch name {
				case "plan":
					data = []byte(plan.String() + "arguments " + string(bound) + "\n")
				case statements:
					data = explain(t, store, plan)
				case "answer.json":
					data = answer(t, e, req)
				}
				if name != "mutation.graphql" || len(data) > 0 {
					got.Files = append(got.Files, txtar.File{Name: name, Data: data})
				}
			}
			text := txtar.Format(got)
			if *update {
				if err := os.WriteFile(file, text, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want, _ := os.ReadFile(file); !bytes.Equal(want, text) {
				t.Errorf("%s is not up to date (go test ./server -run TestGoldens -update):\n%s", file, text)
			}
		})
	}
}

// goldenMutation is what a golden does before it asks; empty for most.
func goldenMutation(t *testing.T, file string) string {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return section(archive, "mutation.graphql")
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// explain is the statement of each root, one under the other.
func explain(t *testing.T, store graph.Store, plan *graph.Plan) []byte {
	t.Helper()
	statements, err := store.(interface {
		Explain(*graph.Plan) ([]string, error)
	}).Explain(plan)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.TrimSpace(strings.Join(statements, "\n\n")) + "\n")
}

func answer(t *testing.T, e *gql.Engine, req gql.Request) []byte {
	t.Helper()
	resp := e.Execute(context.Background(), req)
	if resp.Code != "" {
		t.Fatalf("%s", resp.Body)
	}
	return formatted(t, resp.Body)
}
