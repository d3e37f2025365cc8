package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/neo4j"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// access says what a command does with the database.
type access uint8

const (
	readOnly access = iota // it exists, and is not changed
	existing               // it exists, and is changed
	creating               // it is made where it does not exist
)

// open opens the database.
func (c *DatabaseConfig) open(ctx context.Context, schema *graph.Schema, for_ access) (graph.Store, error) {
	store, err := c.openStore(ctx, schema, for_)
	if err != nil {
		return nil, fmt.Errorf("the database %s: %w", c.name(), err)
	}
	return store, nil
}

func (c *DatabaseConfig) openStore(ctx context.Context, schema *graph.Schema, for_ access) (graph.Store, error) {
	if !c.remote() {
		if _, err := os.Stat(c.Database); for_ == existing && errors.Is(err, os.ErrNotExist) {
			return nil, graph.Errorf(graph.Invalid, "there is no such file")
		}
		return opened(sqlite.Open(ctx, sqlite.Config{Path: c.Database, Schema: schema, ReadOnly: for_ == readOnly,
			Readers: c.SQLite.Readers, CacheBytes: int64(c.SQLite.Cache)}))
	}
	uri, database, err := c.remoteDatabase()
	if err != nil {
		return nil, err
	}
	return opened(neo4j.Open(ctx, neo4j.Config{URI: uri, Database: database, Schema: schema, Username: c.Neo4j.Username,
		Password: c.Neo4j.Password, MaxPool: c.Neo4j.Pool, AcquireTimeout: c.Neo4j.AcquireTimeout,
		QueryTimeout: c.Neo4j.QueryTimeout, MaxRetryTime: c.Neo4j.RetryTime, FetchSize: c.Neo4j.FetchSize}))
}

// opened makes a plain nil of a store that could not be opened.
func opened[S graph.Store](store S, err error) (graph.Store, error) {
	if err != nil {
		return nil, err
	}
	return store, nil
}

// remote says whether the database is a URL rather than a file.
func (c *DatabaseConfig) remote() bool { return strings.Contains(c.Database, "://") }

// remoteDatabase takes the name of the database out of the URL.
func (c *DatabaseConfig) remoteDatabase() (uri, database string, err error) {
	u, err := url.Parse(c.Database)
	if err != nil {
		return "", "", graph.Errorf(graph.Invalid, "this is no URL: it would be such as neo4j://localhost:7687/name")
	}
	scheme, _, _ := strings.Cut(u.Scheme, "+")
	switch {
	case scheme != "neo4j" && scheme != "bolt":
		return "", "", graph.Errorf(graph.Invalid, "%s:// is not known: use neo4j://, neo4j+s://, neo4j+ssc://, bolt://, bolt+s://, bolt+ssc:// or the name of a file", u.Scheme)
	case u.User != nil:
		return "", "", graph.Errorf(graph.Invalid, "the URL must not hold a user or password: set NEO4J_USERNAME and NEO4J_PASSWORD")
	case u.Hostname() == "":
		return "", "", graph.Errorf(graph.Invalid, "the URL names no host: it would be such as neo4j://localhost:7687/name")
	}
	database = strings.Trim(u.Path, "/")
	if strings.Contains(database, "/") {
		return "", "", graph.Errorf(graph.Invalid, "%s is no name of a database", graph.Quote(database))
	}
	u.Path = ""
	return u.String(), database, nil
}

// name is the database for people: a URL never shows the user or password that it should not hold.
func (c *DatabaseConfig) name() string {
	if u, err := url.Parse(c.Database); c.remote() && err == nil {
		u.User = nil
		return u.String()
	}
	return c.Database
}
