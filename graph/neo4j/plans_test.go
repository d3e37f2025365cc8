package neo4j

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// hits counts the database hits of a plan's first root, and the rows it finds.
func hits(t *testing.T, s *Store, p *graph.Plan, args []any) (hits int64, rows int, plan string) {
	t.Helper()
	statements, err := s.compiled(p)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	session := s.session(neo4j.AccessModeRead, neo4j.FetchAll)
	defer s.end(ctx, session)
	result, err := session.Run(ctx, "PROFILE "+statements[0].text, statements[0].parameters(args))
	if err != nil {
		t.Fatal(err)
	}
	record, err := result.Single(ctx)
	if err != nil {
		t.Fatal(err)
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(p neo4j.ProfiledPlan, in string)
	walk = func(p neo4j.ProfiledPlan, in string) {
		hits += p.DbHits()
		fmt.Fprintf(&b, "%s%s %d hits, %d rows: %v\n", in, p.Operator(), p.DbHits(), p.Records(), p.Arguments()["Details"])
		for _, c := range p.Children() {
			walk(c, in+"  ")
		}
	}
	walk(summary.Profile(), "")
	return hits, len(record.Values[0].([]any)), b.String()
}

// TestHits bounds what the database reads for questions that an index answers, in a label of 20,000 nodes, many of which
// share a key.
func TestHits(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	put(t, s, d.records(20000))
	const k = 20
	mixed := func(p *graph.Plan) *graph.Plan {
		p.Roots[0].Order[1].Desc = false
		return p
	}
	byID := d.farEnd()
	byID.Roots[0].Where.Kinds = []*graph.Kind{d.agency, d.province}
	byID.Roots[0].Where.Of = []*graph.Cond{{Op: graph.Eq, Field: refID, Arg: 1}}
	for _, c := range []struct {
		name string
		plan *graph.Plan
		args []any
		rows int
		most int64
	}{
		{"lookup", d.lookup(), []any{"raid:777"}, 1, 20},
		{"first page", d.page(false, false, false, false), []any{int64(k), nil, nil}, k, 10 * k},
		{"last page", d.page(false, true, false, false), []any{int64(k), nil, nil}, k, 10 * k},
		{"first page, latest first", d.page(true, false, false, false), []any{int64(k), nil, nil}, k, 10 * k},
		{"a page in the middle", d.page(false, false, true, false), []any{int64(k), "2017-08-08", "raid:5"}, k, 15 * k},
		{"a page in the middle, latest first", d.page(true, false, true, false), []any{int64(k), "2017-08-08", "raid:5"}, k, 15 * k},
		{"a page before the middle", d.page(false, true, true, false), []any{int64(k), "2017-08-08", "raid:5"}, k, 15 * k},
		{"a page amid those without a day", d.page(false, false, true, true), []any{int64(k), nil, "raid:5"}, k, 15 * k},
		{"a page amid those without a day, latest first", d.page(true, false, true, true), []any{int64(k), nil, "raid:5"}, k, 15 * k},
		{"a page before those without a day", d.page(false, true, true, true), []any{int64(k), nil, "raid:0"}, k, 15 * k},
		{"latest first, ties by id upwards", mixed(d.page(true, false, false, false)), []any{int64(k), nil, nil}, k, 15 * k},
		{"a page in the middle, latest first, ties by id upwards", mixed(d.page(true, false, true, false)), []any{int64(k), "2017-08-08", "raid:5"}, k, 40 * k},
		{"a page amid those without a day, latest first, ties by id upwards", mixed(d.page(true, false, true, true)), []any{int64(k), nil, "raid:5"}, k, 15 * k},
		{"filtered", d.filtered(), []any{int64(k), true, int64(500)}, k, 40 * k},
		{"far end", d.farEnd(), []any{int64(k), "Agency 7"}, k, 700},
		{"far end of several kinds, by its id", byID, []any{int64(1), "agency:7"}, 1, 700},
	} {
		n, rows, plan := hits(t, s.Store, c.plan, c.args)
		if n > c.most || rows < c.rows {
			t.Errorf("%s: %d hits for %d rows, want at most %d for %d\n%s", c.name, n, rows, c.most, c.rows, plan)
		}
	}
}

// TestTotals checks that a total without conditions is one that the database keeps.
func TestTotals(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	put(t, s, d.records(2000))
	all := d.page(false, false, false, false)
	all.Roots[0].Count = true
	n, _, plan := hits(t, s.Store, all, []any{int64(5), nil, nil})
	if n > 60 || !strings.Contains(plan, "NodeCountFromCountStore") {
		t.Errorf("the number of all raids costs %d hits\n%s", n, plan)
	}
	for _, keyed := range []bool{true, false} {
		part := d.participants(true)
		part.Via.Keyed = keyed
		if !keyed {
			part.Fields, part.Order = part.Fields[:2], part.Order[:1]
		}
		p := d.page(false, false, false, false)
		p.Roots[0].Children = []*graph.Select{part}
		texts, err := s.Store.Explain(p)
		if err != nil {
			t.Fatal(err)
		}
		if degree := strings.Contains(texts[0], "COUNT { (n)<-[:PARTICIPATED_IN]-() }"); degree != keyed {
			t.Errorf("with Keyed %v, the total is the stored degree: %v\n%s", keyed, degree, texts[0])
		}
	}
}

// TestExplain shows a statement as a reader of goldens meets it.
func TestExplain(t *testing.T) {
	d := newDomain()
	s := &Store{schema: d.schema}
	p := d.page(true, false, true, false)
	p.Roots[0].Where = &graph.Cond{Op: graph.Not, Of: []*graph.Cond{{Op: graph.Contains, Field: refName, Arg: 3}}, Arg: graph.NoArg}
	part := d.participants(true)
	part.Page.Limit = 0
	p.Args, p.Roots[0].Children = 4, []*graph.Select{d.provinceOf(), part}
	texts, err := s.Explain(p)
	if err != nil {
		t.Fatal(err)
	}
	const want = `RETURN COLLECT {
  CALL () {
    MATCH (n:Raid)
    USING INDEX SEEK n:Raid(date_from_order, id)
    WHERE n.date_from_order = $a1
      AND n.id < $a2
      AND (NOT n.name_fold CONTAINS $a3 OR n.name_fold IS NULL)
    WITH n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a0
    RETURN n
    UNION ALL
    MATCH (n:Raid)
    USING INDEX SEEK n:Raid(date_from_order, id)
    WHERE n.date_from_order < $a1
      AND n.id IS NOT NULL
      AND (NOT n.name_fold CONTAINS $a3 OR n.name_fold IS NULL)
    WITH n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a0
    RETURN n
  }
  WITH n ORDER BY n.date_from_order DESC, n.id DESC LIMIT $a0
  RETURN [
    n.id, n.name, n.date_from, n.people, n.contested,
    COLLECT {
      MATCH (n)-[:LOCATED_IN]->(n2)
      RETURN [n2.id, n2.name]
    },
    [COUNT { (n)<-[:PARTICIPATED_IN]-() }, COLLECT {
      MATCH (n)<-[r2:PARTICIPATED_IN]-(n3)
      WITH n3, r2 ORDER BY n3.id, r2._key LIMIT $a0
      RETURN [n3.id, n3.name, r2.role, r2._key]
    }]
  ]
} AS rows`
	if texts[0] != want {
		t.Errorf("the statement is\n%s\nwant\n%s", texts[0], want)
	}
}

// TestLongTexts puts texts that no index takes.
func TestLongTexts(t *testing.T) {
	d := newDomain()
	s := openEmpty(t, d.schema)
	long := strings.Repeat("words without end ", 5000) + "needle in it"
	put(t, s, list(graph.NewNode(d.raid, "raid:long").Set("name", "Long").Set("text", long),
		graph.NewNode(d.raid, "raid:short").Set("name", "Short").Set("text", "a needle in it")))
	search := &graph.Plan{Args: 3, Roots: []*graph.Select{{Name: "search", Kinds: d.schema.Kinds, Fields: []graph.FieldRef{refID, {Owner: graph.OfRank, Type: graph.Int}},
		Search: &graph.Search{Term: 0, Words: 1, Longest: 2}, Page: graph.Page{Limit: graph.NoArg}}}}
	find := func(want int) {
		t.Helper()
		if rows := query(t, s, search, "needle in", []any{"needle", "in"}, "needle")[0].Rows; len(rows) != want {
			t.Errorf("search finds %v, want %d", rows, want)
		}
	}
	find(2)
	put(t, s, list(graph.NewNode(d.raid, "raid:long").Set("name", "Long").Set("text", "nothing")))
	find(1)
	err := s.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, list(graph.NewNode(d.raid, "raid:wrong").Set("name", long)))
		return err
	})
	if graph.CodeOf(err) != graph.Invalid {
		t.Errorf("an indexed text of %d bytes: %v, want an Invalid error", len(long), err)
	}
}
