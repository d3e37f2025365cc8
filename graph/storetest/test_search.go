package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// searched are the nodes that testSearch looks for: id, names, running text.
var searched = []struct {
	id, name string
	names    []string
	text     string
}{
	{id: "person:an", name: "An"},
	{id: "person:anna", name: "Anna"},
	{id: "person:van-an", name: "Van An", names: []string{"Đặng Thị Ân"}},
	{id: "person:joanna", name: "Joanna"},
	{id: "place:o-smach", name: "O'Smach", names: []string{"អូរស្មាច់", "O Smach Resort"}},
	{id: "place:phnom-penh", name: "Phnom Penh", names: []string{"រាជធានី\u200bភ្នំពេញ", "ភ្នំពេញ", "金邊", "金边市", "พนมเปญ"}},
	{id: "place:poipet", name: "Poipet", names: []string{"ปอยเปต", "ប៉ោយប៉ែត", "波貝"}},
	{id: "place:sihanoukville", name: "Sihanoukville", names: []string{"西哈努克港", "西港", "ក្រុងព្រះសីហនុ"}},
	{id: "group:penh", name: "Penh Traders of Phnom", names: []string{"Café 金邊"}},
	{id: "group:percent", name: "100% under_score *"},
	{id: "group:coeng", name: "ក\u17d2\u178aី"},
	{id: "note:raid", name: "Raid in Phnom Penh", text: "Police found 200 phones in O-Smach. 警察在西港没有说。"},
	{id: "note:khmer", name: "", text: "នគរបាល\u200bរាជធានី\u200bភ្នំពេញ បាន\u200bឃើញ"},
	{id: "note:thai", name: "", text: "ตำรวจไทยพบคนในปอยเปต an"},
	{id: "event-of-note:penh", name: "Phnom Penh", text: "phnom penh"},
	{id: "event-of-note:split", name: "phones", text: "penh"},
}

// searches are terms with what they find: ids by rank.
var searches = []struct {
	term string
	want []string
}{
	{"an", []string{"0 person:an", "1 person:anna", "2 person:van-an", "3 person:joanna", "3 place:sihanoukville", "5 note:thai"}},
	{"O-Smach", []string{"0 place:o-smach", "5 note:raid"}},
	{"o smach res", []string{"1 place:o-smach"}},
	{"smach", []string{"2 place:o-smach", "5 note:raid"}},
	{"phnom penh", []string{"0 event-of-note:penh", "0 place:phnom-penh", "2 note:raid", "4 group:penh"}},
	{"penh phnom", []string{"4 event-of-note:penh", "4 group:penh", "4 note:raid", "4 place:phnom-penh"}},
	{"penh phones", nil},
	{"phones police", []string{"5 note:raid"}},
	{"cafe", []string{"1 group:penh"}},
	{"dang thi an", []string{"0 person:van-an"}},
	// Khmer: a whole name, its beginning, what stands inside one, one and two characters, words of a text.
	{"ភ្នំពេញ", []string{"0 place:phnom-penh", "5 note:khmer"}},
	{"ពេញ", []string{"3 place:phnom-penh", "5 note:khmer"}},
	{"រាជធានី", []string{"1 place:phnom-penh", "5 note:khmer"}},
	{"ញ", []string{"3 place:phnom-penh", "5 note:khmer"}},
	{"អូ", []string{"1 place:o-smach"}},
	{"ក\u17d2\u178fី", []string{"0 group:coeng"}},
	{"ភ្នំពេញ នគរ", []string{"5 note:khmer"}},
	// Chinese: one, two and three characters.
	{"金", []string{"1 place:phnom-penh", "2 group:penh"}},
	{"金邊", []string{"0 place:phnom-penh", "2 group:penh"}},
	{"港", []string{"3 place:sihanoukville", "5 note:raid"}},
	{"西港", []string{"0 place:sihanoukville", "5 note:raid"}},
	{"努克港", []string{"3 place:sihanoukville"}},
	{"警察 没有", []string{"5 note:raid"}},
	// Thai.
	{"ปอยเปต", []string{"0 place:poipet", "5 note:thai"}},
	{"เปต", []string{"3 place:poipet", "5 note:thai"}},
	{"ยเ", []string{"3 place:poipet", "5 note:thai"}},
	{"ต", []string{"3 place:poipet", "5 note:thai"}},
	{"ตำรวจ an", []string{"5 note:thai"}},
	// What a pattern or an index may take for its own.
	{"%", []string{"3 group:percent"}},
	{"_", []string{"3 group:percent"}},
	{"*", []string{"2 group:percent"}},
	{"100% *", []string{"4 group:percent"}},
	{"\"", nil},
	{"an OR anna", nil},
	{"nobody", nil},
}

func searchData(b *builder) *data {
	d := &data{schema: b.schema}
	for _, s := range searched {
		n := b.node(s.id)
		title := "name"
		if n.Kind.Name == "Note" {
			title = "title"
		}
		if s.name != "" {
			n.Set(title, graph.Normalize(s.name))
		}
		if s.names != nil {
			type named struct {
				Value string `json:"value"`
			}
			var names []named
			for _, v := range s.names {
				names = append(names, named{graph.Normalize(v)})
			}
			text, err := json.Marshal(names)
			if err != nil {
				panic(err)
			}
			n.Set("names", string(text))
		}
		if s.text != "" {
			n.Set("text", graph.Normalize(s.text))
		}
		d.nodes = append(d.nodes, n)
	}
	return d
}

// testSearch looks for names and texts in many scripts.
func (s *suite) testSearch(t *testing.T) {
	b := build(Schema())
	store, model := s.both(t, searchData(b))
	t.Run("ranks", func(t *testing.T) {
		for _, q := range searches {
			var got []string
			b, root := searchEverywhere(b.schema, q.term)
			for _, row := range b.ask(t, store, root)[0].Rows {
				got = append(got, fmt.Sprintf("%v %v", row[1], row[0]))
			}
			if !slices.Equal(got, q.want) {
				t.Errorf("search %q finds %q, want %q", q.term, got, q.want)
			}
			check(t, store, model, b.plan(root), b.args)
		}
	})
	t.Run("pages", func(t *testing.T) {
		for _, term := range []string{"an", "n", "penh", "phnom penh", "o", "金", "ញ"} {
			for _, size := range []int64{1, 2, 3} {
				b, root := searchEverywhere(b.schema, term)
				(&walker{b: b, of: root, size: size}).same(t, store, model)
			}
		}
	})
	t.Run("with a condition", func(t *testing.T) {
		b := build(b.schema)
		root := b.all([]string{"Person", "Place", "Note", "Event"})
		root.Order, root.Search, root.Count = nil, b.search("penh"), true
		root.Where = &graph.Cond{Op: graph.Not, Of: []*graph.Cond{{Op: graph.Eq, Field: idRef, Arg: b.arg("place:phnom-penh")}}}
		check(t, store, model, b.plan(root), b.args)
	})
	t.Run("long texts", func(t *testing.T) { testLongTexts(t, store, model, b.schema) })
	t.Run("what is written is found at once", func(t *testing.T) { testSearchWrites(t, store, b.schema) })
}

// searchEverywhere searches all kinds for a text, and reads the id and the rank of what it finds.
func searchEverywhere(schema *graph.Schema, text string) (*builder, *graph.Select) {
	b := build(schema)
	root := &graph.Select{Name: "search", Kinds: schema.Kinds, Search: b.search(text), Count: true, Page: graph.Page{Limit: graph.NoArg},
		Fields: []graph.FieldRef{idRef, {Owner: graph.OfRank, Type: graph.Int}}}
	return b, root
}

// testLongTexts finds what stands at the end of a text that is longer than an index may take, and the last of many names.
func testLongTexts(t *testing.T, store graph.Store, model *Model, schema *graph.Schema) {
	b := build(schema)
	text := strings.Repeat("police found phones. ", 10_000)
	var names strings.Builder
	for i := range 400 {
		fmt.Fprintf(&names, `{"value":"alias number %d of many"},`, i)
	}
	records := list(b.node("note:long").Set("text", text+"the needle").Set("quote", text+"ភ្នំពេញ"), b.node("note:long-too").Set("text", text+"the needles"),
		b.node("person:many").Set("names", "["+names.String()+`{"value":"haystack"}]`),
		b.node("group:long").Set("description", strings.Repeat("ខ", 5000)+" needle"))
	put(t, store, records)
	put(t, model, records)
	for term, want := range map[string][]string{
		"needle": {"group:long", "note:long", "note:long-too"}, "haystack": {"person:many"}, "alias number 399": {"person:many"}, "phones needles": {"note:long-too"},
	} {
		b, root := searchEverywhere(schema, term)
		if got := firsts(b.ask(t, store, root)[0]); !slices.Equal(got, want) {
			t.Errorf("search %q finds %q, want %q", term, got, want)
		}
	}
	for _, op := range []graph.Op{graph.Eq, graph.Ne, graph.Contains, graph.StartsWith} {
		for _, value := range []string{text + "the needle", "the needle", "police"} {
			b := build(schema)
			root := b.all([]string{"Note"}, "text")
			root.Where = &graph.Cond{Op: op, Field: b.ref(root.Kinds, "text"), Arg: b.arg(value)}
			check(t, store, model, b.plan(root), b.args)
		}
	}
}

// testSearchWrites changes names and texts, and takes nodes away.
func testSearchWrites(t *testing.T, store graph.Store, schema *graph.Schema) {
	b := build(schema)
	found := func(term string) []string {
		t.Helper()
		b, root := searchEverywhere(schema, term)
		return firsts(b.ask(t, store, root)[0])
	}
	expect := func(what, term string, want ...string) {
		t.Helper()
		if got := found(term); !slices.Equal(got, want) {
			t.Errorf("%s: search %q finds %q, want %q", what, term, got, want)
		}
	}
	put(t, store, list(b.node("person:w").Set("name", "Quixotic"), b.node("note:w").Set("text", "a quixotic raid")))
	expect("after two nodes were put", "quixotic", "person:w", "note:w")
	put(t, store, list(b.node("person:w").Set("name", "Zebra"), b.node("note:w").Set("text", "a zebra")))
	expect("after both were renamed", "quixotic")
	expect("after both were renamed", "zebra", "person:w", "note:w")
	remove(t, store, list(b.node("person:w")))
	expect("after one was removed", "zebra", "note:w")
	if contains := ids(t, store, schema, "Person"); slices.Contains(contains, "person:w") {
		t.Error("a node that was removed is still there")
	}
}
