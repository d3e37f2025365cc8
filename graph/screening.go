package graph

import (
	"cmp"
	"slices"
)

// ScreeningStatus is what is known about the formal screening for victims of the people found (domain model, section 7). "The source says nothing",
// "the authority did not say" and "it was not done" are three different things.
type ScreeningStatus string

const (
	ScreeningNotStated    ScreeningStatus = "NOT_STATED"    // no source says anything
	ScreeningNotConfirmed ScreeningStatus = "NOT_CONFIRMED" // the authority was asked, or spoke, and did not say
	ScreeningNotDone      ScreeningStatus = "NOT_DONE"
	ScreeningPending      ScreeningStatus = "PENDING"
	ScreeningPartial      ScreeningStatus = "PARTIAL"
	ScreeningDone         ScreeningStatus = "DONE"
	ScreeningDisputed     ScreeningStatus = "DISPUTED" // two claims exclude each other, or a claim says that it is disputed
)

// OutcomeKind is what became of a raid or of some of the people in it (domain model, section 7).
type OutcomeKind string

const (
	OutcomeDetained               OutcomeKind = "DETAINED"
	OutcomeArrested               OutcomeKind = "ARRESTED"
	OutcomeFined                  OutcomeKind = "FINED"
	OutcomeReleased               OutcomeKind = "RELEASED"
	OutcomeReturnedToWork         OutcomeKind = "RETURNED_TO_WORK"
	OutcomeTransferredImmigration OutcomeKind = "TRANSFERRED_TO_IMMIGRATION"
	OutcomeDeported               OutcomeKind = "DEPORTED"
	OutcomeRepatriated            OutcomeKind = "REPATRIATED"
	OutcomeCharged                OutcomeKind = "CHARGED"
	OutcomeSiteClosed             OutcomeKind = "SITE_CLOSED"
	OutcomeNothingFound           OutcomeKind = "NOTHING_FOUND"
	OutcomeFledBefore             OutcomeKind = "FLED_BEFORE"
	OutcomeUnaccountedFor         OutcomeKind = "UNACCOUNTED_FOR"
)

// ScreeningClaim is a claim about the screening of one raid.
type ScreeningClaim struct {
	ID          string
	Status      ScreeningStatus
	SaidBy      string // the id of the speaker, "" unknown
	SaidOn      string // a day, "" unknown
	PublishedAt string // RFC 3339, "" unknown; stands in for SaidOn
	Superseded  bool
	Retracted   bool
}

// ScreeningOf is the status that the standing claims leave, whatever their order.
//
//   - Silence changes nothing: NOT_CONFIRMED is the status only where no claim says more, and NOT_STATED where there is none at all.
//   - What a speaker said last replaces what the same speaker said before.
//   - Of different speakers the later word wins, where it can have come about since: screening moves from NOT_DONE over PENDING and PARTIAL to
//     DONE and never back. DONE against an earlier NOT_DONE is progress; NOT_DONE against an earlier DONE is a clash.
//   - At one time, or where one of the times is unknown, DONE excludes NOT_DONE, PENDING and PARTIAL, and PARTIAL excludes NOT_DONE.
//     A clash is DISPUTED, and so is a claim that says so.
func ScreeningOf(claims []ScreeningClaim) ScreeningStatus {
	silent := ScreeningNotStated
	var words []screeningWord
	for _, c := range claims {
		if c.Superseded || c.Retracted {
			continue
		}
		if step := slices.Index(screeningSteps, c.Status); step >= 0 || c.Status == ScreeningDisputed {
			words = append(words, screeningWord{step, c.SaidBy, saidDay(c.SaidOn, c.PublishedAt)})
		} else if c.Status == ScreeningNotConfirmed {
			silent = ScreeningNotConfirmed
		}
	}
	// What the same speaker said on a later day replaces a word; the other words stand.
	words = slices.DeleteFunc(slices.Clone(words), func(w screeningWord) bool {
		return w.by != "" && w.day != "" && slices.ContainsFunc(words, func(v screeningWord) bool { return v.by == w.by && v.day > w.day })
	})
	if len(words) == 0 {
		return silent
	}
	for i, w := range words {
		if w.step < 0 || slices.ContainsFunc(words[:i], w.excludes) {
			return ScreeningDisputed
		}
	}
	last := slices.MaxFunc(words, func(v, w screeningWord) int { return cmp.Or(cmp.Compare(v.day, w.day), cmp.Compare(v.step, w.step)) })
	return screeningSteps[last.step]
}

// screeningSteps is the way that screening goes.
var screeningSteps = []ScreeningStatus{ScreeningNotDone, ScreeningPending, ScreeningPartial, ScreeningDone}

// screeningWord is what a speaker says of the screening: a step, or -1 that it is disputed.
type screeningWord struct {
	step    int
	by, day string
}

// excludes reports whether not both can be true, nor the later have come about since the earlier.
func (w screeningWord) excludes(v screeningWord) bool {
	if v.step < w.step {
		v, w = w, v
	}
	// v is further on than w: a clash, unless v was said later, or the two steps can be told of one state.
	if w.day != "" && v.day > w.day {
		return false
	}
	switch screeningSteps[v.step] {
	case ScreeningDone:
		return w.step < v.step
	case ScreeningPartial:
		return screeningSteps[w.step] == ScreeningNotDone
	}
	return false
}
