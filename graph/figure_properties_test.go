package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// randomClaims makes claims of a small world, parts pointing at earlier claims.
func randomClaims(t *testing.T, r *rand.Rand, n int) []FigureClaim {
	raws := []string{"606", "200", "45", "about 200", "more than 100", "up to 300", "nearly 50", "100 to 250", "hundreds", "some", "unknown", "fewer than 10", "at least 3", "0"}
	of := []string{"FOUND", "DETAINED", "DETAINED FEMALE", "FOUND FEMALE", "DETAINED MALE minors", "DEPORTED", "RELEASED nationality:CN"}
	claims := make([]FigureClaim, n)
	for i := range claims {
		c := figureClaim(t, fmt.Sprintf("claim%02d", i), of[r.IntN(len(of))], raws[r.IntN(len(raws))])
		c.SaidOn = []string{"", "2024-11-06", "2024-11-07"}[r.IntN(3)]
		c.PublishedAt = []string{"", "2024-11-08T00:00:00Z", "2024-11-11T11:00:00Z"}[r.IntN(3)]
		c.Hops, c.Exhaustive = r.IntN(3), []string{"", "YES", "NO"}[r.IntN(3)]
		if i > 0 && r.IntN(3) == 0 {
			c.PartOf = claims[r.IntN(i)].ID
		}
		c.Superseded, c.Retracted = r.IntN(8) == 0, r.IntN(8) == 0
		claims[i] = c
	}
	return claims
}

func TestFigureProperties(t *testing.T) {
	policies := []FigurePolicy{PolicyLatest, PolicyConservative, PolicyHighest}
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		claims := randomClaims(t, r, 1+r.IntN(9))
		opts := FigureOptions{Policy: policies[r.IntN(3)], ApproxWithin: r.Float64() / 2}
		figures := Figures(claims, opts)

		// The order of the claims does not matter.
		shuffled := slices.Clone(claims)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got, want := describe(shuffled, Figures(shuffled, opts)), describe(claims, figures); got != want {
			t.Fatalf("seed %d: the order of the claims matters:\n%s\n%s", seed, want, got)
		}
		fewer := claims[:len(claims)-1]
		for _, f := range figures {
			band := f.Band
			for _, i := range f.Claims {
				// A band contains every number of a direct claim.
				if n := claims[i].Count.Number(); n != nil && (band == nil || !Interval(*band).Contains(*n)) {
					t.Fatalf("seed %d: the band of %s lacks %d", seed, summary(claims, f), *n)
				}
			}
			if f.Best == nil != (band == nil) {
				t.Fatalf("seed %d: %s: band and best go together", seed, summary(claims, f))
			}
			// Another claim never narrows a band and never settles a contest.
			before := FigureOf(fewer, f.Measure, f.Facets, opts)
			if before.Band != nil && (band == nil || !covers(*band, *before.Band)) {
				t.Fatalf("seed %d: %s\nwas %s", seed, summary(claims, f), summary(fewer, before))
			}
			if before.Contested && !f.Contested {
				t.Fatalf("seed %d: %s is no longer contested", seed, summary(claims, f))
			}
		}
	}
}

// covers reports whether wide holds all of narrow; nil is an open end.
func covers(wide, narrow Band) bool {
	return (wide.Low == nil || narrow.Low != nil && *wide.Low <= *narrow.Low) && (wide.High == nil || narrow.High != nil && *wide.High >= *narrow.High)
}

// describe writes figures with everything in them, claims by id.
func describe(claims []FigureClaim, figures []Figure) string {
	var b strings.Builder
	for _, f := range figures {
		b.WriteString(summary(claims, f) + " because " + f.Reason)
		for _, i := range f.Implied {
			fmt.Fprintf(&b, "\n  %s %s %q", claims[i.Claim].ID, showInterval(Interval{i.Low, i.High}), i.Steps)
		}
		b.WriteString("\n" + describe(claims, f.Parts))
	}
	return b.String()
}
