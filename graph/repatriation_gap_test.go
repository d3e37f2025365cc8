package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestRepatriationGaps(t *testing.T) {
	for _, test := range []struct {
		what    string
		raids   []string // "raid:a CN,PK": the nationalities named
		returns []string // "return:a CN"
		claims  []string
		want    []string
	}{
		{"nothing is known", nil, nil, nil, nil},
		{"the sample case: seven Indians who fled, and people named but not counted", []string{"raid:sm CN,NP,PK,TH", "raid:ks CN,KR"}, []string{"return:in IN"},
			[]string{"raid:sm FOUND = 200", "raid:sm DETAINED = 606", "raid:ks DETAINED = around 1,000", "return:in REPATRIATED = seven", "return:in ESCAPED = seven"},
			[]string{"CN found - home - gap - (no raid counts those found) uncounted raid:ks,raid:sm", "IN found - home 7..7 gap - (no raid counts those found)",
				"KR found - home - gap - (no raid counts those found) uncounted raid:ks", "NP found - home - gap - (no raid counts those found) uncounted raid:sm",
				"PK found - home - gap - (no raid counts those found) uncounted raid:sm", "TH found - home - gap - (no raid counts those found) uncounted raid:sm"}},
		{"found, and nobody is told to be home", []string{"raid:a TH"}, nil, []string{"raid:a FOUND nationality:TH = 30"}, []string{"TH found 30..30 home - gap - (no claim counts those brought home)"}},
		{"some are home, and who they are is not told", []string{"raid:a"}, []string{"return:a TH", "return:b TH"},
			[]string{"raid:a FOUND nationality:TH = 30", "return:a REPATRIATED = 7", "return:b REPATRIATED nationality:TH = up to 5"}, []string{"TH found 30..30 home 7..12 gap 18..30"}},
		{"as the raid says of its own people", []string{"raid:a"}, nil, []string{"raid:a FOUND nationality:TH = 30", "raid:a REPATRIATED nationality:TH = 7"}, []string{"TH found 30..30 home 7..7 gap 23..23"}},
		{"whom a repatriation may count too", []string{"raid:a"}, []string{"return:a TH"}, []string{"raid:a FOUND nationality:TH = 30", "raid:a REPATRIATED nationality:TH = 7", "return:a REPATRIATED = 10"},
			[]string{"TH found 30..30 home 10..17 gap 13..23"}},
		{"and may count many more", []string{"raid:a"}, []string{"return:a TH"}, []string{"raid:a FOUND nationality:TH = 30", "raid:a REPATRIATED nationality:TH = 7", "return:a REPATRIATED = unknown"},
			[]string{"TH found 30..30 home 7..- gap 0..23 uncounted return:a"}},
		{"two raids, one of which does not count them", []string{"raid:a", "raid:b TH"}, []string{"return:a TH"}, []string{"raid:a FOUND nationality:TH = 30", "return:a REPATRIATED = 7"},
			[]string{"TH found 30..- home 7..7 gap 23..- uncounted raid:b"}},
		{"whichever is read first", []string{"raid:b TH", "raid:c"}, []string{"return:a TH", "return:b TH"}, []string{"raid:c FOUND nationality:TH = 30", "return:b REPATRIATED = 7"},
			[]string{"TH found 30..- home 7..- gap 0..- uncounted raid:b,return:a"}},
		{"the detained were found at least", []string{"raid:a"}, []string{"return:a TH"}, []string{"raid:a DETAINED nationality:TH = 30", "return:a REPATRIATED = 7"}, []string{"TH found 30..- home 7..7 gap 23..- uncounted raid:a"}},
		{"the deported are not brought home", []string{"raid:a"}, nil, []string{"raid:a FOUND nationality:TH = 30", "raid:a DEPORTED nationality:TH = 7"}, []string{"TH found 30..30 home - gap - (no claim counts those brought home)"}},
		{"a return of several nationalities", nil, []string{"return:a "}, []string{"return:a REPATRIATED = 10", "return:a REPATRIATED nationality:TH = 7"}, []string{"TH found - home 7..7 gap - (no raid counts those found)"}},
		{"a tally over two returns", nil, []string{"return:a TH", "return:b TH"}, []string{"return:a REPATRIATED = 10, spans return:b"}, []string{"TH found - home - gap - (no raid counts those found) uncounted return:a,return:b"}},
		{"events that are given twice", []string{"raid:a", "raid:a"}, []string{"return:a TH", "return:a TH"}, []string{"raid:a FOUND nationality:TH = 30", "return:a REPATRIATED = 7"}, []string{"TH found 30..30 home 7..7 gap 23..30"}},
		{"more home than found, by what the raid says", []string{"raid:a"}, nil, []string{"raid:a FOUND nationality:TH = 30", "raid:a REPATRIATED nationality:TH = 40"},
			[]string{"TH found 30..30 home 40..40 gap - (the claims exclude each other: raids had more people brought home than they found)"}},
		{"more home than found, from elsewhere", []string{"raid:a"}, []string{"return:a TH"}, []string{"raid:a FOUND nationality:TH = 30", "return:a REPATRIATED = 40"}, []string{"TH found 30..30 home 40..40 gap 0..30"}},
	} {
		var raids []FoundEvent
		for _, raid := range test.raids {
			id, named, _ := strings.Cut(raid, " ")
			e := FoundEvent{ID: id}
			for n := range strings.SplitSeq(named, ",") {
				if n != "" {
					e.Named = append(e.Named, "nationality:"+n)
				}
			}
			raids = append(raids, e)
		}
		var returns []ReturnEvent
		for _, event := range test.returns {
			id, nationality, _ := strings.Cut(event, " ")
			if nationality != "" {
				nationality = "nationality:" + nationality
			}
			returns = append(returns, ReturnEvent{id, nationality})
		}
		var got []string
		for _, g := range RepatriationGaps(raids, returns, raidClaims(t, test.claims), defaultOptions) {
			show := func(i *Interval) string {
				if i == nil {
					return "-"
				}
				return showInterval(*i)
			}
			line := fmt.Sprintf("%s found %s home %s gap %s", strings.TrimPrefix(g.Nationality, "nationality:"), show(g.Found), show(g.Home), show(g.Gap))
			if g.Reason == "" {
				t.Errorf("%s: no reason is given for %s", test.what, g.Nationality)
			}
			if g.Gap == nil {
				line += " (" + g.Reason + ")"
			}
			if len(g.Uncounted) > 0 {
				line += " uncounted " + strings.Join(g.Uncounted, ",")
			}
			got = append(got, line)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.what, strings.Join(got, "\n     "), strings.Join(test.want, "\n     "))
		}
	}
}
