// Package sqlite is the embedded store: a graph.Store in one SQLite file, in pure Go.
//
// Each kind and each relation of the schema has a table of its own with a column for each field (see names.go). A root of a
// plan is compiled to one statement, whose answer is one text (see compile.go); the text is read into rows by the shape that
// was made with the statement (see decode.go). One connection writes, several read.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// Config says how a store is opened.
type Config struct {
	// Path is the database file. It is made where it does not exist; its folder must exist.
	Path string
	// Schema is what the store holds. Tables are made from it, and extended where it has grown.
	Schema *graph.Schema
	// Trace, if set, is called with the text of each statement that Query and Tx.Query run.
	Trace func(statement string)
	// Readers is how many queries may run at the same time; 0 for one a processor, at least 2 and at most 8.
	Readers int
	// CacheBytes is how much memory the connections together may use to keep pages of the file; 0 for 32 MB.
	CacheBytes int64
	// MapBytes is how much of the file is read through the memory that the system keeps of it anyway, rather than copied into
	// the cache; 0 for 256 MB, negative for none. It makes wide questions over large files a quarter faster.
	MapBytes int64
	// Busy is how long a write waits for another process that writes; 0 for 5 s.
	Busy time.Duration
	// ReadOnly opens a database that exists, and never writes to it.
	ReadOnly bool
	// Scratch: the file need not outlive the program, nor the machine: nothing waits for the disk.
	Scratch bool
}

// Store is a graph in a file.
type Store struct {
	path    string
	schema  *graph.Schema
	numbers map[*graph.Kind]int64 // as in _kind
	tables  map[*graph.Kind]*kindTable
	edges   map[*graph.Relation]*relationTable
	trace   func(string)

	readers *pool
	writing chan *conn  // the connection that writes, while nobody has it; nil where the store only reads
	joining chan *group // hands it on with an open transaction, see group
	closed  chan struct{}
	closing sync.Once
}

var _ graph.Store = (*Store)(nil)

// Open opens a database, and makes or extends its tables.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if err := checkNames(cfg.Schema); err != nil {
		return nil, err
	}
	if err := checkFile(cfg); err != nil {
		return nil, err
	}
	if cfg.Readers == 0 {
		cfg.Readers = min(max(runtime.GOMAXPROCS(0), 2), 8)
	}
	if cfg.CacheBytes == 0 {
		cfg.CacheBytes = 32 << 20
	}
	if cfg.MapBytes == 0 {
		cfg.MapBytes = 256 << 20
	}
	if cfg.Busy == 0 {
		cfg.Busy = 5 * time.Second
	}
	// The writer gets a quarter of the cache: it reads little, and what it changes has to be in memory.
	pragmas := func(bytes int64) []string {
		return []string{fmt.Sprintf("busy_timeout(%d)", cfg.Busy.Milliseconds()), "foreign_keys(0)", "temp_store(memory)",
			fmt.Sprintf("cache_size(%d)", -max(bytes>>10, 256))}
	}
	s := &Store{path: cfg.Path, schema: cfg.Schema, trace: cfg.Trace, closed: make(chan struct{})}
	s.readers = newPool(cfg.Readers, func(ctx context.Context) (*conn, error) {
		each := cfg.CacheBytes * 3 / 4 / int64(cfg.Readers)
		return connect(ctx, cfg.Path, append(pragmas(each), "query_only(1)", fmt.Sprintf("mmap_size(%d)", max(cfg.MapBytes, 0))), cfg.ReadOnly)
	})
	var first *conn
	var err error
	if cfg.ReadOnly {
		first, err = s.readers.take(ctx)
	} else {
		// The log is cut back after a large import, which makes it as large as what was imported.
		sync := "synchronous(full)"
		if cfg.Scratch {
			sync = "synchronous(off)"
		}
		write := append(pragmas(cfg.CacheBytes/4), "journal_mode(wal)", sync, "journal_size_limit(67108864)")
		first, err = connect(ctx, cfg.Path, write, false)
	}
	if err != nil {
		return nil, failure(ctx, err)
	}
	if err = s.setUp(ctx, first, cfg.ReadOnly); err != nil {
		_ = first.close()
		return nil, failure(ctx, err)
	}
	if cfg.ReadOnly {
		s.readers.give(first)
	} else {
		s.writing, s.joining = make(chan *conn, 1), make(chan *group)
		s.writing <- first
	}
	return s, nil
}

// checkFile says in plain words why the file cannot be used, where that can be seen before SQLite is asked.
func checkFile(cfg Config) error {
	flags := os.O_RDWR | os.O_CREATE
	if cfg.ReadOnly {
		flags = os.O_RDONLY
	}
	if cfg.Path == "" {
		return graph.Errorf(graph.Invalid, "the database has no file name")
	}
	f, err := os.OpenFile(cfg.Path, flags, 0o644)
	if err == nil {
		return f.Close()
	}
	message := "the database file cannot be opened"
	if info, e := os.Stat(cfg.Path); e == nil && info.IsDir() {
		message = "the database file is a folder"
	} else if errors.Is(err, fs.ErrNotExist) && !cfg.ReadOnly {
		message = "the folder of the database file does not exist"
	} else if errors.Is(err, fs.ErrNotExist) {
		message = "the database file does not exist"
	} else if errors.Is(err, fs.ErrPermission) {
		message = "the database file may not be opened"
	}
	return &graph.Error{Code: graph.Invalid, Message: message, Err: err}
}

// Ping says whether the store can answer.
func (s *Store) Ping(ctx context.Context) error {
	c, err := s.readers.take(ctx)
	if err != nil {
		return failure(ctx, err)
	}
	defer s.readers.give(c)
	if _, err := c.text(ctx, "SELECT count(*) FROM _meta"); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &graph.Error{Code: graph.Unavailable, Message: "the database does not answer", Err: err}
	}
	return nil
}

// Close ends the store, once what is under way has ended.
func (s *Store) Close() error {
	var failed error
	s.closing.Do(func() {
		close(s.closed)
		failed = s.readers.close()
		if s.writing != nil {
			failed = errors.Join(failed, (<-s.writing).close())
		}
	})
	if failed != nil {
		return &graph.Error{Code: graph.Internal, Message: "the database could not be closed", Err: failed}
	}
	return nil
}
