// Command raidgraph serves the graph by GraphQL over HTTP, and imports, exports and checks it. It reads flags and the
// environment into a Config, opens what the Config says, runs, and closes. `raidgraph --help` is its manual.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		// A later signal ends the program at once. One that comes with the first is the same signal, sent twice: timeout(1)
		// and some supervisors signal a process and its group.
		time.Sleep(time.Second)
		signal.Reset()
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// process is what a command has around it.
type process struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	errors io.Writer
	model  *schema.Model
	log    *slog.Logger
	kong   *kong.Kong
}

// run runs the command that the arguments name and gives the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	model, err := schema.Load(raidgraph.Schema)
	if err != nil {
		return fail(errs, graph.Wrap(graph.Internal, "the schema cannot be read", err))
	}
	var cli commands
	exited, code := false, 0
	parser, err := kong.New(&cli, append(kongOptions(), kong.Writers(out, errs),
		kong.Exit(func(c int) { exited, code = true, c }))...)
	if err != nil {
		return fail(errs, err)
	}
	command, err := parser.Parse(args)
	switch {
	case exited: // --help and --version print and leave
		return code
	case err != nil:
		fmt.Fprintf(errs, "raidgraph: %v (see raidgraph --help)\n", err)
		return exitUsage
	}
	p := &process{ctx: ctx, in: in, out: out, errors: errs, model: model, log: cli.Log.logger(errs), kong: parser}
	if err := command.Run(p); err != nil {
		return fail(errs, err)
	}
	return 0
}

// fail tells an operator what went wrong, in one line but where the error is a list, and gives the exit code.
func fail(errs io.Writer, err error) int {
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(errs, "raidgraph: interrupted")
		return exitInterrupted
	}
	var told toldError
	if !errors.As(err, &told) {
		fmt.Fprintf(errs, "raidgraph: %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return meaning(graph.CodeOf(err)).exit
}

// toldError is a failure whose reasons have been printed already.
type toldError struct{ error }

func (e toldError) Unwrap() error { return e.error }
