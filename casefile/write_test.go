package casefile_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/reference"
)

// recordsIn are records as a sequence.
func recordsIn(records []graph.Record) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func collect(t *testing.T, records graph.Records) []graph.Record {
	t.Helper()
	var out []graph.Record
	for r, err := range records {
		if err != nil {
			t.Fatal(err)
		}
		if problems := model().Graph.CheckRecord(r); len(problems) > 0 {
			t.Fatalf("%v: %v", r, problems)
		}
		out = append(out, r)
	}
	return out
}

// shipped is the reference data.
func shipped() graph.Records { return reference.Records(model().Graph) }

// linesOf are records as lines, in order, without when they were recorded and when relationships were published.
func linesOf(records []graph.Record) []string {
	var out []string
	for _, r := range records {
		switch r := r.(type) {
		case *graph.Node:
			c := *r
			c.Values = slices.Clone(r.Values)
			out = append(out, string(graph.AppendRecord(nil, c.Set(graph.RecordedAt, nil))))
		case *graph.Edge:
			c := *r
			c.Props = slices.Clone(r.Props)
			out = append(out, string(graph.AppendRecord(nil, c.Set(graph.RecordedAt, nil).Set(graph.PublishedAt, nil))))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// roundTrip writes records as a case file, reads it, and holds that it says the same, and is written the same again. Of what
// is shipped the records must have all or nothing.
func roundTrip(t *testing.T, what string, records []graph.Record) []byte {
	t.Helper()
	text, err := casefile.Write(model(), casefile.Export{Title: "A test", Records: recordsIn(records), Shipped: shipped()})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	known, err := casefile.InRecords(shipped())
	if err != nil {
		t.Fatal(err)
	}
	read, err := casefile.Parse("written.yaml", text, model(), known)
	if err != nil {
		t.Fatalf("%s:\n%s\n%v", what, text, err)
	}
	// An import puts the shipped records first, and the file's in their places.
	whole := map[string]graph.Record{}
	for _, r := range slices.Concat(collect(t, shipped()), collect(t, read.Records())) {
		whole[placeOf(r)] = r
	}
	got := make([]graph.Record, 0, len(whole))
	for _, r := range whole {
		got = append(got, r)
	}
	if a, b := linesOf(records), linesOf(got); !slices.Equal(a, b) {
		t.Fatalf("%s: %s", what, difference(a, b))
	}
	again, err := casefile.Write(model(), casefile.Export{Title: "A test", Records: recordsIn(got), Shipped: shipped()})
	if err != nil || !bytes.Equal(again, text) {
		t.Fatalf("%s: written again it is another text, %v:\n%s", what, err, difference(strings.Split(string(text), "\n"), strings.Split(string(again), "\n")))
	}
	return text
}

func placeOf(r graph.Record) string {
	switch r := r.(type) {
	case *graph.Node:
		return r.ID
	case *graph.Edge:
		if r.Relation.One {
			return r.Relation.Type + " " + r.From
		}
		return strings.Join([]string{r.Relation.Type, r.From, r.To, r.Key()}, " ")
	}
	return ""
}

func difference(want, got []string) string {
	var out []string
	for _, l := range want {
		if !slices.Contains(got, l) {
			out = append(out, "- "+l)
		}
	}
	for _, l := range got {
		if !slices.Contains(want, l) {
			out = append(out, "+ "+l)
		}
	}
	return strings.Join(out[:min(len(out), 12)], "\n")
}

// sampleRecords are the reference data and the sample case.
func sampleRecords(t *testing.T) []graph.Record {
	t.Helper()
	known, err := casefile.InRecords(shipped())
	if err != nil {
		t.Fatal(err)
	}
	name, text := reference.Sample()
	c, err := casefile.Parse(name, text, model(), known)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(collect(t, shipped()), collect(t, c.Records()))
}

func TestWriteSample(t *testing.T) {
	text := roundTrip(t, "the sample", sampleRecords(t))
	golden(t, "testdata/sample.yaml", string(text))
	for line := range strings.Lines(string(text)) {
		if len([]rune(line)) > 121 {
			t.Errorf("a long line: %s", line)
		}
	}
}

// TestWriteEveryForm holds that each form that a reporter may use is written as it was read.
func TestWriteEveryForm(t *testing.T) {
	known, err := casefile.InRecords(shipped())
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("testdata/every-form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := casefile.Parse("every-form.yaml", file, model(), known)
	if err != nil {
		t.Fatal(err)
	}
	text := roundTrip(t, "every form", slices.Concat(collect(t, shipped()), collect(t, c.Records())))
	golden(t, "testdata/every-form.written.yaml", string(text))
}

// TestWriteChanged holds that a graph which people have worked on is written whole: the sample with what they may do to it.
func TestWriteChanged(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 8))
		records := sampleRecords(t)
		gone := map[string]bool{}
		for _, record := range records {
			n, ok := record.(*graph.Node)
			if !ok {
				continue
			}
			switch r.IntN(12) {
			case 0:
				n.Set(graph.RetractedAt, "2024-12-01T00:00:00Z")
			case 1:
				n.Set(graph.PublishedAt, "2024-11-09T10:00:00Z")
			case 2:
				if n.Kind.Name != "Source" {
					n.Set(graph.PublishedAt, nil)
				}
			case 3:
				if n.Kind.Name == "Claim" && !strings.HasSuffix(n.ID, "/evidence") {
					gone[n.ID] = true
				}
			case 4:
				if name, _ := n.Get("name").(string); name != "" {
					n.Set("name", name+" II")
				}
			case 5:
				if n.Get("value.text") != nil && n.Get("property") != "outcome" && n.Get("property") != "screening" {
					n.Set("value.text", "something else: \"so\" # they say")
				}
			}
		}
		records = slices.DeleteFunc(records, func(record graph.Record) bool {
			switch record := record.(type) {
			case *graph.Node:
				return gone[record.ID]
			case *graph.Edge:
				return gone[record.From] || gone[record.To]
			}
			return false
		})
		roundTrip(t, fmt.Sprint("seed ", seed), records)
	}
}

func TestWriteGenerated(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 12
	}
	for seed := range seeds {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 9)), nodes: map[*graph.Kind][]*graph.Node{}}
		g.graph()
		records := slices.Concat(collect(t, shipped()), collect(t, recordsIn(g.records)))
		roundTrip(t, fmt.Sprint("seed ", seed), records)
	}
}

// TestCannotSay holds that what a case file cannot say is refused by name, and never left out.
func TestCannotSay(t *testing.T) {
	base := strings.TrimSpace(`
{"node":"Outlet","id":"outlet:o","name":"O"}
{"node":"Compound","id":"compound:c","name":"C"}
{"node":"Source","id":"source:s","seen":true,"publishedAt":"2024-11-08T10:00:00Z"}
{"node":"Source","id":"source:unseen","seen":false}
{"node":"Claim","id":"claim:x","property":"form","value":{"type":"Text","text":"casino"}}
{"relation":"SUBJECT","from":"claim:x","to":"compound:c"}`)
	cite := `{"relation":"CITES","from":"claim:x","to":"source:s","chain":0,"hop":0,"verb":"SAID"}`
	for _, test := range []struct{ name, more, want string }{
		{"a gap between chains", strings.Replace(cite, `"chain":0`, `"chain":1`, 1), "CITES from claim:x to source:s 01|00 cannot be said in a case file"},
		{"an unseen end", strings.Replace(cite, "source:s", "source:unseen", 1), "compounds.c.cite cannot be said in a case file: source:unseen was not seen"},
		{"a property in capitals", cite + "\n" + `{"node":"Claim","id":"claim:y","property":"inPost","value":{"type":"Text","text":"x"}}` + "\n" + strings.ReplaceAll(`{"relation":"SUBJECT","from":"claim:y","to":"compound:c"}`+"\n"+cite, "claim:x", "claim:y"), `"inPost" is no name of a property`},
		{"blanks around words", cite + "\n" + `{"node":"Compound","id":"compound:d","name":" D"}`, "compound:d cannot be said in a case file: it would be"},
		{"a retracted relationship", cite + "\n" + `{"relation":"PUBLISHED_BY","from":"source:s","to":"outlet:o","retractedAt":"2024-12-01T00:00:00Z"}`, "PUBLISHED_BY from source:s to outlet:o cannot be said"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var records []graph.Record
			for line := range strings.SplitSeq(base+"\n"+test.more, "\n") {
				r, err := graph.DecodeRecord(model().Graph, []byte(line))
				if err != nil {
					t.Fatal(err)
				}
				records = append(records, r)
			}
			text, err := casefile.Write(model(), casefile.Export{Title: "A test", Records: recordsIn(collect(t, recordsIn(records))), Shipped: shipped()})
			if graph.CodeOf(err) != graph.Invalid || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "JSON Lines") {
				t.Errorf("got %v, want %s\n%s", err, test.want, text)
			}
		})
	}
	t.Run("a relationship taken away", func(t *testing.T) {
		records := slices.DeleteFunc(sampleRecords(t), func(r graph.Record) bool {
			e, ok := r.(*graph.Edge)
			return ok && e.Relation.Type == "HELD_BY" && e.From == "office:sar-thet-chief"
		})
		_, err := casefile.Write(model(), casefile.Export{Title: "A test", Records: recordsIn(records), Shipped: shipped()})
		if graph.CodeOf(err) != graph.Invalid || !strings.Contains(err.Error(), "HELD_BY from office:sar-thet-chief to official:sar-thet cannot be said in a case file: it was taken away") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("records that cannot be read", func(t *testing.T) {
		broken := errors.New("broken")
		_, err := casefile.Write(model(), casefile.Export{Records: func(yield func(graph.Record, error) bool) { yield(nil, broken) }, Shipped: shipped()})
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
}

// TestWriteLimit holds that a graph is written up to the size that a case file may have, and is refused beyond it.
func TestWriteLimit(t *testing.T) {
	kind := model().Graph.Kind("Source")
	for _, test := range []struct {
		sources int
		code    graph.Code
	}{{327, ""}, {330, graph.TooLarge}} { // of 32,000 bytes each
		var records []graph.Record
		for i := range test.sources {
			records = append(records, graph.NewNode(kind, fmt.Sprintf("source:s%d", i)).Set("seen", true).Set("url", strings.Repeat("x", graph.MaxLongText)))
		}
		text, err := casefile.Write(model(), casefile.Export{Title: "A test", Records: recordsIn(collect(t, recordsIn(records))), Shipped: shipped()})
		if graph.CodeOf(err) != test.code || err == nil && (len(text) > casefile.MaxBytes || len(text) < casefile.MaxBytes-64<<10) {
			t.Errorf("%d sources: %d bytes, %v", test.sources, len(text), err)
		}
	}
}
