package main

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// BenchmarkContradictions answers pages of 25 contradictions of the whole graph, embedded, beside pages of 25 plain claims: at 100,000
// claims and more, a fifth of whose raids have two that exclude each other.
func BenchmarkContradictions(b *testing.B) {
	m := loadModel(b)
	s, err := sqlite.Open(context.Background(), sqlite.Config{Path: filepath.Join(b.TempDir(), "claims.db"), Schema: m.Graph})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	records := data{schema: m.Graph, records: 650_000, seed: 1}.all()
	claims := 0
	counting := func(yield func(graph.Record, error) bool) {
		for r, err := range records {
			if n, ok := r.(*graph.Node); ok && n.Kind.Name == "Claim" {
				claims++
			}
			if !yield(r, err) {
				return
			}
		}
	}
	if _, err := graph.Apply(context.Background(), s, m.Graph, graph.Changes{Records: counting}); err != nil {
		b.Fatal(err)
	}
	engine, err := gql.New(gql.Config{Model: m, Store: s})
	if err != nil {
		b.Fatal(err)
	}
	ask := func(query string) string {
		r := engine.Execute(context.Background(), gql.Request{Query: query})
		defer r.Release()
		if r.Code != "" {
			b.Fatalf("%s", r.Body)
		}
		return string(r.Body)
	}
	b.Logf("%d claims, %s", claims, ask(`{ contradictions { totalCount } }`))
	claim := `{ id measure value { ... on Count { raw value } } }`
	for _, q := range []struct{ name, query string }{
		{"claims", `{ claims(first: 25) { nodes ` + claim + ` pageInfo { endCursor } } }`},
		{"contradictions", `{ contradictions(first: 25) { nodes { kind gap steps origin left ` + claim + ` right ` + claim + ` } pageInfo { endCursor } } }`},
		{"measure", `{ contradictions(first: 25, measure: DETAINED) { nodes { kind gap left ` + claim + ` right ` + claim + ` } } }`},
		{"kind", `{ contradictions(first: 25, kind: DIRECT) { nodes { kind gap left ` + claim + ` right ` + claim + ` } } }`},
		{"rare kind", `{ contradictions(first: 25, kind: VALUE) { nodes { kind gap left ` + claim + ` right ` + claim + ` } } }`},
		{"last", `{ contradictions(last: 25) { nodes { kind gap left ` + claim + ` right ` + claim + ` } } }`},
		{"totalCount", `{ contradictions(first: 25) { totalCount nodes { kind gap } } }`},
		{"gap", `{ contradictions(first: 25, where: {gap: {gte: 1000}}, orderBy: [{field: GAP}]) { nodes { gap left ` + claim + ` right ` + claim + ` } } }`},
		{"newest", `{ contradictions(first: 25, orderBy: [{field: KNOWN_SINCE, direction: DESC}]) { nodes { gap left ` + claim + ` right ` + claim + ` } } }`},
		{"speaker", `{ contradictions(first: 25, where: {either: {saidBy: {id: {eq: "` + unitID(3) + `"}}}}) { totalCount nodes { gap left ` + claim + ` right ` + claim + ` } } }`},
		{"no speaker", `{ contradictions(first: 25, where: {either: {saidBy: {id: {eq: "agency:nobody"}}}}) { totalCount nodes { gap } } }`},
		{"rare", `{ contradictions(first: 25, where: {left: {saidOn: {within: {to: "1990-01-01"}}}}) { totalCount nodes { gap } } }`},
		{"subject", `{ contradictions(first: 25, where: {either: {subject: {id: {eq: "` + raidID(7) + `"}}}}) { totalCount nodes { gap left ` + claim + ` right ` + claim + ` } } }`},
		{"narrowed", `{ contradictions(about: "` + raidID(7) + `", where: {either: {measure: {eq: FOUND}}}, orderBy: [{field: GAP}]) { totalCount nodes { kind gap left ` + claim + ` right ` + claim + ` } } }`},
		{"about", `{ contradictions(about: "` + raidID(7) + `", approxWithin: 0.1) { totalCount nodes { kind gap left ` + claim + ` right ` + claim + ` } } }`},
	} {
		b.Run(q.name, func(b *testing.B) {
			for range b.N {
				ask(q.query)
			}
		})
	}
}
