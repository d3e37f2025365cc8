package graph

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// dateClashes finds the dates of one event that exclude each other.
func dateClashes(claims []SubjectClaim, opts ContradictionOptions) []clashStream {
	columns := map[string]*clashColumn{}
	var spans []clashSpan
	for i := range claims {
		c := &claims[i]
		if c.Property != "date" || !c.stands() || !slices.Contains(datedKinds, c.SubjectKind) || !opts.asksAbout(c.Subject) {
			continue
		}
		span, ok := dateSpan(i, c.Date, opts.ApproxDays)
		if !ok {
			continue
		}
		spans = append(spans, span)
		if columns[c.Subject] == nil {
			columns[c.Subject] = new(clashColumn)
		}
		columns[c.Subject].add(span)
	}
	for _, column := range columns {
		column.sort(claims)
	}
	var streams []clashStream
	for _, s := range spans {
		streams = columns[claims[s.claim].Subject].appendBelow(streams, s)
	}
	return streams
}

// datedKinds are the kinds of nodes that happen once.
var datedKinds = []string{kindRaid, kindRepatriation, kindStatement}

// dateSpan is a period as a span of days; false where it bounds nothing. That is so of the day of an announcement, which comes before
// or after the event, and of a date said to be approximate where approxDays does not say how far it reaches. A one-of set counts as the
// whole stretch between its members, as everywhere.
func dateSpan(claim int, p Period, approxDays int) (clashSpan, bool) {
	loose := int64(0)
	if approximateDate(p) {
		loose = int64(approxDays)
	}
	words := Interval{dayNumber(p.From), dayNumber(p.To)}
	if p.Basis == BasisAnnounced || words.Open() || approximateDate(p) && approxDays <= 0 {
		return clashSpan{}, false
	}
	read := words
	if words.Low != nil {
		read.Low = new(*words.Low - loose)
	}
	if words.High != nil {
		read.High = new(*words.High + loose)
	}
	return clashSpan{claim, read, words}, true
}

// approximateDate reports whether the words call the date approximate: 2024-10-25~ or 2024-10-25%. An uncertain one, with ?, is
// still that day and no other.
func approximateDate(p Period) bool { return strings.ContainsAny(p.EDTF, "~%") }

// dayNumber counts days, nil for a day that is open or unknown.
func dayNumber(day string) *int64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	return new(t.Unix() / (24 * 60 * 60))
}

// dateSteps tells why two dates exclude each other.
func dateSteps(claims []SubjectClaim, c clash, approxDays int) []string {
	var steps []string
	for _, i := range []int{c.right, c.left} {
		if p := claims[i].Date; approximateDate(p) {
			steps = append(steps, fmt.Sprintf("%s is read as up to %d days earlier or later", p.EDTF, approxDays))
		}
	}
	return append(steps, claims[c.left].Date.EDTF+" is over before "+claims[c.right].Date.EDTF+" begins")
}
