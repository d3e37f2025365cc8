package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/reference"
)

type importCommand struct {
	DatabaseConfig `embed:""`

	ReportConfig `embed:""`

	DryRun  bool     `help:"Do everything and undo it, and tell what the files would change; each is tried by itself."`
	Shipped []string `placeholder:"NAME" help:"A case that ships with the program: mango-park. It builds on the sample case, which a database that is empty gets first."`
	Files   []string `arg:"" name:"file" optional:"" help:"Case files (.yaml, .yml) and JSON Lines (.jsonl, .ndjson, or - for standard input)."`
}

// Validate says what is missing of the arguments.
func (c *importCommand) Validate() error {
	if len(c.Files) == 0 && len(c.Shipped) == 0 {
		return errors.New("name a file, or a case with --shipped")
	}
	return nil
}

// ReportConfig is how a command tells what files would change.
type ReportConfig struct {
	NoConflicts bool `help:"Refuse a file that has a value which is another one in the graph."`
	JSON        bool `name:"json" help:"Tell what each file changes as a line of JSON."`
}

func (importCommand) Help() string {
	return `Each file is imported as a whole or not at all, one after another; the first that fails ends the import. Importing a file again changes nothing.

A value that is another one in the graph is told with its place in the file, both values, and whose word each is, and is then as the file has it; what it was is kept as a version. With --no-conflicts the file is refused instead. Of JSON Lines this is told only with --no-conflicts, --dry-run or --json, for it reads as much again as it writes.

A case file names provinces, agencies and others of the reference data: a database that is empty gets those first, if there is a case file among the files. JSON Lines are what "raidgraph export" writes: nodes first, then relationships.`
}

func (c *importCommand) Run(p *process) error {
	for _, file := range c.Files {
		if formOf(file) == formUnknown {
			return unknownForm(file)
		}
	}
	for _, name := range c.Shipped {
		if file, _ := reference.ShippedCase(name); file == "" {
			return graph.Errorf(graph.Invalid, "no case %s ships with the program: there is %s", graph.Quote(name), strings.Join(reference.Shipped(), ", "))
		}
	}
	for_ := creating
	if c.DryRun {
		for_ = existing
	}
	store, err := c.open(p.ctx, p.model.Graph, for_)
	if err != nil {
		return err
	}
	defer store.Close()
	i := &importer{process: p, store: store, ReportConfig: c.ReportConfig, dryRun: c.DryRun}
	if len(c.Shipped) > 0 || slices.ContainsFunc(c.Files, func(f string) bool { return formOf(f) == formCase }) {
		if err := i.begin(len(c.Shipped) > 0); err != nil {
			return err
		}
	}
	for _, name := range c.Shipped {
		file, text := reference.ShippedCase(name)
		if err := i.caseFile(file, text); err != nil {
			return err
		}
	}
	for _, file := range c.Files {
		if err := i.file(file); err != nil {
			return err
		}
	}
	return nil
}

// form is how a file is written.
type form uint8

const (
	formUnknown form = iota
	formCase         // YAML
	formLines        // JSON Lines
)

func formOf(file string) form {
	if file == "-" {
		return formLines
	}
	switch strings.ToLower(filepath.Ext(file)) {
	case ".yaml", ".yml":
		return formCase
	case ".jsonl", ".ndjson":
		return formLines
	}
	return formUnknown
}

func unknownForm(file string) error {
	return graph.Errorf(graph.Invalid, "%s: the name does not say what it is: a case file ends in .yaml or .yml, JSON Lines in .jsonl or .ndjson, and - is JSON Lines from standard input", file)
}

// tell prints all problems of a case file, one a line, and gives the error that the command ends with.
func (p *process) tell(file string, err error) error {
	problems, ok := err.(casefile.Problems)
	if !ok {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Fprintln(p.errors, problems.Error())
	return toldError{graph.Errorf(graph.Invalid, "%s has %d problems", file, len(problems))}
}

// readCase reads a case file.
func readCase(ctx context.Context, file string, model *schema.Model, known casefile.Lookup) (*casefile.Case, error) {
	text, err := caseText(ctx, file)
	if err != nil {
		return nil, err
	}
	return casefile.Parse(file, text, model, known)
}

// caseText is the text of a case file.
func caseText(ctx context.Context, file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable(err)
	}
	return text, ctx.Err()
}

// unreadable is the error for a file that cannot be read, without its name, which the caller puts before it.
func unreadable(err error) error {
	return &graph.Error{Code: graph.Invalid, Message: "the file cannot be read", Err: pathless(err)}
}

// spool keeps an input that can be read once in a file: a database may ask to try a transaction again.
func spool(in io.Reader) (string, error) {
	f, err := os.CreateTemp("", "raidgraph-*.jsonl")
	if err != nil {
		return "", graph.Wrap(graph.Internal, "standard input cannot be kept", err)
	}
	_, err = io.Copy(f, in)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is of no more use, whether it goes or not
		return "", graph.Wrap(graph.Internal, "standard input cannot be kept", err)
	}
	return f.Name(), nil
}
