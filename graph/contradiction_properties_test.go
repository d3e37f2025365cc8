package graph

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// aboutOneRaid makes the claims about figures claims about one raid.
func aboutOneRaid(figures []FigureClaim) []SubjectClaim {
	claims := make([]SubjectClaim, len(figures))
	for i, f := range figures {
		claims[i] = SubjectClaim{FigureClaim: f, Subject: "raid:x", SubjectKind: "Raid", Property: "figure"}
	}
	return claims
}

// allPairs finds the contradictions between figures by comparing all pairs, with what the figures know of who contains whom.
func allPairs(claims []FigureClaim, opts FigureOptions) map[[2]int]ContradictionKind {
	b := newFigureBook(claims, opts)
	found := map[[2]int]ContradictionKind{}
	for whole := range claims {
		for part := range claims {
			low, high := b.intervals[part].Low, b.intervals[whole].High
			if !b.live(whole) || !b.live(part) || low == nil || high == nil || *low <= *high {
				continue
			}
			_, leads := b.leads(part, b.cells[whole])
			switch {
			case b.cells[part] == b.cells[whole] && !b.partial[part] && !b.partial[whole]:
				found[[2]int{whole, part}] = ContradictionDirect
			case leads && !b.partial[whole] || slices.Contains(b.above[part], whole):
				found[[2]int{whole, part}] = ContradictionContainment
			}
		}
	}
	return found
}

// contested reports whether any of the figures is, parts among them.
func contested(figures []Figure) bool {
	return slices.ContainsFunc(figures, func(f Figure) bool { return f.Contested || contested(f.Parts) })
}

func TestContradictionProperties(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 2))
		figures := randomClaims(t, r, 1+r.IntN(12))
		within := r.Float64() / 2
		checkContradictions(t, figures, within)

		// The same pairs, and in the same order, whatever the order of the claims.
		claims := aboutOneRaid(figures)
		shuffled := slices.Clone(claims)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		opts := ContradictionOptions{ApproxWithin: within}
		if got, want := tellAll(shuffled, opts), tellAll(claims, opts); !slices.Equal(got, want) {
			t.Fatalf("seed %d: the order of the claims matters:\n%q\n%q", seed, want, got)
		}
		// Another claim settles no contradiction, and a greater tolerance makes none.
		if before := FindContradictions(claims[:len(claims)-1], opts).Count(); claims[len(claims)-1].PartOf == "" && before > FindContradictions(claims, opts).Count() {
			t.Fatalf("seed %d: another claim settled a contradiction", seed)
		}
		if wider := (ContradictionOptions{ApproxWithin: within + 0.1}); FindContradictions(claims, wider).Count() > FindContradictions(claims, opts).Count() {
			t.Fatalf("seed %d: a greater tolerance made a contradiction", seed)
		}
		// Superseded and retracted claims are as if nobody had made them, but for what is a part of them.
		standing := slices.DeleteFunc(slices.Clone(claims), func(c SubjectClaim) bool {
			return !c.stands() && !slices.ContainsFunc(claims, func(part SubjectClaim) bool { return part.PartOf == c.ID })
		})
		if got, want := tellAll(standing, opts), tellAll(claims, opts); !slices.Equal(got, want) {
			t.Fatalf("seed %d: what no longer stands matters:\n%q\n%q", seed, want, got)
		}
	}
}

// checkContradictions compares what is found with all pairs, with its order and count, and with what the figures call contested.
func checkContradictions(t *testing.T, figures []FigureClaim, within float64) {
	t.Helper()
	claims, opts := aboutOneRaid(figures), FigureOptions{ApproxWithin: within}
	want := allPairs(figures, opts)
	found := FindContradictions(claims, ContradictionOptions{ApproxWithin: within})
	var all []Contradiction
	for c := range found.All() {
		if kind, ok := want[[2]int{c.Left, c.Right}]; !ok || kind != c.Kind {
			t.Fatalf("%s, which is %q by all pairs, of %+v", tell(claims, c), kind, figures)
		}
		if *c.Gap <= 0 || len(c.Steps) == 0 || (c.Kind == ContradictionContainment) != (len(c.Steps) > 1+approximates(claims, c)) {
			t.Fatalf("steps or gap of %s", tell(claims, c))
		}
		all = append(all, c)
	}
	if len(all) != len(want) || found.Count() != len(want) {
		t.Fatalf("%d told, %d counted, %d by all pairs, of %+v", len(all), found.Count(), len(want), figures)
	}
	if !slices.IsSortedFunc(all, func(a, b Contradiction) int {
		return cmp.Or(cmp.Compare(*b.Gap, *a.Gap), cmp.Compare(claims[a.Left].ID, claims[b.Left].ID), cmp.Compare(claims[a.Right].ID, claims[b.Right].ID))
	}) {
		t.Fatalf("they are told in another order: %+v", all)
	}
	// A figure that is contested has a contradiction behind it, and the other way round, but for parts that count some of their cell only:
	// they stand in no figure where their total does not, or where they are parts of each other.
	book := newFigureBook(figures, opts)
	shown := slices.ContainsFunc(all, func(c Contradiction) bool { return !book.partial[c.Left] })
	if c := contested(Figures(figures, opts)); c && len(all) == 0 || !c && shown {
		t.Fatalf("%d contradictions, and figures contested %v, of %+v", len(all), c, figures)
	}
	// Of each measure it finds those of its own, and no others.
	for _, m := range measureOrder {
		n := 0
		for pair := range want {
			if figures[pair[0]].Measure == m || figures[pair[1]].Measure == m {
				n++
			}
		}
		if got := FindContradictions(claims, ContradictionOptions{Measure: m, ApproxWithin: within}).Count(); got != n {
			t.Fatalf("%d contradictions of %s, %d by all pairs", got, m, n)
		}
	}
}

func approximates(claims []SubjectClaim, c Contradiction) (n int) {
	for _, i := range []int{c.Left, c.Right} {
		if approximate(claims[i].Count) {
			n++
		}
	}
	return n
}

// FuzzContradictions reads claims from bytes, four for each, and checks the same as the properties do.
func FuzzContradictions(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 1, 1, 1, 0}, 0.2)
	f.Add([]byte{0, 3, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 0, 0, 12}, 0.5)
	f.Add([]byte{4, 1, 1, 0, 4, 1, 1, 1, 4, 4, 1, 2, 4, 0, 0, 3}, 0.0)
	f.Fuzz(func(t *testing.T, b []byte, within float64) {
		raws := []string{"606", "200", "45", "about 200", "more than 100", "up to 300", "nearly 50", "100 to 250", "hundreds", "some", "unknown", "0"}
		of := []string{"FOUND", "DETAINED", "DETAINED FEMALE", "FOUND FEMALE", "DETAINED MALE minors", "DEPORTED", "RELEASED nationality:CN"}
		var claims []FigureClaim
		for ; len(b) >= 4 && len(claims) < 30; b = b[4:] {
			c := figureClaim(t, fmt.Sprintf("claim%02d", len(claims)), of[int(b[0])%len(of)], raws[int(b[1])%len(raws)])
			if b[2] > 0 {
				c.PartOf = fmt.Sprintf("claim%02d", int(b[2])%30)
			}
			c.Superseded, c.Retracted = b[3]&1 != 0, b[3]&2 != 0
			claims = append(claims, c)
		}
		checkContradictions(t, claims, within)
	})
}

func TestContradictionValueProperties(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 3))
		var claims []SubjectClaim
		var screening []ScreeningClaim
		for i := range 1 + r.IntN(9) {
			c := SubjectClaim{FigureClaim: FigureClaim{ID: fmt.Sprintf("claim%02d", r.IntN(90)*10+i)}, Subject: "raid:x", SubjectKind: "Raid"}
			c.SaidBy = []string{"", "agency:x", "outlet:y"}[r.IntN(3)]
			c.SaidOn = []string{"", "2024-11-06", "2024-11-07", "2024-11-08"}[r.IntN(4)]
			c.Superseded, c.Retracted = r.IntN(9) == 0, r.IntN(9) == 0
			if r.IntN(3) > 0 {
				c.Property, c.Value = "screening", string([]ScreeningStatus{ScreeningNotDone, ScreeningPending, ScreeningPartial, ScreeningDone, ScreeningNotConfirmed}[r.IntN(5)])
				screening = append(screening, ScreeningClaim{Status: ScreeningStatus(c.Value), SaidBy: c.SaidBy, SaidOn: c.SaidOn, Superseded: c.Superseded, Retracted: c.Retracted})
			} else {
				c.Property, c.Value = "province", []string{"province:KH-1", "province:KH-2", "province:KH-3"}[r.IntN(3)]
			}
			claims = append(claims, c)
		}
		found := FindContradictions(claims, ContradictionOptions{})
		var told []Contradiction
		disputed, provinces := false, 0
		for c := range found.All() {
			left, right := claims[c.Left], claims[c.Right]
			if c.Gap != nil || left.ID >= right.ID || left.Property != right.Property || left.Value == right.Value || !left.stands() || !right.stands() {
				t.Fatalf("seed %d: %s", seed, tell(claims, c))
			}
			disputed = disputed || left.Property == "screening"
			if left.Property == "province" {
				provinces++
			}
			told = append(told, c)
		}
		if found.Count() != len(told) {
			t.Fatalf("seed %d: %d counted, %d told", seed, found.Count(), len(told))
		}
		if !slices.IsSortedFunc(told, func(a, b Contradiction) int {
			return cmp.Or(cmp.Compare(claims[a.Left].ID, claims[b.Left].ID), cmp.Compare(claims[a.Right].ID, claims[b.Right].ID))
		}) {
			t.Fatalf("seed %d: they are told in another order", seed)
		}
		// Screening is disputed where two words on it exclude each other, and nowhere else.
		if status := ScreeningOf(screening); (status == ScreeningDisputed) != disputed {
			t.Fatalf("seed %d: screening is %s, and a contradiction is told: %v, of %+v", seed, status, disputed, screening)
		}
		n := 0
		for i := range claims {
			for j := range i {
				if a, b := claims[i], claims[j]; a.Property == "province" && b.Property == "province" && a.stands() && b.stands() && a.Value != b.Value {
					n++
				}
			}
		}
		if n != provinces {
			t.Fatalf("seed %d: %d pairs of provinces, %d by all pairs", seed, provinces, n)
		}
	}
}

// oneEvent makes n claims about one raid by three speakers, of which few contradict each other.
func oneEvent(n int) []SubjectClaim {
	claims := make([]SubjectClaim, n)
	measures := []Measure{MeasureFound, MeasureDetained, MeasureReleased, MeasureDeported}
	for i := range claims {
		measure := measures[i%len(measures)]
		value := int64(100_000 - 10_000*(i%len(measures)))
		c := SubjectClaim{Subject: "raid:x", SubjectKind: "Raid", Property: "figure", Named: true}
		c.FigureClaim = FigureClaim{ID: fmt.Sprintf("claim:%06d", i), Measure: measure, Count: Count{Raw: "x", Mode: CountExact, Value: new(value)}}
		if c.SaidBy = fmt.Sprint("agency:", i%3); i%7 == 0 {
			c.Facets.Nationality, c.Count.Value = fmt.Sprintf("nationality:%d", i%200), new(int64(10))
		}
		if i%3000 == 2999 { // one that does
			c.Count.Value = new(int64(900_000))
		}
		claims[i] = c
	}
	return claims
}

// Where all contradict all, they are counted and a page of them is told without going through them.
func TestContradictionsOfAllWithAll(t *testing.T) {
	const n = 20_000
	claims := make([]SubjectClaim, n)
	for i := range claims {
		claims[i] = SubjectClaim{Subject: "raid:x", FigureClaim: FigureClaim{ID: fmt.Sprintf("claim:%05d", i), Measure: MeasureFound, Count: Count{Raw: "x", Mode: CountExact, Value: new(int64(i))}}}
	}
	found := FindContradictions(claims, ContradictionOptions{ApproxWithin: DefaultApproxWithin})
	if got := found.Count(); got != n*(n-1)/2 {
		t.Errorf("%d pairs, want %d", got, n*(n-1)/2)
	}
	var got []string
	for _, c := range found.First(6) {
		got = append(got, fmt.Sprint(c.Left, "<", c.Right, " by ", *c.Gap))
	}
	want := []string{"0<19999 by 19999", "0<19998 by 19998", "1<19999 by 19998", "0<19997 by 19997", "1<19998 by 19997", "2<19999 by 19997"}
	if !slices.Equal(got, want) {
		t.Errorf("the first are %q", got)
	}
}

// A tolerance that is none is 0, and the answer says so.
func TestContradictionTolerance(t *testing.T) {
	claims := aboutOneRaid([]FigureClaim{figureClaim(t, "a", "FOUND", "about 200"), figureClaim(t, "b", "FOUND", "201")})
	for _, within := range []float64{0, -1, math.NaN(), math.Inf(-1)} {
		first := FindContradictions(claims, ContradictionOptions{ApproxWithin: within}).First(1)
		if len(first) != 1 || first[0].ApproxWithin == nil || *first[0].ApproxWithin != 0 {
			t.Errorf("within %v: %+v", within, first)
		}
	}
	if n := FindContradictions(claims, ContradictionOptions{ApproxWithin: math.Inf(1)}).Count(); n != 0 {
		t.Errorf("whatever the number may be, %d contradict", n)
	}
}

// BenchmarkContradictions finds the first page of 20 and the count in the claims of one event. The time goes with the number of claims:
// ten times as many take little more than ten times as long.
func BenchmarkContradictions(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		claims := oneEvent(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				found := FindContradictions(claims, ContradictionOptions{ApproxWithin: DefaultApproxWithin})
				if found.Count() == 0 && n > 3000 || len(found.First(20)) > 20 {
					b.Fatal("it finds none")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/claim")
		})
	}
}
