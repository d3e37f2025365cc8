package graph

import (
	"iter"
	"slices"
)

// ContradictionKind says by which rule two claims exclude each other.
type ContradictionKind string

const (
	// ContradictionDirect: two counts of the same people, with no number in both.
	ContradictionDirect ContradictionKind = "DIRECT"
	// ContradictionContainment: a part that is greater than its whole.
	ContradictionContainment ContradictionKind = "CONTAINMENT"
	// ContradictionDate: two dates of one event, with no day in both.
	ContradictionDate ContradictionKind = "DATE"
	// ContradictionValue: two values of something that has one by nature.
	ContradictionValue ContradictionKind = "VALUE"
)

// Contradiction is two claims that cannot both be true (domain model, section 4).
type Contradiction struct {
	Kind ContradictionKind
	// Left and Right are the claims, by their index in the slice given. Left is the whole and Right the part that exceeds it; of two
	// counts of the same people the lower and the higher; of two dates the earlier and the later; of two other values the one whose
	// claim has the lesser id is Left.
	Left, Right int
	Steps       []string // from Right to the clash with Left, in plain words
	// Gap is how far apart the words themselves are, approximate ones taken at their value: people, or days of a DATE; nil of a VALUE.
	Gap *int64
	// ApproxWithin is the tolerance through which an approximate count of the two was read; nil where neither is approximate.
	ApproxWithin *float64
	Origin       SharedOrigin // of the two claims
	// KnownSince is when the later published of the two claims was published; "" where that is unknown of one.
	KnownSince string
}

// ContradictionOptions are the arguments of a query for contradictions.
type ContradictionOptions struct {
	// Measure asks for contradictions between figures alone, of which one side at least has this measure; "" asks for all.
	Measure Measure
	// Kind asks for those of one kind; "" asks for all.
	Kind ContradictionKind
	// About asks for those of which one side at least has this subject; "" asks for all. The totals and parts of its claims that have other
	// subjects can then be given with them, and contradict nothing among themselves.
	About string
	// ApproxWithin reads approximate counts as intervals; 0 reads them as exact. See DefaultApproxWithin and Count.Interval.
	ApproxWithin float64
	// ApproxDays is how many days a date said to be approximate (~ or %) reaches to both sides. 0: it bounds nothing, and contradicts
	// nothing, as an approximate count would without a tolerance.
	ApproxDays int
}

// Contradictions are the pairs among some claims that cannot both be true. They are found without comparing all pairs, and told
// lazily: a page of them costs little even where there are millions.
type Contradictions struct {
	claims  []SubjectClaim
	opts    ContradictionOptions
	figures *figureClashes
	dates   []clashStream
	values  valueClashes
}

// FindContradictions looks for the pairs of claims that cannot both be true, about one subject or many. Claims that are superseded
// or retracted contradict nothing.
//
//   - DIRECT: the same subject, measure, facets and window, neither a part of the other's people only, and intervals that exclude
//     each other.
//   - CONTAINMENT: at least as many as one claim counts are among those whom another counts, and it counts fewer. They are among
//     them by the meaning of the measures (Measure.ContainedIn), as a facet of them, in a window inside theirs, or because the claim is
//     a PartOf the other or of a total that is. A total that no longer stands still says what its parts are parts of.
//   - DATE: two dates of one event that exclude each other. The day of an announcement is no date of the event.
//   - VALUE: see oneValued for the properties that have one value by nature. Of screening, the statuses that exclude each other as
//     ScreeningOf reads them, so that progress is no contradiction.
//
// A claim without a number, without a date, or with an open end where it would matter contradicts nothing.
func FindContradictions(claims []SubjectClaim, opts ContradictionOptions) *Contradictions {
	if !(opts.ApproxWithin > 0) { // what is below 0, or no number, is read as 0: the answer says so
		opts.ApproxWithin = 0
	}
	c := &Contradictions{claims: claims, opts: opts, figures: newFigureClashes(claims, opts)}
	if opts.Measure == "" && opts.wants(ContradictionDate) {
		c.dates = dateClashes(claims, opts)
	}
	if opts.Measure == "" && opts.wants(ContradictionValue) {
		c.values = newValueClashes(claims, opts)
	}
	return c
}

// wants reports whether contradictions of the kind are asked for.
func (o *ContradictionOptions) wants(kind ContradictionKind) bool {
	return o.Kind == "" || o.Kind == kind
}

// asksAbout reports whether a contradiction with a claim on the subject is asked for.
func (o *ContradictionOptions) asksAbout(subject string) bool {
	return o.About == "" || o.About == subject
}

// Count is how many contradictions there are. It does not go through them.
func (c *Contradictions) Count() int {
	n := 0
	for _, streams := range [][]clashStream{c.figures.streams, c.dates} {
		for _, s := range streams {
			n += len(s.lefts)
		}
	}
	for _, g := range c.values {
		n += g.count
	}
	return n
}

// All tells the contradictions: those between figures, between dates and between other values, in this order, and among each of these
// the greatest gap first, ties by the ids of the left and the right claim. It can be ranged over again, and stopped at any time.
func (c *Contradictions) All() iter.Seq[Contradiction] { return c.After(ContradictionCursor{}) }

// After tells the contradictions of All that come after a place in it, which need not be that of a contradiction that is still there. The zero
// cursor is before all of them. What is before the place is not gone through.
func (c *Contradictions) After(place ContradictionCursor) iter.Seq[Contradiction] {
	return func(yield func(Contradiction) bool) {
		for clash := range mergeClashes(c.claims, place.cut(c.claims, c.figures.streams, ContradictionDirect)) {
			kind, steps := c.figures.explain(clash)
			if !yield(c.contradiction(kind, clash, steps)) {
				return
			}
		}
		for clash := range mergeClashes(c.claims, place.cut(c.claims, c.dates, ContradictionDate)) {
			if !yield(c.contradiction(ContradictionDate, clash, dateSteps(c.claims, clash, c.opts.ApproxDays))) {
				return
			}
		}
		for left, right := range c.values.pairs(c.claims, place) {
			found := Contradiction{Kind: ContradictionValue, Left: left, Right: right, Steps: valueSteps(&c.claims[left], &c.claims[right])}
			c.complete(&found)
			if !yield(found) {
				return
			}
		}
	}
}

// Before are the last n contradictions of All that come before a place in it, or at all where the place is the zero cursor, and whether
// there are more before them. Unlike After it goes through all that come before them.
func (c *Contradictions) Before(place ContradictionCursor, n int) (last []Contradiction, more bool) {
	for found := range c.All() {
		if place != (ContradictionCursor{}) && c.Cursor(found).Compare(place) >= 0 {
			break
		}
		last = append(last, found)
		if len(last) > 2*n+64 {
			last, more = slices.Clone(last[len(last)-n:]), true
		}
	}
	if len(last) > n {
		last, more = last[len(last)-n:], true
	}
	return last, more
}

// First are the first n contradictions in the order of All.
func (c *Contradictions) First(n int) []Contradiction {
	var first []Contradiction
	for found := range c.All() {
		if len(first) >= n {
			break
		}
		first = append(first, found)
	}
	return slices.Clip(first)
}

func (c *Contradictions) contradiction(kind ContradictionKind, clash clash, steps []string) Contradiction {
	found := Contradiction{Kind: kind, Left: clash.left, Right: clash.right, Steps: steps, Gap: new(clash.gap)}
	if kind != ContradictionDate && (approximate(c.claims[clash.left].Count) || approximate(c.claims[clash.right].Count)) {
		found.ApproxWithin = new(c.opts.ApproxWithin)
	}
	c.complete(&found)
	return found
}

// complete tells what follows from the two claims whatever the rule.
func (c *Contradictions) complete(found *Contradiction) {
	left, right := &c.claims[found.Left], &c.claims[found.Right]
	found.Origin = SharedOriginOf(left.testimony(), right.testimony())
	switch {
	case left.PublishedAt == "" || right.PublishedAt == "":
	case publishedTime(left.PublishedAt).After(publishedTime(right.PublishedAt)):
		found.KnownSince = left.PublishedAt
	default:
		found.KnownSince = right.PublishedAt
	}
}

// approximate reports whether a count is an interval through a tolerance only.
func approximate(c Count) bool { return c.Mode == CountApprox || c.Mode == CountNearly }
