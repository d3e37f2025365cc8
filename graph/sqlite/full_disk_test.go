//go:build unix

package sqlite_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// fullVariable makes the test fill the database that it names, see TestFullDisk.
const fullVariable = "RAIDGRAPH_TEST_FULL"

// TestFullDisk writes in a process that may not make files larger than 4 MB, which the system tells as it tells a full disk:
// the write that does not fit is refused as a whole, and what was there is still read, and written to where that fits.
func TestFullDisk(t *testing.T) {
	file := os.Getenv(fullVariable)
	if file == "" {
		c := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
		c.Env = append(os.Environ(), fullVariable+"="+filepath.Join(t.TempDir(), "full.db"))
		if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "the disk was full") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	d := newDomain()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: file, Schema: d.Schema})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	put(t, s, d.records(500))
	before := 0
	if err := s.Export(t.Context(), func(graph.Record) error { before++; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4 << 20, Max: 4 << 20}); err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, d.records(20_000))
		return err
	})
	if graph.CodeOf(err) != graph.Unavailable || !strings.Contains(err.Error(), "disk") {
		t.Fatalf("a write that does not fit: %v", err)
	}
	after := 0
	if err := s.Export(t.Context(), func(graph.Record) error { after++; return nil }); err != nil || after != before {
		t.Fatalf("then %d records are read, %d before: %v", after, before, err)
	}
	put(t, s, func(yield func(graph.Record, error) bool) {
		yield(graph.NewNode(d.province, "province:kh-1").Set("name", "Another name").Set("iso", "KH-1").Set("recordedAt", recorded), nil)
	})
	d.fillTogether(t, s)
	fmt.Println("the disk was full")
}

// fillTogether writes by eight at once until the disk is full for each: what was acknowledged is there, and nothing else.
func (d *domain) fillTogether(t *testing.T, s *sqlite.Store) {
	t.Helper()
	var mu sync.Mutex
	want := map[string]bool{}
	write := func(id string) error {
		return s.Update(t.Context(), func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, func(yield func(graph.Record, error) bool) {
				yield(graph.NewNode(d.compound, id).Set("name", strings.Repeat("x", 20_000)).Set("recordedAt", recorded), nil)
			})
			return err
		})
	}
	var wg sync.WaitGroup
	for writer := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("compound:w%d-%d", writer, n)
				err := write(id)
				if err != nil {
					if graph.CodeOf(err) != graph.Unavailable {
						t.Errorf("%s: %v", id, err)
					}
					return
				}
				mu.Lock()
				want[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	got := map[string]bool{}
	err := s.Export(t.Context(), func(r graph.Record) error {
		if n, ok := r.(*graph.Node); ok && strings.HasPrefix(n.ID, "compound:w") {
			got[n.ID] = true
		}
		return nil
	})
	if err != nil || len(want) == 0 || !maps.Equal(got, want) {
		t.Fatalf("of %d that were acknowledged, and others that were refused, %d are there: %v", len(want), len(got), err)
	}
}
