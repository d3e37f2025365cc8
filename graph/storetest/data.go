package storetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// data is a generated graph: what is put into a store and into the model.
type data struct {
	schema  *graph.Schema
	nodes   []*graph.Node
	edges   []*graph.Edge
	byKind  map[*graph.Kind][]*graph.Node
	edgeIDs map[edgeID]bool
}

// smallSizes are how many nodes of each kind a graph has, hub aside.
var smallSizes = map[string]int{"Person": 110, "Group": 40, "Place": 50, "Event": 90, "Note": 80, "Grain": 25}

// generate makes a graph with ties, nulls, loops, parallel relationships, and nodes with many relations.
func generate(schema *graph.Schema, r *rand.Rand, sizes map[string]int) *data {
	d := &data{schema: schema, byKind: map[*graph.Kind][]*graph.Node{}, edgeIDs: map[edgeID]bool{}}
	for _, k := range schema.Kinds {
		for i := range sizes[k.Name] {
			d.addNode(randomNode(r, k, randomID(r, k, i)))
		}
	}
	d.addTallies(r)
	for _, rel := range schema.Relations {
		if rel.Type == "TALLY_OF" || rel.Type == "HOLDS" {
			continue
		}
		for _, e := range rel.Ends {
			from, to := d.byKind[e.From], d.byKind[e.To]
			for range len(from)*2 + 10 {
				d.link(r, rel, randomEnd(r, from), randomEnd(r, to))
			}
			if e.From == e.To {
				for range 4 {
					n := pick(r, from)
					d.link(r, rel, n, n)
				}
			}
		}
	}
	holds := schema.Relation("HOLDS")
	for range 30 {
		d.link(r, holds, pick(r, d.byKind[schema.Kind("Group")]), pick(r, d.byKind[schema.Kind("Grain")]))
	}
	return d
}

// randomEnd picks a node, the first one far more often than the others, and hardly ever the last ones.
func randomEnd(r *rand.Rand, nodes []*graph.Node) *graph.Node {
	if chance(r, 8) {
		return nodes[0]
	}
	return nodes[min(r.IntN(len(nodes)), r.IntN(len(nodes)))]
}

func (d *data) addNode(n *graph.Node) {
	d.nodes = append(d.nodes, n)
	d.byKind[n.Kind] = append(d.byKind[n.Kind], n)
}

// addTallies gives an event one tally at most for each measure, as Group.Through asks, with numbers that can be summed.
func (d *data) addTallies(r *rand.Rand) {
	tally, of := d.schema.Kind("Tally"), d.schema.Relation("TALLY_OF")
	count := 0
	for _, kind := range []string{"Event", "Person"} {
		for _, n := range d.byKind[d.schema.Kind(kind)] {
			for _, m := range measures {
				if chance(r, 60) {
					continue
				}
				t := randomNode(r, tally, fmt.Sprintf("tally:%d", count)).Set("measure", m)
				for _, f := range []string{"best", "low"} {
					t.Set(f, nil)
					if chance(r, 70) {
						t.Set(f, int64(r.IntN(2000)-500))
					}
				}
				count++
				d.addNode(t)
				d.addEdge(graph.NewEdge(of, t.ID, n.ID))
			}
		}
	}
}

// link adds a relationship where the contract allows one more.
func (d *data) link(r *rand.Rand, rel *graph.Relation, from, to *graph.Node) {
	d.addEdge(randomEdge(r, rel, from.ID, to.ID))
}

func randomEdge(r *rand.Rand, rel *graph.Relation, from, to string) *graph.Edge {
	e := graph.NewEdge(rel, from, to)
	for _, f := range rel.Props {
		e.Props[f.Position] = randomValue(r, f)
	}
	for _, f := range rel.Key {
		if f.Type == graph.Int {
			e.Props[f.Position] = pick(r, []int64{0, 1, 2, 3, 9, 10, 11, 99, 100, 101})
		}
		if f.Type == graph.String {
			e.Props[f.Position] = pick(r, []string{"by-road", "by-sea", "a", "b", "😀", "\uE000", "កោះ", "note:1"})
		}
	}
	return e
}

func (d *data) addEdge(e *graph.Edge) {
	id := idOf(e)
	if e.Relation.One {
		id.to = ""
	}
	if !d.edgeIDs[id] {
		d.edgeIDs[id] = true
		d.edges = append(d.edges, e)
	}
}

// randomID is an id whose order is unlike that in which nodes are made, with every character that may stand in one.
func randomID(r *rand.Rand, k *graph.Kind, i int) string {
	tails := []string{"%d", "A%d", "a%d", "%d-b", "%d.b", "%d_b", "%d~b", "%d@b", "%d:b", "%d/b", "%d+b", "Z%d"}
	id := k.Prefix + ":" + fmt.Sprintf(pick(r, tails), i)
	if i == 3 {
		id += strings.Repeat("z", graph.MaxID-len(id))
	}
	return id
}

func randomNode(r *rand.Rand, k *graph.Kind, id string) *graph.Node {
	n := graph.NewNode(k, id)
	for _, f := range k.Fields {
		n.Values[f.Position] = randomValue(r, f)
	}
	return n
}

// randomValue is a value for a field: often null where it may be, often one that others have too.
func randomValue(r *rand.Rand, f *graph.Field) any {
	if !f.NonNull && chance(r, 30) {
		return nil
	}
	switch f.Type {
	case graph.String:
		switch {
		case f.Search == graph.SearchText:
			return longText(r)
		case f.Name == "month":
			return fmt.Sprintf("2024-%02d", 1+r.IntN(4))
		}
		return shortText(r)
	case graph.Int:
		return randomInt(r)
	case graph.Float:
		return randomFloat(r)
	case graph.Boolean:
		return chance(r, 50)
	case graph.Date:
		return pick(r, []string{"0001-01-01", "1999-12-31", "2023-02-28", "2024-02-29", "2024-11-06", "2024-11-07", "9999-12-31"})
	case graph.DateTime:
		return pick(r, []string{"1970-01-01T00:00:00Z", "2024-11-11T11:00:00Z", "2024-11-11T11:00:01Z", "2024-11-12T00:00:00Z", "2024-12-31T23:59:59Z"})
	case graph.Enum:
		return pick(r, f.Values)
	case graph.StringList:
		list := []string{}
		for range r.IntN(4) {
			list = append(list, shortText(r))
		}
		return list
	case graph.JSON:
		return nameList(r)
	}
	panic("storetest: a type that the generator does not know")
}

func randomInt(r *rand.Rand) int64 {
	switch n := r.IntN(100); {
	case n < 60:
		return int64(r.IntN(8))
	case n < 80:
		return int64(r.IntN(2_000_000) - 1_000_000)
	}
	return pick(r, []int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, math.MaxInt64 - 1, 1 << 53, 1<<53 + 1, -(1<<53 + 1), -1, 1 << 32})
}

func randomFloat(r *rand.Rand) float64 {
	switch n := r.IntN(100); {
	case n < 40:
		return float64(r.IntN(6)) / 2
	case n < 60:
		return r.NormFloat64() * 1000
	}
	return pick(r, []float64{0, 3, -3, 0.1, 0.1 + 0.2, 1e15, 1e16, 1e22, 1 << 53, 1 << 62, -1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, -1e-7, 13.3633, 104.8908})
}

// addHub gives one group relations to so many grains.
func (d *data) addHub(r *rand.Rand, degree int) *graph.Node {
	group, grain, holds := d.schema.Kind("Group"), d.schema.Kind("Grain"), d.schema.Relation("HOLDS")
	hub := randomNode(r, group, "group:hub").Set("name", "The hub")
	d.addNode(hub)
	for i := range degree {
		g := graph.NewNode(grain, fmt.Sprintf("grain:hub-%d", i)).Set("name", fmt.Sprintf("grain %d", i%100))
		if i%7 != 0 {
			g.Set("n", int64(i%500))
		}
		d.addNode(g)
		e := graph.NewEdge(holds, hub.ID, g.ID)
		if i%5 != 0 {
			e.Set("since", int64(i%1000))
		}
		d.addEdge(e)
	}
	return hub
}

// records are the nodes, then the relationships.
func (d *data) records() graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for _, n := range d.nodes {
			if !yield(n, nil) {
				return
			}
		}
		for _, e := range d.edges {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// load puts the graph into a store, in one Update.
func (d *data) load(t *testing.T, s graph.Store) {
	t.Helper()
	w := put(t, s, d.records())
	if want := (graph.Written{Created: int64(len(d.nodes) + len(d.edges))}); w != want {
		t.Errorf("loading an empty store counts %+v, want %+v", w, want)
	}
}

// put writes records in one Update of their own.
func put(t *testing.T, s graph.Store, records graph.Records) graph.Written {
	t.Helper()
	var w graph.Written
	err := s.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		var err error
		w, err = tx.Put(ctx, records)
		return err
	})
	if err != nil {
		t.Fatalf("Update with Put: %v", err)
	}
	return w
}

// list makes records of a few.
func list(records ...graph.Record) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}
