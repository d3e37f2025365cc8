package graph

import (
	"context"
	"reflect"
)

// standing is what a transaction that writes must know of the whole graph: what was purged, and which records are one. Both
// change by changes only, so they are as they were for as long as the last change is the same one, and are not read again.
type standing struct {
	store Store
	last  lastChange
	// purged are the digests of ids that no record may have, with the reasons.
	purged map[string]string
	// ids is nil where the schema has no judgements. It is never changed.
	ids *identities
}

// lastChange tells the last change of a graph: nobody gives its number again, but in another graph.
type lastChange struct {
	sequence int64
	id       string
}

// recall is what was remembered of a store; nil where there is nothing. It holds if the last change is the same one.
func (p *projector) recall(store Store) *standing {
	if s := p.remembered.Load(); s != nil && comparable(store) && s.store == store {
		return s
	}
	return nil
}

// remember keeps what a change has read, and forgets it where the change may have changed that itself.
func (p *projector) remember(store Store, c *committing, done Committed) {
	a := c.applying
	switch {
	case !comparable(store) || done.Again || done.DryRun:
		return
	case len(c.ends) > 0 || a.merging != nil && len(a.merging.judged) > 0:
		p.remembered.Store(nil)
		return
	}
	s := &standing{store: store, last: lastChange{done.Sequence, done.ID}, purged: a.journal.purgedIDs}
	if a.merging != nil {
		s.ids = a.merging.ids
	}
	p.remembered.Store(s)
}

func comparable(store Store) bool { return reflect.TypeOf(store).Comparable() }

// readStanding reads what stands, or takes what is known of it.
func (p *projector) readStanding(ctx context.Context, tx Tx, known *standing) (standing, error) {
	var now standing
	var err error
	if p.journal != nil {
		if now.last, err = p.journal.lastChange(ctx, tx); err != nil {
			return now, err
		}
		if known != nil && known.last == now.last {
			return *known, nil
		}
		if now.purged, err = p.journal.purgedAfter(ctx, tx, 0); err != nil {
			return now, err
		}
	}
	if p.identity != nil {
		now.ids, err = p.identity.read(ctx, tx, p.schema)
	}
	return now, err
}
