package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// TestBackup copies a database while somebody writes one number into two nodes, again and again: the copy has it twice, and
// everything else.
func TestBackup(t *testing.T) {
	d := newDomain()
	s := openDomain(t, d, 3000)
	number := func(n int64) graph.Records {
		return func(yield func(graph.Record, error) bool) {
			_ = yield(graph.NewNode(d.raid, "raid:first").Set("name", "First").Set("contested", false).Set("found", n).Set("recordedAt", recorded), nil) &&
				yield(graph.NewNode(d.raid, "raid:second").Set("name", "Second").Set("contested", false).Set("found", n).Set("recordedAt", recorded), nil)
		}
	}
	put(t, s, number(0))
	stop, stopped := make(chan struct{}), make(chan int64)
	go func() {
		for n := int64(1); ; n++ {
			put(t, s, number(n))
			select {
			case <-stop:
				stopped <- n
				return
			default:
			}
		}
	}()
	file := filepath.Join(t.TempDir(), "copy.db")
	for range 3 { // The second and third replace what is there.
		steps, last := 0, 0
		err := s.Backup(t.Context(), file, func(done, all int) {
			steps++
			if done < last || done > all {
				t.Errorf("%d of %d pages are copied, %d were before", done, all, last)
			}
			last = done
		})
		if err != nil {
			t.Fatal(err)
		}
		if steps < 1 {
			t.Error("no progress was told")
		}
	}
	close(stop)
	if n := <-stopped; n < 2 {
		t.Errorf("only %d changes were made meanwhile", n)
	}
	copied, err := sqlite.Open(t.Context(), sqlite.Config{Path: file, Schema: d.Schema})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = copied.Close() }()
	found := map[string]any{}
	count := 0
	err = copied.Export(t.Context(), func(r graph.Record) error {
		count++
		if n, ok := r.(*graph.Node); ok && (n.ID == "raid:first" || n.ID == "raid:second") {
			found[n.ID] = n.Get("found")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found["raid:first"] == nil || found["raid:first"] != found["raid:second"] {
		t.Errorf("the copy has one number twice: %v", found)
	}
	whole := 0
	if err := s.Export(t.Context(), func(graph.Record) error { whole++; return nil }); err != nil {
		t.Fatal(err)
	}
	if count != whole {
		t.Errorf("the copy has %d records of %d", count, whole)
	}
	put(t, copied, number(1)) // It can be written to.
}

// TestNoBackup asks for copies that cannot be, which leave nothing behind.
func TestNoBackup(t *testing.T) {
	d := newDomain()
	dir := t.TempDir()
	file := filepath.Join(dir, "own.db")
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: file, Schema: d.Schema})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	put(t, s, d.records(10))
	if err := os.Symlink(file, filepath.Join(dir, "link.db")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"own.db", "link.db", filepath.Join("none", "copy.db")} {
		err := s.Backup(t.Context(), filepath.Join(dir, name), nil)
		if graph.CodeOf(err) != graph.Invalid || strings.Count(err.Error(), dir) != 1 {
			t.Errorf("a copy into %s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, filepath.Join(dir, "copy.db"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a copy that nobody waits for: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "own.db") && e.Name() != "link.db" {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}
