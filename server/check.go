package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

type checkCommand struct {
	DatabaseConfig `embed:""`
	ReportConfig   `embed:""`

	Files []string `arg:"" name:"file" help:"Case files (.yaml, .yml) and JSON Lines (.jsonl, .ndjson, or - for standard input)."`
}

func (checkCommand) Help() string {
	return `Every problem of every file is printed, each with file, line, column, what is wrong and what would be right. Nothing is imported, and the database is not changed.

What a case file refers to is looked for in the file, in the database if there is one, and in the reference data. Of JSON Lines each record is checked by itself, not what it refers to.

Where there is a database, it is told what each file would change in it: how many records are new, add to one that is there, are the same, or conflict, which is to say that a value is another one in the graph. Each conflict is told with its place in the file, both values, and whose word each is. With --no-conflicts a conflict is a problem.`
}

// maxChecked bounds the problems that are told of one file of JSON Lines.
const maxChecked = 1000

func (c *checkCommand) Run(p *process) error {
	known, err := casefile.InRecords(reference.Records(p.model.Graph))
	if err != nil {
		return err
	}
	checked := &checker{process: p, ReportConfig: c.ReportConfig}
	if _, err := os.Stat(c.Database); c.remote() || err == nil {
		store, err := c.open(p.ctx, p.model.Graph, readOnly)
		if err != nil {
			return err
		}
		defer store.Close()
		known = casefile.Either(casefile.InStore(p.ctx, store, p.model.Graph), known)
		checked.store = store
	}
	if checked.store == nil && (c.JSON || c.NoConflicts) {
		return graph.Errorf(graph.Invalid, "the database %s: there is none to compare with: --json and --no-conflicts need one", c.name())
	}
	bad := 0
	for _, file := range c.Files {
		err := checked.check(file, known)
		if errors.As(err, new(toldError)) {
			bad++
		} else if err != nil {
			return err
		}
	}
	if bad > 0 {
		return toldError{graph.Errorf(graph.Invalid, "%d files have problems", bad)}
	}
	return nil
}

// checker checks files, beside what is in a store; nil for none.
type checker struct {
	*process
	ReportConfig
	store graph.Store
}

// check tells every problem of a file.
func (p *checker) check(file string, known casefile.Lookup) error {
	switch formOf(file) {
	case formUnknown:
		return unknownForm(file)
	case formCase:
		read, err := readCase(p.ctx, file, p.model, known)
		if err != nil {
			return p.tell(file, err)
		}
		nodes, relationships := read.Counts()
		if !p.JSON {
			fmt.Fprintf(p.out, "%s: no problems; %d nodes and %d relationships\n", file, nodes, relationships)
		}
		return p.report(file, read.Records(), casePlaces{read})
	}
	name, source := file, file
	if file == "-" {
		var err error
		if source, err = spool(p.in); err != nil {
			return err
		}
		defer os.Remove(source)
		name = "standard input"
	}
	if err := p.checkLines(name, source); err != nil {
		return err
	}
	at := &linePlaces{name: name}
	return p.report(name, at.readLines(source, p.process), at)
}

// report tells what a file would change, where there is a store.
func (p *checker) report(name string, records graph.Records, at places) error {
	if p.store == nil {
		return nil
	}
	found, err := p.compare(p.ctx, p.store, name, records, at)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if p.JSON {
		err = found.json(p.out)
	} else {
		fmt.Fprintf(p.out, "%s: in the graph: %s\n", name, found.counts())
		found.details(p.out)
	}
	if err == nil && p.NoConflicts && found.Conflicting > 0 {
		fmt.Fprintf(p.errors, "%s: %d records have values that are others in the graph\n", name, found.Conflicting)
		return toldError{graph.Errorf(graph.Conflict, "%s has conflicts", name)}
	}
	return err
}

func (p *checker) checkLines(name, file string) error {
	lines, problems := 0, 0
	err := eachLine(file, func(number int, line []byte) error {
		lines++
		r, err := graph.DecodeRecord(p.model.Graph, line)
		if err == nil {
			err = graph.InvalidRecord(r, p.model.Graph.CheckRecord(r))
		}
		if err == nil {
			return nil
		}
		fmt.Fprintf(p.errors, "%s:%d: %v\n", name, number, err)
		if problems++; problems == maxChecked {
			fmt.Fprintf(p.errors, "%s: more problems are not told\n", name)
			return errEnough
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return fmt.Errorf("%s: %w", name, err)
	case problems > 0:
		return toldError{graph.Errorf(graph.Invalid, "%s has problems", name)}
	}
	if !p.JSON {
		fmt.Fprintf(p.out, "%s: no problems; %d records\n", name, lines)
	}
	return nil
}
