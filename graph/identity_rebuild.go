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
	nodes, edges := resolve(ids, ordered(own))
	seen, err := r.identity.readAround(ctx, w.tx, r.schema, sortedIDs(members))
	if err != nil {
		return err
	}
	if err := r.keepProjected(ctx, w.tx, nodes); err != nil {
		return err
	}
	for _, n := range nodes {
		delete(seen, recordKey(n))
		w.nodes = append(w.nodes, n)
	}
	for _, e := range edges {
		delete(seen, recordKey(e))
		w.edges = append(w.edges, e)
	}
	for _, other := range ordered(seen) {
		w.gone = append(w.gone, other)
	}
	return nil
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
