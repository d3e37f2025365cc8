package graph

import (
	"crypto/sha256"
	"encoding/hex"
)

// Kept is a contradiction that was found as a node of the kind KeptContradiction. Those of the whole graph are stored so, and all of
// them are filtered and ordered by its values. A pair of claims contradicts itself in one way: the id follows from theirs.
func (c *Contradictions) Kept(kind *Kind, found Contradiction) *Node {
	left, right := &c.claims[found.Left], &c.claims[found.Right]
	n := NewNode(kind, contradictionID(left.ID, right.ID)).Set("kind", string(found.Kind)).Set("steps", found.Steps).Set("origin", string(found.Origin)).
		Set("place", c.Cursor(found).place())
	if found.Gap != nil {
		n.Set("gap", *found.Gap)
	}
	if found.ApproxWithin != nil {
		n.Set("approxWithin", *found.ApproxWithin)
	}
	if left.Measure != "" {
		n.Set("leftMeasure", string(left.Measure)).Set("rightMeasure", string(right.Measure))
	}
	if found.KnownSince != "" {
		n.Set("knownSince", found.KnownSince)
	}
	return n
}

// widestGap bounds the gaps that are told apart in a place; a section takes four times as much.
const widestGap = 1 << 48

// place is the order of contradictions without the ids, as a number: a section after the other, and the greatest gap first.
func (p ContradictionCursor) place() int64 {
	return int64(p.section())*4*widestGap - max(min(p.Gap, widestGap), -widestGap)
}

// KeptPlaces are the first and the last place that a kept contradiction of the kind can have, so that those of a kind that is told behind
// others are found without going through these.
func KeptPlaces(kind ContradictionKind) (first, last int64) {
	return ContradictionCursor{Kind: kind, Gap: widestGap}.place(), ContradictionCursor{Kind: kind, Gap: -widestGap}.place()
}

// contradictionID is the id under which a contradiction is kept.
func contradictionID(left, right string) string {
	hash := sha256.Sum256([]byte(left + " " + right))
	return "contradiction:" + hex.EncodeToString(hash[:16])
}
