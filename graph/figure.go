package graph

import (
	"cmp"
	"fmt"
	"maps"
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
	// AtLeast and AtMost are the tightest bounds that containment implies; the direct claims are no part of them. They may contradict the
	// direct claims and each other.
	AtLeast, AtMost *int64
	// Contested: two of the claims that bear on the figure cannot both be true.
	Contested bool
	Claims    []int // the direct claims, those without a number too
	Implied   []ImpliedBound
	// Parts are the figures of the claims that are a PartOf one of the direct claims, and so on inside them. No measure with its facets stands
	// twice in the tree: it stands where it is nearest to the top.
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
// total with the same measure and facets (300 of the 606, in one building), or of such a part: these bound the figure from below.
// Other claims bear on the figure through containment only. A claim of UNKNOWN is shown and bounds nothing; SOME is shown, has no number,
// and says at least 1.
func FigureOf(claims []FigureClaim, measure Measure, facets Facets, opts FigureOptions) Figure {
	b := newFigureBook(claims, opts)
	return b.figure(figureCellOf(measure, facets), facets, map[figureCell]bool{})
}

// Figures gives one figure for each measure and facets with direct claims, ordered by measure, then everybody before any facet. Those whose
// claims are a part of a total of the same measure (45 women of the 606 detained) stand among the Parts of that total alone;
// a part with a measure of its own (100 deported of the 606 detained) is in both places.
func Figures(claims []FigureClaim, opts FigureOptions) []Figure {
	b := newFigureBook(claims, opts)
	facets := map[figureCell]Facets{}
	inside := map[figureCell]bool{}
	var cells []figureCell
	for _, i := range b.order {
		c := b.cells[i]
		if b.partial[i] {
			continue
		}
		if _, known := facets[c]; !known {
			cells, facets[c] = append(cells, c), claims[i].Facets
		}
		total, ok := b.total(i)
		inside[c] = inside[c] || ok && b.live(total) && !b.partial[total] && b.cells[total].measure == c.measure
	}
	slices.SortFunc(cells, compareFigureCells)
	var figures []Figure
	stands := map[figureCell]bool{} // in some tree
	add := func(c figureCell) {
		seen := map[figureCell]bool{}
		figures = append(figures, b.figure(c, facets[c], seen))
		maps.Copy(stands, seen)
	}
	for _, c := range cells {
		if !inside[c] {
			add(c)
		}
	}
	for _, c := range cells { // parts of each other stand in no tree yet
		if !stands[c] {
			add(c)
		}
	}
	slices.SortStableFunc(figures, func(f, g Figure) int {
		return compareFigureCells(figureCellOf(f.Measure, f.Facets), figureCellOf(g.Measure, g.Facets))
	})
	return figures
}

// figure gathers the direct claims of a cell. seen holds the cells that already stand in the tree of figures; none stands there twice.
func (b *figureBook) figure(c figureCell, facets Facets, seen map[figureCell]bool) Figure {
	seen[c] = true
	among := b.order
	if b.indexed {
		among = b.byCell[c]
	}
	var direct []int
	for _, i := range among {
		if b.isDirect(i, c) {
			direct = append(direct, i)
		}
	}
	return b.gather(c, facets, direct, b.bounds(c, direct), seen)
}

func (b *figureBook) gather(c figureCell, facets Facets, direct []int, bounds []figureBound, seen map[figureCell]bool) Figure {
	f := Figure{Measure: c.measure, Facets: facets, BestClaim: -1, Policy: b.policy, Claims: direct}
	f.BestClaim, f.Reason = b.best(direct)
	if f.BestClaim >= 0 {
		f.Best = new(b.claims[f.BestClaim].Count)
	}
	var band bandBuilder
	var agreed Interval // what every direct claim allows: nothing, where two of them exclude each other
	for _, i := range direct {
		band.add(b.claims[i].Count.span())
		agreed = agreed.tighten(b.intervals[i])
	}
	var all Interval // what the bounds that hold for every direct claim allow
	every := b.some(direct)
	f.Implied = slices.Grow(f.Implied, len(bounds))
	for _, bound := range bounds {
		f.Implied = append(f.Implied, bound.ImpliedBound)
		in := Interval{bound.Low, bound.High}
		if cmp.Or(bound.only, every).excludes(in) {
			f.Contested = true
			if band.some {
				band.widen(in)
			}
		}
		if bound.only == nil {
			all = all.tighten(in)
		}
	}
	f.AtLeast, f.AtMost, f.Band = all.Low, all.High, band.band()
	f.Contested = f.Contested || agreed.empty() || all.empty()
	f.Parts = b.parts(direct, seen)
	f.PartsDelta = b.partsDelta(f.BestClaim, direct)
	return f
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
	lowest := func(i int) int64 { return *cmp.Or(b.claims[i].Count.span().Low, b.claims[i].Count.Number()) }
	highest := func(i int) int64 { return *cmp.Or(b.claims[i].Count.span().High, b.claims[i].Count.Number()) }
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
	some              bool // a direct claim gave a number
	openLow, openHigh bool
}

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
