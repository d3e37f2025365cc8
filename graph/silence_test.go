package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// tellLedger writes a ledger a group a line: key, how often asked, how many open, and its entries.
func tellLedger(statements []SpokenStatement, ledger []SilenceGroup) []string {
	var lines []string
	for _, g := range ledger {
		var b strings.Builder
		fmt.Fprintf(&b, "%s asked %d open %d:", g.Key, g.Asked, g.Open)
		for _, e := range g.Entries {
			fmt.Fprintf(&b, " [%s %s %s asked %d by %s", e.Speaker, e.Subject, e.Topic, e.Asked, strings.Join(e.Askers, ","))
			for _, q := range e.Questions {
				fmt.Fprintf(&b, "; %s %s days", strings.TrimPrefix(statements[q.Statement].ID, "statement:"), showInterval(q.Waited))
				if q.Answer >= 0 {
					b.WriteString(" until " + statements[q.Answer].ID)
				}
				if q.Recorded {
					b.WriteString(", recorded")
				}
			}
			b.WriteString("]")
		}
		lines = append(lines, b.String())
	}
	return lines
}

func ledgerOf(t *testing.T, statements []SpokenStatement, by SilenceGrouping, today string) []string {
	t.Helper()
	ledger, err := SilenceLedger(statements, by, today)
	if err != nil {
		t.Fatal(err)
	}
	return tellLedger(statements, ledger)
}

func TestSilenceLedgerOfSampleCase(t *testing.T) {
	statements := sampleStatements(t)
	const raid = steungMeanchey
	want := []string{
		"agency:gcnp-kh asked 1 open 1: [agency:gcnp-kh " + raid + " SCREENING asked 1 by ; police-screening-not-specified 9..- days]",
		"embassy:pk-kh asked 1 open 1: [embassy:pk-kh nationality:PK TRAFFICKING asked 1 by outlet:camboja-news; pakistani-embassy-no-response 9..12 days]" +
			" [embassy:pk-kh " + raid + " TRAFFICKING asked 1 by outlet:camboja-news; pakistani-embassy-no-response 9..12 days]",
		"embassy:th-kh asked 1 open 1: [embassy:th-kh nationality:TH TRAFFICKING asked 1 by outlet:camboja-news; thai-embassy-no-response 9..12 days]" +
			" [embassy:th-kh " + raid + " TRAFFICKING asked 1 by outlet:camboja-news; thai-embassy-no-response 9..12 days]",
		"official:chhay-kim-khoeun asked 1 open 1: [official:chhay-kim-khoeun " + raid + " FIGURES asked 1 by outlet:camboja-news; chhay-kim-khoeun-not-reached 9..12 days]",
		"official:sar-thet asked 1 open 1: [official:sar-thet " + raid + " FIGURES asked 1 by outlet:camboja-news; sar-thet-not-reached 9..12 days]",
		"official:sok-veasna asked 1 open 2: [official:sok-veasna " + raid + " FIGURES asked 1 by outlet:camboja-news; veasna-figures-unclear 12..12 days; veasna-not-counted 12..12 days]",
		"official:touch-sokhak asked 1 open 1: [official:touch-sokhak " + raid + " OPERATION asked 1 by outlet:camboja-news; touch-sokhak-declined 9..12 days]",
	}
	if got := ledgerOf(t, statements, SilencesBySpeaker, "2024-11-20"); !slices.Equal(got, want) {
		t.Errorf("by speaker:\n%s", strings.Join(got, "\n"))
	}
	var heads []string
	for _, by := range []SilenceGrouping{SilencesByAgency, SilencesBySubject} {
		for _, line := range ledgerOf(t, statements, by, "2024-11-20") {
			head, _, _ := strings.Cut(line, ":"+" [")
			heads = append(heads, head)
		}
	}
	want = []string{" asked 2 open 2", "agency:gcnp-kh asked 3 open 3", "agency:gdi-kh asked 1 open 2", "agency:moi-kh asked 1 open 1",
		"nationality:PK asked 1 open 1", "nationality:TH asked 1 open 1", raid + " asked 7 open 8"}
	if !slices.Equal(heads, want) {
		t.Errorf("by agency and subject: %q", heads)
	}
}

func TestSilenceLedger(t *testing.T) {
	type s struct{ id, kind, date, more string }
	for _, test := range []struct {
		what       string
		statements []s
		want       string
	}{
		{"nobody was asked", []s{{"a", "CLAIM", "2024-11-06", ""}}, ""},
		{"an answer later on", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CONFIRMATION", "2024-11-10", ""}}, "a 4..4 until b"},
		{"a denial is an answer", []s{{"a", "DECLINED_TO_COMMENT", "2024-11-06/2024-11-08", ""}, {"b", "DENIAL", "2024-11-10", ""}}, "a 2..4 until b"},
		{"the first of two", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CLAIM", "2024-11-12", ""}, {"c", "CLAIM", "2024-11-10", ""}}, "a 4..4 until c"},
		{"words before it do not answer", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CLAIM", "2024-11-05", ""}, {"c", "CLAIM", "2024-11-06", ""}}, "a 14..14"},
		{"nor does a silence, a deferral, a promise or an order", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "DECLINED_TO_COMMENT", "2024-11-07", ""}, {"c", "DEFERRAL", "2024-11-08", ""},
			{"d", "COMMITMENT", "2024-11-09", ""}, {"e", "DIRECTIVE", "2024-11-09", ""}}, "a 14..14 b 13..13 c 12..12"},
		{"nor do words on another matter", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CLAIM", "2024-11-10", "topic=X"}, {"c", "CLAIM", "2024-11-10", "about=raid:y"}, {"d", "CLAIM", "2024-11-10", "speaker=agency:z"}}, "a 14..14"},
		{"unless they are recorded as answering it", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CLAIM", "2024-11-10", "speaker=agency:z answers=a"}}, "a 4..4 until b recorded"},
		{"whichever came first", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CLAIM", "2024-11-10", "speaker=agency:z answers=a"}, {"c", "CLAIM", "2024-11-08", ""}}, "a 2..2 until c"},
		{"a silence recorded as an answer", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "DECLINED_TO_COMMENT", "2024-11-10", "answers=a"}}, "a 14..14 b 10..10"},
		{"an answer that was there before", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CLAIM", "2024-11-01", "answers=a"}}, "a 14..14"},
		{"what is retracted, and what is later than today", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", "retracted"}, {"b", "DID_NOT_RESPOND", "2024-11-07", ""}, {"c", "CLAIM", "2024-11-08", "retracted"},
			{"d", "CLAIM", "2024-11-21", ""}, {"e", "DID_NOT_RESPOND", "2024-11-21", ""}}, "b 13..13"},
		{"an answer on a day in between", []s{{"a", "DID_NOT_RESPOND", "2024-11-06", ""}, {"b", "CLAIM", "2024-11-10/2025-01-01", ""}}, "a 4..14 until b"},
		{"an open date", []s{{"a", "DID_NOT_RESPOND", "2024-11-06/..", ""}, {"b", "CLAIM", "2024-11-10", ""}}, "a 0..14"},
	} {
		statements := make([]SpokenStatement, len(test.statements))
		for i, s := range test.statements {
			statements[i] = SpokenStatement{ID: s.id, Kind: StatementKind(s.kind), Speaker: "agency:x", About: []string{"raid:x"}, Date: period(t, s.date, "")}
			for _, more := range strings.Fields(s.more) {
				switch key, value, _ := strings.Cut(more, "="); key {
				case "topic":
					statements[i].Topic = value
				case "about":
					statements[i].About = []string{value}
				case "speaker":
					statements[i].Speaker = value
				case "answers":
					statements[i].Answers = value
				case "retracted":
					statements[i].Retracted = true
				}
			}
		}
		ledger, err := SilenceLedger(statements, SilencesBySpeaker, "2024-11-20")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range ledger {
			for _, e := range g.Entries {
				for _, q := range e.Questions {
					line := statements[q.Statement].ID + " " + showInterval(q.Waited)
					if q.Answer >= 0 {
						line += " until " + statements[q.Answer].ID
					}
					if q.Recorded {
						line += " recorded"
					}
					got = append(got, line)
				}
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.what, strings.Join(got, " "), test.want)
		}
	}
}

func TestSilenceLedgerCounts(t *testing.T) {
	statement := func(id, by, edtf string, about ...string) SpokenStatement {
		return SpokenStatement{ID: id, Kind: StatementDidNotRespond, Speaker: "agency:x", About: about, AskedBy: by, Date: period(t, edtf, "")}
	}
	statements := []SpokenStatement{
		statement("a", "outlet:a", "2024-11-06", "raid:x", "nationality:CN"), statement("b", "outlet:a", "2024-11-06", "raid:x"), // one interview
		statement("c", "outlet:a", "2024-11-07", "raid:x"), statement("d", "outlet:b", "2024-11-07", "raid:x"),
		statement("e", "", "2024-11-07", "raid:x"), statement("f", "", "2024-11-07", "raid:x"),
	}
	ledger, _ := SilenceLedger(statements, SilencesBySpeaker, "2024-11-20")
	if len(ledger) != 1 || ledger[0].Asked != 4 || ledger[0].Open != 6 || len(ledger[0].Entries) != 2 {
		t.Fatalf("ledger %+v", ledger)
	}
	if e := ledger[0].Entries[1]; e.Subject != "raid:x" || e.Asked != 4 || !slices.Equal(e.Askers, []string{"", "outlet:a", "outlet:b"}) || len(e.Questions) != 6 {
		t.Errorf("on the raid: %+v", e)
	}
	for _, day := range []string{"", "2024-11", "yesterday", "2024-02-30"} {
		if _, err := SilenceLedger(statements, SilencesBySpeaker, day); CodeOf(err) != Invalid {
			t.Errorf("today is %q: %v", day, err)
		}
		if _, err := OpenCommitments(statements, day); CodeOf(err) != Invalid {
			t.Errorf("today is %q: %v", day, err)
		}
	}
}

func TestSilenceLedgerProperties(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 5))
		statements := randomStatements(t, r, r.IntN(15))
		for _, by := range []SilenceGrouping{SilencesBySpeaker, SilencesByAgency, SilencesBySubject} {
			ledger, err := SilenceLedger(statements, by, "2024-11-20")
			if err != nil {
				t.Fatal(err)
			}
			listed := map[int]bool{}
			for _, g := range ledger {
				for _, e := range g.Entries {
					for _, q := range e.Questions {
						s := statements[q.Statement]
						listed[q.Statement] = true
						if s.Retracted || !s.Kind.Silent() && s.Kind != StatementDeferral || s.Date.From > "2024-11-20" {
							t.Fatalf("seed %d: %s leaves nothing open", seed, s.ID)
						}
						if q.Waited.Low == nil || q.Waited.empty() {
							t.Fatalf("seed %d: %s waits %s days", seed, s.ID, showInterval(q.Waited))
						}
						if q.Answer < 0 {
							continue
						}
						a := statements[q.Answer]
						if a.Retracted || a.Kind.Silent() || a.Kind == StatementDeferral || a.Kind == StatementCommitment || later(s.Date, a.Date) {
							t.Fatalf("seed %d: %s does not answer %s", seed, a.ID, s.ID)
						}
						if q.Recorded != (a.Answers == s.ID) && !(a.Speaker == s.Speaker && a.Topic == s.Topic && later(a.Date, s.Date)) {
							t.Fatalf("seed %d: %s is not known to answer %s", seed, a.ID, s.ID)
						}
					}
				}
			}
			// Every silence that somebody was asked for is listed, in whatever group.
			for i, s := range statements {
				if should := s.Kind.Silent() && !s.Retracted && len(s.About) > 0 && s.Date.From <= "2024-11-20"; should && !listed[i] {
					t.Fatalf("seed %d: %s is not listed", seed, s.ID)
				}
			}
			reversed := slices.Clone(statements)
			slices.Reverse(reversed)
			again, _ := SilenceLedger(reversed, by, "2024-11-20")
			if got, want := tellLedger(reversed, again), tellLedger(statements, ledger); !slices.Equal(got, want) {
				t.Fatalf("seed %d: the order of the statements matters:\n%q\n%q", seed, want, got)
			}
		}
	}
}
