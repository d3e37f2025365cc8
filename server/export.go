package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

type exportCommand struct {
	DatabaseConfig `embed:""`

	Output string `short:"o" placeholder:"FILE" help:"The file to write, in place of standard output. It is there when it is whole."`
	Case   bool   `help:"Write a case file, without the reference data."`
	Title  string `default:"A case" placeholder:"TEXT" help:"The title of the case file."`
}

func (exportCommand) Help() string {
	return `One record is one line: nodes first, then relationships, always in the same order. What is computed is left out. "raidgraph import" reads it; the export of what was imported is the same, byte by byte.

A case file (--case) is YAML, for people. It says all but when something was recorded here; what it cannot say is refused. The reference data is left out where it is as it ships.`
}

func (c *exportCommand) Run(p *process) error {
	store, err := c.open(p.ctx, p.model.Graph, readOnly)
	if err != nil {
		return err
	}
	defer store.Close()
	write := export
	if c.Case {
		write = func(p *process, store graph.Store, w io.Writer) error { return exportCase(p, store, w, c.Title) }
	}
	if c.Output == "" {
		return write(p, store, p.out)
	}
	return wholeFile(c.Output, func(w io.Writer) error { return write(p, store, w) })
}

// exportCase writes the graph as a case file, which is held as a whole.
func exportCase(p *process, store graph.Store, w io.Writer, title string) error {
	text, err := casefile.Write(p.model, casefile.Export{Title: title, Records: recordsOf(p.ctx, store), Shipped: reference.Records(p.model.Graph)})
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// errStopped ends an export whose records are wanted no more.
var errStopped = errors.New("no more is wanted")

// recordsOf are the records of a store.
func recordsOf(ctx context.Context, store graph.Store) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		err := store.Export(ctx, func(r graph.Record) error {
			if !yield(r, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// export writes the graph as JSON Lines, in constant memory.
func export(p *process, store graph.Store, w io.Writer) error {
	out := bufio.NewWriterSize(w, 256<<10)
	progress := newProgress(p.errors, "export")
	var line []byte
	err := store.Export(p.ctx, func(r graph.Record) error {
		progress.step()
		line = append(graph.AppendRecord(line[:0], r), '\n')
		_, err := out.Write(line)
		return err
	})
	progress.end()
	if err == nil {
		err = out.Flush()
	}
	return err
}

// wholeFile writes a file under another name first, so that under its own it is never seen in part.
func wholeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return unwritable(name, err)
	}
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is told is why it was not written
		return unwritable(name, err)
	}
	return nil
}

func unwritable(name string, err error) error {
	return graph.Wrap(graph.Invalid, fmt.Sprintf("%s cannot be written", name), pathless(err))
}
