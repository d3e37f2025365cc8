package main

import (
	"context"
	"testing"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

// TestImportAgain holds that importing the reference data and the sample case again changes nothing.
func TestImportAgain(t *testing.T) {
	ctx := context.Background()
	store, m := sampleSQLite(t), model(t)
	name, text := reference.Sample()
	c, err := casefile.Parse(name, text, m, casefile.InStore(ctx, store, m.Graph))
	if err != nil {
		t.Fatal(err)
	}
	for what, records := range map[string]graph.Records{"reference data": reference.Records(m.Graph), "sample": c.Records()} {
		applied, err := graph.Apply(ctx, store, m.Graph, graph.Changes{Records: records})
		if err != nil {
			t.Fatal(err)
		}
		if w := applied.Written; w.Created != 0 || w.Changed != 0 || w.Same == 0 || applied.Projections != (graph.Differences{}) {
			t.Errorf("importing the %s again: %+v", what, applied)
		}
	}
}

// TestSampleInRecords holds that the sample can be checked without a store, against the reference data alone.
func TestSampleInRecords(t *testing.T) {
	m := model(t)
	known, err := casefile.InRecords(reference.Records(m.Graph))
	if err != nil {
		t.Fatal(err)
	}
	name, text := reference.Sample()
	if _, err := casefile.Parse(name, text, m, known); err != nil {
		t.Fatal(err)
	}
}
