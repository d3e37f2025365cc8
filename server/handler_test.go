package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// stub is an engine that answers what the query names, and remembers what it was asked.
type stub struct{ asked gql.Request }

func (s *stub) Execute(ctx context.Context, req gql.Request) *gql.Response {
	s.asked = req
	s.asked.Variables = bytes.Clone(req.Variables)
	switch code := graph.Code(strings.Trim(req.Query, "{}")); code {
	case graph.Invalid, graph.TooLarge, graph.Unavailable, graph.Internal:
		return &gql.Response{Body: []byte(`{"errors":[{"message":"no"}]}`), Code: code}
	case "partly":
		return &gql.Response{Body: []byte(`{"data":null,"errors":[{"message":"no"}]}`), Executed: true, Code: graph.Internal}
	case "long":
		return &gql.Response{Body: []byte(`{"data":"` + strings.Repeat("x", 100_000) + `"}`), Executed: true}
	case "wait":
		<-ctx.Done()
		return &gql.Response{Body: []byte(`{"errors":[{"message":"given up"}]}`), Code: graph.Unavailable}
	}
	if req.ReadOnly && strings.HasPrefix(req.Query, "mutation") {
		return &gql.Response{Body: []byte(`{"errors":[{"message":"no"}]}`), Code: graph.Invalid}
	}
	return &gql.Response{Body: []byte(`{"data":{"a":1}}`), Executed: true}
}

// away is a database that does not answer.
type away struct{ err error }

func (a away) Ping(context.Context) error { return a.err }

// serveStub is a server over a stub.
func serveStub(t *testing.T, limits gql.Limits, ping error) (*stub, string) {
	t.Helper()
	engine := &stub{}
	server := httptest.NewServer(newHandler(engine, away{ping}, "type Query{a:Int}", limits, "curl", nil))
	t.Cleanup(server.Close)
	return engine, server.URL
}

func do(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, url, in)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

const jsonType, anyType, graphqlType = "application/json", "*/*", "application/graphql-response+json"

func TestGraphQLOverHTTP(t *testing.T) {
	engine, url := serveStub(t, gql.Limits{BodyBytes: 200}, nil)
	url += "/graphql"
	for _, test := range []struct {
		name, method, query, body, accept, contentType string
		status                                         int
		media, contains                                string
	}{
		{name: "a query", body: `{"query":"{a}"}`, status: 200, media: jsonType, contains: `{"data":{"a":1}}`},
		{name: "for graphql", body: `{"query":"{a}"}`, accept: graphqlType, status: 200, media: graphqlType, contains: `{"data":{"a":1}}`},
		{name: "by GET", method: "GET", query: "?query=%7Ba%7D", status: 200, media: jsonType, contains: `{"data":{"a":1}}`},
		{name: "with a charset", body: `{"query":"{a}"}`, contentType: `application/json; charset="UTF-8"`, status: 200, media: jsonType},

		{name: "refused", body: `{"query":"INVALID"}`, status: 200, media: jsonType, contains: "no"},
		{name: "refused, for graphql", body: `{"query":"INVALID"}`, accept: graphqlType, status: 400, media: graphqlType, contains: "no"},
		{name: "too large", body: `{"query":"TOO_LARGE"}`, status: 200, media: jsonType},
		{name: "too large, for graphql", body: `{"query":"TOO_LARGE"}`, accept: graphqlType, status: 413, media: graphqlType},
		{name: "unavailable", body: `{"query":"UNAVAILABLE"}`, status: 503, media: jsonType},
		{name: "unavailable, for graphql", body: `{"query":"UNAVAILABLE"}`, accept: graphqlType, status: 503, media: graphqlType},
		{name: "a fault", body: `{"query":"INTERNAL"}`, status: 500, media: jsonType},
		{name: "in part", body: `{"query":"partly"}`, accept: graphqlType, status: 200, media: graphqlType, contains: `"data":null`},
		{name: "long", body: `{"query":"long"}`, status: 200, media: jsonType, contains: "xxxx"},

		{name: "no JSON", body: `{"query":`, status: 400, media: jsonType, contains: "it ends too early"},
		{name: "no JSON, for graphql", body: `{"query":`, accept: graphqlType, status: 400, media: graphqlType, contains: "it ends too early"},
		{name: "nothing", status: 400, media: jsonType, contains: "the body is empty"},
		{name: "an unknown member", body: `{"qeury":"{a}"}`, status: 400, media: jsonType, contains: "qeury"},
		{name: "too long", body: `{"query":"` + strings.Repeat("a", 200) + `"}`, status: 413, media: jsonType, contains: `"TOO_LARGE"`},
		{name: "too long by GET", method: "GET", query: "?query=" + strings.Repeat("a", 200), status: 413, media: jsonType, contains: `"TOO_LARGE"`},
		{name: "a long name", method: "GET", query: "?" + strings.Repeat("%22", 50) + "=1", status: 400, media: jsonType, contains: `"INVALID"`},
		{name: "no query by GET", method: "GET", status: 400, media: jsonType, contains: "no query"},

		{name: "a form", body: "query=%7Ba%7D", contentType: "application/x-www-form-urlencoded", status: 415, media: jsonType, contains: "application/x-www-form-urlencoded"},
		{name: "a multipart form", body: "--b\r\n", contentType: "multipart/form-data; boundary=b", status: 415, media: jsonType},
		{name: "text", body: `{"query":"{a}"}`, contentType: "text/plain", status: 415, media: jsonType},
		{name: "no type", body: `{"query":"{a}"}`, contentType: "-", status: 415, media: jsonType, contains: "Content-Type"},
		{name: "another charset", body: `{"query":"{a}"}`, contentType: "application/json; charset=utf-16", status: 415, media: jsonType, contains: "utf-16"},
		{name: "an odd type", body: `{"query":"{a}"}`, contentType: ";;", status: 415, media: jsonType},

		{name: "another form of answer", body: `{"query":"{a}"}`, accept: "text/html", status: 406, media: jsonType},
		{name: "PUT", method: "PUT", body: `{"query":"{a}"}`, status: 405, media: jsonType, contains: "PUT"},
		{name: "DELETE", method: "DELETE", status: 405, media: jsonType},
		{name: "a mutation by GET", method: "GET", query: "?query=mutation%7Ba%7D", status: 405, media: jsonType, contains: "POST"},
		{name: "a named mutation by GET", method: "GET", query: "?query=mutation+M%7Ba%7Dquery+Q%7Ba%7D&operationName=M", accept: graphqlType, status: 405, media: graphqlType},
		{name: "a query beside a mutation by GET", method: "GET", query: "?query=mutation+M%7Ba%7Dquery+Q%7Ba%7D&operationName=Q", accept: graphqlType, status: 400, media: graphqlType},
	} {
		t.Run(test.name, func(t *testing.T) {
			var headers []string
			if test.method == "" {
				test.method = "POST"
			}
			if test.contentType == "" && test.method != "GET" {
				test.contentType = jsonType
			}
			if test.contentType != "" && test.contentType != "-" {
				headers = append(headers, "Content-Type", test.contentType)
			}
			if test.accept != "" {
				headers = append(headers, "Accept", test.accept)
			}
			resp, body := do(t, test.method, url+test.query, test.body, headers...)
			if resp.StatusCode != test.status || resp.Header.Get("Content-Type") != test.media+"; charset=utf-8" || !strings.Contains(body, test.contains) {
				t.Errorf("%d %s %.200s, want %d %s %s", resp.StatusCode, resp.Header.Get("Content-Type"), body, test.status, test.media, test.contains)
			}
			if got := resp.Header.Get("Content-Length"); got != strconv.Itoa(len(body)) {
				t.Errorf("Content-Length %q of %d bytes", got, len(body))
			}
			if !json.Valid([]byte(body)) {
				t.Errorf("this is no JSON: %.200s", body)
			}
			if resp.StatusCode == 405 && resp.Header.Get("Allow") == "" {
				t.Error("Allow is missing")
			}
			if (test.method == "GET") != engine.asked.ReadOnly && resp.StatusCode == 200 {
				t.Errorf("%s asked with ReadOnly %v", test.method, engine.asked.ReadOnly)
			}
		})
	}
}

func TestRequestReachesEngine(t *testing.T) {
	engine, url := serveStub(t, gql.Limits{}, nil)
	_, _ = do(t, "POST", url+"/graphql", `{"query":"query A{a}","operationName":"A","variables":{"x":[1]}}`, "Content-Type", jsonType)
	if q := engine.asked; q.Query != "query A{a}" || q.OperationName != "A" || string(q.Variables) != `{"x":[1]}` || q.ReadOnly {
		t.Errorf("%+v", q)
	}
}

// TestBodyLimit sends bodies of a length that is not told before, of just the limit and of one byte more.
func TestBodyLimit(t *testing.T) {
	_, url := serveStub(t, gql.Limits{}, nil)
	body := func(n int) string { return `{"query":"{a}"` + strings.Repeat(" ", n-15) + "}" }
	for _, told := range []bool{true, false} {
		for n, want := range map[int]int{1 << 20: 200, 1<<20 + 1: 413, 10 << 20: 413} {
			var in io.Reader = strings.NewReader(body(n))
			if !told {
				in = struct{ io.Reader }{in}
			}
			resp, err := http.Post(url+"/graphql", jsonType, in)
			if err != nil {
				// The server may close before all was sent; what it answered is lost then.
				if want == 413 {
					continue
				}
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%d bytes, length told %v: %d, want %d", n, told, resp.StatusCode, want)
			}
		}
	}
}

func TestCompressedBody(t *testing.T) {
	_, url := serveStub(t, gql.Limits{}, nil)
	if resp, body := do(t, "POST", url+"/graphql", "x", "Content-Type", jsonType, "Content-Encoding", "gzip"); resp.StatusCode != 415 {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestAcceptable(t *testing.T) {
	for accept, want := range map[string]*mediaType{
		"":                                  mediaJSON,
		anyType:                             mediaJSON,
		"application/*":                     mediaJSON,
		jsonType:                            mediaJSON,
		graphqlType:                         mediaResponse,
		jsonType + "; charset=utf-8":        mediaJSON,
		"Application/JSON":                  mediaJSON,
		graphqlType + ", " + jsonType:       mediaResponse,
		jsonType + ", " + graphqlType:       mediaResponse,
		graphqlType + ";q=0.5, " + jsonType: mediaJSON,
		graphqlType + ";q=0.5, */*;q=0.1":   mediaResponse,
		jsonType + ";q=0, */*":              mediaResponse,
		jsonType + ";q=0":                   nil,
		"*/*;q=0":                           nil,
		"text/html":                         nil,
		"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8": mediaJSON,
		graphqlType + ";q=x": mediaResponse,
		",;,":                nil,
	} {
		if got := acceptable([]string{accept}); got != want {
			t.Errorf("%s: %+v, want %+v", accept, got, want)
		}
	}
	if got := acceptable([]string{"text/html", graphqlType}); got != mediaResponse {
		t.Errorf("of two headers: %+v", got)
	}
}

func TestOtherPlaces(t *testing.T) {
	_, url := serveStub(t, gql.Limits{}, nil)
	_, gone := serveStub(t, gql.Limits{}, errors.New("bolt://secret"))
	for _, test := range []struct {
		method, url string
		status      int
		contains    string
	}{
		{"GET", url + "/healthz", 200, "ok"},
		{"GET", url + "/readyz", 200, "ready"},
		{"GET", gone + "/healthz", 200, "ok"},
		{"GET", gone + "/readyz", 503, "the database does not answer"},
		{"GET", url + "/schema.graphql", 200, "type Query"},
		{"GET", url + "/", 200, "/graphql"},
		{"GET", url + "/nothing", 404, ""},
		{"POST", url + "/schema.graphql", 405, ""},
	} {
		resp, body := do(t, test.method, test.url, "")
		if resp.StatusCode != test.status || !strings.Contains(body, test.contains) || strings.Contains(body, "secret") {
			t.Errorf("%s %s: %d %s", test.method, test.url, resp.StatusCode, body)
		}
	}
}

// TestClientLeaves: the engine hears of it.
func TestClientLeaves(t *testing.T) {
	_, url := serveStub(t, gql.Limits{}, nil)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", url+"/graphql", strings.NewReader(`{"query":"wait"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", jsonType)
	if _, err := http.DefaultClient.Do(req); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	// serveStub's Close waits for the request, and hangs if it was not ended.
}
