package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/raidgraph/raidgraph/graph"
)

// Model is a graph in memory that answers plans the slow and obvious way: it is the contract of graph.Store, written again as
// loops over maps and slices. The suite compares every store with it. It is a graph.Store itself, so that the suite can be run
// on it too.
type Model struct {
	schema *graph.Schema
	writer sync.Mutex
	now    atomic.Pointer[state]
	closed atomic.Bool

	tracing    sync.Mutex
	statements []string
}

// NewModel makes an empty model.
func NewModel(schema *graph.Schema) *Model {
	m := &Model{schema: schema}
	m.now.Store(&state{nodes: map[string]*graph.Node{}, edges: map[edgeID]*graph.Edge{}})
	return m
}

// state is the whole graph at one time. Once it is shared, it never changes.
type state struct {
	nodes map[string]*graph.Node
	edges map[edgeID]*graph.Edge

	indexing sync.Mutex
	out, in  map[string][]*graph.Edge
}

// edgeID tells relationships apart.
type edgeID struct{ typ, from, to, key string }

func idOf(e *graph.Edge) edgeID { return edgeID{e.Relation.Type, e.From, e.To, e.Key()} }

func (s *state) clone() *state { return &state{nodes: maps.Clone(s.nodes), edges: maps.Clone(s.edges)} }

// at lists the relationships that leave a node, or that come to it.
func (s *state) at(id string, out bool) []*graph.Edge {
	s.indexing.Lock()
	defer s.indexing.Unlock()
	if s.out == nil {
		s.out, s.in = map[string][]*graph.Edge{}, map[string][]*graph.Edge{}
		for _, e := range s.edges {
			s.out[e.From] = append(s.out[e.From], e)
			s.in[e.To] = append(s.in[e.To], e)
		}
	}
	if out {
		return s.out[id]
	}
	return s.in[id]
}

// touched forgets what was derived from the records.
func (s *state) touched() { s.out, s.in = nil, nil }

// Query answers a plan.
func (m *Model) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	return m.answer(m.now.Load(), p, args)
}

func (m *Model) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.closed.Load() {
		return graph.Errorf(graph.Unavailable, "the model is closed")
	}
	return nil
}

func (m *Model) answer(s *state, p *graph.Plan, args []any) ([]*graph.Set, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if len(args) < p.Args {
		return nil, graph.Errorf(graph.Internal, "the plan takes %d arguments", p.Args)
	}
	for _, r := range p.Roots {
		if !m.knows(r) {
			return nil, graph.Errorf(graph.Internal, "the plan is of another schema")
		}
	}
	m.tracing.Lock()
	for _, r := range p.Roots {
		m.statements = append(m.statements, r.Name)
	}
	m.tracing.Unlock()
	e := &evaluation{state: s, args: args, budget: noBudget}
	return e.plan(p)
}

// knows says whether the kinds and relations of a select, and of those below it, are the model's own.
func (m *Model) knows(s *graph.Select) bool {
	for _, k := range s.Kinds {
		if !slices.Contains(m.schema.Kinds, k) {
			return false
		}
	}
	return (s.Via == nil || slices.Contains(m.schema.Relations, s.Via.Relation)) && !slices.ContainsFunc(s.Children, func(c *graph.Select) bool { return !m.knows(c) })
}

// Statements are what was run since it was last called: see Run.
func (m *Model) Statements() []string {
	m.tracing.Lock()
	defer m.tracing.Unlock()
	s := m.statements
	m.statements = nil
	return s
}

// Update runs fn twice, each time from the same state, and keeps what the second run did: that holds the functions of the
// suite to what the contract asks of them, that they begin anew each time.
func (m *Model) Update(ctx context.Context, fn func(ctx context.Context, tx graph.Tx) error) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	m.writer.Lock()
	defer m.writer.Unlock()
	var tx *modelTx
	for range 2 {
		tx = &modelTx{model: m, state: m.now.Load().clone()}
		err := fn(ctx, tx)
		if err == nil {
			err = tx.failed
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	m.now.Store(tx.state)
	return nil
}

// Export yields what is recorded.
func (m *Model) Export(ctx context.Context, yield func(graph.Record) error) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	s := m.now.Load()
	u, kind := m.schema.Unresolved()
	for _, n := range s.nodes {
		if n.Kind == kind {
			if err := u.Add(n); err != nil {
				return err
			}
		}
	}
	yield, rest := u.Over(yield)
	for _, k := range m.schema.Kinds {
		for _, id := range slices.Sorted(maps.Keys(s.nodes)) {
			if n := s.nodes[id]; n.Kind == k && !k.Own() {
				if err := yield(n); err != nil {
					return err
				}
			}
		}
	}
	for _, r := range m.schema.Relations {
		for _, e := range slices.SortedFunc(maps.Values(s.edges), compareEdges) {
			if e.Relation == r && !r.Projection && !s.nodes[e.From].Kind.Own() && !s.nodes[e.To].Kind.Own() {
				if err := yield(e); err != nil {
					return err
				}
			}
		}
	}
	if err := rest(); err != nil {
		return err
	}
	return ctx.Err()
}

func compareEdges(a, b *graph.Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Key(), b.Key()))
}

// Ping says whether the model is open.
func (m *Model) Ping(ctx context.Context) error { return m.ready(ctx) }

// Close ends the model.
func (m *Model) Close() error {
	m.closed.Store(true)
	return nil
}
