package storetest

import (
	"os"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// The suite runs on its own model: what it asks of a store, the model does. That its plans find mistakes is another test.
func TestModel(t *testing.T) {
	if os.Getenv("RAIDGRAPH_STORETEST_PLANS") == "" {
		t.Setenv("RAIDGRAPH_STORETEST_PLANS", "100")
	}
	Run(t, func(t *testing.T, schema *graph.Schema) graph.Store { return NewModel(schema) })
}
