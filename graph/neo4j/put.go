package neo4j

import (
	"context"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// A batch is written when it has so many records, or texts of so many bytes.
const (
	batchRecords = 5000
	batchBytes   = 8 << 20
)

// batch are records on their way: none of them twice, and no relationship before a node that it joins.
type batch struct {
	records, bytes int
	nodes          map[string]*pending // by id
	kinds          map[*graph.Kind][]*pending
	edges          map[*graph.Relation][]*pending
	known          map[edgeID]bool
	joined         map[string]bool // ids that a relationship of the batch joins
}

// edgeID tells relationships apart; of a relation to one, those that leave the same node are the same.
type edgeID struct{ typ, from, to, key string }

// pending is a node, or a relationship between two, with its properties.
type pending struct {
	id, to, key string
	props       map[string]any
	record      graph.Record
}

func newBatch() *batch {
	return &batch{nodes: map[string]*pending{}, kinds: map[*graph.Kind][]*pending{}, edges: map[*graph.Relation][]*pending{},
		known: map[edgeID]bool{}, joined: map[string]bool{}}
}

func identity(e *graph.Edge) edgeID {
	id := edgeID{typ: e.Relation.Type, from: e.From}
	if !e.Relation.One {
		id.to, id.key = e.To, e.Key()
	}
	return id
}

// fits says whether a record may still go into the batch.
func (b *batch) fits(r graph.Record) bool {
	if b.records >= batchRecords || b.bytes >= batchBytes {
		return false
	}
	switch r := r.(type) {
	case *graph.Node:
		return b.nodes[r.ID] == nil && !b.joined[r.ID]
	case *graph.Edge:
		return !b.known[identity(r)]
	}
	return true
}

func (b *batch) add(r graph.Record) error {
	p := &pending{record: r}
	switch r := r.(type) {
	case *graph.Node:
		props, err := nodeProps(r)
		if err != nil {
			return err
		}
		p.id, p.props = r.ID, props
		b.nodes[r.ID] = p
		b.kinds[r.Kind] = append(b.kinds[r.Kind], p)
	case *graph.Edge:
		p.id, p.to, p.key, p.props = r.From, r.To, r.Key(), edgeProps(r)
		b.known[identity(r)] = true
		b.joined[r.From], b.joined[r.To] = true, true
		b.edges[r.Relation] = append(b.edges[r.Relation], p)
	}
	b.records++
	for k, v := range p.props {
		b.bytes += len(k) + 8
		if s, ok := v.(string); ok {
			b.bytes += len(s)
		}
	}
	return nil
}

// Put writes records, batch by batch.
func (t *tx) Put(ctx context.Context, records graph.Records) (graph.Written, error) {
	var w graph.Written
	b := newBatch()
	flush := func() error {
		err := t.write(ctx, b, &w)
		b = newBatch()
		return err
	}
	for r, err := range records {
		if err != nil {
			return graph.Written{}, t.failAs(err, err)
		}
		if !b.fits(r) {
			err = flush()
		}
		if err == nil {
			err = b.add(r)
		}
		if err != nil {
			return graph.Written{}, t.fail(ctx, err)
		}
	}
	if err := flush(); err != nil {
		return graph.Written{}, t.fail(ctx, err)
	}
	t.written += w.Created + w.Changed
	return w, nil
}

func (t *tx) write(ctx context.Context, b *batch, w *graph.Written) error {
	if err := t.writeNodes(ctx, b, w); err != nil {
		return err
	}
	for _, r := range t.store.schema.Relations {
		if edges := b.edges[r]; len(edges) > 0 {
			if err := t.writeEdges(ctx, r, edges, w); err != nil {
				return err
			}
		}
	}
	for id := range b.joined {
		delete(t.fresh, id)
	}
	return nil
}

// writeNodes looks which nodes are there, and writes those that are new or differ. Nothing changes in between, since
// Updates run one after the other.
func (t *tx) writeNodes(ctx context.Context, b *batch, w *graph.Written) error {
	if len(b.nodes) == 0 {
		return nil
	}
	ids := make([]any, 0, len(b.nodes))
	for id := range b.nodes {
		ids = append(ids, id)
	}
	found, err := t.list(ctx, fmt.Sprintf("UNWIND $ids AS id MATCH (n:%s {id: id}) RETURN collect(properties(n))", nodeLabel), map[string]any{"ids": ids})
	if err != nil {
		return err
	}
	have := make(map[string]map[string]any, len(found))
	for _, v := range found {
		props, _ := v.(map[string]any)
		id, _ := props[idProp].(string)
		have[id] = props
	}
	var changed []any
	for _, k := range t.store.schema.Kinds {
		var created []any
		for _, p := range b.kinds[k] {
			old := have[p.id]
			switch {
			case old == nil:
				created = append(created, p.props)
				t.created(p.id)
				err = t.tell(graph.Created, p, nil)
			case settle(k.Field(graph.PublishedAt).Earliest, old, p.props):
				w.Same++
				err = t.tell(graph.Same, p, nil)
			default:
				changed = append(changed, p.props)
				err = t.tell(graph.Changed, p, func() (graph.Record, error) { return nodeOf(k, p.id, old) })
			}
			if err != nil {
				return err
			}
		}
		w.Created += int64(len(created))
		if err := t.rows(ctx, "UNWIND $rows AS row CREATE (n:"+quoteAll(labelsOf(k), ":")+") SET n = row", created); err != nil {
			return err
		}
	}
	w.Changed += int64(len(changed))
	return t.rows(ctx, fmt.Sprintf("UNWIND $rows AS row MATCH (n:%s {id: row.id}) SET n = row", nodeLabel), changed)
}

func quoteAll(names []string, separator string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, separator)
}

// list runs a statement that answers one list.
func (t *tx) list(ctx context.Context, statement string, params map[string]any) ([]any, error) {
	return one[[]any](ctx, t.store, t.tx, statement, params)
}

// rows runs a statement for each of the rows, where there are any.
func (t *tx) rows(ctx context.Context, statement string, rows []any) error {
	if len(rows) == 0 {
		return nil
	}
	return t.store.exec(ctx, t.tx, statement, map[string]any{"rows": rows})
}

// exec runs a statement that answers nothing.
func (s *Store) exec(ctx context.Context, tx neo4j.ManagedTransaction, statement string, params map[string]any) error {
	s.trace(statement)
	result, err := tx.Run(ctx, statement, params)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	return err
}

// one runs a statement that answers one value of a type.
func one[T any](ctx context.Context, s *Store, tx neo4j.ManagedTransaction, statement string, params map[string]any) (T, error) {
	var none T
	s.trace(statement)
	result, err := tx.Run(ctx, statement, params)
	if err != nil {
		return none, err
	}
	record, err := result.Single(ctx)
	if err != nil {
		return none, err
	}
	v, ok := record.Values[0].(T)
	if !ok {
		return none, unexpected(record.Values[0])
	}
	return v, nil
}
