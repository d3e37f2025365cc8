package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/raidgraph/raidgraph"

// mayImport says which packages of ours a package may import (the root, which holds the schema file, is "."), and the
// modules of others. Generators and test helpers stand in a folder below the package that they serve.
var mayImport = map[string]struct{ ours, others []string }{
	".":                           {},
	"graph":                       {others: []string{"golang.org/x/text/unicode/norm"}},
	"graph/schema":                {ours: []string{"graph"}, others: []string{"github.com/vektah/gqlparser/v2"}},
	"graph/gql":                   {ours: []string{"graph", "graph/schema", "graph/gql/reference"}, others: []string{"github.com/99designs/gqlgen", "github.com/vektah/gqlparser/v2", "github.com/gowebpki/jcs", "github.com/maypok86/otter/v2"}},
	"graph/gql/reference":         {others: []string{"github.com/99designs/gqlgen", "github.com/vektah/gqlparser/v2"}},
	"graph/gql/generate":          {ours: []string{".", "graph/schema"}, others: []string{"github.com/99designs/gqlgen", "github.com/vektah/gqlparser/v2"}},
	"graph/sqlite":                {ours: []string{"graph"}, others: []string{"modernc.org/sqlite"}},
	"graph/neo4j":                 {ours: []string{"graph"}, others: []string{"github.com/neo4j/neo4j-go-driver/v5"}},
	"graph/neo4j/neo4jtest":       {ours: []string{"graph", "graph/neo4j"}, others: []string{"github.com/neo4j/neo4j-go-driver/v5"}},
	"graph/neo4j/neo4jtest/proxy": {},
	"graph/asof":                  {ours: []string{"graph", "graph/sqlite"}},
	"graph/storetest":             {ours: []string{"graph"}},
	"casefile":                    {ours: []string{"graph", "graph/schema"}, others: []string{"go.yaml.in/yaml/v3"}},
	"casefile/generate":           {ours: []string{".", "graph/schema", "casefile"}},
	"reference":                   {ours: []string{"graph"}},
	"server": {ours: []string{".", "graph", "graph/schema", "graph/gql", "graph/sqlite", "graph/neo4j", "graph/asof", "casefile", "reference", "server/live", "web"},
		others: []string{"github.com/alecthomas/kong", "github.com/vektah/gqlparser/v2"}},
	"server/live": {ours: []string{"graph", "graph/gql"}, others: []string{"github.com/coder/websocket"}},
	"web":         {},
}

// unbound are folders outside the program, which may import anything of it.
var unbound = []string{"bench", "scripts", "docs", "scratch"}

// TestImports holds the directions of docs/architecture.md: server, then gql, the stores, the case file and the reference
// data, then the domain, then the standard library; those beside each other never import each other.
func TestImports(t *testing.T) {
	root := ".."
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			name := d.Name()
			if rel != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules" || slices.Contains(unbound, rel)) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(rel)
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("%s: what the package %s may import is not laid down in server/imports_test.go", rel, pkg)
			return nil
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !permitted(imported, allowed.ours, allowed.others) {
				t.Errorf("%s must not import %s", rel, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func permitted(imported string, ours, others []string) bool {
	if imported == module {
		return slices.Contains(ours, ".")
	}
	if rest, found := strings.CutPrefix(imported, module+"/"); found {
		return slices.Contains(ours, rest)
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(others, func(o string) bool { return imported == o || strings.HasPrefix(imported, o+"/") })
}
