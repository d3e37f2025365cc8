package graph

import (
	"cmp"
	"slices"
	"strings"
)

// ActivityClaim is a claim that a compound was seen to operate.
type ActivityClaim struct {
	ID          string
	Compound    string
	When        Period // its value, where that is a period, and else when it was said
	PublishedAt string // RFC 3339, "" unknown
	Superseded  bool
	Retracted   bool
}

// RaidedCompound is a raid that was directed at a compound; a raid on several is given once for each.
type RaidedCompound struct {
	Raid, Compound string
	Date           Period
	// Claim is the id of the claim that says when, or that there was a raid; "" where there is none.
	Claim string
}

// ActiveAfterRaid is a compound that was seen to operate after a raid. Both are named by their index in the slices given.
type ActiveAfterRaid struct {
	Compound string
	Raid     int // the last raid that was certainly over by then
	Activity int
	// Days are how many days lie between the raid and the activity, at least and at most; High is nil where that is open.
	Days Interval
}

// ActiveAfterRaids lists the claims of activity that are certainly later than a raid, each with the last raid that it is certainly later
// than: by compound, then by time, then by id. Claims that are superseded or retracted say nothing.
//
// A claim is certainly later where its first day is after the raid's last, as for the field Compound.activeAfterRaid: there is one for a
// compound exactly where that is true. What a raid is said about several times (two claims on its date) is one raid, over on the last of the days.
func ActiveAfterRaids(raids []RaidedCompound, activities []ActivityClaim) []ActiveAfterRaid {
	type raid struct{ compound, id string }
	last := map[raid]int{} // of the claims on a raid, that with the last day
	for i, r := range raids {
		at := raid{r.Compound, r.Raid}
		if j, known := last[at]; !known || laterEnd(r.Date, raids[j].Date) > 0 || laterEnd(r.Date, raids[j].Date) == 0 && r.Claim < raids[j].Claim {
			last[at] = i
		}
	}
	over := map[string][]int{} // by compound, the raids that are known to be over on some day, by that day
	for _, i := range last {
		if r := raids[i]; r.Date.To != "" {
			over[r.Compound] = append(over[r.Compound], i)
		}
	}
	for _, of := range over {
		slices.SortFunc(of, func(i, j int) int {
			return cmp.Or(cmp.Compare(raids[i].Date.To, raids[j].Date.To), cmp.Compare(raids[i].Raid, raids[j].Raid))
		})
	}
	var found []ActiveAfterRaid
	for i, a := range activities {
		if a.Superseded || a.Retracted || a.When.From == "" {
			continue
		}
		of := over[a.Compound]
		n, _ := slices.BinarySearchFunc(of, a.When.From, func(r int, day string) int { return strings.Compare(raids[r].Date.To, day) })
		if n == 0 {
			continue
		}
		r := of[n-1]
		found = append(found, ActiveAfterRaid{a.Compound, r, i, daysBetween(raids[r].Date, a.When, a.When)})
	}
	slices.SortFunc(found, func(x, y ActiveAfterRaid) int {
		a, b := &activities[x.Activity], &activities[y.Activity]
		return cmp.Or(cmp.Compare(x.Compound, y.Compound), cmp.Compare(a.When.From, b.When.From),
			publishedTime(a.PublishedAt).Compare(publishedTime(b.PublishedAt)), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// laterEnd compares the ends of two periods; an open end is later than any.
func laterEnd(p, q Period) int {
	switch {
	case p.To == q.To:
		return 0
	case p.To == "":
		return 1
	case q.To == "":
		return -1
	}
	return strings.Compare(p.To, q.To)
}
