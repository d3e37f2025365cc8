package graph

import (
	"bytes"
	"context"
	"slices"
	"strings"
)

// A change is undone by its versions: each record is put back as it was before, in a change of its own. Nothing is lost by that
// either: nodes that were new are retracted, and keep their relationships; relationships between nodes that were there end, and
// so does that by which a new claim superseded another.

// reverting is what Revert reads.
type reverting struct {
	// touched reads the nodes that a change touched, by the id of the change, and until the versions that it ended, by its number.
	touched *Plan
	nodes   *reading
	how     int
	until   *Plan
	// begun reads the relationships that were not there before a change, by its number.
	begun *Plan
	// left reads the versions of records that are as a change left them, by its number: of those that others replaced since.
	left *Plan
}

// The places of what until and left read, behind the id, and the first of what begun reads.
const (
	versionRecord = iota + 1
	versionState
	versionUntil
)

func newReverting(j *journalling) *reverting {
	if j == nil {
		return nil
	}
	r := &reverting{}
	change := readByID(j.change)
	r.nodes = change.out(j.touched, j.touched.Far(j.change, true)...)
	r.how = r.nodes.prop("how")
	r.touched = change.plan(1)
	versions := func(field string) *Plan {
		v := readByID(j.version).where(equals(j.version, field, 0))
		v.field("record")
		v.field("state")
		v.field("until")
		return v.plan(1)
	}
	r.until, r.left = versions("until"), versions("from")
	begun := readByID(j.begun).where(equals(j.begun, "change", 0))
	begun.field("record")
	r.begun = begun.plan(1)
	return r
}

// reverted is a change that is undone.
type reverted struct {
	id       string
	sequence int64
	// how are the nodes that it touched; old the records that it replaced, by their keys, nil for relationships that were not
	// there; left are those that others replaced since, as it left them, and since the changes that did.
	how       map[string]touchKind
	old, left map[string]Record
	since     map[string]int64
}

// revert undoes a change: it stands alone among the operations.
func (c *committing) revert(ctx context.Context, op *Operation) error {
	if len(c.change.Operations) > 1 {
		return Errorf(Invalid, "a change is undone in a change of its own: send the other steps as another")
	}
	r, err := c.revertible(ctx, op.ID)
	if err != nil {
		return err
	}
	if err := c.revertNodes(ctx, r); err != nil {
		return err
	}
	if err := c.revertEdges(ctx, r, op.Path); err != nil {
		return err
	}
	// What the change was about, this one is about too.
	for _, id := range sortedIDs(r.how) {
		if r.how[id] == touchRelated {
			c.journal.touch(id, touchRelated)
		}
	}
	c.named = sortedIDs(r.how)
	return nil
}

// revertible reads a change, and refuses one that cannot be undone.
func (c *committing) revertible(ctx context.Context, id string) (*reverted, error) {
	found, err := c.projector.journal.find.read(ctx, c.tx, []string{id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, Errorf(NotFound, "there is no change %s", Quote(id))
	}
	r := &reverted{id: id, old: map[string]Record{}, left: map[string]Record{}, since: map[string]int64{}}
	r.sequence, _ = found[0].Get("sequence").(int64)
	written := int64(0)
	for _, name := range []string{"created", "changed", "retracted"} {
		n, _ := found[0].Get(name).(int64)
		written += n
	}
	if why := Irreversible(written, found[0].Get("complete") == true); why != "" {
		return nil, Errorf(Conflict, "%s cannot be undone: %s", Quote(id), why)
	}
	if r.how, err = c.touchedBy(ctx, id); err != nil {
		return nil, err
	}
	if err := c.versions(ctx, c.reverts.until, r.sequence, func(key string, old Record, _ int64) { r.old[key] = old }); err != nil {
		return nil, err
	}
	rows, err := ask(ctx, c.tx, c.reverts.begun, r.sequence)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		r.old[text(row[versionRecord])] = nil
	}
	return r, c.versions(ctx, c.reverts.left, r.sequence, func(key string, left Record, until int64) { r.left[key], r.since[key] = left, until })
}

// touchedBy are the nodes that a change touched.
func (c *committing) touchedBy(ctx context.Context, id string) (map[string]touchKind, error) {
	rows, err := ask(ctx, c.tx, c.reverts.touched, idList([]string{id}))
	if err != nil {
		return nil, err
	}
	how := map[string]touchKind{}
	for _, row := range rows {
		for _, node := range c.reverts.nodes.rows(row) {
			how[rowID(node)] = touchKind(text(node[c.reverts.how]))
		}
	}
	return how, nil
}

// Irreversible says why nothing undoes a change that wrote so many records, and of which is known which nodes it touched, or is
// not; empty where it can be undone, as long as what it wrote is as it left it.
func Irreversible(written int64, complete bool) string {
	switch {
	case written == 0:
		return "it changed nothing"
	case !complete:
		return "it touched more than 1,000 nodes, and which they are is not kept"
	}
	return ""
}

// versions reads the records that a plan of versions finds, by their keys.
func (c *committing) versions(ctx context.Context, plan *Plan, sequence int64, take func(key string, r Record, until int64)) error {
	rows, err := ask(ctx, c.tx, plan, sequence)
	if err != nil {
		return err
	}
	for _, row := range rows {
		old, err := DecodeRecord(c.schema, []byte(text(row[versionState])))
		if err != nil {
			return Wrap(Internal, "a version cannot be read", err)
		}
		if err := InvalidRecord(old, c.schema.CheckRecord(old)); err != nil {
			return err
		}
		until, _ := row[versionUntil].(int64)
		take(text(row[versionRecord]), old, until)
	}
	return nil
}

// asLeft refuses a record that is not as the change left it. One that others changed, and then undid that, is.
func (c *committing) asLeft(r *reverted, now Record) error {
	by, _ := changedIn(now).(int64)
	left := r.left[recordKey(now)]
	if by == r.sequence || left != nil && bytes.Equal(AppendRecord(nil, now), AppendRecord(nil, left)) {
		return nil
	}
	return c.changedSince(r, recordLabel(now), by)
}

func (c *committing) changedSince(r *reverted, what string, by int64) error {
	return Errorf(Conflict, "%s cannot be undone: %s was changed again, by change %d; undo that first", Quote(r.id), what, by)
}

// byKind are the ids of the nodes that the change touched.
func (c *committing) byKind(r *reverted) map[*Kind][]string {
	out := map[*Kind][]string{}
	for _, id := range sortedIDs(r.how) {
		k := c.schema.kindOf(id)
		out[k] = append(out[k], id)
	}
	return out
}

// revertNodes puts nodes back as they were, and retracts those that were new.
func (c *committing) revertNodes(ctx context.Context, r *reverted) error {
	byKind := c.byKind(r)
	for _, k := range c.schema.Kinds {
		found, err := c.whole[k].read(ctx, c.tx, byKind[k])
		if err != nil {
			return err
		}
		for _, n := range found {
			c.known[n.ID] = &stored{node: n, before: n}
			if r.how[n.ID] == touchRelated {
				continue
			}
			if err := c.asLeft(r, n); err != nil {
				return err
			}
			switch old, replaced := r.old[n.ID].(*Node); {
			case replaced:
				c.rewrite(n.ID, old)
			case n.Get(RetractedAt) == nil:
				c.rewrite(n.ID, n.clone().Set(RetractedAt, c.recorded))
			}
		}
	}
	return nil
}

// revertEdges puts relationships back as they were, and ends those that were new.
func (c *committing) revertEdges(ctx context.Context, r *reverted, path string) error {
	edges := map[string]*Edge{}
	for _, records := range []map[string]Record{r.left, r.old} {
		for key, record := range records {
			if e, ok := record.(*Edge); ok {
				edges[key] = e
			} else if record == nil {
				edges[key] = c.schema.edgeOf(key)
			}
		}
	}
	places := idSet{}
	for _, key := range sortedIDs(edges) {
		c.restored = append(c.restored, edges[key])
		if e, ok := r.old[key].(*Edge); ok {
			places.add(c.schema.placeOfKey(key))
			c.links = append(c.links, placedEdge{e, path})
		}
	}
	for _, key := range sortedIDs(edges) {
		e := edges[key]
		there, err := c.edgesOf(ctx, e)
		if err != nil {
			return err
		}
		_, taken := places[c.schema.placeOfKey(key)]
		at := slices.IndexFunc(there, func(now *Edge) bool { return taken && e.Relation.One || recordKey(now) == key })
		switch {
		case at >= 0:
			if err := c.asLeft(r, there[at]); err != nil {
				return err
			}
			if !taken {
				c.end(there[at])
			}
		case taken && r.left[key] != nil:
			return c.changedSince(r, recordLabel(e), r.since[key])
		}
	}
	return nil
}

// edgeOf is the relationship of a key, see recordKey, without its properties.
func (s *Schema) edgeOf(key string) *Edge {
	parts := strings.SplitN(key, " ", 4)
	return NewEdge(s.Relation(parts[0]), parts[1], parts[2])
}
