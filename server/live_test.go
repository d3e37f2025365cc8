package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/neo4j"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

func asClose(err error, closed *websocket.CloseError) bool { return errors.As(err, closed) }

// twoSQLite opens one file twice, as two processes do.
func twoSQLite(t *testing.T) [2]graph.Store {
	t.Helper()
	var out [2]graph.Store
	path := filepath.Join(t.TempDir(), "live.db")
	for i := range out {
		store, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Schema: model(t).Graph})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		out[i] = store
	}
	return out
}

// twoNeo4j opens one database twice.
func twoNeo4j(t *testing.T) [2]graph.Store {
	t.Helper()
	m := model(t)
	first := neo4jtest.Open(t, m.Graph)
	second, err := neo4j.Open(t.Context(), neo4jtest.Config(t, m.Graph))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.Close() })
	return [2]graph.Store{first, second}
}

func TestSubscriptions(t *testing.T)      { subscriptions(t, twoSQLite(t)) }
func TestSubscriptionsNeo4j(t *testing.T) { subscriptions(t, twoNeo4j(t)) }

// subscriptions: changes are told as they are applied, here and by another server; those before too, where they are asked for;
// by what they are and by what they touched; with all that can be asked of a change.
func subscriptions(t *testing.T, stores [2]graph.Store) {
	here, there := liveServer(t, stores[0], gql.Limits{}, LiveConfig{}), liveServer(t, stores[1], gql.Limits{}, LiveConfig{})
	sends(t, here, "a")
	l := listens(t, here)
	l.subscribe("live", `subscription { changes(after: 1) { sequence } }`, "")
	l.subscribe("all", `subscription ($after: Int) { changes(after: $after) { sequence id note touched { nodes { id ... on Source { title } } } } }`, `{"after": 0}`)
	event := func(n int, name string) string {
		return fmt.Sprintf(`{"data":{"changes":{"sequence":%d,"id":"change:%[2]s","note":"note of %[2]s","touched":{"nodes":[{"id":"source:%[2]s","title":"%[2]s"}]}}}}`, n, name)
	}
	l.wantNext("all", event(1, "a"))
	l.send(`{"type":"ping","payload":{"n":1}}`)
	l.want(`{"type":"pong","payload":{"n":1}}`)
	for n, url := range map[int]string{2: here} {
		sends(t, url, "b")
		l.wantBoth(map[string]string{"live": fmt.Sprintf(`{"data":{"changes":{"sequence":%d}}}`, n), "all": event(n, "b")})
	}
	sends(t, there, "c")
	l.wantBoth(map[string]string{"live": `{"data":{"changes":{"sequence":3}}}`, "all": event(3, "c")})

	// Ended by the client, nothing more is told, and the name can be used again.
	l.send(`{"type":"complete","id":"live"}`)
	l.send(`{"type":"complete","id":"all"}`)
	l.subscribe("live", `subscription { changes(after: 0, about: "source:b") { sequence } }`, "")
	l.wantNext("live", `{"data":{"changes":{"sequence":2}}}`)
	l.subscribe("note", `subscription { changes(after: 1, where: {note: {in: ["note of a", "note of c", "note of d"]}}) { note } }`, "")
	l.wantNext("note", `{"data":{"changes":{"note":"note of c"}}}`)
	l.subscribe("ahead", `subscription { changes(after: 4) { sequence } }`, "")
	sends(t, there, "d")
	l.wantNext("note", `{"data":{"changes":{"note":"note of d"}}}`)
	sends(t, here, "e")
	l.wantNext("ahead", `{"data":{"changes":{"sequence":5}}}`)

	// What is no subscription is answered as well.
	l.subscribe("query", `{ changes { totalCount } }`, "")
	l.wantNext("query", `{"data":{"changes":{"totalCount":5}}}`)
	l.want(`{"type":"complete","id":"query"}`)
	l.subscribe("mutation", `mutation { retractSource(changeId: "f", id: "source:b") { change { sequence } } }`, "")
	l.wantBoth(map[string]string{"mutation": `{"data":{"retractSource":{"change":{"sequence":6}}}}`, "end of mutation": "",
		"ahead": `{"data":{"changes":{"sequence":6}}}`, "live": `{"data":{"changes":{"sequence":6}}}`})
	l.subscribe("bad", `subscription { changes(after: -1) { sequence } }`, "")
	l.want(`{"type":"error","id":"bad","payload":[{"message":"after is -1: it is the sequence of the last change that came, or 0 for all (line 1, column 24)","locations":[{"line":1,"column":24}],"extensions":{"code":"INVALID"}}]}`)
}

func TestSubscriptionFromNowOn(t *testing.T) {
	url := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{})
	sends(t, url, "before")
	l := listens(t, url)
	l.subscribe("now", `subscription { changes { id } }`, "")
	// Nobody can know when the server has begun to listen for it: there are changes until one is told.
	told := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-told:
				return
			default:
				sends(t, url, fmt.Sprintf("n%d", n))
			}
		}
	})
	m, err := l.next()
	close(told)
	writer.Wait()
	if err != nil || m.ID != "now" || !strings.HasPrefix(string(m.Payload), `{"data":{"changes":{"id":"change:n`) {
		t.Errorf("the server says %s %s, %v", m.ID, m.Payload, err)
	}
}

// wantBoth expects one message for each of several operations, and the ends of some, in any order.
func (l *listener) wantBoth(payloads map[string]string) {
	l.t.Helper()
	for len(payloads) > 0 {
		m, err := l.next()
		if err != nil {
			l.t.Fatalf("waiting for %v: %v", payloads, err)
		}
		key := m.ID
		if m.Type == "complete" {
			key = "end of " + m.ID
		}
		if want, ok := payloads[key]; !ok || m.Type == "error" || want != string(m.Payload) {
			l.t.Fatalf("the server says %s %s %s, want %v", m.Type, m.ID, m.Payload, payloads)
		}
		delete(payloads, key)
	}
}

func TestSubscriptionsGapless(t *testing.T)      { gapless(t, twoSQLite(t), 200) }
func TestSubscriptionsGaplessNeo4j(t *testing.T) { gapless(t, twoNeo4j(t), 60) }

// gapless: while several clients write through two servers, each listener hears each change once, in order and whole, though it
// loses its connection at random moments and goes on at the other server, or takes its time.
func gapless(t *testing.T, stores [2]graph.Store, changes int) {
	const writers, listeners = 4, 6
	var urls [2]string
	for i := range urls {
		urls[i] = liveServer(t, stores[i], gql.Limits{}, LiveConfig{})
	}
	var all sync.WaitGroup
	for i := range listeners {
		all.Go(func() { hearsAll(t, urls, rand.New(rand.NewPCG(1, uint64(i))), i < 3, int64(changes)) })
	}
	for w := range writers {
		all.Go(func() {
			for n := range changes / writers {
				sends(t, urls[(w+n)%2], fmt.Sprintf("w%d-%d", w, n))
			}
		})
	}
	all.Wait()
}

// hearsAll listens until it has heard of the last change.
func hearsAll(t *testing.T, urls [2]string, r *rand.Rand, slow bool, last int64) {
	var heard int64
	connections := 0
	for begin := time.Now(); heard < last; connections++ {
		if time.Since(begin) > 3*patience {
			t.Errorf("only %d of %d changes were heard", heard, last)
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
		conn, _, err := websocket.Dial(ctx, urls[r.IntN(2)], &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			t.Error(err)
			cancel()
			return
		}
		lose := time.AfterFunc(time.Duration(r.IntN(400))*time.Millisecond, func() { _ = conn.CloseNow() })
		l := &listener{t, ctx, conn}
		hello := []string{`{"type":"connection_init"}`, fmt.Sprintf(`{"type":"subscribe","id":"1","payload":{"query":"subscription($after: Int) { changes(after: $after) { sequence created touched { totalCount nodes { id changedIn } } } }","variables":{"after":%d}}}`, heard)}
		for _, text := range hello {
			if err = conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
				break
			}
		}
		for err == nil && heard < last {
			var m liveMessage
			if m, err = l.next(); err == nil && m.Type != "connection_ack" {
				heard = isNext(t, m, heard)
			}
			if slow && r.IntN(10) == 0 {
				time.Sleep(30 * time.Millisecond)
			}
		}
		lose.Stop()
		_ = conn.CloseNow()
		cancel()
		if t.Failed() {
			return
		}
	}
	t.Logf("%d changes over %d connections", heard, connections)
}

// isNext checks that a message tells the change behind the one that was heard last, as a whole.
func isNext(t *testing.T, m liveMessage, heard int64) int64 {
	var payload struct {
		Data struct {
			Changes struct {
				Sequence, Created int64
				Touched           struct {
					TotalCount int
					Nodes      []struct{ ChangedIn int64 }
				}
			}
		}
	}
	if err := json.Unmarshal(m.Payload, &payload); err != nil || m.Type != "next" {
		t.Errorf("the server says %s %s", m.Type, m.Payload)
		return heard
	}
	c := payload.Data.Changes
	if c.Sequence != heard+1 || c.Created != 1 || c.Touched.TotalCount != 1 || len(c.Touched.Nodes) != 1 || c.Touched.Nodes[0].ChangedIn != c.Sequence {
		t.Errorf("behind change %d the server tells %s", heard, m.Payload)
	}
	return c.Sequence
}
