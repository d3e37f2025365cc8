package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

// importer imports files into a store.
type importer struct {
	*process
	ReportConfig
	store  graph.Store
	dryRun bool
	// before are the records that a dry run does before those of a file, for a store that is empty: see begin.
	before graph.Records
}

// begin fills a store that is empty with the reference data, and with the sample case where that is asked for.
func (i *importer) begin(sample bool) error {
	empty, err := isEmpty(i.ctx, i.store)
	if err != nil || !empty {
		return err
	}
	name, records := "the reference data", reference.Records(i.model.Graph)
	if sample {
		name = "the reference data and the sample case"
		if records, err = seedRecords(i.model); err != nil {
			return err
		}
	}
	if i.dryRun {
		i.before = records
		return nil
	}
	w, err := i.apply(name, graph.Changes{Origin: graph.OriginSeed, Records: records})
	if err == nil && !i.JSON {
		i.written(name, w)
	}
	return err
}

func (i *importer) file(file string) error {
	if formOf(file) == formCase {
		text, err := caseText(i.ctx, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		return i.caseFile(file, text)
	}
	if file == "-" {
		spooled, err := spool(i.in)
		if err != nil {
			return err
		}
		defer os.Remove(spooled)
		return i.lines("standard input", spooled)
	}
	return i.lines(file, file)
}

// caseFile imports a case file.
func (i *importer) caseFile(file string, text []byte) error {
	known := casefile.InStore(i.ctx, i.store, i.model.Graph)
	if i.before != nil {
		var err error
		if known, err = casefile.InRecords(i.before); err != nil {
			return err
		}
	}
	c, err := casefile.Parse(file, text, i.model, known)
	if err != nil {
		return i.tell(file, err)
	}
	return i.changes(file, c.Records(), casePlaces{c})
}

// lines imports a file of JSON Lines.
func (i *importer) lines(name, file string) error {
	if i.NoConflicts || i.JSON || i.dryRun {
		at := &linePlaces{name: name}
		return i.changes(name, at.readLines(file, i.process), at)
	}
	w, err := i.apply(name, graph.Changes{Origin: graph.OriginImport, Records: readLines(name, file, i.model.Graph)})
	if err == nil {
		i.written(name, w)
	}
	return err
}

// changes imports records, and tells what they change.
func (i *importer) changes(name string, records graph.Records, at places) error {
	var found *report
	changes := graph.Changes{Origin: graph.OriginImport, Records: records, DryRun: i.dryRun}
	if i.before != nil {
		changes.Records = oneAfterAnother(i.before, records)
	}
	changes.Look = func(ctx context.Context, tx graph.Tx) error {
		var err error
		if found, err = i.compare(ctx, tx, name, records, at); err == nil && i.NoConflicts && found.Conflicting > 0 {
			return errConflicts
		}
		return err
	}
	w, err := i.apply(name, changes)
	if err != nil && !errors.Is(err, errConflicts) {
		return err
	}
	found.DryRun = i.dryRun
	switch {
	case i.JSON:
		if err := found.json(i.out); err != nil {
			return err
		}
	case i.dryRun || err != nil:
		fmt.Fprintf(i.out, "%s: %s\n", name, found.counts())
		found.details(i.out)
	default:
		i.written(name, w)
		found.details(i.out)
	}
	if err != nil {
		return found.refusal()
	}
	return nil
}

// errConflicts undoes an import that would change a value.
var errConflicts = errors.New("there are conflicts")

// refusal is the error for a file that is refused for its conflicts.
func (r *report) refusal() error {
	return graph.Errorf(graph.Conflict, "%s: nothing of it was imported: %d of its records have values that are others in the graph; correct the file, or import it without --no-conflicts", r.File, r.Conflicting)
}

// apply writes the records of a file.
func (i *importer) apply(name string, changes graph.Changes) (graph.Written, error) {
	progress := newProgress(i.errors, name)
	changes.Records, changes.Note = progress.count(changes.Records), filepath.Base(name)
	applied, err := graph.Apply(i.ctx, i.store, i.model.Graph, changes)
	progress.end()
	if err != nil {
		return graph.Written{}, fmt.Errorf("%s: nothing of it was imported: %w", name, err)
	}
	return applied.Written, nil
}

// written says what came of an import.
func (i *importer) written(name string, w graph.Written) {
	fmt.Fprintf(i.out, "%s: %d new, %d changed, %d as they were\n", name, w.Created, w.Changed, w.Same)
}
