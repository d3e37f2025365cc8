package graph

// SubjectClaim is a claim of any property about any subject, with what the rules that look across properties and subjects need of it:
// contradictions, accounting. All claims given together have different ids.
//
// The FigureClaim in it holds what every claim has (ID, SaidBy, SaidOn, PublishedAt, PartOf, whether it stands) and, of a figure, its
// measure, facets and count. A claim that is no figure has no Measure.
type SubjectClaim struct {
	FigureClaim
	Subject     string // the id of the node it speaks of
	SubjectKind string // the kind of that node, such as Raid
	Property    string // what of it, such as figure, date, province
	// Window narrows a figure to the people counted in a stretch of time (arrested in November); the zero Period is all of them.
	// The stretch is that from Window.From to Window.To, both included.
	Window Period
	// Events are other events whose people a figure counts too: a tally over two raids. Parts of it with another subject say the same.
	Events []string
	Date   Period // the value, where it is a period
	Value  string // the value, where it is words or another node: the words, or the node's id

	Named   bool     // SaidBy is somebody, and not a Group, whom no source names
	Sources []string // the ids of the sources on its chains of citations
}

// stands reports whether the claim is neither superseded nor retracted.
func (c *SubjectClaim) stands() bool { return !c.Superseded && !c.Retracted }

// testimony is the claim as support for what it says.
func (c *SubjectClaim) testimony() Testimony {
	return Testimony{SaidBy: c.SaidBy, Named: c.Named, Sources: c.Sources}
}

// SharedOrigin says whether two claims go back to one speaker. Two claims of one origin that exclude each other are a speaker who
// changed, or was misquoted; two of separate origins are word against word.
type SharedOrigin string

const (
	OriginSame     SharedOrigin = "SAME"     // one named speaker stands behind both
	OriginSeparate SharedOrigin = "SEPARATE" // two named speakers do
	OriginUnknown  SharedOrigin = "UNKNOWN"  // a speaker is not named: it may be anybody, the other one too
)

// SharedOriginOf compares who stands behind two claims, as Corroborate counts origins. A document that carries both does not make them
// one origin: it may quote two speakers.
func SharedOriginOf(a, b Testimony) SharedOrigin {
	switch c := Corroborate([]Testimony{a, b}); {
	case c.UnknownOrigins > 0:
		return OriginUnknown
	case c.Origins == 1:
		return OriginSame
	}
	return OriginSeparate
}

// subjectCell is a figureCell of one subject in one window: claims of one cell are comparable, others meet by containment alone.
type subjectCell struct {
	subject string
	figureCell
	from, to string // of the window; both "" for all of the people
}

func subjectCellOf(c *SubjectClaim) subjectCell {
	return subjectCell{c.Subject, figureCellOf(c.Measure, c.Facets), c.Window.From, c.Window.To}
}

// within reports whether whoever c counts is counted by whole too; a cell is within itself.
func (c subjectCell) within(whole subjectCell) bool {
	return c.subject == whole.subject && c.figureCell.within(whole.figureCell) && c.windowWithin(whole)
}

// windowWithin reports whether the window of c is certainly inside that of whole; an end that is open in c fits only into one open in whole.
func (c subjectCell) windowWithin(whole subjectCell) bool {
	return (whole.from == "" || c.from != "" && c.from >= whole.from) && (whole.to == "" || c.to != "" && c.to <= whole.to)
}

// steps tells in plain words why c is within whole: nothing where they are the same cell.
func (c subjectCell) steps(whole subjectCell) []string {
	steps := c.figureCell.steps(whole.figureCell)
	if c.from != whole.from || c.to != whole.to {
		steps = append(steps, "a window ("+c.window()+") inside another ("+whole.window()+") counts no more")
	}
	return steps
}

// window writes the window as EDTF does.
func (c subjectCell) window() string {
	switch {
	case c.from == "" && c.to == "":
		return "all of the time"
	case c.from == "":
		return "../" + c.to
	case c.to == "":
		return c.from + "/.."
	}
	return c.from + "/" + c.to
}
