package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/raidgraph/raidgraph/graph/gql"
)

const everyChange = `subscription { changes(after: 0) { sequence } }`

// TestLiveOperations: a connection has as many operations as it may, a process too, and one more is refused alone.
func TestLiveOperations(t *testing.T) {
	store := twoSQLite(t)[0]
	url := liveServer(t, store, gql.Limits{}, LiveConfig{MaxOperations: 2, MaxSubscriptions: 3})
	sends(t, url, "a")
	first, second := listens(t, url), listens(t, url)
	told := `{"data":{"changes":{"sequence":1}}}`
	for _, id := range []string{"1", "2"} {
		first.subscribe(id, everyChange, "")
		first.wantNext(id, told)
	}
	first.subscribe("3", everyChange, "")
	first.want(`{"type":"error","id":"3","payload":[{"extensions":{"code":"TOO_LARGE"},"message":"the connection has 2 operations under way: at most 2 go at the same time"}]}`)
	second.subscribe("1", everyChange, "")
	second.wantNext("1", told)
	second.subscribe("2", everyChange, "")
	second.want(`{"type":"error","id":"2","payload":[{"extensions":{"code":"UNAVAILABLE","retryable":true},"message":"the server has 3 operations under way, and takes no more now"}]}`)
	first.send(`{"type":"complete","id":"1"}`)
	first.subscribe("1", everyChange, "") // one goes, one comes
	first.wantNext("1", told)
	_ = first.conn.CloseNow()
	for begin := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		second.subscribe("2", everyChange, "")
		if m, err := second.next(); err == nil && m.Type == "next" {
			break
		} else if err != nil || time.Since(begin) > patience {
			t.Fatalf("when others are gone, the server says %v %v", m, err)
		}
	}
}

// TestLiveConnections: as many connections as go, whether WebSockets, event streams or reservations.
func TestLiveConnections(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{MaxConnections: 3, InitTimeout: 300 * time.Millisecond})
	sends(t, address, "a")
	socket := listens(t, address)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream := func() *http.Response {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"?query="+url.QueryEscape(everyChange), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "text/event-stream")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	events := bufio.NewReader(stream().Body)
	put, err := http.NewRequest(http.MethodPut, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	reserve := func() int {
		resp, err := http.DefaultClient.Do(put)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if status := reserve(); status != http.StatusCreated {
		t.Errorf("the third connection is a reservation, and PUT gets %d", status)
	}
	if resp := stream(); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a fourth connection gets %s", resp.Status)
	}
	if status := reserve(); status != http.StatusServiceUnavailable {
		t.Errorf("a fourth connection by PUT gets %d", status)
	}
	if _, resp, err := websocket.Dial(t.Context(), address, nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a fourth connection by WebSocket gets %v %v", resp, err)
	}
	time.Sleep(400 * time.Millisecond) // the reservation was not used in time
	if resp := stream(); resp.StatusCode != http.StatusOK {
		t.Errorf("when a reservation is over, a connection gets %s", resp.Status)
	}
	// Those that were there go on.
	var text strings.Builder
	for !strings.Contains(text.String(), "data: {\"data\":{\"changes\":{\"sequence\":1}}}\n") {
		line, err := events.ReadString('\n')
		if err != nil {
			t.Fatalf("%v behind %s", err, &text)
		}
		text.WriteString(line)
	}
	socket.subscribe("1", everyChange, "")
	socket.wantNext("1", `{"data":{"changes":{"sequence":1}}}`)
}

// TestLiveInit: connection_init in time is in time; without it the connection ends.
func TestLiveInit(t *testing.T) {
	url := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{InitTimeout: 300 * time.Millisecond})
	late, begin := dials(t, url), time.Now()
	late.wantClose(4408, "connection_init")
	if took := time.Since(begin); took < 250*time.Millisecond {
		t.Errorf("after %v the connection ends", took)
	}
	l := dials(t, url)
	time.Sleep(100 * time.Millisecond)
	l.send(`{"type":"connection_init","payload":{"a":1}}`)
	l.want(`{"type":"connection_ack"}`)
	time.Sleep(400 * time.Millisecond)
	l.send(`{"type":"ping"}`)
	l.want(`{"type":"pong"}`)
}

// TestLivePing: a client that no longer answers is dropped, one that does stays, and an event stream hears a comment.
func TestLivePing(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{Ping: 100 * time.Millisecond})
	silent, alive := listens(t, address), listens(t, address)
	waits := make(chan error, 1)
	go func() {
		_, err := alive.next()
		waits <- err
	}()
	time.Sleep(time.Second) // silent reads nothing, and so answers no ping
	alive.send(`{"type":"ping"}`)
	if err := <-waits; err != nil {
		t.Errorf("who answers pings gets %v", err)
	}
	if _, err := silent.next(); err == nil {
		t.Error("who answers no ping is still connected")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"?query="+url.QueryEscape(`subscription { changes { sequence } }`), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got := make([]byte, len(": \n\n: \n\n: \n\n"))
	if _, err := io.ReadFull(resp.Body, got); err != nil || strings.Trim(string(got), ": \n") != "" {
		t.Errorf("a silent event stream has %q, %v", got, err)
	}
}

// TestLiveSlow: who takes nothing holds up nobody else and little memory, is told that it is too slow when it takes more, and is
// dropped when it does not.
func TestLiveSlow(t *testing.T) {
	const listeners, changes = 10, 30
	stall := 2 * time.Second
	store := twoSQLite(t)[0]
	address := liveServer(t, store, gql.Limits{}, LiveConfig{Stall: stall, MaxOperations: 1000, Cache: 1 << 20})
	many := longEvents(t, address, changes)
	before, begin := heap(), time.Now()
	slow := make([]*listener, listeners)
	for i := range slow {
		slow[i] = listens(t, address)
		slow[i].subscribe("1", many, "")
	}
	quick := listens(t, address)
	quick.subscribe("1", everyChange, "")
	for n := range changes {
		quick.wantNext("1", fmt.Sprintf(`{"data":{"changes":{"sequence":%d}}}`, n+1))
	}
	time.Sleep(time.Until(begin.Add(stall * 3 / 2)))
	if held := (heap() - before) / listeners; held > 2<<20 {
		t.Errorf("a listener that takes nothing of %d events of 0.5 MB holds %d bytes", changes, held)
	}
	for _, l := range slow[:listeners/2] {
		l.wantClose(1013, "was not taken within 2s")
	}
	time.Sleep(stall)
	for _, l := range slow[listeners/2:] {
		var err error
		for n := 0; err == nil; n++ {
			if _, err = l.next(); n == changes {
				t.Fatal("who took nothing got all")
			}
		}
	}
	quick.send(`{"type":"ping"}`)
	quick.want(`{"type":"pong"}`)
}

// heap is what is in use, when all that can be collected is.
func heap() int64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

// TestLiveSlowEvents: the same of an event stream, which has nothing but its end to say so.
func TestLiveSlowEvents(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{Stall: 300 * time.Millisecond})
	const changes = 30
	many := longEvents(t, address, changes)
	host, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", host.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /graphql?query=%s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n", url.QueryEscape(many))
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond)
	begin := time.Now()
	got, err := io.Copy(io.Discard, conn)
	if got > changes/2*eventBytes || time.Since(begin) > patience/2 {
		t.Errorf("who took nothing for long got %d bytes and %v in %v", got, err, time.Since(begin))
	}
}

// eventBytes is the least that an event of longEvents has: more than the buffers of a connection take, where there are 30.
const eventBytes = 16 * 30_000

// longEvents makes changes, and gives a subscription that tells them at length.
func longEvents(t *testing.T, address string, changes int) string {
	t.Helper()
	for n := range changes {
		body, err := json.Marshal(map[string]any{"query": `mutation($id: ID!, $note: String, $input: SourceInput!) { createSource(changeId: $id, note: $note, input: $input) { again } }`,
			"variables": map[string]any{"id": fmt.Sprint("n", n), "note": strings.Repeat("long ", 6000), "input": map[string]any{"id": fmt.Sprint("source:n", n), "title": "t", "seen": true}}})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.Post(address, "application/json", strings.NewReader(string(body)))
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp, err)
		}
		resp.Body.Close()
	}
	query := "subscription { changes(after: 0) { sequence "
	for i := range 16 {
		query += fmt.Sprintf("n%d: note ", i)
	}
	return query + "} }"
}
