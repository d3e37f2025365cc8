package graph

import (
	"strings"
	"testing"
)

func TestParsePeriod(t *testing.T) {
	for _, test := range []struct{ edtf, canonical, from, to string }{
		// The sample case and section 5.
		{"2024-11-06", "", "2024-11-06", "2024-11-06"},
		{"[2024-11-06,2024-11-07]", "", "2024-11-06", "2024-11-07"},
		{"../2024-10-27", "", "", "2024-10-27"},
		{"2024-11-08/2024-11-11", "", "2024-11-08", "2024-11-11"},
		{"2024-11-08/..", "", "2024-11-08", ""},
		{"2024-11", "", "2024-11-01", "2024-11-30"},
		{"2024", "", "2024-01-01", "2024-12-31"},
		// A qualified day is that day.
		{"2024-11-06~", "", "2024-11-06", "2024-11-06"},
		{"2024-10-25?", "", "2024-10-25", "2024-10-25"},
		{"2024-11%", "", "2024-11-01", "2024-11-30"},
		{"2024~", "", "2024-01-01", "2024-12-31"},
		{"2024-10~/2024-11-06?", "", "2024-10-01", "2024-11-06"},
		// The calendar.
		{"2024-02-29", "", "2024-02-29", "2024-02-29"},
		{"2000-02", "", "2000-02-01", "2000-02-29"},
		{"1900-02", "", "1900-02-01", "1900-02-28"},
		{"0001", "", "0001-01-01", "0001-12-31"},
		{"9999", "", "9999-01-01", "9999-12-31"},
		// Intervals and sets, and their canonical text.
		{"2024-11-10/2024-11", "", "2024-11-10", "2024-11-30"},
		{"2024-11-06/2024-11-06", "", "2024-11-06", "2024-11-06"},
		{"[2024-10,2024-11-06~,2024-12]", "", "2024-10-01", "2024-12-31"},
		{"[2024-11-07, 2024-11-06]", "[2024-11-06,2024-11-07]", "2024-11-06", "2024-11-07"},
		{"[2024-11-07,2024-11-06,2024-11-07]", "[2024-11-06,2024-11-07]", "2024-11-06", "2024-11-07"},
		{"[2024-11-01..2024-11-03]", "", "2024-11-01", "2024-11-03"},
		{"[2024-11-01..2024-11-03,2024-11-09]", "", "2024-11-01", "2024-11-09"},
		{"[2024-11-06,2024]", "[2024,2024-11-06]", "2024-01-01", "2024-12-31"},
		{" 2024-11-06 / .. ", "2024-11-06/..", "2024-11-06", ""},
	} {
		p, err := ParsePeriod(test.edtf, BasisInferred)
		if err != nil {
			t.Errorf("ParsePeriod(%q): %v", test.edtf, err)
			continue
		}
		want := Period{test.canonical, test.from, test.to, BasisInferred}
		if want.EDTF == "" {
			want.EDTF = test.edtf
		}
		if p != want {
			t.Errorf("ParsePeriod(%q) = %+v, want %+v", test.edtf, p, want)
		}
	}
}

func TestParsePeriodRefuses(t *testing.T) {
	for _, test := range []struct{ edtf, says string }{
		{"", "it is empty"},
		{"yesterday", "is not a date"},
		{"6 November 2024", "is not a date"},
		{"2024-1", "is not a date"},
		{"2024/", "write an open end as two dots"},
		{"/2024", "write an open end as two dots"},
		{"../..", "says nothing"},
		{"2024-11-06..", "is not a date"},
		{"2024/2025/2026", "one slash"},
		{"2024-11-07/2024-11-06", "ends before it starts"},
		{"2024-13", "months run from 01 to 12"},
		{"2024-21", "months run from 01 to 12"}, // a season
		{"2024-00", "months run from 01 to 12"},
		{"2023-02-29", "that month has no day 29"},
		{"2024-11-31", "that month has no day 31"},
		{"2024-11-00", "that month has no day 00"},
		{"0000", "years run from 0001"},
		{"-2024", "is not a date"},
		{"20245", "is not a date"},
		{"2024-1X-01", "X"},
		{"2024-11-06T10:00", "leave the time out"},
		{"2024~-11-06", "one qualifier, at its end"},
		{"2024-11-06~?", "one qualifier, at its end"},
		{"~", "is not a date"},
		{"[2024-11-06]", "two different members"},
		{"[2024-11-06,2024-11-06]", "two different members"},
		{"[2024-11-06,2024-11-07", "closing bracket"},
		{"[]", "is not a date"},
		{"[..2024-11-06]", "needs both ends"},
		{"[2024-11-07..2024-11-06]", "ends before it starts"},
		{"[2024-11-06..x,2024]", "is not a date"},
		{"{2024,2025}", "all of its members"},
	} {
		p, err := ParsePeriod(test.edtf, "")
		if CodeOf(err) != Invalid || !strings.Contains(err.Error(), test.says) {
			t.Errorf("ParsePeriod(%q) = %+v, %v; want an Invalid error that says %q", test.edtf, p, err, test.says)
		}
	}
}

func TestParsePeriodBasis(t *testing.T) {
	if p, err := ParsePeriod("2024", ""); err != nil || p.Basis != BasisStated {
		t.Errorf("no basis: %+v, %v", p, err)
	}
	if _, err := ParsePeriod("2024", "GUESSED"); CodeOf(err) != Invalid {
		t.Errorf("an unknown basis: %v", err)
	}
}

func TestParseDay(t *testing.T) {
	for _, s := range []string{"2024-11-06", "2024-02-29", "0001-01-01", "9999-12-31"} {
		if err := ParseDay(s); err != nil {
			t.Errorf("ParseDay(%q): %v", s, err)
		}
	}
	for _, s := range []string{"", "2024", "2024-11", "2024-11-06~", "2023-02-29", "2024-11-6", "0000-01-01", "2024-11-0~", "06-11-2024", "2024-11-06 "} {
		if err := ParseDay(s); CodeOf(err) != Invalid {
			t.Errorf("ParseDay(%q): %v, want an Invalid error", s, err)
		}
	}
}

func TestPeriodOverlapsWithinExcludes(t *testing.T) {
	for _, test := range []struct {
		edtf, from, to   string
		overlaps, within bool
	}{
		{"2024-11-06", "2024-11-06", "2024-11-06", true, true},
		{"2024-11-06", "2024-11-07", "", false, false},
		{"2024-11-06", "", "2024-11-05", false, false},
		{"2024-11-06", "", "", true, true},
		{"2024-11", "2024-11-06", "2024-11-07", true, false},
		{"2024-11", "2024-10-01", "2024-11-30", true, true},
		{"[2024-11-06,2024-11-09]", "2024-11-07", "2024-11-08", true, false}, // by its earliest and latest day
		{"../2024-10-27", "2024-10-01", "2024-10-31", true, false},
		{"../2024-10-27", "", "2024-10-31", true, true},
		{"../2024-10-27", "2024-10-28", "", false, false},
		{"2024-11-08/..", "2025-01-01", "", true, false},
		{"2024-11-08/..", "2024-11-08", "", true, true},
		{"2024-11-08/..", "", "2024-11-07", false, false},
		{"2024", "2024-11-07", "2024-11-06", false, false}, // no day lies between
	} {
		p, err := ParsePeriod(test.edtf, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Overlaps(test.from, test.to); got != test.overlaps {
			t.Errorf("%s overlaps %q..%q: %v", test.edtf, test.from, test.to, got)
		}
		if got := p.Within(test.from, test.to); got != test.within {
			t.Errorf("%s within %q..%q: %v", test.edtf, test.from, test.to, got)
		}
		if q := (Period{From: test.from, To: test.to}); test.from <= test.to || test.to == "" {
			if p.Excludes(q) == test.overlaps || q.Excludes(p) == test.overlaps {
				t.Errorf("%s excludes %q..%q: %v", test.edtf, test.from, test.to, p.Excludes(q))
			}
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2024-11-06~", "2024-11", "2024", "a/..", "../2024-10-27", "[2024-11-06,2024-11-07]", "[2024-11-01..2024-11-03, 2024]", "2024-11-08/2024-11-11?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s, BasisStated)
		if err != nil {
			return
		}
		if again, err := ParsePeriod(p.EDTF, p.Basis); err != nil || again != p {
			t.Fatalf("%q is %+v, and its canonical text %+v, %v", s, p, again, err)
		}
		if p.From == "" && p.To == "" || p.From != "" && p.To != "" && p.From > p.To {
			t.Fatalf("%q spans %q..%q", s, p.From, p.To)
		}
		for _, day := range []string{p.From, p.To} {
			if day == "" {
				continue
			}
			if err := ParseDay(day); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			if !p.Overlaps(day, day) {
				t.Fatalf("%q does not overlap its own end %s", s, day)
			}
		}
		if !p.Within(p.From, p.To) || p.Excludes(p) {
			t.Fatalf("%q is not within itself", s)
		}
	})
}
