package graph

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func tellBounds(bounds []figureBound) string {
	var b strings.Builder
	for _, f := range bounds {
		fmt.Fprintf(&b, "\n%d %s %q", f.Claim, showInterval(Interval{f.Low, f.High}), f.Steps)
		if f.only != nil {
			fmt.Fprintf(&b, " only %d", f.only.claims)
		}
	}
	return b.String()
}

// What is looked up among many claims is what going through all of them finds, in the same order and by the same steps.
func TestBoundsByIndex(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 9))
		claims := randomClaims(t, r, 1+r.IntN(25))
		for i := range claims { // parts of later claims too, and of themselves: nobody should claim that
			if r.IntN(10) == 0 {
				claims[i].PartOf = claims[r.IntN(len(claims))].ID
			}
		}
		opts := FigureOptions{ApproxWithin: r.Float64() / 2}
		b := newFigureBook(claims, opts)
		cells := []figureCell{{measure: MeasureFound}, {measure: MeasureCharged}, {measure: MeasureDetained, sex: "FEMALE", minor: "minors"}}
		indexed := newFigureBook(claims, opts)
		indexed.index()
		for _, c := range append(cells, b.cells...) {
			var direct []int
			for _, i := range b.order {
				if b.isDirect(i, c) {
					direct = append(direct, i)
				}
			}
			if got, want := tellBounds(indexed.bounds(c, direct)), tellBounds(b.bounds(c, direct)); got != want {
				t.Fatalf("seed %d: %v: by index%s\nby all claims%s\nof %+v", seed, c, got, want, claims)
			}
		}
		for _, i := range b.order {
			if got, want := tellBounds(indexed.partBounds(i)), tellBounds(b.partBounds(i)); got != want {
				t.Fatalf("seed %d: by index, of %s%s\nby all claims%s", seed, claims[i].ID, got, want)
			}
		}
	}
}

// Figures of many claims are those that they would be if nothing were looked up.
func TestFiguresByIndex(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 11))
		claims := randomClaims(t, r, 2*figureFew)
		opts := FigureOptions{ApproxWithin: r.Float64() / 2}
		indexed, plain := newFigureBook(claims, opts), newFigureBook(claims, opts)
		plain.figureIndex = figureIndex{}
		if !indexed.indexed {
			t.Fatalf("%d claims that stand are not many", len(indexed.order))
		}
		for _, c := range indexed.known {
			got := describe(claims, []Figure{indexed.figure(c, Facets{}, map[figureCell]bool{})})
			if want := describe(claims, []Figure{plain.figure(c, Facets{}, map[figureCell]bool{})}); got != want {
				t.Fatalf("seed %d: by index\n%s\nwithout\n%s", seed, got, want)
			}
		}
	}
}
