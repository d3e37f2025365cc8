// Package live carries subscriptions, and queries and mutations beside them, to clients that stay connected: over WebSockets by
// the protocol graphql-transport-ws, and as server-sent events by the protocol GraphQL over SSE, in both of its modes. For a
// client nothing is queued: what it is told next is read when it has taken what came before.
package live

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// Config is what a Server needs.
type Config struct {
	// Engine answers.
	Engine *gql.Engine
	// Decode reads a request in JSON. Request reads one that came over HTTP, or answers what is wrong with it.
	Decode  func(in []byte) (gql.Request, error)
	Request func(w http.ResponseWriter, r *http.Request) (req gql.Request, ok bool)
	// Refuse answers a request over HTTP with an error, and Answer with what the engine says.
	Refuse func(w http.ResponseWriter, err error)
	Answer func(w http.ResponseWriter, resp *gql.Response)
	Limits Limits
	// Origins are the hosts, beside the server's own, of pages that may open a WebSocket: such as app.example.org or
	// *.example.org.
	Origins []string
}

// Limits bound what clients may hold. Zero means the default.
type Limits struct {
	// Connections are WebSockets, event streams and reservations of such at the same time: 10,000 by default. More are
	// answered 503.
	Connections int
	// Operations are subscriptions of the process at the same time: 10,000 by default; PerConnection those of one
	// connection: 100 by default.
	Operations, PerConnection int
	// Message bounds a message of a client in bytes: 1 MiB by default.
	Message int
	// Init is how long a WebSocket may take to send connection_init, and a reservation to be used: 10 s by default.
	Init time.Duration
	// Ping is how often a client is pinged, so that a connection which is gone is noticed: 20 s by default.
	Ping time.Duration
	// Stall is how long a client may take for a message: 10 s by default. Then it is told that it is too slow; one that has not
	// taken it after twice that time is dropped.
	Stall time.Duration
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		limit *int
		value int
	}{{&l.Connections, 10_000}, {&l.Operations, 10_000}, {&l.PerConnection, 100}, {&l.Message, 1 << 20}} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	for _, d := range []struct {
		limit *time.Duration
		value time.Duration
	}{{&l.Init, 10 * time.Second}, {&l.Ping, 20 * time.Second}, {&l.Stall, 10 * time.Second}} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	return l
}

// Server carries operations to connected clients.
type Server struct {
	Config
	// stopping ends when no connection shall go on; gone when none is waited for any more.
	stopping, gone context.Context
	stop, abandon  context.CancelFunc

	mu                      sync.Mutex
	connections, operations int
	reservations            map[string]*reservation
	idle                    chan struct{}
}

// New makes a Server.
func New(cfg Config) *Server {
	cfg.Limits = cfg.Limits.withDefaults()
	s := &Server{Config: cfg, reservations: map[string]*reservation{}}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.gone, s.abandon = context.WithCancel(context.Background())
	return s
}

// Wants says whether a request is for this package rather than a question to be answered at once.
func Wants(r *http.Request) bool {
	return upgrades(r) || r.Method == http.MethodPut || r.Method == http.MethodDelete || len(r.Header[tokenHeader]) > 0 ||
		slices.Contains(r.Header["Accept"], mediaEvents)
}

// upgrades says whether a request asks for a WebSocket.
func upgrades(r *http.Request) bool {
	u := r.Header["Upgrade"]
	return len(u) > 0 && strings.EqualFold(u[0], "websocket")
}

// AcceptsEvents says whether a client names event streams among what it accepts.
func AcceptsEvents(r *http.Request) bool {
	return slices.ContainsFunc(r.Header["Accept"], func(a string) bool { return strings.Contains(a, mediaEvents) })
}

// ServeHTTP answers a request that Wants says is for this package.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := tokenOf(r)
	switch {
	case upgrades(r):
		s.webSocket(w, r)
	case r.Method == http.MethodPut:
		s.reserve(w)
	case r.Method == http.MethodDelete:
		s.end(w, r, token)
	case token != "" && r.Method == http.MethodGet:
		s.reserved(w, r, token)
	case token != "" && r.Method == http.MethodPost:
		s.operate(w, r, token)
	default:
		if req, ok := s.Request(w, r); ok {
			s.Events(w, r, req)
		}
	}
}

// Close tells every client that the server is stopping, and waits until they are gone or the context ends: then it drops them.
func (s *Server) Close(ctx context.Context) {
	s.mu.Lock()
	s.idle = make(chan struct{})
	if s.connections == 0 {
		close(s.idle)
	}
	idle := s.idle
	s.mu.Unlock()
	s.stop()
	select {
	case <-idle:
	case <-ctx.Done():
	}
	s.abandon()
}

// enter counts a connection, unless there are too many or the server is stopping.
func (s *Server) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.idle != nil:
		return graph.Errorf(graph.Unavailable, "the server is stopping")
	case s.connections >= s.Limits.Connections:
		return graph.Errorf(graph.Unavailable, "the server has %d connections for live answers, and takes no more now", s.connections)
	}
	s.connections++
	return nil
}

func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.connections--; s.connections == 0 && s.idle != nil {
		close(s.idle)
	}
}

// whole is the context of a connection: that of the request, which ends when the server stops, too.
func (s *Server) whole(r *http.Request) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(r.Context())
	end := context.AfterFunc(s.stopping, cancel)
	return ctx, func() { end(); cancel() }
}
