package main

import (
	"context"
	"errors"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/reference"
)

// isEmpty says whether a store has no record.
func isEmpty(ctx context.Context, store graph.Store) (bool, error) {
	found := errors.New("found a record")
	err := store.Export(ctx, func(graph.Record) error { return found })
	if errors.Is(err, found) {
		return false, nil
	}
	return err == nil, err
}

// seed writes the reference data and the sample case, both or neither.
func seed(ctx context.Context, store graph.Store, model *schema.Model) (graph.Applied, error) {
	records, err := seedRecords(model)
	if err != nil {
		return graph.Applied{}, err
	}
	return graph.Apply(ctx, store, model.Graph, graph.Changes{Origin: graph.OriginSeed, Records: records})
}

// seedRecords are the reference data and then the sample case.
func seedRecords(model *schema.Model) (graph.Records, error) {
	known, err := casefile.InRecords(reference.Records(model.Graph))
	if err != nil {
		return nil, err
	}
	name, text := reference.Sample()
	sample, err := casefile.Parse(name, text, model, known)
	if err != nil {
		return nil, err
	}
	return oneAfterAnother(reference.Records(model.Graph), sample.Records()), nil
}

// oneAfterAnother joins sequences of records: nodes of the later ones may be joined to nodes of the earlier ones.
func oneAfterAnother(sequences ...graph.Records) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for _, records := range sequences {
			for r, err := range records {
				if !yield(r, err) {
					return
				}
			}
		}
	}
}
