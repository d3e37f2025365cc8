package neo4j

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest/proxy"
)

// proxied is the configuration of the tests through a proxy.
func proxied(t *testing.T, schema *graph.Schema) (Config, *proxy.Proxy) {
	t.Helper()
	cfg := testConfig(t, schema)
	_, target, _ := strings.Cut(cfg.URI, "://")
	p := proxy.New(t, target)
	cfg.URI = "bolt://" + p.Address
	cfg.MaxRetryTime = 300 * time.Millisecond
	return cfg, p
}

// unavailable checks that an error says so, soon, in our words alone.
func unavailable(t *testing.T, what string, start time.Time, err error) {
	t.Helper()
	if graph.CodeOf(err) != graph.Unavailable {
		t.Errorf("%s: %v, want an Unavailable error", what, err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%s took %v", what, took)
	}
	var e *graph.Error
	if errors.As(err, &e) && strings.ContainsAny(e.Message, ":()\n") {
		t.Errorf("%s has a message with foreign words: %s", what, e.Message)
	}
}

func TestServerDown(t *testing.T) {
	d := newDomain()
	start := time.Now()
	_, err := Open(context.Background(), Config{URI: "neo4j://127.0.0.1:1", Username: "a", Password: "b", Schema: d.schema})
	unavailable(t, "Open where nothing listens", start, err)

	cfg, p := proxied(t, d.schema)
	wipe(t, cfg)
	s := reopen(t, cfg)
	ctx := context.Background()
	put(t, s, d.records(10))
	p.Cut()
	lookup := d.lookup()
	two := &graph.Plan{Args: 1, Roots: []*graph.Select{lookup.Roots[0], lookup.Roots[0]}}
	for what, f := range map[string]func() error{
		"Query":            func() error { _, err := s.Query(ctx, lookup, []any{"raid:1"}); return err },
		"Query of two":     func() error { _, err := s.Query(ctx, two, []any{"raid:1"}); return err },
		"Ping":             func() error { return s.Ping(ctx) },
		"Export":           func() error { return s.Export(ctx, func(graph.Record) error { return nil }) },
		"Update":           func() error { return s.Update(ctx, func(context.Context, graph.Tx) error { return nil }) },
		"Query once more ": func() error { _, err := s.Query(ctx, lookup, []any{"raid:1"}); return err },
	} {
		start := time.Now()
		unavailable(t, what, start, f())
	}
	// The server is back: the store finds it by itself.
	p.Listen(t)
	if sets := query(t, s, lookup, "raid:1"); len(sets[0].Rows) != 1 {
		t.Error("nothing is read after the server came back")
	}
}

// TestConnectionsLost cuts the connections between two queries, as a restart of the server does: nobody notices.
func TestConnectionsLost(t *testing.T) {
	d := newDomain()
	cfg, p := proxied(t, d.schema)
	wipe(t, cfg)
	s := reopen(t, cfg)
	put(t, s, d.records(10))
	lookup := d.lookup()
	query(t, s, lookup, "raid:1")
	p.Cut()
	p.Listen(t)
	query(t, s, lookup, "raid:1")
	p.Cut()
	p.Listen(t)
	put(t, s, list(graph.NewNode(d.agency, "agency:new").Set("name", "New")))
}

// TestContextEnds ends the context of a query that gets no answer.
func TestContextEnds(t *testing.T) {
	d := newDomain()
	cfg, p := proxied(t, d.schema)
	wipe(t, cfg)
	s := reopen(t, cfg)
	put(t, s, d.records(10))
	lookup := d.lookup()
	query(t, s, lookup, "raid:1")
	p.Hold(true)
	for _, deadline := range []bool{true, false} {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		want := context.DeadlineExceeded
		if !deadline {
			ctx, cancel = context.WithCancel(context.Background())
			time.AfterFunc(200*time.Millisecond, cancel)
			want = context.Canceled
		}
		start := time.Now()
		_, err := s.Query(ctx, lookup, []any{"raid:1"})
		if !errors.Is(err, want) || time.Since(start) > 2*time.Second {
			t.Errorf("a query whose context ends: %v after %v, want %v", err, time.Since(start), want)
		}
		cancel()
	}
	p.Hold(false)
	query(t, s, lookup, "raid:1")
}

func TestWrongPassword(t *testing.T) {
	cfg := testConfig(t, newDomain().schema)
	cfg.Password += "x"
	start := time.Now()
	_, err := Open(context.Background(), cfg)
	unavailable(t, "Open with a wrong password", start, err)
	if err == nil || !strings.Contains(err.Error(), "refuses the user name") || strings.Contains(err.Error(), cfg.Password) {
		t.Errorf("Open with a wrong password: %v", err)
	}
	// Neo4j refuses everybody for some seconds after several of these.
}

func TestNoSuchDatabase(t *testing.T) {
	cfg := testConfig(t, newDomain().schema)
	cfg.Database = "nowhere"
	start := time.Now()
	_, err := Open(context.Background(), cfg)
	if graph.CodeOf(err) != graph.Unavailable || time.Since(start) > 5*time.Second {
		t.Errorf("Open of a database that is not there: %v after %v", err, time.Since(start))
	}
	if _, err := Open(context.Background(), Config{URI: "localhost:7687", Schema: cfg.Schema}); graph.CodeOf(err) != graph.Invalid {
		t.Errorf("Open of an address without a scheme: %v", err)
	}
}

// TestReadersCannotWrite writes in a session such as Query has.
func TestReadersCannotWrite(t *testing.T) {
	s := openEmpty(t, newDomain().schema)
	ctx := context.Background()
	session := s.session(neo4j.AccessModeRead, neo4j.FetchAll)
	defer s.end(ctx, session)
	result, err := session.Run(ctx, "CREATE (n:Written)", nil)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	var refused *neo4j.Neo4jError
	if !errors.As(err, &refused) || refused.Code != "Neo.ClientError.Statement.AccessMode" {
		t.Errorf("a write in a reader's session: %v", err)
	}
	if n := raw(t, s.config, "MATCH (n:Written) RETURN count(n)"); n != int64(0) {
		t.Errorf("%v nodes were written", n)
	}
}

// TestSlowQuery asks for far too much in far too little time, of Neo4j's or of ours: that is said, and not that the database
// is away.
func TestSlowQuery(t *testing.T) {
	d := newDomain()
	cfg := testConfig(t, d.schema)
	wipe(t, cfg)
	s := reopen(t, cfg)
	put(t, s, d.records(30000)) // Neo4j looks every 2 s for what has taken too long
	cfg.QueryTimeout = 50 * time.Millisecond
	impatient := reopen(t, cfg)
	nested := d.nested()
	two := &graph.Plan{Args: nested.Args, Roots: []*graph.Select{nested.Roots[0], nested.Roots[0]}}
	args := []any{int64(30000), int64(30000), int64(1)} // to go through, but not to hold
	for _, q := range []struct {
		what  string
		store *traced
		limit time.Duration
		plan  *graph.Plan
	}{
		{"ended by Neo4j", impatient, time.Minute, nested},
		{"ended by its context", s, 4 * time.Second, nested},
		{"of two roots, ended by its context", s, 4 * time.Second, two},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), q.limit)
		start := time.Now()
		_, err := q.store.Query(ctx, q.plan, args)
		if graph.CodeOf(err) != graph.TooLarge || time.Since(start) > 10*time.Second {
			t.Errorf("a query that takes too long, %s: %v after %v", q.what, err, time.Since(start))
		}
		cancel()
	}
	query(t, s, d.lookup(), "raid:1")
}

// TestSlowNetwork asks for little over networks that let too little through: the database is away then, and has not been asked for
// too much.
func TestSlowNetwork(t *testing.T) {
	d := newDomain()
	cfg, p := proxied(t, d.schema)
	wipe(t, cfg)
	s := reopen(t, cfg)
	put(t, s, d.records(600))
	lookup, page := d.lookup(), d.page(true, false, false, false)
	two := &graph.Plan{Args: 1, Roots: []*graph.Select{lookup.Roots[0], lookup.Roots[0]}}
	networks := []struct {
		name  string
		begin func()
	}{
		{"held up", func() { p.Hold(true) }},
		{"that is very slow", func() { p.Slow(8, 20*time.Millisecond) }},
		{"that is slow", func() { p.Slow(64, 20*time.Millisecond) }},
	}
	for i, network := range networks {
		questions := map[string]func(context.Context) error{
			"a page": func(ctx context.Context) error { _, err := s.Query(ctx, page, []any{int64(600), nil, nil}); return err },
		}
		if i < 2 {
			questions["one"] = func(ctx context.Context) error { _, err := s.Query(ctx, lookup, []any{"raid:1"}); return err }
			questions["two"] = func(ctx context.Context) error { _, err := s.Query(ctx, two, []any{"raid:1"}); return err }
		}
		for what, ask := range questions {
			query(t, s, page, int64(600), nil, nil)
			query(t, s, two, "raid:1")
			network.begin()
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			start := time.Now()
			err := ask(ctx)
			unavailable(t, what+" over a network "+network.name, start, err)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s over a network %s: %v, want an error that tells of the deadline", what, network.name, err)
			}
			cancel()
			p.Hold(false)
			p.Slow(0, 0)
		}
	}
	query(t, s, lookup, "raid:1")
}

// TestDeadlock makes the server end a transaction because of another one that is not the store's. When that is the Update,
// it is tried again.
func TestDeadlock(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	ctx := context.Background()
	agency := func(id string, n int) *graph.Node {
		return graph.NewNode(d.agency, "agency:"+id).Set("name", strings.Repeat(id, n+1))
	}
	put(t, s, list(agency("a", 0), agency("b", 0)))
	put(t, s, d.records(100)) // for the other to lock: the server ends the one that holds less
	session := s.session(neo4j.AccessModeWrite, neo4j.FetchAll)
	defer s.end(ctx, session)
	touch := func(tx neo4j.ManagedTransaction, id string) error {
		return s.exec(ctx, tx, "MATCH (n:Node {id: $id}) SET n.touched = true", map[string]any{"id": id})
	}
	runs, updates := 0, 2
	for n := range updates {
		others := make(chan error, 1)
		first := true
		err := s.Update(ctx, func(ctx context.Context, tx graph.Tx) error {
			runs++
			if _, err := tx.Put(ctx, list(agency("b", n+1))); err != nil || !first {
				return err
			}
			first = false
			locked := make(chan bool)
			go func() {
				tx, err := session.BeginTransaction(ctx)
				if err == nil {
					err = s.exec(ctx, tx, "MATCH (n:Raid) SET n.touched = true", nil)
				}
				if err == nil {
					err = touch(tx, "agency:a")
				}
				close(locked)
				if err == nil {
					err = touch(tx, "agency:b") // waits for the Update
				}
				if err == nil {
					err = tx.Commit(ctx)
				} else {
					_ = tx.Close(ctx)
				}
				others <- err
			}()
			<-locked
			time.Sleep(50 * time.Millisecond)
			_, err := tx.Put(ctx, list(agency("a", n+1))) // waits for the other
			return err
		})
		if err != nil {
			t.Fatalf("Update: %v", err)
		}
		if err := <-others; err != nil && !neo4j.IsRetryable(err) {
			t.Fatalf("the other transaction: %v", err)
		}
		if got := raw(t, s.config, "MATCH (n:Node {id: 'agency:b'}) RETURN size(n.name)"); got != int64(n+2) {
			t.Errorf("after an Update the name has %v letters, want %d", got, n+2)
		}
	}
	if runs == updates {
		t.Errorf("%d Updates took %d runs: none was tried again", updates, runs)
	}
}

// TestBookmarks checks that what an Update returned from is asked for by the queries behind it.
func TestBookmarks(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	ctx := context.Background()
	var before string
	for i := range 20 {
		put(t, s, list(graph.NewNode(d.agency, "agency:a").Set("name", strings.Repeat("x", i+1))))
		marks, err := s.bookmarks.GetBookmarks(ctx)
		if err != nil || len(marks) != 1 || marks[0] == before {
			t.Errorf("after an Update the bookmarks are %v (%v)", marks, err)
		}
		before = marks[0]
		sets := query(t, s, &graph.Plan{Roots: []*graph.Select{{Name: "agency", Kinds: []*graph.Kind{d.agency}, Fields: []graph.FieldRef{refName}, Order: byID, Page: graph.Page{Limit: graph.NoArg}}}})
		if got := sets[0].Rows[0][0]; got != strings.Repeat("x", i+1) {
			t.Errorf("read %v", got)
		}
	}
}
