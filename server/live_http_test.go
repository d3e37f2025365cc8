package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/raidgraph/raidgraph/graph/gql"
)

// TestLiveOrigin: pages of this server's own origin and of those that are named may open a WebSocket, and programs, which have none.
func TestLiveOrigin(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{Origin: []string{"app.example.org", "*.example.net"}})
	host := strings.TrimSuffix(strings.TrimPrefix(address, "http://"), "/graphql")
	for origin, want := range map[string]int{
		"": 101, "http://" + host: 101, "https://app.example.org": 101, "https://a.example.net": 101,
		"https://example.org": 403, "https://app.example.org.elsewhere.example": 403, "https://example.net": 403, "null": 403, "http://localhost": 403,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, resp, err := websocket.Dial(t.Context(), address, &websocket.DialOptions{HTTPHeader: header, Subprotocols: []string{"graphql-transport-ws"}})
		if err == nil {
			_ = conn.CloseNow()
		}
		if resp == nil || resp.StatusCode != want {
			t.Errorf("a page of %q is answered by %v, %v, want %d", origin, resp, err, want)
		}
	}
}

// TestLiveAccept: who takes JSON as well as event streams gets JSON, but for a subscription.
func TestLiveAccept(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{})
	sends(t, address, "a")
	const both = "application/graphql-response+json, application/json, text/event-stream"
	for _, c := range []struct {
		method, accept, contentType, query string
		status                             int
		media, body                        string
	}{
		{"POST", both, "application/json", "{ __typename }", 200, "application/graphql-response+json", `{"data":{"__typename":"Query"}}`},
		{"POST", both, "application/json", everyChange, 200, "text/event-stream", `data: {"data":{"changes":{"sequence":1}}}`},
		{"GET", both, "", everyChange, 200, "text/event-stream", `data: {"data":{"changes":{"sequence":1}}}`},
		{"GET", "text/event-stream;q=1, image/png", "", everyChange, 200, "text/event-stream", `data: {"data":{"changes":{"sequence":1}}}`},
		{"POST", "text/event-stream", "application/json", "{ __typename }", 200, "text/event-stream", "event: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\nevent: complete\ndata: \n\n"},
		{"POST", "text/event-stream", "application/json", "{ x }", 200, "text/event-stream", `data: {"errors":[`},
		{"POST", "application/json", "application/json", everyChange, 200, "application/json", "a subscription is told live: send it over a WebSocket"},
		{"GET", "application/graphql-response+json", "", everyChange, 400, "application/graphql-response+json", "a subscription is told live"},
		{"POST", "text/event-stream", "text/plain", "{ __typename }", 415, "application/graphql-response+json", `"code":"INVALID"`},
		{"POST", "text/event-stream", "application/json", "", 400, "application/graphql-response+json", `"code":"INVALID"`},
		{"GET", "text/event-stream", "", `mutation { retractSource(changeId: "x", id: "source:a") { again } }`, 200, "text/event-stream", `cannot be sent this way`},
		{"PATCH", "text/event-stream", "", "", 405, "application/graphql-response+json", `"code":"INVALID"`},
		{"DELETE", "", "", "", 404, "application/graphql-response+json", "make one by PUT"},
	} {
		body := fmt.Sprintf(`{"query":%q}`, c.query)
		target := address
		if c.method == "GET" {
			target, body = address+"?query="+strings.ReplaceAll(strings.ReplaceAll(c.query, " ", "%20"), `"`, "%22"), ""
		}
		req, err := http.NewRequestWithContext(t.Context(), c.method, target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", c.accept)
		req.Header.Set("Content-Type", c.contentType)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, part := "", make([]byte, 1<<10)
		for !strings.Contains(got, c.body) && err == nil {
			var n int
			n, err = resp.Body.Read(part)
			got += string(part[:n])
		}
		resp.Body.Close()
		if resp.StatusCode != c.status || !strings.HasPrefix(resp.Header.Get("Content-Type"), c.media) || !strings.Contains(got, c.body) {
			t.Errorf("%s %s with Accept %s is answered %s, %s\n%s", c.method, c.query, c.accept, resp.Status, resp.Header.Get("Content-Type"), got)
		}
	}
}

// TestLiveUpgrade: a client that offers another protocol than WebSocket is answered as if it had not.
func TestLiveUpgrade(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"?query={__typename}", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "h2c")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != `{"data":{"__typename":"Query"}}` {
		t.Errorf("%s, %v", body, err)
	}
}

// TestLiveTooLarge: an event that is larger than an answer may be says so, and those behind it come.
func TestLiveTooLarge(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{ResultBytes: 1000, Cost: 500}, LiveConfig{})
	many := "mutation { applyChanges(changeId: \"many\", changes: ["
	for n := range 100 {
		many += fmt.Sprintf(`{createSource: {id: "source:many-%d", title: "One of many", seen: true}} `, n)
	}
	body := fmt.Sprintf(`{"query":%q}`, many+"]) { change { sequence } } }")
	resp, err := http.Post(address, "application/json", strings.NewReader(body))
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	sends(t, address, "few")
	l := listens(t, address)
	query := `subscription { changes(after: 0) { sequence touched(first: %d) { nodes { id } } } }`
	l.subscribe("1", fmt.Sprintf(query, 499), "")
	m, err := l.next()
	if err != nil || m.Type != "next" || !strings.Contains(string(m.Payload), `"code":"TOO_LARGE"`) {
		t.Errorf("an event that is too large is told as %s %s, %v", m.Type, m.Payload, err)
	}
	l.wantNext("1", `{"data":{"changes":{"sequence":2,"touched":{"nodes":[{"id":"source:few"}]}}}}`)
	l.subscribe("2", fmt.Sprintf(query, 500), "")
	if m, err = l.next(); err != nil || m.Type != "error" || !strings.Contains(string(m.Payload), `"code":"TOO_LARGE"`) {
		t.Errorf("what may read too much is told %s %s, %v", m.Type, m.Payload, err)
	}
}

// TestLiveFresh: who asks later is told what is so then.
func TestLiveFresh(t *testing.T) {
	address := liveServer(t, twoSQLite(t)[0], gql.Limits{}, LiveConfig{})
	sends(t, address, "a")
	query := `subscription { changes(after: 0) { touched { nodes { retractedAt } } } }`
	first := listens(t, address)
	first.subscribe("1", query, "")
	first.wantNext("1", `{"data":{"changes":{"touched":{"nodes":[{"retractedAt":null}]}}}}`)
	first.subscribe("2", `mutation { retractSource(changeId: "b", id: "source:a") { again } }`, "")
	time.Sleep(6 * time.Second)
	later := listens(t, address)
	later.subscribe("1", query, "")
	if m, err := later.next(); err != nil || strings.Contains(string(m.Payload), "null") {
		t.Errorf("6 s later the server tells %s, %v", m.Payload, err)
	}
}
