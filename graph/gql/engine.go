// Package gql is GraphQL over plans: it parses and validates an operation, turns its selection into a plan, lets a store
// answer the plan, and writes the rows as JSON. What that way does not cover (introspection) is executed by gqlgen's
// generated code over the same rows, which is also the slow reference that the fast way is compared with in tests.
package gql

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/maypok86/otter/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql/reference"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// Config is what an Engine needs.
type Config struct {
	Model *schema.Model
	Store graph.Store
	// Past answers what is asked as of a moment in the past; without it that is Invalid.
	Past Past
	// Limits are the bounds of a request; the zero value of each means its default.
	Limits Limits
	// Zone is the graph's time zone, in which a day ends; nil means that of Cambodia, UTC+7 all year.
	Zone *time.Location
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// CacheBytes bounds the memory of parsed and planned documents, by estimate; 0 means 32 MiB.
	CacheBytes int64
	// EventBytes bounds the memory of events that several listeners share, by estimate; 0 means 16 MiB.
	EventBytes int64
	// Poll is how often changes of other processes are looked for while there are listeners; 0 means 50 ms.
	Poll time.Duration
	// Log takes unexpected errors, each with the id that the client was given; nil discards them.
	Log *slog.Logger
}

// Request is one GraphQL request, as it came in.
type Request struct {
	Query         string
	OperationName string
	// Variables is a JSON object, or empty.
	Variables json.RawMessage
	// Extensions is a JSON object, or empty. The engine looks for receipt in it: see Receipt.
	Extensions json.RawMessage
	// Receipt asks for a receipt of the answer, in its extensions; queries only.
	Receipt bool
	// ReadOnly refuses mutations: for requests that must not change anything, such as GET.
	ReadOnly bool
}

// Response is the answer to a Request.
type Response struct {
	// Body is the JSON of a GraphQL response; it is good until Release.
	Body []byte
	// Executed: execution began, so that Body has "data". Without it the request was refused.
	Executed bool
	// Code is that of the first error; empty where there is none.
	Code graph.Code

	renderer *renderer
}

// Release gives the memory of Body back; Body must not be used any more. Calling it is optional.
func (r *Response) Release() {
	if r.renderer != nil {
		r.renderer.release()
		r.renderer, r.Body = nil, nil
	}
}

// Engine answers GraphQL requests from a store. It may be used by many goroutines at once.
type Engine struct {
	model      *schema.Model
	store      graph.Store
	past       Past
	limits     Limits
	log        *slog.Logger
	schema     *ast.Schema
	executable graphql.ExecutableSchema
	sdl        string
	documents  *documents
	merged     *merged
	now        func() time.Time
	follower   *graph.Follower
	batches    *otter.Cache[batchKey, *batch]
}

// New makes an Engine.
func New(cfg Config) (*Engine, error) {
	e := &Engine{model: cfg.Model, store: cfg.Store, past: cfg.Past, limits: cfg.Limits.WithDefaults(), log: cfg.Log, sdl: cfg.Model.Derive(),
		merged: &merged{store: cfg.Store, schema: cfg.Model.Graph}}
	clock, zone := cfg.Now, cfg.Zone
	if clock == nil {
		clock = time.Now
	}
	if zone == nil {
		zone = time.FixedZone("Asia/Phnom_Penh", 7*60*60)
	}
	e.now = func() time.Time { return clock().In(zone) }
	if e.sdl != derived {
		return nil, errors.New("the code was generated from another schema.graphqls: run go generate")
	}
	if err := checkComputed(cfg.Model); err != nil {
		return nil, err
	}
	e.executable = reference.NewExecutableSchema(reference.Config{Resolvers: resolvers{}})
	e.schema = e.executable.Schema()
	if cfg.CacheBytes == 0 {
		cfg.CacheBytes = 32 << 20
	}
	var err error
	if e.documents, err = newDocuments(cfg.CacheBytes); err != nil {
		return nil, err
	}
	e.follower = graph.NewFollower(cfg.Store, cfg.Model.Graph, cmp.Or(cfg.Poll, defaultPoll), e.unseen)
	e.batches, err = newBatches(cmp.Or(cfg.EventBytes, defaultEventBytes))
	return e, err
}

// derived is the SDL that the generated code was made from.
//
//go:embed derived.graphqls
var derived string

type resolvers struct{}

func (resolvers) Query() reference.QueryResolver { return reference.Query{} }

func (resolvers) Mutation() reference.MutationResolver { return reference.Mutation{} }

func (resolvers) Subscription() reference.SubscriptionResolver { return reference.Subscription{} }

// SDL is the API in GraphQL's schema language.
func (e *Engine) SDL() string { return e.sdl }

// Execute answers a request. It always gives a response; what went wrong stands in it.
func (e *Engine) Execute(ctx context.Context, req Request) (resp *Response) {
	defer func() {
		if r := recover(); r != nil {
			resp = e.refuse(fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
		}
	}()
	q, err := e.prepare(req)
	if err != nil {
		return e.refuse(err)
	}
	switch q.document.operation.Operation {
	case ast.Mutation:
		return e.mutate(ctx, q.document, q.vars)
	case ast.Subscription:
		return e.refuse(graph.Errorf(graph.Invalid, "a subscription is told live: send it over a WebSocket (graphql-transport-ws), or accept text/event-stream"))
	}
	if e.limits.Time > 0 && len(q.operation.plan.Roots) > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.limits.Time)
		defer cancel()
	}
	if q.receipt != nil {
		return e.withReceipt(ctx, q)
	}
	sets, err := e.query(ctx, q)
	if err != nil {
		return e.refuse(err)
	}
	if q.document.introspects {
		return e.reference(ctx, req, q, sets)
	}
	return e.render(q, sets)
}

// Plan is the plan of a request and its arguments, for people who want to see how it is answered.
func (e *Engine) Plan(req Request) (*graph.Plan, []any, error) {
	q, err := e.prepare(req)
	if err != nil {
		return nil, nil, err
	}
	if q.operation == nil {
		return nil, nil, graph.Errorf(graph.Invalid, "only a query has a plan of its own")
	}
	return q.operation.plan, q.args, nil
}

// question is a request that is ready to be asked.
type question struct {
	document  *document
	operation *operation
	vars      map[string]any
	args      []any
	// receipt is what is asked of a receipt of the answer; nil for none.
	receipt *receiptAsked
}

// prepare finds or makes the plan of a request.
func (e *Engine) prepare(req Request) (*question, error) {
	d, err := e.document(req.Query, req.OperationName)
	if err != nil {
		return nil, err
	}
	if req.ReadOnly && d.operation.Operation == ast.Mutation {
		return nil, graph.Errorf(graph.Invalid, "a %s cannot be sent this way: send it by POST", d.operation.Operation)
	}
	q := &question{document: d}
	if q.vars, err = e.variables(d.operation, req.Variables); err != nil {
		return nil, err
	}
	if d.operation.Operation != ast.Query {
		return q, nil
	}
	if q.receipt, err = e.receiptAsked(req, d, q.vars); err != nil {
		return nil, err
	}
	if q.receipt != nil {
		q.vars = withNow(q.vars, q.receipt.then.At)
	}
	if q.operation, err = d.planned(e.model, e.setting(), q.vars); err != nil {
		return nil, err
	}
	if q.args, err = q.operation.arguments(q.vars); err != nil {
		return nil, err
	}
	if err := e.checkCost(q.operation, q.args); err != nil {
		return nil, err
	}
	return q, nil
}

// checkCost refuses an operation that may read too much.
func (e *Engine) checkCost(o *operation, args []any) error {
	if cost := o.cost(args); cost > int64(e.limits.Cost) {
		return graph.Errorf(graph.TooLarge, "the operation may read %s rows, the product of the sizes of its nested pages: at most %s go; ask for smaller pages by first",
			number(int(cost)), number(e.limits.Cost))
	}
	return nil
}

func (e *Engine) setting() setting { return setting{read: e.limits.Read, now: e.now} }

// variables reads and coerces the variables of a request.
func (e *Engine) variables(op *ast.OperationDefinition, raw json.RawMessage) (map[string]any, error) {
	raw = bytes.TrimSpace(raw)
	var given map[string]any
	if len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		if raw[0] != '{' {
			return nil, graph.Errorf(graph.Invalid, "variables is no JSON object: it has a member for each variable, without the $")
		}
		var err error
		if given, err = decodeObject(raw); err != nil {
			return nil, graph.Errorf(graph.Invalid, "variables is no JSON: %v", err)
		}
	}
	if len(op.VariableDefinitions) == 0 {
		return nil, nil
	}
	vars, err := validator.VariableValues(e.schema, op, given)
	if err != nil {
		var g *gqlerror.Error
		if errors.As(err, &g) {
			return nil, graph.Errorf(graph.Invalid, "the variable %s: %s", variablePath(g.Path), g.Message)
		}
		return nil, graph.Errorf(graph.Invalid, "the variables do not fit: %v", err)
	}
	for name, v := range vars {
		vars[name] = untyped(v)
	}
	return vars, nil
}

// untyped makes every list a []any: coercion of a single value to a list gives a slice of the value's type.
func untyped(v any) any {
	switch v := v.(type) {
	case nil, string, bool, int64, float64, json.Number:
		return v
	case map[string]any:
		for name, x := range v {
			v[name] = untyped(x)
		}
		return v
	case []any:
		for i, x := range v {
			v[i] = untyped(x)
		}
		return v
	}
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return v
	}
	out := make([]any, list.Len())
	for i := range out {
		out[i] = untyped(list.Index(i).Interface())
	}
	return out
}

// variablePath names the place of a bad variable: $where.name.eq.
func variablePath(path ast.Path) string {
	s := path.String()
	if len(s) > len("variable.") {
		return "$" + s[len("variable."):]
	}
	return s
}

// query asks the store.
func (e *Engine) query(ctx context.Context, q *question) (graph.Row, error) {
	if q.operation.parts != nil {
		return e.asOf(ctx, q, 0)
	}
	var err error
	if q.args, err = e.arguments(ctx, e.store, &q.operation.asked, q.args); err != nil {
		return nil, err
	}
	return rowOf(ctx, e.store, q.operation.plan, q.args)
}

// render writes the answer straight from the rows.
func (e *Engine) render(q *question, row graph.Row) (resp *Response) {
	defer e.refuseFailure(&resp)
	r := newRenderer(q.args, e.limits.ResultBytes)
	r.b = append(r.b, `{"data":`...)
	before := len(r.b)
	whole := r.object(q.operation.root, &source{row: row})
	if r.over {
		r.release()
		return e.refuse(exceeds("the answer", e.limits.ResultBytes, "bytes"))
	}
	if !whole {
		r.b = append(r.b[:before], "null"...)
	}
	resp = &Response{Executed: true, renderer: r}
	if len(r.errors) > 0 {
		resp.Code = graph.Internal
		r.b = append(append(r.b, `,"errors":`...), e.present(r.errors)...)
	}
	r.b = append(r.b, '}')
	resp.Body = r.b
	return resp
}

// refuseFailure turns the failure of a computed field into the answer.
func (e *Engine) refuseFailure(resp **Response) {
	if r := recover(); r != nil {
		failure, ok := r.(planFailure)
		if !ok {
			panic(r)
		}
		*resp = e.refuse(failure.err)
	}
}

// refuse is the answer to a request that is not executed.
func (e *Engine) refuse(err error) *Response {
	var list gqlerror.List
	if !errors.As(err, &list) {
		list = gqlerror.List{present(e.log, err)}
	}
	code := graph.Invalid
	if c, ok := list[0].Extensions["code"].(string); ok {
		code = graph.Code(c)
	}
	return &Response{Code: code, Body: append(append([]byte(`{"errors":`), e.present(list)...), '}')}
}

// present is a list of errors as JSON, each with a code.
func (e *Engine) present(list gqlerror.List) []byte {
	for i, err := range list {
		if err.Extensions["code"] == nil {
			list[i] = present(e.log, err)
		}
	}
	body, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return body
}
