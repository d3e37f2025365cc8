package main

import (
	"context"
	"fmt"

	"github.com/raidgraph/raidgraph/graph"
)

type purgeCommand struct {
	DatabaseConfig `embed:""`

	Reason string   `required:"" placeholder:"TEXT" help:"Why: it is kept, and everybody can read it."`
	By     string   `placeholder:"NAME" help:"Who purges: kept too."`
	Yes    bool     `help:"Do it. Without this flag it is told what would go, and nothing does."`
	IDs    []string `arg:"" name:"id" help:"The nodes that go, by their ids."`
}

func (purgeCommand) Help() string {
	return `For what the law demands. Anything else is retracted or superseded, and stays readable as it was.

With a node go its relationships, all that is nothing without it (the claims about it, the statements that it made, a claim that only it tells), and every version of these: the past does not show them either, and receipts of answers that had them are not confirmed any more. What is left of each is a tombstone: its kind, the SHA-256 of its id, the reason, and when. No record can have the id again.

A database in a file is then written anew, so that nothing is left in free pages: that takes as much room as the file has. What is outside of it is yours to clean: backups, exports, copies, case files, and the transaction logs of Neo4j. Copies of the past that a running server keeps are given up at the next question.`
}

// compacter is a store that can leave nothing of what was deleted.
type compacter interface {
	Compact(ctx context.Context) error
}

func (c *purgeCommand) Run(p *process) error {
	store, err := c.open(p.ctx, p.model.Graph, existing)
	if err != nil {
		return err
	}
	defer store.Close()
	purged, err := graph.Purge{IDs: c.IDs, Reason: c.Reason, By: c.By, DryRun: !c.Yes}.Apply(p.ctx, store, p.model.Graph)
	if err != nil {
		return err
	}
	for _, id := range purged.Nodes {
		if _, err := fmt.Fprintln(p.out, id); err != nil {
			return err
		}
	}
	if !c.Yes {
		_, err = fmt.Fprintf(p.errors, "these %d nodes would be purged, and %d records of their history; nothing was done: add --yes\n", len(purged.Nodes), purged.Records)
		return err
	}
	if s, ok := store.(compacter); ok {
		if err := s.Compact(p.ctx); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(p.errors, "%d nodes were purged, and %d records of their history, by change %d\n", len(purged.Nodes), purged.Records, purged.Sequence)
	return err
}
