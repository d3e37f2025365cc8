package graph

import (
	"slices"
	"testing"
)

func tellCommitments(t *testing.T, statements []SpokenStatement, today string) []string {
	t.Helper()
	open, err := OpenCommitments(statements, today)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range open {
		lines = append(lines, statements[c.Statement].ID+" "+showInterval(c.Age))
	}
	return lines
}

// Question 05: the promise to publish the figures is open; so are those of the ministry.
func TestOpenCommitmentsOfSampleCase(t *testing.T) {
	statements := sampleStatements(t)
	want := []string{"statement:veasna-will-release 12..12", "statement:moi-international-cooperation 9..-", "statement:moi-zero-tolerance 9..-"}
	if got := tellCommitments(t, statements, "2024-11-20"); !slices.Equal(got, want) {
		t.Errorf("open: %q", got)
	}
	earlier := []string{"statement:moi-international-cooperation 0..-", "statement:moi-zero-tolerance 0..-"} // until the 11th; nobody knows since when
	if got := tellCommitments(t, statements, "2024-11-07"); !slices.Equal(got, earlier) {
		t.Errorf("open before he promised: %q", got)
	}
	answer := SpokenStatement{ID: "statement:figures", Kind: StatementAnnouncement, Speaker: "agency:gdi-kh", Answers: "statement:veasna-will-release", Date: period(t, "2024-11-18", "")}
	for _, test := range []struct {
		what   string
		change func(*SpokenStatement)
		open   bool
	}{
		{"answered by another speaker", func(*SpokenStatement) {}, false},
		{"on a day unknown", func(s *SpokenStatement) { s.Date = period(t, "../2024-11-20", "") }, false},
		{"a silence answers nothing", func(s *SpokenStatement) { s.Kind = StatementDeclined }, true},
		{"a deferral puts it off again", func(s *SpokenStatement) { s.Kind = StatementDeferral }, true},
		{"said before it", func(s *SpokenStatement) { s.Date = period(t, "2024-11-07", "") }, true},
		{"said after today", func(s *SpokenStatement) { s.Date = period(t, "2024-11-21", "") }, true},
		{"retracted", func(s *SpokenStatement) { s.Retracted = true }, true},
		{"an answer to something else", func(s *SpokenStatement) { s.Answers = "statement:moi-zero-tolerance" }, true},
	} {
		s := answer
		test.change(&s)
		got := tellCommitments(t, append(slices.Clone(statements), s), "2024-11-20")
		if slices.Contains(got, want[0]) != test.open {
			t.Errorf("%s: open %q", test.what, got)
		}
	}
}

func TestDaysBetween(t *testing.T) {
	today, _ := dayAsPeriod("2024-11-20")
	for _, test := range []struct{ p, q, want string }{
		{"2024-11-06", "2024-11-10", "4..4"},
		{"2024-11-06", "2024-11-06", "0..0"},
		{"2024-11-10", "2024-11-06", "0..0"},
		{"2024-11-06/2024-11-08", "2024-11-10", "2..4"},
		{"../2024-11-08", "2024-11-10", "2..-"},
		{"2024-11-08/..", "2024-11-10", "0..2"},
		{"2024-11-06", "2024-11-10/..", "4..14"},
		{"2024-11-06", "../2024-11-10", "0..4"},
		{"2024-02-28", "2024-03-01", "2..2"},
		{"2023-11-20", "2025", "366..366"}, // not after today
	} {
		if got := showInterval(daysBetween(period(t, test.p, ""), period(t, test.q, ""), today)); got != test.want {
			t.Errorf("from %s to %s: %s days, want %s", test.p, test.q, got, test.want)
		}
	}
}
