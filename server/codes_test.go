package main

import (
	"errors"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

func TestEveryCodeHasAMeaning(t *testing.T) {
	codes := []graph.Code{graph.Invalid, graph.NotFound, graph.Conflict, graph.TooLarge, graph.Unavailable, graph.Internal}
	for _, code := range codes {
		m, ok := meanings[code]
		if !ok || m.status < 400 || m.exit == 0 || m.exit == exitUsage {
			t.Errorf("%s means %+v", code, m)
		}
	}
	if len(meanings) != len(codes) {
		t.Errorf("the table has %d codes, not %d", len(meanings), len(codes))
	}
	if got := meaning(graph.CodeOf(errors.New("x"))); got != meanings[graph.Internal] {
		t.Errorf("an error without a code means %+v", got)
	}
}
