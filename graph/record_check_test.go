package graph_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// problems are those of a record given as a line, each as "field: message".
func problems(t *testing.T, line string) []string {
	t.Helper()
	return listed(domain().CheckRecord(lines(t, line)[0]))
}

func listed(problems []graph.Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Field+": "+p.Message)
	}
	return out
}

func TestCheckRecord(t *testing.T) {
	raid := func(id, rest string) string { return fmt.Sprintf(`{"node":"Raid","id":"%s"%s}`, id, rest) }
	count := func(count string) string {
		return `{"node":"Claim","id":"claim:x","property":"figure","measure":"FOUND","value":{"type":"Count","raw":"r",` + count + `}}`
	}
	tests := []struct {
		line string
		want []string
	}{
		{raid("raid:x", `,"name":"N","date":{"edtf":"2024"}`), nil},
		{raid("compound:x", `,"name":"N","date":{"edtf":"2024"}`), []string{"id: it is an id of the kind Compound; those of the kind Raid begin with raid:"}},
		{raid("raid:x y", `,"name":"N","date":{"edtf":"2024"}`), []string{`id: "raid:x y" is no id: after the colon only`}},
		{raid("raid:x", ``), []string{"name: it is missing", "date: it is missing"}},
		{raid("raid:x", `,"name":" ","date":{"basis":"STATED"}`), []string{"name: it is empty", "date.edtf: it is missing; the days follow from it"}},
		{raid("raid:x", `,"name":"a\u0000b","date":{"edtf":"2024-02-30","basis":"STATD"}`), []string{
			"name: it holds a null byte; take it out", `date.basis: there is no "STATD"; did you mean STATED?`}},
		{raid("raid:x", `,"name":"N","date":{"edtf":"2024-02-30"}`), []string{`date.edtf: date "2024-02-30": that month has no day 30`}},
		{raid("raid:x", `,"name":"N","date":{"edtf":"2024-11","from":"2024-11-01","to":"2024-11-30"}`), nil},
		{raid("raid:x", `,"name":"N","date":{"edtf":"2024-11","from":"2024-11-02"}`), []string{`date.from: it is "2024-11-02", but "2024-11" means 2024-11-01; leave it out`}},
		{raid("raid:x", `,"name":"N","date":{"edtf":"../2024","from":"2024-11-02"}`), []string{`date.from: it is "2024-11-02", but "../2024" leaves that end open; leave it out`}},
		{raid("raid:x", `,"name":"N","date":{"edtf":"2024","to":"2024-13-01"}`), []string{`date.to: day "2024-13-01"`, `date.to: it is "2024-13-01"`}},
		{raid("raid:x", `,"name":"N","date":{"edtf":"2024"},"recordedAt":"yesterday"`), []string{`recordedAt: time "yesterday": use RFC 3339`}},
		{raid("raid:x", `,"date":{"edtf":"2024"},"name":"`+strings.Repeat("x", graph.MaxText+1)+`"`), []string{"name: it has 1001 bytes; at most 1000 are kept"}},
		{raid("raid:x", `,"date":{"edtf":"2024"},"name":"`+"\xff"+`"`), []string{"name: it is not valid UTF-8"}},

		{`{"node":"Compound","id":"compound:x","name":"N","place":{"latitude":91,"precision":"NEAR"}}`, []string{
			"place.latitude: it is 91; use degrees from -90 to 90", "place.text: it is missing"}},
		{`{"node":"Compound","id":"compound:x","name":"N","form":"` + strings.Repeat("x", graph.MaxLongText+1) + `"}`, []string{"form: it has 32001 bytes; at most 32000 are kept"}},
		{`{"node":"Agency","id":"agency:x","name":"N","country":"KH","type":"POLIC","names":[{"value":"v","kind":"COMMON"},{"value":"w","kind":"NICK"},{"kind":"ALIAS"}]}`, []string{
			`names.1.kind: there is no "NICK"; use OFFICIAL`, "names.2.value: it is missing", `type: there is no "POLIC"; did you mean POLICE?`}},
		{`{"node":"Source","id":"source:x"}`, []string{"seen: it is missing"}},
		{`{"node":"Source","id":"source:x","seen":true,"versions":[{"publishedAt":"2024-11-11"}]}`, []string{"versions.0.publishedAt: time"}},
		{`{"node":"Statement","id":"statement:x","name":"N","text":"t","date":{"edtf":"2024"},"kind":"DID_NOT_RESPOND","stance":"DENIES"}`, []string{
			"stance: it is DENIES, but the statement's kind is DID_NOT_RESPOND: a silence takes the stance SILENT or none"}},
		{`{"node":"Statement","id":"statement:x","name":"N","date":{"edtf":"2024"},"kind":"CLAIM","text":"` + strings.Repeat("x", 20_000) + `","quote":"` + strings.Repeat("y", 20_000) + `"}`,
			[]string{": its texts that search looks at are over 32000 bytes together"}},

		{count(`"mode":"EXACT","value":5`), nil},
		{count(`"mode":"EXACT","value":5,"min":4`), []string{`value: count "r": EXACT takes value, and min and max equal to it or left out`}},
		{count(`"mode":"EXACT","value":3000000000`), []string{`value.value: it is 3000000000; use a number from -2147483648 to 2147483647`}},
		{count(`"mode":"EXACTLY","value":5`), []string{`value.mode: there is no "EXACTLY"; did you mean EXACT?`}},
		{count(`"value":5`), []string{"value.mode: it is missing; use EXACT"}},
		{count(`"mode":"EXACT","value":5,"text":"five"`), []string{"value.text: it belongs to a Text, but value.type is Count"}},
		{`{"node":"Claim","id":"claim:x","property":"form"}`, []string{"value: it is missing; use Text, Count, Period, Reference"}},
		{`{"node":"Claim","id":"claim:x","property":"form","value":{"text":"t"}}`, []string{"value.type: it is missing; use Text"}},
		{`{"node":"Claim","id":"claim:x","property":"form","value":{"type":"Text"}}`, []string{"value.text: it is missing"}},
		{`{"node":"Claim","id":"claim:x","property":"figure","value":{"type":"Text","text":"t"}}`, []string{"measure: it is missing: a figure says of whom it counts"}},
		{`{"node":"Claim","id":"claim:x","property":"figure","measure":"FOUND","value":{"type":"Text","text":"t"}}`, []string{"value.type: it is Text, but a figure is a Count"}},
		{`{"node":"Claim","id":"claim:x","property":"screening","value":{"type":"Text","text":"not done"}}`, []string{`value.text: there is no screening status "not done"; did you mean NOT_DONE?`}},
		{`{"node":"Claim","id":"claim:x","property":"outcome","value":{"type":"Reference"}}`, []string{"value.type: it is Reference, but a claim of outcome is a Text: DETAINED"}},
		{`{"node":"Claim","id":"claim:x","property":"date","value":{"type":"Period","edtf":"2024-11"},"saidOn":{"edtf":"nov"}}`, []string{`saidOn.edtf: date "nov"`}},

		{`{"relation":"TARGETED","from":"raid:x","to":"compound:y"}`, nil},
		{`{"relation":"TARGETED","from":"compound:y","to":"raid:x"}`, []string{"from: TARGETED does not begin at the kind Compound, but at Raid"}},
		{`{"relation":"TARGETED","from":"raid:x","to":"raid:y"}`, []string{"to: TARGETED does not lead from the kind Raid to the kind Raid, but to Compound"}},
		{`{"relation":"TARGETED","from":"x","to":"nothing:y"}`, []string{`from: "x" is no id`, `to: "nothing:y" is no id: no kind of node`}},
		{`{"relation":"PARTICIPATED_IN","from":"agency:x","to":"raid:y"}`, []string{"role: it is missing; use LEAD"}},
		{`{"relation":"PARTICIPATED_IN","from":"agency:x","to":"raid:y","role":"ESCORTED"}`, []string{`role: there is no "ESCORTED" for the kind Raid; use LEAD, PARTICIPANT, SUPPORT, INFORMANT, ORDERED, ANNOUNCED`}},
		{`{"relation":"CITES","from":"claim:x","to":"source:y","chain":0,"verb":"SAID"}`, []string{"hop: it is missing"}},
	}
	for _, test := range tests {
		got := problems(t, test.line)
		if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
			t.Errorf("%.200s\n  %s\nwant\n  %s", test.line, strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
		}
	}
}

// Values that cannot come from a line of JSON.
func TestCheckRecordTypes(t *testing.T) {
	s := domain()
	n := graph.NewNode(s.Kind("Province"), "province:x").Set("name", 5).Set("iso", "KH-1").Set("country", "KH").
		Set("latitude", math.NaN()).Set("longitude", "east").Set("names", []string{})
	want := []string{"name: it is no text", "names: it is no text", "latitude: it is no finite number", "longitude: it is no number"}
	if got := listed(s.CheckRecord(n)); !slices.EqualFunc(got, want, func(g, w string) bool { return g == w || w == want[2] && strings.HasPrefix(g, "latitude: ") }) {
		t.Errorf("%q", got)
	}
	for _, r := range []graph.Record{
		graph.NewNode(s.Kind("FigureSummary"), "figure:x"),
		graph.NewEdge(s.Relation("RAIDED"), "agency:x", "compound:y"),
		&graph.Node{Kind: s.Kind("Raid"), ID: "raid:x"},
		&graph.Edge{Relation: s.Relation("TARGETED"), From: "raid:x", To: "compound:y"},
		&graph.Node{Kind: &graph.Kind{Name: "Raid"}, ID: "raid:x"},
	} {
		if got := listed(s.CheckRecord(r)); len(got) != 1 || !strings.HasPrefix(got[0], ": ") {
			t.Errorf("%q", got)
		}
	}
}

func TestCheckRecordCompletes(t *testing.T) {
	r := lines(t, `{"node":"Claim","id":"claim:x","property":"figure","measure":"FOUND","value":{"type":"Count","raw":"more than cafe\u0301","mode":"MORE_THAN","value":1000},"saidOn":{"edtf":" [2024-11-07, 2024-11-06] "},"publishedAt":"2024-11-11T18:00:00.5+07:00"}`)[0].(*graph.Node)
	if p := domain().CheckRecord(r); p != nil {
		t.Fatal(p)
	}
	for field, want := range map[string]any{
		"value.raw": "more than café", "value.value": int64(1000), "value.min": int64(1001), "value.max": nil,
		"saidOn.edtf": "[2024-11-06,2024-11-07]", "saidOn.from": "2024-11-06", "saidOn.to": "2024-11-07", "saidOn.basis": "STATED",
		"publishedAt": "2024-11-11T11:00:00Z",
	} {
		if got := r.Get(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	s := lines(t, `{"node":"Statement","id":"statement:x","name":"N","kind":"DECLINED_TO_COMMENT","date":{"edtf":"2024-11-06/2024-11-09"},"text":"t"}`)[0].(*graph.Node)
	s.Set("silent", false).Set("month", "1999-01")
	if p := domain().CheckRecord(s); p != nil || s.Get("silent") != true || s.Get("month") != "2024-11" {
		t.Errorf("%v, %v, %v", p, s.Get("silent"), s.Get("month"))
	}
	c := lines(t, `{"node":"Repatriation","id":"repatriation:x","name":"N","date":{"edtf":"2024"}}`)[0].(*graph.Node)
	if p := domain().CheckRecord(c); p != nil || c.Get("via") == nil || c.Get("month") != nil {
		t.Errorf("%v, %v, %v", p, c.Get("via"), c.Get("month"))
	}
}

func TestInvalidRecord(t *testing.T) {
	r := lines(t, `{"relation":"PARTICIPATED_IN","from":"agency:x","to":"raid:y","role":"LEAD"}`)[0]
	err := graph.InvalidRecord(r, []graph.Problem{{"a", "one"}, {"", "two"}, {"c", "three"}, {"d", "four"}, {"e", "five"}})
	if want := `PARTICIPATED_IN from "agency:x" to "raid:y" (LEAD): a: one; two; c: three; and 2 more`; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	if graph.InvalidRecord(r, nil) != nil {
		t.Error("an error for no problem")
	}
}

func TestSuggest(t *testing.T) {
	options := []string{"agency:gdi-kh", "agency:gcnp-kh", "STATED", "name"}
	for word, want := range map[string]string{"agency:gdi-hk": "agency:gdi-kh", "stated": "STATED", "STATD": "STATED", "nmae": "name", "nothing": "", "": "",
		strings.Repeat("x", 100): ""} {
		if got := graph.Suggest(word, options); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
