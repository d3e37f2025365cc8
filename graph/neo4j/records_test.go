package neo4j

import (
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// TestSettle: when something was recorded stays what it was, in the order key too, and makes no difference.
func TestSettle(t *testing.T) {
	at, order := graph.RecordedAt, graph.RecordedAt+orderProp
	have := map[string]any{"id": "claim:a", at: "2024-11-11T11:00:00Z", order: "2024-11-11T11:00:00Z"}
	want := map[string]any{"id": "claim:a", at: "2026-01-01T00:00:00Z", order: "2026-01-01T00:00:00Z"}
	if !settle(true, have, want) || want[at] != have[at] || want[order] != have[order] {
		t.Errorf("what is there already becomes %v", want)
	}
	want = map[string]any{"id": "claim:a", "name": "a", at: "2026-01-01T00:00:00Z", order: "2026-01-01T00:00:00Z"}
	if settle(true, have, want) || want[at] != have[at] || want[order] != have[order] {
		t.Errorf("what is changed becomes %v", want)
	}
}
