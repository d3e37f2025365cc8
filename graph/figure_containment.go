package graph

import (
	"cmp"
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
	figureIndex
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
	if len(b.order) > figureFew {
		b.index()
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
