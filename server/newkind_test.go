package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
)

// company is what somebody adds to schema.graphqls who wants companies in the graph, and no Go.
const company = `
"A company, as registered somewhere."
type Company implements Node & Entity @node(prefix: "company", plural: "companies") {
  "Where it is registered, ISO 3166-1 alpha-2."
  country: String @index
  "Compounds that it owns."
  owns: [Compound!]! @relation(type: "OWNS", direction: OUT, edge: "Ownership")
  "The company that it belongs to."
  parent: Company @relation(type: "BELONGS_TO", direction: OUT)
  "Companies that belong to it."
  subsidiaries: [Company!]! @relation(type: "BELONGS_TO", direction: IN)
}

"How much of something is owned."
type Ownership @edge {
  "The share, from 0 to 1."
  share: Float
}
`

const companyRecords = `{"node":"Company","id":"company:holding","name":"Holding","country":"KH"}
{"node":"Company","id":"company:daughter","name":"Daughter"}
{"node":"Compound","id":"compound:sea-view","name":"Sea View"}
{"relation":"BELONGS_TO","from":"company:daughter","to":"company:holding"}
{"relation":"OWNS","from":"company:daughter","to":"compound:sea-view","share":0.5}
`

const companyQuestion = `{ companies(where: {subsidiaries: {some: {owns: {some: {name: {contains: "sea"}, share: {gte: 0.5}}}}}}) {
  nodes { name country subsidiaries(first: 5) { totalCount nodes { id parent { id } owns(first: 5) { edges { share node { id owners(first: 5) { nodes { __typename name } } } } } } } } } }`

const companyAnswer = `{"data":{"companies":{"nodes":[{"name":"Holding","country":"KH","subsidiaries":{"totalCount":1,"nodes":[{"id":"company:daughter","parent":{"id":"company:holding"},"owns":{"edges":[{"share":0.5,"node":{"id":"compound:sea-view","owners":{"nodes":[{"__typename":"Company","name":"Daughter"}]}}}]}}]}}]}}}`

// TestNewKindNeo4j adds a kind with two relations to schema.graphqls alone, in a copy of the project: generated and built, it
// takes records and answers a nested question on both stores.
func TestNewKindNeo4j(t *testing.T) {
	dir := t.TempDir()
	copyProject(t, "..", dir)
	file := filepath.Join(dir, "schema.graphqls")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const raids = "  \"Raids on it.\"\n"
	if !strings.Contains(string(text), raids) {
		t.Fatal("the type Compound is not where it was")
	}
	owners := "  \"Companies that own it.\"\n  owners: [Company!]! @relation(type: \"OWNS\", direction: IN)\n"
	edited := strings.Replace(string(text), raids, owners+raids, 1) + company
	if err := os.WriteFile(file, []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "raidgraph")
	in(t, dir, "go", "generate", "./...")
	in(t, dir, "go", "build", "-o", program, "./server")

	records := filepath.Join(dir, "companies.jsonl")
	if err := os.WriteFile(records, []byte(companyRecords), 0o644); err != nil {
		t.Fatal(err)
	}
	neo4j := neo4jtest.Config(t, nil)
	neo4jtest.Wipe(t, neo4j)
	t.Setenv("NEO4J_USERNAME", neo4j.Username)
	t.Setenv("NEO4J_PASSWORD", neo4j.Password)
	for _, database := range []string{filepath.Join(dir, "companies.db"), neo4j.URI} {
		in(t, dir, program, "import", "--database", database, records)
		address := freeAddress(t)
		ctx, cancel := context.WithCancel(context.Background())
		serve := exec.CommandContext(ctx, program, "serve", "--database", database, "--listen", address)
		serve.Stderr = os.Stderr
		if err := serve.Start(); err != nil {
			t.Fatal(err)
		}
		got := askOver(t, "http://"+address+"/graphql", companyQuestion)
		cancel()
		_ = serve.Wait()
		if strings.TrimSpace(got) != companyAnswer {
			t.Errorf("over %s the answer is\n%s\nand should be\n%s", strings.SplitN(database, ":", 2)[0], got, companyAnswer)
		}
	}
}

// copyProject copies the files of the project, without what git and npm keep beside them.
func copyProject(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == ".git" || name == "node_modules" || name == ".cache" {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// in runs a command in a folder, to its end.
func in(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), fmt.Sprint(args), err, out)
	}
}

// freeAddress is a loopback address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// askOver asks a server that may still be starting.
func askOver(t *testing.T, url, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		resp, err := http.Post(url, "application/json", bytes.NewReader(body))
		if err != nil {
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
			continue
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(answer)
	}
}
