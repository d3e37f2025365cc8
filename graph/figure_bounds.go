package graph

import (
	"fmt"
	"slices"
)

// figureBound is an implied bound; where only is not nil, it holds for those direct claims alone.
type figureBound struct {
	ImpliedBound
	only *figureSome
}

// figureSome is some direct claims, with what they allow at the tightest: the greatest of their lower ends and the least of their upper ones.
type figureSome struct {
	claims   []int
	tightest Interval
}

func (b *figureBook) some(claims []int) *figureSome {
	s := &figureSome{claims: claims}
	for _, i := range claims {
		s.tightest = s.tightest.tighten(b.intervals[i])
	}
	return s
}

// excludes reports whether one of the claims at least cannot be true where the bound holds.
func (s *figureSome) excludes(bound Interval) bool {
	return bound.Disjoint(Interval{High: s.tightest.High}) || bound.Disjoint(Interval{Low: s.tightest.Low})
}

// figureFew is how many claims are few: it costs less to go through all of them than to look up those that matter.
const figureFew = 48

// bounds lists what the other claims imply for the figure of a cell.
//
// From below: whoever a claim counts is in its cell and in the cells of the totals it is a part of; where one of these is within c, c counts no
// fewer. From above: a claim whose cell c is within counts no fewer than c. A total whose cell does not contain c (45 deported of 606 detained) bounds
// the part alone and not what others say of c.
func (b *figureBook) bounds(c figureCell, direct []int) []figureBound {
	if b.indexed {
		return b.boundsByIndex(c, direct)
	}
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
				only, steps = append(only, part), partSteps
			} else if s, ok := b.leads(part, b.cells[i]); ok && !b.partial[i] {
				only, steps = append(only, part), s
			}
		}
		if only != nil {
			bounds = b.appendBound(bounds, i, Interval{High: b.intervals[i].High}, steps, b.some(only))
		}
	}
	return bounds
}

// partBounds lists what other claims imply for the part i alone, a claim that does not count all of its own cell.
func (b *figureBook) partBounds(i int) []figureBound {
	if b.indexed {
		return b.partBoundsByIndex(i)
	}
	var bounds []figureBound
	for _, j := range b.order {
		switch {
		case j == i:
		case slices.Contains(b.above[j], i):
			bounds = b.appendBound(bounds, j, Interval{Low: b.intervals[j].Low}, partSteps, nil)
		case !b.partial[j] || slices.Contains(b.above[i], j):
			if steps, ok := b.leads(i, b.cells[j]); ok {
				bounds = b.appendBound(bounds, j, Interval{High: b.intervals[j].High}, steps, nil)
			}
		}
	}
	return bounds
}

const partStep = "a part is no larger than its total"

var partSteps = []string{partStep}

// figurePath is a way from one cell to another that it is within: of the claims of the cell, or through it of parts of them. above reads it from
// the whole, and is empty where the cells are the same.
type figurePath struct {
	from, to       figureCell
	through, above bool
}

// leadsBy reports whether whoever claim i counts is within the cell c, and by which way: of its own cell, or else of its nearest total whose
// cell is.
func (b *figureBook) leadsBy(i int, c figureCell) (figurePath, bool) {
	if b.cells[i].within(c) {
		return figurePath{from: b.cells[i], to: c}, true
	}
	for _, total := range b.above[i] {
		if b.cells[total].within(c) {
			return figurePath{from: b.cells[total], to: c, through: true}, true
		}
	}
	return figurePath{}, false
}

// leads reports whether whoever claim i counts is within the cell c, and tells by which steps.
func (b *figureBook) leads(i int, c figureCell) ([]string, bool) {
	path, ok := b.leadsBy(i, c)
	if !ok {
		return nil, false
	}
	return b.steps(path), true
}

// steps tells a path in plain words. Many claims share one path, and the words of it: they are never appended to.
func (b *figureBook) steps(p figurePath) []string {
	steps, known := b.paths[p]
	switch {
	case known:
		return steps
	case p.above:
		steps = p.to.steps(p.from)
	case p.through:
		steps = append([]string{partStep}, p.from.steps(p.to)...)
	default:
		if steps = p.from.steps(p.to); len(steps) == 0 {
			steps = partSteps
		}
	}
	if b.indexed {
		b.paths[p] = slices.Clip(steps)
	}
	return steps
}

func (b *figureBook) appendBound(bounds []figureBound, claim int, in Interval, steps []string, only *figureSome) []figureBound {
	if in.Open() {
		return bounds
	}
	count := b.claims[claim].Count
	if read := b.intervals[claim]; (count.Mode == CountApprox || count.Mode == CountNearly) && read.Low != nil && read.High != nil {
		steps = append([]string{fmt.Sprintf("%s is read as %d to %d", Quote(count.Raw), *read.Low, *read.High)}, steps...)
	}
	return append(bounds, figureBound{ImpliedBound{Claim: claim, Low: in.Low, High: in.High, Steps: steps}, only})
}
