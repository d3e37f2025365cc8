package graph_test

import (
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// canonical lines, as AppendRecord writes them once CheckRecord has completed them.
const canonicalLines = `
{"node":"Raid","id":"raid:x","name":"A \"raid\" \\ on\n\t\u0001 ភ្នំពេញ 😀","date":{"edtf":"2024-11","basis":"STATED"},"recordedAt":"2024-11-20T08:00:00Z"}
{"node":"Compound","id":"compound:c","name":"C","names":[{"value":"ស៊ី","language":"km","script":"Khmr","kind":"ALIAS"},{"value":"C","kind":"OFFICIAL"}],"externalIds":[{"scheme":"wikidata","value":"Q1"}],"form":"casino","place":{"text":"near","latitude":11.5,"longitude":-2.5e-07,"precision":"NEAR","ncdd":["0503","050301"]}}
{"node":"Claim","id":"claim:1","property":"figure","measure":"FOUND","facets":{"sex":"FEMALE","minor":false},"value":{"type":"Count","raw":"about 200","mode":"APPROX","value":200},"exhaustive":true,"saidOn":{"edtf":"[2024-11-06,2024-11-07]","basis":"INFERRED"},"publishedAt":"2024-11-11T11:00:00Z","retractedAt":"2024-11-12T00:00:00Z"}
{"node":"Claim","id":"claim:2","property":"active","value":{"type":"Period","edtf":"2024-12/..","basis":"STATED"}}
{"node":"Claim","id":"claim:3","property":"nationality","value":{"type":"Reference"},"share":"MOSTLY"}
{"node":"Source","id":"source:s","title":"T","seen":true,"versions":[{"publishedAt":"2024-11-11T11:00:00Z","note":"n"},{"published":"2024-11"}]}
{"node":"Repatriation","id":"repatriation:r","name":"R","date":{"edtf":"../2024-10-27","basis":"STATED"},"via":["TH"]}
{"relation":"PARTICIPATED_IN","from":"agency:a","to":"raid:x","role":"LEAD","recordedAt":"2024-11-20T08:00:00Z"}
{"relation":"CITES","from":"claim:1","to":"source:s","chain":0,"hop":1,"verb":"QUOTED","hedge":"reportedly"}
{"relation":"TARGETED","from":"raid:x","to":"compound:c"}
`

func TestRecordRoundTrip(t *testing.T) {
	for line := range strings.Lines(canonicalLines) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		r, err := graph.DecodeRecord(domain(), []byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if got := string(graph.AppendRecord(nil, r)); got != line {
			t.Errorf("before checking:\n%s\n%s", got, line)
		}
		for range 2 {
			if p := domain().CheckRecord(r); p != nil {
				t.Fatalf("%s: %v", line, p)
			}
			if got := string(graph.AppendRecord(nil, r)); got != line {
				t.Errorf("after checking:\n%s\n%s", got, line)
			}
		}
	}
}

func TestDecodeOtherForms(t *testing.T) {
	tests := map[string]string{
		` { "node" : "Raid" , "id":"raid:x", "date" : { "basis":"STATED", "edtf":"2024" } , "name":"\u00e9\ud83d\ude00\/" , "month":null } `: `{"node":"Raid","id":"raid:x","name":"é😀/","date":{"edtf":"2024","basis":"STATED"}}`,
		`{"node":"Province","id":"province:p","name":"P","iso":"KH-1","country":"KH","latitude":1e1,"longitude":104}`:                        `{"node":"Province","id":"province:p","name":"P","iso":"KH-1","country":"KH","latitude":10,"longitude":104}`,
		`{"node":"Agency","id":"agency:a","names":[],"name":"A","externalIds":[ {"value":"1","scheme":"x"} ]}`:                               `{"node":"Agency","id":"agency:a","name":"A","externalIds":[{"scheme":"x","value":"1"}]}`,
		`{"relation":"TARGETED","from":"raid:x","to":"compound:c"}`:                                                                          `{"relation":"TARGETED","from":"raid:x","to":"compound:c"}`,
	}
	for in, want := range tests {
		r, err := graph.DecodeRecord(domain(), []byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
		} else if got := string(graph.AppendRecord(nil, r)); got != want {
			t.Errorf("%s:\n%s\n%s", in, got, want)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{``, `the line ends where a record, an object such as {"node":"Raid","id":...} is due`},
		{`[]`, `a record, an object`},
		{`{}`, `a text for a key is due`},
		{`{"id":"raid:x"}`, `a record begins with "node" or "relation", not with "id"`},
		{`{"node":"Raids","id":"raid:x"}`, `there is no kind "Raids"; did you mean Raid?`},
		{`{"node":"FigureSummary","id":"figure:x"}`, `there is no kind "FigureSummary"`},
		{`{"node":"Raid"}`, `the key "id" is missing`},
		{`{"node":"Raid","name":"x"}`, `the key "id" comes next, not "name"`},
		{`{"node":"Raid","id":"raid:x","nmae":"x"}`, `byte 37: Raid has no "nmae"; did you mean name?`},
		{`{"node":"Raid","id":"raid:x","date":{"edft":"2024"}}`, `date has no "edft"; did you mean edtf?`},
		{`{"node":"Raid","id":"raid:x","date":"2024"}`, `an object for date is due`},
		{`{"node":"Raid","id":"raid:x","contested":true}`, `contested is written by the program; leave it out`},
		{`{"node":"Raid","id":"raid:x","name":"x","name":"y"}`, `name stands twice`},
		{`{"node":"Raid","id":"raid:x","name":1}`, `a text for name is due, not "1}"`},
		{`{"node":"Raid","id":"raid:x","name":"x",}`, `another element is due`},
		{`{"node":"Raid","id":"raid:x","name":"x"`, `the line ends where "," or "}" is due`},
		{`{"node":"Raid","id":"raid:x","name":"x`, `the line ends inside a text`},
		{`{"node":"Raid","id":"raid:x","name":"x\`, `the line ends inside a text`},
		{`{"node":"Raid","id":"raid:x","name":"\x"}`, `there is no escape \x`},
		{`{"node":"Raid","id":"raid:x","name":"\ud800"}`, `is no character`},
		{"{\"node\":\"Raid\",\"id\":\"raid:x\",\"name\":\"a\nb\"}", `a control character stands in a text; write it as \u000a`},
		{`{"node":"Raid","id":"raid:x"} x`, `the end of the record is due, not "x"`},
		{`{"node":"Source","id":"source:x","seen":"yes"}`, `true or false for seen is due`},
		{`{"node":"Province","id":"province:x","latitude":"1"}`, `a number for latitude is due`},
		{`{"node":"Province","id":"province:x","latitude":01}`, `a number for latitude is due`},
		{`{"node":"Claim","id":"claim:x","value":{"value":1.5}}`, `value.value is "1.5", which is no whole number of 64 bits`},
		{`{"node":"Repatriation","id":"repatriation:x","via":"TH"}`, `a list for via is due`},
		{`{"node":"Agency","id":"agency:x","names":[{"value":"x","lang":"en"}]}`, `an element of names has no "lang"; use value, language, script, kind`},
		{`{"node":"Agency","id":"agency:x","names":["x"]}`, `an object in names is due`},
		{`{"relation":"TARGET","from":"raid:x","to":"compound:c"}`, `there is no relation "TARGET"; did you mean TARGETED?`},
		{`{"relation":"RAIDED","from":"agency:x","to":"compound:c"}`, `RAIDED is written by the program`},
		{`{"node":"Change","id":"change:x"}`, `there is no kind "Change"`},
		{`{"node":"Version","id":"version:x"}`, `there is no kind "Version"`},
		{`{"relation":"TOUCHED","from":"change:x","to":"raid:x"}`, `TOUCHED is written by the program`},
		{`{"node":"Raid","id":"raid:x","changedIn":3}`, `changedIn is written by the program`},
		{`{"relation":"TARGETED","to":"compound:c"}`, `the key "from" comes next, not "to"`},
	}
	for _, test := range tests {
		r, err := graph.DecodeRecord(domain(), []byte(test.in))
		if err == nil || r != nil || !strings.Contains(err.Error(), test.want) || graph.CodeOf(err) != graph.Invalid {
			t.Errorf("%s: %v\nwant %s", test.in, err, test.want)
		}
	}
}

func FuzzDecodeRecord(f *testing.F) {
	for line := range strings.Lines(canonicalLines) {
		f.Add(strings.TrimSpace(line))
	}
	f.Fuzz(func(t *testing.T, line string) {
		r, err := graph.DecodeRecord(domain(), []byte(line))
		if err != nil || domain().CheckRecord(r) != nil {
			return
		}
		once := graph.AppendRecord(nil, r)
		again, err := graph.DecodeRecord(domain(), once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if p := domain().CheckRecord(again); p != nil {
			t.Fatalf("%s: %v", once, p)
		}
		if twice := graph.AppendRecord(nil, again); string(twice) != string(once) {
			t.Fatalf("%s\n%s", once, twice)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	var in [][]byte
	for line := range strings.Lines(canonicalLines) {
		if line = strings.TrimSpace(line); line != "" {
			in = append(in, []byte(line))
		}
	}
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			graph.DecodeRecord(domain(), in[i%len(in)])
		}
	})
	b.Run("decode and check", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			r, _ := graph.DecodeRecord(domain(), in[i%len(in)])
			domain().CheckRecord(r)
		}
	})
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		var records []graph.Record
		for _, line := range in {
			r, _ := graph.DecodeRecord(domain(), line)
			records = append(records, r)
		}
		var buf []byte
		for i := range b.N {
			buf = graph.AppendRecord(buf[:0], records[i%len(records)])
		}
	})
}
