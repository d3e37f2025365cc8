package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const steungMeanchey = "raid:steung-meanchey-2024-11"

// sampleContradictionClaims are the claims of the sample case on the raid and its neighbours that could contradict each other, with the
// ids that they have there.
func sampleContradictionClaims(t *testing.T) []SubjectClaim {
	t.Helper()
	camboja, ccTimes := "source:cambojanews-2024-11-raid-pp", "source:cc-times-2024-11-raid-pp"
	figure := func(id, of, raw, by string, named bool, sources ...string) SubjectClaim {
		c := SubjectClaim{FigureClaim: figureClaim(t, "claim:raid-steung-meanchey-2024-11/"+id, of, raw), Subject: steungMeanchey,
			SubjectKind: "Raid", Property: "figure", Named: named, Sources: sources}
		c.SaidBy = by
		return c
	}
	value := func(id, property, value, by string) SubjectClaim {
		return SubjectClaim{FigureClaim: FigureClaim{ID: "claim:raid-steung-meanchey-2024-11/" + id, SaidBy: by}, Subject: steungMeanchey,
			SubjectKind: "Raid", Property: property, Value: value, Named: true, Sources: []string{camboja}}
	}
	date := func(id, edtf string) SubjectClaim {
		c := value(id, "date", "", "outlet:camboja-news")
		c.Date = period(t, edtf, BasisInferred)
		return c
	}
	claims := []SubjectClaim{
		figure("found/government-aligned-media", "FOUND", "approximately 200", "group:government-aligned-media", false, camboja),
		figure("found/initial-reports", "FOUND", "200", "group:initial-reports", false, camboja),
		figure("detained/gcnp-kh", "DETAINED", "606", "agency:gcnp-kh", true, ccTimes, camboja),
		figure("detained/female/gcnp-kh", "DETAINED FEMALE", "45", "agency:gcnp-kh", true, ccTimes, camboja),
		figure("trafficked/camboja-news", "TRAFFICKED", "hundreds", "outlet:camboja-news", true, camboja),
		date("date/camboja-news", "2024-11-06"),
		date("date/camboja-news/2024-11-07", "2024-11-07"),
		value("province/KH-12/camboja-news", "province", "province:KH-12", "outlet:camboja-news"),
		value("screening/not-confirmed/camboja-news", "screening", "NOT_CONFIRMED", "outlet:camboja-news"),
		value("participant/gcnp-kh/camboja-news", "participant", "agency:gcnp-kh", "outlet:camboja-news"),
		value("nationality/CN/gcnp-kh", "nationality", "nationality:CN", "agency:gcnp-kh"),
		value("nationality/PK/gcnp-kh", "nationality", "nationality:PK", "agency:gcnp-kh"),
		value("label/camboja-news", "label", "rescued", "outlet:camboja-news"),
		value("pending/news-reports", "pending", "deportation", "group:news-reports"),
	}
	claims[3].PartOf = claims[2].ID
	kampongSpeu := figure("detained/kampong-speu", "DETAINED", "around 1,000", "group:reports", false, camboja)
	kampongSpeu.Subject = "raid:kampong-speu-2024-10"
	return append(claims, kampongSpeu)
}

func period(t *testing.T, edtf string, basis DateBasis) Period {
	t.Helper()
	p, err := ParsePeriod(edtf, basis)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tell writes a contradiction on one line: kind, left and right by their words, gap, origin and steps.
func tell(claims []SubjectClaim, c Contradiction) string {
	words := func(i int) string {
		switch c := claims[i]; {
		case c.Measure != "":
			return strings.TrimSpace(string(c.Measure) + " " + c.Count.Raw)
		case c.Date.EDTF != "":
			return c.Date.EDTF
		default:
			return c.Value
		}
	}
	return fmt.Sprintf("%s %s / %s gap %s %s: %s", c.Kind, words(c.Left), words(c.Right), showInt(c.Gap), c.Origin, strings.Join(c.Steps, "; "))
}

func tellAll(claims []SubjectClaim, opts ContradictionOptions) []string {
	var all []string
	for c := range FindContradictions(claims, opts).All() {
		all = append(all, tell(claims, c))
	}
	return all
}

// Question 22: 200 found, in two wordings, and 606 detained exclude each other.
func TestContradictionsOfSampleCase(t *testing.T) {
	claims := sampleContradictionClaims(t)
	opts := ContradictionOptions{Measure: MeasureFound, ApproxWithin: DefaultApproxWithin}
	figures := []string{
		`CONTAINMENT FOUND approximately 200 / DETAINED 606 gap 406 UNKNOWN: "approximately 200" is read as 160 to 240; whoever was DETAINED was FOUND; at least 606 is more than at most 240`,
		`CONTAINMENT FOUND 200 / DETAINED 606 gap 406 UNKNOWN: whoever was DETAINED was FOUND; at least 606 is more than at most 200`,
	}
	if got := tellAll(claims, opts); !slices.Equal(got, figures) {
		t.Errorf("of found:\n%s", strings.Join(got, "\n"))
	}
	found := FindContradictions(claims, opts)
	if n := found.Count(); n != 2 {
		t.Errorf("the count of question 22 is %d", n)
	}
	first := found.First(2)
	if first[0].ApproxWithin == nil || *first[0].ApproxWithin != 0.2 || first[1].ApproxWithin != nil {
		t.Errorf("tolerances %v and %v: only the first of the two is read through one", first[0].ApproxWithin, first[1].ApproxWithin)
	}
	if one := found.First(1); len(one) != 1 || one[0].Right != 2 {
		t.Errorf("the first of the two is %+v", one)
	}
	opts.Measure = MeasureDetained // the other side of them; the whole stays left
	if got := tellAll(claims, opts); !slices.Equal(got, figures) {
		t.Errorf("of detained:\n%s", strings.Join(got, "\n"))
	}
	opts.Measure = MeasureTrafficked
	if got := tellAll(claims, opts); got != nil {
		t.Errorf("of trafficked: %q", got)
	}
	opts.Measure = ""
	all := append(figures, "DATE 2024-11-06 / 2024-11-07 gap 1 SAME: 2024-11-06 is over before 2024-11-07 begins")
	if got := tellAll(claims, opts); !slices.Equal(got, all) {
		t.Errorf("of everything:\n%s", strings.Join(got, "\n"))
	}
	if found := FindContradictions(nil, opts); found.Count() != 0 || found.First(3) != nil {
		t.Error("no claims contradict each other")
	}
}

func TestContradictionsBetweenFigures(t *testing.T) {
	type claim struct{ id, of, raw, partOf, more string }
	for _, test := range []struct {
		what   string
		claims []claim
		want   []string // kind, left and right by id, gap
	}{
		{"two counts of the same people", []claim{{id: "a", of: "FOUND", raw: "606"}, {id: "b", of: "FOUND", raw: "200"}}, []string{"DIRECT b a 406"}},
		{"counts that meet", []claim{{id: "a", of: "FOUND", raw: "about 200"}, {id: "b", of: "FOUND", raw: "230"}, {id: "c", of: "FOUND", raw: "hundreds"}}, nil},
		{"approximate on both sides", []claim{{id: "a", of: "FOUND", raw: "about 200"}, {id: "b", of: "FOUND", raw: "about 300"}, {id: "c", of: "FOUND", raw: "about 301"}},
			[]string{"DIRECT a c 101"}},
		{"more than against up to", []claim{{id: "a", of: "FOUND", raw: "more than 100"}, {id: "b", of: "FOUND", raw: "up to 100"}}, []string{"DIRECT b a 1"}},
		{"nearly reaches below alone", []claim{{id: "a", of: "FOUND", raw: "nearly 50"}, {id: "b", of: "FOUND", raw: "51"}, {id: "c", of: "FOUND", raw: "40"}, {id: "d", of: "FOUND", raw: "39"}},
			[]string{"DIRECT d b 12", "DIRECT c b 11", "DIRECT d a 11", "DIRECT a b 1", "DIRECT d c 1"}},
		{"some are at least one", []claim{{id: "a", of: "FOUND", raw: "some"}, {id: "b", of: "FOUND", raw: "none"}}, []string{"DIRECT b a 1"}},
		{"what is unknown contradicts nothing", []claim{{id: "a", of: "FOUND", raw: "unknown"}, {id: "b", of: "FOUND", raw: "0"}}, nil},
		{"superseded and retracted claims contradict nothing",
			[]claim{{id: "a", of: "FOUND", raw: "606", more: "superseded"}, {id: "b", of: "FOUND", raw: "200"}, {id: "c", of: "DETAINED", raw: "606", more: "retracted"}}, nil},
		{"another subject", []claim{{id: "a", of: "FOUND", raw: "606"}, {id: "b", of: "FOUND", raw: "200", more: "raid:other"}}, nil},
		{"whoever was released was found", []claim{{id: "a", of: "FOUND", raw: "200"}, {id: "b", of: "RELEASED", raw: "300"}}, []string{"CONTAINMENT a b 100"}},
		{"whoever was deported need not have been", []claim{{id: "a", of: "FOUND", raw: "200"}, {id: "b", of: "DEPORTED", raw: "300"}}, nil},
		{"released people need not have been detained", []claim{{id: "a", of: "DETAINED", raw: "200"}, {id: "b", of: "RELEASED", raw: "300"}}, nil},
		{"a facet", []claim{{id: "a", of: "DETAINED", raw: "200"}, {id: "b", of: "DETAINED FEMALE", raw: "300"}}, []string{"CONTAINMENT a b 100"}},
		{"facets that do not contain each other", []claim{{id: "a", of: "DETAINED MALE", raw: "200"}, {id: "b", of: "DETAINED FEMALE", raw: "300"}}, nil},
		{"measure and facets together", []claim{{id: "a", of: "FOUND FEMALE", raw: "10"}, {id: "b", of: "ARRESTED FEMALE minors nationality:CN", raw: "50"}}, []string{"CONTAINMENT a b 40"}},
		{"a part with a measure of its own", []claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DEPORTED", raw: "700", partOf: "a"}}, []string{"CONTAINMENT a b 94"}},
		{"and what its total is within", []claim{{id: "a", of: "DETAINED", raw: "800"}, {id: "b", of: "DEPORTED", raw: "700", partOf: "a"}, {id: "c", of: "FOUND", raw: "600"}},
			[]string{"CONTAINMENT c a 200", "CONTAINMENT c b 100"}},
		{"a total that no longer stands", []claim{{id: "a", of: "DETAINED", raw: "606", more: "superseded"}, {id: "b", of: "DEPORTED", raw: "700", partOf: "a"}, {id: "c", of: "FOUND", raw: "650"}},
			[]string{"CONTAINMENT c b 50"}},
		{"a part is not another total", []claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED", raw: "300", partOf: "a"}}, nil},
		{"two parts count different people", []claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED", raw: "300", partOf: "a"}, {id: "c", of: "DETAINED", raw: "50", partOf: "a"}}, nil},
		{"a part above its total", []claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED", raw: "700", partOf: "a"}}, []string{"CONTAINMENT a b 94"}},
		{"a part of a part", []claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED", raw: "300", partOf: "a"}, {id: "c", of: "DETAINED FEMALE", raw: "310", partOf: "b"}},
			[]string{"CONTAINMENT b c 10"}},
		{"parts of each other", []claim{{id: "a", of: "DETAINED nationality:CN", raw: "6", partOf: "b"}, {id: "b", of: "DETAINED FEMALE", raw: "7", partOf: "a"}}, []string{"CONTAINMENT a b 1"}},
		{"a part of itself", []claim{{id: "a", of: "FOUND", raw: "6", partOf: "a"}}, nil},
		{"a part of another subject's total", []claim{{id: "a", of: "ARRESTED", raw: "100", more: "province:KH-12"}, {id: "b", of: "ARRESTED", raw: "120", partOf: "a"}}, []string{"CONTAINMENT a b 20"}},
		{"a window inside another", []claim{{id: "a", of: "ARRESTED", raw: "100", more: "2024"}, {id: "b", of: "ARRESTED", raw: "120", more: "2024-11"}}, []string{"CONTAINMENT a b 20"}},
		{"a window inside all of the time", []claim{{id: "a", of: "ARRESTED", raw: "100"}, {id: "b", of: "ARRESTED FEMALE", raw: "120", more: "2024-11"}}, []string{"CONTAINMENT a b 20"}},
		{"windows that overlap, and one around another that counts more", []claim{{id: "a", of: "ARRESTED", raw: "100", more: "2024-11/2024-12"}, {id: "b", of: "ARRESTED", raw: "120", more: "2024-10/2024-11"},
			{id: "c", of: "ARRESTED", raw: "500", more: "2024"}}, nil},
		{"a window without an end is not inside one that ends", []claim{{id: "a", of: "ARRESTED", raw: "100", more: "../2024-12"}, {id: "b", of: "ARRESTED", raw: "120", more: "2024-11/.."}}, nil},
		{"the greatest gap first, ties by id", []claim{{id: "b", of: "FOUND", raw: "2"}, {id: "a", of: "FOUND", raw: "1"}, {id: "d", of: "FOUND", raw: "4"}, {id: "c", of: "FOUND", raw: "4"}},
			[]string{"DIRECT a c 3", "DIRECT a d 3", "DIRECT b c 2", "DIRECT b d 2", "DIRECT a b 1"}},
	} {
		claims := make([]SubjectClaim, len(test.claims))
		for i, c := range test.claims {
			claims[i] = SubjectClaim{FigureClaim: figureClaim(t, c.id, c.of, c.raw), Subject: "raid:x", SubjectKind: "Raid", Property: "figure"}
			claims[i].PartOf = c.partOf
			switch {
			case strings.Contains(c.more, ":"):
				claims[i].Subject = c.more
			case strings.Contains(c.more, "20"):
				claims[i].Window = period(t, c.more, "")
			default:
				claims[i].Superseded, claims[i].Retracted = c.more == "superseded", c.more == "retracted"
			}
		}
		found := FindContradictions(claims, ContradictionOptions{ApproxWithin: DefaultApproxWithin})
		var got []string
		for c := range found.All() {
			got = append(got, fmt.Sprintf("%s %s %s %s", c.Kind, claims[c.Left].ID, claims[c.Right].ID, showInt(c.Gap)))
		}
		if !slices.Equal(got, test.want) || found.Count() != len(test.want) {
			t.Errorf("%s: %d,\n got %q\nwant %q", test.what, found.Count(), got, test.want)
		}
	}
}

func TestContradictionsOfDatesAndValues(t *testing.T) {
	type claim struct{ id, kind, property, value, more string }
	date := func(id, edtf, more string) claim { return claim{id, "Raid", "date", edtf, more} }
	screening := func(id, status, by, on string) claim {
		return claim{id, "Raid", "screening", status, by + " " + on}
	}
	for _, test := range []struct {
		what   string
		claims []claim
		days   int
		want   []string
	}{
		{"two days", []claim{date("a", "2024-10-25", ""), date("b", "2024-10-24", "")}, 0, []string{"DATE b a 1"}},
		{"a day of the month", []claim{date("a", "2024-10-25", ""), date("b", "2024-10", ""), date("c", "2024-11", "")}, 0, []string{"DATE a c 7", "DATE b c 1"}},
		{"one of two days", []claim{date("a", "[2024-11-06,2024-11-07]", ""), date("b", "2024-11-07", ""), date("c", "2024-11-08?", "")}, 0, []string{"DATE a c 1", "DATE b c 1"}},
		{"open ends", []claim{date("a", "../2024-11-06", ""), date("b", "2024-11-07/..", ""), date("c", "../2024", "")}, 0, []string{"DATE a b 1"}},
		{"an approximate day bounds nothing", []claim{date("a", "2024-10-25~", ""), date("b", "2024-10-24", "")}, 0, nil},
		{"but through a tolerance", []claim{date("a", "2024-10-25~", ""), date("b", "2024-10-24", ""), date("c", "2024-10-21", "")}, 3, []string{"DATE c a 4", "DATE c b 3"}},
		{"the day of an announcement is no date of the event", []claim{date("a", "2024-10-25", "ANNOUNCED"), date("b", "2024-10-24", "")}, 0, nil},
		{"what does not happen once has no date", []claim{{"a", "Compound", "date", "2024", ""}, {"b", "Compound", "date", "2023", ""}, {"c", "Compound", "active", "2023", ""}}, 0, nil},
		{"superseded dates", []claim{date("a", "2024-10-25", "superseded"), date("b", "2024-10-24", "")}, 0, nil},
		{"two provinces", []claim{{"a", "Compound", "province", "province:KH-1", ""}, {"b", "Compound", "province", "province:KH-2", ""}, {"c", "Compound", "province", "province:KH-1", ""}}, 0,
			[]string{"VALUE a b -", "VALUE b c -"}},
		{"a country, however it is written", []claim{{"a", "Repatriation", "destination", "IN", ""}, {"b", "Repatriation", "destination", "in", ""}, {"c", "Repatriation", "destination", "TH", "retracted"}}, 0, nil},
		{"a raid has people of several nationalities, a repatriation has not", []claim{{"a", "Raid", "nationality", "nationality:CN", ""}, {"b", "Raid", "nationality", "nationality:TH", ""}}, 0, nil},
		{"so that these two exclude each other", []claim{{"a", "Repatriation", "nationality", "nationality:CN", ""}, {"b", "Repatriation", "nationality", "nationality:TH", ""}}, 0, []string{"VALUE a b -"}},
		{"screened and not screened", []claim{screening("a", "DONE", "agency:x", "2024-11-08"), screening("b", "NOT_DONE", "outlet:y", "2024-11-08")}, 0, []string{"VALUE a b -"}},
		{"progress", []claim{screening("a", "DONE", "agency:x", "2024-11-09"), screening("b", "NOT_DONE", "outlet:y", "2024-11-08")}, 0, nil},
		{"no way back", []claim{screening("a", "DONE", "agency:x", "2024-11-08"), screening("b", "PENDING", "outlet:y", "2024-11-09"), screening("c", "PARTIAL", "", "")}, 0, []string{"VALUE a b -", "VALUE a c -"}},
		{"a speaker's later word replaces the former", []claim{screening("a", "DONE", "agency:x", "2024-11-08"), screening("b", "NOT_DONE", "agency:x", "2024-11-09")}, 0, nil},
		{"silence is no denial", []claim{screening("a", "DONE", "agency:x", ""), screening("b", "NOT_CONFIRMED", "outlet:y", ""), screening("c", "NOT_STATED", "outlet:z", "")}, 0, nil},
	} {
		claims := make([]SubjectClaim, len(test.claims))
		for i, c := range test.claims {
			claims[i] = SubjectClaim{FigureClaim: FigureClaim{ID: c.id}, Subject: "x", SubjectKind: c.kind, Property: c.property, Value: c.value}
			if c.property == "date" || c.property == "active" {
				basis := DateBasis("")
				if c.more == "ANNOUNCED" {
					basis = BasisAnnounced
				}
				claims[i].Value, claims[i].Date = "", period(t, c.value, basis)
			}
			if c.property == "screening" {
				claims[i].SaidBy, claims[i].SaidOn, _ = strings.Cut(c.more, " ")
			}
			claims[i].Superseded, claims[i].Retracted = c.more == "superseded", c.more == "retracted"
		}
		found := FindContradictions(claims, ContradictionOptions{ApproxDays: test.days})
		var got []string
		for c := range found.All() {
			got = append(got, fmt.Sprintf("%s %s %s %s", c.Kind, claims[c.Left].ID, claims[c.Right].ID, showInt(c.Gap)))
		}
		if !slices.Equal(got, test.want) || found.Count() != len(test.want) {
			t.Errorf("%s: %d,\n got %q\nwant %q", test.what, found.Count(), got, test.want)
		}
		if FindContradictions(claims, ContradictionOptions{ApproxDays: test.days, Measure: MeasureFound}).Count() != 0 {
			t.Errorf("%s: a measure asks for figures alone", test.what)
		}
	}
}

func TestContradictionSteps(t *testing.T) {
	claims := []SubjectClaim{
		{FigureClaim: figureClaim(t, "a", "FOUND", "600"), Window: period(t, "2024", "")},
		{FigureClaim: figureClaim(t, "b", "DETAINED", "650"), Window: period(t, "2024-11", "")},
		{FigureClaim: figureClaim(t, "c", "DEPORTED", "about 900")},
		{FigureClaim: FigureClaim{ID: "d"}, SubjectKind: "Raid", Property: "province", Value: "province:KH-1"},
		{FigureClaim: FigureClaim{ID: "e"}, SubjectKind: "Raid", Property: "province", Value: "province:KH-2"},
		{FigureClaim: FigureClaim{ID: "f"}, SubjectKind: "Raid", Property: "screening", Value: "NOT_DONE"},
		{FigureClaim: FigureClaim{ID: "g"}, SubjectKind: "Raid", Property: "screening", Value: "PARTIAL"},
		{FigureClaim: FigureClaim{ID: "h"}, SubjectKind: "Raid", Property: "date", Date: period(t, "2024-10-25~", "")},
		{FigureClaim: FigureClaim{ID: "i"}, SubjectKind: "Raid", Property: "date", Date: period(t, "2024-11", "")},
	}
	claims[2].PartOf = "b"
	var got []string
	for c := range FindContradictions(claims, ContradictionOptions{ApproxWithin: DefaultApproxWithin, ApproxDays: 3}).All() {
		got = append(got, claims[c.Left].ID+claims[c.Right].ID+": "+strings.Join(c.Steps, "; "))
	}
	want := []string{
		`ac: "about 900" is read as 720 to 1080; a part is no larger than its total; whoever was DETAINED was FOUND; a window (2024-11-01/2024-11-30) inside another (2024-01-01/2024-12-31) counts no more; at least 720 is more than at most 600`,
		`bc: "about 900" is read as 720 to 1080; a part is no larger than its total; at least 720 is more than at most 650`,
		`ab: whoever was DETAINED was FOUND; a window (2024-11-01/2024-11-30) inside another (2024-01-01/2024-12-31) counts no more; at least 650 is more than at most 600`,
		`hi: 2024-10-25~ is read as up to 3 days earlier or later; 2024-10-25~ is over before 2024-11 begins`,
		`de: there is one province; "province:KH-1" is not "province:KH-2"`,
		`fg: PARTIAL excludes NOT_DONE, and is not known to be said later`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("steps:\n%s", strings.Join(got, "\n"))
	}
}

func TestWindowInWords(t *testing.T) {
	for edtf, want := range map[string]string{"2024-11": "2024-11-01/2024-11-30", "../2024-11-06": "../2024-11-06", "2024-11-06/..": "2024-11-06/.."} {
		if got := subjectCellOf(&SubjectClaim{Window: period(t, edtf, "")}).window(); got != want {
			t.Errorf("the window %s is written %s, want %s", edtf, got, want)
		}
	}
	if got := (subjectCell{}).window(); got != "all of the time" {
		t.Errorf("no window is written %q", got)
	}
}

func TestSharedOriginOf(t *testing.T) {
	police, veasna := Testimony{"agency:gcnp-kh", true, []string{"a"}}, Testimony{"official:sok-veasna", true, []string{"a"}}
	group, nobody := Testimony{"group:reports", false, []string{"a"}}, Testimony{"", true, nil}
	for _, test := range []struct {
		a, b Testimony
		want SharedOrigin
	}{
		{police, police, OriginSame}, {police, veasna, OriginSeparate}, {police, group, OriginUnknown},
		{group, group, OriginUnknown}, {nobody, police, OriginUnknown}, {nobody, nobody, OriginUnknown},
	} {
		if got := SharedOriginOf(test.a, test.b); got != test.want {
			t.Errorf("%s and %s: %s, want %s", test.a.SaidBy, test.b.SaidBy, got, test.want)
		}
		if SharedOriginOf(test.b, test.a) != test.want {
			t.Errorf("%s and %s: the order matters", test.a.SaidBy, test.b.SaidBy)
		}
	}
}
