package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/server/live"
)

// executor answers GraphQL requests: a gql.Engine.
type executor interface {
	Execute(ctx context.Context, req gql.Request) *gql.Response
}

// pinger says whether the database answers: a graph.Store.
type pinger interface {
	Ping(ctx context.Context) error
}

// newHandler is everything that the server answers. Where live is nil, nothing is told live.
func newHandler(engine executor, store pinger, sdl string, limits gql.Limits, example string, live *live.Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTime)
		defer cancel()
		if store.Ping(ctx) != nil {
			writeText(w, http.StatusServiceUnavailable, "the database does not answer\n")
			return
		}
		writeText(w, http.StatusOK, "ready\n")
	})
	mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, sdl) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		writeText(w, http.StatusOK, "raidgraph: questions go to /graphql, the schema is /schema.graphql. Ask, such as:\n\n  "+example+"\n")
	})
	h := &graphqlHandler{engine: engine, limits: limits.WithDefaults(), live: live}
	// The mux takes longer than the rest of a small answer.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/graphql" {
			h.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func writeText(w http.ResponseWriter, status int, text string) {
	header := w.Header()
	header["Content-Type"] = []string{"text/plain; charset=utf-8"}
	header["X-Content-Type-Options"] = noSniff
	header["Content-Length"] = []string{strconv.Itoa(len(text))}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client may be gone
}

// graphqlHandler is GraphQL over HTTP: https://graphql.github.io/graphql-over-http.
type graphqlHandler struct {
	engine executor
	limits gql.Limits
	live   *live.Server
}

// bodies are buffers for requests. Large ones are not kept.
var bodies = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

const keptBody = 64 << 10

func (h *graphqlHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.live != nil && live.Wants(r) {
		h.live.ServeHTTP(w, r)
		return
	}
	media := acceptable(r.Header["Accept"])
	if media == nil && h.live != nil && live.AcceptsEvents(r) {
		h.live.ServeHTTP(w, r)
		return
	}
	if media == nil {
		refuse(w, mediaJSON, http.StatusNotAcceptable, graph.Errorf(graph.Invalid,
			"an answer is application/graphql-response+json or application/json: accept one of them"))
		return
	}
	switch r.Method {
	case http.MethodPost:
		buffer := bodies.Get().(*[]byte)
		if req, ok := h.decodePost(w, r, media, buffer); ok && !h.streams(w, r, req) {
			respond(w, media, h.engine.Execute(r.Context(), req))
		}
		if cap(*buffer) <= keptBody {
			bodies.Put(buffer)
		}
	case http.MethodGet:
		h.get(w, r, media)
	default:
		notAllowed(w, r, media)
	}
}

func notAllowed(w http.ResponseWriter, r *http.Request, media *mediaType) {
	w.Header()["Allow"] = []string{"GET, POST"}
	refuse(w, media, http.StatusMethodNotAllowed, graph.Errorf(graph.Invalid, "a question comes by POST or GET, not %s", graph.Quote(r.Method)))
}

// streams answers a subscription of a client that takes an event stream as well as an answer.
func (h *graphqlHandler) streams(w http.ResponseWriter, r *http.Request, req gql.Request) bool {
	if h.live == nil || !live.AcceptsEvents(r) || !h.asks(req, ast.Subscription) {
		return false
	}
	h.live.Events(w, r, req)
	return true
}

// decodePost reads a request in JSON, or answers what is wrong with it. No other form is taken: a web page of another origin can
// send forms without asking first.
func (h *graphqlHandler) decodePost(w http.ResponseWriter, r *http.Request, media *mediaType, buffer *[]byte) (req gql.Request, ok bool) {
	if err := isJSON(r.Header["Content-Type"]); err != nil {
		refuse(w, media, http.StatusUnsupportedMediaType, err)
		return req, false
	}
	if encoding := r.Header["Content-Encoding"]; len(encoding) > 0 && encoding[0] != "identity" {
		refuse(w, media, http.StatusUnsupportedMediaType, graph.Errorf(graph.Invalid, "a body that is compressed is not taken: send it as it is"))
		return req, false
	}
	body, err := h.read(r, (*buffer)[:0])
	*buffer = body
	if err != nil {
		// What is left of the body would be read as the next request.
		w.Header()["Connection"] = []string{"close"}
		refuse(w, media, meaning(graph.CodeOf(err)).status, err)
		return req, false
	}
	if req, err = decodeBody(body, h.limits.Nesting); err != nil {
		refuse(w, media, meaning(graph.CodeOf(err)).status, err)
		return req, false
	}
	req.Receipt = wantsReceipt(r)
	return req, true
}

// wantsReceipt says whether a request asks for a receipt of the answer by its header.
func wantsReceipt(r *http.Request) bool {
	given := r.Header[receiptHeader]
	return len(given) > 0 && given[0] != "" && given[0] != "0" && given[0] != "false"
}

// receiptHeader asks for a receipt of the answer, with any value but 0 and false. The extension {"receipt": true} does the same.
const receiptHeader = "Raidgraph-Receipt"

// decodeGet reads a request in the URL, or answers what is wrong with it.
func (h *graphqlHandler) decodeGet(w http.ResponseWriter, r *http.Request, media *mediaType) (req gql.Request, ok bool) {
	if len(r.URL.RawQuery) > h.limits.BodyBytes {
		refuse(w, media, http.StatusRequestEntityTooLarge, tooLong(h.limits.BodyBytes))
		return req, false
	}
	req, err := decodeURL(r.URL.RawQuery, h.limits.Nesting)
	if err != nil {
		refuse(w, media, meaning(graph.CodeOf(err)).status, err)
		return req, false
	}
	req.Receipt = wantsReceipt(r)
	return req, true
}

// get answers a query in the URL. It changes nothing.
func (h *graphqlHandler) get(w http.ResponseWriter, r *http.Request, media *mediaType) {
	req, ok := h.decodeGet(w, r, media)
	if !ok || h.streams(w, r, req) {
		return
	}
	resp := h.engine.Execute(r.Context(), req)
	if !resp.Executed && resp.Code == graph.Invalid && h.asks(req, ast.Mutation) {
		w.Header()["Allow"] = []string{"POST"}
		refuse(w, media, http.StatusMethodNotAllowed, graph.Errorf(graph.Invalid, "by GET only queries are answered: send this by POST"))
		return
	}
	respond(w, media, resp)
}

// asks says whether a request is for an operation of this kind.
func (h *graphqlHandler) asks(req gql.Request, kind ast.Operation) bool {
	doc, err := h.limits.Parse(req.Query)
	if err != nil {
		return false
	}
	for _, o := range doc.Operations {
		if (o.Name == req.OperationName || len(doc.Operations) == 1) && o.Operation == kind {
			return true
		}
	}
	return false
}

// read reads the body into a buffer.
func (h *graphqlHandler) read(r *http.Request, buffer []byte) ([]byte, error) {
	if r.ContentLength > int64(h.limits.BodyBytes) {
		return buffer, tooLong(h.limits.BodyBytes)
	}
	if n := int(r.ContentLength); n >= cap(buffer) {
		buffer = make([]byte, 0, n+1)
	}
	for {
		if len(buffer) == cap(buffer) {
			buffer = append(buffer, 0)[:len(buffer)]
		}
		n, err := r.Body.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		switch {
		case len(buffer) > h.limits.BodyBytes:
			return buffer, tooLong(h.limits.BodyBytes)
		case errors.Is(err, io.EOF):
			return buffer, nil
		case err != nil:
			return buffer, graph.Errorf(graph.Invalid, "the body did not come as a whole")
		}
	}
}

func tooLong(limit int) error {
	return graph.Errorf(graph.TooLarge, "the request has more than %d bytes", limit)
}

// respond sends what the engine made.
func respond(w http.ResponseWriter, media *mediaType, resp *gql.Response) {
	send(w, media, media.status(resp), resp.Body)
	resp.Release()
}

// refuse sends the error of a request that never reached the engine.
func refuse(w http.ResponseWriter, media *mediaType, status int, err error) {
	var e *graph.Error
	if !errors.As(err, &e) {
		e = graph.Errorf(graph.Internal, "something went wrong on our side")
	}
	message, err := json.Marshal(strings.ToValidUTF8(e.Message, "\uFFFD"))
	if err != nil {
		panic(err) // a text can always be written
	}
	send(w, media, status, []byte(`{"errors":[{"message":`+string(message)+`,"extensions":{"code":"`+string(e.Code)+`"}}]}`))
}

var noSniff = []string{"nosniff"}

// shortBody is up to where net/http finds out the length of an answer by itself, for less than it costs to write it here.
const shortBody = 2 << 10

func send(w http.ResponseWriter, media *mediaType, status int, body []byte) {
	header := w.Header()
	header["Content-Type"] = media.header
	header["X-Content-Type-Options"] = noSniff
	if len(body) >= shortBody {
		header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	if status != http.StatusOK {
		w.WriteHeader(status)
	}
	_, _ = w.Write(body) // the client may be gone
}
