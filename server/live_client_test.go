package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// patience is the longest that a test waits for something that must come.
const patience = 20 * time.Second

// liveServer serves a store with subscriptions, and gives the URL of its API.
func liveServer(t *testing.T, store graph.Store, limits gql.Limits, cfg LiveConfig) string {
	t.Helper()
	e, err := gql.New(gql.Config{Model: model(t), Store: store, Limits: limits, Poll: cfg.Poll, EventBytes: int64(cfg.Cache)})
	if err != nil {
		t.Fatal(err)
	}
	live := newLive(e, limits, cfg)
	server := httptest.NewServer(newHandler(e, store, e.SDL(), limits, "", live))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		live.Close(ctx)
		server.Close()
	})
	return server.URL + "/graphql"
}

// listener is a client over a WebSocket.
type listener struct {
	t    *testing.T
	ctx  context.Context
	conn *websocket.Conn
}

// liveMessage is a message of the protocol.
type liveMessage struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dials opens a WebSocket; nothing is said over it yet.
func dials(t *testing.T, url string) *listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(32 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &listener{t, ctx, conn}
}

// listens opens a WebSocket and begins.
func listens(t *testing.T, url string) *listener {
	t.Helper()
	l := dials(t, url)
	l.send(`{"type":"connection_init"}`)
	l.want(`{"type":"connection_ack"}`)
	return l
}

func (l *listener) send(message string) {
	l.t.Helper()
	if err := l.conn.Write(l.ctx, websocket.MessageText, []byte(message)); err != nil {
		l.t.Fatalf("sending %s: %v", message, err)
	}
}

// subscribe sends an operation.
func (l *listener) subscribe(id, query, variables string) {
	l.t.Helper()
	text, err := json.Marshal(query)
	if err != nil {
		l.t.Fatal(err)
	}
	if variables == "" {
		variables = "{}"
	}
	l.send(fmt.Sprintf(`{"type":"subscribe","id":%q,"payload":{"query":%s,"variables":%s}}`, id, text, variables))
}

// next is the next message.
func (l *listener) next() (m liveMessage, err error) {
	_, text, err := l.conn.Read(l.ctx)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}

// want expects the next message.
func (l *listener) want(message string) {
	l.t.Helper()
	m, err := l.next()
	if err != nil {
		l.t.Fatalf("waiting for %s: %v", message, err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		l.t.Fatal(err)
	}
	var want liveMessage
	if err := json.Unmarshal([]byte(message), &want); err != nil {
		l.t.Fatal(err)
	}
	wanted, err := json.Marshal(want)
	if err != nil {
		l.t.Fatal(err)
	}
	if string(text) != string(wanted) {
		l.t.Fatalf("the server says %s, want %s", text, wanted)
	}
}

// wantNext expects the next answer of an operation.
func (l *listener) wantNext(id, payload string) {
	l.t.Helper()
	l.want(fmt.Sprintf(`{"type":"next","id":%q,"payload":%s}`, id, payload))
}

// wantClose expects that the server ends the connection.
func (l *listener) wantClose(code websocket.StatusCode, why string) {
	l.t.Helper()
	for {
		m, err := l.next()
		if err == nil && m.Type == "next" {
			continue
		}
		var closed websocket.CloseError
		if err == nil || !asClose(err, &closed) || closed.Code != code || !strings.Contains(closed.Reason, why) {
			l.t.Fatalf("the server says %v, %v, want a close with %d %s", m, err, code, why)
		}
		return
	}
}

// sends has one source recorded by a mutation over HTTP.
func sends(t *testing.T, url, name string) {
	t.Helper()
	query := fmt.Sprintf(`{"query":"mutation { createSource(changeId: \"%[1]s\", note: \"note of %[1]s\", input: {id: \"source:%[1]s\", title: \"%[1]s\", seen: true}) { change { sequence } } }"}`, name)
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		resp, err := http.Post(url, "application/json", strings.NewReader(query))
		if err != nil {
			t.Error(err)
			return
		}
		var answer struct {
			Errors []struct {
				Message    string
				Extensions struct{ Retryable bool }
			}
		}
		err = json.NewDecoder(resp.Body).Decode(&answer)
		resp.Body.Close()
		switch {
		case err != nil:
			t.Error(err)
		case len(answer.Errors) > 0 && answer.Errors[0].Extensions.Retryable && time.Since(begin) < patience:
			continue
		case len(answer.Errors) > 0:
			t.Errorf("%s: %s", name, answer.Errors[0].Message)
		}
		return
	}
}
