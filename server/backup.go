package main

import (
	"context"
	"fmt"

	"github.com/raidgraph/raidgraph/graph"
)

type backupCommand struct {
	DatabaseConfig `embed:""`

	File string `arg:"" help:"The file to write. It is there, checked, when it is whole; one that has the name is replaced."`
}

func (backupCommand) Help() string {
	return `The copy is the state of the database at one moment, while servers and imports go on. To go back to it, serve it: raidgraph --database FILE, or put it in the place of the database while no server runs (and take away the files beside that whose names end in -wal and -shm).

This is for the database in a file. Neo4j has "neo4j-admin database dump" and "neo4j-admin database backup"; "raidgraph export" works with both.`
}

// backuper is a store that can copy itself.
type backuper interface {
	Backup(ctx context.Context, path string, progress func(done, all int)) error
}

func (c *backupCommand) Run(p *process) error {
	if c.remote() {
		return graph.Errorf(graph.Invalid, `the database %s is copied by Neo4j itself: use "neo4j-admin database dump" or "neo4j-admin database backup"; "raidgraph export" writes its records`, c.name())
	}
	store, err := c.open(p.ctx, p.model.Graph, readOnly)
	if err != nil {
		return err
	}
	defer store.Close()
	progress := newProgress(p.errors, "backup")
	progress.unit = "pages"
	before := 0
	err = store.(backuper).Backup(p.ctx, c.File, func(done, _ int) {
		for ; before < done; before++ {
			progress.step()
		}
	})
	progress.end()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s is a copy of %s\n", c.File, c.name())
	return err
}
