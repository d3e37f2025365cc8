package asof

import (
	"context"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// lookFor is for how long the number of the last change is taken as it was: so long may a change by another process go unseen.
const lookFor = time.Second

// lastChange is the number of the last change, as it was not long ago.
func (c *Copies) lastChange(ctx context.Context) (int64, error) {
	c.mu.Lock()
	last, turn, fresh := c.last, c.changes, time.Since(c.looked) < lookFor
	c.mu.Unlock()
	if fresh {
		return last, nil
	}
	at := time.Now()
	last, err := graph.LastSequence(ctx, c.cfg.Store, c.cfg.Schema)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes == turn {
		c.last, c.looked = last, at
	}
	return last, nil
}

// Changed says that this process has changed the graph: the next question looks for what that means to the copies.
func (c *Copies) Changed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	c.looked = time.Time{}
}

// holdsStill says whether a copy is still good for a moment although there were changes since, and notes that it was looked at.
// None has what was purged.
func (c *Copies) holdsStill(ctx context.Context, r *replica, m graph.Moment, last int64) (bool, error) {
	if purged, err := graph.PurgedAfter(ctx, c.cfg.Store, c.cfg.Schema, r.looked); purged > 0 || err != nil {
		return false, err
	}
	if r.span.Fixed {
		r.looked = last
		return true, nil
	}
	if m.Recorded == "" {
		return false, nil
	}
	until := r.span.Recorded.Until
	if until == "" {
		until = m.Recorded + "\x00" // just behind it: what was recorded later has not been looked at
	}
	holds, err := graph.HoldsStill(ctx, c.cfg.Store, c.cfg.Schema, r.span, until)
	if holds {
		r.looked, r.span.Sequence, r.span.Recorded.Until = last, last, until
	}
	return holds, err
}
