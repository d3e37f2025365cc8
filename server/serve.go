package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/asof"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/server/live"
)

type serveCommand struct {
	Config `embed:""`
}

func (serveCommand) Help() string {
	return `/graphql answers queries: POST with a JSON body, or GET; it tells changes live over WebSockets and event streams. /schema.graphql is the schema. /healthz answers while the program runs, /readyz while the database does.

A database that is empty gets the reference data (provinces, nationalities, agencies, embassies, offices) and the sample case, unless --no-sample.`
}

func (c *serveCommand) Run(p *process) error {
	m := &Main{Config: c.Config, Model: p.model, Log: p.log}
	if err := m.Open(p.ctx); err != nil {
		if p.ctx.Err() != nil {
			return nil // told to stop before it began
		}
		return err
	}
	defer m.Close()
	m.greet(p.out)
	return m.Run(p.ctx)
}

// Main is a server: Open, then Run until its context ends, then Close.
type Main struct {
	Config Config
	Model  *schema.Model
	Log    *slog.Logger

	store    graph.Store
	past     *asof.Copies
	listener net.Listener
	server   *http.Server
	live     *live.Server
	abandon  context.CancelFunc // ends the requests under way
	loaded   graph.Applied
}

// The times that a client may take.
const (
	readTime  = 30 * time.Second
	writeTime = 2 * time.Minute
	idleTime  = 2 * time.Minute
	readyTime = 2 * time.Second
)

// Open takes the port, opens the database, and fills one that is empty. Requests that come meanwhile wait.
func (m *Main) Open(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			m.Close()
		}
	}()
	if m.listener, err = net.Listen("tcp", m.Config.Listen); err != nil {
		return &graph.Error{Code: graph.Invalid, Message: fmt.Sprintf("cannot listen on %s (another by --listen)", m.Config.Listen), Err: cause(err)}
	}
	if m.store, err = m.Config.Database.open(ctx, m.Model.Graph, creating); err != nil {
		return err
	}
	if m.Config.Sample {
		empty, err := isEmpty(ctx, m.store)
		if err == nil && empty {
			m.loaded, err = seed(ctx, m.store, m.Model)
		}
		if err != nil {
			return fmt.Errorf("the database %s: %w", m.Config.Database.name(), err)
		}
	}
	limits := m.Config.Limits.limits()
	m.past = asof.New(asof.Config{Store: m.store, Schema: m.Model.Graph, Dir: m.Config.AsOf.Dir, Bytes: int64(m.Config.AsOf.Bytes), Log: m.Log})
	engine, err := gql.New(gql.Config{Model: m.Model, Store: m.store, Past: m.past, Limits: limits, Zone: m.Config.zone(), CacheBytes: int64(m.Config.Cache),
		EventBytes: int64(m.Config.Live.Cache), Poll: m.Config.Live.Poll, Log: m.Log})
	if err != nil {
		return err
	}
	m.live = newLive(engine, limits, m.Config.Live)
	var requests context.Context
	requests, m.abandon = context.WithCancel(context.Background())
	m.server = &http.Server{
		Handler:           newHandler(engine, m.store, engine.SDL(), limits, m.example(), m.live),
		BaseContext:       func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout: readTime / 3,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		ErrorLog:          slog.NewLogLogger(m.Log.Handler(), slog.LevelDebug),
	}
	return nil
}

// cause is the reason inside a network error, without the address that stands in the message already.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// Run serves until the context ends, and then lets the answers under way finish, for as long as Config.Drain allows.
func (m *Main) Run(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- m.server.Serve(m.listener) }()
	select {
	case err := <-failed:
		return graph.Wrap(graph.Internal, "the server stopped", err)
	case <-ctx.Done():
	}
	m.Log.Info("stopping: answers under way may finish", "at most", m.Config.Drain)
	draining, cancel := context.WithTimeout(context.Background(), m.Config.Drain)
	defer cancel()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		m.live.Close(draining)
	}()
	err := m.server.Shutdown(draining)
	<-gone
	if errors.Is(err, context.DeadlineExceeded) {
		m.Log.Warn("answers under way were given up")
		m.abandon()
		// They end with an error for the client, which needs a moment to be sent.
		last, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		if m.server.Shutdown(last) != nil {
			err = m.server.Close()
		} else {
			err = nil
		}
	}
	if err != nil {
		return graph.Wrap(graph.Internal, "the server did not stop in good order", err)
	}
	return nil
}

// Close gives everything back. It may be called at any time, and more than once.
func (m *Main) Close() {
	if m.abandon != nil {
		m.abandon()
	}
	if m.listener != nil {
		_ = m.listener.Close() // the server has closed it, or it was never used
	}
	if m.past != nil {
		if err := m.past.Close(); err != nil {
			m.Log.Error("the copies of the past were not taken away", "error", err)
		}
		m.past = nil
	}
	if m.store != nil {
		if err := m.store.Close(); err != nil {
			m.Log.Error("the database did not close in good order", "error", err)
		}
		m.store = nil
	}
}

// URL is where the server answers.
func (m *Main) URL() string {
	host, port, err := net.SplitHostPort(m.listener.Addr().String())
	if err != nil {
		return "http://" + m.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// example is a command that asks a question; of the sample, how many people were found and by whose word.
func (m *Main) example() string {
	question := "{ raids(first: 3) { nodes { id name date { edtf } } } }"
	if m.Config.Sample {
		question = `{ raid(id: "raid:steung-meanchey-2024-11") { name
    figure(measure: FOUND) { contested band { low high } claims { saidBy { name } value { ... on Count { raw } } } } } }`
	}
	return "curl -sG " + m.URL() + "/graphql --data-urlencode 'query=" + question + "'"
}

// greet says where the server is, what it has loaded, and how to ask.
func (m *Main) greet(w io.Writer) {
	fmt.Fprintf(w, "raidgraph serves %s on %s/graphql\n", m.Config.Database.name(), m.URL())
	if n := m.loaded.Written.Created; n > 0 {
		fmt.Fprintf(w, "loaded the reference data and the sample case: %d nodes and relationships\n", n)
	}
	fmt.Fprintf(w, "ask, such as:\n  %s\n", m.example())
}
