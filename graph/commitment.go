package graph

import (
	"cmp"
	"slices"
)

// OpenCommitment is a promise that no later statement has answered (domain model, section 6).
type OpenCommitment struct {
	Statement int // its index in the slice given
	// Age is how many days have passed since it was made; High is nil where the date has no beginning.
	Age Interval
}

// OpenCommitments lists the commitments that are open today, the oldest first: by the days that have passed for certain, then by id. Retracted
// ones are passed over, and those that are certainly made later than today.
//
// A commitment is answered by a statement that is recorded as answering it, by whomever and of whatever kind but two: a silence answers nothing,
// and a deferral puts the promise off once more. What was certainly said before the promise, or is certainly said after today, does not
// answer it either. The error is Invalid: today is no day.
func OpenCommitments(statements []SpokenStatement, today string) ([]OpenCommitment, error) {
	now, err := dayAsPeriod(today)
	if err != nil {
		return nil, err
	}
	answers := map[string][]int{}
	for i := range statements {
		if s := &statements[i]; !s.Retracted && s.Answers != "" && s.Answers != s.ID && !leavesOpen(s) && !later(s.Date, now) {
			answers[s.Answers] = append(answers[s.Answers], i)
		}
	}
	var open []OpenCommitment
	for i := range statements {
		s := &statements[i]
		if s.Kind != StatementCommitment || s.Retracted || later(s.Date, now) {
			continue
		}
		if slices.ContainsFunc(answers[s.ID], func(a int) bool { return !later(s.Date, statements[a].Date) }) {
			continue
		}
		open = append(open, OpenCommitment{i, daysBetween(s.Date, now, now)})
	}
	slices.SortFunc(open, func(a, b OpenCommitment) int {
		return cmp.Or(cmp.Compare(*b.Age.Low, *a.Age.Low), cmp.Compare(statements[a.Statement].ID, statements[b.Statement].ID))
	})
	return open, nil
}
