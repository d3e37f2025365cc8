package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// TestLiveStop: at SIGTERM who is connected is told to go and where to go on, event streams end, and who does not go holds up
// nothing for long; behind the restart each goes on where it was.
func TestLiveStop(t *testing.T) {
	dir := t.TempDir()
	s := starts(t, dir, "--no-sample")
	address := s.url + "/graphql"
	sends(t, address, "a")
	deaf, l := listens(t, address), listens(t, address)
	deaf.subscribe("1", everyChange, "")
	l.subscribe("1", everyChange, "")
	l.wantNext("1", `{"data":{"changes":{"sequence":1}}}`)
	stream, lines := streams(t, address, everyChange)
	defer stream.Body.Close()
	hears(t, lines, `data: {"data":{"changes":{"sequence":1}}}`)

	var going sync.WaitGroup
	going.Go(func() { l.wantClose(websocket.StatusGoingAway, "after the last change") })
	going.Go(func() {
		if rest, err := io.ReadAll(lines); err != nil || strings.Contains(string(rest), "complete") {
			t.Errorf("the event stream ends with %s %v", rest, err)
		}
	})
	s.stops(t)
	going.Wait()

	s = starts(t, dir, "--no-sample")
	address = s.url + "/graphql"
	sends(t, address, "b")
	l = listens(t, address)
	l.subscribe("1", `subscription { changes(after: 1) { sequence } }`, "")
	l.wantNext("1", `{"data":{"changes":{"sequence":2}}}`)
	_, lines = streams(t, address, `subscription { changes(after: 1) { sequence } }`)
	hears(t, lines, `data: {"data":{"changes":{"sequence":2}}}`)
}

// streams asks by GET for an event stream.
func streams(t *testing.T, address, query string) (*http.Response, *bufio.Reader) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"?query="+url.QueryEscape(query), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp, bufio.NewReader(resp.Body)
}

// hears reads lines up to one.
func hears(t *testing.T, lines *bufio.Reader, want string) {
	t.Helper()
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("waiting for %s: %v", want, err)
		}
		if line == want+"\n" {
			return
		}
	}
}

// TestLiveShared: those who ask the same are told by one reading, however many they are, and wherever they began.
func TestLiveShared(t *testing.T) {
	const listeners = 50
	var readings atomic.Int64
	store, err := sqlite.Open(t.Context(), sqlite.Config{Path: filepath.Join(t.TempDir(), "shared.db"), Schema: model(t).Graph, Trace: func(sql string) {
		if strings.Contains(sql, `"note"`) && strings.HasPrefix(sql, "SELECT") {
			readings.Add(1)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	address := liveServer(t, store, gql.Limits{}, LiveConfig{})
	for n := range 5 {
		sends(t, address, fmt.Sprint("n", n))
	}
	written := readings.Load()
	all := make([]*listener, listeners)
	for i := range all {
		all[i] = listens(t, address)
		all[i].subscribe("1", `subscription ($after: Int) { changes(after: $after) { sequence note } }`, fmt.Sprintf(`{"after":%d}`, i%2*4))
	}
	for i, l := range all {
		for n := i%2*4 + 1; n <= 5; n++ {
			l.wantNext("1", fmt.Sprintf(`{"data":{"changes":{"sequence":%d,"note":"note of n%d"}}}`, n, n-1))
		}
	}
	first := readings.Load()
	sends(t, address, "n5")
	for _, l := range all {
		l.wantNext("1", `{"data":{"changes":{"sequence":6,"note":"note of n5"}}}`)
	}
	// The mutation looks for its change too.
	if more := readings.Load() - first; first-written > 4 || more == 0 || more > 4 {
		t.Errorf("%d listeners at two positions took %d readings, and one change %d more", listeners, first-written, more)
	}
}
