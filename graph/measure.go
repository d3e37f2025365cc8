package graph

import (
	"cmp"
	"slices"
)

// Measure says of whom a figure counts (domain model, section 4).
type Measure string

// The measures, in the order in which a report lists them.
const (
	MeasureFound       Measure = "FOUND"
	MeasureDetained    Measure = "DETAINED"
	MeasureArrested    Measure = "ARRESTED"
	MeasureRescued     Measure = "RESCUED"
	MeasureReleased    Measure = "RELEASED"
	MeasureFined       Measure = "FINED"
	MeasureCharged     Measure = "CHARGED"
	MeasureDeported    Measure = "DEPORTED"
	MeasureRepatriated Measure = "REPATRIATED"
	MeasureTransferred Measure = "TRANSFERRED"
	MeasureEscaped     Measure = "ESCAPED"
	MeasureMissing     Measure = "MISSING"
	MeasureDied        Measure = "DIED"
	MeasureScreened    Measure = "SCREENED"
	MeasureVictims     Measure = "VICTIMS"
	MeasureSuspects    Measure = "SUSPECTS"
	MeasureTrafficked  Measure = "TRAFFICKED"
)

var measureOrder = []Measure{
	MeasureFound, MeasureDetained, MeasureArrested, MeasureRescued, MeasureReleased, MeasureFined, MeasureCharged, MeasureDeported,
	MeasureRepatriated, MeasureTransferred, MeasureEscaped, MeasureMissing, MeasureDied, MeasureScreened, MeasureVictims,
	MeasureSuspects, MeasureTrafficked,
}

// ContainedIn reports whether whoever m counts in an event is counted there by whole too, by the meaning of the two words.
// Every measure contains itself. Otherwise the table is that of section 4 and no longer: whoever was DETAINED, ARRESTED, RESCUED,
// RELEASED, FINED, CHARGED, SCREENED or TRANSFERRED in a raid was FOUND in it. The rest is left out on purpose: people are deported or
// repatriated long after and from elsewhere, the escaped and the missing were not found, and victims, suspects and the trafficked
// are readings of who somebody is, which reach beyond those who were there. A released person need not have been DETAINED.
func (m Measure) ContainedIn(whole Measure) bool {
	if m == whole {
		return true
	}
	if whole != MeasureFound {
		return false
	}
	switch m {
	case MeasureDetained, MeasureArrested, MeasureRescued, MeasureReleased, MeasureFined, MeasureCharged, MeasureScreened, MeasureTransferred:
		return true
	}
	return false
}

// Facets narrow a figure to some of the people: a nationality, a sex, minors or adults. The zero Facets are everybody.
type Facets struct {
	Nationality string // a node id such as nationality:CN; "" is any
	Sex         string // FEMALE, MALE or OTHER; "" is any
	Minor       *bool  // true: minors, false: adults, nil: any
}

// Equal reports whether f and g describe the same people. Use it in place of ==, which compares the address of Minor.
func (f Facets) Equal(g Facets) bool { return figureCellOf("", f) == figureCellOf("", g) }

// Narrows reports whether everybody whom f describes is described by g too; equal facets narrow each other.
func (f Facets) Narrows(g Facets) bool { return figureCellOf("", f).within(figureCellOf("", g)) }

// Excludes reports whether nobody can be described by f and g both: they name two values of one facet.
func (f Facets) Excludes(g Facets) bool {
	a, b := figureCellOf("", f), figureCellOf("", g)
	return a.nationality != "" && b.nationality != "" && a.nationality != b.nationality ||
		a.sex != "" && b.sex != "" && a.sex != b.sex ||
		a.minor != "" && b.minor != "" && a.minor != b.minor
}

// figureCell is a measure with facets as a comparable value: claims of one cell are comparable, others meet by containment alone.
type figureCell struct {
	measure                 Measure
	nationality, sex, minor string
}

func figureCellOf(m Measure, f Facets) figureCell {
	c := figureCell{measure: m, nationality: f.Nationality, sex: f.Sex}
	if f.Minor != nil {
		if c.minor = "adults"; *f.Minor {
			c.minor = "minors"
		}
	}
	return c
}

// within reports whether whoever c counts is counted by whole too; a cell is within itself.
func (c figureCell) within(whole figureCell) bool {
	return c.measure.ContainedIn(whole.measure) &&
		(whole.nationality == "" || whole.nationality == c.nationality) &&
		(whole.sex == "" || whole.sex == c.sex) &&
		(whole.minor == "" || whole.minor == c.minor)
}

// steps tells in plain words why c is within whole: nothing where they are the same cell.
func (c figureCell) steps(whole figureCell) []string {
	var steps []string
	if c.measure != whole.measure {
		steps = append(steps, "whoever was "+string(c.measure)+" was "+string(whole.measure))
	}
	for _, facet := range [][2]string{{c.nationality, whole.nationality}, {c.sex, whole.sex}, {c.minor, whole.minor}} {
		if facet[0] != facet[1] {
			steps = append(steps, "a part ("+facet[0]+") is no larger than its total")
		}
	}
	return steps
}

// breakdown names what sets the part c apart from its total: parts that share it and differ in value have nobody in common.
func (c figureCell) breakdown(total figureCell) figureCell {
	b := figureCell{measure: c.measure}
	if c.nationality != total.nationality {
		b.nationality = "*"
	}
	if c.sex != total.sex {
		b.sex = "*"
	}
	if c.minor != total.minor {
		b.minor = "*"
	}
	return b
}

// compareFigureCells orders by measure as measureOrder lists them, then everybody before any facet.
func compareFigureCells(a, b figureCell) int {
	rank := func(m Measure) int {
		if i := slices.Index(measureOrder, m); i >= 0 {
			return i
		}
		return len(measureOrder)
	}
	return cmp.Or(cmp.Compare(rank(a.measure), rank(b.measure)), cmp.Compare(a.measure, b.measure),
		cmp.Compare(a.nationality, b.nationality), cmp.Compare(a.sex, b.sex), cmp.Compare(a.minor, b.minor))
}
