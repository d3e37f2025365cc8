package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// TestRandomCommits mixes operations and imports by chance: rebuilding never finds a difference, what is refused leaves no
// trace, and a store that is given the outcome at once has the same projections.
func TestRandomCommits(t *testing.T) {
	seeds := 16
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		if seed%3 == 2 {
			bound(t, 1+seed%5, seed/3%10)
		}
		store := graph.Store(storetest.NewModel(domain()))
		if seed%4 == 0 {
			store = openSQLite(t)
		}
		randomCommits(t, store, uint64(seed), 25)
	}
}

func randomCommits(t *testing.T, store graph.Store, seed uint64, rounds int) {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 2)), written: map[string]bool{}}
	w.base()
	w.line(`{"node":"Agency","id":"agency:police","name":"A","type":"POLICE","country":"KH"}`)
	w.line(`{"node":"Source","id":"source:s","seen":true}`)
	apply(t, store, w.take())
	last := ""
	for round := range rounds {
		what := fmt.Sprintf("seed %d, round %d", seed, round)
		if round%4 == 0 {
			for range 6 {
				w.change()
			}
			apply(t, store, w.take())
		}
		records := lines(t, export(t, store))
		var operations []graph.Operation
		for range 1 + w.IntN(3) {
			operations = append(operations, w.operation(t, records))
		}
		before := export(t, store)
		id := fmt.Sprintf("round-%d", round)
		_, err := tryCommit(store, id, operations...)
		switch graph.CodeOf(err) {
		case "":
			last = id
		case graph.Invalid, graph.NotFound, graph.Conflict:
			if after := export(t, store); after != before {
				t.Fatalf("%s: %v, and yet something changed", what, err)
			}
		default:
			t.Fatalf("%s: %v", what, err)
		}
		diff, err := graph.Rebuild(context.Background(), store, domain())
		if err != nil || diff.Any() {
			t.Fatalf("%s: %+v, %v after %+v", what, diff, err, operations)
		}
	}
	if last == "" {
		t.Errorf("seed %d: nothing was applied", seed)
	}
	numbered(t, store)
	whole := export(t, store)
	atOnce := storetest.NewModel(domain())
	apply(t, atOnce, whole)
	for _, r := range domain().Relations {
		if r.Projection && !r.Ends[0].From.Journal {
			same(t, fmt.Sprint("seed ", seed, " ", r.Type), projections(t, atOnce, r.Type), projections(t, store, r.Type)...)
		}
	}
	same(t, fmt.Sprint("seed ", seed), values(t, atOnce, "Compound", "activeAfterRaid"), values(t, store, "Compound", "activeAfterRaid")...)
}

// numbered makes sure that the changes have all numbers from 1, each once.
func numbered(t *testing.T, store graph.Store) {
	t.Helper()
	seen := map[string]bool{}
	all := values(t, store, "Change", "sequence")
	for _, v := range all {
		_, number, _ := strings.Cut(v, " ")
		seen[number] = true
	}
	for n := 1; n <= len(all); n++ {
		if !seen[fmt.Sprint(n)] {
			t.Errorf("of %d changes none has the number %d", len(all), n)
		}
	}
}

// operation makes an operation of any kind on what is there.
func (w *writer) operation(t *testing.T, records []graph.Record) graph.Operation {
	raid, repatriation := w.id("raid", 3), w.id("repatriation", 3)
	switch w.IntN(10) {
	case 0:
		return byWord(step(t, graph.Update, fmt.Sprintf(`{"node":"Raid","id":"%s","date":{"edtf":"%s"}}`, raid, w.date())))
	case 1:
		return byWord(step(t, graph.Update, fmt.Sprintf(`{"node":"Raid","id":"%s"}`, raid)+"\n"+link("TARGETED", raid, w.id("compound", 3))+"\n"+
			fmt.Sprintf(`{"relation":"PARTICIPATED_IN","from":"%s","to":"%s","role":"LEAD"}`, w.speaker(), raid)))
	case 2:
		op := byWord(step(t, graph.Update, fmt.Sprintf(`{"node":"Repatriation","id":"%s"}`, repatriation)))
		if w.IntN(2) == 0 {
			op.Ends = []graph.EndOf{{Relation: domain().Relation("OF_NATIONALITY"), Property: "nationality"}}
			return op
		}
		op.Edges = []graph.Link{{Edge: graph.NewEdge(domain().Relation("OF_NATIONALITY"), repatriation, w.id("nationality", 3)), Property: "nationality"}}
		return op
	case 3:
		id := w.id("claim", 40)
		return step(t, graph.Create, claim(strings.TrimPrefix(id, "claim:"), w.subject(), figure("FOUND", "words", fmt.Sprintf(`"mode":"EXACT","value":%d`, w.IntN(500)))))
	case 4, 5:
		for range 20 {
			if n, ok := records[w.IntN(len(records))].(*graph.Node); ok {
				switch n.Kind.Name {
				case "Raid", "Repatriation", "Statement":
					if w.IntN(3) == 0 {
						return retracts(n.ID)
					}
				case "Claim":
					return retracts(n.ID)
				}
			}
		}
		return retracts(raid)
	}
	for range 50 {
		if e, ok := records[w.IntN(len(records))].(*graph.Edge); ok {
			return graph.Operation{Do: graph.Detach, Edge: e}
		}
	}
	return retracts(raid)
}
