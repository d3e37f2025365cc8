package graph

import (
	"cmp"
	"slices"
)

// Knowledge is what is known at one moment: claims and statements, all with different ids.
type Knowledge struct {
	Claims     []SubjectClaim
	Statements []SpokenStatement
}

// KnowledgeDiff is what is known at a moment and was not at an earlier one. Claims and statements are named by their index among
// those of the later moment, in the order of their publication, then of their ids.
type KnowledgeDiff struct {
	NewClaims, SupersededClaims, RetractedClaims []int
	NewStatements, RetractedStatements           []int
	// Answers are in the order of Subject and Measure; those about screening have no Measure and come first.
	Answers []AnswerChange
}

// AnswerPart is a part of an answer that changed.
type AnswerPart string

// The parts of answers.
const (
	AnswerBest      AnswerPart = "BEST"
	AnswerBand      AnswerPart = "BAND"
	AnswerContested AnswerPart = "CONTESTED"
	AnswerScreening AnswerPart = "SCREENING"
)

// AnswerChange is a question about an event that is answered otherwise than before: what the figure of all its people is, or what
// is known about their screening.
type AnswerChange struct {
	Subject string
	Measure Measure
	// Changed are the parts that differ, in the order of the constants.
	Changed       []AnswerPart
	Before, After Answer
	// Claims are those that are responsible: new, superseded or retracted between the two moments, and bearing on the answer. They
	// are named as in KnowledgeDiff.
	Claims []int
}

// Answer is one of the two: a figure by the policy LATEST, or the status of screening.
type Answer struct {
	Best      *int64
	Band      *Band
	Contested bool
	Screening ScreeningStatus
}

// DiffKnowledge compares what is known at two moments, the second not earlier than the first.
func DiffKnowledge(before, after Knowledge) KnowledgeDiff {
	var d KnowledgeDiff
	was := map[string]*SubjectClaim{}
	for i := range before.Claims {
		was[before.Claims[i].ID] = &before.Claims[i]
	}
	for i := range after.Claims {
		c := &after.Claims[i]
		old := was[c.ID]
		switch {
		case c.Retracted && (old == nil || !old.Retracted):
			// One that came and went in between was never of use.
			if old != nil {
				d.RetractedClaims = append(d.RetractedClaims, i)
			}
		case old == nil:
			d.NewClaims = append(d.NewClaims, i)
		case c.Superseded && !old.Superseded:
			d.SupersededClaims = append(d.SupersededClaims, i)
		}
	}
	for _, list := range []*[]int{&d.NewClaims, &d.SupersededClaims, &d.RetractedClaims} {
		slices.SortFunc(*list, func(i, j int) int {
			a, b := &after.Claims[i], &after.Claims[j]
			return cmp.Or(cmp.Compare(a.PublishedAt, b.PublishedAt), cmp.Compare(a.ID, b.ID))
		})
	}
	d.statements(before, after)
	d.answers(before, after)
	return d
}

func (d *KnowledgeDiff) statements(before, after Knowledge) {
	was := map[string]bool{} // whether it was retracted
	for i := range before.Statements {
		was[before.Statements[i].ID] = before.Statements[i].Retracted
	}
	for i := range after.Statements {
		retracted, known := was[after.Statements[i].ID]
		switch s := &after.Statements[i]; {
		case known && s.Retracted && !retracted:
			d.RetractedStatements = append(d.RetractedStatements, i)
		case !known && !s.Retracted:
			d.NewStatements = append(d.NewStatements, i)
		}
	}
	for _, list := range []*[]int{&d.NewStatements, &d.RetractedStatements} {
		slices.SortFunc(*list, func(i, j int) int {
			a, b := &after.Statements[i], &after.Statements[j]
			return cmp.Or(cmp.Compare(a.PublishedAt, b.PublishedAt), cmp.Compare(a.ID, b.ID))
		})
	}
}

// question is what an answer is given to: the figure of a measure, or the screening where there is none.
type question struct {
	subject string
	measure Measure
}

// answers compares the answers about each event that a claim speaks of.
func (d *KnowledgeDiff) answers(before, after Knowledge) {
	then, now := answersOf(before.Claims), answersOf(after.Claims)
	asked := map[question]bool{}
	for q := range then {
		asked[q] = true
	}
	for q := range now {
		asked[q] = true
	}
	joined := partsTogether(before.Claims, after.Claims)
	for q := range asked {
		a := AnswerChange{Subject: q.subject, Measure: q.measure, Before: answerTo(q, then), After: answerTo(q, now)}
		if a.compare(); len(a.Changed) == 0 {
			continue
		}
		for _, list := range [][]int{d.NewClaims, d.SupersededClaims, d.RetractedClaims} {
			for _, i := range list {
				if c := &after.Claims[i]; c.Subject == q.subject && bears(c, q.measure) || joined[c.ID][q] {
					a.Claims = append(a.Claims, i)
				}
			}
		}
		d.Answers = append(d.Answers, a)
	}
	slices.SortFunc(d.Answers, func(a, b AnswerChange) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Measure, b.Measure))
	})
}

// partsTogether says to which questions a claim is joined by being a part, or a total, of others.
func partsTogether(lists ...[]SubjectClaim) map[string]map[question]bool {
	up := map[string]string{}
	top := func(id string) string {
		for up[id] != "" {
			id = up[id]
		}
		return id
	}
	for _, claims := range lists {
		for i := range claims {
			if c := &claims[i]; c.PartOf != "" && top(c.ID) != top(c.PartOf) {
				up[top(c.ID)] = top(c.PartOf)
			}
		}
	}
	of, out := map[string]map[question]bool{}, map[string]map[question]bool{}
	for _, claims := range lists {
		for i := range claims {
			c := &claims[i]
			id := top(c.ID)
			if of[id] == nil {
				of[id] = map[question]bool{}
			}
			if c.Measure != "" {
				of[id][question{c.Subject, c.Measure}] = true
			}
			out[c.ID] = of[id]
		}
	}
	return out
}

// bears says whether a claim can change the answer about a measure: it is of the same, or one of the two counts people whom the
// other counts too.
func bears(c *SubjectClaim, m Measure) bool {
	if m == "" {
		return c.Property == "screening"
	}
	if c.Measure == "" {
		return false
	}
	one, other := figureCell{measure: c.Measure}, figureCell{measure: m}
	return one.within(other) || other.within(one)
}

func answerTo(q question, of map[question]Answer) Answer {
	a := of[q]
	if q.measure == "" && a.Screening == "" {
		a.Screening = ScreeningNotStated
	}
	return a
}

// answersOf are the answers that claims leave, about each event that they speak of.
func answersOf(claims []SubjectClaim) map[question]Answer {
	figures, screening := map[string][]FigureClaim{}, map[string][]ScreeningClaim{}
	for i := range claims {
		c := &claims[i]
		switch {
		case c.SubjectKind != kindRaid && c.SubjectKind != kindRepatriation:
		case c.Measure != "":
			figures[c.Subject] = append(figures[c.Subject], c.FigureClaim)
		case c.Property == "screening":
			screening[c.Subject] = append(screening[c.Subject], ScreeningClaim{ID: c.ID, Status: ScreeningStatus(c.Value), SaidBy: c.SaidBy,
				SaidOn: c.SaidOn, PublishedAt: c.PublishedAt, Superseded: c.Superseded, Retracted: c.Retracted})
		}
	}
	out := map[question]Answer{}
	for subject, of := range figures {
		summaries, _ := summarize(of)
		for _, s := range summaries {
			out[question{subject, s.measure}] = Answer{Best: s.best, Band: s.band, Contested: s.contested}
		}
	}
	for subject, of := range screening {
		out[question{subject: subject}] = Answer{Screening: ScreeningOf(of)}
	}
	return out
}

// compare notes what differs.
func (a *AnswerChange) compare() {
	differ := func(x, y *int64) bool { return (x == nil) != (y == nil) || x != nil && *x != *y }
	if differ(a.Before.Best, a.After.Best) {
		a.Changed = append(a.Changed, AnswerBest)
	}
	x, y := a.Before.Band, a.After.Band
	if (x == nil) != (y == nil) || x != nil && (differ(x.Low, y.Low) || differ(x.High, y.High)) {
		a.Changed = append(a.Changed, AnswerBand)
	}
	if a.Before.Contested != a.After.Contested {
		a.Changed = append(a.Changed, AnswerContested)
	}
	if a.Before.Screening != a.After.Screening {
		a.Changed = append(a.Changed, AnswerScreening)
	}
}
