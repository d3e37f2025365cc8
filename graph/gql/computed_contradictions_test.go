package gql

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// contradictionsPage is an answer to a question for contradictions.
type contradictionsPage struct {
	Data struct {
		Contradictions struct {
			TotalCount int
			Edges      []struct {
				Cursor string
				Node   struct {
					Kind, Origin string
					Gap          *int
					Left, Right  struct {
						ID      string
						Subject struct{ ID string }
					}
					Steps []string
				}
			}
			PageInfo struct {
				HasNextPage, HasPreviousPage bool
				StartCursor, EndCursor       *string
			}
		}
	}
	Errors []struct{ Message string }
}

func askContradictions(t *testing.T, e *Engine, arguments string) contradictionsPage {
	t.Helper()
	var page contradictionsPage
	r := ask(t, e, `{ contradictions(`+arguments+`) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
		edges { cursor node { kind origin gap steps left { id subject { id } } right { id subject { id } } } } } }`, "")
	if err := json.Unmarshal(r.Body, &page); err != nil || len(page.Errors) > 0 {
		t.Fatalf("%s: %v %s", arguments, err, r.Body)
	}
	return page
}

// told are the contradictions of a page, a line each.
func (p contradictionsPage) told() []string {
	var lines []string
	for _, e := range p.Data.Contradictions.Edges {
		n := e.Node
		lines = append(lines, n.Kind+" "+strings.TrimPrefix(n.Left.ID, "claim:")+" "+strings.TrimPrefix(n.Right.ID, "claim:")+" "+n.Origin)
	}
	return lines
}

func TestContradictions(t *testing.T) {
	e := smallEngine(t)
	all := []string{
		"CONTAINMENT figure0 figure1 SAME", "CONTAINMENT figure6 figure1 SAME", "CONTAINMENT figure5 figure6 SAME", "DIRECT figure0 figure6 SAME",
		"DATE date0 date1 SAME", "VALUE province0 province1 SAME",
	}
	for _, c := range []struct {
		arguments string
		want      []string
	}{
		{`about: "raid:a"`, all},
		{`about: "raid:a", measure: FOUND`, all[:4]},
		{`about: "raid:a", measure: DEPORTED`, nil},
		{`about: "raid:a", kind: VALUE`, all[5:]},
		{`about: "raid:a", kind: DIRECT`, all[3:4]},
		{`about: "raid:a", kind: DATE, measure: FOUND`, nil},
		{`about: "raid:b"`, all[2:3]}, // the total is about raid:b, its part about raid:a
		{`about: "raid:c"`, nil},
		{`about: "raid:nothing"`, nil},
		{`about: "claim:figure0"`, nil},
		{`about: "figure:a"`, nil},
	} {
		page := askContradictions(t, e, c.arguments)
		if got := page.told(); !slices.Equal(got, c.want) || page.Data.Contradictions.TotalCount != len(c.want) {
			t.Errorf("%s: %d are\n%s\nand not\n%s", c.arguments, page.Data.Contradictions.TotalCount, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	first := askContradictions(t, e, `about: "raid:b"`).Data.Contradictions.Edges[0].Node
	if first.Left.Subject.ID != "raid:b" || first.Right.Subject.ID != "raid:a" || *first.Gap != 290 {
		t.Errorf("a part about another node than its total: %+v", first)
	}
}

// TestContradictionPages walks them in both directions by cursors: each once, in order.
func TestContradictionPages(t *testing.T) {
	e := smallEngine(t)
	all := askContradictions(t, e, `about: "raid:a"`).told()
	for _, backward := range []bool{false, true} {
		var got []string
		arguments, more := `about: "raid:a", first: 2`, true
		if backward {
			arguments = `about: "raid:a", last: 4`
		}
		for base := arguments; more; {
			page := askContradictions(t, e, arguments)
			info := page.Data.Contradictions.PageInfo
			if before := len(got) > 0; backward && info.HasNextPage != before || !backward && info.HasPreviousPage != before {
				t.Errorf("%s: what is behind is told wrongly", arguments)
			}
			if backward {
				got, more = append(page.told(), got...), info.HasPreviousPage
				arguments = base + `, before: "` + *info.StartCursor + `"`
			} else {
				got, more = append(got, page.told()...), info.HasNextPage
				arguments = base + `, after: "` + *info.EndCursor + `"`
			}
		}
		if !slices.Equal(got, all) {
			t.Errorf("backward %t: the pages have\n%s", backward, strings.Join(got, "\n"))
		}
	}
}

func TestContradictionErrors(t *testing.T) {
	e := smallEngine(t)
	cursor := encodeListCursor("contradictions", []string{"DIRECT", "1", "a", "b"})
	for arguments, want := range map[string]string{
		`about: "raid"`:                                                "raid",
		`about: "raid:a", approxWithin: 1.5`:                           "a share from 0 to 1",
		`about: "raid:a", first: 1001`:                                 "a number from 0 to 1000",
		`about: "raid:a", first: 1, last: 1`:                           "counted from one end",
		`about: "raid:a", after: "x"`:                                  "is no cursor of contradictions",
		`about: "raid:a", after: "` + cursor[:len(cursor)-4] + `"`:     "is no cursor of contradictions",
		`about: "raid:a", before: "` + cursor + `"`:                    "before without last",
		`about: "raid:a", after: "` + encodeListCursor("x", nil) + `"`: "is no cursor of contradictions",
	} {
		if r := ask(t, e, `{ contradictions(`+arguments+`) { totalCount } }`, ""); r.Code != graph.Invalid || !strings.Contains(string(r.Body), want) {
			t.Errorf("%s: %s", arguments, r.Body)
		}
	}
}

// TestContradictionsGoneThrough: pages from the end, filters and orders go through all of them, so that there is a bound.
func TestContradictionsGoneThrough(t *testing.T) {
	kept := smallEngine(t).model.Graph.Kind("KeptContradiction")
	ordered := &contradictionNarrowing{kept: kept, order: []graph.Order{{Field: graph.FieldRef{Name: "gap", Type: graph.Int}}, {Field: graph.FieldRef{Owner: graph.OfID}}}}
	for n, refused := range map[int]bool{316: false, 317: true} {
		set := &claimSet{}
		for i := range 2 * n {
			people := int64(i/n*1000 + 1)
			set.claims = append(set.claims, graph.SubjectClaim{Subject: "raid:x", SubjectKind: "Raid", Property: "figure", FigureClaim: graph.FigureClaim{
				ID: "claim:" + number(i), Measure: graph.MeasureFound, Count: graph.Count{Mode: graph.CountExact, Value: &people, Min: &people, Max: &people}}})
		}
		found := graph.FindContradictions(set.claims, graph.ContradictionOptions{})
		backward := &listPage{size: 0, cursor: graph.NoArg, backward: true}
		for what, page := range map[string]func() *listed{
			"from the end": func() *listed { return contradictionPage(found, set, backward, []any{int64(2)}) },
			"in an order":  func() *listed { return ordered.page(found, set, nil, backward, []any{int64(2)}) },
		} {
			var err error
			func() {
				defer func() {
					if failure, ok := recover().(planFailure); ok {
						err = failure.err
					}
				}()
				if page := page(); len(page.items) != 2 || !page.more || page.total != int64(n*n) {
					t.Errorf("the last 2 of %d %s: %d of %d", n*n, what, len(page.items), page.total)
				}
			}()
			if (graph.CodeOf(err) == graph.TooLarge) != refused {
				t.Errorf("%d %s: %v", n*n, what, err)
			}
		}
	}
}

// TestContradictionsOfTheWholeGraph: those that are kept are those that are found about each node, in the same order; filters and
// pages of them are of those.
func TestContradictionsOfTheWholeGraph(t *testing.T) {
	e := smallEngine(t)
	err := e.store.Update(t.Context(), func(ctx context.Context, tx graph.Tx) error {
		return tx.Remove(ctx, func(yield func(graph.Record, error) bool) { // the sample's own, of claims about nothing
			_ = yield(graph.NewNode(e.model.Graph.Kind("KeptContradiction"), "contradiction:b"), nil)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Rebuild(t.Context(), e.store, e.model.Graph); err != nil {
		t.Fatal(err)
	}
	all := askContradictions(t, e, `first: 1000`)
	found := map[string]bool{}
	for _, k := range e.model.Graph.Kinds {
		for _, name := range []string{"a", "b", "c"} {
			for _, line := range askContradictions(t, e, `about: "`+k.Prefix+":"+name+`", first: 1000`).told() {
				found[line] = true
			}
		}
	}
	told := all.told()
	if len(told) < 6 || len(told) != len(found) || all.Data.Contradictions.TotalCount != len(told) {
		t.Errorf("%d are kept, %d are found about the nodes", len(told), len(found))
	}
	for _, line := range told {
		if !found[line] {
			t.Errorf("%s is kept, and found about no node", line)
		}
	}
	for _, c := range []struct {
		arguments string
		is        func(line string) bool
	}{
		{`kind: DATE`, func(line string) bool { return strings.HasPrefix(line, "DATE") }},
		{`measure: DETAINED`, func(line string) bool { return strings.Contains(line, "figure1") }},
		{`measure: FOUND, kind: DIRECT, approxWithin: 0.2`, func(line string) bool { return strings.HasPrefix(line, "DIRECT") }},
	} {
		want := slices.DeleteFunc(slices.Clone(told), func(line string) bool { return !c.is(line) })
		if got := askContradictions(t, e, c.arguments).told(); len(got) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: %q, not %q", c.arguments, got, want)
		}
	}
	var forwards, backwards []string
	for after, more := "", true; more; {
		page := askContradictions(t, e, `first: 2`+after)
		forwards, more = append(forwards, page.told()...), page.Data.Contradictions.PageInfo.HasNextPage
		after = `, after: "` + *page.Data.Contradictions.PageInfo.EndCursor + `"`
	}
	for before, more := "", true; more; {
		page := askContradictions(t, e, `last: 4`+before)
		backwards, more = append(page.told(), backwards...), page.Data.Contradictions.PageInfo.HasPreviousPage
		before = `, before: "` + *page.Data.Contradictions.PageInfo.StartCursor + `"`
	}
	if !slices.Equal(forwards, told) || !slices.Equal(backwards, told) {
		t.Errorf("pages have\n%q\n%q\nand not\n%q", forwards, backwards, told)
	}
	for arguments, want := range map[string]string{
		`approxWithin: 0.3`:       "name a node by about",
		`approxWithin: -1`:        "name a node by about",
		`after: "x"`:              "is no cursor",
		`first: 2, kind: NOTHING`: "NOTHING",
	} {
		if r := ask(t, e, `{ contradictions(`+arguments+`) { totalCount } }`, ""); r.Code != graph.Invalid || !strings.Contains(string(r.Body), want) {
			t.Errorf("%s: %s", arguments, r.Body)
		}
	}
}

// TestContradictionsKeptAsFound: whatever the claims about two raids, and whichever are parts of claims about the other one, those that
// are kept with a claim about a raid are those that are found about it. Chains of parts over three nodes are followed one step only.
func TestContradictionsKeptAsFound(t *testing.T) {
	small := smallEngine(t)
	s := small.model.Graph
	total := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		store := storetest.NewModel(s)
		subjects := []string{"raid:a", "raid:b"}
		records := []graph.Record{graph.NewNode(s.Kind("Source"), "source:s").Set("seen", true)}
		for _, id := range subjects {
			records = append(records, graph.NewNode(s.Kind("Raid"), id).Set("name", id).Set("date.edtf", "2024-11"))
		}
		for i := range 14 {
			id := fmt.Sprint("claim:", i)
			n := graph.NewNode(s.Kind("Claim"), id)
			if people := int64(r.IntN(300)); r.IntN(5) > 0 {
				n.Set("property", "figure").Set("measure", []string{"FOUND", "DETAINED"}[r.IntN(2)]).Set("value.type", "Count").
					Set("value.raw", "n").Set("value.mode", "EXACT").Set("value.value", people)
			} else {
				n.Set("property", "date").Set("value.type", "Period").Set("value.edtf", fmt.Sprintf("2024-11-0%d", 1+people%3))
			}
			cites := graph.NewEdge(s.Relation("CITES"), id, "source:s")
			for j, v := range []any{int64(0), int64(0), "SAID"} {
				cites.Set([]string{"chain", "hop", "verb"}[j], v)
			}
			records = append(records, n, graph.NewEdge(s.Relation("SUBJECT"), id, subjects[r.IntN(2)]), cites)
			if total := r.IntN(2*i + 1); total < i {
				records = append(records, graph.NewEdge(s.Relation("PART_OF"), id, fmt.Sprint("claim:", total)))
			}
		}
		changes := graph.Changes{Records: func(yield func(graph.Record, error) bool) {
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
		}}
		if _, err := graph.Apply(t.Context(), store, s, changes); err != nil {
			t.Fatal(err)
		}
		e, err := New(Config{Model: small.model, Store: store})
		if err != nil {
			t.Fatal(err)
		}
		kept := askContradictions(t, e, `first: 1000`)
		for _, subject := range subjects {
			var want []string
			for i, line := range kept.told() {
				if n := kept.Data.Contradictions.Edges[i].Node; n.Left.Subject.ID == subject || n.Right.Subject.ID == subject {
					want = append(want, line)
				}
			}
			got := askContradictions(t, e, `first: 1000, about: "`+subject+`"`).told()
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, about %s are found\n%s\nand kept\n%s", seed, subject, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			total += len(got)
		}
	}
	if total < 1000 {
		t.Errorf("%d in all", total)
	}
}
