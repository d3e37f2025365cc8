package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
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
	embedded, other := sampleSQLite(t), sampleNeo4j(t)
	sqlite, neo4j := engineOver(t, embedded), engineOver(t, other)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			req := gql.Request{Query: section(archive, "question.graphql")}
			plan, args, err := sqlite.Plan(req)
			if err != nil {
				t.Fatal(err)
			}
			bound, err := json.Marshal(args)
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: archive.Comment, Files: []txtar.File{
				{Name: "question.graphql", Data: []byte(req.Query)},
				{Name: "plan", Data: []byte(plan.String() + "arguments " + string(bound) + "\n")},
				{Name: "sqlite.sql", Data: explain(t, embedded, plan)},
				{Name: "neo4j.cypher", Data: explain(t, other, plan)},
				{Name: "answer.json", Data: answer(t, sqlite, req)},
			}}
			if theirs := answer(t, neo4j, req); !bytes.Equal(theirs, got.Files[4].Data) {
				t.Errorf("Neo4j answers\n%s\nSQLite answers\n%s", theirs, got.Files[4].Data)
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
