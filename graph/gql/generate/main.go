// Command generate derives from schema.graphqls what package gql needs: the SDL of the API (derived.graphqls), and in
// package reference gqlgen's execution of it with a Go type for each GraphQL type. Run it by `go generate ./...`.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/raidgraph/raidgraph/graph/schema"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run works in the folder of package gql, where go generate starts it.
func run() error {
	text, err := os.ReadFile(filepath.Join("..", "..", "schema.graphqls"))
	if err != nil {
		return err
	}
	model, err := schema.Load(string(text))
	if err != nil {
		return err
	}
	sdl := model.Derive()
	if err := os.WriteFile("derived.graphqls", []byte(sdl), 0o644); err != nil {
		return err
	}
	derived, err := validator.LoadSchema(validator.Prelude, &ast.Source{Name: "derived.graphqls", Input: sdl})
	if err != nil {
		return err
	}
	models, err := goTypes(derived)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join("reference", "types_gen.go"), models, 0o644); err != nil {
		return err
	}
	cfg, err := config.LoadConfig(filepath.Join("..", "..", "gqlgen.yml"))
	if err != nil {
		return err
	}
	// Every type is bound to one of ours: gqlgen makes no models.
	cfg.Model = config.PackageConfig{}
	bind(cfg, derived)
	// gqlgen tells of each field of an input that it leaves to us.
	log.SetOutput(io.Discard)
	return api.Generate(cfg, api.AddPlugin(roots{}))
}

// bind tells gqlgen which Go type stands for which GraphQL type: one of package reference for what is an object, a string
// for what is written as one, and for inputs the plain map, since plans read them from the document. Mutations and subscriptions are never executed by the reference.
func bind(cfg *config.Config, derived *ast.Schema) {
	for name, d := range derived.Types {
		if d.BuiltIn || isRoot(name) {
			continue
		}
		model := "github.com/99designs/gqlgen/graphql.String"
		switch d.Kind {
		case ast.Object, ast.Interface, ast.Union:
			model = "github.com/raidgraph/raidgraph/graph/gql/reference." + name
		case ast.InputObject:
			model = "map[string]interface{}"
		}
		cfg.Models[name] = config.TypeMapEntry{Model: config.StringList{model}}
	}
}
