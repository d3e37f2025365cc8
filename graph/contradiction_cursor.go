package graph

import (
	"cmp"
	"sort"
)

// ContradictionCursor is a place in the order in which contradictions are told. It names claims by their ids, so that it stays a place
// when claims come and go.
type ContradictionCursor struct {
	Kind        ContradictionKind
	Gap         int64 // 0 of a VALUE
	Left, Right string
}

// Cursor is the place of a contradiction that was found.
func (c *Contradictions) Cursor(found Contradiction) ContradictionCursor {
	place := ContradictionCursor{Kind: found.Kind, Left: c.claims[found.Left].ID, Right: c.claims[found.Right].ID}
	if found.Gap != nil {
		place.Gap = *found.Gap
	}
	return place
}

// The sections of the order: within each, gaps can be compared.
const (
	sectionNone = iota
	sectionFigures
	sectionDates
	sectionValues
)

// section is the section of a place; a kind that does not exist is before all of them.
func (p ContradictionCursor) section() int {
	switch p.Kind {
	case ContradictionDirect, ContradictionContainment:
		return sectionFigures
	case ContradictionDate:
		return sectionDates
	case ContradictionValue:
		return sectionValues
	}
	return sectionNone
}

// Compare is negative where p comes before another place, and 0 where it is the same.
func (p ContradictionCursor) Compare(q ContradictionCursor) int {
	return cmp.Or(cmp.Compare(p.section(), q.section()), cmp.Compare(q.Gap, p.Gap), cmp.Compare(p.Left, q.Left), cmp.Compare(p.Right, q.Right))
}

// cut leaves of the streams of a kind what comes after the place.
func (p ContradictionCursor) cut(claims []SubjectClaim, streams []clashStream, kind ContradictionKind) []clashStream {
	section := ContradictionCursor{Kind: kind}.section()
	if p.section() < section {
		return streams
	}
	var left []clashStream
	if p.section() > section {
		return left
	}
	for _, s := range streams {
		n := sort.Search(len(s.lefts), func(k int) bool {
			rest := clashStream{s.right, s.lefts[k:]}
			head := rest.head()
			return cmp.Or(cmp.Compare(p.Gap, head.gap), cmp.Compare(claims[head.left].ID, p.Left), cmp.Compare(claims[head.right].ID, p.Right)) > 0
		})
		if n < len(s.lefts) {
			left = append(left, clashStream{s.right, s.lefts[n:]})
		}
	}
	return left
}
