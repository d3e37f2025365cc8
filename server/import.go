package main

import (
	"context"
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

	Files []string `arg:"" name:"file" help:"Case files (.yaml, .yml) and JSON Lines (.jsonl, .ndjson, or - for standard input)."`
}

func (importCommand) Help() string {
	return `Each file is imported as a whole or not at all, one after another; the first that fails ends the import. Importing a file again changes nothing.

A case file names provinces, agencies and others of the reference data: a database that is empty gets those first, if there is a case file among the files. JSON Lines are what "raidgraph export" writes: nodes first, then relationships.`
}

func (c *importCommand) Run(p *process) error {
	for _, file := range c.Files {
		if formOf(file) == formUnknown {
			return unknownForm(file)
		}
	}
	store, err := c.open(p.ctx, p.model.Graph, creating)
	if err != nil {
		return err
	}
	defer store.Close()
	i := &importer{process: p, store: store}
	if slices.ContainsFunc(c.Files, func(f string) bool { return formOf(f) == formCase }) {
		if err := i.reference(); err != nil {
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

// importer imports files into a store.
type importer struct {
	*process
	store graph.Store
}

// reference fills a store that is empty with the reference data.
func (i *importer) reference() error {
	empty, err := isEmpty(i.ctx, i.store)
	if err != nil || !empty {
		return err
	}
	return i.apply("the reference data", graph.OriginSeed, reference.Records(i.model.Graph))
}

func (i *importer) file(file string) error {
	if formOf(file) == formCase {
		c, err := readCase(i.ctx, file, i.model, casefile.InStore(i.ctx, i.store, i.model.Graph))
		if err != nil {
			return i.tell(file, err)
		}
		return i.apply(file, graph.OriginImport, c.Records())
	}
	if file == "-" {
		spooled, err := spool(i.in)
		if err != nil {
			return err
		}
		defer os.Remove(spooled)
		return i.apply("standard input", graph.OriginImport, readLines("standard input", spooled, i.model.Graph))
	}
	return i.apply(file, graph.OriginImport, readLines(file, file, i.model.Graph))
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

// apply writes the records of a file, and says what came of it.
func (i *importer) apply(name string, origin graph.Origin, records graph.Records) error {
	progress := newProgress(i.errors, name)
	applied, err := graph.Apply(i.ctx, i.store, i.model.Graph, graph.Changes{Records: progress.count(records), Origin: origin, Note: filepath.Base(name)})
	progress.end()
	if err != nil {
		return fmt.Errorf("%s: nothing of it was imported: %w", name, err)
	}
	w := applied.Written
	fmt.Fprintf(i.out, "%s: %d new, %d changed, %d as they were\n", name, w.Created, w.Changed, w.Same)
	return nil
}

// readCase reads a case file.
func readCase(ctx context.Context, file string, model *schema.Model, known casefile.Lookup) (*casefile.Case, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return casefile.Parse(file, text, model, known)
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
