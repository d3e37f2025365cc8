package graph

import (
	"context"
	"sync"
	"time"
)

// Follower says how far the journal of a store can be read: up to which change all are there as a whole, whoever applied them.
// It hears of what this process applies, and looks for what others do every so often, while somebody waits. One serves a whole
// process.
type Follower struct {
	store  Store
	schema *Schema
	every  time.Duration
	failed func(error)

	mu sync.Mutex
	// last is the last change known to be there, grown is closed when that becomes greater.
	last  int64
	grown chan struct{}
	// waiting is how many wait; looking: watch runs for them.
	waiting int
	looking bool
	// asked is the next reading of Last, for all who ask before it begins; answering: some are under way.
	asked     *asking
	answering bool
}

// asking is a reading that several wait for.
type asking struct {
	done chan struct{}
	last int64
	err  error
}

// lookTime is the longest that one look may take.
const lookTime = 10 * time.Second

// NewFollower makes one that looks every so often. failed hears of looks that failed, which are repeated; it may be nil.
func NewFollower(store Store, schema *Schema, every time.Duration, failed func(error)) *Follower {
	if failed == nil {
		failed = func(error) {}
	}
	return &Follower{store: store, schema: schema, every: every, failed: failed, grown: make(chan struct{})}
}

// Last reads the number of the last change; 0 where there is none. Many who ask at once are answered by few readings.
func (f *Follower) Last(ctx context.Context) (int64, error) {
	f.mu.Lock()
	a := f.asked
	if a == nil {
		a = &asking{done: make(chan struct{})}
		f.asked = a
	}
	if !f.answering {
		f.answering = true
		go f.answer()
	}
	f.mu.Unlock()
	select {
	case <-a.done:
		return a.last, a.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// answer reads for those who ask, until nobody does.
func (f *Follower) answer() {
	for {
		f.mu.Lock()
		a := f.asked
		f.asked, f.answering = nil, a != nil
		f.mu.Unlock()
		if a == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), lookTime)
		a.last, a.err = f.read(ctx)
		cancel()
		close(a.done)
	}
}

// read reads up to which change all are there.
func (f *Follower) read(ctx context.Context) (int64, error) {
	last, err := LastSequence(ctx, f.store, f.schema)
	if err == nil {
		f.Applied(last)
	}
	return last, err
}

// Wait waits for a change after the given one, and says which is the last. Its only error is the context's.
func (f *Follower) Wait(ctx context.Context, after int64) (int64, error) {
	f.mu.Lock()
	f.waiting++
	for f.last <= after {
		if !f.looking {
			f.looking = true
			go f.watch()
		}
		grown := f.grown
		f.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-grown:
		}
		f.mu.Lock()
		if err := ctx.Err(); err != nil {
			f.waiting--
			f.mu.Unlock()
			return 0, err
		}
	}
	f.waiting--
	last := f.last
	f.mu.Unlock()
	return last, nil
}

// Applied says that this process has applied a change, and all before it are there: those who wait hear of it at once.
func (f *Follower) Applied(sequence int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if sequence > f.last {
		f.last = sequence
		close(f.grown)
		f.grown = make(chan struct{})
	}
}

// watch looks for as long as somebody waits.
func (f *Follower) watch() {
	for {
		if err := f.look(); err != nil {
			f.failed(err)
		}
		time.Sleep(f.every)
		f.mu.Lock()
		f.looking = f.waiting > 0
		on := f.looking
		f.mu.Unlock()
		if !on {
			return
		}
	}
}

// look is cheap where nothing is new. A number that it sees may be that of a change which is not there as a whole yet.
func (f *Follower) look() error {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	last, err := f.schema.projector().journal.lastChange(ctx, f.store)
	if err != nil {
		return err
	}
	f.mu.Lock()
	known := f.last
	f.mu.Unlock()
	if last.sequence > known {
		_, err = f.read(ctx)
	}
	return err
}
