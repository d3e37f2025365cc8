package main

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/asof"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/sqlite"
	"github.com/raidgraph/raidgraph/reference"
)

// model is schema.graphqls, read once: plans and stores must speak of the same kinds.
func model(t *testing.T) *schema.Model {
	t.Helper()
	m, err := loadModel()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var loadModel = sync.OnceValues(func() (*schema.Model, error) { return schema.Load(raidgraph.Schema) })

// sampleSQLite is a store in a file of its own, with the reference data and the sample case.
func sampleSQLite(t *testing.T) graph.Store {
	t.Helper()
	store := emptySQLite(t)
	loadSample(t, store, model(t))
	return store
}

// emptySQLite is a store in a file of its own.
func emptySQLite(t *testing.T) graph.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), sqlite.Config{Path: filepath.Join(t.TempDir(), "sample.db"), Schema: model(t).Graph})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// sampleNeo4j is the running Neo4j, emptied, with the reference data and the sample case.
func sampleNeo4j(t *testing.T) graph.Store {
	t.Helper()
	m := model(t)
	store := neo4jtest.Open(t, m.Graph)
	loadSample(t, store, m)
	return store
}

func loadSample(t *testing.T, store graph.Store, m *schema.Model) {
	t.Helper()
	ctx := context.Background()
	if _, err := graph.Apply(ctx, store, m.Graph, graph.Changes{Records: reference.Records(m.Graph)}); err != nil {
		t.Fatal(err)
	}
	name, text := reference.Sample()
	c, err := casefile.Parse(name, text, m, casefile.InStore(ctx, store, m.Graph))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Apply(ctx, store, m.Graph, graph.Changes{Records: c.Records()}); err != nil {
		t.Fatal(err)
	}
}

// loadShipped loads the second sample case beside the first.
func loadShipped(t *testing.T, store graph.Store) {
	t.Helper()
	ctx, m := context.Background(), model(t)
	for _, name := range reference.Shipped() {
		file, text := reference.ShippedCase(name)
		c, err := casefile.Parse(file, text, m, casefile.InStore(ctx, store, m.Graph))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := graph.Apply(ctx, store, m.Graph, graph.Changes{Records: c.Records()}); err != nil {
			t.Fatal(err)
		}
	}
}

func engineOver(t *testing.T, store graph.Store) *gql.Engine {
	t.Helper()
	past := asof.New(asof.Config{Store: store, Schema: model(t).Graph, Dir: t.TempDir()})
	t.Cleanup(func() { _ = past.Close() })
	e, err := gql.New(gql.Config{Model: model(t), Store: store, Past: past})
	if err != nil {
		t.Fatal(err)
	}
	return e
}
