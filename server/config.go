package main

import (
	"fmt"
	"io"
	"log/slog"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones, where the machine has none

	"github.com/raidgraph/raidgraph/graph/gql"
)

// Config is what the server needs, as flags and the environment give it.
type Config struct {
	Listen string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to serve. An empty host is every address of the machine; port 0 is any free port."`
	Sample bool          `default:"true" negatable:"" help:"Load the reference data and the sample case into a database that is empty."`
	Zone   string        `name:"time-zone" default:"Asia/Phnom_Penh" placeholder:"NAME" help:"Where a day ends: the IANA name of the graph's time zone."`
	Drain  time.Duration `default:"9s" placeholder:"TIME" help:"How long answers under way may take after SIGTERM or SIGINT, before they are given up."`

	Database DatabaseConfig `embed:""`
	Limits   LimitsConfig   `embed:"" group:"Limits of a request (each is refused with code TOO_LARGE)"`
	AsOf     AsOfConfig     `embed:"" prefix:"as-of-" group:"Questions about the past"`
	Live     LiveConfig     `embed:"" group:"Live: WebSockets and event streams"`
	Cache    size           `default:"32MiB" name:"document-cache" placeholder:"SIZE" help:"Memory for documents that were parsed and planned."`
}

// AsOfConfig says where copies of the past are kept.
type AsOfConfig struct {
	Dir   string `placeholder:"FOLDER" help:"Where copies of the graph as of a moment are kept while the server runs; the system's folder for temporary files where it is left out."`
	Bytes size   `default:"1GiB" placeholder:"SIZE" help:"How much room these copies take, the least used go first; the last one is kept whatever it takes."`
}

// AfterApply refuses a time zone that does not exist.
func (c *Config) AfterApply() error {
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" {
		return fmt.Errorf("--time-zone %q is no time zone: it would be such as Asia/Phnom_Penh or UTC", c.Zone)
	}
	return nil
}

// zone is the graph's time zone; that of Cambodia where none was set.
func (c *Config) zone() *time.Location {
	if c.Zone == "" {
		return nil
	}
	z, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil
	}
	return z
}

// DatabaseConfig says which database, and how.
type DatabaseConfig struct {
	Database string `short:"d" default:"raidgraph.db" placeholder:"FILE|URL" help:"A file, made where there is none; or a Neo4j database: neo4j://host:7687/name, neo4j+s://..., bolt://... (without a name, the home database of the user)."`

	SQLite struct {
		Cache   size `default:"32MiB" placeholder:"SIZE" help:"Memory for pages of the file."`
		Readers int  `default:"0" placeholder:"N" help:"Queries that run at the same time; 0 is one a processor, 2 to 8."`
	} `embed:"" prefix:"sqlite-" group:"A database in a file"`

	Neo4j struct {
		Username       string        `name:"username" env:"RAIDGRAPH_USERNAME,NEO4J_USERNAME" placeholder:"NAME" help:"Who logs in to Neo4j."`
		Password       string        `name:"password" env:"RAIDGRAPH_PASSWORD,NEO4J_PASSWORD" placeholder:"TEXT" help:"The password for it. Other users of the machine can see flags: better set the variable."`
		Pool           int           `name:"neo4j-pool" default:"100" placeholder:"N" help:"The most connections to one Neo4j server; at least 2 are used."`
		AcquireTimeout time.Duration `name:"neo4j-acquire-timeout" default:"5s" placeholder:"TIME" help:"The longest wait for a connection."`
		QueryTimeout   time.Duration `name:"neo4j-query-timeout" default:"10s" placeholder:"TIME" help:"When the Neo4j server ends a query."`
		RetryTime      time.Duration `name:"neo4j-retry-time" default:"5s" placeholder:"TIME" help:"How long a transaction is tried again that Neo4j asks to retry."`
		FetchSize      int           `name:"neo4j-fetch-size" default:"1000" placeholder:"N" help:"Rows that an export fetches at a time."`
	} `embed:"" group:"A Neo4j database"`
}

// LimitsConfig bounds what a request may ask for.
type LimitsConfig struct {
	MaxBody       size          `default:"1MiB" placeholder:"SIZE" help:"The request as it comes in."`
	MaxTokens     int           `default:"15000" placeholder:"N" help:"Words of the query, comments among them."`
	MaxDepth      int           `default:"20" placeholder:"N" help:"How deep fields nest, where fragments are spread."`
	MaxNesting    int           `default:"50" placeholder:"N" help:"How deep lists and objects nest in values, in the query and in its variables."`
	MaxAliases    int           `default:"100" placeholder:"N" help:"Aliases of the query."`
	MaxRootFields int           `default:"100" placeholder:"N" help:"Root fields of an operation, where fragments are spread."`
	MaxDirectives int           `default:"50" placeholder:"N" help:"Directives of the query."`
	MaxSelections int           `default:"10000" placeholder:"N" help:"Selections of all operations of the query, where fragments are spread."`
	MaxWork       int           `default:"100000" placeholder:"N" help:"Steps that the validation of the query takes."`
	MaxCost       int           `default:"100000" placeholder:"N" help:"Rows that an operation may read: the product of the sizes of its nested pages."`
	MaxChanges    int           `default:"10000" placeholder:"N" help:"Steps of one mutation."`
	MaxRead       int           `default:"10000" placeholder:"N" help:"Claims, raids or statements that a computed field reads for one node, or at the root."`
	MaxResult     size          `default:"16MiB" placeholder:"SIZE" help:"The answer."`
	MaxTime       time.Duration `default:"10s" placeholder:"TIME" help:"The time that an answer takes."`
}

// AfterApply refuses a limit that would let nothing through: kong calls it once flags and environment are read.
func (l *LimitsConfig) AfterApply() error {
	return positive(map[string]int64{
		"max-body": int64(l.MaxBody), "max-tokens": int64(l.MaxTokens), "max-depth": int64(l.MaxDepth), "max-nesting": int64(l.MaxNesting),
		"max-aliases": int64(l.MaxAliases), "max-root-fields": int64(l.MaxRootFields), "max-directives": int64(l.MaxDirectives),
		"max-selections": int64(l.MaxSelections), "max-work": int64(l.MaxWork), "max-cost": int64(l.MaxCost), "max-changes": int64(l.MaxChanges), "max-read": int64(l.MaxRead),
		"max-result": int64(l.MaxResult), "max-time": int64(l.MaxTime),
	})
}

func (l *LimitsConfig) limits() gql.Limits {
	return gql.Limits{BodyBytes: int(l.MaxBody), Tokens: l.MaxTokens, Depth: l.MaxDepth, Nesting: l.MaxNesting, Aliases: l.MaxAliases,
		RootFields: l.MaxRootFields, Directives: l.MaxDirectives, Selections: l.MaxSelections, Work: l.MaxWork, Cost: l.MaxCost, Changes: l.MaxChanges, Read: l.MaxRead,
		ResultBytes: int(l.MaxResult), Time: l.MaxTime}
}

// LiveConfig says what clients that stay connected may hold.
type LiveConfig struct {
	MaxConnections   int           `default:"10000" placeholder:"N" help:"WebSockets and event streams at the same time."`
	MaxSubscriptions int           `default:"10000" placeholder:"N" help:"Subscriptions at the same time, over all connections, and other operations over them."`
	MaxOperations    int           `default:"100" placeholder:"N" help:"Subscriptions and other operations of one connection at the same time."`
	InitTimeout      time.Duration `default:"10s" placeholder:"TIME" help:"How long a WebSocket may take to send connection_init."`
	Ping             time.Duration `default:"20s" placeholder:"TIME" help:"How often a connection is tried, so that one which is gone is noticed."`
	Stall            time.Duration `default:"10s" placeholder:"TIME" help:"How long a client may take for a message before it is told that it is too slow; after twice that time it is dropped."`
	Poll             time.Duration `default:"50ms" placeholder:"TIME" help:"How often changes of other processes are looked for, while there are subscriptions."`
	Cache            size          `name:"event-cache" default:"16MiB" placeholder:"SIZE" help:"Memory for events that several subscriptions share."`
	Origin           []string      `placeholder:"HOST" help:"Pages of other origins that may open a WebSocket: app.example.org, *.example.org, several with commas between."`
}

// AfterApply refuses a limit that would let nothing through, and what is no host: kong calls it once flags and environment are
// read.
func (l *LiveConfig) AfterApply() error {
	for _, o := range l.Origin {
		if _, err := path.Match(o, ""); err != nil || o == "" || o == "*" {
			return fmt.Errorf("--origin %q is no host: it would be such as app.example.org or *.example.org", o)
		}
	}
	return positive(map[string]int64{"max-connections": int64(l.MaxConnections), "max-subscriptions": int64(l.MaxSubscriptions), "max-operations": int64(l.MaxOperations),
		"init-timeout": int64(l.InitTimeout), "ping": int64(l.Ping), "stall": int64(l.Stall), "poll": int64(l.Poll), "event-cache": int64(l.Cache)})
}

// positive refuses a value that is 0 or less, by the name of its flag.
func positive(values map[string]int64) error {
	for name, value := range values {
		if value <= 0 {
			return fmt.Errorf("--%s must be more than 0; to lift a limit, set it high", name)
		}
	}
	return nil
}

// LogConfig says what is logged, on standard error.
type LogConfig struct {
	Level  slog.Level `default:"info" placeholder:"LEVEL" help:"The least that is logged: debug, info, warn or error."`
	Format string     `default:"text" enum:"text,json" placeholder:"FORMAT" help:"How a line is written: text or json."`
}

func (c LogConfig) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// size is a number of bytes: 1048576, 1MiB, 500KB.
type size int64

var units = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}}

// UnmarshalText reads a size.
func (s *size) UnmarshalText(text []byte) error {
	for _, unit := range units {
		digits, found := strings.CutSuffix(string(text), unit.name)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err == nil && n >= 0 && n <= math.MaxInt64/unit.bytes {
			*s = size(n * unit.bytes)
			return nil
		}
		break
	}
	return fmt.Errorf("%q is no size: it would be such as 1048576, 500KB or 1MiB", text)
}
