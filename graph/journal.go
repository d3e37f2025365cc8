package graph

import (
	"cmp"
	"context"
	"strconv"
	"strings"
)

// Origin says what a change came from.
type Origin string

// The origins.
const (
	OriginMutation Origin = "MUTATION"
	OriginImport   Origin = "IMPORT"
	OriginSeed     Origin = "SEED"
	OriginPurge    Origin = "PURGE"
)

// Counts says what became of the records of a change: of nodes and relationships alike.
type Counts struct {
	// Created were new, Changed differed, Same were there already. Retracted were retracted, or gave way to another
	// relationship of a relation to one.
	Created, Changed, Retracted, Same int64
}

// mostTouched is how many nodes the journal lists of one change; of one that touches more it lists none.
const mostTouched = 1_000

// touchKind is what a change did to a node.
type touchKind string

const (
	touchCreated   touchKind = "CREATED"
	touchChanged   touchKind = "CHANGED"
	touchRetracted touchKind = "RETRACTED"
	touchRelated   touchKind = "RELATED"
)

// journal gives a transaction its number, and keeps what it does: the change, and each record as it was before.
type journal struct {
	*journalling
	tx       Tx
	recorded string
	sequence int64
	counts   Counts
	// touched are the nodes that were touched; crowded: there are too many, and none is kept.
	touched map[string]touchKind
	crowded bool
	// old are versions, and beginnings, that wait to be put.
	old []Record
	// watch hears of each record too; it may be nil.
	watch Told
	// purgedIDs are the digests of ids that no record may have, with the reasons.
	purgedIDs map[string]string
}

// begin gives a transaction its number: the next one. Nobody else takes it, since Updates that put a change run one after
// the other.
func (k *journalling) begin(tx Tx, recorded string, s standing) *journal {
	if k == nil {
		return nil
	}
	return &journal{journalling: k, tx: tx, recorded: recorded, sequence: s.last.sequence + 1, touched: map[string]touchKind{}, purgedIDs: s.purged}
}

// put writes records and keeps what they replace.
func (j *journal) put(ctx context.Context, tx Tx, records []Record) (Written, error) {
	if j == nil {
		return tx.Put(ctx, recordsOf(records))
	}
	if err := j.refusePurged(records); err != nil {
		return Written{}, err
	}
	tx.Tell(j.told)
	w, err := tx.Put(ctx, recordsOf(records))
	tx.Tell(nil)
	if err != nil {
		return w, err
	}
	return w, j.flush(ctx)
}

// refusePurged is an error where a node has the id of one that was purged.
func (j *journal) refusePurged(records []Record) error {
	if len(j.purgedIDs) == 0 {
		return nil
	}
	for _, r := range records {
		if n, ok := r.(*Node); ok {
			if reason, purged := j.purgedIDs[digestOf(n.ID)]; purged {
				return Errorf(Conflict, "%s was purged (%s): no record can have its id again", Quote(n.ID), reason)
			}
		}
	}
	return nil
}

// flush puts the versions and beginnings that wait.
func (j *journal) flush(ctx context.Context) error {
	if len(j.old) == 0 {
		return nil
	}
	_, err := j.tx.Put(ctx, recordsOf(j.old))
	j.old = j.old[:0]
	return err
}

func (j *journal) told(outcome Outcome, now, old Record) {
	if j.watch != nil {
		j.watch(outcome, now, old)
	}
	how := touchChanged
	switch outcome {
	case Same:
		j.counts.Same++
		return
	case Created:
		j.counts.Created++
		how = touchCreated
	case Changed:
		if isRetracted(now) && !isRetracted(old) {
			j.counts.Retracted++
			how = touchRetracted
		} else {
			j.counts.Changed++
		}
	case Ended:
		j.ended(old, publishedOf(now))
		return
	}
	if old != nil {
		j.keep(old, publishedOf(now))
	}
	switch r := now.(type) {
	case *Node:
		j.touch(r.ID, how)
	case *Edge:
		if j.touchEnds(r); old == nil {
			j.appeared(r)
		}
	}
}

// appeared keeps that a relationship was not there before. One of a node that is new goes with that, unless it makes another
// superseded.
func (j *journal) appeared(e *Edge) {
	fresh := j.touched[e.From] == touchCreated || j.touched[e.To] == touchCreated
	if !j.crowded && (!fresh || e.Relation.Type == relSupersedes) {
		key := recordKey(e)
		j.old = append(j.old, NewNode(j.begun, j.named(j.begun, key)).Set("record", key).Set("change", j.sequence).
			Set(RecordedAt, j.recorded).Set(ChangedIn, j.sequence))
	}
}

// ended takes in a relationship that is no longer there, and when what ended it was published; nil where that does not matter.
func (j *journal) ended(old Record, published any) {
	j.counts.Retracted++
	j.keep(old, published)
	j.touchEnds(old.(*Edge))
}

func isRetracted(r Record) bool {
	switch r := r.(type) {
	case *Node:
		return r.Get(RetractedAt) != nil
	case *Edge:
		return r.Get(RetractedAt) != nil
	}
	return false
}

// touch notes what was done to a node; what was done first stands, but for RELATED.
func (j *journal) touch(id string, how touchKind) {
	if j.crowded {
		return
	}
	was, known := j.touched[id]
	switch {
	case known && (was != touchRelated || how == touchRelated):
		return
	case known:
		j.touched[id] = how
	case len(j.touched) == mostTouched:
		j.crowded, j.touched = true, nil
	default:
		j.touched[strings.Clone(id)] = how
	}
}

// touchEnds notes the nodes whose relationship was written: both, where neither is new, and what a claim is about.
func (j *journal) touchEnds(e *Edge) {
	switch {
	case j.crowded:
	case e.Relation.Type == relSubject:
		j.touch(e.To, touchRelated)
	case j.touched[e.From] != touchCreated && j.touched[e.To] != touchCreated:
		j.touch(e.From, touchRelated)
		j.touch(e.To, touchRelated)
	}
}

// keep makes a version of a record that is replaced by what was published at a time. What this very change wrote was never in
// force.
func (j *journal) keep(old Record, published any) {
	from, _ := changedIn(old).(int64)
	if from == j.sequence {
		return
	}
	key := recordKey(old)
	j.old = append(j.old, NewNode(j.version, j.named(j.version, key)).Set("record", key).Set("state", string(AppendRecord(nil, old))).
		Set("from", from).Set("until", j.sequence).Set("published", published).Set(RecordedAt, j.recorded).Set(ChangedIn, j.sequence))
}

// named is the id of what is kept of a record, by its key.
func (j *journal) named(k *Kind, key string) string {
	return k.Prefix + ":" + shortHash(key) + "/" + strconv.FormatInt(j.sequence, 10)
}

// publishedOf is when what a record says was published; nil where that is not known or does not matter: that a record is
// retracted, or that what is cited was described otherwise, holds whatever was published when.
func publishedOf(r Record) any {
	switch r := r.(type) {
	case *Node:
		if f := r.Kind.Field(PublishedAt); f != nil && f.Earliest && !isRetracted(r) {
			return r.Values[f.Position]
		}
	case *Edge:
		if !isRetracted(r) {
			return r.Get(PublishedAt)
		}
	}
	return nil
}

func changedIn(r Record) any {
	switch r := r.(type) {
	case *Node:
		return r.Get(ChangedIn)
	case *Edge:
		return r.Get(ChangedIn)
	}
	return nil
}

// recordKey is what tells a record apart: the id of a node; the type, the ends and the key of a relationship.
func recordKey(r Record) string {
	switch r := r.(type) {
	case *Node:
		return r.ID
	case *Edge:
		return strings.TrimRight(r.Relation.Type+" "+r.From+" "+r.To+" "+r.Key(), " ")
	}
	return ""
}

// entry is what a change says of itself.
type entry struct {
	id, by, note, digest string
	origin               Origin
}

// write puts the change itself, and what it touched. A change that did nothing and has no id of its own leaves no trace, so
// that importing a file again changes nothing; change is nil then.
func (j *journal) write(ctx context.Context, e entry) (change *Node, err error) {
	if j == nil || j.counts == (Counts{Same: j.counts.Same}) && e.id == "" {
		return nil, nil
	}
	if e.origin = cmp.Or(e.origin, OriginImport); e.id == "" {
		if e.id, err = j.name(ctx, e.origin); err != nil {
			return nil, err
		}
	}
	n := NewNode(j.change, e.id).Set("sequence", j.sequence).Set(RecordedAt, j.recorded).Set("origin", string(e.origin)).
		Set("created", j.counts.Created).Set("changed", j.counts.Changed).Set("retracted", j.counts.Retracted).
		Set("same", j.counts.Same).Set("complete", !j.crowded).Set(ChangedIn, j.sequence)
	for name, text := range map[string]string{"by": e.by, "note": e.note, "digest": e.digest} {
		if text != "" {
			n.Set(name, text)
		}
	}
	records := []Record{n}
	for _, id := range sortedIDs(j.touched) {
		records = append(records, NewEdge(j.journalling.touched, e.id, id).Set("how", string(j.touched[id])).
			Set(RecordedAt, j.recorded).Set(ChangedIn, j.sequence))
	}
	_, err = j.tx.Put(ctx, recordsOf(records))
	return n, err
}

// name makes an id for a change that came without one.
func (j *journal) name(ctx context.Context, origin Origin) (string, error) {
	base := j.change.Prefix + ":" + strings.ToLower(string(origin)) + "-" + strconv.FormatInt(j.sequence, 10)
	for id, n := base, 2; ; id, n = base+"-"+strconv.Itoa(n), n+1 {
		found, err := j.find.read(ctx, j.tx, []string{id})
		if err != nil || len(found) == 0 {
			return id, err
		}
	}
}
