package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// edtfSpan is a stretch of ISO days, both ends included; "" is an open end.
type edtfSpan struct{ from, to string }

const edtfForms = "use 2024-11-06, 2024-11 or 2024, each with ~ ? or % at its end; a/b, a/.. or ../b; or [a,b] for one of several"

// ParseDay checks that s is a day of the calendar written YYYY-MM-DD, in the years 0001 to 9999. Its error is Invalid.
func ParseDay(s string) error {
	if len(s) != len(time.DateOnly) {
		return Errorf(Invalid, "day %s: use YYYY-MM-DD, such as 2024-11-06", Quote(s))
	}
	if _, err := parseEDTFDate(s); err != nil {
		return Errorf(Invalid, "day %s: %s", Quote(s), problemOf(s, err))
	}
	return nil
}

// problemOf is what is wrong with a text, without the text itself where err repeats it: an interval's error names the end.
func problemOf(s string, err error) string { return strings.TrimPrefix(err.Error(), Quote(s)+": ") }

// parseEDTF reads one period and returns its canonical text and the days it spans.
func parseEDTF(s string) (string, edtfSpan, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", edtfSpan{}, errors.New("it is empty; " + edtfForms)
	case strings.HasPrefix(s, "{"):
		return "", edtfSpan{}, errors.New("a set in braces means all of its members; " + edtfForms)
	case strings.HasPrefix(s, "["):
		return parseEDTFSet(s)
	case strings.Contains(s, "/"):
		return parseEDTFInterval(s)
	}
	span, err := parseEDTFDate(s)
	return s, span, err
}

// parseEDTFInterval reads a/b, a/.. and ../b.
func parseEDTFInterval(s string) (string, edtfSpan, error) {
	start, end, _ := strings.Cut(s, "/")
	start, end = strings.TrimSpace(start), strings.TrimSpace(end)
	switch {
	case strings.Contains(end, "/"):
		return "", edtfSpan{}, errors.New("an interval has one slash; " + edtfForms)
	case start == "" || end == "":
		return "", edtfSpan{}, errors.New("write an open end as two dots: a/.. or ../b")
	case start == ".." && end == "..":
		return "", edtfSpan{}, errors.New("an interval open at both ends says nothing; leave the date out")
	}
	var span edtfSpan
	if start != ".." {
		first, err := parseEDTFDate(start)
		if err != nil {
			return "", edtfSpan{}, err
		}
		span.from = first.from
	}
	if end != ".." {
		last, err := parseEDTFDate(end)
		if err != nil {
			return "", edtfSpan{}, err
		}
		span.to = last.to
	}
	if span.from != "" && span.to != "" && span.from > span.to {
		return "", edtfSpan{}, errors.New("the interval ends before it starts; write the earlier date first")
	}
	return start + "/" + end, span, nil
}

// parseEDTFSet reads [a,b,...], one of its members, where a member is a date or the run a..b.
func parseEDTFSet(s string) (string, edtfSpan, error) {
	inner, closed := strings.CutSuffix(s[1:], "]")
	if !closed {
		return "", edtfSpan{}, errors.New("the set lacks its closing bracket ]")
	}
	type member struct {
		text string
		edtfSpan
	}
	var members []member
	runs := false
	for text := range strings.SplitSeq(inner, ",") {
		first, last, isRun := strings.Cut(strings.TrimSpace(text), "..")
		first, last = strings.TrimSpace(first), strings.TrimSpace(last)
		if isRun && (first == "" || last == "") {
			return "", edtfSpan{}, errors.New("a run inside a set needs both ends, [a..b]; for an open end use a/.. or ../b")
		}
		m := member{text: first}
		var err error
		if m.edtfSpan, err = parseEDTFDate(first); err != nil {
			return "", edtfSpan{}, err
		}
		if isRun {
			end, err := parseEDTFDate(last)
			if err != nil {
				return "", edtfSpan{}, err
			}
			if m.from > end.to {
				return "", edtfSpan{}, fmt.Errorf("the run %s..%s ends before it starts; write the earlier date first", first, last)
			}
			m.text, m.to, runs = first+".."+last, end.to, true
		}
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b member) int {
		return strings.Compare(a.from+a.to+a.text, b.from+b.to+b.text)
	})
	members = slices.CompactFunc(members, func(a, b member) bool { return a.text == b.text })
	if len(members) < 2 && !runs {
		return "", edtfSpan{}, errors.New("one of several needs two different members, [a,b]; write a single date without brackets")
	}
	span := members[0].edtfSpan
	texts := make([]string, len(members))
	for i, m := range members {
		texts[i], span.to = m.text, max(span.to, m.to)
	}
	return "[" + strings.Join(texts, ",") + "]", span, nil
}

// parseEDTFDate reads a year, month or day with at most one qualifier at its end.
func parseEDTFDate(s string) (edtfSpan, error) {
	bare := s
	if s != "" && strings.IndexByte("~?%", s[len(s)-1]) >= 0 {
		bare = s[:len(s)-1]
	}
	startsWithDigit := s != "" && '0' <= s[0] && s[0] <= '9'
	switch {
	case strings.ContainsAny(bare, "~?%"):
		return edtfSpan{}, fmt.Errorf("%s: a date takes one qualifier, at its end: 2024-11-06~ (approximate), ? (uncertain) or %% (both)", Quote(s))
	case startsWithDigit && strings.ContainsAny(bare, "Xx"):
		return edtfSpan{}, fmt.Errorf("%s: digits cannot be left open with X; write the month or the year alone, or an interval a/b", Quote(s))
	case startsWithDigit && strings.ContainsAny(bare, "Tt:"):
		return edtfSpan{}, fmt.Errorf("%s: a date ends with the day; leave the time out", Quote(s))
	}
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}
	layout, known := layouts[len(bare)]
	if !known || !hasShape(bare, layout) {
		return edtfSpan{}, fmt.Errorf("%s: this is not a date; %s", Quote(s), edtfForms)
	}
	switch {
	case bare[:4] == "0000":
		return edtfSpan{}, fmt.Errorf("%s: years run from 0001 to 9999", Quote(s))
	case len(bare) >= 7 && (bare[5:7] < "01" || bare[5:7] > "12"):
		return edtfSpan{}, fmt.Errorf("%s: months run from 01 to 12", Quote(s))
	}
	first, err := time.Parse(layout, bare)
	if err != nil {
		return edtfSpan{}, fmt.Errorf("%s: that month has no day %s", Quote(s), bare[8:])
	}
	last := first
	switch len(bare) {
	case 4:
		last = first.AddDate(1, 0, -1)
	case 7:
		last = first.AddDate(0, 1, -1)
	}
	return edtfSpan{first.Format(time.DateOnly), last.Format(time.DateOnly)}, nil
}

// hasShape reports whether s has a digit where layout has one, and otherwise the same bytes.
func hasShape(s, layout string) bool {
	for i := range len(layout) {
		if layout[i] == '-' && s[i] != '-' || layout[i] != '-' && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
