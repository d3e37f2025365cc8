package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// mergedSchema is Schema with what merging needs: judgements, and records as they were said.
func mergedSchema() *graph.Schema {
	s := Schema()
	judgement := node("Judgement", "judgement", nil, &graph.Field{Name: "verdict", Type: graph.Enum, Values: []string{"SAME", "NOT_SAME", "WITHDRAWN"}, NonNull: true, Index: true},
		needed(indexed("record", graph.String)), needed(indexed("other", graph.String)), needed(plain("reason", graph.String)))
	own := node("OwnRecord", "own", nil, needed(plain("record", graph.String)), needed(plain("state", graph.String)), needed(indexed("from", graph.String)), indexed("to", graph.String))
	own.Internal = true
	return graph.NewSchema(append(slices.Clone(s.Kinds), judgement, own),
		append(slices.Clone(s.Relations), one(relation("SAID_BY", ends(judgement, s.Kind("Person")), nil)), one(relation("WITHDRAWS", ends(judgement, judgement), nil))))
}

// testExportMerged holds what Store.Export promises of what is merged. What a store knows of merging is no more than this: plans and
// puts are of what readers see, and graph resolves that.
func (s *suite) testExportMerged(t *testing.T) {
	schema := mergedSchema()
	b := build(schema)
	person := func(id string, age int64) *graph.Node {
		return b.node(id).Set("name", id).Set("age", age)
	}
	knows := func(from, to string) *graph.Edge { return b.edge("KNOWS", from, to) }
	judgement := b.node("judgement:1").Set("verdict", "SAME").Set("record", "person:b").Set("other", "person:m").Set("reason", "r")
	said := []graph.Record{person("person:b", 40), person("person:m", 30), knows("person:a", "person:b"), knows("person:m", "person:z"), knows("person:z", "person:b")}
	store := s.open(t, schema)
	put(t, store, list(person("person:a", 1), person("person:m", 30).Set("grade", "LOW"), person("person:z", 2), b.node("group:g").Set("name", "g").Set("order", int64(1)).Set("group", true).
		Set("aliases", []string{}), judgement, knows("person:a", "person:m"), knows("person:a", "person:z"), knows("person:m", "person:z"), knows("person:z", "person:m"), b.edge("MEMBER_OF", "person:a", "group:g")))
	for i, r := range said {
		from, to := "", ""
		switch r := r.(type) {
		case *graph.Node:
			from = r.ID
		case *graph.Edge:
			from, to = r.From, r.To
		}
		n := b.node(fmt.Sprint("own:", i)).Set("record", from+" "+to).Set("state", string(graph.AppendRecord(nil, r))).Set("from", from)
		if to != "" {
			n.Set("to", to)
		}
		put(t, store, list(n))
	}
	want := []string{"Person person:a 1", "Person person:b 40", "Person person:m 30", "Person person:z 2", "Group group:g", "Judgement judgement:1",
		"KNOWS person:a person:b", "KNOWS person:a person:z", "KNOWS person:m person:z", "KNOWS person:z person:b", "MEMBER_OF person:a group:g"}
	var got []string
	for _, r := range export(t, store) {
		got = append(got, inBrief(r))
	}
	if !slices.Equal(got, want) {
		t.Errorf("exported is\n%q\nwant\n%q", got, want)
	}
	root := b.all([]string{"Person"})
	sets, err := store.Query(t.Context(), b.plan(root), b.args)
	if err != nil || len(sets[0].Rows) != 3 {
		t.Errorf("a plan reads %v, %v: it reads what was put", sets, err)
	}
}

// inBrief is a record's identity, and the age of a person.
func inBrief(r graph.Record) string {
	switch r := r.(type) {
	case *graph.Edge:
		return r.Relation.Type + " " + r.From + " " + r.To
	case *graph.Node:
		if age := r.Get("age"); age != nil {
			return r.Kind.Name + " " + r.ID + fmt.Sprint(" ", age)
		}
		return r.Kind.Name + " " + r.ID
	}
	return ""
}
