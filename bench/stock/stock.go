// Package stock serves a part of raidgraph's API as gqlgen serves it when it is used as its documentation shows: generated
// execution, a resolver for the root field, the handler and the POST transport that come with it. It is
// the peer that the benchmarks compare the GraphQL layer with.
package stock

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/bench/stock/generated"
	"github.com/raidgraph/raidgraph/graph"
)

//go:generate go run ./generate

// NewHandler serves claims, read by a plan from a store. The plan's one root has the fields id, property, measure, share and
// publishedAt of claims, and takes the number of rows as its argument.
func NewHandler(store graph.Store, plan *graph.Plan) http.Handler {
	const documents = 1000
	server := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: &resolvers{store, plan}}))
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](documents))
	return server
}

type resolvers struct {
	store graph.Store
	plan  *graph.Plan
}

func (r *resolvers) Query() generated.QueryResolver { return r }

// Claims reads the claims.
func (r *resolvers) Claims(ctx context.Context, first *int) (*generated.ClaimConnection, error) {
	if first == nil {
		return nil, errors.New("first is missing")
	}
	sets, err := r.store.Query(ctx, r.plan, []any{int64(*first)})
	if err != nil {
		return nil, err
	}
	claims := make([]*generated.Claim, len(sets[0].Rows))
	for i, row := range sets[0].Rows {
		claims[i] = &generated.Claim{ID: row[0].(string), Property: row[1].(string), Measure: text(row[2]), Share: text(row[3]), PublishedAt: text(row[4])}
	}
	return &generated.ClaimConnection{Nodes: claims}, nil
}

// text is a value that may be null.
func text(v any) *string {
	if s, ok := v.(string); ok {
		return &s
	}
	return nil
}
