package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// domain is a small schema in the manner of the real one.
type domain struct {
	*graph.Schema
	province, compound, agency, official, raid, claim *graph.Kind
	in, targeted, took, about, part                   *graph.Relation
}

func field(name string, t graph.Type, options ...func(*graph.Field)) *graph.Field {
	f := &graph.Field{Name: name, Type: t}
	for _, o := range options {
		o(f)
	}
	return f
}

func indexed(f *graph.Field) { f.Index = true }
func needed(f *graph.Field)  { f.NonNull = true }
func text(f *graph.Field)    { f.Text = true }

func named() *graph.Field {
	return &graph.Field{Name: "name", Type: graph.String, NonNull: true, Index: true, Text: true, Search: graph.SearchName}
}

func kindOf(name, prefix string, interfaces []string, fields ...*graph.Field) *graph.Kind {
	return &graph.Kind{Name: name, Prefix: prefix, Interfaces: interfaces, Fields: append(fields, graph.SystemFields()...)}
}

func relationOf(typ string, one bool, key []*graph.Field, ends []graph.End, props ...*graph.Field) *graph.Relation {
	return &graph.Relation{Type: typ, One: one, Key: key, Ends: ends, Props: append(props, graph.SystemFields()...)}
}

func newDomain() *domain {
	d := &domain{
		province: kindOf("Province", "province", nil, named(), field("iso", graph.String, indexed)),
		compound: kindOf("Compound", "compound", nil, named(), field("names", graph.JSON), field("form", graph.String, text),
			field("active", graph.Boolean), field("latitude", graph.Float), field("ncdd", graph.StringList)),
		agency:   kindOf("Agency", "agency", []string{"Actor"}, named(), field("country", graph.String, indexed)),
		official: kindOf("Official", "official", []string{"Actor"}, named(), field("rank", graph.Int)),
		raid: kindOf("Raid", "raid", nil, named(), field("date.from", graph.Date, indexed), field("date.edtf", graph.String),
			field("contested", graph.Boolean, needed), field("found", graph.Int, indexed)),
		claim: kindOf("Claim", "claim", nil, field("property", graph.String, indexed), field("measure", graph.String), field("value.value", graph.Int),
			&graph.Field{Name: "words", Type: graph.String, Text: true, Search: graph.SearchText}),
	}
	role := field("role", graph.String)
	d.in = relationOf("LOCATED_IN", true, nil, []graph.End{{From: d.raid, To: d.province}, {From: d.compound, To: d.province}})
	d.targeted = relationOf("TARGETED", false, nil, []graph.End{{From: d.raid, To: d.compound}})
	d.took = relationOf("PARTICIPATED_IN", false, []*graph.Field{role}, []graph.End{{From: d.agency, To: d.raid}, {From: d.official, To: d.raid}}, role, field("share", graph.Float))
	d.about = relationOf("SUBJECT", true, nil, []graph.End{{From: d.claim, To: d.raid}, {From: d.claim, To: d.compound}})
	d.part = relationOf("PART_OF", true, nil, []graph.End{{From: d.agency, To: d.agency}})
	d.Schema = graph.NewSchema([]*graph.Kind{d.province, d.compound, d.agency, d.official, d.raid, d.claim},
		[]*graph.Relation{d.in, d.targeted, d.took, d.about, d.part})
	return d
}

// records makes about 9.7 records a raid: names in two scripts, ties, nulls, and one province and one agency with a tenth of
// everything.
func (d *domain) records(raids int) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		r := rand.New(rand.NewPCG(1, 2))
		ok := true
		put := func(rec graph.Record) {
			if ok {
				ok = yield(rec, nil)
			}
		}
		some := func(n int) int {
			if r.IntN(10) == 0 {
				return 0
			}
			return r.IntN(n)
		}
		compounds, agencies, officials := raids/3+1, raids/100+1, raids/20+1
		for i := range 25 {
			put(graph.NewNode(d.province, fmt.Sprintf("province:kh-%d", i)).Set("name", fmt.Sprintf("Province %d", i)).Set("iso", fmt.Sprintf("KH-%d", i)).Set("recordedAt", recorded))
		}
		for i := range compounds {
			id := fmt.Sprintf("compound:c-%06d", i)
			put(graph.NewNode(d.compound, id).Set("name", fmt.Sprintf("Steung Compound %d", i)).Set("form", "fortified housing").Set("active", i%3 == 0).
				Set("names", fmt.Sprintf(`[{"value":"Compound %d","language":"en"},{"value":"ក្រុង %d","language":"km"}]`, i, i)).
				Set("latitude", 10+r.Float64()).Set("ncdd", []string{"1201", "1202"}).Set("recordedAt", recorded))
			put(graph.NewEdge(d.in, id, fmt.Sprintf("province:kh-%d", some(25))))
		}
		for i := range agencies {
			put(graph.NewNode(d.agency, fmt.Sprintf("agency:a-%d", i)).Set("name", fmt.Sprintf("Agency %d", i)).Set("country", "KH").Set("recordedAt", recorded))
		}
		for i := range officials {
			put(graph.NewNode(d.official, fmt.Sprintf("official:o-%d", i)).Set("name", fmt.Sprintf("Official %d", i)).Set("rank", int64(i%9)).Set("recordedAt", recorded))
		}
		for i := range raids {
			id := fmt.Sprintf("raid:r-%06d", i)
			n := graph.NewNode(d.raid, id).Set("name", fmt.Sprintf("Raid %d on a compound", r.IntN(raids))).Set("contested", i%4 == 0).Set("recordedAt", recorded)
			if i%5 > 0 {
				n.Set("date.from", fmt.Sprintf("20%02d-%02d-%02d", r.IntN(25), 1+r.IntN(12), 1+r.IntN(28))).Set("date.edtf", "2024-11").Set("found", int64(r.IntN(500)))
			}
			put(n)
			put(graph.NewEdge(d.in, id, fmt.Sprintf("province:kh-%d", some(25))))
			for range 2 {
				put(graph.NewEdge(d.targeted, id, fmt.Sprintf("compound:c-%06d", r.IntN(compounds))))
				put(graph.NewEdge(d.took, fmt.Sprintf("agency:a-%d", some(agencies)), id).Set("role", []string{"LED", "JOINED"}[r.IntN(2)]))
			}
			put(graph.NewEdge(d.took, fmt.Sprintf("official:o-%d", r.IntN(officials)), id).Set("role", "LED"))
			claim := fmt.Sprintf("claim:k-%06d", i)
			put(graph.NewNode(d.claim, claim).Set("property", []string{"figure", "outcome"}[i%2]).Set("measure", "FOUND").Set("value.value", int64(i)).Set("recordedAt", recorded))
			put(graph.NewEdge(d.about, claim, id))
		}
	}
}

// recorded is when everything was.
const recorded = "2025-01-02T03:04:05Z"

func openDomain(t testing.TB, d *domain, raids int) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: filepath.Join(t.TempDir(), "domain.db"), Schema: d.Schema})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	put(t, s, d.records(raids))
	return s
}

func put(t testing.TB, s graph.Store, records graph.Records) graph.Written {
	t.Helper()
	var w graph.Written
	err := s.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		var err error
		w, err = tx.Put(ctx, records)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The parts of plans.

func stored(k *graph.Kind, name string) graph.FieldRef {
	return graph.FieldRef{Owner: graph.OfNode, Name: name, Type: k.Field(name).Type}
}

var (
	id     = graph.FieldRef{Owner: graph.OfID, Type: graph.String}
	kindIs = graph.FieldRef{Owner: graph.OfKind, Type: graph.String}
	byID   = []graph.Order{{Field: id}}
)

func kinds(k ...*graph.Kind) []*graph.Kind { return k }

func all() graph.Page { return graph.Page{Limit: graph.NoArg} }

func first(a graph.Arg) graph.Page { return graph.Page{Limit: a} }

// plans are questions in the manner of the real ones, with arguments.
type planned struct {
	name string
	plan *graph.Plan
	args []any
}

func (d *domain) plans(raids int) []planned {
	eq := func(f graph.FieldRef, a graph.Arg) *graph.Cond { return &graph.Cond{Op: graph.Eq, Field: f, Arg: a} }
	raid := func(names ...string) []graph.FieldRef {
		out := []graph.FieldRef{id}
		for _, n := range names {
			out = append(out, stored(d.raid, n))
		}
		return out
	}
	compound := []graph.FieldRef{id, stored(d.compound, "name"), stored(d.compound, "form")}
	date := stored(d.raid, "date.from")
	byDate := []graph.Order{{Field: date}, {Field: id}}
	middle := fmt.Sprintf("raid:r-%06d", raids/2)
	return []planned{
		{"lookup", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "raid", Kinds: kinds(d.raid), Where: eq(id, 0), Fields: raid("name", "date.from", "contested", "found"), Order: byID, Page: first(1)}}},
			[]any{middle, int64(1)}},
		{"node", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "node", Kinds: d.Kinds, Where: eq(id, 0), Fields: []graph.FieldRef{id, kindIs, stored(d.raid, "name")}, Order: byID, Page: first(1)}}},
			[]any{middle, int64(1)}},
		{"list of 50, filtered", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid),
			Where: &graph.Cond{Op: graph.Ge, Field: stored(d.raid, "found"), Arg: 0}, Fields: raid("name", "date.from", "contested", "found"), Order: byDate, Page: first(1)}}},
			[]any{int64(400), int64(50)}},
		{"1000 x 5", &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name", "date.from", "contested", "found"), Order: byID, Page: first(0)}}},
			[]any{int64(1000)}},
		{"nested 50 x 10 x 5", &graph.Plan{Args: 3, Roots: []*graph.Select{{Name: "compounds", Kinds: kinds(d.compound), Fields: compound, Order: byID, Page: first(0),
			Children: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Via: &graph.Via{Relation: d.targeted}, Fields: raid("name", "date.from"), Order: byDate, Page: first(1),
				Children: []*graph.Select{{Name: "participants", Kinds: kinds(d.agency, d.official), Via: &graph.Via{Relation: d.took, Keyed: true},
					Fields: []graph.FieldRef{id, kindIs, stored(d.agency, "name"), {Owner: graph.OfEdge, Name: "role", Type: graph.String}},
					Order:  []graph.Order{{Field: id}, {Field: graph.FieldRef{Owner: graph.OfKey}}}, Page: first(2)}}}}}}},
			[]any{int64(50), int64(10), int64(5)}},
		{"to one", &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name", "date.from"), Order: byID, Page: first(0),
			Children: []*graph.Select{{Name: "province", Kinds: kinds(d.province), Via: &graph.Via{Relation: d.in, Out: true, One: true}, Fields: []graph.FieldRef{id, stored(d.province, "name")}, Page: all()}}}}},
			[]any{int64(1000)}},
		{"hub page with total", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "agency", Kinds: kinds(d.agency), Where: eq(id, 0), Fields: []graph.FieldRef{id}, Order: byID, Page: all(),
			Children: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Via: &graph.Via{Relation: d.took, Out: true}, Fields: raid("name", "date.from"), Order: byDate, Page: first(1), Count: true}}}}},
			[]any{"agency:a-0", int64(25)}},
		{"far end by id", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name"), Order: byDate, Page: first(1),
			Where: &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: d.targeted, Out: true}, Kinds: kinds(d.compound), Of: []*graph.Cond{eq(id, 0)}}}}},
			[]any{fmt.Sprintf("compound:c-%06d", raids/6), int64(25)}},
		{"far end two hops", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "claims", Kinds: kinds(d.claim), Fields: []graph.FieldRef{id}, Order: byID, Page: first(1),
			Where: &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: d.about, Out: true}, Kinds: kinds(d.raid), Of: []*graph.Cond{
				{Op: graph.Some, Via: &graph.Via{Relation: d.targeted, Out: true}, Kinds: kinds(d.compound), Of: []*graph.Cond{eq(id, 0)}}}}}}},
			[]any{fmt.Sprintf("compound:c-%06d", raids/6), int64(25)}},
		{"far end by province", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name"), Order: byDate, Page: first(1),
			Where: &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: d.in, Out: true}, Kinds: kinds(d.province), Of: []*graph.Cond{eq(stored(d.province, "iso"), 0)}}}}},
			[]any{"KH-7", int64(25)}},
		{"page in the middle", &graph.Plan{Args: 3, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name", "date.from"), Order: byDate,
			Page: graph.Page{Limit: 0, After: []graph.CursorKey{{Arg: 1}, {Arg: 2}}}}}},
			[]any{int64(25), "2012-06-15", middle}},
		{"page backward", &graph.Plan{Args: 3, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name", "date.from"), Order: byDate,
			Page: graph.Page{Limit: 0, Backward: true, After: []graph.CursorKey{{Arg: 1}, {Arg: 2}}}}}},
			[]any{int64(25), "2012-06-15", middle}},
		{"page by name down", &graph.Plan{Args: 3, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name"), Order: []graph.Order{{Field: stored(d.raid, "name"), Desc: true}, {Field: id}},
			Page: graph.Page{Limit: 0, After: []graph.CursorKey{{Arg: 1}, {Arg: 2}}}}}},
			[]any{int64(25), "Raid 5", middle}},
		{"total", &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid(), Order: byID, Page: first(0), Count: true}}},
			[]any{int64(1)}},
		{"contains", &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "raids", Kinds: kinds(d.raid), Fields: raid("name"), Order: byDate, Page: first(1),
			Where: &graph.Cond{Op: graph.Contains, Field: stored(d.raid, "name"), Arg: 0}}}}, []any{"raid 77", int64(25)}},
		{"search", &graph.Plan{Args: 4, Roots: []*graph.Select{{Name: "search", Kinds: d.Kinds, Search: &graph.Search{Term: 0, Words: 1, Longest: 2}, Fields: []graph.FieldRef{id, kindIs, {Owner: graph.OfRank, Type: graph.Int}}, Page: first(3)}}},
			[]any{"raid 77", []any{"raid", "77"}, "raid", int64(25)}},
		{"search, rare", &graph.Plan{Args: 4, Roots: []*graph.Select{{Name: "search", Kinds: d.Kinds, Search: &graph.Search{Term: 0, Words: 1, Longest: 2}, Fields: []graph.FieldRef{id, kindIs, {Owner: graph.OfRank, Type: graph.Int}}, Page: first(3)}}},
			[]any{"official 77", []any{"official", "77"}, "official", int64(25)}},
		{"group by province", &graph.Plan{Args: 0, Roots: []*graph.Select{{Name: "counts", Kinds: kinds(d.raid), Page: all(), Group: &graph.Group{Keys: []graph.GroupKey{
			{Path: []graph.Hop{{Via: &graph.Via{Relation: d.in, Out: true, One: true}, Kinds: kinds(d.province)}}, Node: &graph.Select{Name: "province", Kinds: kinds(d.province), Fields: []graph.FieldRef{id, stored(d.province, "name")}, Page: all()}}}}}}},
			nil},
		{"group by two", &graph.Plan{Args: 0, Roots: []*graph.Select{{Name: "counts", Kinds: kinds(d.raid), Page: all(), Group: &graph.Group{Keys: []graph.GroupKey{
			{Field: stored(d.raid, "contested")},
			{Path: []graph.Hop{{Via: &graph.Via{Relation: d.targeted, Out: true}, Kinds: kinds(d.compound)}, {Via: &graph.Via{Relation: d.in, Out: true, One: true}, Kinds: kinds(d.province)}}, Node: &graph.Select{Name: "province", Kinds: kinds(d.province), Fields: []graph.FieldRef{id, stored(d.province, "name")}, Page: all()}}}}}}},
			nil},
	}
}
