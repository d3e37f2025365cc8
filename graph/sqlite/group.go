package sqlite

import (
	"context"
	"errors"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// Updates that wait for each other share a transaction, and so one wait for the disk. Who has run hands the transaction on,
// still open, to somebody who waits; who finds nobody there commits for all. Each runs in a savepoint of its own, so that one
// that fails leaves the others as they were, and each sees what those before it have put. Nobody returns before the commit, and
// if that fails it fails for all of them. A write that nobody waits for is one transaction, as ever.
//
// SQLite itself may undo the whole transaction: when the disk is full or fails. The savepoint is gone then, by which it is
// noticed, and all that were kept in it fail.

const (
	// groupMost is how many Updates share a transaction.
	groupMost = 64
	// groupTime is how long a transaction may be open that is handed on. One that was handed it and takes longer itself is
	// undone, and runs again in a transaction of its own when that of the others is committed: so an answer waits for others for
	// little more than twice this time.
	groupTime = 20 * time.Millisecond
)

// errTooLong ends an Update that others would have to wait for.
var errTooLong = errors.New("the write is too long to share a transaction")

// group is an open transaction that Updates share. One of them has it at a time.
type group struct {
	conn  *conn
	began time.Time
	// kept is how many have run and are not undone.
	kept int
	// ended is closed when the transaction has, and err is how.
	ended chan struct{}
	err   error
}

// Update runs fn in a write transaction, or in a savepoint of one.
func (s *Store) Update(ctx context.Context, fn func(ctx context.Context, tx graph.Tx) error) error {
	g, err := s.enter(ctx)
	if err != nil {
		return err
	}
	err = s.take(ctx, g, fn)
	if !errors.Is(err, errTooLong) {
		return err
	}
	if g, err = s.begin(ctx, g.conn); err != nil {
		return err
	}
	return s.take(ctx, g, fn)
}

// enter opens a transaction, or a savepoint in one that is handed on.
func (s *Store) enter(ctx context.Context) (*group, error) {
	c, g, err := s.writer(ctx, s.joining)
	switch {
	case err != nil:
		return nil, err
	case g == nil:
		return s.begin(ctx, c)
	}
	if _, err := g.conn.exec(context.WithoutCancel(ctx), "SAVEPOINT one"); err != nil {
		s.leave(ctx, g)
		return nil, failure(ctx, err)
	}
	return g, nil
}

// writer waits for the connection that writes: as it is, or with an open transaction where that is handed on.
func (s *Store) writer(ctx context.Context, joining <-chan *group) (*conn, *group, error) {
	if s.writing == nil {
		return nil, nil, graph.Errorf(graph.Invalid, "the database was opened for reading only")
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	select {
	case g := <-joining:
		return g.conn, g, nil
	case c := <-s.writing:
		select {
		case <-s.closed:
			s.writing <- c
			return nil, nil, errClosed
		default:
			return c, nil, nil
		}
	case <-s.closed:
		return nil, nil, errClosed
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// begin opens a transaction on the connection that writes.
func (s *Store) begin(ctx context.Context, c *conn) (*group, error) {
	if _, err := c.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		s.writing <- c
		return nil, failure(ctx, err)
	}
	return &group{conn: c, began: time.Now(), ended: make(chan struct{})}, nil
}

// take runs fn in a transaction, and waits until that has ended. At errTooLong the connection is still taken.
func (s *Store) take(ctx context.Context, g *group, fn func(ctx context.Context, tx graph.Tx) error) (err error) {
	t := &tx{store: s, conn: g.conn, known: newKeys()}
	joined := g.kept > 0
	if joined {
		t.until = time.Now().Add(groupTime)
	}
	kept := false
	defer func() {
		t.conn = nil
		if joined {
			g.release(ctx, kept)
		}
		if kept {
			g.kept++
		}
		if errors.Is(err, errTooLong) {
			g.end(ctx)
			return
		}
		s.leave(ctx, g)
		if kept {
			<-g.ended
			err = g.err
		}
	}()
	err = fn(ctx, t)
	if t.failed != nil && (err == nil || errors.Is(t.failed, errTooLong)) {
		err = t.failed
	}
	if err == nil {
		err = ctx.Err()
	}
	// From here on the outcome is that of the commit, whatever becomes of the context.
	kept = err == nil
	return err
}

// release ends a savepoint.
func (g *group) release(ctx context.Context, kept bool) {
	ctx = context.WithoutCancel(ctx)
	var err error
	if !kept {
		_, err = g.conn.exec(ctx, "ROLLBACK TO one")
	}
	if err == nil {
		_, err = g.conn.exec(ctx, "RELEASE one")
	}
	if err != nil && g.err == nil {
		g.err = &graph.Error{Code: graph.Unavailable, Message: "the database undid the change with others that it shared a transaction with: send it again", Err: err}
	}
}

// open says whether a transaction can be handed on.
func (g *group) open() bool {
	return g.err == nil && 0 < g.kept && g.kept < groupMost && time.Since(g.began) < groupTime
}

// leave hands the transaction on, or ends it where nobody waits.
func (s *Store) leave(ctx context.Context, g *group) {
	if g.open() {
		select {
		case s.joining <- g:
			return
		default:
		}
	}
	c := g.conn // nobody touches g once it has ended
	g.end(ctx)
	s.writing <- c
}

// end commits a transaction, or undoes it where nothing is kept in it or it failed.
func (g *group) end(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	if g.kept > 0 && g.err == nil {
		if _, err := g.conn.exec(ctx, "COMMIT"); err != nil {
			g.err = failure(ctx, err)
		}
	}
	if g.kept == 0 || g.err != nil {
		_, _ = g.conn.exec(ctx, "ROLLBACK") // SQLite may have done it already
	}
	close(g.ended)
}
