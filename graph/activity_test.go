package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func tellActive(raids []RaidedCompound, activities []ActivityClaim) []string {
	var lines []string
	for _, a := range ActiveAfterRaids(raids, activities) {
		lines = append(lines, fmt.Sprintf("%s: %s by %s after %s by %s, %s days", a.Compound, activities[a.Activity].When.EDTF, activities[a.Activity].ID,
			raids[a.Raid].Raid, raids[a.Raid].Claim, showInterval(a.Days)))
	}
	return lines
}

func TestActiveAfterRaids(t *testing.T) {
	raid := func(id, edtf, claim string) RaidedCompound {
		return RaidedCompound{Raid: "raid:" + id, Compound: "compound:x", Date: period(t, edtf, ""), Claim: "claim:" + claim}
	}
	seen := func(id, edtf string) ActivityClaim {
		return ActivityClaim{ID: "claim:" + id, Compound: "compound:x", When: period(t, edtf, "")}
	}
	retracted, superseded, elsewhere, undated := seen("p", "2024-12-01"), seen("q", "2024-12-01"), seen("r", "2024-12-01"), seen("s", "2024-12-01")
	retracted.Retracted, superseded.Superseded, elsewhere.Compound, undated.When = true, true, "compound:y", Period{}
	for _, test := range []struct {
		what       string
		raids      []RaidedCompound
		activities []ActivityClaim
		want       []string
	}{
		{"nothing known", nil, nil, nil},
		{"the sample case: no claim of activity", []RaidedCompound{raid("sm", "[2024-11-06,2024-11-07]", "d")}, nil, nil},
		{"seen two weeks later", []RaidedCompound{raid("sm", "[2024-11-06,2024-11-07]", "d")}, []ActivityClaim{seen("a", "2024-11-21")},
			[]string{"compound:x: 2024-11-21 by claim:a after raid:sm by claim:d, 14..15 days"}},
		{"before, on the day, and in a month that may be before", []RaidedCompound{raid("sm", "2024-11-06", "d")}, []ActivityClaim{seen("a", "2024-11-05"), seen("b", "2024-11-06"), seen("c", "2024-11"), seen("e", "../2024-12-01")}, nil},
		{"the last of two raids", []RaidedCompound{raid("b", "2024-11-06", "d"), raid("a", "2024-10-06", "e")}, []ActivityClaim{seen("a", "2024-11-01"), seen("b", "2024-12/..")},
			[]string{"compound:x: 2024-11-01 by claim:a after raid:a by claim:e, 26..26 days", "compound:x: 2024-12/.. by claim:b after raid:b by claim:d, 25..- days"}},
		{"two claims on the date of a raid: the later counts", []RaidedCompound{raid("a", "2024-11-06", "d"), raid("a", "2024-11-08", "e")}, []ActivityClaim{seen("a", "2024-11-07"), seen("b", "2024-11-09")},
			[]string{"compound:x: 2024-11-09 by claim:b after raid:a by claim:e, 1..1 days"}},
		{"a raid without an end", []RaidedCompound{raid("a", "2024-11-06/..", "d"), raid("a", "2024-11-06", "e")}, []ActivityClaim{seen("a", "2024-12-07")}, nil},
		{"whichever is given first", []RaidedCompound{raid("a", "2024-11-06", "e"), raid("a", "2024-11-06/..", "d")}, []ActivityClaim{seen("a", "2024-12-07")}, nil},
		{"two claims on one date: the first by id", []RaidedCompound{raid("a", "2024-11-06", "e"), raid("a", "2024-11-06", "d")}, []ActivityClaim{seen("a", "2024-11-07")},
			[]string{"compound:x: 2024-11-07 by claim:a after raid:a by claim:d, 1..1 days"}},
		{"what says nothing", []RaidedCompound{raid("a", "2024-11-06", "d")}, []ActivityClaim{retracted, superseded, elsewhere, undated}, nil},
		{"in the order of time", []RaidedCompound{raid("a", "2024-11-06", "d")}, []ActivityClaim{seen("b", "2024-12-02"), seen("c", "2024-12-01"), seen("a", "2024-12-02")},
			[]string{"compound:x: 2024-12-01 by claim:c after raid:a by claim:d, 25..25 days", "compound:x: 2024-12-02 by claim:a after raid:a by claim:d, 26..26 days", "compound:x: 2024-12-02 by claim:b after raid:a by claim:d, 26..26 days"}},
	} {
		if got := tellActive(test.raids, test.activities); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.what, got, test.want)
		}
	}
}

// A compound is listed exactly where the field activeAfterRaid is true.
func TestActiveAfterRaidsProperties(t *testing.T) {
	dates := []string{"2024-11-06", "2024-11-07", "2024-11", "../2024-11-08", "2024-11-08/..", "2024-11-08/2024-11-11", "2024-12-01"}
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 8))
		var raids []RaidedCompound
		var activities []ActivityClaim
		ends, starts := map[string][]string{}, map[string][]string{}
		compound := func() string { return []string{"compound:x", "compound:y"}[r.IntN(2)] }
		for k := range r.IntN(5) {
			raid := RaidedCompound{Raid: fmt.Sprint("raid:", k), Compound: compound(), Date: period(t, dates[r.IntN(len(dates))], "")}
			raids = append(raids, raid)
			ends[raid.Compound] = append(ends[raid.Compound], raid.Date.To)
		}
		for k := range r.IntN(5) {
			a := ActivityClaim{ID: fmt.Sprint("claim:", k), Compound: compound(), When: period(t, dates[r.IntN(len(dates))], ""), Superseded: r.IntN(5) == 0}
			activities = append(activities, a)
			if !a.Superseded {
				starts[a.Compound] = append(starts[a.Compound], a.When.From)
			}
		}
		listed := map[string]bool{}
		for _, a := range ActiveAfterRaids(raids, activities) {
			listed[a.Compound] = true
			if !later(activities[a.Activity].When, raids[a.Raid].Date) || *a.Days.Low < 1 {
				t.Fatalf("seed %d: %+v", seed, a)
			}
		}
		for _, c := range []string{"compound:x", "compound:y"} {
			if want := activeAfter(ends[c], starts[c]) == true; listed[c] != want {
				t.Fatalf("seed %d: %s is listed %v, and the field is %v", seed, c, listed[c], want)
			}
		}
	}
}
