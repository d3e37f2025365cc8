package graph

import (
	"fmt"
	"slices"
)

// figureClashes finds the figures that exclude each other, directly or by containment.
type figureClashes struct {
	claims  []SubjectClaim
	spans   []clashSpan
	cells   []subjectCell
	above   [][]int // the totals a claim is a part of, the nearest first
	partial []bool  // it does not count all of its cell; as in figureBook
	// columns hold the claims that stand and count all of their cell. They are found by the cell without its window.
	columns map[subjectCell][]*figureColumn
	reached map[subjectCell][]*figureColumn // by cell, the columns it is within; filled as they are asked for
	streams []clashStream
}

// figureColumn is the claims that count all of one cell.
type figureColumn struct {
	cell subjectCell
	clashColumn
}

func newFigureClashes(claims []SubjectClaim, opts ContradictionOptions) *figureClashes {
	f := &figureClashes{claims: claims, spans: make([]clashSpan, len(claims)), cells: make([]subjectCell, len(claims)),
		above: make([][]int, len(claims)), partial: make([]bool, len(claims)),
		columns: map[subjectCell][]*figureColumn{}, reached: map[subjectCell][]*figureColumn{}}
	byID := map[string]int{}
	for i := range claims {
		if c := &claims[i]; c.Measure != "" {
			byID[c.ID] = i
			f.cells[i] = subjectCellOf(c)
			f.spans[i] = figureSpan(i, c.Count, opts.ApproxWithin)
		}
	}
	for _, i := range byID {
		f.findTotals(i, byID)
	}
	f.fillColumns()
	for i := range claims {
		if c := &claims[i]; c.Measure != "" && c.stands() {
			f.clash(i, &opts)
		}
	}
	return f
}

// figureSpan is a count as a span. SOME has no number in its words, and is taken for its reading: at least one.
func figureSpan(claim int, c Count, approxWithin float64) clashSpan {
	s := clashSpan{claim, c.Interval(approxWithin), c.span()}
	if s.words.Low == nil {
		s.words.Low = s.read.Low
	}
	if s.words.High == nil {
		s.words.High = s.read.High
	}
	return s
}

// findTotals follows PartOf upwards. A total that no longer stands still tells what its parts are parts of.
func (f *figureClashes) findTotals(i int, byID map[string]int) {
	chain := []int{i}
	for at, ok := byID[f.claims[i].PartOf]; ok && len(chain) <= figureMostTotals && !slices.Contains(chain, at); at, ok = byID[f.claims[at].PartOf] {
		for _, part := range chain {
			f.partial[i] = f.partial[i] || f.cells[at].within(f.cells[part])
		}
		chain = append(chain, at)
	}
	f.above[i] = chain[1:]
}

func (f *figureClashes) fillColumns() {
	known := map[subjectCell]*figureColumn{}
	for i := range f.claims {
		if c := &f.claims[i]; c.Measure == "" || !c.stands() || f.partial[i] {
			continue
		}
		cell := f.cells[i]
		if known[cell] == nil {
			known[cell] = &figureColumn{cell: cell}
			f.columns[cell.anyTime()] = append(f.columns[cell.anyTime()], known[cell])
		}
		known[cell].add(f.spans[i])
	}
	for _, column := range known {
		column.sort(f.claims)
	}
}

// anyTime is the cell without its window.
func (c subjectCell) anyTime() subjectCell {
	c.from, c.to = "", ""
	return c
}

// columnsAround are the columns that a cell is within. There are at most two measures and eight sets of facets around one, so that
// they are looked up and not searched for; only the windows of each are gone through.
func (f *figureClashes) columnsAround(cell subjectCell) []*figureColumn {
	if columns, known := f.reached[cell]; known {
		return columns
	}
	measures := []Measure{cell.measure}
	if cell.measure != MeasureFound && cell.measure.ContainedIn(MeasureFound) {
		measures = append(measures, MeasureFound)
	}
	var columns []*figureColumn
	seen := map[subjectCell]bool{}
	for _, m := range measures {
		for kept := range 8 {
			whole := cell.anyTime()
			whole.measure = m
			if kept&1 == 0 {
				whole.nationality = ""
			}
			if kept&2 == 0 {
				whole.sex = ""
			}
			if kept&4 == 0 {
				whole.minor = ""
			}
			if seen[whole] {
				continue
			}
			seen[whole] = true
			for _, column := range f.columns[whole] {
				if cell.windowWithin(column.cell) {
					columns = append(columns, column)
				}
			}
		}
	}
	f.reached[cell] = columns
	return columns
}

// kind is that of the clashes of a claim with those that count all of a column.
func (f *figureClashes) kind(i int, column *figureColumn) ContradictionKind {
	if f.cells[i] == column.cell && !f.partial[i] {
		return ContradictionDirect
	}
	return ContradictionContainment
}

// clash adds the streams of what a claim exceeds: the claims on cells that it, or a total of it, is within; and the totals of it that do
// not count all of a cell.
func (f *figureClashes) clash(i int, opts *ContradictionOptions) {
	s := f.spans[i]
	if s.read.Low == nil {
		return
	}
	own := f.cells[i]
	asked := func(kind ContradictionKind, left subjectCell) bool {
		return opts.wants(kind) && (opts.Measure == "" || opts.Measure == left.measure || opts.Measure == own.measure) &&
			(opts.asksAbout(left.subject) || opts.asksAbout(own.subject))
	}
	exceeds := func(columns []*figureColumn, seen map[*figureColumn]bool) {
		for _, column := range columns {
			if seen != nil && seen[column] || !asked(f.kind(i, column), column.cell) {
				continue
			}
			if seen != nil {
				seen[column] = true
			}
			f.streams = column.appendBelow(f.streams, s)
		}
	}
	if len(f.above[i]) == 0 {
		exceeds(f.columnsAround(f.cells[i]), nil)
		return
	}
	seen := map[*figureColumn]bool{}
	exceeds(f.columnsAround(f.cells[i]), seen)
	for _, total := range f.above[i] {
		exceeds(f.columnsAround(f.cells[total]), seen)
		if t := f.spans[total]; f.partial[total] && f.claims[total].stands() && asked(ContradictionContainment, f.cells[total]) {
			var one clashColumn
			one.add(t)
			f.streams = one.appendBelow(f.streams, s)
		}
	}
}

// explain tells of which kind a clash is, and by which steps the right claim comes to it.
func (f *figureClashes) explain(c clash) (ContradictionKind, []string) {
	left, right := c.left, c.right
	kind := ContradictionContainment
	var steps []string
	switch {
	case f.cells[right] == f.cells[left] && !f.partial[left] && !f.partial[right]:
		kind = ContradictionDirect
	case slices.Contains(f.above[right], left):
		steps = []string{partStep}
	case f.cells[right].within(f.cells[left]):
		if steps = f.cells[right].steps(f.cells[left]); len(steps) == 0 {
			steps = []string{partStep}
		}
	default:
		for _, total := range f.above[right] {
			if f.cells[total].within(f.cells[left]) {
				steps = append([]string{partStep}, f.cells[total].steps(f.cells[left])...)
				break
			}
		}
	}
	var read []string
	for _, i := range []int{right, left} {
		if in := f.spans[i].read; approximate(f.claims[i].Count) && in.Low != nil && in.High != nil {
			read = append(read, fmt.Sprintf("%s is read as %d to %d", Quote(f.claims[i].Count.Raw), *in.Low, *in.High))
		}
	}
	clash := fmt.Sprintf("at least %d is more than at most %d", *f.spans[right].read.Low, *f.spans[left].read.High)
	return kind, append(append(read, steps...), clash)
}
