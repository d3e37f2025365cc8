package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

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
