package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// serve is the process of the floors: it prints its URL and answers until its standard input ends.
func serve(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	sqlite := flags.String("sqlite", "", "file of the database")
	writes := flags.String("writes", "", "file of a database that the server made, to be written to")
	uri := flags.String("neo4j", "", "URI of the database; user and password come from NEO4J_USERNAME and NEO4J_PASSWORD")
	if err := flags.Parse(args); err != nil {
		return err
	}
	mux := http.NewServeMux()
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		return err
	}
	if err := layerHandlers(mux, m); err != nil {
		return err
	}
	mux.Handle("/live", &liveFloor{})
	if *sqlite != "" {
		f, db, err := sqliteFloors(*sqlite)
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		f.handle(mux)
	}
	if *writes != "" {
		f, err := openWriteFloor(ctx, *writes)
		if err != nil {
			return err
		}
		defer func() { _ = f.db.Close() }()
		f.handle(mux)
	}
	if *uri != "" {
		f, driver, err := neo4jFloors(fromEnvironment(*uri))
		if err != nil {
			return err
		}
		defer func() { _ = driver.Close(ctx) }()
		f.handle(mux)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	// What a server has that faces the world, raidgraph's among them.
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute}
	go func() {
		// The one that started it is gone, or wants it to end.
		_, _ = os.Stdin.Read(make([]byte, 1))
		_ = server.Close()
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
