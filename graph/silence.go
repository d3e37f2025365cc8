package graph

import (
	"maps"
	"slices"
)

// SilenceGrouping says by what a ledger of silences is grouped.
type SilenceGrouping string

const (
	SilencesBySpeaker SilenceGrouping = "SPEAKER"
	SilencesByAgency  SilenceGrouping = "AGENCY"  // the agency that the speaker spoke for; "" where none is recorded
	SilencesBySubject SilenceGrouping = "SUBJECT" // what was asked about; a question about two subjects stands in both groups
)

// SilenceGroup is the silences of one speaker, one agency, or about one subject.
type SilenceGroup struct {
	Key     string // the id of the speaker, agency or subject
	Entries []SilenceEntry
	Asked   int // how often somebody of the group was asked and kept silent or put it off; see SilenceEntry.Asked
	Open    int // silences and deferrals that nobody has answered, each once
}

// SilenceEntry is who was asked what, and kept silent about it or put it off.
type SilenceEntry struct {
	SpokenMatter
	Questions []SilentQuestion // in the order of time
	// Asked is how often: what one asker got on one date is one time, in however many statements it is recorded. Silences whose asker
	// is not recorded are of one asker, since they may be.
	Asked int
	// Askers are who asked, "" among them where that is not recorded; in order.
	Askers []string
}

// SilentQuestion is one silence or deferral, and the answer to it. Statements are named by their index in the slice given.
type SilentQuestion struct {
	Statement int
	// Answer is the first statement that answers, or -1: see SilenceLedger.
	Answer int
	// Recorded: the answer is recorded as one to this question. Otherwise it is what the same speaker certainly said later on the same matter.
	Recorded bool
	// Waited is for how many days no answer came: until the answer, or until today. Ends are nil where a date is open.
	Waited Interval
}

// SilenceLedger lists who was asked what by whom, how often and when, and when an answer came, if ever. Retracted statements are passed over,
// and what is certainly later than today.
//
// In it stand silences, and deferrals, which are words but no answer. An answer is a statement that affirms, denies or doubts (StanceOf): one by
// whomever that is recorded as answering the silence, or else one of the same speaker on the same subject and topic that was certainly made later.
// A silence is never an answer, nor is a promise to answer. The ledger never says what a silence meant.
//
// Groups are ordered by key, entries by speaker, subject and topic. The error is Invalid: today is no day.
func SilenceLedger(statements []SpokenStatement, by SilenceGrouping, today string) ([]SilenceGroup, error) {
	now, err := dayAsPeriod(today)
	if err != nil {
		return nil, err
	}
	order := slices.DeleteFunc(spokenOrder(statements), func(i int) bool { return later(statements[i].Date, now) })
	recorded := recordedAnswers(statements, order)
	groups := map[string]*SilenceGroup{}
	keys, of := matters(statements, order)
	for _, m := range keys {
		var answers []int // by their earliest day
		for _, i := range of[m] {
			if answersSomething(&statements[i]) {
				answers = append(answers, i)
			}
		}
		entries := map[string]*SilenceEntry{} // by group
		for _, i := range of[m] {
			if s := &statements[i]; !leavesOpen(s) {
				continue
			}
			key := m.groupKey(&statements[i], by)
			if entries[key] == nil {
				entries[key] = &SilenceEntry{SpokenMatter: m}
			}
			entries[key].Questions = append(entries[key].Questions, silentQuestion(statements, i, recorded, answers, now))
		}
		for key, entry := range entries {
			entry.count(statements)
			if groups[key] == nil {
				groups[key] = &SilenceGroup{Key: key}
			}
			groups[key].Entries = append(groups[key].Entries, *entry)
		}
	}
	var ledger []SilenceGroup
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		groups[key].count(statements)
		ledger = append(ledger, *groups[key])
	}
	return ledger, nil
}

func (m SpokenMatter) groupKey(s *SpokenStatement, by SilenceGrouping) string {
	switch by {
	case SilencesByAgency:
		return s.Agency
	case SilencesBySubject:
		return m.Subject
	}
	return m.Speaker
}

// leavesOpen reports whether a statement leaves a question open: a silence, or words that put the answer off.
func leavesOpen(s *SpokenStatement) bool {
	stance, _ := StanceOf(s.Kind, s.Stance)
	return stance == StanceSilent || stance == StanceDefers
}

// answersSomething reports whether a statement says of something whether it is so.
func answersSomething(s *SpokenStatement) bool {
	stance, ok := StanceOf(s.Kind, s.Stance)
	return ok && stance != StanceSilent && stance != StanceDefers
}

// recordedAnswers are the first answers that are recorded as such, by the id of the statement they answer. What was certainly said
// before it does not answer it.
func recordedAnswers(statements []SpokenStatement, order []int) map[string]int {
	at := map[string]int{}
	for _, i := range order {
		at[statements[i].ID] = i
	}
	first := map[string]int{}
	for _, i := range order {
		s := &statements[i]
		question, ok := at[s.Answers]
		if _, known := first[s.Answers]; !ok || known || question == i || !answersSomething(s) || later(statements[question].Date, s.Date) {
			continue
		}
		first[s.Answers] = i
	}
	return first
}

// silentQuestion finds the first answer to a silence. answers are those on its matter, by their earliest day.
func silentQuestion(statements []SpokenStatement, i int, recorded map[string]int, answers []int, today Period) SilentQuestion {
	q := SilentQuestion{Statement: i, Answer: -1}
	asked := statements[i].Date
	if asked.To != "" {
		n, _ := slices.BinarySearchFunc(answers, asked.To, func(a int, day string) int {
			if statements[a].Date.From > day {
				return 1
			}
			return -1
		})
		if n < len(answers) {
			q.Answer = answers[n]
		}
	}
	if answer, ok := recorded[statements[i].ID]; ok && (q.Answer < 0 || statements[answer].Date.From <= statements[q.Answer].Date.From) {
		q.Answer, q.Recorded = answer, true
	}
	until := today
	if q.Answer >= 0 {
		until = statements[q.Answer].Date
	}
	q.Waited = daysBetween(asked, until, today)
	return q
}

// questionTime is what makes one time that somebody was asked.
type questionTime struct{ speaker, topic, askedBy, date string }

func (s *SpokenStatement) questionTime() questionTime {
	return questionTime{s.Speaker, s.Topic, s.AskedBy, s.Date.EDTF}
}

func (e *SilenceEntry) count(statements []SpokenStatement) {
	times, askers := map[questionTime]bool{}, map[string]bool{}
	for _, q := range e.Questions {
		s := &statements[q.Statement]
		times[s.questionTime()] = true
		askers[s.AskedBy] = true
	}
	e.Asked, e.Askers = len(times), slices.Sorted(maps.Keys(askers))
}

// count counts questions over the entries of a group: one about two subjects stands in two entries, and is one.
func (g *SilenceGroup) count(statements []SpokenStatement) {
	times, answered := map[questionTime]bool{}, map[int]bool{}
	for _, e := range g.Entries {
		for _, q := range e.Questions {
			times[statements[q.Statement].questionTime()] = true
			answered[q.Statement] = answered[q.Statement] || q.Answer >= 0
		}
	}
	g.Asked = len(times)
	for _, done := range answered {
		if !done {
			g.Open++
		}
	}
}
