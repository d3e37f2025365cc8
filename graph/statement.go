package graph

// StatementKind is what somebody does by a statement (domain model, section 6).
type StatementKind string

const (
	StatementClaim           StatementKind = "CLAIM"
	StatementConfirmation    StatementKind = "CONFIRMATION"
	StatementDenial          StatementKind = "DENIAL"
	StatementChallenge       StatementKind = "CHALLENGE"
	StatementDeferral        StatementKind = "DEFERRAL"
	StatementAcknowledgement StatementKind = "ACKNOWLEDGEMENT"
	StatementAllegation      StatementKind = "ALLEGATION"
	StatementCriticism       StatementKind = "CRITICISM"
	StatementAppeal          StatementKind = "APPEAL"
	StatementDirective       StatementKind = "DIRECTIVE"
	StatementCommitment      StatementKind = "COMMITMENT" // open until a later statement answers it
	StatementAdvisory        StatementKind = "ADVISORY"
	StatementAnnouncement    StatementKind = "ANNOUNCEMENT"
	StatementRating          StatementKind = "RATING"

	// The silences: somebody was asked and said nothing of it.

	StatementDeclined      StatementKind = "DECLINED_TO_COMMENT"
	StatementNotReached    StatementKind = "COULD_NOT_BE_REACHED"
	StatementDidNotRespond StatementKind = "DID_NOT_RESPOND"
	StatementDidNotSpecify StatementKind = "DID_NOT_SPECIFY"
	StatementDidNotConfirm StatementKind = "DID_NOT_CONFIRM"
)

// Silent reports whether the kind is one of the five silences. A silence is never read as a denial and never changes a claim.
func (k StatementKind) Silent() bool {
	switch k {
	case StatementDeclined, StatementNotReached, StatementDidNotRespond, StatementDidNotSpecify, StatementDidNotConfirm:
		return true
	}
	return false
}

// Stance is where the speaker of a statement stands towards what it is about.
type Stance string

const (
	StanceAffirms Stance = "AFFIRMS"
	StanceDenies  Stance = "DENIES"
	StanceDoubts  Stance = "DOUBTS"
	StanceDefers  Stance = "DEFERS"
	StanceSilent  Stance = "SILENT" // the one stance of a silence
)

// Fits reports whether a statement of the kind can take the stance: a silence is SILENT, and nothing else is.
func (s Stance) Fits(k StatementKind) bool { return (s == StanceSilent) == k.Silent() }
