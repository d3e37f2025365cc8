package graph

import "context"

// merged remakes what readers see of what is merged: a survivor and all that is joined to it, a transaction each.
func (r *rebuilding) merged(ctx context.Context) error {
	if r.identity == nil {
		return nil
	}
	ids, err := r.identity.read(ctx, r.store, r.schema)
	if err != nil {
		return err
	}
	done := idSet{}
	for _, record := range sortedIDs(ids.survivors) {
		if _, known := done[record]; known {
			continue
		}
		var diff Differences
		err := r.store.Update(ctx, func(ctx context.Context, tx Tx) error {
			members, w := idSet{}, &projecting{tx: tx}
			if err := r.resolveAround(ctx, w, record, members); err != nil {
				return err
			}
			for id := range members {
				done.add(id)
			}
			err := w.flush(ctx)
			diff = w.diff
			return err
		})
		if err != nil {
			return err
		}
		r.diff.add(diff)
	}
	return nil
}

// resolveAround finds what readers should see of a record that is merged, and of what is merged and joined to it.
func (r *rebuilding) resolveAround(ctx context.Context, w *projecting, record string, members idSet) error {
	ids, err := r.identity.read(ctx, w.tx, r.schema)
	if err != nil {
		return err
	}
	own, err := r.identity.joined(ctx, w.tx, r.schema, ids, []string{record}, members)
	if err != nil {
		return err
	}
	for _, record := range ordered(own) {
		w.nodes = append(w.nodes, r.identity.ownNode(record))
	}
	nodes, edges := resolve(ids, ordered(own))
	seen, err := r.identity.readAround(ctx, w.tx, r.schema, sortedIDs(members))
	if err != nil {
		return err
	}
	if err := r.keepProjected(ctx, w.tx, nodes, nil); err != nil {
		return err
	}
	for _, n := range nodes {
		delete(seen, recordKey(n))
		w.nodes = append(w.nodes, n)
	}
	for _, e := range edges {
		if other := seen[recordKey(e)]; other != nil && !differs(e, other) {
			delete(seen, recordKey(e))
		}
		w.edges = append(w.edges, e)
	}
	w.gone = append(w.gone, ordered(seen)...)
	return nil
}

// adopt adds to own records what is there of members of which none is kept: in a copy of what was said it is that.
func (i *identifying) adopt(ctx context.Context, tx Tx, s *Schema, ids *identities, batch []string, own map[string]Record) error {
	kept := map[string]bool{}
	for _, r := range own {
		if n, ok := r.(*Node); ok {
			kept[n.ID] = true
		}
	}
	var lacking []string
	for _, id := range batch {
		if len(ids.members[id]) > 0 && !kept[id] {
			lacking = append(lacking, id)
		}
	}
	around, err := i.readAround(ctx, tx, s, lacking)
	for _, r := range around {
		if key := i.ownNode(r).ID; own[key] == nil {
			own[key] = r
		}
	}
	return err
}

// joined are the own records of what is merged and is one of some ids or joined to one, by the ids of the OwnRecords. members takes
// in the ids of what that is.
func (i *identifying) joined(ctx context.Context, tx Tx, s *Schema, ids *identities, of []string, members idSet) (map[string]Record, error) {
	found, asked := map[string]Record{}, idSet{}
	var next []string
	want := func(id string) {
		for _, id := range append([]string{id}, ids.members[id]...) {
			if len(ids.members[id]) > 0 {
				members.add(id)
			}
			if _, known := asked[id]; !known {
				asked.add(id)
				next = append(next, id)
			}
		}
	}
	for _, id := range of {
		want(id)
	}
	for len(next) > 0 {
		batch := next
		next = nil
		own, err := i.owned(ctx, tx, s, batch)
		if err != nil {
			return nil, err
		}
		if err := i.adopt(ctx, tx, s, ids, batch, own); err != nil {
			return nil, err
		}
		for key, r := range own {
			found[key] = r
			for _, id := range ends(r) {
				if len(ids.members[id]) > 0 {
					want(id)
				}
			}
		}
	}
	return found, nil
}
