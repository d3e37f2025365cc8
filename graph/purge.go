package graph

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Purge takes nodes out of a graph and out of its history, as the law can demand. It is the only thing that deletes what
// was recorded.
type Purge struct {
	IDs []string
	// Reason is kept, and must be given; By is who purges.
	Reason, By string
	// At is the moment; the time of the call where it is zero.
	At time.Time
	// DryRun: it is worked out what would go, and nothing does.
	DryRun bool
}

// Purged is what went.
type Purged struct {
	// Nodes are the ids of the nodes: those that were asked for, and those that are nothing without them (a claim without its
	// subject or without any citation, a statement without its speaker), in the order in which they went.
	Nodes []string
	// Records is how many versions of them and of their relationships went, and records that the program kept of them.
	Records int
	// Sequence is the number of the change; in a dry run the one it would have had.
	Sequence int64
}

// Apply purges in one transaction, with the projections that follow. What is left of each node is a Tombstone: no record can
// have its id again.
//
// Errors are NotFound for an id that nothing has, Invalid for one that is of the program's own kinds and for no reason, and
// Conflict for a record that is merged with another: what readers see of the two is one, and must be two again before.
func (p Purge) Apply(ctx context.Context, store Store, schema *Schema) (Purged, error) {
	if len(p.IDs) == 0 || strings.TrimSpace(p.Reason) == "" {
		return Purged{}, Errorf(Invalid, "a purge names what goes, and why")
	}
	if len(p.Reason) > MaxLongText || len(p.By) > MaxLongText {
		return Purged{}, Errorf(Invalid, "the reason and the name of who purges have at most %d bytes", MaxLongText)
	}
	recorded := stamp(p.At)
	var done Purged
	err := store.Update(ctx, func(ctx context.Context, tx Tx) error {
		projector := schema.projector()
		now, err := projector.readStanding(ctx, tx, nil)
		if err != nil {
			return err
		}
		w := &purging{Purge: p, projector: projector, tx: tx, journal: projector.journal.begin(tx, recorded, now), gone: map[string]bool{}}
		if err := w.run(ctx); err != nil {
			return err
		}
		if done = w.done; p.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Purged{}, err
	}
	return done, nil
}

// purging is one run of its transaction.
type purging struct {
	Purge
	*projector
	tx      Tx
	journal *journal
	gone    map[string]bool
	done    Purged
}

func (w *purging) run(ctx context.Context) error {
	nodes, err := w.asked(ctx)
	if err != nil {
		return err
	}
	for len(nodes) > 0 {
		for _, n := range nodes {
			w.gone[n.ID] = true
			w.done.Nodes = append(w.done.Nodes, n.ID)
		}
		if err := w.tx.Remove(ctx, recordsOf(recordsFrom(nodes))); err != nil {
			return err
		}
		if nodes, err = w.lacking(ctx); err != nil {
			return err
		}
	}
	if err := w.history(ctx); err != nil {
		return err
	}
	if _, err := Rebuild(ctx, within{w.tx}, w.schema); err != nil {
		return err
	}
	return w.tombstones(ctx)
}

func recordsFrom(nodes []*Node) []Record {
	out := make([]Record, len(nodes))
	for i, n := range nodes {
		out[i] = n
	}
	return out
}

// asked are the nodes that are to go, with the judgements about them.
func (w *purging) asked(ctx context.Context) ([]*Node, error) {
	merged, err := Merged(ctx, w.tx, w.schema)
	if err != nil {
		return nil, err
	}
	var nodes []*Node
	for _, id := range w.IDs {
		k, err := w.schema.KindOfID(id)
		if err != nil {
			return nil, err
		}
		if k.Own() {
			return nil, Errorf(Invalid, "%s is of the journal: it is not purged, but for what it says of nodes that are", Quote(id))
		}
		for away, into := range merged {
			if id == away || id == into {
				return nil, Errorf(Conflict, "%s is merged with another record (%s into %s): unmerge them first", Quote(id), away, into)
			}
		}
		found, err := w.whole[k].read(ctx, w.tx, []string{id})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, Errorf(NotFound, "there is no %s", Quote(id))
		}
		nodes = append(nodes, found...)
	}
	judged, err := w.mentions(ctx, kindJudgement, "record", "other")
	return append(nodes, judged...), err
}

// mentions are the nodes of a kind that have one of the ids in one of the fields.
func (w *purging) mentions(ctx context.Context, kind string, fields ...string) ([]*Node, error) {
	k := w.schema.Kind(kind)
	if k == nil {
		return nil, nil
	}
	either := &Cond{Op: Or}
	for _, f := range fields {
		either.Of = append(either.Of, &Cond{Op: In, Field: FieldRef{Name: f, Type: k.Field(f).Type}, Arg: 0})
	}
	sel := &Select{Name: "mentions", Kinds: []*Kind{k}, Fields: []FieldRef{{Owner: OfID}}, Page: Page{Limit: NoArg}, Order: []Order{{Field: FieldRef{Owner: OfID}}}, Where: either}
	rows, err := ask(ctx, w.tx, &Plan{Roots: []*Select{sel}, Args: 1}, idList(append(slices.Clone(w.IDs), w.done.Nodes...)))
	var nodes []*Node
	for _, row := range rows {
		nodes = append(nodes, NewNode(k, rowID(row)))
	}
	return nodes, err
}

// lacking are the nodes that are nothing any more, without what went.
func (w *purging) lacking(ctx context.Context) ([]*Node, error) {
	var nodes []*Node
	seen := map[string]bool{}
	for _, k := range w.schema.Kinds {
		for _, need := range w.needs[k] {
			var value any
			if need.only != nil {
				value = need.only.value
			}
			rows, err := ask(ctx, w.tx, need.without, int64(math.MaxInt32), "", value)
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				if id := rowID(row); !seen[id] {
					seen[id] = true
					nodes = append(nodes, NewNode(k, id))
				}
			}
		}
	}
	return nodes, nil
}

// history takes away what was kept of the nodes and their relationships.
func (w *purging) history(ctx context.Context) error {
	var gone []Record
	for _, k := range []*Kind{w.journal.version, w.journal.begun, w.schema.Kind(kindOwn)} {
		if k == nil {
			continue
		}
		r := readAfter(k)
		record := r.field("record")
		plan := r.plan(2)
		for after, more := "", true; more; {
			rows, err := ask(ctx, w.tx, plan, int64(idBatch), after)
			if err != nil {
				return err
			}
			if more = len(rows) == idBatch; len(rows) > 0 {
				after = strings.Clone(rowID(rows[len(rows)-1]))
			}
			for _, row := range rows {
				if w.speaksOf(text(row[record])) {
					gone = append(gone, NewNode(k, strings.Clone(rowID(row))))
				}
			}
		}
	}
	w.done.Records = len(gone)
	return w.tx.Remove(ctx, recordsOf(gone))
}

// speaksOf says whether the key of a record is that of a node that went, or of a relationship of one.
func (w *purging) speaksOf(key string) bool {
	parts := strings.SplitN(key, " ", 4)
	if len(parts) == 1 {
		return w.gone[key]
	}
	return w.gone[parts[1]] || len(parts) > 2 && w.gone[parts[2]]
}

// tombstones puts what is left, and says in the journal that there was a purge.
func (w *purging) tombstones(ctx context.Context) error {
	w.done.Sequence = w.journal.sequence
	var stones []Record
	for i, id := range w.done.Nodes {
		digest := digestOf(id)
		n := NewNode(w.journal.tombstone, w.journal.tombstone.Prefix+":"+digest[:32]).Set("digest", digest).Set("kind", w.schema.kindOf(id).Name).
			Set("asked", i < len(w.IDs)).Set("reason", w.Reason).Set("sequence", w.journal.sequence).
			Set(RecordedAt, w.journal.recorded).Set(ChangedIn, w.journal.sequence)
		if w.By != "" {
			n.Set("by", w.By)
		}
		stones = append(stones, n)
	}
	if _, err := w.tx.Put(ctx, recordsOf(stones)); err != nil {
		return err
	}
	w.journal.counts.Retracted = int64(len(stones))
	_, err := w.journal.write(ctx, entry{by: w.By, note: w.Reason, origin: OriginPurge})
	return err
}

func digestOf(id string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(id))) }

// within is a store in which an Update is a part of a transaction that goes on.
type within struct{ Tx }

func (w within) Update(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	return fn(ctx, w.Tx)
}

func (w within) Export(context.Context, func(Record) error) error {
	return Errorf(Internal, "a transaction exports nothing")
}

func (w within) Ping(context.Context) error { return nil }

func (w within) Close() error { return nil }

// purgedAfter are the digests of the ids that were purged after a change, with the reasons.
func (k *journalling) purgedAfter(ctx context.Context, of Asked, sequence int64) (map[string]string, error) {
	rows, err := ask(ctx, of, k.purged, int64(math.MaxInt32), sequence)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := make(map[string]string, len(rows))
	for _, row := range rows {
		out[text(row[1])] = text(row[2])
	}
	return out, nil
}

// PurgedAfter says how many nodes were purged after a change.
func PurgedAfter(ctx context.Context, store Store, schema *Schema, sequence int64) (int, error) {
	j := schema.projector().journal
	if j == nil {
		return 0, nil
	}
	purged, err := j.purgedAfter(ctx, store, sequence)
	return len(purged), err
}
