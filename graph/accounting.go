package graph

import (
	"fmt"
	"strings"
)

// Accounting sets the people found in a raid against what became of them (domain model, section 4).
type Accounting struct {
	Found Figure
	// The other figures are nil where no claim gives one.
	Screened, Released, Deported, Repatriated, Transferred, Charged *Figure
	// Unaccounted is how many of those found no claim accounts for; nil where that cannot be known, and Reason says why. High is nil where the
	// words leave it open.
	Unaccounted *Interval
	Reason      string
}

// accountedMeasures are what becomes of people. Who was screened is still there: that is no outcome.
var accountedMeasures = []Measure{MeasureReleased, MeasureDeported, MeasureRepatriated, MeasureTransferred, MeasureCharged}

// AccountingOf accounts for the people of one raid, or for those of them with some facets. All claims have the raid as their subject.
//
// Unaccounted is interval arithmetic over figures that are comparable: of this raid and of exactly these facets. A figure reaches over
// all of its direct claims as they are read (FigureOptions.ApproxWithin), and over each implied bound that one of them does not meet; where
// nothing clashes, the implied bounds narrow it.
//
//   - Released and then deported may be the same people. So the outcomes together are at least as many as the greatest of them, and at
//     most as many as all of them added up. They are people apart, and added, only where all of them are parts of one total that is said to
//     be broken down exhaustively.
//   - An outcome that is counted without a number may be anybody: it takes nothing from High and leaves Low at 0. One that no claim speaks of
//     accounts for nobody.
//   - It is nil where no claim counts the found, or bounds them from below; where no claim counts what became of them; and where more are
//     accounted for than were found, for then the claims exclude each other.
func AccountingOf(claims []FigureClaim, facets Facets, opts FigureOptions) Accounting {
	return newFigureBook(claims, opts).accounting(facets)
}

func (b *figureBook) accounting(facets Facets) Accounting {
	figure := func(m Measure) Figure { return b.figure(figureCellOf(m, facets), facets, map[figureCell]bool{}) }
	counted := func(m Measure) *Figure {
		if f := figure(m); len(f.Claims) > 0 {
			return &f
		}
		return nil
	}
	a := Accounting{Found: figure(MeasureFound), Screened: counted(MeasureScreened), Released: counted(MeasureReleased), Deported: counted(MeasureDeported),
		Repatriated: counted(MeasureRepatriated), Transferred: counted(MeasureTransferred), Charged: counted(MeasureCharged)}
	a.Unaccounted, a.Reason = b.unaccounted(&a)
	return a
}

// Of is the figure of a measure in the accounting, nil where there is none.
func (a *Accounting) Of(m Measure) *Figure {
	switch m {
	case MeasureFound:
		return &a.Found
	case MeasureScreened:
		return a.Screened
	case MeasureReleased:
		return a.Released
	case MeasureDeported:
		return a.Deported
	case MeasureRepatriated:
		return a.Repatriated
	case MeasureTransferred:
		return a.Transferred
	case MeasureCharged:
		return a.Charged
	}
	return nil
}

func (b *figureBook) unaccounted(a *Accounting) (*Interval, string) {
	var figures []*Figure
	var names []string
	for _, m := range accountedMeasures {
		if f := a.Of(m); f != nil {
			figures, names = append(figures, f), append(names, strings.ToLower(string(m)))
		}
	}
	found, known := b.reach(&a.Found)
	accounted, numbered := b.together(figures)
	switch {
	case len(figures) == 0:
		return nil, "no claim counts what became of the people found"
	case !known:
		return nil, "no claim counts the people found"
	case !numbered:
		return nil, "no claim on what became of the people found gives a number"
	case found.High != nil && *accounted.Low > *found.High:
		return nil, fmt.Sprintf("the claims exclude each other: at least %d are accounted for, of at most %d found", *accounted.Low, *found.High)
	}
	left := found.Minus(accounted)
	if left.Low == nil {
		left.Low = new(int64(0))
	}
	return &left, fmt.Sprintf("%s found, less %s accounted for: %s", inWords(found), inWords(accounted), strings.Join(names, ", "))
}

// reach is how many people a figure can stand for; false where no claim gives a number. Where there is no direct claim with one, that is
// what other figures imply from below: an upper bound alone counts nobody.
func (b *figureBook) reach(f *Figure) (Interval, bool) {
	var reach Interval
	some := false
	for _, i := range f.Claims {
		switch in := b.intervals[i]; {
		case in.Open():
		case some:
			reach = reach.hull(in)
		default:
			reach, some = in, true
		}
	}
	implied := Interval{f.AtLeast, f.AtMost}
	switch {
	case !some && (f.AtLeast == nil || implied.empty()):
		return Interval{}, false
	case !some:
		reach = Interval{Low: f.AtLeast}
	case f.Contested:
		if f.Band != nil {
			reach = reach.hull(Interval(*f.Band))
		}
	default:
		reach = reach.tighten(implied)
	}
	if reach.Low == nil {
		reach.Low = new(int64(0))
	}
	return reach, !reach.empty()
}

// together is how many people some figures are together, if they may be the same; false where none gives a number.
func (b *figureBook) together(figures []*Figure) (Interval, bool) {
	apart := b.apart(figures)
	all, some := Interval{new(int64(0)), new(int64(0))}, false
	for _, f := range figures {
		reach, known := b.reach(f)
		if !known {
			reach = Interval{Low: new(int64(0))}
		}
		some = some || known
		sum := all.plus(reach)
		if !apart {
			sum.Low = new(max(*all.Low, *reach.Low))
		}
		all = sum
	}
	return all, some
}

// apart reports whether some figures are about people apart: parts, all of them, of one total that stands and whose breakdown is
// exhaustive.
func (b *figureBook) apart(figures []*Figure) bool {
	one := -1
	for _, f := range figures {
		for _, i := range f.Claims {
			total, ok := b.total(i)
			if !ok || one >= 0 && total != one || !b.live(total) || b.claims[total].Exhaustive != "YES" {
				return false
			}
			one = total
		}
	}
	return one >= 0
}

// inWords writes how many people an interval is, which has a lower end.
func inWords(i Interval) string {
	switch {
	case i.High == nil:
		return fmt.Sprintf("%d or more", *i.Low)
	case *i.Low == *i.High:
		return fmt.Sprint(*i.Low)
	}
	return fmt.Sprintf("%d to %d", *i.Low, *i.High)
}
