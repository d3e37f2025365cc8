package sqlite_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// traced is a store that collects the statements it runs.
type traced struct {
	*sqlite.Store
	mu         sync.Mutex
	statements []string
}

func (s *traced) trace(statement string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statements = append(s.statements, statement)
}

// Statements are those that were run since it was last called.
func (s *traced) Statements() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.statements
	s.statements = nil
	return out
}

func openTraced(t *testing.T, schema *graph.Schema) graph.Store {
	t.Helper()
	s := &traced{}
	var err error
	s.Store, err = sqlite.Open(t.Context(), sqlite.Config{Path: filepath.Join(t.TempDir(), "test.db"), Schema: schema, Trace: s.trace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) { storetest.Run(t, openTraced) }
