// Command bench measures raidgraph beside peers and floors: in one run, turn about, so that the ratios hold on a machine that
// others use too. Run it by scripts/bench; docs/benchmarks.md says what is compared.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: bench run     --server BINARY [FLAG...]   measures, and prints a table
       bench data    --records N FILE            writes a generated graph as JSON Lines
       bench profile --database FILE [FLAG...]   profiles how one question is answered, in this process
       bench serve                               is what run starts for the other sides

"bench COMMAND --help" lists the flags. scripts/bench builds the server and runs it.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"help"}
	}
	switch args[0] {
	case "run":
		return runCommand(ctx, args[1:])
	case "data":
		return dataCommand(args[1:])
	case "profile":
		return profileCommand(ctx, args[1:])
	case "serve":
		return serve(ctx, args[1:])
	case "help", "-h", "--help":
		fmt.Print(usage)
		return nil
	}
	return fmt.Errorf("there is no command %s\n%s", args[0], usage)
}

// sections are what run can measure.
var sections = []string{"layer", "embedded", "live", "writes", "neo4j"}

func runCommand(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("bench run", flag.ExitOnError)
	r := run{Context: ctx}
	flags.StringVar(&r.binary, "server", "", "the server's `binary`, built by go build ./server")
	flags.StringVar(&r.dir, "dir", "", "`folder` for databases; a temporary one that is removed where it is empty")
	flags.IntVar(&r.rounds, "rounds", 7, "`rounds` of a comparison; its figure is their median")
	flags.DurationVar(&r.window, "window", 500*time.Millisecond, "how `long` each side is asked in a round")
	flags.IntVar(&r.divide, "divide", 1, "make the graphs this many `times` smaller, for a try")
	flags.BoolVar(&r.growing, "growth", true, "compare with ten times the data")
	uri := flags.String("neo4j", "", "`URI` of an empty Neo4j; user and password come from NEO4J_USERNAME and NEO4J_PASSWORD")
	larger := flags.String("neo4j-large", "", "`URI` of a second one, for ten times the data; its password comes from NEO4J_PASSWORD_LARGE")
	what := flags.String("what", "layer,embedded,live,writes", "`sections`, of "+strings.Join(sections, ", "))
	only := flags.String("only", "", "`questions`, of "+strings.Join(names(), ", ")+"; all where it is empty")
	connections := flags.String("connections", "2,8", "how many requests are under way at `once`")
	file := flags.String("json", "", "write the figures as JSON to this `file`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	r.neo4jSmall, r.neo4jLarge = fromEnvironment(*uri), fromEnvironment(*larger)
	r.neo4jLarge.password = os.Getenv("NEO4J_PASSWORD_LARGE")
	if r.what, err = list(*what, sections); err != nil {
		return err
	}
	if r.only, err = list(*only, names()); err != nil {
		return err
	}
	for _, n := range split(*connections) {
		c, err := strconv.Atoi(n)
		if err != nil || c < 1 {
			return fmt.Errorf("--connections %s: numbers from 1", *connections)
		}
		r.connections = append(r.connections, c)
	}
	if r.binary == "" || len(r.connections) == 0 || r.rounds < 1 || r.divide < 1 {
		return errors.New("--server is missing, or a number is below 1 (see bench run --help)")
	}
	if r.dir == "" {
		if r.dir, err = os.MkdirTemp("", "raidgraph-bench-*"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }()
	}
	r.Rounds, r.Seconds, r.progress = r.rounds, r.window.Seconds(), os.Stderr
	err = r.all()
	fmt.Fprintln(os.Stderr)
	err = errors.Join(err, r.table(os.Stdout))
	if *file != "" {
		err = errors.Join(err, r.write(*file))
	}
	return err
}

// all runs the sections that are wanted.
func (r *run) all() error {
	for i, section := range []func() error{r.layer, r.embedded, r.live, r.writes, r.neo4j} {
		if slices.Contains(r.what, sections[i]) {
			if err := section(); err != nil {
				return err
			}
		}
	}
	return nil
}

func names() []string {
	var all []string
	for _, q := range questions {
		all = append(all, q.name)
	}
	return all
}

func split(text string) []string {
	return slices.DeleteFunc(strings.Split(text, ","), func(s string) bool { return s == "" })
}

// list reads a list of words, each of which must be one of some.
func list(text string, some []string) ([]string, error) {
	words := split(text)
	for _, w := range words {
		if !slices.Contains(some, w) {
			return nil, fmt.Errorf("there is no %s: use %s", w, strings.Join(some, ", "))
		}
	}
	return words, nil
}

func dataCommand(args []string) error {
	flags := flag.NewFlagSet("bench data", flag.ExitOnError)
	records := flags.Int("records", smallSQLite, "how many `records`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("one file is named (see bench data --help)")
	}
	n, err := generate(flags.Arg(0), *records)
	if err == nil {
		fmt.Printf("%s: %s records\n", flags.Arg(0), thousands(n))
	}
	return err
}
