package graph

import "slices"

// parts gives the figures of the claims that are a part of one of the direct claims: one for each measure and facets, with everything that is
// said about them, and one for each part that counts some of its own cell only, for those are about different people.
func (b *figureBook) parts(direct []int, seen map[figureCell]bool) []Figure {
	var cells []figureCell
	var partial []int
	facets := map[figureCell]Facets{}
	for _, total := range direct {
		for _, i := range b.children[total] {
			switch c := b.cells[i]; {
			case b.partial[i]:
				partial = append(partial, i)
			case !seen[c]:
				seen[c] = true
				cells, facets[c] = append(cells, c), b.claims[i].Facets
			}
		}
	}
	slices.SortFunc(cells, compareFigureCells)
	var figures []Figure
	for _, c := range cells {
		figures = append(figures, b.figure(c, facets[c], seen))
	}
	for _, i := range partial {
		figures = append(figures, b.gather(b.cells[i], b.claims[i].Facets, []int{i}, b.partBounds(i), seen))
	}
	return figures
}

// partsDelta is the sum of the parts less their total, of the best direct claim that has parts, or else of the first that has some.
//
// Only parts that have nobody in common are added: those that differ from the total in the same facets (the women, the men). Of a breakdown that is said
// to be exhaustive, also parts with another measure (the deported, the released) and parts that no facet tells apart are added.
// It can be told, by interval arithmetic and approximate values taken at their value:
//   - where the parts exceed the total, which holds whether or not they are all there is: more than 0;
//   - where they are said to be all there is: 0 if they add up, less than 0 if they fall short.
//
// Otherwise it is nil: 45 women of 606 say nothing about the rest. Where a total is broken down in several ways (by sex, by nationality) it
// is the greatest difference: an excess first, and else that of the breakdown which comes nearest to being exhaustive.
func (b *figureBook) partsDelta(best int, direct []int) *int64 {
	if best >= 0 {
		direct = append([]int{best}, direct...)
	}
	for _, total := range direct {
		if len(b.children[total]) > 0 {
			return b.delta(total)
		}
	}
	return nil
}

// figurePart is what a part of a total is known by when parts are added up: its cell, or itself alone (claim, else -1) where it does not
// count all of its cell.
type figurePart struct {
	figureCell
	claim int
}

func (b *figureBook) delta(total int) *int64 {
	exhaustive := b.claims[total].Exhaustive == "YES"
	// The numbers of each part, from the least to the greatest that a claim gives it, by breakdown.
	breakdowns := map[figureCell]map[figurePart]Interval{}
	for _, i := range b.children[total] {
		part := figurePart{b.cells[i], -1}
		by := part.breakdown(b.cells[total])
		if b.partial[i] || by == (figureCell{measure: part.measure}) {
			if !exhaustive {
				continue // these may have people in common
			}
			by = figureCell{}
			if b.partial[i] {
				part.claim = i
			}
		}
		span := b.claims[i].Count.span()
		if span.Low == nil {
			span.Low = new(int64(0))
		}
		if breakdowns[by] == nil {
			breakdowns[by] = map[figurePart]Interval{}
		}
		if other, ok := breakdowns[by][part]; ok {
			span = span.hull(other)
		}
		breakdowns[by][part] = span
	}
	var greatest *int64
	for _, parts := range breakdowns {
		sum := Interval{new(int64(0)), new(int64(0))}
		for _, span := range parts {
			sum = sum.plus(span)
		}
		if d := sumDelta(sum, b.claims[total].Count.span(), exhaustive); d != nil && (greatest == nil || *d > *greatest) {
			greatest = d
		}
	}
	return greatest
}

// sumDelta is the sum of parts less their whole, at least and up to MaxCount; nil where it cannot be told.
func sumDelta(sum, whole Interval, exhaustive bool) *int64 {
	switch {
	case whole.High != nil && *sum.Low > *whole.High:
		return new(min(*sum.Low-*whole.High, MaxCount))
	case exhaustive && sum.High != nil && whole.Low != nil && *sum.High < *whole.Low:
		return new(*sum.High - *whole.Low)
	case exhaustive && sum.point() && whole.point():
		return new(int64(0))
	}
	return nil
}
