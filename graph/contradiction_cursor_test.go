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

func tellList(claims []SubjectClaim, list []Contradiction) (text string) {
	for _, c := range list {
		text += "\n" + claims[c.Left].ID + " " + claims[c.Right].ID + " " + tell(claims, c)
	}
	return text
}
