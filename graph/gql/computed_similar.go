package gql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// prior is a question whose answer is an argument of the plan: which records are similar to one. It is asked before the plan, since
// what is searched for follows from the record's names.
type prior struct{ of, ids, found graph.Arg }

// ask has the priors answered, into the arguments.
func (a *asked) ask(ctx context.Context, store graph.Asked, s *graph.Schema, args []any) error {
	for _, p := range a.priors {
		found, err := graph.FindSimilar(ctx, store, s, args[p.of].(string))
		if err != nil {
			return err
		}
		ids := make([]any, len(found))
		for i, similar := range found {
			ids[i] = similar.ID
		}
		told, err := json.Marshal(found)
		if err != nil {
			return err
		}
		args[p.ids], args[p.found] = ids, string(told)
	}
	return nil
}

// similarValue is a similar record with its row.
type similarValue struct {
	graph.Similar
	row graph.Row
}

// similar plans Query.similar.
func (p *planner) similar(at scope, _ *schema.Field, c *collected, f *field) {
	in, node := p.argument(c.first(), "id"), p.model.Types["Node"]
	asks := prior{of: p.idOf(in), ids: p.constant([]any{}), found: p.constant("null")}
	p.op.asked.priors = append(p.op.asked.priors, asks)
	s := at.sel.child(c.key, node, p.kindsOfID(in, node.Kinds), nil)
	s.sel.Order = s.order(nil)
	s.sel.Where = &graph.Cond{Op: graph.In, Field: graph.FieldRef{Owner: graph.OfID}, Arg: asks.ids}
	s.sel.Page.Limit = p.constant(int64(graph.MostSimilar))
	id := s.id()
	pg := p.listPage(c, "similar", 2)
	f.object = p.listObject(pg, "Similar", c.selections(), func(sets []ast.SelectionSet) *object { return p.similarObject(s, sets) })
	f.values = func(args []any, src *source) any {
		rows := map[string]graph.Row{}
		for _, row := range s.rows(src.row) {
			rows[text(row[id])] = row
		}
		var similar []graph.Similar
		if err := json.Unmarshal([]byte(args[asks.found].(string)), &similar); err != nil {
			panic(planFailure{err})
		}
		var all []listItem
		for _, found := range similar {
			if row := rows[found.ID]; row != nil { // it may be gone since
				all = append(all, listItem{&source{value: similarValue{found, row}}, []string{fmt.Sprintf("%.9f", 1-found.Score), found.ID}})
			}
		}
		slices.SortFunc(all, func(a, b listItem) int { return slices.Compare(a.key, b.key) })
		return &source{value: pg.of(all, args)}
	}
}

func (p *planner) similarObject(s *selection, sets []ast.SelectionSet) *object {
	return p.computedObject("Similar", sets, func(name string, c *collected, f *field) {
		switch name {
		case "node":
			part(f, p.objectOf(s, p.model.Types["Node"], c.selections()), func(v similarValue) any { return &source{row: v.row} })
		case "score":
			scalar(f, leafFloat, func(v similarValue) any { return v.Score })
		case "reasons":
			part(f, p.computedObject("SimilarityReason", c.selections(), func(name string, _ *collected, f *field) {
				switch name {
				case "signal":
					scalar(f, leafString, func(r graph.SimilarityReason) any { return string(r.Signal) })
				case "score":
					scalar(f, leafFloat, func(r graph.SimilarityReason) any { return r.Score })
				case "left":
					scalar(f, leafString, func(r graph.SimilarityReason) any { return r.Left })
				case "right":
					scalar(f, leafString, func(r graph.SimilarityReason) any { return r.Right })
				}
			}), func(v similarValue) any {
				return sourceEach(v.Reasons, func(i int) *source { return &source{value: v.Reasons[i]} })
			})
		}
	})
}
