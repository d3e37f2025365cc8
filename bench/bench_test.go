package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// tiny is enough for a source that more than a page of claims cite.
const tiny = 8_000

func loadModel(t testing.TB) *schema.Model {
	t.Helper()
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// listen serves a handler as if by this process.
func listen(t *testing.T, h http.Handler) *process {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &process{address: server.Listener.Addr().String(), id: os.Getpid()}
}

// sameAnswers asks each question of both sides.
func sameAnswers(t *testing.T, m *schema.Model, s graph.Store, f floors) {
	t.Helper()
	d := data{schema: m.Graph, records: tiny, seed: 1}
	if _, err := graph.Apply(context.Background(), s, m.Graph, graph.Changes{Records: d.all()}); err != nil {
		t.Fatal(err)
	}
	engine, err := gql.New(gql.Config{Model: m, Store: s})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	f.handle(mux)
	mux.Handle("POST /graphql", engineHandler(engine))
	p := listen(t, mux)
	asked := store{server: p, raids: 100}
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			ours, theirs := asked.target(q), floorTarget(p, q, asked.raids)
			if err := same(ours, theirs); err != nil {
				t.Fatal(err)
			}
			answers, err := ours.answers(1)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(answers[0], []byte(`"errors"`)) || bytes.Count(answers[0], []byte(`"id"`)) == 0 {
				t.Errorf("the answer shows nothing: %s", answers[0])
			}
		})
	}
}

func TestSQLite(t *testing.T) {
	m := loadModel(t)
	file := filepath.Join(t.TempDir(), "tiny.db")
	s, err := sqlite.Open(context.Background(), sqlite.Config{Path: file, Schema: m.Graph})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, db, err := sqliteFloors(file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sameAnswers(t, m, s, f)
}

func TestNeo4j(t *testing.T) {
	m := loadModel(t)
	cfg := neo4jtest.Config(t, m.Graph)
	s := neo4jtest.Open(t, m.Graph)
	f, driver, err := neo4jFloors(account{cfg.URI, cfg.Username, cfg.Password})
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.Background())
	sameAnswers(t, m, s, f)
}

// TestLayer holds the GraphQL layers to one answer, and runs a comparison and its report.
func TestLayer(t *testing.T) {
	mux := http.NewServeMux()
	if err := layerHandlers(mux, loadModel(t)); err != nil {
		t.Fatal(err)
	}
	p := listen(t, mux)
	thousand, typename := graphqlBody(layerQuery), graphqlBody(typenameQuery)
	ours := posts(p, layerRaidgraph, thousand)
	for _, path := range []string{layerStock, layerStructs} {
		if err := same(ours, posts(p, path, thousand)); err != nil {
			t.Error(path, err)
		}
	}
	if err := same(posts(p, layerRaidgraph, typename), posts(p, layerFixed, typename)); err != nil {
		t.Error(err)
	}
	if same(posts(p, layerRaidgraph, typename), ours) == nil {
		t.Error("different answers are said to be the same")
	}

	r := run{pace: pace{rounds: 2, window: 20 * time.Millisecond}, report: report{progress: new(bytes.Buffer)}}
	if err := r.against("layer", "1,000 x 5", "stock gqlgen", ours, posts(p, layerStock, thousand), 2, 1); err != nil {
		t.Fatal(err)
	}
	r.add(line{Section: "layer", What: "a bar that is missed", Ours: 2, Unit: "MB", Figure: 2, Bar: 1, AtMost: true})
	var table bytes.Buffer
	if err := r.table(&table); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(table.String(), "\n"); len(lines) != 4 || !strings.Contains(lines[1], "yes") || !strings.Contains(lines[2], "NO") {
		t.Errorf("the table is\n%s", table.String())
	}
	file := filepath.Join(t.TempDir(), "report.json")
	if err := r.write(file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var read report
	if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read.Lines, r.Lines) {
		t.Errorf("the report reads back as %v %v", read, err)
	}
}

// TestData: the generated graph is the same each time, has the size that was asked for, and is no other for being longer.
func TestData(t *testing.T) {
	m := loadModel(t)
	lines := func(records int) []string {
		var all []string
		for rec, err := range (data{schema: m.Graph, records: records, seed: 1}).all() {
			if err != nil {
				t.Fatal(err)
			}
			if err := graph.InvalidRecord(rec, m.Graph.CheckRecord(rec)); err != nil {
				t.Fatal(err)
			}
			all = append(all, string(graph.AppendRecord(nil, rec)))
		}
		return all
	}
	short, long := lines(3_000), lines(tiny)
	if len(short) < 3_000 || len(short) > 3_100 || !reflect.DeepEqual(short, long[:len(short)]) {
		t.Errorf("of 3,000 records there are %d, and they are not the first of %d", len(short), len(long))
	}
	text := strings.Join(long, "\n")
	for _, part := range []string{"园区", "ឧទ្យាន", hubSource, hubProvince, hubAgency} {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %s", part)
		}
	}
}
