package neo4j

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// BenchmarkQuery compares each question with hand-written positional Cypher over the same driver, side by side. With
// RAIDGRAPH_BENCH_KEEP set, the database is taken as it is from the run before.
func BenchmarkQuery(b *testing.B) {
	d := newDomain()
	const raids = 20000
	var s *traced
	if os.Getenv("RAIDGRAPH_BENCH_KEEP") != "" {
		s = reopen(b, testConfig(b, d.schema))
	} else {
		s = openEmpty(b, d.schema)
		start := time.Now()
		w := put(b, s, d.records(raids))
		b.Logf("loaded %d records in %v: %.0f/s", w.Created, time.Since(start), float64(w.Created)/time.Since(start).Seconds())
		start = time.Now()
		w = put(b, s, d.records(raids))
		b.Logf("again: %+v, %.0f/s", w, float64(w.Same)/time.Since(start).Seconds())
	}
	questions := []struct {
		name  string
		plan  *graph.Plan
		args  []any
		floor string
	}{
		{"lookup", d.lookup(), []any{"raid:77"},
			"MATCH (n:Raid) WHERE n.id = $a0 RETURN [n.id, n.name, n.date_from, n.people, COLLECT { MATCH (n)-[:LOCATED_IN]->(p) RETURN [p.id, p.name] }]"},
		{"list1000", d.page(false, false, false, false), []any{int64(1000), nil, nil},
			"MATCH (n:Raid) WHERE n.date_from_order IS NOT NULL AND n.id IS NOT NULL WITH n ORDER BY n.date_from_order, n.id LIMIT $a0 RETURN [n.id, n.name, n.date_from, n.people, n.contested]"},
		{"page50", d.page(true, false, true, false), []any{int64(50), "2015-06-06", "raid:77"},
			"MATCH (n:Raid) WHERE n.date_from_order <= $a1 AND (n.date_from_order < $a1 OR n.id < $a2) AND n.id IS NOT NULL WITH n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a0 RETURN [n.id, n.name, n.date_from, n.people, n.contested]"},
		{"filtered50", d.filtered(), []any{int64(50), true, int64(500)},
			"MATCH (n:Raid) WHERE n.date_from_order IS NOT NULL AND n.id IS NOT NULL AND n.contested = $a1 AND n.people >= $a2 WITH n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a0 RETURN [n.id, n.name, n.date_from, n.people, n.contested]"},
		{"nested50x10x5", d.nested(), []any{int64(50), int64(10), int64(5)},
			"MATCH (n:Raid) WHERE n.date_from_order IS NOT NULL AND n.id IS NOT NULL WITH n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a0 RETURN [n.id, n.name, n.date_from, n.people, n.contested, " +
				"COLLECT { MATCH (n)<-[r:PARTICIPATED_IN]-(a) WITH a, r ORDER BY a.id, r._key LIMIT $a1 RETURN [a.id, a.name, r.role, r._key, " +
				"COLLECT { MATCH (a)-[:PARTICIPATED_IN]->(m) WITH DISTINCT m ORDER BY m.id LIMIT $a2 RETURN [m.id, m.name] }] }]"},
		{"hub25", d.hub(), []any{"KH-0", int64(25)},
			"MATCH (p:Province) WHERE p.iso_order = $a0 AND p.id IS NOT NULL RETURN [p.id, p.name, COUNT { (p)<-[:LOCATED_IN]-() }, " +
				"COLLECT { MATCH (p)<-[:LOCATED_IN]-(n) WITH n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a1 RETURN [n.id, n.name, n.date_from] }]"},
		{"farEnd", d.farEnd(), []any{int64(25), "Agency 7"},
			"MATCH (a:Agency)-[:PARTICIPATED_IN]->(n:Raid) WHERE a.name_order = $a1 AND a.id IS NOT NULL WITH DISTINCT n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a0 RETURN [n.id, n.name, n.date_from, n.people, n.contested]"},
	}
	for _, q := range questions {
		q.plan.Args = len(q.args)
		params := map[string]any{"a0": nil, "a1": nil, "a2": nil}
		for i, a := range q.args {
			params[[]string{"a0", "a1", "a2"}[i]] = a
		}
		if st, err := s.compiled(q.plan); err != nil {
			b.Fatal(err)
		} else if os.Getenv("RAIDGRAPH_BENCH_SHOW") != "" {
			b.Logf("%s\n%s", q.name, st[0].text)
		}
		run := func() {
			sets := query(b, s, q.plan, q.args...)
			if len(sets[0].Rows) == 0 {
				b.Fatal("no rows")
			}
		}
		floor := func() { handWritten(b, s.Store, q.floor, params) }
		for range 100 {
			run()
			floor()
		}
		// Turn about, so that both meet the same noise.
		b.Run(q.name, func(b *testing.B) {
			var ours, theirs time.Duration
			for b.Loop() {
				start := time.Now()
				run()
				middle := time.Now()
				floor()
				ours += middle.Sub(start)
				theirs += time.Since(middle)
			}
			b.ReportMetric(float64(ours.Microseconds())/float64(b.N), "us/ours")
			b.ReportMetric(float64(theirs.Microseconds())/float64(b.N), "us/floor")
			b.ReportMetric(float64(theirs)/float64(ours), "of-floor")
		})
	}
}

// handWritten reads rows of lists in a statement that commits by itself.
func handWritten(b *testing.B, s *Store, statement string, params map[string]any) {
	ctx := context.Background()
	session := s.session(neo4j.AccessModeRead, neo4j.FetchAll)
	defer s.end(ctx, session)
	result, err := session.Run(ctx, statement, params)
	if err != nil {
		b.Fatal(err)
	}
	rows := 0
	for result.Next(ctx) {
		if _, ok := result.Record().Values[0].([]any); ok {
			rows++
		}
	}
	if result.Err() != nil || rows == 0 {
		b.Fatal(result.Err(), rows)
	}
}
