// Package asof answers questions about the past. A question as of a moment is asked of a copy of the graph that has only what
// could be known then (graph.CopyAsOf), so that every question that can be asked now can be asked of then, and the way of a
// question about now pays nothing for it. Copies are made when they are first asked for, in files of their own, and serve all
// moments between which nothing differs; the least used go when they take too much room.
package asof

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// Config is what Copies need.
type Config struct {
	Store  graph.Store
	Schema *graph.Schema
	// Dir is where a folder for the files is made; the system's folder for temporary files where it is empty.
	Dir string
	// Bytes is how much room the files may take, but that the last one is kept whatever it takes; 0 for 1 GiB.
	Bytes int64
	// Log takes what goes wrong while a copy is made; nil discards it.
	Log *slog.Logger
}

// Copies are the copies of a graph as of the moments that were asked for last.
type Copies struct {
	cfg    Config
	ctx    context.Context // ends with Close
	stop   context.CancelFunc
	making sync.WaitGroup
	// turn is taken by who makes a copy: one at a time.
	turn chan struct{}

	mu     sync.Mutex
	dir    string
	number int
	copies []*replica // the last used first
	builds []*build
	// last is the number of the last change when that was looked for, at looked; changes counts those of this process.
	last    int64
	looked  time.Time
	changes int
}

// replica is a copy.
type replica struct {
	graph.Store
	span graph.Span
	// looked is the last change that was looked at for whether the copy still holds.
	looked int64
	path   string
	bytes  int64
	// users are the questions that are asked of it now; it is closed with the last when it is gone.
	users int
	gone  bool
}

// build is a copy in the making.
type build struct {
	moment graph.Moment
	done   chan struct{}
	err    error // once done
}

// New keeps copies of a store. Close must be called before that of the store.
func New(cfg Config) *Copies {
	if cfg.Bytes == 0 {
		cfg.Bytes = 1 << 30
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Copies{cfg: cfg, turn: make(chan struct{}, 1)}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

// At is the graph as of a moment, to be given back by release. Where it takes longer to make than ctx allows, the error is
// Unavailable, and it goes on being made: who asks again will have it.
func (c *Copies) At(ctx context.Context, m graph.Moment) (store graph.Store, release func(), err error) {
	// What is changed from now on need not be counted in: otherwise who asks beside a busy writer would wait for ever.
	last, err := c.lastChange(ctx)
	if err != nil {
		return nil, nil, err
	}
	for {
		if r, err := c.find(ctx, m, last); r != nil || err != nil {
			return r, func() { c.release(r) }, err
		}
		b := c.begin(m)
		select {
		case <-b.done:
			if b.err != nil {
				return nil, nil, b.err
			}
		case <-ctx.Done():
			return nil, nil, &graph.Error{Code: graph.Unavailable, Err: ctx.Err(),
				Message: "the graph as of that moment is still being made, which goes on: ask again"}
		}
	}
}

// find is a copy that holds for the moment, counted as used; nil where there is none. Those that later changes may have made
// wrong are dropped.
func (c *Copies) find(ctx context.Context, m graph.Moment, last int64) (*replica, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := 0; i < len(c.copies); i++ {
		r := c.copies[i]
		if !r.span.Holds(m) {
			continue
		}
		if r.looked < last {
			holds, err := c.holdsStill(ctx, r, m, last)
			if err != nil {
				return nil, err
			}
			if !holds {
				c.drop(i)
				i--
				continue
			}
		}
		copy(c.copies[1:i+1], c.copies[:i])
		c.copies[0] = r
		r.users++
		return r, nil
	}
	return nil, nil
}

// drop takes a copy out, and ends it when nobody uses it. The lock is held.
func (c *Copies) drop(i int) {
	r := c.copies[i]
	c.copies = slices.Delete(c.copies, i, i+1)
	if r.gone = true; r.users == 0 {
		c.end(r)
	}
}

func (c *Copies) release(r *replica) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.users--; r.gone && r.users == 0 {
		c.end(r)
	}
}

func (c *Copies) end(r *replica) {
	err := r.Close()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if e := os.Remove(r.path + suffix); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		c.cfg.Log.Warn("a copy of the past was not taken away", "error", err)
	}
}

// begin makes a copy, or joins the one that is being made for the same moment.
func (c *Copies) begin(m graph.Moment) *build {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.builds {
		if b.moment == m {
			return b
		}
	}
	b := &build{moment: m, done: make(chan struct{})}
	c.builds = append(c.builds, b)
	c.making.Go(func() {
		if b.err = c.make(m); b.err != nil && c.ctx.Err() != nil {
			b.err = errClosed
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.builds = slices.DeleteFunc(c.builds, func(other *build) bool { return other == b })
		close(b.done)
	})
	return b
}

// make makes a copy, unless one was made meanwhile that serves.
func (c *Copies) make(m graph.Moment) error {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
	last, err := graph.LastSequence(c.ctx, c.cfg.Store, c.cfg.Schema)
	if err != nil {
		return err
	}
	if r, err := c.find(c.ctx, m, last); err != nil {
		return err
	} else if r != nil {
		c.release(r)
		return nil
	}
	path, err := c.file()
	if err != nil {
		return err
	}
	r := &replica{path: path}
	if r.Store, err = sqlite.Open(c.ctx, sqlite.Config{Path: path, Schema: c.cfg.Schema, CacheBytes: 8 << 20, Scratch: true}); err != nil {
		return err
	}
	if r.span, err = graph.CopyAsOf(c.ctx, c.cfg.Store, r.Store, c.cfg.Schema, m); err != nil {
		c.end(r)
		return err
	}
	r.looked = last
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(path + suffix); err == nil {
			r.bytes += info.Size()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.copies = slices.Insert(c.copies, 0, r)
	room := c.cfg.Bytes
	for i := 0; i < len(c.copies); i++ {
		if room -= c.copies[i].bytes; room < 0 && i > 0 {
			c.drop(i)
			i--
		}
	}
	return nil
}

// errClosed answers who waits for a copy when the program ends.
var errClosed = &graph.Error{Code: graph.Unavailable, Message: "the server is ending"}

// file is a path for a new copy.
func (c *Copies) file() (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dir == "" {
		dir, err := os.MkdirTemp(c.cfg.Dir, "raidgraph-asof-")
		if err != nil {
			return "", &graph.Error{Code: graph.Unavailable, Message: "there is no room for a copy of the past", Err: err}
		}
		c.dir = dir
	}
	c.number++
	return filepath.Join(c.dir, fmt.Sprintf("%d.db", c.number)), nil
}

// Close ends all copies and takes their files away. Questions that are asked of them may fail.
func (c *Copies) Close() error {
	c.stop()
	c.making.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.copies {
		c.end(r)
	}
	c.copies = nil
	if c.dir == "" {
		return nil
	}
	return os.RemoveAll(c.dir)
}
