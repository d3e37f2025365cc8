package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/neo4j"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest/proxy"
)

const (
	outageWriters = 4
	// recovery is the longest that the server may take to answer again once the database does.
	recovery = 5 * time.Second
)

// TestOutageNeo4j loses the connections to Neo4j while clients read and write over HTTP: at once, in the middle of transactions,
// and for a while. Clients hear that they may try again, and do; in the end each change is there once and whole.
func TestOutageNeo4j(t *testing.T) {
	o := newOutage(t, gql.Limits{})
	heard := o.listen()
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for writer := range outageWriters {
		clients.Go(func() { o.write(writer, stop) })
	}
	for range 6 {
		time.Sleep(150 * time.Millisecond)
		o.proxy.Reset()
	}
	for range 2 {
		o.proxy.Cut()
		if status, _ := o.get("/readyz"); status != http.StatusServiceUnavailable {
			t.Errorf("without a database, /readyz answers %d", status)
		}
		o.unanswered("without a database")
		o.refuses()
		o.proxy.Listen(t)
		o.recovers()
	}
	o.proxy.Hold(true) // a network that stands still
	time.Sleep(300 * time.Millisecond)
	o.proxy.Hold(false)
	o.recovers()
	close(stop)
	clients.Wait()
	o.check()
	heard()
}

// TestSlowNetworkNeo4j has few bytes a second go to Neo4j and back, or none: a change then takes longer than a request may, and so
// does a query that asks for little. Their clients hear that they may send them again; what was acknowledged is there, and what was
// not is there as a whole or not at all.
func TestSlowNetworkNeo4j(t *testing.T) {
	o := newOutage(t, gql.Limits{Time: time.Second})
	heard := o.listen()
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for writer := range outageWriters {
		clients.Go(func() { o.write(writer, stop) })
	}
	time.Sleep(time.Second)
	o.proxy.Slow(1<<10, time.Millisecond) // slow, but it does
	made := o.made.Load()
	for begin := time.Now(); o.made.Load() < made+outageWriters; time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatal("over a network that is somewhat slow no change is made")
		}
	}
	o.proxy.Slow(64, 20*time.Millisecond)
	o.refuses()
	o.whole()
	o.refuses()
	o.proxy.Slow(8, 20*time.Millisecond)
	o.unanswered("over a network that is too slow")
	o.proxy.Slow(0, 0)
	o.recovers()
	o.proxy.Hold(true)
	o.unanswered("over a network that stands still")
	if status, _ := o.get("/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("over a network that stands still, /readyz answers %d", status)
	}
	o.proxy.Hold(false)
	o.recovers()
	close(stop)
	clients.Wait()
	o.check()
	heard()
}

// whole looks past the proxy for changes that are there in part.
func (o *outage) whole() {
	store, err := neo4j.Open(o.t.Context(), neo4jtest.Config(o.t, model(o.t).Graph))
	if err != nil {
		o.t.Fatal(err)
	}
	defer store.Close()
	got := sent(o.t, engineOver(o.t, store), `{ changes { totalCount } a: sources(where: {title: {eq: "A"}}) { totalCount } b: sources(where: {title: {eq: "B"}}) { totalCount } }`, "")
	var all struct {
		Data map[string]struct{ TotalCount int64 }
	}
	if err := json.Unmarshal([]byte(got), &all); err != nil {
		o.t.Fatal(err)
	}
	n := all.Data["changes"].TotalCount
	if n < o.made.Load() || all.Data["a"].TotalCount != n || all.Data["b"].TotalCount != n {
		o.t.Errorf("of more than %d changes the graph has %s", o.made.Load(), got)
	}
}

// listen hears of all changes, over whatever befalls the database. What it gives waits until the last one was heard.
func (o *outage) listen() (heard func()) {
	l := listens(o.t, o.url+"/graphql")
	l.ctx = o.t.Context()
	l.subscribe("1", `subscription { changes(after: 0) { sequence touched { totalCount } } }`, "")
	told := make(chan string, 1<<16)
	go func() {
		defer close(told)
		for {
			m, err := l.next()
			if err != nil {
				return
			}
			told <- m.Type + string(m.Payload)
		}
	}()
	return func() {
		o.t.Helper()
		late := time.After(patience)
		for n := range o.made.Load() {
			select {
			case got := <-told:
				if want := fmt.Sprintf(`next{"data":{"changes":{"sequence":%d,"touched":{"totalCount":2}}}}`, n+1); got != want {
					o.t.Fatalf("a listener is told %q, want %s", got, want)
				}
			case <-late:
				o.t.Fatalf("a listener was told %d of %d changes", n, o.made.Load())
			}
		}
	}
}

type outage struct {
	t     *testing.T
	proxy *proxy.Proxy
	url   string
	// made is how many changes were acknowledged, refused how often one was sent again.
	made, refused atomic.Int64
}

func newOutage(t *testing.T, limits gql.Limits) *outage {
	m := model(t)
	cfg := neo4jtest.Config(t, m.Graph)
	neo4jtest.Wipe(t, cfg)
	_, target, _ := strings.Cut(cfg.URI, "://")
	p := proxy.New(t, target)
	cfg.URI, cfg.MaxRetryTime = "bolt://"+p.Address, 500*time.Millisecond
	store, err := neo4j.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	url := liveServer(t, store, limits, LiveConfig{})
	return &outage{t: t, proxy: p, url: strings.TrimSuffix(url, "/graphql")}
}

func (o *outage) get(path string) (int, string) {
	resp, err := http.Get(o.url + path)
	return o.read(resp, err)
}

func (o *outage) post(body string) (int, string) {
	resp, err := http.Post(o.url+"/graphql", "application/json", strings.NewReader(body))
	return o.read(resp, err)
}

func (o *outage) read(resp *http.Response, err error) (int, string) {
	if err != nil {
		o.t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Error(err)
	}
	return resp.StatusCode, string(body)
}

// unanswered asks for little: that may be asked for again.
func (o *outage) unanswered(when string) {
	status, body := o.post(`{"query":"{ raids { totalCount } }"}`)
	if status != http.StatusServiceUnavailable || !strings.Contains(body, `"retryable":true`) || !strings.Contains(body, `"code":"UNAVAILABLE"`) {
		o.t.Errorf("%s, a query gets %d %s", when, status, body)
	}
}

// refuses waits until a writer has heard that it may try again.
func (o *outage) refuses() {
	before, start := o.refused.Load(), time.Now()
	for o.refused.Load() == before {
		if time.Since(start) > 2*recovery {
			o.t.Fatalf("the database has been away for %v, and no change was refused", 2*recovery)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// recovers waits until the server is ready.
func (o *outage) recovers() {
	start := time.Now()
	for {
		if status, _ := o.get("/readyz"); status == http.StatusOK {
			return
		}
		if time.Since(start) > recovery {
			o.t.Fatalf("the database has been back for %v, and the server is not ready", recovery)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// write makes changes of two sources each, one after another, and sends each until it is acknowledged.
func (o *outage) write(writer int, stop <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		query := fmt.Sprintf(`mutation { applyChanges(changeId: "w%[1]d-%[2]d", changes: [
			{createSource: {id: "source:w%[1]d-%[2]d-a", title: "A", seen: true}} {createSource: {id: "source:w%[1]d-%[2]d-b", title: "B", seen: true}}])
			{ change { sequence } } }`, writer, n)
		request, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			o.t.Error(err)
			return
		}
		for tries := 0; ; tries++ {
			status, body := o.post(string(request))
			if status == http.StatusOK && strings.Contains(body, `"sequence":`) {
				o.made.Add(1)
				break
			}
			if !strings.Contains(body, `"retryable":true`) || tries > 500 {
				o.t.Errorf("a change gets %d %s", status, body)
				return
			}
			o.refused.Add(1)
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// check looks for each change once, with both of its sources.
func (o *outage) check() {
	asked := `{"query":"{ changes(first: 1, orderBy: [{field: SEQUENCE, direction: DESC}]) { totalCount nodes { sequence } } a: sources(where: {title: {eq: \"A\"}}) { totalCount } b: sources(where: {title: {eq: \"B\"}}) { totalCount } }"}`
	status, body := o.post(asked)
	for begin := time.Now(); strings.Contains(body, `"retryable":true`) && time.Since(begin) < recovery; {
		status, body = o.post(asked)
	}
	made := o.made.Load()
	want := fmt.Sprintf(`{"data":{"changes":{"totalCount":%[1]d,"nodes":[{"sequence":%[1]d}]},"a":{"totalCount":%[1]d},"b":{"totalCount":%[1]d}}}`, made)
	if status != http.StatusOK || body != want {
		o.t.Errorf("after %d changes the graph has\n%s\nwant\n%s", made, body, want)
	}
	if made < outageWriters || o.refused.Load() == 0 {
		o.t.Errorf("%d changes were made, %d times one was sent again", made, o.refused.Load())
	}
	o.t.Logf("%d changes, %d times one was sent again", made, o.refused.Load())
}
