package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

// data is a generated graph of the domain's shape, the same each time for the same seed: the reference data (provinces,
// nationalities, agencies, embassies), then raids one after another, each with its participants, claims and citations, and
// from time to time a compound, a source, an outlet, a unit, a spokesperson, a statement, a repatriation. What is made of one
// raid does not depend on how many follow, so that a graph ten times as large is the same kind of graph.
//
// Hubs are among them: one province has a tenth of all raids, one agency takes part in a third of them, and one source is
// cited by a tenth of all claims.
type data struct {
	schema  *graph.Schema
	records int
	seed    uint64
}

// The hubs.
const (
	hubProvince = "province:KH-12"
	hubAgency   = "agency:gcnp-kh"
	hubSource   = "source:bench-wire"
)

// How often things are made, in raids.
const (
	raidsPerCompound     = 10
	raidsPerSource       = 3
	raidsPerOutlet       = 100
	raidsPerUnit         = 60
	raidsPerSpokesperson = 40
	raidsPerStatement    = 2
	raidsPerRepatriation = 5
)

func raidID(i int) string         { return fmt.Sprintf("raid:bench-%07d", i) }
func compoundID(i int) string     { return fmt.Sprintf("compound:bench-%06d", i) }
func sourceID(i int) string       { return fmt.Sprintf("source:bench-%06d", i) }
func outletID(i int) string       { return fmt.Sprintf("outlet:bench-%05d", i) }
func unitID(i int) string         { return fmt.Sprintf("agency:bench-unit-%05d", i) }
func spokespersonID(i int) string { return fmt.Sprintf("official:bench-%05d", i) }

// all yields the records: at least as many as asked for, and a raid's worth more at most. It keeps none of them.
func (d data) all() graph.Records {
	return func(yield func(graph.Record, error) bool) {
		m := &maker{schema: d.schema, Rand: rand.New(rand.NewPCG(d.seed, 1)), yield: yield}
		if m.base(); m.stopped {
			return
		}
		for i := 0; m.made < d.records && !m.stopped; i++ {
			m.around(i)
			m.raid(i)
		}
	}
}

// maker makes records.
type maker struct {
	schema *graph.Schema
	*rand.Rand
	yield   func(graph.Record, error) bool
	made    int
	stopped bool

	// ids of the reference data
	provinces, nationalities, agencies, embassies []string
}

func (m *maker) give(r graph.Record) {
	if !m.stopped {
		m.made++
		m.stopped = !m.yield(r, nil)
	}
}

// node gives a node with values by the names of their fields.
func (m *maker) node(kind, id string, values map[string]any) {
	n := graph.NewNode(m.schema.Kind(kind), id)
	for name, v := range values {
		n.Set(name, v)
	}
	m.give(n)
}

// edge gives a relationship with properties by name.
func (m *maker) edge(relation, from, to string, props map[string]any) {
	e := graph.NewEdge(m.schema.Relation(relation), from, to)
	for name, v := range props {
		e.Set(name, v)
	}
	m.give(e)
}

// base gives the reference data and the hub among the sources.
func (m *maker) base() {
	for r, err := range reference.Records(m.schema) {
		if err != nil {
			m.yield(nil, err)
			m.stopped = true
			return
		}
		if n, ok := r.(*graph.Node); ok {
			switch n.Kind.Name {
			case "Province":
				if n.ID != hubProvince {
					m.provinces = append(m.provinces, n.ID)
				}
			case "Nationality":
				m.nationalities = append(m.nationalities, n.ID)
			case "Agency":
				m.agencies = append(m.agencies, n.ID)
			case "Embassy":
				m.embassies = append(m.embassies, n.ID)
			}
		}
		m.give(r)
	}
	m.node("Source", hubSource, map[string]any{"title": "Wire of the day", "language": "en", "seen": true})
}

// around gives what is made from time to time before a raid, so that the raid can refer to it.
func (m *maker) around(raid int) {
	every := func(raids int, make func(i int)) {
		if raid%raids == 0 {
			make(raid / raids)
		}
	}
	every(raidsPerOutlet, func(i int) {
		name := nameOf(i, outletWords)
		m.node("Outlet", outletID(i), map[string]any{"name": name.english, "names": name.list()})
	})
	every(raidsPerSource, func(i int) {
		m.node("Source", sourceID(i), map[string]any{"title": fmt.Sprintf("Police report %d on a raid", i), "url": fmt.Sprintf("https://news.example/%d", i),
			"language": pick(m, languages), "publishedAt": m.moment(), "seen": true})
		m.edge("PUBLISHED_BY", sourceID(i), outletID(m.IntN(raid/raidsPerOutlet+1)), nil)
	})
	every(raidsPerUnit, func(i int) {
		name := nameOf(i, unitWords)
		m.node("Agency", unitID(i), map[string]any{"name": name.english, "names": name.list(), "type": "POLICE", "country": "KH"})
		m.edge("PART_OF", unitID(i), hubAgency, nil)
	})
	every(raidsPerSpokesperson, func(i int) {
		name := nameOf(i, spokespersonWords)
		m.node("Official", spokespersonID(i), map[string]any{"name": name.english, "names": name.list()})
	})
	every(raidsPerCompound, func(i int) {
		name := nameOf(i, compoundWords)
		m.node("Compound", compoundID(i), map[string]any{"name": name.english, "names": name.list(), "form": "fortified housing complex"})
		m.edge("LOCATED_IN", compoundID(i), m.provinceOf(i), nil)
	})
}

// provinceOf is the province of a compound: the hub for each tenth.
func (m *maker) provinceOf(compound int) string {
	if compound%10 == 0 {
		return hubProvince
	}
	return m.provinces[compound*7%len(m.provinces)]
}

func pick[T any](m *maker, of []T) T { return of[m.IntN(len(of))] }

// day is a day of ten years.
func (m *maker) day() string {
	return fmt.Sprintf("%d-%02d-%02d", 2015+m.IntN(10), 1+m.IntN(12), 1+m.IntN(28))
}

func (m *maker) moment() string { return fmt.Sprintf("%sT%02d:00:00Z", m.day(), m.IntN(24)) }

// date is a day, in one of the forms that sources leave it in.
func (m *maker) date() string {
	day := m.day()
	switch m.IntN(10) {
	case 0:
		return day[:len("2024-11")]
	case 1:
		return day + "~"
	case 2:
		return day + "?"
	}
	return day
}
