package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/raidgraph/raidgraph/bench/stock"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// The ways in which the GraphQL layer alone is asked for 1,000 claims of 5 fields, whose rows are in memory.
const (
	layerRaidgraph = "/layer/raidgraph" // the engine of package gql
	layerStock     = "/layer/stock"     // gqlgen as it comes
	layerStructs   = "/layer/structs"   // encoding/json of structs that are there already
	layerFixed     = "/layer/fixed"     // bytes that are there already: the answer to { __typename }
)

// layerQuery is asked of the first two. It is another than questions ask, for the order makes no difference here.
const layerQuery = `{ claims(first: 1000) { nodes { id property measure share publishedAt } } }`

const typenameQuery = `{ __typename }`

const typenameAnswer = `{"data":{"__typename":"Query"}}`

// memory is a store whose claims are always the same rows.
type memory struct {
	graph.Store
	claims []claimFlat
}

func newMemory() *memory {
	m := &memory{claims: make([]claimFlat, 1000)}
	text := func(s string) *string { return &s }
	for i := range m.claims {
		c := &m.claims[i]
		c.ID, c.Property = fmt.Sprintf("claim:bench-%07d/%d", i/6, i%6), "figure"
		c.PublishedAt = text(fmt.Sprintf("2024-11-%02dT11:00:00Z", 1+i%28))
		if i%2 == 0 {
			c.Measure = text("FOUND")
		}
		if i%3 == 0 {
			c.Share = text("MOSTLY")
		}
	}
	return m
}

// Query gives the rows in the form that a plan asks for, made once.
func (m *memory) Query(_ context.Context, p *graph.Plan, _ []any) ([]*graph.Set, error) {
	sets, err := p.Compiled(m, func() (any, error) {
		set := &graph.Set{}
		for i := range m.claims {
			row := make(graph.Row, len(p.Roots[0].Fields))
			for j, f := range p.Roots[0].Fields {
				row[j] = m.claims[i].value(f)
			}
			set.Rows = append(set.Rows, row)
		}
		return []*graph.Set{set}, nil
	})
	if err != nil {
		return nil, err
	}
	return sets.([]*graph.Set), nil
}

func (c *claimFlat) value(f graph.FieldRef) any {
	if f.Owner == graph.OfID {
		return c.ID
	}
	text := map[string]*string{"property": &c.Property, "measure": c.Measure, "share": c.Share, "publishedAt": c.PublishedAt}[f.Name]
	if text == nil {
		return nil
	}
	return *text
}

// layerHandlers adds the handlers of the GraphQL layer alone.
func layerHandlers(mux *http.ServeMux, m *schema.Model) error {
	store := newMemory()
	engine, err := gql.New(gql.Config{Model: m, Store: store})
	if err != nil {
		return err
	}
	plan, _, err := engine.Plan(gql.Request{Query: layerQuery})
	if err != nil {
		return err
	}
	var structs thousandAnswer
	structs.Claims.Nodes = store.claims
	mux.Handle("POST "+layerRaidgraph, engineHandler(engine))
	mux.Handle("POST "+layerStock, stock.NewHandler(store, plan))
	mux.HandleFunc("POST "+layerStructs, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, answer{structs}) })
	mux.HandleFunc("POST "+layerFixed, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(typenameAnswer)) // the client may be gone
	})
	return nil
}

// engineHandler is the least that it takes to serve an engine over HTTP. As the server does, it says how long the answer is.
func engineHandler(engine *gql.Engine) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Query     string          `json:"query"`
			Variables json.RawMessage `json:"variables"`
		}
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(text, &body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		resp := engine.Execute(r.Context(), gql.Request{Query: body.Query, Variables: body.Variables})
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(resp.Body)))
		_, _ = w.Write(resp.Body) // the client may be gone
		resp.Release()
	})
}
