package main

import (
	"net/http"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/server/live"
)

// newLive makes what tells changes live. Requests over it are read as all others are.
func newLive(engine *gql.Engine, limits gql.Limits, cfg LiveConfig) *live.Server {
	h := &graphqlHandler{engine: engine, limits: limits.WithDefaults()}
	return live.New(live.Config{
		Engine:  engine,
		Decode:  func(in []byte) (gql.Request, error) { return decodeBody(in, h.limits.Nesting) },
		Request: h.decode,
		Refuse: func(w http.ResponseWriter, err error) {
			refuse(w, mediaResponse, meaning(graph.CodeOf(err)).status, err)
		},
		Answer: func(w http.ResponseWriter, resp *gql.Response) { respond(w, mediaResponse, resp) },
		Limits: live.Limits{Connections: cfg.MaxConnections, Operations: cfg.MaxSubscriptions, PerConnection: cfg.MaxOperations,
			Message: h.limits.BodyBytes, Init: cfg.InitTimeout, Ping: cfg.Ping, Stall: cfg.Stall},
		Origins: cfg.Origin,
	})
}

// decode reads a request over HTTP, in its body or in its URL, or answers what is wrong with it.
func (h *graphqlHandler) decode(w http.ResponseWriter, r *http.Request) (gql.Request, bool) {
	switch r.Method {
	case http.MethodPost:
		// The request keeps parts of the body for as long as it runs.
		var body []byte
		return h.decodePost(w, r, mediaResponse, &body)
	case http.MethodGet:
		return h.decodeGet(w, r, mediaResponse)
	}
	notAllowed(w, r, mediaResponse)
	return gql.Request{}, false
}
