package graph

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// figureClaim makes a claim from a short form: "DETAINED FEMALE minors nationality:CN" and the source's words.
func figureClaim(t *testing.T, id, of, raw string) FigureClaim {
	t.Helper()
	count, err := ParseCount(raw)
	if err != nil {
		t.Fatal(err)
	}
	measure, facets := figureKey(of)
	return FigureClaim{ID: id, Measure: measure, Facets: facets, Count: count}
}

func figureKey(of string) (Measure, Facets) {
	var f Facets
	words := strings.Fields(of)
	for _, word := range words[1:] {
		switch {
		case word == "minors" || word == "adults":
			f.Minor = new(word == "minors")
		case strings.HasPrefix(word, "nationality:"):
			f.Nationality = word
		default:
			f.Sex = word
		}
	}
	return Measure(words[0]), f
}

// summary writes what a reader sees of a figure on one line, with the ids of claims.
func summary(claims []FigureClaim, f Figure) string {
	var b strings.Builder
	b.WriteString(string(f.Measure))
	if c := figureCellOf("", f.Facets); c != (figureCell{}) {
		b.WriteString(strings.TrimRight(" "+strings.Join(slices.DeleteFunc([]string{c.nationality, c.sex, c.minor}, func(s string) bool { return s == "" }), " "), " "))
	}
	best := "-"
	if f.Best != nil {
		best = f.Best.Raw
	}
	band := "-"
	if f.Band != nil {
		band = showInterval(Interval(*f.Band))
	}
	fmt.Fprintf(&b, " best %s band %s implied %s", best, band, showInterval(Interval{f.AtLeast, f.AtMost}))
	if f.Contested {
		b.WriteString(" contested")
	}
	b.WriteString(" by")
	for _, i := range f.Claims {
		b.WriteString(" " + claims[i].ID)
	}
	if len(f.Parts) > 0 {
		parts := make([]string, len(f.Parts))
		for i, p := range f.Parts {
			parts[i] = summary(claims, p)
		}
		b.WriteString(" parts [" + strings.Join(parts, "; ") + "] delta " + showInt(f.PartsDelta))
	}
	return b.String()
}

// sampleClaims are the figures of the raid of the sample case.
func sampleClaims(t *testing.T) []FigureClaim {
	approx := figureClaim(t, "c1", "FOUND", "approximately 200")
	approx.SaidBy = "group:government-aligned-media"
	exact := figureClaim(t, "c2", "FOUND", "200")
	exact.SaidBy = "group:initial-reports"
	total := figureClaim(t, "c3", "DETAINED", "606")
	total.SaidBy, total.Hops = "agency:gcnp-kh", 2
	women := figureClaim(t, "c4", "DETAINED FEMALE", "45")
	women.SaidBy, women.Hops, women.PartOf = "agency:gcnp-kh", 2, "c3"
	claims := []FigureClaim{approx, exact, total, women}
	for i := range claims {
		claims[i].PublishedAt = "2024-11-11T11:00:00Z"
	}
	return claims
}

var defaultOptions = FigureOptions{ApproxWithin: DefaultApproxWithin}

// Questions 02 and 11: both figures are contested by containment, and both bands are 200 to 606.
func TestFigureOfSampleCase(t *testing.T) {
	claims := sampleClaims(t)
	for _, test := range []struct {
		of   string
		want string
	}{
		{"FOUND", "FOUND best approximately 200 band 200..606 implied 606..- contested by c1 c2"},
		{"DETAINED", "DETAINED best 606 band 200..606 implied 45..200 contested by c3 parts [DETAINED FEMALE best 45 band 45..45 implied -..200 by c4] delta -"},
		{"DETAINED FEMALE", "DETAINED FEMALE best 45 band 45..45 implied -..200 by c4"},
		{"RELEASED", "RELEASED best - band - implied -..200 by"},
		{"DEPORTED", "DEPORTED best - band - implied -..- by"},
	} {
		measure, facets := figureKey(test.of)
		if got := summary(claims, FigureOf(claims, measure, facets, defaultOptions)); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.of, got, test.want)
		}
	}
	found := FigureOf(claims, MeasureFound, Facets{}, defaultOptions)
	want := []ImpliedBound{
		{Claim: 2, Low: new(int64(606)), Steps: []string{"whoever was DETAINED was FOUND"}},
		{Claim: 3, Low: new(int64(45)), Steps: []string{"whoever was DETAINED was FOUND", "a part (FEMALE) is no larger than its total"}},
	}
	if !reflect.DeepEqual(found.Implied, want) {
		t.Errorf("implied bounds %+v, want %+v", found.Implied, want)
	}
	detained := FigureOf(claims, MeasureDetained, Facets{}, defaultOptions)
	if got := detained.Implied[0].Steps[0]; got != `"approximately 200" is read as 160 to 240` {
		t.Errorf("the step of an approximate bound is %q", got)
	}
	if detained.BestClaim != 2 || detained.Reason != "the only direct claim that gives a number" || detained.Policy != PolicyLatest {
		t.Errorf("best claim %d by %s: %s", detained.BestClaim, detained.Policy, detained.Reason)
	}
	var all []string
	for _, f := range Figures(claims, defaultOptions) {
		all = append(all, string(f.Measure)+" "+f.Facets.Sex)
	}
	if !slices.Equal(all, []string{"FOUND ", "DETAINED "}) {
		t.Errorf("Figures gives %q; the women stand inside their total", all)
	}
}

func TestFigureOf(t *testing.T) {
	type claim struct{ id, of, raw, partOf, more string }
	for _, test := range []struct {
		what   string
		claims []claim
		of     string
		want   string
	}{
		{"question 07: an approximate number alone", []claim{{id: "a", of: "DETAINED", raw: "around 1,000"}}, "DETAINED",
			"DETAINED best around 1,000 band 1000..1000 implied -..- by a"},
		{"question 06", []claim{{id: "a", of: "REPATRIATED", raw: "seven"}}, "REPATRIATED",
			"REPATRIATED best seven band 7..7 implied -..- by a"},
		{"no claim at all", nil, "FOUND", "FOUND best - band - implied -..- by"},
		{"a bound that is met widens nothing", []claim{{id: "a", of: "FOUND", raw: "1,000"}, {id: "b", of: "DETAINED", raw: "100"}}, "FOUND",
			"FOUND best 1,000 band 1000..1000 implied 100..- by a"},
		{"found 200 and detained 606", []claim{{id: "a", of: "FOUND", raw: "200"}, {id: "b", of: "DETAINED", raw: "606"}}, "FOUND",
			"FOUND best 200 band 200..606 implied 606..- contested by a"},
		{"the other side of it", []claim{{id: "a", of: "FOUND", raw: "200"}, {id: "b", of: "DETAINED", raw: "606"}}, "DETAINED",
			"DETAINED best 606 band 200..606 implied -..200 contested by b"},
		{"approximate values may meet", []claim{{id: "a", of: "FOUND", raw: "about 200"}, {id: "b", of: "DETAINED", raw: "230"}}, "FOUND",
			"FOUND best about 200 band 200..200 implied 230..- by a"},
		{"direct claims that exclude each other", []claim{{id: "a", of: "FOUND", raw: "200"}, {id: "b", of: "FOUND", raw: "606"}}, "FOUND",
			"FOUND best 200 band 200..606 implied -..- contested by a b"},
		{"direct claims that meet", []claim{{id: "a", of: "FOUND", raw: "about 200"}, {id: "b", of: "FOUND", raw: "230"}}, "FOUND",
			"FOUND best about 200 band 200..230 implied -..- by a b"},
		{"more than leaves the band open", []claim{{id: "a", of: "FOUND", raw: "more than 1,000"}, {id: "b", of: "FOUND", raw: "1,200"}}, "FOUND",
			"FOUND best more than 1,000 band 1001..- implied -..- by a b"},
		{"up to leaves the band open below", []claim{{id: "a", of: "FOUND", raw: "up to 300"}, {id: "b", of: "DETAINED", raw: "400"}}, "FOUND",
			"FOUND best up to 300 band -..400 implied 400..- contested by a"},
		{"orders and ranges", []claim{{id: "a", of: "FOUND", raw: "hundreds"}, {id: "b", of: "FOUND", raw: "50 to 200"}}, "FOUND",
			"FOUND best hundreds band 50..999 implied -..- by a b"},
		{"an unknown count is shown and bounds nothing", []claim{{id: "a", of: "FOUND", raw: "not counted yet"}, {id: "b", of: "DETAINED", raw: "unknown"}}, "FOUND",
			"FOUND best - band - implied -..- by a"},
		{"some is at least one", []claim{{id: "a", of: "FOUND", raw: "none"}, {id: "b", of: "DETAINED", raw: "some"}}, "FOUND",
			"FOUND best none band 0..1 implied 1..- contested by a"},
		{"some has no number", []claim{{id: "a", of: "FOUND", raw: "some"}}, "FOUND", "FOUND best - band - implied -..- by a"},
		{"superseded and retracted claims do not count",
			[]claim{{id: "a", of: "FOUND", raw: "200", more: "superseded"}, {id: "b", of: "DETAINED", raw: "606", more: "retracted"}, {id: "c", of: "FOUND", raw: "10"}}, "FOUND",
			"FOUND best 10 band 10..10 implied -..- by c"},
		{"deported people need not have been found", []claim{{id: "a", of: "FOUND", raw: "10"}, {id: "b", of: "DEPORTED", raw: "50"}}, "FOUND",
			"FOUND best 10 band 10..10 implied -..- by a"},
		{"facets of two figures that do not contain each other", []claim{{id: "a", of: "FOUND nationality:CN", raw: "10"}, {id: "b", of: "DETAINED FEMALE", raw: "50"}}, "FOUND nationality:CN",
			"FOUND nationality:CN best 10 band 10..10 implied -..- by a"},
		{"facets and measures together", []claim{{id: "a", of: "FOUND FEMALE", raw: "10"}, {id: "b", of: "ARRESTED FEMALE minors", raw: "50"}}, "FOUND FEMALE",
			"FOUND FEMALE best 10 band 10..50 implied 50..- contested by a"},
		{"bounds that contradict each other", []claim{{id: "a", of: "FOUND", raw: "10"}, {id: "b", of: "DETAINED FEMALE", raw: "50"}}, "DETAINED",
			"DETAINED best - band - implied 50..10 contested by"},
		{"an uncounted facet of a total", []claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED FEMALE", raw: "unknown", partOf: "a"}}, "DETAINED",
			"DETAINED best 606 band 606..606 implied -..- by a parts [DETAINED FEMALE best - band - implied -..606 by b] delta -"},
		{"a part with a measure of its own bounds what it is a part of",
			[]claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DEPORTED", raw: "700", partOf: "a"}}, "DETAINED",
			"DETAINED best 606 band 606..700 implied 700..- contested by a parts [DEPORTED best 700 band 606..700 implied -..- contested by b] delta -"},
		{"and its total bounds that part alone",
			[]claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DEPORTED", raw: "500", partOf: "a"}, {id: "c", of: "DEPORTED", raw: "700"}}, "DEPORTED",
			"DEPORTED best 500 band 500..700 implied -..- contested by b c"},
		{"a part that no facet tells from its total is not another total",
			[]claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED", raw: "300", partOf: "a"}, {id: "c", of: "DETAINED FEMALE", raw: "310"}}, "DETAINED",
			"DETAINED best 606 band 606..606 implied 310..- by a parts [DETAINED best 300 band 300..300 implied -..606 by b] delta -"},
		{"nor are the parts of such a part",
			[]claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED", raw: "300", partOf: "a"}, {id: "c", of: "DETAINED FEMALE", raw: "310", partOf: "b"}, {id: "d", of: "DETAINED FEMALE", raw: "400"}}, "DETAINED",
			"DETAINED best 606 band 606..606 implied 400..- by a parts [DETAINED best 300 band 300..310 implied 310..606 contested by b" +
				" parts [DETAINED FEMALE best 310 band 300..310 implied -..300 contested by c] delta -] delta -"},
		{"a part of a superseded total stays a part",
			[]claim{{id: "a", of: "DETAINED", raw: "606", more: "superseded"}, {id: "b", of: "DETAINED", raw: "300", partOf: "a"}, {id: "c", of: "DETAINED", raw: "610"}}, "DETAINED",
			"DETAINED best 610 band 610..610 implied 300..- by c"},
		{"a part of a total that is not given is a figure", []claim{{id: "b", of: "DETAINED FEMALE", raw: "45", partOf: "hidden"}}, "DETAINED FEMALE",
			"DETAINED FEMALE best 45 band 45..45 implied -..- by b"},
		{"parts nest", []claim{{id: "a", of: "DETAINED", raw: "606"}, {id: "b", of: "DETAINED FEMALE", raw: "45", partOf: "a"}, {id: "c", of: "DETAINED FEMALE minors", raw: "5", partOf: "b"}}, "DETAINED",
			"DETAINED best 606 band 606..606 implied 45..- by a parts [DETAINED FEMALE best 45 band 45..45 implied 5..606 by b" +
				" parts [DETAINED FEMALE minors best 5 band 5..5 implied -..45 by c] delta -] delta -"},
		{"parts of each other end", []claim{{id: "a", of: "DETAINED nationality:CN", raw: "6", partOf: "b"}, {id: "b", of: "DETAINED FEMALE", raw: "7", partOf: "a"}}, "DETAINED FEMALE",
			"DETAINED FEMALE best 7 band 7..7 implied 6..- by b parts [DETAINED nationality:CN best 6 band 6..7 implied 7..- contested by a] delta -"},
		{"a part of itself", []claim{{id: "a", of: "FOUND", raw: "6", partOf: "a"}}, "FOUND", "FOUND best 6 band 6..6 implied -..- by a"},
	} {
		claims := make([]FigureClaim, len(test.claims))
		for i, c := range test.claims {
			claims[i] = figureClaim(t, c.id, c.of, c.raw)
			claims[i].PartOf = c.partOf
			claims[i].Superseded, claims[i].Retracted = c.more == "superseded", c.more == "retracted"
		}
		measure, facets := figureKey(test.of)
		if got := summary(claims, FigureOf(claims, measure, facets, defaultOptions)); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.what, got, test.want)
		}
		Figures(claims, defaultOptions)
	}
}

func TestPartsDelta(t *testing.T) {
	for _, test := range []struct {
		what, total, exhaustive string
		parts                   []string // "DETAINED FEMALE = 45"
		want                    string
	}{
		{"the sample case: the rest need not be men", "606", "", []string{"DETAINED FEMALE = 45"}, "-"},
		{"said not to be all", "606", "NO", []string{"DETAINED FEMALE = 45"}, "-"},
		{"exhaustive and adds up", "606", "YES", []string{"DETAINED FEMALE = 45", "DETAINED MALE = 561"}, "0"},
		{"exhaustive and falls short", "606", "YES", []string{"DETAINED FEMALE = 45", "DETAINED MALE = 500"}, "-61"},
		{"exhaustive and exceeds", "606", "YES", []string{"DETAINED FEMALE = 145", "DETAINED MALE = 500"}, "39"},
		{"an excess needs no exhaustiveness", "606", "", []string{"DETAINED FEMALE = 145", "DETAINED MALE = 500"}, "39"},
		{"parts of two breakdowns are not added", "606", "", []string{"DETAINED FEMALE = 500", "DETAINED nationality:CN = 500"}, "-"},
		{"the breakdown that is all there is", "606", "YES", []string{"DETAINED FEMALE = 45", "DETAINED nationality:CN = 300", "DETAINED nationality:PK = 306"}, "0"},
		{"approximate values at their value", "606", "", []string{"DETAINED FEMALE = about 310", "DETAINED MALE = about 300"}, "4"},
		{"more than", "606", "", []string{"DETAINED FEMALE = more than 300", "DETAINED MALE = 310"}, "5"},
		{"it may add up", "606", "YES", []string{"DETAINED FEMALE = up to 50", "DETAINED MALE = 560"}, "-"},
		{"a part without a number", "606", "YES", []string{"DETAINED FEMALE = unknown", "DETAINED MALE = 560"}, "-"},
		{"the total has none", "unknown", "YES", []string{"DETAINED FEMALE = 45"}, "-"},
		{"outcomes may have people in common", "606", "", []string{"DEPORTED = 400", "RELEASED = 300"}, "-"},
		{"unless they are all there is", "606", "YES", []string{"DEPORTED = 400", "RELEASED = 200"}, "-6"},
		{"parts that no facet tells apart", "606", "YES", []string{"DETAINED = 300", "DETAINED = 300"}, "-6"},
		{"two claims on one part are one part", "606", "YES", []string{"DETAINED FEMALE = 45", "DETAINED FEMALE = 45", "DETAINED MALE = 561"}, "0"},
		{"no parts", "606", "YES", nil, "-"},
	} {
		total := figureClaim(t, "total", "DETAINED", test.total)
		total.Exhaustive = test.exhaustive
		claims := []FigureClaim{total}
		for i, part := range test.parts {
			of, raw, _ := strings.Cut(part, " = ")
			c := figureClaim(t, fmt.Sprint("part", i), of, raw)
			c.PartOf = "total"
			claims = append(claims, c)
		}
		if got := showInt(FigureOf(claims, MeasureDetained, Facets{}, defaultOptions).PartsDelta); got != test.want {
			t.Errorf("%s: delta %s, want %s", test.what, got, test.want)
		}
	}
}

func TestFigurePolicies(t *testing.T) {
	claim := func(id, raw, saidOn, publishedAt string, hops int) FigureClaim {
		c := figureClaim(t, id, "FOUND", raw)
		c.SaidOn, c.PublishedAt, c.Hops = saidOn, publishedAt, hops
		return c
	}
	for _, test := range []struct {
		what   string
		policy FigurePolicy
		claims []FigureClaim
		want   string
		reason string
	}{
		{"said last", "", []FigureClaim{claim("a", "200", "2024-11-06", "2024-11-12T00:00:00Z", 0), claim("b", "606", "2024-11-07", "2024-11-11T00:00:00Z", 2)},
			"b", "said last of 2 direct claims that give a number, on 2024-11-07"},
		{"published stands in for an unknown day", PolicyLatest, []FigureClaim{claim("a", "200", "2024-11-06", "", 0), claim("b", "606", "", "2024-11-11T00:00:00Z", 0)},
			"b", "said last of 2 direct claims that give a number, going by its publication on 2024-11-11"},
		{"the most direct origin", PolicyLatest, []FigureClaim{claim("a", "200", "2024-11-06", "", 2), claim("b", "606", "2024-11-06", "", 1)},
			"b", "said last and by the fewest citations of 2 direct claims that give a number"},
		{"published last, by the clock and not by the text", PolicyLatest,
			[]FigureClaim{claim("a", "200", "2024-11-06", "2024-11-11T23:00:00Z", 1), claim("b", "606", "2024-11-06", "2024-11-12T00:00:00+07:00", 1)},
			"a", "said last, as directly as another, and published last of 2 direct claims that give a number"},
		{"nothing tells them apart", PolicyLatest, []FigureClaim{claim("b", "200", "", "", 1), claim("a", "606", "", "", 1)},
			"a", "the first by id of 2 direct claims that give a number, said at one time and equally direct"},
		{"what has no number is never the best", PolicyLatest, []FigureClaim{claim("a", "200", "2024-11-06", "", 0), claim("b", "not counted yet", "2024-11-08", "", 0)},
			"a", "the only direct claim that gives a number"},
		{"the lowest", PolicyConservative, []FigureClaim{claim("a", "200", "2024-11-06", "", 0), claim("b", "606", "2024-11-07", "", 0), claim("c", "hundreds", "2024-11-07", "", 0)},
			"c", "the lowest of 3 direct claims that give a number"},
		{"the lowest is not the greatest of up to", PolicyConservative, []FigureClaim{claim("a", "200", "", "", 0), claim("b", "up to 300", "", "", 0)},
			"a", "the lowest of 2 direct claims that give a number"},
		{"the highest", PolicyHighest, []FigureClaim{claim("a", "606", "2024-11-06", "", 0), claim("b", "200", "2024-11-07", "", 0), claim("c", "100 to 700", "", "", 0)},
			"c", "the highest of 3 direct claims that give a number"},
		{"the latest of equals", PolicyHighest, []FigureClaim{claim("a", "606", "2024-11-06", "", 0), claim("b", "606", "2024-11-07", "", 0)},
			"b", "the highest of 2 direct claims that give a number"},
		{"none gives a number", PolicyLatest, []FigureClaim{claim("a", "some", "", "", 0)}, "", "no direct claim gives a number"},
		{"none", PolicyLatest, nil, "", "no direct claim"},
	} {
		f := FigureOf(test.claims, MeasureFound, Facets{}, FigureOptions{Policy: test.policy})
		got := ""
		if f.BestClaim >= 0 {
			got = test.claims[f.BestClaim].ID
		}
		if got != test.want || f.Reason != test.reason || (f.Best == nil) != (got == "") {
			t.Errorf("%s: best %q because %q, want %q because %q", test.what, got, f.Reason, test.want, test.reason)
		}
	}
}

func TestFiguresList(t *testing.T) {
	claims := []FigureClaim{
		figureClaim(t, "a", "DEPORTED", "100"), figureClaim(t, "b", "DETAINED", "606"), figureClaim(t, "c", "DETAINED FEMALE", "45"),
		figureClaim(t, "d", "DETAINED nationality:CN", "9"), figureClaim(t, "e", "FOUND minors", "3"), figureClaim(t, "f", "SEEN", "3"),
		figureClaim(t, "g", "CHARGED MALE", "3"), figureClaim(t, "h", "CHARGED adults", "3"),
	}
	claims[0].PartOf, claims[2].PartOf, claims[6].PartOf, claims[7].PartOf = "b", "b", "h", "g"
	var got []string
	for _, f := range Figures(claims, defaultOptions) {
		got = append(got, strings.Split(summary(claims, f), " best ")[0])
	}
	// The deported have a measure of their own; the charged are parts of each other, which nobody should claim, and are still shown.
	want := []string{"FOUND minors", "DETAINED", "DETAINED nationality:CN", "CHARGED adults", "DEPORTED", "SEEN"}
	if !slices.Equal(got, want) {
		t.Errorf("Figures gives %q, want %q", got, want)
	}
	if Figures(nil, defaultOptions) != nil {
		t.Error("no claims give figures")
	}
}
