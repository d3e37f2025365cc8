package graph

import (
	"math/rand/v2"
	"testing"
)

func TestScreeningOf(t *testing.T) {
	claim := func(status ScreeningStatus, by, on string) ScreeningClaim {
		return ScreeningClaim{Status: status, SaidBy: by, SaidOn: on}
	}
	published := func(status ScreeningStatus, by, at string) ScreeningClaim {
		return ScreeningClaim{Status: status, SaidBy: by, PublishedAt: at}
	}
	const before, after, a, b = "2024-11-08", "2024-11-20", "agency:gcnp-kh", "outlet:camboja-news"
	for _, test := range []struct {
		what   string
		claims []ScreeningClaim
		want   ScreeningStatus
	}{
		{"no source says anything", nil, ScreeningNotStated},
		{"question 09: the authority did not say", []ScreeningClaim{claim(ScreeningNotConfirmed, a, "")}, ScreeningNotConfirmed},
		{"a claim that nothing is stated", []ScreeningClaim{claim(ScreeningNotStated, a, after)}, ScreeningNotStated},
		{"one claim", []ScreeningClaim{claim(ScreeningNotDone, a, before)}, ScreeningNotDone},
		{"a later silence changes nothing", []ScreeningClaim{claim(ScreeningDone, a, before), claim(ScreeningNotConfirmed, a, after)}, ScreeningDone},
		{"the later word of one speaker, even backwards", []ScreeningClaim{claim(ScreeningDone, a, before), claim(ScreeningNotDone, a, after)}, ScreeningNotDone},
		{"progress told by two", []ScreeningClaim{claim(ScreeningNotDone, a, before), claim(ScreeningDone, b, after)}, ScreeningDone},
		{"progress by publication", []ScreeningClaim{claim(ScreeningPending, a, before), published(ScreeningPartial, b, "2024-11-11T11:00:00Z")}, ScreeningPartial},
		{"pending again after partial", []ScreeningClaim{claim(ScreeningPartial, a, before), claim(ScreeningPending, b, after)}, ScreeningPending},
		{"undone by another", []ScreeningClaim{claim(ScreeningDone, a, before), claim(ScreeningNotDone, b, after)}, ScreeningDisputed},
		{"two on one day", []ScreeningClaim{claim(ScreeningDone, a, before), claim(ScreeningNotDone, b, before)}, ScreeningDisputed},
		{"partial against not done on one day", []ScreeningClaim{claim(ScreeningPartial, a, before), claim(ScreeningNotDone, b, before)}, ScreeningDisputed},
		{"pending is not yet done", []ScreeningClaim{claim(ScreeningPending, a, before), claim(ScreeningNotDone, b, before)}, ScreeningPending},
		{"times unknown", []ScreeningClaim{claim(ScreeningDone, a, ""), claim(ScreeningNotDone, b, "")}, ScreeningDisputed},
		{"one time unknown", []ScreeningClaim{claim(ScreeningDone, a, after), claim(ScreeningNotDone, b, "")}, ScreeningDisputed},
		{"one speaker, two words a day", []ScreeningClaim{claim(ScreeningDone, a, after), claim(ScreeningNotDone, a, after)}, ScreeningDisputed},
		{"said to be disputed", []ScreeningClaim{claim(ScreeningDisputed, b, before), claim(ScreeningDone, a, after)}, ScreeningDisputed},
		{"a dispute that its speaker withdraws", []ScreeningClaim{claim(ScreeningDisputed, b, before), claim(ScreeningDone, b, after)}, ScreeningDone},
		{"an unknown speaker replaces nobody", []ScreeningClaim{claim(ScreeningDone, "", before), claim(ScreeningNotDone, "", after)}, ScreeningDisputed},
		{"superseded and retracted", []ScreeningClaim{{Status: ScreeningDone, Superseded: true}, {Status: ScreeningNotDone, Retracted: true}}, ScreeningNotStated},
		{"a status that does not exist", []ScreeningClaim{claim("MAYBE", a, before)}, ScreeningNotStated},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		for range 4 { // whatever the order
			if got := ScreeningOf(test.claims); got != test.want {
				t.Errorf("%s: %s, want %s", test.what, got, test.want)
			}
			r.Shuffle(len(test.claims), func(i, j int) { test.claims[i], test.claims[j] = test.claims[j], test.claims[i] })
		}
	}
}
