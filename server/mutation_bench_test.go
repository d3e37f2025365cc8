package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// BenchmarkMutation writes one node in a durable transaction, by a mutation and beside it without: the floor; and a thousand.
func BenchmarkMutation(b *testing.B) {
	m, err := loadModel()
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	store, err := sqlite.Open(ctx, sqlite.Config{Path: filepath.Join(b.TempDir(), "bench.db"), Schema: m.Graph})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	engine, err := gql.New(gql.Config{Model: m, Store: store})
	if err != nil {
		b.Fatal(err)
	}
	send := func(b *testing.B, query, variables string) {
		resp := engine.Execute(ctx, gql.Request{Query: query, Variables: json.RawMessage(variables)})
		if resp.Code != "" {
			b.Fatalf("%s", resp.Body)
		}
		resp.Release()
	}
	n := 0
	b.Run("floor", func(b *testing.B) {
		for range b.N {
			n++
			node := graph.NewNode(m.Graph.Kind("Source"), fmt.Sprintf("source:%d", n)).Set("seen", true).Set("title", "x")
			err := store.Update(ctx, func(ctx context.Context, tx graph.Tx) error {
				_, err := tx.Put(ctx, func(yield func(graph.Record, error) bool) { yield(node, nil) })
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("one", func(b *testing.B) {
		for range b.N {
			n++
			send(b, `mutation($id: ID!, $source: ID!) { createSource(changeId: $id, input: {id: $source, seen: true, title: "x"}) { change { sequence } } }`,
				fmt.Sprintf(`{"id": "%d", "source": "source:%d"}`, n, n))
		}
	})
	b.Run("evidence", func(b *testing.B) {
		send(b, `mutation { createSource(input: {id: "source:cited", seen: true}, changeId: "cited") { again } }`, `{}`)
		for range b.N {
			n++
			send(b, `mutation($id: ID!, $compound: ID!) { createCompound(changeId: $id, input: {id: $compound, name: "x", form: "villas",
				evidence: {citations: [{source: "source:cited", verb: SAID}]}}) { change { sequence } } }`,
				fmt.Sprintf(`{"id": "%d", "compound": "compound:%d"}`, n, n))
		}
	})
	const batch = 1000
	b.Run("thousand", func(b *testing.B) {
		for range b.N {
			var steps []string
			for range batch {
				n++
				steps = append(steps, fmt.Sprintf(`{"createSource": {"id": "source:%d", "seen": true, "title": "x"}}`, n))
			}
			send(b, `mutation($id: ID!, $changes: [ChangeInput!]!) { applyChanges(changeId: $id, changes: $changes) { change { sequence } } }`,
				fmt.Sprintf(`{"id": "%d", "changes": [%s]}`, n, strings.Join(steps, ",")))
		}
		b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "changes/s")
	})
}
