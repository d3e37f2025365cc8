package sqlite

import (
	"context"
	"errors"
	"sync"

	"github.com/raidgraph/raidgraph/graph"
)

var errClosed = graph.Errorf(graph.Unavailable, "the database is closed")

// pool lends connections for reading. They are opened as they are needed; the one given back last is lent first, because
// its statements and pages are warm.
type pool struct {
	open   func(context.Context) (*conn, error)
	places chan struct{} // one for each connection that may be lent

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

func newPool(size int, open func(context.Context) (*conn, error)) *pool {
	p := &pool{open: open, places: make(chan struct{}, size)}
	for range size {
		p.places <- struct{}{}
	}
	return p
}

// take waits for a connection.
func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-p.places:
	default:
		select {
		case <-p.places:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	closed := p.closed
	var c *conn
	if n := len(p.idle); n > 0 && !closed {
		c, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	var err error
	switch {
	case closed:
		err = errClosed
	case c == nil:
		c, err = p.open(ctx)
	}
	if err != nil {
		p.places <- struct{}{}
		return nil, err
	}
	return c, nil
}

// give takes a connection back.
func (p *pool) give(c *conn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.places <- struct{}{}
}

// close waits for every connection that is lent and closes them all.
func (p *pool) close() error {
	p.mu.Lock()
	already := p.closed
	p.closed = true
	p.mu.Unlock()
	if already {
		return nil
	}
	for range cap(p.places) {
		<-p.places
	}
	var failed error
	for _, c := range p.idle {
		failed = errors.Join(failed, c.close())
	}
	for range cap(p.places) {
		p.places <- struct{}{}
	}
	return failed
}
