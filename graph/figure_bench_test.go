package graph

import (
	"fmt"
	"testing"
)

// BenchmarkFigures gathers all figures of one event. Claims come in three kinds: all of one measure, measures within each other, and parts
// with measures of their own. The time goes with the number of claims: ns/claim stays about the same from 1,000 to 10,000.
func BenchmarkFigures(b *testing.B) {
	for _, kind := range []string{"one measure", "measures", "parts"} {
		for _, n := range []int{1_000, 10_000} {
			claims := make([]FigureClaim, n)
			for i, c := range oneEvent(n) {
				claims[i] = c.FigureClaim
				switch {
				case kind == "one measure":
					claims[i].Measure, claims[i].Facets = MeasureFound, Facets{}
				case kind == "parts" && i%4 == 3: // deported, of those detained
					claims[i].PartOf = claims[i-2].ID
				}
			}
			b.Run(fmt.Sprintf("%s/%d", kind, n), func(b *testing.B) {
				for b.Loop() {
					if len(Figures(claims, defaultOptions)) == 0 {
						b.Fatal("no figures")
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/claim")
			})
		}
	}
}

// BenchmarkFigureOf gathers one figure of an event with five claims, as most questions do.
func BenchmarkFigureOf(b *testing.B) {
	claims := make([]FigureClaim, 5)
	for i, c := range oneEvent(5) {
		claims[i] = c.FigureClaim
	}
	claims[4].PartOf = claims[1].ID
	for b.Loop() {
		FigureOf(claims, MeasureFound, Facets{}, defaultOptions)
	}
}
