package gql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

func ask(t *testing.T, e *Engine, query, variables string) *Response {
	t.Helper()
	r := e.Execute(context.Background(), Request{Query: query, Variables: json.RawMessage(variables)})
	if !json.Valid(r.Body) {
		t.Fatalf("%s answers %s", query, r.Body)
	}
	return r
}

// TestVariables: a value from a variable means what the same value in the document means, also when the plan was made for
// other variables before.
func TestVariables(t *testing.T) {
	e := smallEngine(t)
	for _, c := range []struct {
		query string
		// each case is a list of variables and the query with the values written out
		cases [][2]string
	}{
		{`query($id: ID!) { raid(id: $id) { id name } }`, [][2]string{
			{`{"id": "raid:a"}`, `{ raid(id: "raid:a") { id name } }`},
			{`{"id": "raid:b"}`, `{ raid(id: "raid:b") { id name } }`},
			{`{"id": "raid:zz"}`, `{ raid(id: "raid:zz") { id name } }`},
		}},
		{`query($id: ID!) { node(id: $id) { __typename id } }`, [][2]string{
			{`{"id": "raid:a"}`, `{ node(id: "raid:a") { __typename id } }`},
			{`{"id": "agency:a"}`, `{ node(id: "agency:a") { __typename id } }`},
			{`{"id": "figure:a"}`, `{ node(id: "figure:a") { __typename id } }`},
		}},
		{`query($where: RaidWhere, $n: Int, $order: [RaidOrder!]) { raids(where: $where, first: $n, orderBy: $order) { nodes { id } } }`, [][2]string{
			{`{}`, `{ raids { nodes { id } } }`},
			{`{"n": 1}`, `{ raids(first: 1) { nodes { id } } }`},
			{`{"n": null, "where": null}`, `{ raids { nodes { id } } }`},
			{`{"where": {"id": {"in": ["raid:a", "raid:c"]}}}`, `{ raids(where: {id: {in: ["raid:a", "raid:c"]}}) { nodes { id } } }`},
			{`{"where": {"id": {"in": ["raid:b"]}}, "order": {"field": "ID", "direction": "DESC"}}`, `{ raids(where: {id: {in: ["raid:b"]}}) { nodes { id } } }`},
			{`{"where": {"not": {"id": {"eq": "raid:b"}}}, "order": [{"field": "ID", "direction": "DESC"}]}`, `{ raids(where: {not: {id: {eq: "raid:b"}}}, orderBy: [{field: ID, direction: DESC}]) { nodes { id } } }`},
			{`{"where": {"or": [{"id": {"eq": "raid:b"}}, {"contested": {"isNull": true}}]}}`, `{ raids(where: {or: [{id: {eq: "raid:b"}}, {contested: {isNull: true}}]}) { nodes { id } } }`},
			{`{"where": {"or": [{"id": {"eq": "raid:a"}}, {"contested": {"isNull": false}}]}}`, `{ raids(where: {or: [{id: {eq: "raid:a"}}, {contested: {isNull: false}}]}) { nodes { id } } }`},
		}},
		{`query($id: ID!, $measure: Measure, $kind: ContradictionKind, $within: Float, $n: Int) { contradictions(about: $id, measure: $measure, kind: $kind, approxWithin: $within, first: $n) { totalCount nodes { kind gap } } }`, [][2]string{
			{`{"id": "raid:a"}`, `{ contradictions(about: "raid:a") { totalCount nodes { kind gap } } }`},
			{`{"id": "raid:a", "measure": "FOUND", "n": 2}`, `{ contradictions(about: "raid:a", measure: FOUND, first: 2) { totalCount nodes { kind gap } } }`},
			{`{"id": "raid:b", "measure": null, "kind": null, "within": 0.5}`, `{ contradictions(about: "raid:b", approxWithin: 0.5) { totalCount nodes { kind gap } } }`},
			{`{"id": "raid:a", "kind": "DATE"}`, `{ contradictions(about: "raid:a", kind: DATE) { totalCount nodes { kind gap } } }`},
			{`{"id": "compound:a", "kind": "DATE"}`, `{ contradictions(about: "compound:a", kind: DATE) { totalCount nodes { kind gap } } }`},
		}},
		{`query($in: Boolean!) { raid(id: "raid:a") { id name @include(if: $in) contested @skip(if: $in) } }`, [][2]string{
			{`{"in": true}`, `{ raid(id: "raid:a") { id name } }`},
			{`{"in": false}`, `{ raid(id: "raid:a") { id contested } }`},
		}},
		{`query($kinds: [Kind!], $text: String!) { search(text: $text, kinds: $kinds) { nodes { id } } }`, [][2]string{
			{`{"text": "name a"}`, `{ search(text: "name a") { nodes { id } } }`},
			{`{"text": "name a", "kinds": ["RAID"]}`, `{ search(text: "name a", kinds: [RAID]) { nodes { id } } }`},
			{`{"text": "name", "kinds": "AGENCY"}`, `{ search(text: "name", kinds: [AGENCY]) { nodes { id } } }`},
		}},
		{`query($m: Measure!, $p: FigurePolicy, $w: Float) { raid(id: "raid:a") { figure(measure: $m, policy: $p, approxWithin: $w) { measure policy } } }`, [][2]string{
			{`{"m": "FOUND"}`, `{ raid(id: "raid:a") { figure(measure: FOUND) { measure policy } } }`},
			{`{"m": "DIED", "p": "HIGHEST", "w": 0}`, `{ raid(id: "raid:a") { figure(measure: DIED, policy: HIGHEST, approxWithin: 0) { measure policy } } }`},
		}},
		{`query($by: [RaidDimension!]!) { raidCounts(by: $by) { month raids } }`, [][2]string{
			{`{"by": ["MONTH"]}`, `{ raidCounts(by: [MONTH]) { month raids } }`},
			{`{"by": ["PROVINCE"]}`, `{ raidCounts(by: [PROVINCE]) { month raids } }`},
		}},
	} {
		for range 2 {
			for _, v := range c.cases {
				got, want := ask(t, e, c.query, v[0]).Body, ask(t, smallEngine(t), v[1], "").Body
				if string(got) != string(want) {
					t.Errorf("%s with %s answers\n%s\nand %s answers\n%s", c.query, v[0], got, v[1], want)
				}
			}
		}
	}
}

// TestBadInput: each has one clear error with its code.
func TestBadInput(t *testing.T) {
	e := smallEngine(t)
	for _, c := range []struct{ query, variables, code, message string }{
		{`{ raid(id: "x") { id } }`, ``, "INVALID", `"x" is no id`},
		{`{ raid(id: "xx:y") { id } }`, ``, "INVALID", `no kind of node has ids that begin with "xx:"`},
		{`{ node(id: "") { id } }`, ``, "INVALID", `"" is no id`},
		{`{ nodes(ids: ["raid:a", "raid"]) { id } }`, ``, "INVALID", `"raid" is no id`},
		{`query($id: ID!) { raid(id: $id) { id } }`, `{"id": "ផ"}`, "INVALID", `is no id`},
		{`query($id: ID!) { raid(id: $id) { id } }`, `{}`, "INVALID", "$id"},
		{`query($id: ID!) { raid(id: $id) { id } }`, `[]`, "INVALID", "variables is no JSON object"},
		{`query($n: Int) { raids(first: $n) { nodes { id } } }`, `{"n": "x"}`, "INVALID", "$n"},
		{`query($w: RaidWhere) { raids(where: $w) { nodes { id } } }`, `{"w": {"nam": {}}}`, "INVALID", "nam"},
		{`{ raids(first: -1) { nodes { id } } }`, ``, "INVALID", "from 0 to 1000"},
		{`{ raids(first: 1001) { nodes { id } } }`, ``, "INVALID", "from 0 to 1000"},
		{`query($n: Int) { raids(last: $n) { nodes { id } } }`, `{"n": 1001}`, "INVALID", "from 0 to 1000"},
		{`{ raids(first: 1, last: 1) { nodes { id } } }`, ``, "INVALID", "both first and last"},
		{`{ raids(before: "x") { nodes { id } } }`, ``, "INVALID", "before without last"},
		{`{ raids(last: 1, after: "x") { nodes { id } } }`, ``, "INVALID", "last with after"},
		{`{ raids(after: "x") { nodes { id } } }`, ``, "INVALID", "is no cursor"},
		{`{ raids(after: "WzFd") { nodes { id } } }`, ``, "INVALID", "another order"},
		{`{ raids(where: {name: {eq: null}}) { nodes { id } } }`, ``, "INVALID", "where.name.eq is null"},
		{`{ raids(where: {province: null}) { nodes { id } } }`, ``, "INVALID", "where.province is null"},
		{`{ raids(where: {date: {within: {from: "2024-02-30"}}}) { nodes { id } } }`, ``, "INVALID", "where.date.within.from"},
		{`{ claims(where: {recordedAt: {gt: "yesterday"}}) { nodes { id } } }`, ``, "INVALID", "where.recordedAt.gt"},
		{`{ search(text: "-") { totalCount } }`, ``, "INVALID", "nothing in it to look for"},
		{`{ search(text: "` + strings.Repeat("a", 201) + `") { totalCount } }`, ``, "TOO_LARGE", "at most 200"},
		{`{ raidCounts(by: []) { raids } }`, ``, "INVALID", "1 to 3"},
		{`{ raidCounts(by: [MONTH, MONTH]) { raids } }`, ``, "INVALID", "twice"},
		{`{ raid(id: "raid:a") { figure(measure: FOUND, approxWithin: 2) { measure } } }`, ``, "INVALID", "approxWithin is 2"},
		{`{ raids { nodes { id } } `, ``, "INVALID", "line 1"},
		{`{ raids { nodes { ident } } }`, ``, "INVALID", "ident"},
		{`query A { __typename } query B { __typename }`, ``, "INVALID", "has 2 operations"},
		{`mutation { dropAll(changeId: "c") { again } }`, ``, "INVALID", "dropAll"},
		{`{ raids(where: {name: {contains: "a` + `\u0000` + `"}}) { nodes { id } } }`, ``, "INVALID", "null character"},
	} {
		r := ask(t, e, c.query, c.variables)
		var answer struct {
			Data   any
			Errors []struct {
				Message    string
				Extensions struct{ Code string }
			}
		}
		if err := json.Unmarshal(r.Body, &answer); err != nil {
			t.Fatal(err)
		}
		if r.Executed || answer.Data != nil || len(answer.Errors) == 0 {
			t.Errorf("%s is answered by %s", c.query, r.Body)
			continue
		}
		first := answer.Errors[0]
		if first.Extensions.Code != c.code || string(r.Code) != c.code || !strings.Contains(first.Message, c.message) {
			t.Errorf("%s: the error is %s %q, not %s with %q", c.query, first.Extensions.Code, first.Message, c.code, c.message)
		}
	}
}

// TestCost refuses what may read too much, whether the size is written or comes by a variable.
func TestCost(t *testing.T) {
	small := smallEngine(t)
	strict, err := New(Config{Model: small.model, Store: small.store, Limits: Limits{Cost: 510}})
	if err != nil {
		t.Fatal(err)
	}
	query := `query($n: Int) { raids(first: 10) { nodes { compounds(first: $n) { nodes { id } } } } }`
	if r := ask(t, strict, query, `{"n": 50}`); r.Code != "" {
		t.Errorf("a page of 10 x 50 is refused: %s", r.Body)
	}
	if r := ask(t, strict, query, `{"n": 51}`); r.Code != graph.TooLarge {
		t.Errorf("a page of 10 x 51 is not refused: %s", r.Body)
	}
}

type nodesPage struct {
	Data map[string]struct {
		Nodes    []struct{ ID string }
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

// TestPages walks whole connections in both directions by cursors: each node once, in order.
func TestPages(t *testing.T) {
	e := smallEngine(t)
	for _, order := range []string{"ID", "NAME", "DATE", "TOPIC"} {
		for _, direction := range []string{"ASC", "DESC"} {
			for _, way := range [][4]string{{"first", "after", "EndCursor", "ASC"}, {"last", "before", "StartCursor", "DESC"}} {
				var seen []string
				cursor := "null"
				for range 10 {
					query := fmt.Sprintf(`query($c: String) { statements(orderBy: [{field: %s, direction: %s}], %s: 1, %s: $c) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, order, direction, way[0], way[1])
					r := ask(t, e, query, `{"c": `+cursor+`}`)
					var p nodesPage
					if err := json.Unmarshal(r.Body, &p); err != nil || r.Code != "" {
						t.Fatalf("%v %s", err, r.Body)
					}
					page := p.Data["statements"]
					for _, n := range page.Nodes {
						seen = append(seen, n.ID)
					}
					more, next := page.PageInfo.HasNextPage, page.PageInfo.EndCursor
					if way[0] == "last" {
						more, next = page.PageInfo.HasPreviousPage, page.PageInfo.StartCursor
					}
					if !more {
						break
					}
					text, _ := json.Marshal(next)
					cursor = string(text)
				}
				var all nodesPage
				r := ask(t, e, fmt.Sprintf(`{ statements(orderBy: [{field: %s, direction: %s}]) { nodes { id } } }`, order, direction), "")
				if err := json.Unmarshal(r.Body, &all); err != nil {
					t.Fatal(err)
				}
				var want []string
				for _, n := range all.Data["statements"].Nodes {
					want = append(want, n.ID)
				}
				if way[0] == "last" {
					slices.Reverse(want)
				}
				if !slices.Equal(seen, want) || len(want) != 10 {
					t.Errorf("by %s %s, %s: the pages have %v, all are %v", order, direction, way[0], seen, want)
				}
			}
		}
	}
}

// TestDocuments: the cache of documents keeps to its bound, and finds what it has.
func TestDocuments(t *testing.T) {
	small := smallEngine(t)
	e, err := New(Config{Model: small.model, Store: small.store, CacheBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	a, err := e.document(`{ first: __typename }`, "")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := e.document(`{ first: __typename }`, ""); a != b {
		t.Error("a document is parsed twice")
	}
	for i := range 500 {
		ask(t, e, fmt.Sprintf(`{ a%d: __typename }`, i), "")
	}
	e.documents.cache.CleanUp()
	if size := e.documents.cache.WeightedSize(); size > 1<<20 || size == 0 {
		t.Errorf("the cache weighs %d bytes of at most %d", size, 1<<20)
	}
}

// TestStatements: one statement a root field, whatever it asks.
func TestStatements(t *testing.T) {
	e := smallEngine(t)
	counted := e.store.(interface{ Statements() []string })
	ask(t, e, `{ raid(id: "raid:a") { id } }`, "") // what is merged is asked for now, and then not for a second
	counted.Statements()
	ask(t, e, `{ raid(id: "raid:a") { figures { claims { citations { source { id } } } } } raids { nodes { compounds { nodes { raids { totalCount } } } } } search(text: "a") { totalCount } }`, "")
	if n := len(counted.Statements()); n != 3 {
		t.Errorf("three root fields take %d statements", n)
	}
}
