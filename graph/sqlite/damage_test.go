package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// TestDamagedPages writes over the second half of a database: a question either gets a clear error or its answer, and a copy
// is refused.
func TestDamagedPages(t *testing.T) {
	d := newDomain()
	file := filepath.Join(t.TempDir(), "damaged.db")
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: file, Schema: d.Schema})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, d.records(2000))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(bytes) / 2; i < len(bytes); i++ {
		bytes[i] = 0xa5
	}
	if err := os.WriteFile(file, bytes, 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err = sqlite.Open(t.Context(), sqlite.Config{Path: file, Schema: d.Schema}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	failed := 0
	for _, p := range d.plans(2000) {
		if _, err := s.Query(t.Context(), p.plan, p.args); err != nil {
			failed++
			wantDamaged(t, p.name, err)
		}
	}
	if failed == 0 {
		t.Error("no question met the damage")
	}
	one := &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "province", Kinds: kinds(d.province), Fields: []graph.FieldRef{id}, Page: all(), Order: byID,
		Where: &graph.Cond{Op: graph.Eq, Field: id, Arg: 0}}}}
	if sets, err := s.Query(t.Context(), one, []any{"province:kh-1"}); err != nil || len(sets[0].Rows) != 1 {
		t.Errorf("what is not damaged is not read: %v", err)
	}
	wantDamaged(t, "export", s.Export(t.Context(), func(graph.Record) error { return nil }))
	copied := filepath.Join(t.TempDir(), "copy.db")
	wantDamaged(t, "backup", s.Backup(t.Context(), copied, nil))
	if _, err := os.Stat(copied); err == nil {
		t.Error("a damaged copy is there")
	}
}

func wantDamaged(t *testing.T, what string, err error) {
	t.Helper()
	if graph.CodeOf(err) != graph.Internal || !strings.Contains(err.Error(), "the database file is damaged") {
		t.Errorf("%s: %v, want that the file is damaged", what, err)
	}
}
