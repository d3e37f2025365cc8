package graph

import (
	"context"
	"slices"
)

// merging is how a transaction writes beside what is merged. Before records are written that are, or lead to, records that are
// merged, these are opened: everything is put as it was said. So what is checked, compared, journalled and kept as versions is
// what was said. When all is written, close resolves them anew, by the judgements as they are then. No reader sees what is
// between, since it is one transaction.
type merging struct {
	*applying
	ids *identities
	// looked are the ids that were asked for, opened those that stand as they were said.
	looked, opened idSet
	// own are the OwnRecords of what was opened, by their ids.
	own map[string]Record
	// seen are the relationships that readers saw of it, by their keys, and versions the changedIn of its nodes.
	seen     map[string]*Edge
	versions map[string]int64
	// judged are the records on which a judgement was written.
	judged idSet
	former formerly
}

// beginMerging is nil where the schema has no judgements.
func beginMerging(a *applying, ids *identities) *merging {
	if a.identity == nil {
		return nil
	}
	return &merging{applying: a, ids: ids, looked: idSet{}, opened: idSet{}, own: map[string]Record{}, seen: map[string]*Edge{},
		versions: map[string]int64{}, judged: idSet{}}
}

// openFor opens what records that are about to be written are, or lead to.
func (m *merging) openFor(ctx context.Context, nodes, edges []Record) error {
	if m == nil {
		return nil
	}
	if err := m.judge(ctx, nodes, edges); err != nil {
		return err
	}
	if len(m.judged) == 0 && m.ids.empty() {
		return nil
	}
	ids := sortedIDs(m.judged)
	for _, r := range slices.Concat(nodes, edges) {
		ids = append(ids, ends(r)...)
	}
	return m.open(ctx, ids)
}

// judge notes the records that written judgements are on. A judgement that is there must say the same.
func (m *merging) judge(ctx context.Context, nodes, edges []Record) error {
	written, withdrawing, withdrawn := map[string]*Node{}, map[string]string{}, idSet{}
	for _, r := range nodes {
		if n := r.(*Node); n.Kind == m.identity.judgement {
			written[n.ID] = n
			m.judgedOn(n)
		}
	}
	for _, r := range edges {
		if e := r.(*Edge); e.Relation == m.identity.withdraws {
			withdrawing[e.From] = e.To
			withdrawn.add(e.To)
		}
	}
	there, err := m.whole[m.identity.judgement].read(ctx, m.tx, sortedIDs(written))
	if err != nil {
		return err
	}
	for _, n := range there {
		for _, name := range []string{"verdict", "record", "other", "reason"} {
			if n.Get(name) != written[n.ID].Get(name) {
				return Errorf(Conflict, "%s is there already, with another %s: judgements are never changed", Quote(n.ID), name)
			}
		}
	}
	if err := m.withdrawnOnce(ctx, withdrawing); err != nil {
		return err
	}
	found, err := m.whole[m.identity.judgement].read(ctx, m.tx, sortedIDs(withdrawn))
	for _, n := range found {
		m.judgedOn(n)
	}
	return err
}

// judgedOn notes the records that a judgement is on, if it says what is merged.
func (m *merging) judgedOn(n *Node) {
	if n.Get("verdict") == string(VerdictNotSame) {
		return
	}
	for _, name := range []string{"record", "other"} {
		if id := text(n.Get(name)); id != "" {
			m.judged.add(id)
		}
	}
}

// withdrawnOnce refuses judgements that withdrew another one than they now would.
func (m *merging) withdrawnOnce(ctx context.Context, withdrawing map[string]string) error {
	l := m.linked[linkedKind{m.identity.withdraws, m.identity.judgement}]
	for batch := range slices.Chunk(sortedIDs(withdrawing), idBatch) {
		rows, err := ask(ctx, m.tx, l.plan, idList(batch))
		if err != nil {
			return err
		}
		for _, row := range rows {
			if was, id := l.far.id(row), rowID(row); was != "" && was != withdrawing[id] {
				return Errorf(Conflict, "%s withdraws %s already: judgements are never changed", Quote(id), Quote(was))
			}
		}
	}
	return nil
}

// open puts what is merged, and is one of the nodes with some ids or joined to one, as it was said: with everything that is
// merged and joined to that.
func (m *merging) open(ctx context.Context, ids []string) error {
	if m == nil || m.ids.empty() && len(m.judged) == 0 {
		return nil
	}
	joined := idSet{}
	found, err := m.identity.joined(ctx, m.tx, m.schema, m.ids, m.unopened(ids), joined)
	if err != nil {
		return err
	}
	opening := idSet{}
	for id := range joined {
		if _, known := m.opened[id]; !known {
			opening.add(id)
			m.opened.add(id)
		}
	}
	if len(opening) == 0 {
		return nil
	}
	for key, r := range found {
		if !slices.ContainsFunc(ends(r), func(id string) bool { _, now := opening[id]; return now }) {
			delete(found, key) // of what was opened before
			continue
		}
		m.own[key] = r
	}
	return m.restore(ctx, sortedIDs(opening), ordered(found))
}

// unopened are the ids that were not asked for before.
func (m *merging) unopened(ids []string) []string {
	var out []string
	for _, id := range ids {
		if _, known := m.looked[id]; !known {
			m.looked.add(id)
			out = append(out, id)
		}
	}
	return out
}

// restore puts own records in place of what was resolved from them.
func (m *merging) restore(ctx context.Context, members []string, own []Record) error {
	nodes, edges := resolve(m.ids, own)
	if err := m.note(ctx, nodes, members); err != nil {
		return err
	}
	if err := m.former.note(ctx, m.applying, edges); err != nil {
		return err
	}
	said := map[string]Record{}
	for _, r := range own {
		said[recordKey(r)] = r
	}
	var gone []Record
	for _, e := range edges {
		key := recordKey(e)
		m.seen[key] = e
		if differs(e, said[key]) {
			gone = append(gone, e)
		}
	}
	return m.replace(ctx, gone, own)
}

// differs says whether a relationship is not just another: that is taken away then, since putting over it would keep the earlier
// of their times.
func differs(e *Edge, other Record) bool {
	o, ok := other.(*Edge)
	return !ok || !slices.EqualFunc(e.Props, o.Props, sameValue)
}

// replace takes records away and puts others, untold of.
func (m *merging) replace(ctx context.Context, gone, put []Record) error {
	var nodes []*Node
	for _, r := range put {
		if n, ok := r.(*Node); ok {
			nodes = append(nodes, n)
		}
	}
	if err := m.keepProjected(ctx, m.tx, nodes, nil); err != nil {
		return err
	}
	if len(gone) > 0 {
		if err := m.tx.Remove(ctx, recordsOf(gone)); err != nil {
			return err
		}
	}
	if len(put) == 0 {
		return nil
	}
	_, err := m.tx.Put(ctx, recordsOf(put))
	return err
}

// note keeps the versions that readers know of nodes that are opened: the survivor's, by the id of each member.
func (m *merging) note(ctx context.Context, survivors []*Node, members []string) error {
	byKind := map[*Kind][]string{}
	for _, n := range survivors {
		byKind[n.Kind] = append(byKind[n.Kind], n.ID)
	}
	now := map[string]int64{}
	for _, k := range m.schema.Kinds {
		found, err := m.whole[k].read(ctx, m.tx, byKind[k])
		if err != nil {
			return err
		}
		for _, n := range found {
			now[n.ID], _ = n.Get(ChangedIn).(int64)
		}
	}
	for _, id := range members {
		m.versions[id] = now[m.ids.survivor(id)]
	}
	return nil
}

// version is the changedIn that readers know of a node; known is false for one that is not opened.
func (m *merging) version(id string) (version int64, known bool) {
	if m == nil {
		return 0, false
	}
	version, known = m.versions[id]
	return version, known
}
