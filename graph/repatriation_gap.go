package graph

import (
	"cmp"
	"maps"
	"slices"
)

// FoundEvent is a raid, with the nationalities that are named among its people, counted or not.
type FoundEvent struct {
	ID    string
	Named []string
}

// ReturnEvent is a repatriation, with the nationality of its people, "" where it is of several or not known.
type ReturnEvent struct{ ID, Nationality string }

// NationalityGap sets the people of one nationality that were found in raids against those that were brought home.
type NationalityGap struct {
	Nationality string
	Found, Home *Interval // nil where no figure counts them; High is nil where one is missing
	// Gap is how many of those found are not known to be home: see RepatriationGaps. Nil where it cannot be known, and Reason says why.
	Gap    *Interval
	Reason string
	// Uncounted are the raids and repatriations, in order, that have people of the nationality and do not say how many.
	Uncounted []string
}

// RepatriationGaps sets found against brought home for each nationality that is named, in the order of their ids, by what is recorded.
//
// Found adds up the figures FOUND of that nationality, raid by raid; where a raid counts some of them only (300 detained), those are found
// at least. Home adds up the figures REPATRIATED of the repatriations. Raids too can say how many of their people were brought home: these may be
// the same people, so that Home is at least the greater and at most the sum of both. Deported is not brought home.
//
// Who was brought home need not have been found in a raid: seven fled by themselves. So at least Found less everybody brought home are
// missing, and at most Found less those whom a raid itself says were brought home. Tallies over several events are added to none (AccountingOver).
func RepatriationGaps(raids []FoundEvent, returns []ReturnEvent, claims []SubjectClaim, opts FigureOptions) []NationalityGap {
	of, _ := claimsByEvent(claims)
	gaps := map[string]*nationalityGap{}
	gap := func(nationality string) *nationalityGap {
		if gaps[nationality] == nil {
			gaps[nationality] = &nationalityGap{NationalityGap: NationalityGap{Nationality: nationality}}
		}
		return gaps[nationality]
	}
	seen := map[string]bool{}
	for _, raid := range raids {
		if seen[raid.ID] {
			continue
		}
		seen[raid.ID] = true
		b := newFigureBook(of[raid.ID], opts)
		for _, n := range b.nationalities(raid.Named) {
			reach, known := b.reachOf(MeasureFound, n)
			gap(n).foundOpen = gap(n).add(&gap(n).Found, raid.ID, reach, known) || gap(n).foundOpen
			if home, known := b.reachOf(MeasureRepatriated, n); known {
				gap(n).fromRaids = sumOf(gap(n).fromRaids, home)
			}
		}
	}
	for _, event := range returns {
		if seen[event.ID] {
			continue
		}
		seen[event.ID] = true
		figures, named := of[event.ID], []string(nil)
		if event.Nationality != "" {
			figures, named = ofNationality(figures, event.Nationality), []string{event.Nationality}
		}
		b := newFigureBook(figures, opts)
		for _, n := range b.nationalities(named) {
			reach, known := b.reachOf(MeasureRepatriated, n)
			gap(n).homeOpen = gap(n).add(&gap(n).Home, event.ID, reach, known) || gap(n).homeOpen
		}
	}
	var all []NationalityGap
	for _, n := range slices.Sorted(maps.Keys(gaps)) {
		all = append(all, gaps[n].close())
	}
	return all
}

type nationalityGap struct {
	NationalityGap
	fromRaids           *Interval // brought home, as raids say of their own people
	foundOpen, homeOpen bool      // an event does not say how many at most
}

// add adds the people of an event to a sum, and notes the event where it does not say how many at most.
func (g *nationalityGap) add(sum **Interval, event string, reach Interval, known bool) (open bool) {
	if known {
		*sum = sumOf(*sum, reach)
	}
	if open = !known || reach.High == nil; open {
		g.Uncounted = append(g.Uncounted, event)
	}
	return open
}

// close ends the sums.
func (g *nationalityGap) close() NationalityGap {
	if g.Found != nil && g.foundOpen {
		g.Found.High = nil
	}
	if g.Home != nil && g.homeOpen {
		g.Home.High = nil
	}
	slices.Sort(g.Uncounted)
	certain := Interval{new(int64(0)), new(int64(0))} // of those found, brought home
	if g.fromRaids != nil {
		certain = *g.fromRaids
		if g.Home == nil {
			g.Home = new(certain)
			if g.homeOpen {
				g.Home.High = nil
			}
		} else {
			both := g.Home.plus(*g.fromRaids)
			both.Low = new(max(*g.Home.Low, *g.fromRaids.Low))
			g.Home = &both
		}
	}
	switch {
	case g.Found == nil:
		g.Reason = "no raid counts those found"
	case g.Home == nil:
		g.Reason = "no claim counts those brought home"
	case g.Found.High != nil && *certain.Low > *g.Found.High:
		g.Reason = "the claims exclude each other: raids had more people brought home than they found"
	default:
		left := g.Found.Minus(Interval{Low: certain.Low, High: g.Home.High})
		if left.Low == nil {
			left.Low = new(int64(0))
		}
		g.Gap, g.Reason = &left, inWords(*g.Found)+" found, "+inWords(*g.Home)+" brought home, of whom "+inWords(certain)+" by what the raids say"
	}
	return g.NationalityGap
}

// nationalities are those named, and those that a claim of the book counts; each once, in order.
func (b *figureBook) nationalities(named []string) []string {
	all := map[string]bool{}
	for _, n := range named {
		all[n] = true
	}
	for _, i := range b.order {
		all[b.claims[i].Facets.Nationality] = true
	}
	delete(all, "")
	return slices.Sorted(maps.Keys(all))
}

// reachOf is how many people of a nationality the figure of a measure can stand for.
func (b *figureBook) reachOf(m Measure, nationality string) (Interval, bool) {
	facets := Facets{Nationality: nationality}
	f := b.figure(figureCellOf(m, facets), facets, map[figureCell]bool{})
	return b.reach(&f)
}

// ofNationality are the claims on a repatriation of one nationality: all of its people have it, whether or not a claim says so.
func ofNationality(claims []FigureClaim, nationality string) []FigureClaim {
	claims = slices.Clone(claims)
	for i := range claims {
		claims[i].Facets.Nationality = cmp.Or(claims[i].Facets.Nationality, nationality)
	}
	return claims
}
