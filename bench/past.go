package main

import (
	"fmt"
	"strings"
	"time"
)

// barPast is the least that a question about the past may be of the same about now, in requests/s.
const barPast = 0.5

// asOf is the same question as of a moment. By now all of the graph was recorded: the answers are those of now.
func (q question) asOf(moment string) question {
	query := strings.Join(strings.Fields(q.query), " ")
	body := strings.Index(query, "{")
	if strings.HasPrefix(query, "query") {
		body = strings.Index(query, ") {") + 2
	}
	arguments := body + strings.Index(query[body:], "(") + 1
	q.query = query[:arguments] + fmt.Sprintf("asOf: {recorded: %q}, ", moment) + query[arguments:]
	return q
}

// past asks the questions as of a day, and tells how long the first takes, which has the copy of the graph made.
func (r *run) past(s *store) error {
	moment := time.Now().UTC().Format(time.RFC3339)
	for i, q := range r.questions() {
		then := s.target(q.asOf(moment))
		if i == 0 {
			start := time.Now()
			if err := ready(then); err != nil {
				return err
			}
			took := time.Since(start).Seconds()
			r.add(line{Section: s.name + " past", What: "making a copy", Ours: float64(s.records) / took, Unit: "records/s", Figure: float64(s.records) / took})
		}
		now := s.target(q)
		if err := r.against(s.name+" past", q.name, "now", then, now, r.connections[0], barPast); err != nil {
			return err
		}
	}
	return nil
}

// ready asks until there is an answer: one that takes longer than a request may is refused, and asked again.
func ready(t target) error {
	for deadline := time.Now().Add(10 * time.Minute); ; {
		_, err := t.answers(1)
		if err == nil || !strings.Contains(err.Error(), `"code":"UNAVAILABLE"`) || time.Now().After(deadline) {
			return err
		}
	}
}
