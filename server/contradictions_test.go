package main

import (
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
