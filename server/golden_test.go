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

// TestGoldens holds question, plan, SQL, Cypher and answer of docs/goldens: a reader learns from them how a question is
// answered. The answer is the same on both stores.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("../docs/goldens/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("there are %d goldens: %v", len(files), err)
	}
	// Those that change the graph first come last.
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(len(goldenMutation(t, a)), len(goldenMutation(t, b))) })
	embedded, other := sampleSQLite(t), sampleNeo4j(t)
	sqlite, neo4j := engineOver(t, embedded), engineOver(t, other)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			req := gql.Request{Query: section(archive, "question.graphql")}
			var first []txtar.File
			if mutation := section(archive, "mutation.graphql"); mutation != "" {
				first = []txtar.File{{Name: "mutation.graphql", Data: []byte(mutation)}}
				answer(t, sqlite, gql.Request{Query: mutation})
				answer(t, neo4j, gql.Request{Query: mutation})
			}
			plan, args, err := sqlite.Plan(req)
			if err != nil {
				t.Fatal(err)
			}
			bound, err := json.Marshal(args)
			if err != nil {
				t.Fatal(err)
			}
			ours := answer(t, sqlite, req)
			got := &txtar.Archive{Comment: archive.Comment, Files: append(first,
				txtar.File{Name: "question.graphql", Data: []byte(req.Query)},
				txtar.File{Name: "plan", Data: []byte(plan.String() + "arguments " + string(bound) + "\n")},
				txtar.File{Name: "sqlite.sql", Data: explain(t, embedded, plan)},
				txtar.File{Name: "neo4j.cypher", Data: explain(t, other, plan)},
				txtar.File{Name: "answer.json", Data: ours})}
			if theirs := answer(t, neo4j, req); !bytes.Equal(theirs, ours) {
				t.Errorf("Neo4j answers\n%s\nSQLite answers\n%s", theirs, ours)
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
