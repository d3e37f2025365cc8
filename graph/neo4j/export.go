package neo4j

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// Export yields every record. It holds the lock that Updates take, so that they wait until it ends: Neo4j has no other way
// to read one state for long. Rows come as they are read, in the order of an index.
func (s *Store) Export(ctx context.Context, yield func(graph.Record) error) error {
	give, err := s.writing.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	session := s.session(neo4j.AccessModeWrite, s.config.FetchSize)
	defer s.end(ctx, session)
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return s.translate(ctx, err)
	}
	defer func() { _ = tx.Close(context.WithoutCancel(ctx)) }()
	if err := s.take(ctx, tx); err != nil {
		return s.translate(ctx, err)
	}
	u, kind := s.schema.Unresolved()
	if kind != nil {
		own := func(r graph.Record) error { return u.Add(r.(*graph.Node)) }
		if err := s.exportNodes(ctx, tx, kind, own); err != nil {
			return err
		}
	}
	yield, rest := u.Over(yield)
	for _, k := range s.schema.Kinds {
		if k.Own() {
			continue
		}
		if err := s.exportNodes(ctx, tx, k, yield); err != nil {
			return err
		}
	}
	for _, r := range s.schema.Relations {
		if r.Projection {
			continue
		}
		for _, from := range startKinds(r) {
			if err := s.exportEdges(ctx, tx, r, from, yield); err != nil {
				return err
			}
		}
	}
	if err := rest(); err != nil {
		return err
	}
	return ctx.Err()
}

// startKinds are the kinds that a relation starts at, in the order of their nodes' ids.
func startKinds(r *graph.Relation) []*graph.Kind {
	var kinds []*graph.Kind
	for _, e := range r.Ends {
		if !e.From.Own() && !slices.Contains(kinds, e.From) {
			kinds = append(kinds, e.From)
		}
	}
	slices.SortFunc(kinds, func(a, b *graph.Kind) int { return cmp.Compare(a.Prefix+":", b.Prefix+":") })
	return kinds
}

func (s *Store) exportNodes(ctx context.Context, tx neo4j.ManagedTransaction, k *graph.Kind, yield func(graph.Record) error) error {
	statement := fmt.Sprintf("MATCH (n:%s) USING INDEX n:%s(id) WHERE n.id IS NOT NULL RETURN [n.id%s] ORDER BY n.id",
		quote(k.Name), quote(k.Name), columns("n", k.Fields))
	return s.each(ctx, tx, statement, func(row []any) error {
		v, err := values(k.Fields, row[1:])
		if err != nil {
			return err
		}
		id, _ := row[0].(string)
		return yield(&graph.Node{Kind: k, ID: id, Values: v})
	})
}

func (s *Store) exportEdges(ctx context.Context, tx neo4j.ManagedTransaction, r *graph.Relation, from *graph.Kind, yield func(graph.Record) error) error {
	order := "a.id, b.id"
	if len(r.Key) > 0 {
		order += fmt.Sprintf(", coalesce(e.%s, e.%s)", keyProp+orderProp, keyProp)
	}
	inner := ""
	for _, k := range r.Far(from, true) {
		if k.Own() {
			inner += " AND NOT b:" + quote(k.Name)
		}
	}
	statement := fmt.Sprintf("MATCH (a:%s)-[e:%s]->(b) USING INDEX a:%s(id) WHERE a.id IS NOT NULL%s RETURN [a.id, b.id%s] ORDER BY %s",
		quote(from.Name), quote(r.Type), quote(from.Name), inner, columns("e", r.Props), order)
	return s.each(ctx, tx, statement, func(row []any) error {
		v, err := values(r.Props, row[2:])
		if err != nil {
			return err
		}
		a, _ := row[0].(string)
		b, _ := row[1].(string)
		return yield(&graph.Edge{Relation: r, From: a, To: b, Props: v})
	})
}

// columns are the values of fields, each with a comma before it.
func columns(of string, fields []*graph.Field) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(", " + of + "." + quote(f.Column))
	}
	return b.String()
}

// each runs a statement and hands on its rows.
func (s *Store) each(ctx context.Context, tx neo4j.ManagedTransaction, statement string, fn func(row []any) error) error {
	s.trace(statement)
	result, err := tx.Run(ctx, statement, nil)
	if err != nil {
		return s.translate(ctx, err)
	}
	for result.Next(ctx) {
		row, ok := result.Record().Values[0].([]any)
		if !ok {
			return unexpected(result.Record().Values[0])
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return s.translate(ctx, result.Err())
}
