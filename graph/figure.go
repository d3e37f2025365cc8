package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// FigureClaim is a claim whose value is a count, with what the rules of figures need of it. All claims given together have one subject, such
// as a raid, and different ids.
type FigureClaim struct {
	ID          string
	Measure     Measure
	Facets      Facets
	Count       Count
	SaidBy      string // the id of the speaker, "" unknown
	SaidOn      string // a day, "" unknown
	PublishedAt string // the earliest publication, RFC 3339, "" unknown
	Hops        int    // the length of the shortest chain of citations by which it reached us
	PartOf      string // the id of the total that this is a part of, "" none
	Exhaustive  string // of a total: whether its parts are all there is, YES or NO, "" unknown
	Superseded  bool
	Retracted   bool
}

// FigurePolicy names how the best of several direct claims is chosen. It is never an average.
type FigurePolicy string

const (
	// PolicyLatest takes what was said last; of what was said that day, the claim with the fewest citations in between, then the one published last.
	// A claim whose day is unknown counts as said on the day it was published. It is the default.
	PolicyLatest FigurePolicy = "LATEST"
	// PolicyConservative takes the lowest number, the latest of equals.
	PolicyConservative FigurePolicy = "CONSERVATIVE"
	// PolicyHighest takes the greatest number, the latest of equals.
	PolicyHighest FigurePolicy = "HIGHEST"
)

// DefaultApproxWithin is how far an approximate value reaches to both sides unless the query says otherwise: 200 is 160 to 240.
const DefaultApproxWithin = 0.2

// FigureOptions are the arguments of a query for figures.
type FigureOptions struct {
	Policy       FigurePolicy // PolicyLatest where it is empty or no policy
	ApproxWithin float64      // 0 reads approximate values as exact; see DefaultApproxWithin and Count.Interval
}

// Band is the least and the greatest number of a figure; nil where the words leave that end open ("more than 1,000" has no High).
type Band struct{ Low, High *int64 }

// Figure is everything that the claims say about one measure with one set of facets, side by side. Claims are named by their index in the
// slice given; lists of them are in the order of SaidOn, PublishedAt, ID, whatever the order of that slice.
type Figure struct {
	Measure   Measure
	Facets    Facets
	Best      *Count // of the best direct claim by Policy; nil where none has a number
	BestClaim int    // its index, or -1
	Policy    FigurePolicy
	Reason    string // why Best is the best, in plain words
	// Band reaches over the numbers of the direct claims, and over each implied bound that one of them does not meet; nil where none has a number.
	Band *Band
	// AtLeast and AtMost are the tightest bounds that containment implies; the direct claims are no part of them.
	AtLeast, AtMost *int64
	// Contested: two of the claims that bear on the figure cannot both be true.
	Contested bool
	Claims    []int // the direct claims, those without a number too
	Implied   []ImpliedBound
	// Parts are the figures of the claims that are a PartOf one of the direct claims.
	Parts []Figure
	// PartsDelta is the sum of the parts less their total: see partsDelta for when it can be told.
	PartsDelta *int64
}

// ImpliedBound is what a claim about other people implies for a figure, because they are among those the figure counts (Low) or
// include them (High). It is never a value.
type ImpliedBound struct {
	Claim     int
	Low, High *int64
	Steps     []string // from the claim to the bound, in plain words
}

// FigureOf gathers the claims on one measure with exactly these facets (domain model, section 4).
//
// Direct are the claims of the same measure and facets that are neither superseded nor retracted, except those that are themselves a part of a
// total with the same measure and facets (300 of the 606, in one building): these are parts, and bound the figure from below.
// Other claims bear on the figure through containment only. A claim of UNKNOWN is shown and bounds nothing; SOME is shown, has no number,
// and says at least 1.
func FigureOf(claims []FigureClaim, measure Measure, facets Facets, opts FigureOptions) Figure {
	b := newFigureBook(claims, opts)
	return b.figure(figureCellOf(measure, facets), facets, nil)
}

// Figures gives one figure for each measure and facets with direct claims, ordered by measure, then everybody before any facet. Those whose
// claims are a part of a total of the same measure (45 women of the 606 detained) stand among the Parts of that total alone;
// a part with a measure of its own (100 deported of the 606 detained) is in both places.
func Figures(claims []FigureClaim, opts FigureOptions) []Figure {
	b := newFigureBook(claims, opts)
	facets := map[figureCell]Facets{}
	inside := map[figureCell]bool{}
	for _, i := range b.order {
		c := b.cells[i]
		if b.partial[i] {
			continue
		}
		if _, seen := facets[c]; !seen {
			facets[c] = claims[i].Facets
		}
		if total, ok := b.total(i); ok && b.live(total) && !b.partial[total] && b.cells[total].measure == c.measure {
			inside[c] = true
		}
	}
	cells := make([]figureCell, 0, len(facets))
	for c := range facets {
		if !inside[c] {
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, compareFigureCells)
	figures := make([]Figure, len(cells))
	for i, c := range cells {
		figures[i] = b.figure(c, facets[c], nil)
	}
	return figures
}

// figure gathers the direct claims of a cell. path holds the cells of the totals around it, so that claims that are parts of each other end.
func (b *figureBook) figure(c figureCell, facets Facets, path []figureCell) Figure {
	var direct []int
	for _, i := range b.order {
		if b.cells[i] == c && !b.partial[i] {
			direct = append(direct, i)
		}
	}
	return b.gather(c, facets, direct, b.bounds(c, direct), path)
}

func (b *figureBook) gather(c figureCell, facets Facets, direct []int, bounds []figureBound, path []figureCell) Figure {
	f := Figure{Measure: c.measure, Facets: facets, BestClaim: -1, Policy: b.policy, Claims: direct}
	f.BestClaim, f.Reason = b.best(direct)
	if f.BestClaim >= 0 {
		f.Best = new(b.claims[f.BestClaim].Count)
	}
	f.Contested = b.clash(direct)
	band := newBandBuilder()
	for _, i := range direct {
		band.add(b.claims[i].Count.span())
	}
	var all Interval // what the bounds that hold for every direct claim allow
	for _, bound := range bounds {
		f.Implied = append(f.Implied, bound.ImpliedBound)
		in := Interval{bound.Low, bound.High}
		for _, i := range direct {
			if bound.holds(i) && in.Disjoint(b.intervals[i]) {
				f.Contested = true
				band.widen(in)
			}
		}
		if bound.only == nil {
			all = all.tighten(in)
		}
	}
	f.AtLeast, f.AtMost, f.Band = all.Low, all.High, band.band()
	f.Contested = f.Contested || all.Low != nil && all.High != nil && *all.Low > *all.High
	f.Parts = b.parts(c, direct, path)
	f.PartsDelta = b.partsDelta(f.BestClaim, direct)
	return f
}

// clash reports whether two direct claims exclude each other.
func (b *figureBook) clash(direct []int) bool {
	for n, i := range direct {
		for _, j := range direct[:n] {
			if b.intervals[i].Disjoint(b.intervals[j]) {
				return true
			}
		}
	}
	return false
}

// best picks the best claim that has a number, or -1, and says why it is the best.
func (b *figureBook) best(direct []int) (int, string) {
	numbered := slices.DeleteFunc(slices.Clone(direct), func(i int) bool { return b.claims[i].Count.Number() == nil })
	switch {
	case len(direct) == 0:
		return -1, "no direct claim"
	case len(numbered) == 0:
		return -1, "no direct claim gives a number"
	case len(numbered) == 1:
		return numbered[0], "the only direct claim that gives a number"
	}
	lowest := func(i int) int64 { n := b.claims[i].Count; return *cmp.Or(n.span().Low, n.Number()) }
	highest := func(i int) int64 { n := b.claims[i].Count; return *cmp.Or(n.span().High, n.Number()) }
	of := fmt.Sprintf(" of %d direct claims that give a number", len(numbered))
	slices.SortFunc(numbered, func(i, j int) int {
		switch b.policy {
		case PolicyConservative:
			return cmp.Or(cmp.Compare(lowest(i), lowest(j)), b.later(i, j))
		case PolicyHighest:
			return cmp.Or(cmp.Compare(highest(j), highest(i)), b.later(i, j))
		}
		return b.later(i, j)
	})
	first, second := numbered[0], numbered[1]
	switch {
	case b.policy == PolicyConservative:
		return first, "the lowest" + of
	case b.policy == PolicyHighest:
		return first, "the highest" + of
	case b.days[first] != b.days[second] && b.claims[first].SaidOn == "":
		return first, "said last" + of + ", going by its publication on " + b.days[first]
	case b.days[first] != b.days[second]:
		return first, "said last" + of + ", on " + b.days[first]
	case b.claims[first].Hops != b.claims[second].Hops:
		return first, "said last and by the fewest citations" + of
	case !b.published[first].Equal(b.published[second]):
		return first, "said last, as directly as another, and published last" + of
	}
	return first, "the first by id" + of + ", said at one time and equally direct"
}

// later orders i before j where i was said later, or as late and more directly.
func (b *figureBook) later(i, j int) int {
	return cmp.Or(cmp.Compare(b.days[j], b.days[i]), cmp.Compare(b.claims[i].Hops, b.claims[j].Hops),
		b.published[j].Compare(b.published[i]), cmp.Compare(b.claims[i].ID, b.claims[j].ID))
}

// saidDay is the day something was said: the day given or, where that is unknown, the day it was published; "" where both are.
func saidDay(saidOn, publishedAt string) string {
	if saidOn != "" {
		return saidOn
	}
	day, _, _ := strings.Cut(publishedAt, "T")
	return day
}

// publishedTime is the moment of an RFC 3339 text, the zero time where it is unknown.
func publishedTime(publishedAt string) time.Time {
	t, _ := time.Parse(time.RFC3339, publishedAt)
	return t
}

// bandBuilder collects the least and greatest number of a figure.
type bandBuilder struct {
	low, high         int64
	some              bool // a number was added
	openLow, openHigh bool
}

func newBandBuilder() *bandBuilder { return &bandBuilder{} }

// add takes in the numbers of a direct claim; its open ends leave the band open.
func (b *bandBuilder) add(span Interval) {
	if span.Open() {
		return
	}
	b.openLow = b.openLow || span.Low == nil
	b.openHigh = b.openHigh || span.High == nil
	b.widen(span)
}

// widen takes in the ends that the bound has.
func (b *bandBuilder) widen(bound Interval) {
	for _, n := range []*int64{bound.Low, bound.High} {
		switch {
		case n == nil:
		case !b.some:
			b.low, b.high, b.some = *n, *n, true
		default:
			b.low, b.high = min(b.low, *n), max(b.high, *n)
		}
	}
}

func (b *bandBuilder) band() *Band {
	if !b.some {
		return nil
	}
	band := &Band{Low: &b.low, High: &b.high}
	if b.openLow {
		band.Low = nil
	}
	if b.openHigh {
		band.High = nil
	}
	return band
}
