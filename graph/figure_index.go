package graph

import (
	"cmp"
	"slices"
)

// figureIndex lets what bears on a cell be looked up and not searched for, where there are many claims. All of it is of claims that stand, and in
// their order.
type figureIndex struct {
	indexed bool
	place   []int                   // by claim, its place in the order
	under   [][]int                 // by claim, those that have it above them
	byCell  map[figureCell][]int    // the claims of the cell
	byTotal map[figureCell][]int    // the claims that are a part of a total of the cell, near or far, each once
	known   []figureCell            // the keys of both, each once
	paths   map[figurePath][]string // see steps
}

// index sorts the claims that stand by their cells and by those of their totals.
func (b *figureBook) index() {
	n := len(b.claims)
	b.figureIndex = figureIndex{indexed: true, place: make([]int, n), under: make([][]int, n),
		byCell: map[figureCell][]int{}, byTotal: map[figureCell][]int{}, paths: map[figurePath][]string{}}
	know := func(c figureCell) {
		if b.byCell[c] == nil && b.byTotal[c] == nil {
			b.known = append(b.known, c)
		}
	}
	for place, i := range b.order {
		b.place[i] = place
		know(b.cells[i])
		b.byCell[b.cells[i]] = append(b.byCell[b.cells[i]], i)
		for n, total := range b.above[i] {
			b.under[total] = append(b.under[total], i)
			c := b.cells[total]
			if slices.ContainsFunc(b.above[i][:n], func(nearer int) bool { return b.cells[nearer] == c }) {
				continue
			}
			know(c)
			b.byTotal[c] = append(b.byTotal[c], i)
		}
	}
}

// boundsByIndex gives what bounds does, in the same order, of many claims. It goes through the cells that there are, and through the claims
// that imply something.
func (b *figureBook) boundsByIndex(c figureCell, direct []int) []figureBound {
	var bounds []figureBound
	parts := b.partsAmong(direct)
	for _, d := range b.known {
		switch {
		case d.within(c):
			steps := b.steps(figurePath{from: d, to: c})
			for _, i := range b.byCell[d] {
				if d != c || b.partial[i] {
					bounds = b.appendBound(bounds, i, Interval{Low: b.intervals[i].Low}, steps, nil)
				}
			}
			through := figurePath{from: d, to: c, through: true}
			for _, i := range b.byTotal[d] {
				if path, _ := b.leadsBy(i, c); path == through {
					bounds = b.appendBound(bounds, i, Interval{Low: b.intervals[i].Low}, b.steps(path), nil)
				}
			}
		case c.within(d):
			steps := b.steps(figurePath{from: d, to: c, above: true})
			for _, i := range b.byCell[d] {
				if !b.partial[i] && !b.leadsThrough(i, c) {
					bounds = b.appendBound(bounds, i, Interval{High: b.intervals[i].High}, steps, nil)
				}
			}
		default:
			only := parts.leadingTo(d)
			if only == nil {
				continue
			}
			last := only.claims[len(only.claims)-1]
			steps, _ := b.leads(last, d)
			for _, i := range b.byCell[d] {
				if b.partial[i] || b.leadsThrough(i, c) {
					continue
				}
				steps := steps
				if slices.Contains(b.above[last], i) {
					steps = partSteps
				}
				bounds = b.appendBound(bounds, i, Interval{High: b.intervals[i].High}, steps, only)
			}
		}
	}
	for total, claims := range parts.of {
		if _, leads := b.leadsBy(total, c); b.live(total) && b.partial[total] && !leads {
			bounds = b.appendBound(bounds, total, Interval{High: b.intervals[total].High}, partSteps, b.some(claims))
		}
	}
	b.sort(bounds)
	return bounds
}

// sort puts bounds in the order of their claims.
func (b *figureBook) sort(bounds []figureBound) {
	slices.SortFunc(bounds, func(x, y figureBound) int { return cmp.Compare(b.place[x.Claim], b.place[y.Claim]) })
}

// figureParts are those of some direct claims that are a part of something.
type figureParts struct {
	book  *figureBook
	parts []int
	cells []figureCell  // of their totals, each once
	of    map[int][]int // by total
}

func (b *figureBook) partsAmong(direct []int) *figureParts {
	p := &figureParts{book: b, of: map[int][]int{}}
	seen := map[figureCell]bool{}
	for _, part := range direct {
		if len(b.above[part]) > 0 {
			p.parts = append(p.parts, part)
		}
		for _, total := range b.above[part] {
			p.of[total] = append(p.of[total], part)
			if c := b.cells[total]; !seen[c] {
				seen[c], p.cells = true, append(p.cells, c)
			}
		}
	}
	return p
}

// leadingTo are the parts with a total within the cell, nil where there is none.
func (p *figureParts) leadingTo(c figureCell) *figureSome {
	within := map[figureCell]bool{}
	for _, total := range p.cells {
		if total.within(c) {
			within[total] = true
		}
	}
	if len(within) == 0 {
		return nil
	}
	var some []int
	for _, part := range p.parts {
		if slices.ContainsFunc(p.book.above[part], func(total int) bool { return within[p.book.cells[total]] }) {
			some = append(some, part)
		}
	}
	return p.book.some(some)
}

// partBoundsByIndex gives what partBounds does, in the same order, of many claims.
func (b *figureBook) partBoundsByIndex(i int) []figureBound {
	var bounds []figureBound
	below := map[int]bool{i: true}
	for _, j := range b.under[i] {
		if !below[j] {
			below[j] = true
			bounds = b.appendBound(bounds, j, Interval{Low: b.intervals[j].Low}, partSteps, nil)
		}
	}
	for _, d := range b.known {
		steps, ok := b.leads(i, d)
		if !ok {
			continue
		}
		for _, j := range b.byCell[d] {
			if !below[j] && (!b.partial[j] || slices.Contains(b.above[i], j)) {
				bounds = b.appendBound(bounds, j, Interval{High: b.intervals[j].High}, steps, nil)
			}
		}
	}
	b.sort(bounds)
	return bounds
}

// leadsThrough reports whether a claim leads to a cell that its own is not within: through a total.
func (b *figureBook) leadsThrough(i int, c figureCell) bool {
	return slices.ContainsFunc(b.above[i], func(total int) bool { return b.cells[total].within(c) })
}
