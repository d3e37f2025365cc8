package gql

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// document is a valid document and one of its operations, with the plans that were made for it so far: one for each way
// in which its variables shape the plan.
type document struct {
	query     *ast.QueryDocument
	operation *ast.OperationDefinition
	// introspects: the operation asks for the schema itself.
	introspects bool

	plans atomic.Pointer[[]*operation]
	mu    sync.Mutex
}

// maxPlans bounds the plans that are kept for one document; the oldest go.
const maxPlans = 16

// planned is the operation for the variables.
func (d *document) planned(m *schema.Model, s setting, vars map[string]any) (*operation, error) {
	var known []*operation
	if p := d.plans.Load(); p != nil {
		known = *p
	}
	for _, o := range known {
		if o.serves(vars) {
			return o, nil
		}
	}
	o, err := plan(m, s, d.query, d.operation, vars)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	next := []*operation{o}
	if p := d.plans.Load(); p != nil {
		next = append(next, (*p)[:min(len(*p), maxPlans-1)]...)
	}
	d.plans.Store(&next)
	return o, nil
}

// documents keeps documents that were parsed and validated.
type documents struct {
	cache *otter.Cache[documentKey, *document]
}

type documentKey struct{ query, operation string }

// The estimated memory of a document: what its plans and programs take at the least, and what a byte of its text becomes.
const (
	documentBase    = 16 << 10
	documentPerByte = 100
)

func newDocuments(bytes int64) (*documents, error) {
	cache, err := otter.New(&otter.Options[documentKey, *document]{
		MaximumWeight: uint64(bytes),
		Weigher:       func(k documentKey, _ *document) uint32 { return uint32(documentBase + documentPerByte*len(k.query)) },
	})
	return &documents{cache}, err
}

// document parses and validates a query, or finds it done.
func (e *Engine) document(query, operation string) (*document, error) {
	key := documentKey{query, operation}
	if d, ok := e.documents.cache.GetIfPresent(key); ok {
		return d, nil
	}
	parsed, err := e.limits.Parse(query)
	if err != nil {
		return nil, err
	}
	if errs := validate(e.schema, parsed); len(errs) > 0 {
		return nil, errs
	}
	d := &document{query: parsed}
	if d.operation, err = chosen(parsed, operation); err != nil {
		return nil, err
	}
	d.introspects = asksSchema(parsed, d.operation.SelectionSet)
	// The key must not keep a larger text alive than its own.
	key = documentKey{strings.Clone(query), strings.Clone(operation)}
	e.documents.cache.Set(key, d)
	return d, nil
}

// chosen is the operation that a request names, or the only one.
func chosen(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, error) {
	if name == "" && len(doc.Operations) == 1 {
		return doc.Operations[0], nil
	}
	if name == "" {
		return nil, graph.Errorf(graph.Invalid, "the document has %d operations: name the one to run in operationName", len(doc.Operations))
	}
	if op := doc.Operations.ForName(name); op != nil {
		return op, nil
	}
	return nil, graph.Errorf(graph.Invalid, "the document has no operation %s", graph.Quote(name))
}

// asksSchema says whether a selection on the root has __schema or __type.
func asksSchema(doc *ast.QueryDocument, set ast.SelectionSet) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				return true
			}
		case *ast.InlineFragment:
			if asksSchema(doc, s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if d := doc.Fragments.ForName(s.Name); d != nil && asksSchema(doc, d.SelectionSet) {
				return true
			}
		}
	}
	return false
}
