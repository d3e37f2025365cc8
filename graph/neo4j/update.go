package neo4j

import (
	"context"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// tx is a write transaction.
type tx struct {
	store *Store
	tx    neo4j.ManagedTransaction
	// failed is the first error of Put, Remove or Query as it came, which says whether to try again; reported is what was
	// said of it. The transaction is lost then, whatever fn makes of that.
	failed, reported error
	// written is how many records Put created or changed and Remove was given.
	written int64
	// fresh are ids of nodes that Put created last, and to which no relationship leads yet, nor from them.
	fresh map[string]bool
	told  graph.Told
}

// Tell has each Put say what became of its records.
func (t *tx) Tell(fn graph.Told) { t.told = fn }

// tell says what became of a record that was put; old are the properties that it replaced.
func (t *tx) tell(outcome graph.Outcome, p *pending, old func() (graph.Record, error)) error {
	if t.told == nil {
		return nil
	}
	if old == nil {
		t.told(outcome, p.record, nil)
		return nil
	}
	r, err := old()
	if err == nil {
		t.told(outcome, p.record, r)
	}
	return err
}

// muchWritten is how many records make Neo4j look anew at what is in its indexes. It would do so by itself after some
// seconds, and answer until then as if they were empty: by reading whole labels.
const muchWritten = 10_000

// Update runs fn in a write transaction that the driver tries again where the database asks to.
func (s *Store) Update(ctx context.Context, fn func(ctx context.Context, tx graph.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	give, err := s.writing.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	session := s.session(neo4j.AccessModeWrite, neo4j.FetchAll)
	defer s.end(ctx, session)
	var own error // of fn, to be returned as it is
	var written, begun int64
	_, err = session.ExecuteWrite(ctx, func(mtx neo4j.ManagedTransaction) (any, error) {
		own, written, begun = nil, 0, 0
		if err := s.take(ctx, mtx); err != nil {
			return nil, err
		}
		t := &tx{store: s, tx: mtx, fresh: map[string]bool{}}
		err := fn(ctx, t)
		if neo4j.IsRetryable(t.failed) {
			return nil, t.failed
		}
		if own = err; own == nil {
			own = t.reported
		}
		if own != nil || t.written == 0 {
			return nil, own
		}
		written = t.written
		begun, err = s.beginCommit(ctx)
		return nil, err
	})
	if own != nil {
		return own
	}
	if err != nil {
		return s.translate(ctx, err) // Where the commit's end is not known, whoever takes the lock next says that it ended.
	}
	if begun > 0 {
		// All is there already: a failure only makes the next reader of several roots take the lock.
		_ = s.endCommit(context.WithoutCancel(ctx), begun)
	}
	if written >= muchWritten {
		s.replan(ctx, session)
	}
	return nil
}

// replan is about speed alone, and a user may lack the right to it: an error is none of the Update's.
func (s *Store) replan(ctx context.Context, session neo4j.SessionWithContext) {
	if result, err := session.Run(ctx, "CALL db.prepareForReplanning(10)", nil); err == nil {
		_, _ = result.Consume(ctx)
	}
}

// fail translates an error of the database, and remembers it.
func (t *tx) fail(ctx context.Context, err error) error {
	return t.failAs(err, t.store.translate(ctx, err))
}

// failAs remembers an error, and what is said of it.
func (t *tx) failAs(err, reported error) error {
	if t.failed == nil {
		t.failed, t.reported = err, reported
	}
	return reported
}

// Query answers a plan within the transaction.
func (t *tx) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	statements, err := t.store.compiled(p)
	if err != nil {
		return nil, err
	}
	sets, err := t.store.answers(ctx, statements, p, args, inTransaction{t.tx})
	if err != nil {
		return nil, t.fail(ctx, err)
	}
	return sets, nil
}

// Remove takes relationships and nodes away.
func (t *tx) Remove(ctx context.Context, records graph.Records) error {
	nodes := map[*graph.Kind][]any{}
	edges := map[*graph.Relation][]any{}
	count := 0
	flush := func() error {
		for _, r := range t.store.schema.Relations {
			match := fmt.Sprintf("MATCH (:%s {id: row[1]})-[e:%s%s]->(:%s {id: row[2]})", nodeLabel, quote(r.Type), keyMatch(r), nodeLabel)
			if err := t.rows(ctx, "UNWIND $rows AS row "+match+" DELETE e", edges[r]); err != nil {
				return err
			}
		}
		for _, k := range t.store.schema.Kinds {
			if err := t.rows(ctx, "UNWIND $rows AS id MATCH (n:"+quote(k.Name)+" {id: id}) DETACH DELETE n", nodes[k]); err != nil {
				return err
			}
		}
		clear(nodes)
		clear(edges)
		count = 0
		return nil
	}
	for r, err := range records {
		if err != nil {
			return t.failAs(err, err)
		}
		switch r := r.(type) {
		case *graph.Node:
			nodes[r.Kind] = append(nodes[r.Kind], r.ID)
		case *graph.Edge:
			edges[r.Relation] = append(edges[r.Relation], []any{nil, r.From, r.To, r.Key()})
		}
		t.written++
		if count++; count >= batchRecords {
			if err := flush(); err != nil {
				return t.fail(ctx, err)
			}
		}
	}
	if err := flush(); err != nil {
		return t.fail(ctx, err)
	}
	return nil
}
