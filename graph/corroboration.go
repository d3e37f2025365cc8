package graph

// Testimony is one claim as support for what it says: whose word it is, and the documents on its chain of citations.
type Testimony struct {
	SaidBy  string   // the id of the speaker, "" unknown
	Named   bool     // the speaker is somebody; false for a Group, whom no source names
	Sources []string // the ids of the sources on the chain, seen by us or not
}

// Corroboration is how much stands behind a claim (domain model, section 3). Seven articles that repeat one police statement are seven
// documents and one origin.
type Corroboration struct {
	Documents int // different sources on all the chains
	Origins   int // different named speakers: independent of each other
	// UnknownOrigins are different speakers whom no source names, all of those without an id being one. They may be each other or any of the named: they
	// are unknown, not independent, and never add to Origins.
	UnknownOrigins int
}

// Corroborate counts documents and origins over the testimonies to one thing. Their order and repetitions do not matter.
func Corroborate(testimonies []Testimony) Corroboration {
	documents, named, unknown := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, t := range testimonies {
		for _, source := range t.Sources {
			if source != "" {
				documents[source] = true
			}
		}
		if t.Named && t.SaidBy != "" {
			named[t.SaidBy] = true
		} else {
			unknown[t.SaidBy] = true
		}
	}
	return Corroboration{len(documents), len(named), len(unknown)}
}
