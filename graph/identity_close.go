package graph

import (
	"context"
	"slices"
)

// close resolves what was opened, and what was judged, by the judgements as they are now. What readers see differently is touched,
// for projections.
func (m *merging) close(ctx context.Context) error {
	if m == nil || len(m.opened)+len(m.judged) == 0 {
		return nil
	}
	if len(m.judged) > 0 {
		ids, err := m.identity.read(ctx, m.tx, m.schema)
		if err != nil {
			return err
		}
		m.ids = ids
	}
	affected := idSet{}
	for _, set := range []idSet{m.opened, m.judged} {
		for id := range set {
			affected.add(id)
			for _, member := range m.ids.members[id] {
				affected.add(member)
			}
		}
	}
	around, err := m.identity.readAround(ctx, m.tx, m.schema, sortedIDs(affected))
	if err != nil {
		return err
	}
	own := map[string]Record{} // of what is merged
	for key, r := range around {
		if slices.ContainsFunc(ends(r), func(id string) bool { return len(m.ids.members[id]) > 0 }) {
			own[key] = r
		}
	}
	for id := range affected {
		if len(m.ids.members[id]) > 0 && own[id] == nil {
			return Errorf(NotFound, "there is no %s, but by %s it would be merged", Quote(id), Quote(m.judgementOf(id)))
		}
	}
	if err := m.former.note(ctx, m.applying, edgesIn(own)); err != nil {
		return err
	}
	nodes, edges := resolve(m.ids, ordered(own))
	if err := m.keep(ctx, own); err != nil {
		return err
	}
	if err := m.show(ctx, own, nodes, edges); err != nil {
		return err
	}
	now := map[string]*Edge{}
	for key, r := range around {
		if e, ok := r.(*Edge); ok && own[key] == nil {
			now[key] = e
		}
	}
	for _, e := range edges {
		now[recordKey(e)] = e
	}
	m.touch(affected, now)
	return m.applying.touched.resolve(ctx, m.tx)
}

// edgesIn are the relationships among records.
func edgesIn(records map[string]Record) []*Edge {
	var out []*Edge
	for _, key := range sortedIDs(records) {
		if e, ok := records[key].(*Edge); ok {
			out = append(out, e)
		}
	}
	return out
}

// judgementOf names a judgement by which a record is merged, or another into it.
func (m *merging) judgementOf(id string) string {
	if j, merged := m.ids.judged[id]; merged {
		return j.id
	}
	for _, record := range sortedIDs(m.ids.judged) {
		if j := m.ids.judged[record]; j.into == id {
			return j.id
		}
	}
	return id
}

// keep writes the OwnRecords, and takes those away that are none any more.
func (m *merging) keep(ctx context.Context, own map[string]Record) error {
	var put, gone []Record
	still := map[string]bool{}
	for _, r := range ordered(own) {
		n := m.identity.ownNode(r)
		still[n.ID] = true
		put = append(put, n)
	}
	for _, id := range sortedIDs(m.own) {
		if !still[id] {
			gone = append(gone, NewNode(m.identity.own, id))
		}
	}
	return m.replace(ctx, gone, put)
}

// show puts what readers see in place of what was said.
func (m *merging) show(ctx context.Context, own map[string]Record, nodes []*Node, edges []*Edge) error {
	seen := map[string]Record{}
	var put, gone []Record
	for _, n := range nodes {
		seen[n.ID] = n
		put = append(put, n)
	}
	for _, e := range edges {
		seen[recordKey(e)] = e
		put = append(put, e)
	}
	for _, key := range sortedIDs(own) {
		switch r := own[key].(type) {
		case *Node:
			if seen[key] == nil {
				gone = append(append(gone, r), m.projector.summariesOf(r)...)
			}
		case *Edge:
			if differs(r, seen[key]) {
				gone = append(gone, r)
			}
		}
	}
	return m.replace(ctx, gone, put)
}

// summariesOf are the figures that an event can have.
func (p *projector) summariesOf(n *Node) []Record {
	var out []Record
	for _, f := range p.figures {
		if f.event != n.Kind {
			continue
		}
		for _, measure := range f.summary.Field("measure").Values {
			out = append(out, NewNode(f.summary, figureID(n.ID, Measure(measure))))
		}
	}
	return out
}

// touch has the projections remade of the nodes that were opened or judged, and of what readers see joined to them in another way.
func (m *merging) touch(affected idSet, now map[string]*Edge) {
	t := m.applying.touched
	for _, id := range sortedIDs(affected) {
		id = m.ids.survivor(id)
		switch m.schema.kindOf(id).Name {
		case kindRaid:
			t.raids.add(id)
		case kindRepatriation:
			t.returns.add(id)
		}
		t.subject(id)
	}
	for _, of := range []struct{ all, others map[string]*Edge }{{m.seen, now}, {now, m.seen}} {
		for _, key := range sortedIDs(of.all) {
			if other, there := of.others[key]; !there || differs(of.all[key], other) {
				t.edge(of.all[key])
				t.replaced(of.all[key])
			}
		}
	}
}
