package reference_test

import (
	"testing"

	"github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/reference"
)

func TestDump(t *testing.T) {
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		t.Fatal(err)
	}
	known, err := casefile.InRecords(reference.Records(m.Graph))
	if err != nil {
		t.Fatal(err)
	}
	name, text := reference.Sample()
	c, err := casefile.Parse(name, text, m, known)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(c.Counts())
	for r := range c.Records() {
		switch r := r.(type) {
		case *graph.Node:
			t.Log(r.ID, r.Values)
		case *graph.Edge:
			t.Log(r.Relation.Type, r.From, r.To, r.Props)
		}
	}
}
