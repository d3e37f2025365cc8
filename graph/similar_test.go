package graph_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

func number(x float64) *float64 { return &x }

// TestSimilarity: what two records have in common, and how much that tells.
func TestSimilarity(t *testing.T) {
	named := func(names ...string) graph.Likeness { return graph.Likeness{Names: names} }
	for _, c := range []struct {
		name        string
		a, b        graph.Likeness
		least, most float64
		signals     []graph.SimilaritySignal
	}{
		{"nothing known", graph.Likeness{}, graph.Likeness{}, 0, 0, nil},
		{"one name", named("Jin Bei"), named("jin-bei"), 0.71, 0.72, []graph.SimilaritySignal{graph.SimilarNames}},
		{"blanks", named("Steung Mean Chey"), named("Stueng Meanchey"), 0.65, 0.71, []graph.SimilaritySignal{graph.SimilarNames}},
		{"words in another order", named("Casino Jin Bei"), named("Jin Bei Casino"), 0.71, 0.72, []graph.SimilaritySignal{graph.SimilarNames}},
		{"another name", named("Golden Fortune"), named("White Sands"), 0, 0.45, []graph.SimilaritySignal{graph.SimilarNames}},
		{"scripts are not compared", named("Jin Bei"), named("金贝"), 0, 0, nil},
		{"the same script is", named("Jin Bei", "金贝娱乐城"), named("金贝娱乐城"), 0.71, 0.72, []graph.SimilaritySignal{graph.SimilarNames}},
		{"khmer, two encodings", named("ស្តឹង"), named("ស្ដឹង"), 0.71, 0.72, []graph.SimilaritySignal{graph.SimilarNames}},
		{"province alone", graph.Likeness{Province: "province:KH-12"}, graph.Likeness{Province: "province:KH-12"}, 0.33, 0.34, []graph.SimilaritySignal{graph.SimilarProvince}},
		{"other province", graph.Likeness{Names: []string{"A"}, Province: "province:KH-12"}, graph.Likeness{Names: []string{"A"}, Province: "province:KH-18"}, 0.62, 0.63,
			[]graph.SimilaritySignal{graph.SimilarNames, graph.SimilarProvince}},
		{"an id elsewhere", graph.Likeness{ExternalIDs: []string{"wikidata Q1", "geonames 7"}}, graph.Likeness{ExternalIDs: []string{"geonames 7", "wikidata Q2"}}, 0.66, 0.67,
			[]graph.SimilaritySignal{graph.SimilarIDs}},
		{"another id there", graph.Likeness{ExternalIDs: []string{"wikidata Q1"}}, graph.Likeness{ExternalIDs: []string{"wikidata Q2"}}, 0, 0, []graph.SimilaritySignal{graph.SimilarIDs}},
		{"five km", graph.Likeness{Latitude: number(11.5), Longitude: number(104.9)}, graph.Likeness{Latitude: number(11.545), Longitude: number(104.9)}, 0.24, 0.26,
			[]graph.SimilaritySignal{graph.SimilarPlace}},
		{"half of the raids", graph.Likeness{Events: []string{"raid:1", "raid:2"}}, graph.Likeness{Events: []string{"raid:2", "raid:3", "raid:4"}}, 0.16, 0.17, []graph.SimilaritySignal{graph.SimilarEvents}},
		{"a month and a day in it", graph.Likeness{From: "2024-11-01", To: "2024-11-30"}, graph.Likeness{From: "2024-11-06", To: "2024-11-06"}, 0.6, 0.6, []graph.SimilaritySignal{graph.SimilarDates}},
		{"fifteen days apart", graph.Likeness{From: "2024-11-01", To: "2024-11-01"}, graph.Likeness{From: "2024-11-16", To: "2024-11-16"}, 0, 0, []graph.SimilaritySignal{graph.SimilarDates}},
		{"an open date", graph.Likeness{From: "2024-11-01"}, graph.Likeness{From: "2024-11-01", To: "2024-11-01"}, 0, 0, nil},
	} {
		score, reasons := graph.Similarity(&c.a, &c.b)
		var signals []graph.SimilaritySignal
		for _, r := range reasons {
			signals = append(signals, r.Signal)
		}
		if score < c.least || score > c.most || !slices.Equal(signals, c.signals) {
			t.Errorf("%s: %v by %+v, want %v to %v by %v", c.name, score, reasons, c.least, c.most, c.signals)
		}
	}
}

// TestSimilarityRandom: it is from 0 to 1, the same the other way round, 1 less what is unknown for a record beside itself, and does not depend on
// the order of what is listed.
func TestSimilarityRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	words := []string{"Jin", "Bei", "Jinbei", "Casino", "Park", "Mango", "金贝", "金贝娱乐", "ស្តឹង", "មានជ័យ", "O'Smach", "o smach", "ä", "ab", "ba", "🎰", ""}
	some := func(of []string, most int) []string {
		var out []string
		for range r.IntN(most) {
			out = append(out, of[r.IntN(len(of))])
		}
		return out
	}
	likeness := func() graph.Likeness {
		var l graph.Likeness
		for range r.IntN(4) {
			name := ""
			for _, w := range some(words, 4) {
				name += w + " "
			}
			l.Names = append(l.Names, name)
		}
		l.ExternalIDs = some([]string{"a 1", "a 2", "b 1", "b 2"}, 4)
		l.Events = some([]string{"raid:1", "raid:2", "raid:3"}, 4)
		if r.IntN(2) == 0 {
			l.Province = words[r.IntN(2)]
		}
		if r.IntN(2) == 0 {
			l.Latitude, l.Longitude = number(r.Float64()*180-90), number(r.Float64()*360-180)
		}
		if r.IntN(2) == 0 {
			l.From, l.To = "2024-11-03", "2024-11-1"+string(rune('0'+r.IntN(10)))
		}
		return l
	}
	for range 20_000 {
		a, b := likeness(), likeness()
		score, reasons := graph.Similarity(&a, &b)
		if score < 0 || score > 1 || math.IsNaN(score) {
			t.Fatalf("%+v and %+v: %v", a, b, score)
		}
		other := graph.Likeness{Names: slices.Clone(b.Names), ExternalIDs: slices.Clone(b.ExternalIDs), Events: slices.Clone(b.Events), Province: b.Province,
			Latitude: b.Latitude, Longitude: b.Longitude, From: b.From, To: b.To}
		for _, list := range [][]string{other.Names, other.ExternalIDs, other.Events} {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		back, same := graph.Similarity(&other, &a)
		for i := range same {
			same[i].Left, same[i].Right = same[i].Right, same[i].Left
		}
		if back != score || !slices.Equal(same, reasons) {
			t.Fatalf("%+v and %+v: %v %+v, the other way round %v %+v", a, b, score, reasons, back, same)
		}
		if _, own := graph.Similarity(&a, &a); slices.ContainsFunc(own, func(r graph.SimilarityReason) bool { return r.Score != 1 }) {
			t.Fatalf("%+v beside itself: %+v", a, own)
		}
	}
}
