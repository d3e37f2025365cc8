package graph

// StanceOf is where a statement stands to what it is about: as recorded, where that fits the kind, or else by its kind.
//
//	AFFIRMS  CLAIM, CONFIRMATION, ACKNOWLEDGEMENT, ALLEGATION, ANNOUNCEMENT
//	DENIES   DENIAL
//	DOUBTS   CHALLENGE
//	DEFERS   DEFERRAL
//	SILENT   the five silences, and nothing else
//	none     CRITICISM, APPEAL, DIRECTIVE, COMMITMENT, ADVISORY, RATING: they ask, order, promise or judge, and do not say whether
//	         something is so
//
// A silence is SILENT whatever is recorded: it is never read as a denial. Words are never SILENT.
func StanceOf(kind StatementKind, recorded Stance) (Stance, bool) {
	if kind.Silent() {
		return StanceSilent, true
	}
	switch recorded {
	case StanceAffirms, StanceDenies, StanceDoubts, StanceDefers:
		return recorded, true
	}
	switch kind {
	case StatementClaim, StatementConfirmation, StatementAcknowledgement, StatementAllegation, StatementAnnouncement:
		return StanceAffirms, true
	case StatementDenial:
		return StanceDenies, true
	case StatementChallenge:
		return StanceDoubts, true
	case StatementDeferral:
		return StanceDefers, true
	}
	return "", false
}

// PositionChange is two statements of one speaker on one matter, one after the other, that take different stances. Statements are named
// by their index in the slice given.
type PositionChange struct {
	SpokenMatter
	Before, After int
	From, To      Stance
	// OrderKnown: the days tell that Before was made before After. Where it is false they overlap, and the change may have gone the other way.
	OrderKnown bool
	// Words is the last statement before After that was no silence, or -1: who affirms, falls silent and then denies has changed
	// from words to words over a silence.
	Words int
}

// Positions tells where speakers changed their stance on a matter, by speaker, subject, topic, and then in the order of time. The statements
// can be those of one speaker or of many, about one subject or many. Retracted statements and those that take no stance are passed over.
//
// A silence is no denial and withdraws nothing: a claim and then a silence is a change to SILENT, and what is said after it is compared
// with the silence; see PositionChange.Words for what it followed.
func Positions(statements []SpokenStatement) []PositionChange {
	var changes []PositionChange
	keys, of := matters(statements, spokenOrder(statements))
	for _, m := range keys {
		before, words := -1, -1
		var from Stance
		for _, i := range of[m] {
			s := &statements[i]
			to, ok := StanceOf(s.Kind, s.Stance)
			if !ok {
				continue
			}
			if before >= 0 && from != to {
				known := statements[before].Date.Excludes(s.Date)
				changes = append(changes, PositionChange{m, before, i, from, to, known, words})
			}
			before, from = i, to
			if to != StanceSilent {
				words = i
			}
		}
	}
	return changes
}
