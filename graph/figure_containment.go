package graph

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// figureBook holds the claims about one subject, and what of them bears on what.
type figureBook struct {
	claims []FigureClaim
	policy FigurePolicy
	byID   map[string]int
	order  []int // the claims that stand: neither superseded nor retracted; by SaidOn, PublishedAt, ID

	// By claim:
	cells     []figureCell
	intervals []Interval
	days      []string    // see saidDay
	published []time.Time // see publishedTime
	above     [][]int     // the totals it is a part of, the nearest first
	children  [][]int     // the claims that stand and are a part of it, in order
	// partial: it is a part of a total with the same measure and facets (or narrower ones), or of a part of one. It does not count all of its cell.
	partial []bool
}

// figureMostTotals bounds how deep breakdowns nest; totals further up are not followed.
const figureMostTotals = 16

func newFigureBook(claims []FigureClaim, opts FigureOptions) *figureBook {
	b := &figureBook{
		claims: claims, policy: opts.Policy, byID: make(map[string]int, len(claims)),
		cells: make([]figureCell, len(claims)), intervals: make([]Interval, len(claims)),
		days: make([]string, len(claims)), published: make([]time.Time, len(claims)),
		above: make([][]int, len(claims)), children: make([][]int, len(claims)), partial: make([]bool, len(claims)),
	}
	if b.policy != PolicyConservative && b.policy != PolicyHighest {
		b.policy = PolicyLatest
	}
	for i, c := range claims {
		b.byID[c.ID] = i
		b.cells[i] = figureCellOf(c.Measure, c.Facets)
		b.intervals[i] = c.Count.Interval(opts.ApproxWithin)
		b.days[i], b.published[i] = saidDay(c.SaidOn, c.PublishedAt), publishedTime(c.PublishedAt)
		if b.live(i) {
			b.order = append(b.order, i)
		}
	}
	slices.SortFunc(b.order, func(i, j int) int {
		return cmp.Or(cmp.Compare(claims[i].SaidOn, claims[j].SaidOn), b.published[i].Compare(b.published[j]), cmp.Compare(claims[i].ID, claims[j].ID))
	})
	for _, i := range b.order {
		if total, ok := b.total(i); ok && total != i {
			b.children[total] = append(b.children[total], i)
		}
	}
	for i := range claims {
		chain := []int{i}
		for at, ok := b.total(i); ok && len(chain) <= figureMostTotals && !slices.Contains(chain, at); at, ok = b.total(at) {
			for _, part := range chain {
				b.partial[i] = b.partial[i] || b.cells[at].within(b.cells[part])
			}
			chain = append(chain, at)
		}
		b.above[i] = chain[1:]
	}
	return b
}

// live reports whether the claim stands.
func (b *figureBook) live(i int) bool { return !b.claims[i].Superseded && !b.claims[i].Retracted }

// isDirect reports whether the claim counts all of the cell.
func (b *figureBook) isDirect(i int, c figureCell) bool { return b.cells[i] == c && !b.partial[i] }

// total is the claim that i is a part of; it may no longer stand: the part is still a part of what it was a part of.
func (b *figureBook) total(i int) (int, bool) {
	if b.claims[i].PartOf == "" {
		return 0, false
	}
	at, ok := b.byID[b.claims[i].PartOf]
	return at, ok
}

// figureBound is an implied bound; where only is not nil, it holds for those direct claims alone.
type figureBound struct {
	ImpliedBound
	only []int
}

func (f figureBound) holds(claim int) bool { return f.only == nil || slices.Contains(f.only, claim) }

// bounds lists what the other claims imply for the figure of a cell.
//
// From below: whoever a claim counts is in its cell and in the cells of the totals it is a part of; where one of these is within c, c counts no
// fewer. From above: a claim whose cell c is within counts no fewer than c. A total whose cell does not contain c (45 deported of 606 detained) bounds
// the part alone and not what others say of c.
func (b *figureBook) bounds(c figureCell, direct []int) []figureBound {
	var bounds []figureBound
	for _, i := range b.order {
		if b.isDirect(i, c) {
			continue
		}
		if steps, ok := b.leads(i, c); ok {
			bounds = b.appendBound(bounds, i, Interval{Low: b.intervals[i].Low}, steps, nil)
			continue
		}
		if !b.partial[i] && c.within(b.cells[i]) {
			bounds = b.appendBound(bounds, i, Interval{High: b.intervals[i].High}, c.steps(b.cells[i]), nil)
			continue
		}
		var only []int
		var steps []string
		for _, part := range direct {
			if slices.Contains(b.above[part], i) {
				only, steps = append(only, part), []string{partStep}
			} else if s, ok := b.leads(part, b.cells[i]); ok && !b.partial[i] {
				only, steps = append(only, part), s
			}
		}
		if only != nil {
			bounds = b.appendBound(bounds, i, Interval{High: b.intervals[i].High}, steps, only)
		}
	}
	return bounds
}

// partBounds lists what other claims imply for the part i alone, a claim that does not count all of its own cell.
func (b *figureBook) partBounds(i int) []figureBound {
	var bounds []figureBound
	for _, j := range b.order {
		switch {
		case j == i:
		case slices.Contains(b.above[j], i):
			bounds = b.appendBound(bounds, j, Interval{Low: b.intervals[j].Low}, []string{partStep}, nil)
		case !b.partial[j] || slices.Contains(b.above[i], j):
			if steps, ok := b.leads(i, b.cells[j]); ok {
				bounds = b.appendBound(bounds, j, Interval{High: b.intervals[j].High}, steps, nil)
			}
		}
	}
	return bounds
}

const partStep = "a part is no larger than its total"

// leads reports whether whoever claim i counts is within the cell c, and tells by which steps.
func (b *figureBook) leads(i int, c figureCell) ([]string, bool) {
	if b.cells[i].within(c) {
		steps := b.cells[i].steps(c)
		if len(steps) == 0 {
			steps = []string{partStep}
		}
		return steps, true
	}
	for _, total := range b.above[i] {
		if b.cells[total].within(c) {
			return append([]string{partStep}, b.cells[total].steps(c)...), true
		}
	}
	return nil, false
}

func (b *figureBook) appendBound(bounds []figureBound, claim int, in Interval, steps []string, only []int) []figureBound {
	if in.Open() {
		return bounds
	}
	count := b.claims[claim].Count
	if read := b.intervals[claim]; (count.Mode == CountApprox || count.Mode == CountNearly) && read.Low != nil && read.High != nil {
		steps = append([]string{fmt.Sprintf("%s is read as %d to %d", Quote(count.Raw), *read.Low, *read.High)}, steps...)
	}
	return append(bounds, figureBound{ImpliedBound{Claim: claim, Low: in.Low, High: in.High, Steps: steps}, only})
}
