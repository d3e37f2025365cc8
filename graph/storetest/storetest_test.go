package storetest

import (
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// The suite runs on its own model: what it asks of a store, the model does.
func TestModel(t *testing.T) {
	Run(t, func(t *testing.T, schema *graph.Schema) graph.Store { return NewModel(schema) })
}
