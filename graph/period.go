package graph

// DateBasis says how a date came about (domain model, section 5).
type DateBasis string

const (
	// BasisStated is the day the source gives for the event itself.
	BasisStated DateBasis = "STATED"
	// BasisInferred is a day worked out from a weekday or a missing year.
	BasisInferred DateBasis = "INFERRED"
	// BasisAnnounced is the day something was announced, not the day it happened.
	BasisAnnounced DateBasis = "ANNOUNCED"
)

// Period is when something happened, as far as it is known: the EDTF text and the earliest and latest day that the text allows.
// The zero Period is a date nobody gives.
type Period struct {
	// EDTF is the canonical text: no spaces, the members of a one-of set in order.
	EDTF string
	// From and To are ISO days (YYYY-MM-DD), both included; "" where the period is open.
	From, To string
	Basis    DateBasis
}

// ParsePeriod reads the subset of EDTF (ISO 8601-2) that the domain model lists in section 5: a day, month or year, each with an
// optional qualifier ~ ? % at its end; the intervals a/b, a/.. and ../b; and one of several, [a,b] or [a..b,c].
//
// A qualifier belongs to the whole date before it and widens nothing: 2024-11-06~ is that day, approximately, and not the month.
// An empty basis means BasisStated. The error is Invalid and says what is wrong and what would be right.
func ParsePeriod(edtf string, basis DateBasis) (Period, error) {
	switch basis {
	case "":
		basis = BasisStated
	case BasisStated, BasisInferred, BasisAnnounced:
	default:
		return Period{}, Errorf(Invalid, "date basis %s: use %s, %s or %s", Quote(string(basis)), BasisStated, BasisInferred, BasisAnnounced)
	}
	text, span, err := parseEDTF(edtf)
	if err != nil {
		return Period{}, Errorf(Invalid, "date %s: %s", Quote(edtf), problemOf(edtf, err))
	}
	return Period{EDTF: text, From: span.from, To: span.to, Basis: basis}, nil
}

// Overlaps reports whether p could have happened between the days from and to, both included; "" is an open bound.
// It looks at the earliest and latest day alone, so a one-of set counts as the whole stretch between its members, here as in the stores.
func (p Period) Overlaps(from, to string) bool {
	if from != "" && to != "" && from > to {
		return false
	}
	return (p.From == "" || to == "" || p.From <= to) && (p.To == "" || from == "" || p.To >= from)
}

// Within reports whether p certainly happened between the days from and to, both included; "" is an open bound.
func (p Period) Within(from, to string) bool {
	return (from == "" || p.From != "" && p.From >= from) && (to == "" || p.To != "" && p.To <= to)
}

// Excludes reports whether p and q cannot be the same time: no day lies in both.
func (p Period) Excludes(q Period) bool {
	return p.To != "" && q.From != "" && p.To < q.From || q.To != "" && p.From != "" && q.To < p.From
}
