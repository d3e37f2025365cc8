package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/neo4j"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// profileCommand answers a question again and again by the engine, without HTTP, and writes profiles for go tool pprof.
func profileCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench profile", flag.ExitOnError)
	database := flags.String("database", "", "`file` or URI of a database that run or the server's import filled; memory for rows from memory")
	name := flags.String("question", "nested", "the `question`, of "+strings.Join(names(), ", "))
	raids := flags.Int("raids", 500, "how many `raids` it has, for the variables")
	long := flags.Duration("for", 3*time.Second, "how `long`")
	dir := flags.String("dir", ".", "`folder` for cpu.prof and allocs.prof")
	show := flags.Bool("statement", false, "print the statement first")
	if err := flags.Parse(args); err != nil {
		return err
	}
	i := slices.IndexFunc(questions, func(q question) bool { return q.name == *name })
	if i < 0 || *database == "" {
		return errors.New("--database is missing, or there is no such question (see bench profile --help)")
	}
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		return err
	}
	store, err := openStore(ctx, *database, m.Graph)
	if err != nil {
		return err
	}
	engine, err := gql.New(gql.Config{Model: m, Store: store})
	if err != nil {
		return err
	}
	var requests []gql.Request
	q := questions[i]
	for i := range q.number() {
		requests = append(requests, q.request(*raids, i))
	}
	if *show {
		if err := printStatement(engine, store, requests[0]); err != nil {
			return err
		}
	}
	return errors.Join(profiled(ctx, engine, requests, *long, *dir), store.Close())
}

func openStore(ctx context.Context, database string, s *graph.Schema) (graph.Store, error) {
	switch {
	case database == "memory":
		return newMemory(), nil
	case strings.Contains(database, "://"):
		a := fromEnvironment(database)
		return neo4j.Open(ctx, neo4j.Config{URI: a.uri, Username: a.username, Password: a.password, Schema: s})
	}
	return sqlite.Open(ctx, sqlite.Config{Path: database, Schema: s, ReadOnly: true})
}

func printStatement(engine *gql.Engine, store graph.Store, req gql.Request) error {
	plan, _, err := engine.Plan(req)
	if err != nil {
		return err
	}
	explains, ok := store.(interface {
		Explain(*graph.Plan) ([]string, error)
	})
	if !ok {
		return nil
	}
	statements, err := explains.Explain(plan)
	fmt.Println(strings.Join(statements, "\n\n"))
	return err
}

// profiled answers the requests in turn for so long, and prints what one costs.
func profiled(ctx context.Context, engine *gql.Engine, requests []gql.Request, long time.Duration, dir string) (err error) {
	ask := func(i int) error {
		resp := engine.Execute(ctx, requests[i%len(requests)])
		defer resp.Release()
		if resp.Code != "" {
			return fmt.Errorf("%s", resp.Body)
		}
		return nil
	}
	for i := range 100 {
		if err := ask(i); err != nil {
			return err
		}
	}
	cpu, err := os.Create(filepath.Join(dir, "cpu.prof"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cpu.Close()) }()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start, n := time.Now(), 0
	for ; time.Since(start) < long; n++ {
		if err := ask(n); err != nil {
			return err
		}
	}
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	pprof.StopCPUProfile()
	fmt.Printf("%v, %d allocations, %d bytes each\n", (elapsed / time.Duration(n)).Round(10*time.Nanosecond),
		(after.Mallocs-before.Mallocs)/uint64(n), (after.TotalAlloc-before.TotalAlloc)/uint64(n))
	allocs, err := os.Create(filepath.Join(dir, "allocs.prof"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(allocs, 0), allocs.Close())
}
