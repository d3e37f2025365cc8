package graph

import (
	"slices"
	"strings"
)

// AccountedEvent is a raid among several that are accounted for together: those of a compound, a province, a nationality, a period.
type AccountedEvent struct {
	ID string
	// Beyond: its people are not all of the group asked, and nobody says how many are: a raid on two compounds, where one is asked. Its
	// figures are added to nothing.
	Beyond bool
}

// GroupAccounting sets the people found in several raids against what became of them.
type GroupAccounting struct {
	Events int
	// Lines are FOUND, SCREENED, and what became of people, in the order of the measures; those that no raid gives are left out, but FOUND.
	Lines []AccountingLine
	// Unaccounted adds up what is unaccounted for in the raids of which it can be known, and Missing are the others, with why. It is nil where
	// it can be known of none.
	Unaccounted *Interval
	Missing     []MissingFigure
	// Tallies are the claims that count the people of several events, by their index: they are added to none of them.
	Tallies []int
}

// AccountingLine adds up the figures of one measure.
type AccountingLine struct {
	Measure Measure
	People  *Interval // of the raids that give a number, or imply a least one; nil where none does
	Events  int       // how many those are
	Missing []string  // the ids of the others, in order
}

// MissingFigure is an event of which something cannot be known, and why.
type MissingFigure struct{ Event, Reason string }

// AccountingOver accounts for the people of several raids, or for those of them with some facets; see AccountingOf for each of them. Claims
// whose subject is none of the events are passed over, and those that count a window of an event only.
//
// People in two overlapping figures are never added. A tally over several events (SubjectClaim.Events, or one whose parts have other
// subjects) is a figure of none of them, and neither is a tally of one of them that says it is also that of another. Figures of different raids
// are added: they count those found each time, so that who was found twice counts twice.
func AccountingOver(events []AccountedEvent, claims []SubjectClaim, facets Facets, opts FigureOptions) GroupAccounting {
	of, tallies := claimsByEvent(claims)
	g := GroupAccounting{Tallies: tallies}
	lines := map[Measure]*AccountingLine{}
	measures := append([]Measure{MeasureFound, MeasureScreened}, accountedMeasures...)
	for _, m := range measures {
		lines[m] = &AccountingLine{Measure: m}
	}
	for _, e := range sortedEvents(events) {
		g.Events++
		b := newFigureBook(of[e.ID], opts)
		a := b.accounting(facets)
		for _, m := range measures {
			f := a.Of(m)
			line := lines[m]
			if f != nil && !e.Beyond {
				if reach, known := b.reach(f); known {
					line.Events++
					line.People = sumOf(line.People, reach)
					continue
				}
			}
			line.Missing = append(line.Missing, e.ID)
		}
		switch {
		case e.Beyond:
			g.Missing = append(g.Missing, MissingFigure{e.ID, "its people are not all of those asked about"})
		case a.Unaccounted == nil:
			g.Missing = append(g.Missing, MissingFigure{e.ID, a.Reason})
		default:
			g.Unaccounted = sumOf(g.Unaccounted, *a.Unaccounted)
		}
	}
	for _, m := range measures {
		if lines[m].Events > 0 || m == MeasureFound {
			g.Lines = append(g.Lines, *lines[m])
		}
	}
	return g
}

// sortedEvents are events by id, each once.
func sortedEvents(events []AccountedEvent) []AccountedEvent {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b AccountedEvent) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(events, func(a, b AccountedEvent) bool { return a.ID == b.ID })
}

// sumOf adds people to a sum that is nil before the first of them.
func sumOf(sum *Interval, more Interval) *Interval {
	if sum == nil {
		return &more
	}
	return new(sum.plus(more))
}

// claimsByEvent are the figures of each event, without those of a window of it, and the tallies over several events, which are figures
// of none of them.
func claimsByEvent(claims []SubjectClaim) (of map[string][]FigureClaim, tallies []int) {
	byID := map[string]int{}
	for i := range claims {
		byID[claims[i].ID] = i
	}
	spans := make([]bool, len(claims))
	for i := range claims {
		c := &claims[i]
		spans[i] = spans[i] || slices.ContainsFunc(c.Events, func(event string) bool { return event != c.Subject })
		if c.Retracted {
			continue
		}
		seen := []int{i}
		for at, ok := byID[c.PartOf]; ok && len(seen) <= figureMostTotals && !slices.Contains(seen, at); at, ok = byID[claims[at].PartOf] {
			spans[at] = spans[at] || claims[at].Subject != c.Subject
			seen = append(seen, at)
		}
	}
	of = map[string][]FigureClaim{}
	for i := range claims {
		switch c := &claims[i]; {
		case c.Measure == "":
		case spans[i]:
			if c.stands() {
				tallies = append(tallies, i)
			}
		case c.Window.From == "" && c.Window.To == "":
			of[c.Subject] = append(of[c.Subject], c.FigureClaim)
		}
	}
	slices.SortFunc(tallies, func(i, j int) int { return strings.Compare(claims[i].ID, claims[j].ID) })
	return of, tallies
}
