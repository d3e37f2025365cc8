package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Behind each contradiction come those that follow it, and no others; the place of a claim that is gone is still a place.
func TestContradictionCursor(t *testing.T) {
	pages := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 10))
		claims := aboutOneRaid(randomClaims(t, r, 8))
		for i := range 8 {
			date := SubjectClaim{FigureClaim: FigureClaim{ID: fmt.Sprintf("date%d", i)}, Subject: []string{"raid:x", "raid:y"}[i%2], SubjectKind: "Raid", Property: "date"}
			date.Date = period(t, fmt.Sprintf("2024-11-%02d", 1+r.IntN(4)), "")
			value := SubjectClaim{FigureClaim: FigureClaim{ID: fmt.Sprintf("value%d", i)}, Subject: date.Subject, SubjectKind: "Raid", Property: "province"}
			value.Value = fmt.Sprint("province:", r.IntN(3))
			claims = append(claims, date, value)
		}
		found := FindContradictions(claims, ContradictionOptions{ApproxWithin: DefaultApproxWithin})
		all := slices.Collect(found.All())
		for k, c := range all {
			place := found.Cursor(c)
			if got := slices.Collect(found.After(place)); tellList(claims, got) != tellList(claims, all[k+1:]) {
				t.Fatalf("seed %d: after %+v come%s\nand not%s", seed, place, tellList(claims, got), tellList(claims, all[k+1:]))
			}
			if k%5 > 0 {
				continue
			}
			// Without the two claims at the place, what follows it follows still.
			gone := func(s SubjectClaim) bool { return s.ID == place.Left || s.ID == place.Right }
			if slices.ContainsFunc(claims, func(s SubjectClaim) bool { return s.PartOf == place.Left || s.PartOf == place.Right }) {
				continue // without them, what was a part counts all of its cell
			}
			rest := slices.DeleteFunc(slices.Clone(claims), gone)
			follow := slices.DeleteFunc(slices.Clone(all[k+1:]), func(c Contradiction) bool { return gone(claims[c.Left]) || gone(claims[c.Right]) })
			again := FindContradictions(rest, ContradictionOptions{ApproxWithin: DefaultApproxWithin})
			if got := slices.Collect(again.After(place)); tellList(rest, got) != tellList(claims, follow) {
				t.Fatalf("seed %d: after %+v, which is gone, come%s\nand not%s", seed, place, tellList(rest, got), tellList(claims, follow))
			}
			pages++
		}
	}
	if pages < 300 {
		t.Errorf("%d places only", pages)
	}
}

// Asked for one kind, or about one subject, are those of all that are of the kind and about the subject, in their order; and pages from the
// end are what comes before a place.
func TestContradictionsNarrowed(t *testing.T) {
	kinds := []ContradictionKind{"", ContradictionDirect, ContradictionContainment, ContradictionDate, ContradictionValue}
	told := map[ContradictionKind]int{}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 11))
		claims := aboutOneRaid(randomClaims(t, r, 10))
		for i := range claims {
			claims[i].Subject = []string{"raid:x", "raid:y"}[r.IntN(2)]
		}
		for i := range 6 {
			date := SubjectClaim{FigureClaim: FigureClaim{ID: fmt.Sprintf("date%d", i)}, Subject: []string{"raid:x", "raid:y"}[i%2], SubjectKind: "Raid", Property: "date"}
			date.Date = period(t, fmt.Sprintf("2024-11-%02d", 1+r.IntN(4)), "")
			value := SubjectClaim{FigureClaim: FigureClaim{ID: fmt.Sprintf("value%d", i)}, Subject: date.Subject, SubjectKind: "Raid", Property: "province"}
			value.Value = fmt.Sprint("province:", r.IntN(3))
			claims = append(claims, date, value)
		}
		all := slices.Collect(FindContradictions(claims, ContradictionOptions{ApproxWithin: DefaultApproxWithin}).All())
		for _, kind := range kinds {
			for _, about := range []string{"", "raid:x", "raid:z"} {
				found := FindContradictions(claims, ContradictionOptions{ApproxWithin: DefaultApproxWithin, Kind: kind, About: about})
				want := slices.DeleteFunc(slices.Clone(all), func(c Contradiction) bool {
					return kind != "" && c.Kind != kind || about != "" && claims[c.Left].Subject != about && claims[c.Right].Subject != about
				})
				got := slices.Collect(found.All())
				if tellList(claims, got) != tellList(claims, want) || found.Count() != len(want) {
					t.Fatalf("seed %d: of kind %q about %q are%s\nand not (%d)%s", seed, kind, about, tellList(claims, got), found.Count(), tellList(claims, want))
				}
				told[kind] += len(got)
				n, place, end := 1+r.IntN(4), ContradictionCursor{}, len(want)
				if len(want) > 0 && r.IntN(3) > 0 {
					end = r.IntN(len(want))
					place = found.Cursor(want[end])
				}
				last, more := found.Before(place, n)
				if start := max(end-n, 0); tellList(claims, last) != tellList(claims, want[start:end]) || more != (start > 0) {
					t.Fatalf("seed %d: the last %d before %+v are%s", seed, n, place, tellList(claims, last))
				}
			}
		}
	}
	for _, kind := range kinds {
		if told[kind] < 100 {
			t.Errorf("%d of kind %q only", told[kind], kind)
		}
	}
}

func tellList(claims []SubjectClaim, list []Contradiction) (text string) {
	for _, c := range list {
		text += "\n" + claims[c.Left].ID + " " + claims[c.Right].ID + " " + tell(claims, c)
	}
	return text
}
