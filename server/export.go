package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/raidgraph/raidgraph/graph"
)

type exportCommand struct {
	DatabaseConfig `embed:""`

	Output string `short:"o" placeholder:"FILE" help:"The file to write, in place of standard output. It is there when it is whole."`
}

func (exportCommand) Help() string {
	return `One record is one line: nodes first, then relationships, always in the same order. What is computed is left out. "raidgraph import" reads it; the export of what was imported is the same, byte by byte.`
}

func (c *exportCommand) Run(p *process) error {
	store, err := c.open(p.ctx, p.model.Graph, readOnly)
	if err != nil {
		return err
	}
	defer store.Close()
	if c.Output == "" {
		return export(p, store, p.out)
	}
	return wholeFile(c.Output, func(w io.Writer) error { return export(p, store, w) })
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
