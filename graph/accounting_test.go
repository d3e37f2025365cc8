package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// tellAccounting writes the figures of an accounting that are there, by their bands, and what is unaccounted for.
func tellAccounting(a Accounting) string {
	var b strings.Builder
	for _, m := range append([]Measure{MeasureFound, MeasureScreened}, accountedMeasures...) {
		if f := a.Of(m); f != nil {
			band := "-"
			if f.Band != nil {
				band = showInterval(Interval(*f.Band))
			}
			fmt.Fprintf(&b, "%s %s ", strings.ToLower(string(m)), band)
		}
	}
	if a.Unaccounted == nil {
		return b.String() + "unaccounted - because " + a.Reason
	}
	return b.String() + "unaccounted " + showInterval(*a.Unaccounted)
}

// Question 23: 200 to 606 were found, and nobody says what became of them.
func TestAccountingOfSampleCase(t *testing.T) {
	a := AccountingOf(sampleClaims(t), Facets{}, defaultOptions)
	if got, want := tellAccounting(a), "found 200..606 unaccounted - because no claim counts what became of the people found"; got != want {
		t.Errorf("got %s", got)
	}
	if a.Released != nil || a.Deported != nil || a.Unaccounted != nil {
		t.Errorf("released %v, deported %v, unaccounted %v", a.Released, a.Deported, a.Unaccounted)
	}
	// Nobody says that the women were all of those found, and nobody counts the women found; 45 detained are found at least.
	women := AccountingOf(sampleClaims(t), Facets{Sex: "FEMALE"}, defaultOptions)
	if women.Found.Band != nil || showInt(women.Found.AtLeast) != "45" || women.Unaccounted != nil {
		t.Errorf("of the women: %+v", women)
	}
}

func TestAccountingOf(t *testing.T) {
	for _, test := range []struct {
		what   string
		claims []string // "RELEASED = 100", then words: part of the claim at this place, exhaustive, superseded
		of     string
		want   string
	}{
		{"no claim at all", nil, "X", "found - unaccounted - because no claim counts what became of the people found"},
		{"one outcome", []string{"FOUND = 606", "RELEASED = 100"}, "X", "found 606..606 released 100..100 unaccounted 506..506"},
		{"released and then deported may be the same people", []string{"FOUND = 606", "RELEASED = 100", "DEPORTED = 300"}, "X",
			"found 606..606 released 100..100 deported 300..300 unaccounted 206..306"},
		{"people apart", []string{"FOUND = 606, exhaustive", "RELEASED = 100, part 0", "DEPORTED = 300, part 0"}, "X",
			"found 606..606 released 100..100 deported 300..300 unaccounted 206..206"},
		{"parts of a total that is not all broken down", []string{"FOUND = 606", "RELEASED = 100, part 0", "DEPORTED = 300, part 0"}, "X",
			"found 606..606 released 100..100 deported 300..300 unaccounted 206..306"},
		{"parts of a total that no longer stands", []string{"FOUND = 600, exhaustive superseded", "FOUND = 606", "RELEASED = 100, part 0", "DEPORTED = 300, part 0"}, "X",
			"found 606..606 released 100..100 deported 300..300 unaccounted 206..306"},
		{"everybody, perhaps", []string{"FOUND = 606", "TRANSFERRED = 600", "DEPORTED = 300"}, "X", "found 606..606 deported 300..300 transferred 600..600 unaccounted 0..6"},
		{"who was screened is still there", []string{"FOUND = 606", "SCREENED = 606"}, "X", "found 606..606 screened 606..606 unaccounted - because no claim counts what became of the people found"},
		{"charged", []string{"FOUND = 606", "CHARGED = 6", "SCREENED = 20"}, "X", "found 606..606 screened 20..20 charged 6..6 unaccounted 600..600"},
		{"detained is where they were", []string{"FOUND = 606", "DETAINED = 606"}, "X", "found 606..606 unaccounted - because no claim counts what became of the people found"},
		{"a contested number of people found", []string{"FOUND = 200", "DETAINED = 606", "REPATRIATED = 50"}, "X", "found 200..606 repatriated 50..50 unaccounted 150..556"},
		{"a contested outcome", []string{"FOUND = 606", "RELEASED = 100", "RELEASED = 200"}, "X", "found 606..606 released 100..200 unaccounted 406..506"},
		{"approximate numbers, through the tolerance", []string{"FOUND = about 1,000", "RELEASED = about 100"}, "X", "found 1000..1000 released 100..100 unaccounted 680..1120"},
		{"more than", []string{"FOUND = more than 1,000", "RELEASED = 100"}, "X", "found 1001..- released 100..100 unaccounted 901..-"},
		{"more than, and more precisely by what was detained", []string{"FOUND = more than 1,000", "DETAINED = 1,200", "RELEASED = up to 100"}, "X", "found 1001..- released -..100 unaccounted 1100..-"},
		{"found is not counted, but the detained are", []string{"DETAINED = 1,000", "RELEASED = 100"}, "X", "found - released 100..100 unaccounted 900..-"},
		{"nor are those", []string{"DEPORTED = 100"}, "X", "found - deported 100..100 unaccounted - because no claim counts the people found"},
		{"found without a number", []string{"FOUND = unknown", "DEPORTED = 100"}, "X", "found - deported 100..100 unaccounted - because no claim counts the people found"},
		{"an outcome without a number", []string{"FOUND = 606", "DEPORTED = unknown"}, "X", "found 606..606 deported - unaccounted - because no claim on what became of the people found gives a number"},
		{"beside one that has a number", []string{"FOUND = 606", "DEPORTED = unknown", "RELEASED = 100"}, "X", "found 606..606 released 100..100 deported - unaccounted 0..506"},
		{"some", []string{"FOUND = 606", "DEPORTED = some"}, "X", "found 606..606 deported - unaccounted 0..605"},
		{"more than there were", []string{"FOUND = 200", "DEPORTED = 300"}, "X", "found 200..200 deported 300..300 unaccounted - because the claims exclude each other: at least 300 are accounted for, of at most 200 found"},
		{"superseded", []string{"FOUND = 606", "DEPORTED = 300, superseded"}, "X", "found 606..606 unaccounted - because no claim counts what became of the people found"},
		{"of one nationality", []string{"FOUND = 606", "FOUND nationality:CN = 300", "RELEASED nationality:CN = 20", "DEPORTED = 500"}, "X nationality:CN",
			"found 300..300 released 20..20 unaccounted 280..280"},
		{"facets are not mixed", []string{"FOUND = 606", "RELEASED nationality:CN = 20"}, "X", "found 606..606 unaccounted - because no claim counts what became of the people found"},
	} {
		_, facets := figureKey(test.of)
		a := AccountingOf(accountingClaims(t, test.claims), facets, defaultOptions)
		if got := tellAccounting(a); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.what, got, test.want)
		}
		if a.Reason == "" {
			t.Errorf("%s: no reason is given", test.what)
		}
	}
	for _, test := range []struct {
		claims []string
		want   string
	}{
		{[]string{"FOUND = 606", "RELEASED = 100", "DEPORTED = 300"}, "606 found, less 300 to 400 accounted for: released, deported"},
		{[]string{"FOUND = more than 1,000", "CHARGED = at least 3"}, "1001 or more found, less 3 or more accounted for: charged"},
	} {
		a := AccountingOf(accountingClaims(t, test.claims), Facets{}, defaultOptions)
		if a.Reason != test.want {
			t.Errorf("because %q, want %q", a.Reason, test.want)
		}
		if a.Of(MeasureFound) != &a.Found || a.Of(MeasureDetained) != nil {
			t.Error("the found are accounted for, and the detained are not")
		}
	}
}

// accountingClaims reads claims from lines such as "RELEASED nationality:CN = 20, part 0 exhaustive".
func accountingClaims(t *testing.T, lines []string) []FigureClaim {
	t.Helper()
	claims := make([]FigureClaim, len(lines))
	for i, line := range lines {
		of, rest, _ := strings.Cut(line, " = ")
		raw, more, _ := strings.Cut(rest, ", ")
		claims[i] = figureClaim(t, fmt.Sprint("claim:", i), of, raw)
		words := strings.Fields(more)
		for w, word := range words {
			switch word {
			case "part":
				claims[i].PartOf = "claim:" + words[w+1]
			case "exhaustive":
				claims[i].Exhaustive = "YES"
			case "superseded":
				claims[i].Superseded = true
			}
		}
	}
	return claims
}

// A world in which people are found, and some of them released, deported or both, is told by exact or by vaguer words: what is said to be
// unaccounted for holds the true number.
func TestAccountingProperties(t *testing.T) {
	vague := func(r *rand.Rand, n int) string {
		return []string{fmt.Sprint(n), fmt.Sprint(n), fmt.Sprintf("at least %d", n-r.IntN(n+1)), fmt.Sprintf("up to %d", n+r.IntN(9)), fmt.Sprintf("%d to %d", n, n+1+r.IntN(9)), "unknown"}[r.IntN(6)]
	}
	known := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 6))
		found := 1 + r.IntN(500)
		fates := make([]map[Measure]bool, found)
		count := map[Measure]int{}
		left := 0
		told := slices.DeleteFunc(slices.Clone(accountedMeasures), func(Measure) bool { return r.IntN(2) == 0 })
		for i := range fates {
			fates[i] = map[Measure]bool{}
			for _, m := range told {
				if r.IntN(3) == 0 {
					fates[i][m] = true
					count[m]++
				}
			}
			if len(fates[i]) == 0 {
				left++
			}
		}
		lines := []string{"FOUND = " + vague(r, found)}
		for _, m := range told {
			lines = append(lines, string(m)+" = "+vague(r, count[m]))
		}
		claims := accountingClaims(t, lines)
		a := AccountingOf(claims, Facets{}, defaultOptions)
		if a.Unaccounted == nil {
			continue
		}
		known++
		if !a.Unaccounted.Contains(int64(left)) {
			t.Fatalf("seed %d: %d are unaccounted for, and %s said, of %q", seed, left, showInterval(*a.Unaccounted), lines)
		}
		// Words on what became of people narrow what is unaccounted for from above, and never raise it.
		if fewer := AccountingOf(claims[:len(claims)-1], Facets{}, defaultOptions); len(told) > 1 && fewer.Unaccounted != nil && fewer.Unaccounted.High != nil &&
			(a.Unaccounted.High == nil || *a.Unaccounted.High > *fewer.Unaccounted.High) {
			t.Fatalf("seed %d: %s, and without the last claim %s, of %q", seed, showInterval(*a.Unaccounted), showInterval(*fewer.Unaccounted), lines)
		}
		r.Shuffle(len(claims), func(i, j int) { claims[i], claims[j] = claims[j], claims[i] })
		if again := AccountingOf(claims, Facets{}, defaultOptions); tellAccounting(again) != tellAccounting(a) {
			t.Fatalf("seed %d: the order of the claims matters", seed)
		}
	}
	if known < 1000 {
		t.Errorf("it is known %d times only", known)
	}
}
