package asof_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/asof"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

var domain = sync.OnceValue(func() *graph.Schema {
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		panic(err)
	}
	return m.Graph
})

// start is the moment of the first change of a test; the others follow by the hour.
var start = time.Date(2024, 12, 1, 0, 0, 0, 0, time.UTC)

func hour(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }

func recorded(n int) graph.Moment { return graph.Moment{Recorded: hour(n).Format(time.RFC3339)} }

func open(t *testing.T) graph.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Path: t.TempDir() + "/graph.db", Schema: domain()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func copies(t *testing.T, store graph.Store, bytes int64) (*asof.Copies, string) {
	t.Helper()
	dir := t.TempDir()
	c := asof.New(asof.Config{Store: store, Schema: domain(), Dir: dir, Bytes: bytes})
	tells = c
	t.Cleanup(func() { _, tells = c.Close(), nil })
	return c, dir
}

// name applies a change that gives a compound its name.
func name(t *testing.T, store graph.Store, at int, origin graph.Origin, id, name string) {
	t.Helper()
	n := graph.NewNode(domain().Kind("Compound"), "compound:"+id).Set("name", name)
	records := func(yield func(graph.Record, error) bool) { yield(n, nil) }
	if _, err := graph.Apply(t.Context(), store, domain(), graph.Changes{Records: records, Now: hour(at), Origin: origin}); err != nil {
		t.Fatal(err)
	}
	if tells != nil {
		tells.Changed()
	}
}

// tells hears of the changes of a test.
var tells *asof.Copies

// names are the names of the compounds, by id.
func names(t *testing.T, store graph.Store) string {
	t.Helper()
	k := domain().Kind("Compound")
	plan := &graph.Plan{Roots: []*graph.Select{{Name: "compounds", Kinds: []*graph.Kind{k}, Page: graph.Page{Limit: graph.NoArg},
		Fields: []graph.FieldRef{{Name: "name", Type: graph.String}}, Order: []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}}}}}
	sets, err := store.Query(context.WithoutCancel(t.Context()), plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range sets[0].Rows {
		out = append(out, row[0].(string))
	}
	return strings.Join(out, " ")
}

func at(t *testing.T, c *asof.Copies, m graph.Moment, want string) {
	t.Helper()
	store, release, err := c.At(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if got := names(t, store); got != want {
		t.Errorf("as of %+v: %q, want %q", m, got, want)
	}
}

// files counts the copies on the disk.
func files(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	folders, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		inside, err := os.ReadDir(dir + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range inside {
			if strings.HasSuffix(file.Name(), ".db") {
				n++
			}
		}
	}
	return n
}

// TestCopies: one copy serves all moments between two changes, and goes on serving them when there are later changes, but for one
// that may have brought what was recorded earlier.
func TestCopies(t *testing.T) {
	store := open(t)
	c, dir := copies(t, store, 0)
	name(t, store, 1, graph.OriginMutation, "a", "A1")
	name(t, store, 3, graph.OriginMutation, "a", "A3")
	at(t, c, recorded(0), "")
	at(t, c, recorded(1), "A1")
	at(t, c, recorded(2), "A1")
	if n := files(t, dir); n != 2 {
		t.Errorf("%d copies were made, want 2", n)
	}
	at(t, c, recorded(4), "A3")
	name(t, store, 5, graph.OriginMutation, "b", "B5")
	at(t, c, recorded(2), "A1")
	at(t, c, recorded(4), "A3")
	if n := files(t, dir); n != 3 {
		t.Errorf("%d copies are there, want 3", n)
	}
	at(t, c, recorded(6), "A3 B5")
	at(t, c, graph.Moment{Published: "2024-01-01T00:00:00Z"}, "A3 B5") // nobody published when there is a compound
	name(t, store, 7, graph.OriginMutation, "b", "B7")
	at(t, c, graph.Moment{Published: "2024-01-01T00:00:00Z"}, "A3 B7")
	at(t, c, recorded(6), "A3 B5")
	late := graph.NewNode(domain().Kind("Compound"), "compound:c").Set("name", "C").Set(graph.RecordedAt, hour(2).Format(time.RFC3339))
	records := func(yield func(graph.Record, error) bool) { yield(late, nil) }
	if _, err := graph.Apply(t.Context(), store, domain(), graph.Changes{Records: records, Now: hour(8)}); err != nil {
		t.Fatal(err)
	}
	c.Changed()
	at(t, c, recorded(2), "A1 C")
	at(t, c, recorded(1), "A1")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files are left", len(left))
	}
}

// TestPurged: no copy keeps what was purged, not even one of a fixed state.
func TestPurged(t *testing.T) {
	store := open(t)
	c, _ := copies(t, store, 0)
	name(t, store, 1, graph.OriginMutation, "a", "A")
	name(t, store, 2, graph.OriginMutation, "b", "B")
	fixed := graph.Moment{Change: 2}
	at(t, c, fixed, "A B")
	at(t, c, recorded(2), "A B")
	name(t, store, 3, graph.OriginMutation, "b", "B3")
	at(t, c, fixed, "A B")
	if _, err := (graph.Purge{IDs: []string{"compound:a"}, Reason: "a court", At: hour(4)}).Apply(t.Context(), store, domain()); err != nil {
		t.Fatal(err)
	}
	// By another process: that is seen a little later.
	for deadline := time.Now().Add(10 * time.Second); ; {
		old, release, err := c.At(t.Context(), fixed)
		if err != nil {
			t.Fatal(err)
		}
		got := names(t, old)
		release()
		if got == "B" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("what was purged is still told: %s", got)
		}
		time.Sleep(50 * time.Millisecond)
	}
	at(t, c, recorded(2), "B")
	at(t, c, graph.Moment{Change: graph.NoChange}, "")
}

// TestRoom: what takes too much room goes, but not under the hands of who asks it.
func TestRoom(t *testing.T) {
	store := open(t)
	c, dir := copies(t, store, 1)
	for n := range 4 {
		name(t, store, 2*n, graph.OriginMutation, "a", fmt.Sprint(n))
	}
	first, release, err := c.At(t.Context(), recorded(1))
	if err != nil {
		t.Fatal(err)
	}
	for n := range 4 {
		at(t, c, recorded(2*n+1), fmt.Sprint(n))
	}
	if got := names(t, first); got != "0" {
		t.Errorf("a copy in use answers %q", got)
	}
	if n := files(t, dir); n != 2 {
		t.Errorf("%d copies are there, want the one in use and the last", n)
	}
	release()
	if n := files(t, dir); n != 1 {
		t.Errorf("%d copies are there, want the last", n)
	}
}

// slow is a store whose export waits.
type slow struct {
	graph.Store
	wait chan struct{}
}

func (s slow) Export(ctx context.Context, yield func(graph.Record) error) error {
	select {
	case <-s.wait:
		return s.Store.Export(ctx, yield)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestPatience: who cannot wait is told to ask again, and the copy is made meanwhile; those who ask together share it.
func TestPatience(t *testing.T) {
	store := open(t)
	name(t, store, 1, graph.OriginMutation, "a", "A")
	s := slow{store, make(chan struct{})}
	c, dir := copies(t, s, 0)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := c.At(ctx, recorded(2)); graph.CodeOf(err) != graph.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who cannot wait gets %v", err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { at(t, c, recorded(2), "A") })
	}
	close(s.wait)
	all.Wait()
	if n := files(t, dir); n != 1 {
		t.Errorf("%d copies were made", n)
	}
	// What is being made when the program ends is given up.
	s.wait = make(chan struct{})
	c, _ = copies(t, s, 0)
	failed := make(chan error)
	go func() {
		_, _, err := c.At(t.Context(), recorded(2))
		failed <- err
	}()
	time.Sleep(20 * time.Millisecond)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; graph.CodeOf(err) != graph.Unavailable {
		t.Errorf("who waits when the program ends gets %v", err)
	}
}

// TestBusy: who asks about what goes on changing is answered, while others write without a pause.
func TestBusy(t *testing.T) {
	store := open(t)
	for i := range 200 {
		name(t, store, 0, graph.OriginMutation, fmt.Sprintf("%03d", i), "-")
	}
	c, _ := copies(t, store, 0)
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				name(t, store, 0, graph.OriginMutation, "000", fmt.Sprintf("n%d", n))
			}
		}
	})
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		past, release, err := c.At(ctx, graph.Moment{Published: "2024-01-01T00:00:00Z"})
		if err != nil {
			t.Error(err)
		} else if got := len(strings.Fields(names(t, past))); got != 200 {
			t.Errorf("the copy has %d compounds", got)
		}
		if err == nil {
			release()
		}
		cancel()
	}
	close(stop)
	writer.Wait()
}

// TestBesideWriters: a copy that is made while the graph changes is what the graph was after one of the changes.
func TestBesideWriters(t *testing.T) {
	store := open(t)
	const compounds = 40
	random := rand.New(rand.NewPCG(1, 2))
	for i := range compounds {
		name(t, store, 0, graph.OriginMutation, fmt.Sprintf("%02d", i), "-")
	}
	var mu sync.Mutex
	after := map[int64]string{}
	sequence := func() int64 {
		last, err := graph.LastSequence(context.WithoutCancel(t.Context()), store, domain())
		if err != nil {
			t.Error(err)
		}
		return last
	}
	after[sequence()] = names(t, store)
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := range 300 {
			select {
			case <-stop:
				return
			default:
			}
			id := fmt.Sprintf("%02d", random.IntN(compounds+20)) // some are new
			mu.Lock()
			name(t, store, 0, graph.OriginMutation, id, fmt.Sprintf("n%d", n))
			after[sequence()] = names(t, store)
			mu.Unlock()
		}
	})
	for range 8 {
		to := open(t)
		span, err := graph.CopyAsOf(t.Context(), store, to, domain(), graph.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		want, ok := after[span.Sequence]
		mu.Unlock()
		if got := names(t, to); !ok || got != want {
			t.Errorf("the copy after change %d has\n%s\nwant (%v)\n%s", span.Sequence, got, ok, want)
		}
	}
	close(stop)
	writer.Wait()
}
