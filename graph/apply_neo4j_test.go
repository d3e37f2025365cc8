package graph_test

import (
	"context"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/neo4j"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
)

// TestNeo4j does on a real Neo4j what the other tests do on SQLite.
func TestNeo4j(t *testing.T) {
	store := neo4jtest.Open(t, domain())
	for _, scenario := range []struct {
		name string
		test func(t *testing.T, store graph.Store)
	}{
		{"apply", testApply}, {"figures", applyFigures}, {"later word", applyLaterWord}, {"nationalities", applyNationalities},
		{"active", applyActive}, {"contradictions", applyContradictions}, {"statements", applyStatements}, {"refuses", applyRefuses}, {"export", exportRoundTrip}, {"rebuild", rebuild}, {"rebuild contradictions", rebuildContradictions},
		{"commit", testCommit}, {"conflicts", commitConflicts}, {"sources", commitSources}, {"supersedes", commitSupersedes},
		{"retracts", commitRetracts}, {"detaches", commitDetaches}, {"versions", versions}, {"dry run", dryRun}, {"follower", follows},
		{"revert", testRevert}, {"revert edges", revertEdges}, {"random reverts", func(t *testing.T, store graph.Store) { randomReverts(t, store, 5, fewer(2, 1)) }},
		{"random commits", func(t *testing.T, store graph.Store) { randomCommits(t, store, 5, fewer(12, 4)) }},
		{"random merges", func(t *testing.T, store graph.Store) { randomMerges(t, store, 6, fewer(4, 2)) }},
		{"merging at once", mergeAtOnce}, {"rebuild merged", rebuildMerged}, {"judgements", importJudgements}, {"merged writes", mergedWrites}, {"past merged", pastMerged}, {"similar", findSimilar},
		{"replicas", func(t *testing.T, store graph.Store) {
			other, err := neo4j.Open(context.Background(), neo4jtest.Config(t, domain()))
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			concurrentCommits(t, 4, store, other)
		}},
		{"random", func(t *testing.T, store graph.Store) { randomChanges(t, store, 4, fewer(6, 2), 6) }},
		{"past", func(t *testing.T, store graph.Store) { pastRecorded(t, store, 7, fewer(8, 3)) }},
		{"past published", func(t *testing.T, store graph.Store) { pastPublished(t, store, 3, fewer(4, 2)) }},
		{"refuses, bounded", func(t *testing.T, store graph.Store) { bound(t, 3, 0); applyRefuses(t, store) }},
		{"random, bounded", func(t *testing.T, store graph.Store) { bound(t, 3, 0); randomChanges(t, store, 4, fewer(2, 1), 40) }},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			empty(t, store)
			scenario.test(t, store)
		})
	}
}

// fewer is how many rounds a random history has: as many as it may, or few where tests are to be short.
func fewer(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}

// empty takes everything out of a store, which is faster than to set it up anew.
func empty(t *testing.T, store graph.Store) {
	t.Helper()
	err := store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		var all []graph.Record
		for _, k := range domain().Kinds {
			sets, err := tx.Query(ctx, &graph.Plan{Roots: []*graph.Select{{Name: "all", Kinds: []*graph.Kind{k}, Page: graph.Page{Limit: graph.NoArg},
				Fields: []graph.FieldRef{{Owner: graph.OfID}}, Order: []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}}}}}, nil)
			if err != nil {
				return err
			}
			for _, row := range sets[0].Rows {
				all = append(all, graph.NewNode(k, row[0].(string)))
			}
		}
		return tx.Remove(ctx, sequence(all))
	})
	if err != nil {
		t.Fatal(err)
	}
}
