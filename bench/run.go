package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// The bars.
const (
	barStock      = 25.0
	barStructs    = 1.5
	barTypename   = 0.7
	barSQLite     = 0.8
	barNeo4j      = 0.9
	barGrowth     = 1.3
	barImport     = 40_000.0
	barImportNeo  = 10_000.0
	barMemory     = 150.0
	barImportMore = 1.3 // times the memory, for ten times the records
)

// run is a run of the benchmarks.
type run struct {
	context.Context
	pace
	report
	// binary is the server, dir where files are made.
	binary, dir string
	// what are the sections to run; only the questions to ask, all where it is empty.
	what, only  []string
	connections []int
	// divide makes the graphs smaller; growing compares with ten times the data.
	divide  int
	growing bool
	// The Neo4j databases.
	neo4jSmall, neo4jLarge account
	small, large           store
}

// store is a database and what it is filled with.
type store struct {
	name    string
	records int
	// database is what --database takes; floor are the arguments of the floor's process.
	database string
	floor    []string
	account  account
	// importBar is the bar of the import in records per second; 0 for none.
	importBar float64
	// before is the size of a graph, the beginning of this one, that is imported first: a JVM that has just started has no plan
	// for any statement yet.
	before int
	// warm is for how long each question is asked before anything is measured: a JVM compiles what it runs often.
	warm time.Duration

	server *process
	raids  int
}

func (r *run) questions() []question {
	return slices.DeleteFunc(slices.Clone(questions), func(q question) bool { return len(r.only) > 0 && !slices.Contains(r.only, q.name) })
}

// layer compares the GraphQL layer alone, with rows from memory, and the smallest question over the whole way.
func (r *run) layer() (err error) {
	floor, err := floorProcess(account{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, floor.stop()) }()
	server, err := raidgraphProcess(account{}, r.binary, filepath.Join(r.dir, "empty.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	thousand, typename := graphqlBody(layerQuery), graphqlBody(typenameQuery)
	ours := posts(floor, layerRaidgraph, thousand)
	for _, c := range r.connections {
		for _, l := range []struct {
			what, against string
			ours, theirs  target
			bar           float64
		}{
			{"1,000 x 5", "stock gqlgen", ours, posts(floor, layerStock, thousand), barStock},
			{"1,000 x 5", "encoding/json", ours, posts(floor, layerStructs, thousand), barStructs},
			{"{ __typename }", "fixed bytes", posts(server, "/graphql", typename), posts(floor, layerFixed, typename), barTypename},
			{"{ __typename }", "stock gqlgen", posts(server, "/graphql", typename), posts(floor, layerStock, typename), 0},
		} {
			if err := r.against("layer", l.what, l.against, l.ours, l.theirs, c, l.bar); err != nil {
				return err
			}
		}
	}
	return nil
}

func graphqlBody(query string) []byte {
	text, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		panic(err)
	}
	return text
}

// against compares two targets that must give the same answers, and reports how our requests per second stand to theirs.
func (r *run) against(section, what, other string, ours, theirs target, connections int, bar float64) error {
	if err := same(ours, theirs); err != nil {
		return fmt.Errorf("%s, %s against %s: %w", section, what, other, err)
	}
	c, err := r.compare(ours, theirs, connections)
	if err != nil {
		return fmt.Errorf("%s, %s against %s: %w", section, what, other, err)
	}
	r.add(line{Section: section, What: what, Against: other, Connections: connections, Ours: c.ours, Theirs: c.theirs, Unit: "requests/s",
		Figure: c.ratio, Work: c.work, Bar: bar})
	return nil
}

// wholeWay compares the server with hand-written statements on the same database.
func (r *run) wholeWay(s *store, bar float64) (err error) {
	floor, err := floorProcess(s.account, s.floor...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, floor.stop()) }()
	for _, q := range r.questions() {
		ours, theirs := s.target(q), floorTarget(floor, q, s.raids)
		for _, c := range r.connections {
			if err := r.against(s.name, q.name, "by hand", ours, theirs, c, bar); err != nil {
				return err
			}
		}
	}
	return nil
}

// growth compares the same questions on a graph and on one ten times as large.
func (r *run) growth() error {
	for _, q := range r.questions() {
		c, err := r.compare(r.small.target(q), r.large.target(q), r.connections[0])
		if err != nil {
			return fmt.Errorf("growth, %s: %w", q.name, err)
		}
		l := line{Section: r.small.name + " growth", What: q.name, Against: thousands(r.large.records) + " records", Connections: r.connections[0],
			Ours: c.ours, Theirs: c.theirs, Unit: "requests/s", Figure: c.ratio, Work: c.work, AtMost: true}
		if q.steady {
			l.Bar = barGrowth
		}
		r.add(l)
	}
	return nil
}

// target are the requests of a question for the server over this store.
func (s *store) target(q question) target {
	var bodies [][]byte
	for i := range q.number() {
		bodies = append(bodies, q.graphql(s.raids, i))
	}
	return posts(s.server, "/graphql", bodies...)
}

func floorTarget(p *process, q question, raids int) target {
	var urls []string
	for i := range q.number() {
		urls = append(urls, q.url(raids, i))
	}
	return gets(p, urls...)
}

// fill imports a generated graph into the store by the server's own command, and starts the server.
func (r *run) fill(s *store) (ran, error) {
	if s.before > 0 {
		if _, _, err := r.load(s, s.before); err != nil {
			return ran{}, err
		}
	}
	made, done, err := r.load(s, s.records)
	if err != nil {
		return ran{}, err
	}
	rate := float64(made) / done.elapsed.Seconds()
	r.add(line{Section: s.name + " import", What: thousands(s.records) + " records", Ours: rate, Unit: "records/s", Figure: rate, Bar: s.importBar})
	r.add(line{Section: s.name + " import", What: thousands(s.records) + " records, memory", Ours: megabytes(done.resident), Unit: "MB", Figure: megabytes(done.resident)})
	if s.server, err = raidgraphProcess(s.account, r.binary, s.database); err != nil {
		return ran{}, err
	}
	all, err := posts(s.server, "/graphql", graphqlBody("{ raids(first: 1) { totalCount } }")).answers(1)
	if err != nil {
		return ran{}, err
	}
	var total struct {
		Data struct{ Raids struct{ TotalCount int } }
	}
	err = json.Unmarshal(all[0], &total)
	if s.raids = total.Data.Raids.TotalCount; err != nil || s.raids == 0 {
		return ran{}, errors.Join(err, errors.New("the graph is too small to have a raid"))
	}
	return done, r.warmUp(s)
}

// load imports a generated graph, and says how many records it has.
func (r *run) load(s *store, records int) (int, ran, error) {
	file := filepath.Join(r.dir, fmt.Sprintf("%d.jsonl", records))
	made, err := generate(file, records)
	if err != nil {
		return 0, ran{}, err
	}
	done, err := runToEnd(r, s.account, r.binary, "import", "--database", s.database, file)
	return made, done, err
}

func (r *run) warmUp(s *store) error {
	const connections = 4
	for _, q := range r.questions() {
		if _, err := s.target(q).load(connections, s.warm); err != nil {
			return err
		}
	}
	return nil
}

// generate writes a generated graph as JSON Lines, and gives the number of records.
func generate(file string, records int) (int, error) {
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		return 0, err
	}
	f, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	n := 0
	var text []byte
	for rec, err := range (data{schema: m.Graph, records: records, seed: 1}).all() {
		if err != nil {
			return 0, errors.Join(err, f.Close())
		}
		n++
		text = append(graph.AppendRecord(text[:0], rec), '\n')
		if _, err := out.Write(text); err != nil {
			return 0, errors.Join(err, f.Close())
		}
	}
	return n, errors.Join(out.Flush(), f.Close())
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

// thousands writes a number as 1,000,000.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
