package main

import (
	"fmt"

	"github.com/raidgraph/raidgraph/graph"
)

type rebuildCommand struct {
	DatabaseConfig `embed:""`
}

func (rebuildCommand) Help() string {
	return `Best figures, bands, and the relationships that graph browsers show follow from claims and events. They are written with them, so that this finds nothing to do unless something else wrote to the database, or a new version computes them in another way. A server may go on meanwhile.`
}

func (c *rebuildCommand) Run(p *process) error {
	store, err := c.open(p.ctx, p.model.Graph, existing)
	if err != nil {
		return err
	}
	defer store.Close()
	d, err := graph.Rebuild(p.ctx, store, p.model.Graph)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d were missing, %d differed, %d should not have been\n", d.Created, d.Changed, d.Removed)
	return nil
}
