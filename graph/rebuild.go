package graph

import (
	"context"
	"slices"
)

// Rebuild remakes all projections and says how many differed: none where nothing but Apply ever wrote to the store. It works
// through the nodes in batches, each in a transaction of its own, beside readers and other writers. It holds a batch of nodes
// and their relationships at a time.
func Rebuild(ctx context.Context, store Store, schema *Schema) (Differences, error) {
	r := &rebuilding{projector: schema.projector(), store: store}
	if err := r.merged(ctx); err != nil {
		return r.diff, err
	}
	for _, k := range schema.Kinds {
		if err := r.nodes(ctx, k); err != nil {
			return r.diff, err
		}
	}
	for _, of := range r.listed() {
		if err := r.edges(ctx, of); err != nil {
			return r.diff, err
		}
	}
	return r.diff, r.orphans(ctx)
}

type rebuilding struct {
	*projector
	store Store
	diff  Differences
}

// pages runs fn for all nodes that a plan of readAfter finds, a batch at a time. fn writes through w.
func (r *rebuilding) pages(ctx context.Context, plan *Plan, fn func(ctx context.Context, w *projecting, rows []Row) error) error {
	after, more := "", true
	for more {
		var diff Differences
		var last string
		err := r.store.Update(ctx, func(ctx context.Context, tx Tx) error {
			rows, err := ask(ctx, tx, plan, int64(projectBatch), after)
			if more = len(rows) == projectBatch; err != nil || len(rows) == 0 {
				return err
			}
			last = rowID(rows[len(rows)-1])
			w := &projecting{tx: tx}
			if err := fn(ctx, w, rows); err != nil {
				return err
			}
			err = w.flush(ctx)
			diff = w.diff
			return err
		})
		if err != nil {
			return err
		}
		r.diff.add(diff)
		after = last
	}
	return nil
}

// nodes remakes what follows from the nodes of a kind.
func (r *rebuilding) nodes(ctx context.Context, k *Kind) error {
	steps := r.steps(k)
	if len(steps) == 0 {
		return nil
	}
	return r.pages(ctx, readAfter(k).plan(2), func(ctx context.Context, w *projecting, rows []Row) error {
		ids := make([]string, len(rows))
		for i, row := range rows {
			ids[i] = rowID(row)
		}
		for _, step := range steps {
			if err := step(ctx, w, ids); err != nil {
				return err
			}
			// The next step reads nodes that this one writes.
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

type rebuildStep func(ctx context.Context, w *projecting, ids []string) error

// steps are the projections that begin at a kind.
func (r *rebuilding) steps(k *Kind) []rebuildStep {
	var steps []rebuildStep
	if own := newOwnProjection(k); own != nil {
		steps = append(steps, own.run)
	}
	if k.Name == kindStatement && r.statements != nil {
		steps = append(steps, func(ctx context.Context, w *projecting, ids []string) error {
			return r.statements.run(ctx, w, ids, nil)
		})
	}
	if k.Name == kindRaid && r.raids != nil {
		steps = append(steps, func(ctx context.Context, w *projecting, ids []string) error {
			return r.raids.run(ctx, w, ids, func(string) {})
		})
	}
	if k.Name == kindRepatriation && r.returns != nil {
		steps = append(steps, func(ctx context.Context, w *projecting, ids []string) error {
			return r.returns.run(ctx, w, ids, nil)
		})
	}
	for _, f := range r.figures {
		if f.event == k {
			steps = append(steps, f.run)
		}
	}
	if k.Name == kindCompound && r.active != nil {
		steps = append(steps, r.active.run)
	}
	if c := r.contradictions[k]; c != nil {
		steps = append(steps, func(ctx context.Context, w *projecting, ids []string) error {
			return c.run(ctx, w, ids, func(string) {})
		})
	}
	return steps
}

// ownProjection remakes the projected fields that follow from a node itself.
type ownProjection struct {
	kind  *Kind
	plan  *Plan
	first int
}

func newOwnProjection(k *Kind) *ownProjection {
	if k.Own() || !slices.ContainsFunc(k.Fields, (*Field).own) {
		return nil
	}
	r := readByID(k)
	p := &ownProjection{kind: k, first: r.fields()}
	p.plan = r.plan(1)
	return p
}

func (p *ownProjection) run(ctx context.Context, w *projecting, ids []string) error {
	rows, err := ask(ctx, w.tx, p.plan, idList(ids))
	if err != nil {
		return err
	}
	for _, row := range rows {
		n := nodeOf(p.kind, row, p.first)
		n.project()
		for i, f := range p.kind.Fields {
			if f.own() && n.Values[i] != row[p.first+i] {
				w.nodes = append(w.nodes, n)
				break
			}
		}
	}
	return nil
}

// listing is a projection whose relationships are listed from where they begin, to find those that should not be there.
type listing struct {
	relation *Relation
	stale    func(ctx context.Context, tx Tx, found []*Edge) ([]Record, error)
}

func (r *rebuilding) listed() []listing {
	var out []listing
	if r.statements != nil {
		out = append(out, listing{r.statements.stated, r.statements.stale})
	}
	if r.raids != nil {
		out = append(out, listing{r.raids.raided, r.raids.stale})
	}
	if r.returns != nil {
		out = append(out, listing{r.returns.repatriated, r.returns.stale})
	}
	return out
}

// edges takes away relationships of a projection that nothing stands behind.
func (r *rebuilding) edges(ctx context.Context, of listing) error {
	for _, k := range r.schema.Kinds {
		if len(of.relation.Far(k, true)) == 0 {
			continue
		}
		read := readAfter(k)
		far := read.out(of.relation, of.relation.Far(k, true)...).keyed()
		props := make([]int, len(of.relation.Key))
		for i, f := range of.relation.Key {
			props[i] = far.prop(f.Name)
		}
		err := r.pages(ctx, read.plan(2), func(ctx context.Context, w *projecting, rows []Row) error {
			var found []*Edge
			for _, row := range rows {
				for _, to := range far.rows(row) {
					e := NewEdge(of.relation, rowID(row), rowID(to))
					for i, f := range of.relation.Key {
						e.Props[f.Position] = to[props[i]]
					}
					found = append(found, e)
				}
			}
			var err error
			w.gone, err = of.stale(ctx, w.tx, found)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// orphans takes away summaries that belong to no event, and contradictions that lack a claim.
func (r *rebuilding) orphans(ctx context.Context) error {
	if len(r.figures) > 0 {
		if err := r.without(ctx, r.figures[0].summary, r.figures[0].figureOf); err != nil {
			return err
		}
	}
	for _, c := range r.contradictions {
		// One stands for all: what is kept is of one kind.
		if err := r.without(ctx, c.kept, c.right); err != nil {
			return err
		}
		return r.without(ctx, c.kept, c.left)
	}
	return nil
}

// without takes away the nodes of a kind that a relation leads nowhere from.
func (r *rebuilding) without(ctx context.Context, k *Kind, rel *Relation) error {
	read := readAfter(k).and(noneTo(rel, rel.Far(k, true)))
	return r.pages(ctx, read.plan(2), func(_ context.Context, w *projecting, rows []Row) error {
		for _, row := range rows {
			w.gone = append(w.gone, NewNode(k, rowID(row)))
		}
		return nil
	})
}
