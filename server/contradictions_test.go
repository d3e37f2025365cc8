package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
	"github.com/raidgraph/raidgraph/graph/neo4j/neo4jtest"
)

// told is a contradiction with all that filters and orders of contradictions look at.
type told struct {
	Kind, Origin string
	Gap          *int
	ApproxWithin *float64
	KnownSince   *string
	Left, Right  toldClaim
}

type toldClaim struct {
	ID, Measure, PublishedAt string
	SaidBy, Subject          struct{ ID string }
	Facets                   struct{ Sex string }
	Citations                []struct{ Source struct{ ID string } }
}

const toldClaimFields = `{ id measure publishedAt saidBy { id } subject { id } facets { sex } citations { source { id } } }`

// contradictionsAsked is one page.
func contradictionsAsked(t *testing.T, e *gql.Engine, arguments string) (page []told, total int, start, end string, before, behind bool) {
	t.Helper()
	var answer struct {
		Data struct {
			Contradictions struct {
				TotalCount int
				Nodes      []told
				PageInfo   struct {
					StartCursor, EndCursor       string
					HasPreviousPage, HasNextPage bool
				}
			}
		}
		Errors []struct{ Message string }
	}
	text := sent(t, e, `{ contradictions(`+arguments+`) { totalCount pageInfo { startCursor endCursor hasPreviousPage hasNextPage }
		nodes { kind origin gap approxWithin knownSince left `+toldClaimFields+` right `+toldClaimFields+` } } }`, "")
	if err := json.Unmarshal([]byte(text), &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%s: %v %s", arguments, err, text)
	}
	c := answer.Data.Contradictions
	return c.Nodes, c.TotalCount, c.PageInfo.StartCursor, c.PageInfo.EndCursor, c.PageInfo.HasPreviousPage, c.PageInfo.HasNextPage
}

// contradictionFilter is a filter as the API takes it, and as it is meant.
type contradictionFilter struct {
	where string
	holds func(c told) bool
}

// contradictionFilters are the filters that others are joined from.
var contradictionFilters = []contradictionFilter{
	{`kind: {eq: DIRECT}`, func(c told) bool { return c.Kind == "DIRECT" }},
	{`kind: {notIn: [DATE, VALUE]}`, func(c told) bool { return c.Gap != nil && c.Kind != "DATE" }},
	{`gap: {gte: 60}`, func(c told) bool { return c.Gap != nil && *c.Gap >= 60 }},
	{`gap: {lt: 60, ne: 0}`, func(c told) bool { return c.Gap != nil && *c.Gap < 60 && *c.Gap != 0 }},
	{`gap: {isNull: true}`, func(c told) bool { return c.Gap == nil }},
	{`origin: {in: [SAME, UNKNOWN]}`, func(c told) bool { return c.Origin != "SEPARATE" }},
	{`approxWithin: {isNull: false}`, func(c told) bool { return c.ApproxWithin != nil }},
	{`leftMeasure: {eq: FOUND}`, func(c told) bool { return c.Left.Measure == "FOUND" }},
	{`rightMeasure: {ne: DETAINED}`, func(c told) bool { return c.Right.Measure != "DETAINED" }},
	{`knownSince: {lte: "2024-12-02T00:00:00Z"}`, func(c told) bool { return c.KnownSince != nil && *c.KnownSince <= "2024-12-02T00:00:00Z" }},
	{`knownSince: {isNull: true}`, func(c told) bool { return c.KnownSince == nil }},
	{`left: {saidBy: {id: {eq: "agency:a"}}}`, func(c told) bool { return c.Left.SaidBy.ID == "agency:a" }},
	{`right: {subject: {id: {eq: "raid:x"}}}`, func(c told) bool { return c.Right.Subject.ID == "raid:x" }},
	{`either: {subject: {id: {in: ["raid:y", "raid:z"]}, kind: {eq: RAID}}}`, func(c told) bool { return c.Left.Subject.ID != "raid:x" || c.Right.Subject.ID != "raid:x" }},
	{`either: {saidBy: {kind: {eq: GROUP}}}`, func(c told) bool { return c.Left.SaidBy.ID == "group:g" || c.Right.SaidBy.ID == "group:g" }},
	{`either: {facets: {sex: {eq: FEMALE}}}`, func(c told) bool { return c.Left.Facets.Sex == "FEMALE" || c.Right.Facets.Sex == "FEMALE" }},
	{`either: {source: {id: {eq: "source:2"}}}`, func(c told) bool { return c.Left.cites("source:2") || c.Right.cites("source:2") }},
	{`left: {publishedAt: {gt: "2024-12-01T00:00:00Z"}}`, func(c told) bool { return c.Left.PublishedAt > "2024-12-01T00:00:00Z" }},
	{`left: {}`, func(told) bool { return true }},
}

func (c toldClaim) cites(source string) bool {
	return slices.ContainsFunc(c.Citations, func(h struct{ Source struct{ ID string } }) bool { return h.Source.ID == source })
}

// randomFilter joins filters at random.
func randomFilter(r *rand.Rand, depth int) contradictionFilter {
	if depth == 0 || r.IntN(2) == 0 {
		return contradictionFilters[r.IntN(len(contradictionFilters))]
	}
	a, b := randomFilter(r, depth-1), randomFilter(r, depth-1)
	switch r.IntN(3) {
	case 0:
		return contradictionFilter{`and: [{` + a.where + `}, {` + b.where + `}]`, func(c told) bool { return a.holds(c) && b.holds(c) }}
	case 1:
		return contradictionFilter{`or: [{` + a.where + `}, {` + b.where + `}]`, func(c told) bool { return a.holds(c) || b.holds(c) }}
	}
	return contradictionFilter{`not: {` + a.where + `}`, func(c told) bool { return !a.holds(c) }}
}

// contradictionOrders are orders as the API takes them, and as they are meant; ties are of one order, which is not told.
var contradictionOrders = []struct {
	orderBy string
	compare func(a, b told) int
}{
	{``, nil},
	{`{field: GAP}`, func(a, b told) int { return compareNullable(a.Gap, b.Gap) }},
	{`{field: GAP, direction: DESC}`, func(a, b told) int { return compareNullable(b.Gap, a.Gap) }},
	{`{field: KNOWN_SINCE, direction: DESC}, {field: GAP}`, func(a, b told) int {
		return cmp.Or(compareNullable(b.KnownSince, a.KnownSince), compareNullable(a.Gap, b.Gap))
	}},
	{`{field: KNOWN_SINCE}, {field: GAP}`, func(a, b told) int {
		return cmp.Or(compareNullable(a.KnownSince, b.KnownSince), compareNullable(a.Gap, b.Gap))
	}},
}

func compareNullable[T cmp.Ordered](a, b *T) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(btoi(a == nil), btoi(b == nil))
	}
	return cmp.Compare(*a, *b)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// contradictoryGraph are random claims about three raids, by three speakers, from four sources of which one has no date.
func contradictoryGraph(s *graph.Schema, r *rand.Rand) []graph.Record {
	var records []graph.Record
	for i := range 4 {
		n := graph.NewNode(s.Kind("Source"), fmt.Sprint("source:", i)).Set("seen", true)
		if i > 0 {
			n.Set("publishedAt", fmt.Sprintf("2024-12-0%dT00:00:00Z", i))
		}
		records = append(records, n)
	}
	for _, name := range []string{"a", "b"} {
		records = append(records, graph.NewNode(s.Kind("Agency"), "agency:"+name).Set("name", name).Set("type", "POLICE").Set("country", "KH"))
	}
	records = append(records, graph.NewNode(s.Kind("Group"), "group:g").Set("name", "reports").Set("description", "reports"))
	subjects := []string{"raid:x", "raid:y", "raid:z"}
	for _, id := range subjects {
		records = append(records, graph.NewNode(s.Kind("Raid"), id).Set("name", id).Set("date.edtf", "2024-11"))
	}
	for i := range 24 {
		id := fmt.Sprint("claim:", i)
		n, number := graph.NewNode(s.Kind("Claim"), id), int64(r.IntN(300))
		switch r.IntN(8) {
		case 0:
			n.Set("property", "date").Set("value.type", "Period").Set("value.edtf", fmt.Sprintf("2024-11-0%d", 1+number%4))
		case 1:
			n.Set("property", "province").Set("value.type", "Text").Set("value.text", fmt.Sprint("province ", number%3))
		default:
			n.Set("property", "figure").Set("measure", []string{"FOUND", "DETAINED"}[r.IntN(2)]).Set("value.type", "Count").
				Set("value.raw", fmt.Sprint(number)).Set("value.mode", []string{"EXACT", "EXACT", "APPROX"}[r.IntN(3)]).Set("value.value", number)
			if r.IntN(4) == 0 {
				n.Set("facets.sex", "FEMALE")
			}
			if total := r.IntN(2*i + 1); total < i {
				records = append(records, graph.NewEdge(s.Relation("PART_OF"), id, fmt.Sprint("claim:", total)))
			}
		}
		records = append(records, n, graph.NewEdge(s.Relation("SUBJECT"), id, subjects[r.IntN(3)]),
			graph.NewEdge(s.Relation("SAID_BY"), id, []string{"agency:a", "agency:b", "group:g"}[r.IntN(3)]),
			graph.NewEdge(s.Relation("CITES"), id, fmt.Sprint("source:", r.IntN(4))).Set("chain", int64(0)).Set("hop", int64(0)).Set("verb", "SAID"))
	}
	return records
}

// contradictionsNarrowed: whatever is asked of the contradictions of the whole graph and of one node, by whatever filter, in whatever
// order, on pages of whatever size in both directions, it is what brute force finds among all of them.
func contradictionsNarrowed(t *testing.T, e *gql.Engine, r *rand.Rand, questions int) (some int) {
	t.Helper()
	for _, of := range []string{``, `about: "raid:x", approxWithin: 0.1, `, `about: "raid:y", measure: FOUND, `, `about: "raid:z", kind: CONTAINMENT, `,
		`asOf: {published: "2024-12-02"}, `, `asOf: {published: "2024-12-02"}, about: "raid:x", `} {
		all, total, _, _, _, _ := contradictionsAsked(t, e, of+`first: 1000`)
		if total != len(all) {
			t.Fatalf("%d of %d fit on a page", len(all), total)
		}
		for _, o := range contradictionOrders {
			ordered := all
			if o.orderBy != "" {
				ordered, _, _, _, _, _ = contradictionsAsked(t, e, of+`first: 1000, orderBy: [`+o.orderBy+`]`)
				if !slices.IsSortedFunc(ordered, o.compare) || !slices.Equal(lines(ordered, true), lines(all, true)) {
					t.Fatalf("%s in the order %s:\n%s\nof\n%s", of, o.orderBy, strings.Join(lines(ordered, false), "\n"), strings.Join(lines(all, false), "\n"))
				}
			}
			for range questions {
				filter := randomFilter(r, 2)
				arguments := of + `where: {` + filter.where + `}, orderBy: [` + o.orderBy + `]`
				var want []told
				for _, c := range ordered {
					if filter.holds(c) {
						want = append(want, c)
					}
				}
				if len(want) > 0 && len(want) < len(all) {
					some++
				}
				size := 1 + r.IntN(len(all)+1)
				for _, backward := range []bool{false, true} {
					pagesAre(t, e, arguments, size, backward, want)
				}
			}
		}
	}
	return some
}

// pagesAre walks the pages of a question to the end.
func pagesAre(t *testing.T, e *gql.Engine, arguments string, size int, backward bool, want []told) {
	t.Helper()
	var got []told
	next := fmt.Sprintf(`, first: %d`, size)
	if backward {
		next = fmt.Sprintf(`, last: %d`, size)
	}
	for at, more := "", true; more; {
		page, total, start, end, before, behind := contradictionsAsked(t, e, arguments+next+at)
		if total != len(want) {
			t.Fatalf("%s: %d in all, want %d", arguments, total, len(want))
		}
		if more = behind; backward {
			more = before
			got = append(page, got...)
			at = `, before: "` + start + `"`
		} else {
			got = append(got, page...)
			at = `, after: "` + end + `"`
		}
	}
	if !slices.Equal(lines(got, false), lines(want, false)) {
		t.Fatalf("%s on pages of %d, backward %t:\n%s\nwant\n%s", arguments, size, backward, strings.Join(lines(got, false), "\n"), strings.Join(lines(want, false), "\n"))
	}
}

func lines(all []told, sorted bool) []string {
	out := make([]string, len(all))
	for i, c := range all {
		gap := "none"
		if c.Gap != nil {
			gap = fmt.Sprint(*c.Gap)
		}
		out[i] = c.Kind + " " + c.Left.ID + " " + c.Right.ID + " " + gap
	}
	if sorted {
		slices.Sort(out)
	}
	return out
}

func contradictoryStore(t *testing.T, store graph.Store, seed uint64) *rand.Rand {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 17))
	records := func(yield func(graph.Record, error) bool) {
		for _, record := range contradictoryGraph(model(t).Graph, r) {
			if !yield(record, nil) {
				return
			}
		}
	}
	if _, err := graph.Apply(t.Context(), store, model(t).Graph, graph.Changes{Records: records}); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestContradictionsNarrowed(t *testing.T) {
	some := 0
	for seed := range uint64(3) {
		store := emptySQLite(t)
		r := contradictoryStore(t, store, seed)
		some += contradictionsNarrowed(t, engineOver(t, store), r, 5)
	}
	if some < 100 {
		t.Errorf("only %d filters keep some and not all", some)
	}
}

func TestContradictionsNarrowedNeo4j(t *testing.T) {
	store := neo4jtest.Open(t, model(t).Graph)
	r := contradictoryStore(t, store, 1)
	if some := contradictionsNarrowed(t, engineOver(t, store), r, 1); some < 5 {
		t.Errorf("only %d filters keep some and not all", some)
	}
}

// TestContradictionsRefused: what cannot be asked gets one error that says why.
func TestContradictionsRefused(t *testing.T) {
	store := emptySQLite(t)
	contradictoryStore(t, store, 1)
	e := engineOver(t, store)
	for _, of := range []string{``, `about: "raid:x", `} {
		_, _, _, gap, _, _ := contradictionsAsked(t, e, of+`first: 1, orderBy: [{field: GAP}]`)
		_, _, _, plain, _, _ := contradictionsAsked(t, e, of+`first: 1`)
		for arguments, want := range map[string]string{
			`where: {gap: {gt: "many"}}`:                                        `Int cannot represent non-integer value`,
			`where: {gap: {gt: null}}`:                                          `where.gap.gt is null: nothing compares with null`,
			`where: {left: null}`:                                               `where.left is null: leave it out`,
			`where: {left: {publishedAt: {gt: "yesterday"}}}`:                   `a moment is written like 2024-11-11T11:00:00Z`,
			`where: {either: {saidBy: {id: {eq: "police"}}}}`:                   `police`,
			`where: {place: {eq: 1}}`:                                           `place`,
			`where: {id: {eq: "contradiction:1"}}`:                              `id`,
			`orderBy: [{field: PLACE}]`:                                         `PLACE`,
			`orderBy: [{field: GAP, direction: DESC}], after: "` + gap + `"`:    `cursor`,
			`orderBy: [{field: GAP}], after: "` + plain + `"`:                   `cursor`,
			`after: "` + gap + `"`:                                              `cursor`,
			`orderBy: [{field: GAP}], after: "x"`:                               `is no cursor`,
			`orderBy: [{field: GAP}], last: 1, after: "` + gap + `"`:            `pages from the end go with before`,
			`where: {kind: {eq: DIRECT}}, orderBy: [{field: GAP}], first: 1001`: `a number from 0 to 1000`,
			`where: {kind: {eq: NONE}}`:                                         `NONE`,
		} {
			if got := sent(t, e, `{ contradictions(`+of+arguments+`) { totalCount nodes { gap } } }`, ""); !strings.Contains(got, `"errors"`) || !strings.Contains(got, want) || strings.Contains(got, "INTERNAL") {
				t.Errorf("%s%s is answered by %s, want %s", of, arguments, got, want)
			}
		}
	}
}
