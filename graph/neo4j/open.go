package neo4j

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"github.com/raidgraph/raidgraph/graph"
)

// Config says which database to open, and how. Only URI and Schema are needed.
type Config struct {
	// URI is where the database is: neo4j://host:7687, bolt://host:7687, or one of them with +s (encrypted, certificate
	// checked) or +ssc (encrypted, certificate not checked). neo4j:// finds the members of a cluster; bolt:// speaks to one
	// server.
	URI string
	// Username and Password log in; without a Username there is no log-in.
	Username, Password string
	// Database is the name of the database; empty is the user's home database.
	Database string
	// Schema is the kinds and relations of the graph.
	Schema *graph.Schema
	// Trace, where it is set, is called with each statement before it is sent.
	Trace func(statement string)
	// MaxPool is the most connections to one server; 0 means 100. It is at least 2: whoever writes needs a second one to count
	// its commit.
	MaxPool int
	// AcquireTimeout is the longest wait for a connection; 0 means 5 seconds.
	AcquireTimeout time.Duration
	// QueryTimeout ends a read transaction, on the server; 0 leaves it to the server's settings and to the context.
	QueryTimeout time.Duration
	// MaxRetryTime is for how long a transaction is tried again that the database asks to retry; 0 means 5 seconds.
	MaxRetryTime time.Duration
	// FetchSize is how many rows an export fetches at a time; 0 means 1,000.
	FetchSize int
}

func (c Config) withDefaults() Config {
	if c.MaxPool == 0 {
		c.MaxPool = 100
	}
	c.MaxPool = max(c.MaxPool, 2)
	if c.AcquireTimeout == 0 {
		c.AcquireTimeout = 5 * time.Second
	}
	if c.MaxRetryTime == 0 {
		c.MaxRetryTime = 5 * time.Second
	}
	if c.FetchSize == 0 {
		c.FetchSize = 1000
	}
	return c
}

// Store is a graph.Store in a Neo4j database. Its Queries read committed data; those of several roots all read one
// state.
type Store struct {
	config    Config
	schema    *graph.Schema
	driver    neo4j.DriverWithContext
	bookmarks neo4j.BookmarkManager
	database  string
	writing   turn
	closed    atomic.Bool
	// sessions counts those that are open.
	sessions atomic.Int64
	// watches begins the ids of this store's queries, asked counts them: see watch.
	watches string
	asked   atomic.Int64
}

var _ graph.Store = (*Store)(nil)

// Open connects to the database and makes it ready for the schema: constraints, indexes, and what older versions of this
// program left. It may be called for the same database as often as one likes, by several programs at once.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	if cfg.Schema == nil {
		return nil, &graph.Error{Code: graph.Internal, Message: "the store has no schema"}
	}
	if err := checkNames(cfg.Schema); err != nil {
		return nil, err
	}
	auth := neo4j.NoAuth()
	if cfg.Username != "" {
		auth = neo4j.BasicAuth(cfg.Username, cfg.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(cfg.URI, auth, func(c *config.Config) {
		c.MaxConnectionPoolSize = cfg.MaxPool
		c.ConnectionAcquisitionTimeout = cfg.AcquireTimeout
		c.MaxTransactionRetryTime = cfg.MaxRetryTime
		c.TelemetryDisabled = true
		c.NotificationsMinSeverity = notifications.DisabledLevel
		c.UserAgent = "raidgraph/1"
	})
	if err != nil {
		return nil, graph.Wrap(graph.Invalid, fmt.Sprintf("%s is no address of a Neo4j database: it would be such as neo4j://localhost:7687", graph.Quote(cfg.URI)), err)
	}
	s := &Store{config: cfg, schema: cfg.Schema, driver: driver, database: cfg.Database, writing: newTurn(),
		watches: rand.Text() + "-", bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})}
	if err := s.begin(ctx); err != nil {
		err = s.translate(ctx, err)
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) begin(ctx context.Context) error {
	if err := s.Ping(ctx); err != nil {
		return err
	}
	if s.database == "" {
		// Named in each session, it is not looked up again for each.
		name, err := s.homeDatabase(ctx)
		if err != nil {
			return err
		}
		s.database = name
	}
	return s.setUp(ctx)
}

func (s *Store) homeDatabase(ctx context.Context) (string, error) {
	session := s.session(neo4j.AccessModeRead, neo4j.FetchAll)
	defer s.end(ctx, session)
	result, err := session.Run(ctx, "RETURN 1", nil)
	if err != nil {
		return "", err
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return "", err
	}
	return summary.Database().Name(), nil
}

// session opens a session, which end closes.
func (s *Store) session(mode neo4j.AccessMode, fetch int) neo4j.SessionWithContext {
	s.sessions.Add(1)
	return s.driver.NewSession(context.Background(), neo4j.SessionConfig{AccessMode: mode, DatabaseName: s.database,
		FetchSize: fetch, BookmarkManager: s.bookmarks})
}

// end gives a session's connection back, however the context has ended. What closing reports has been reported by what was
// run, or no longer matters.
func (s *Store) end(ctx context.Context, session neo4j.SessionWithContext) {
	_ = session.Close(context.WithoutCancel(ctx))
	s.sessions.Add(-1)
}

func (s *Store) trace(statement string) {
	if s.config.Trace != nil {
		s.config.Trace(statement)
	}
}

// Ping says whether the database answers now. It does not try twice.
func (s *Store) Ping(ctx context.Context) error {
	session := s.session(neo4j.AccessModeRead, neo4j.FetchAll)
	defer s.end(ctx, session)
	result, err := session.Run(ctx, "RETURN 1", nil)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	return s.translate(ctx, err)
}

// closeTime is how long Close waits for what is under way.
const closeTime = 5 * time.Second

// Close ends the connections, when what is under way has ended, or does not end soon.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	for began := time.Now(); s.sessions.Load() > 0 && time.Since(began) < closeTime; {
		time.Sleep(time.Millisecond)
	}
	return s.driver.Close(context.Background())
}
