package graph

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Changes is what Apply writes.
type Changes struct {
	// Records are checked and completed one after another, in place: see Schema.CheckRecord. What a relationship joins, and
	// what a record needs (a claim its subject and a citation), may stand anywhere before the end, if nodes come before
	// the relationships that join them.
	Records Records
	// Now is the recordedAt of what is new and has none; the time of the call where it is zero.
	Now time.Time
	// By and Note are who changes this and why, and Origin what it came from (OriginImport where it is empty): for the journal.
	By, Note string
	Origin   Origin
	// DryRun: everything is done, and then undone.
	DryRun bool
	// Look, where it is set, is called in the transaction before anything is written; an error of its ends that. It may be called
	// more than once, as fn of Store.Update.
	Look func(ctx context.Context, tx Tx) error

	// bounds are usualBounds where they are zero.
	bounds bounds
}

// bounds limit what Apply holds.
type bounds struct {
	// records is how many it puts at a time.
	records int
	// ids is how many it holds of what is touched, and as many again of what was written. Beyond it, what is touched is held
	// in a filter of a fixed size, and what was written is forgotten.
	ids int
}

// usualBounds: an id takes some 100 bytes.
var usualBounds = bounds{records: applyBatch, ids: 20_000}

// Applied is what Apply did.
type Applied struct {
	// Written counts the records.
	Written Written
	// Projections counts what followed from them.
	Projections Differences
	// Sequence is the number of the change; 0 where nothing changed. In a dry run it is the number that the change would have had.
	Sequence int64
}

// applyBatch is how many records are put at a time.
const applyBatch = 5_000

// Apply writes records in one transaction, with the projections that follow from them: all of it or nothing. Applying the same
// records again changes nothing. What it does is one Change of the journal, if it does anything; what its records replace is
// kept as versions. Its memory is bounded, however many the records are: by a batch of records, some ids (see
// bounds), and what a batch of nodes that it projects is joined to.
//
// Errors are Invalid for a record that CheckRecord refuses, and for a claim or statement that, in the end, has no citation, or
// a node without a relationship that its kind requires; NotFound for a relationship whose end does not exist. They name the
// record.
func Apply(ctx context.Context, store Store, schema *Schema, changes Changes) (Applied, error) {
	recorded := stamp(changes.Now)
	var applied Applied
	err := store.Update(ctx, func(ctx context.Context, tx Tx) error {
		p := schema.projector()
		now, err := p.readStanding(ctx, tx, nil)
		if err != nil {
			return err
		}
		a := newApplying(p, tx, recorded, cmp.Or(changes.bounds, usualBounds), now)
		if changes.Look != nil {
			if err := changes.Look(ctx, tx); err != nil {
				return err
			}
		}
		id, err := a.run(ctx, changes.Records, entry{by: changes.By, note: changes.Note, origin: changes.Origin})
		if applied = a.applied; id != "" {
			applied.Sequence = a.journal.sequence
		}
		if err == nil && changes.DryRun {
			return errDryRun
		}
		return err
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Applied{}, err
	}
	return applied, nil
}

// stamp is a moment as it is stored; now where it is zero.
func stamp(t time.Time) string {
	if t.IsZero() {
		t = time.Now()
	}
	return t.UTC().Format(time.RFC3339)
}

// applying is one run of Apply's transaction.
type applying struct {
	*projector
	tx       Tx
	recorded string
	batch    int
	applied  Applied
	touched  *touched
	required *required
	journal  *journal
	merging  *merging
	// isNew, where it is set, knows nodes that were not there before.
	isNew func(id string) bool

	nodes, edges []Record
}

func newApplying(p *projector, tx Tx, recorded string, b bounds, s standing) *applying {
	n := noted{}
	a := &applying{projector: p, tx: tx, recorded: recorded, batch: b.records, touched: newTouched(p, n, b.ids), journal: p.journal.begin(tx, recorded, s),
		required: &required{projector: p, most: b.ids, noted: n, forgotten: map[*need]bool{}}}
	a.merging = beginMerging(a, s.ids)
	return a
}

// run writes records, and what is said of the change; id is that of the change, empty where nothing changed.
func (a *applying) run(ctx context.Context, records Records, e entry) (id string, err error) {
	for r, err := range records {
		if err != nil {
			return "", err
		}
		if err := InvalidRecord(r, a.schema.CheckRecord(r)); err != nil {
			return "", err
		}
		if err := a.add(ctx, r); err != nil {
			return "", err
		}
	}
	if err := a.settle(ctx); err != nil {
		return "", err
	}
	change, err := a.journal.write(ctx, e)
	if err != nil {
		return "", err
	}
	if change != nil {
		id = change.ID
	}
	return id, a.finish(ctx)
}

// add takes a record that is checked; it is put with the others of its batch.
func (a *applying) add(ctx context.Context, r Record) error {
	switch r := r.(type) {
	case *Node:
		a.record(r.Kind.Field(RecordedAt), r.Kind.Field(ChangedIn), r.Values)
		a.nodes = append(a.nodes, r)
	case *Edge:
		a.record(r.Relation.Prop(RecordedAt), r.Relation.Prop(ChangedIn), r.Props)
		a.edges = append(a.edges, r)
	}
	if len(a.nodes)+len(a.edges) < a.batch {
		return nil
	}
	return a.flush(ctx)
}

// settle puts what is left, and holds it to what is required.
func (a *applying) settle(ctx context.Context) error {
	if err := a.flush(ctx); err != nil {
		return err
	}
	return a.required.check(ctx, a.tx)
}

// finish resolves what is merged, and remakes what follows.
func (a *applying) finish(ctx context.Context) error {
	if err := a.merging.close(ctx); err != nil {
		return err
	}
	// What was noted has served, and projecting takes memory of its own.
	a.required.noted, a.touched.noted = nil, nil
	diff, err := a.project(ctx, a.tx, a.touched)
	a.applied.Projections.add(diff)
	if err != nil || a.merging == nil {
		return err
	}
	return a.merging.former.clear(ctx, a)
}

// record sets recordedAt where it is not given, and the number of the change.
func (a *applying) record(recordedAt, changedIn *Field, values []any) {
	if recordedAt != nil && values[recordedAt.Position] == nil {
		values[recordedAt.Position] = a.recorded
	}
	if changedIn != nil && a.journal != nil {
		values[changedIn.Position] = a.journal.sequence
	}
}

// flush puts what was collected: the nodes, then the relationships.
func (a *applying) flush(ctx context.Context) error {
	if err := a.merging.openFor(ctx, a.nodes, a.edges); err != nil {
		return err
	}
	if len(a.nodes) > 0 {
		if err := a.putNodes(ctx); err != nil {
			return err
		}
	}
	if len(a.edges) > 0 {
		if err := a.putEdges(ctx); err != nil {
			return err
		}
	}
	a.nodes, a.edges = a.nodes[:0], a.edges[:0]
	if err := a.touched.resolve(ctx, a.tx); err != nil {
		return err
	}
	a.required.forget()
	if !a.touched.crowded() {
		return nil
	}
	diff, err := a.projectReplaced(ctx, a.tx, a.touched)
	a.applied.Projections.add(diff)
	return err
}

func (a *applying) putNodes(ctx context.Context) error {
	nodes := make([]*Node, len(a.nodes))
	for i, r := range a.nodes {
		nodes[i] = r.(*Node)
	}
	if err := a.keepProjected(ctx, a.tx, nodes, a.isNew); err != nil {
		return err
	}
	w, err := a.put(ctx, a.nodes)
	if err != nil || w.Same == int64(len(a.nodes)) {
		return err
	}
	fresh := w.Created == int64(len(a.nodes))
	for _, n := range nodes {
		a.required.node(n)
		a.touched.node(n, fresh)
	}
	return nil
}

func (a *applying) putEdges(ctx context.Context) error {
	before, err := a.touched.before(ctx, a.tx, a.edges)
	if err != nil {
		return err
	}
	w, err := a.put(ctx, a.edges)
	if err != nil {
		return err
	}
	for _, r := range a.edges {
		a.required.edge(r.(*Edge))
	}
	if w.Same == int64(len(a.edges)) {
		return nil
	}
	for _, e := range before {
		a.touched.replaced(e)
	}
	for _, r := range a.edges {
		a.touched.edge(r.(*Edge))
	}
	return nil
}

func (a *applying) put(ctx context.Context, records []Record) (Written, error) {
	w, err := a.journal.put(ctx, a.tx, records)
	a.applied.Written.Created += w.Created
	a.applied.Written.Changed += w.Changed
	a.applied.Written.Same += w.Same
	return w, err
}
