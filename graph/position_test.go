package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestStanceOf(t *testing.T) {
	want := map[StatementKind]Stance{
		"CLAIM": "AFFIRMS", "CONFIRMATION": "AFFIRMS", "DENIAL": "DENIES", "CHALLENGE": "DOUBTS", "DEFERRAL": "DEFERS", "ACKNOWLEDGEMENT": "AFFIRMS",
		"ALLEGATION": "AFFIRMS", "CRITICISM": "", "APPEAL": "", "DIRECTIVE": "", "COMMITMENT": "", "ADVISORY": "", "ANNOUNCEMENT": "AFFIRMS", "RATING": "",
		"DECLINED_TO_COMMENT": "SILENT", "COULD_NOT_BE_REACHED": "SILENT", "DID_NOT_RESPOND": "SILENT", "DID_NOT_SPECIFY": "SILENT", "DID_NOT_CONFIRM": "SILENT",
	}
	stances := []Stance{"", StanceAffirms, StanceDenies, StanceDoubts, StanceDefers, StanceSilent, "MAYBE"}
	for kind, by := range want {
		for _, recorded := range stances {
			stance := by
			if !kind.Silent() && recorded != "" && recorded != StanceSilent && recorded != "MAYBE" {
				stance = recorded
			}
			got, ok := StanceOf(kind, recorded)
			if got != stance || ok != (stance != "") {
				t.Errorf("%s recorded as %q: %q %v, want %q", kind, recorded, got, ok, stance)
			}
			if ok && !got.Fits(kind) {
				t.Errorf("%s takes the stance %s, which does not fit it", kind, got)
			}
		}
	}
	if _, ok := StanceOf("SHOUT", ""); ok {
		t.Error("a kind that does not exist has a stance")
	}
}

// sampleStatements are statements of the sample case.
func sampleStatements(t *testing.T) []SpokenStatement {
	t.Helper()
	raid, camboja := steungMeanchey, "outlet:camboja-news"
	veasna := func(id string, kind StatementKind, topic string, stance Stance) SpokenStatement {
		return SpokenStatement{ID: "statement:" + id, Kind: kind, Stance: stance, Speaker: "official:sok-veasna", Agency: "agency:gdi-kh",
			About: []string{raid}, Topic: topic, AskedBy: camboja, Date: period(t, "2024-11-08", BasisInferred)}
	}
	silence := func(id string, kind StatementKind, speaker, agency, edtf, topic, askedBy string, about ...string) SpokenStatement {
		return SpokenStatement{ID: "statement:" + id, Kind: kind, Speaker: speaker, Agency: agency, About: about, Topic: topic, AskedBy: askedBy, Date: period(t, edtf, "")}
	}
	police, asked, until := "agency:gcnp-kh", "2024-11-08/2024-11-11", "../2024-11-11"
	statements := []SpokenStatement{
		veasna("veasna-just-learned", "ACKNOWLEDGEMENT", "OPERATION", ""),
		veasna("veasna-still-processing", "CLAIM", "OPERATION", StanceAffirms),
		veasna("veasna-figures-unclear", "DEFERRAL", "FIGURES", ""),
		veasna("veasna-not-counted", "DEFERRAL", "FIGURES", ""),
		veasna("veasna-will-release", "COMMITMENT", "FIGURES", ""),
		silence("police-screening-not-specified", "DID_NOT_SPECIFY", police, police, until, "SCREENING", "", raid),
		silence("sar-thet-not-reached", "COULD_NOT_BE_REACHED", "official:sar-thet", police, asked, "FIGURES", camboja, raid),
		silence("chhay-kim-khoeun-not-reached", "COULD_NOT_BE_REACHED", "official:chhay-kim-khoeun", police, asked, "FIGURES", camboja, raid),
		silence("touch-sokhak-declined", "DECLINED_TO_COMMENT", "official:touch-sokhak", "agency:moi-kh", asked, "OPERATION", camboja, raid),
		silence("sar-thet-tougher-crackdown", "DIRECTIVE", "official:sar-thet", police, "2024-11-06/2024-11-11", "POLICY", "", raid),
		silence("moi-zero-tolerance", "COMMITMENT", "group:moi-officials", "", until, "POLICY", "", "agency:moi-kh"),
		silence("moi-international-cooperation", "COMMITMENT", "group:moi-officials", "", until, "POLICY", "", "agency:moi-kh"),
		silence("pakistani-embassy-no-response", "DID_NOT_RESPOND", "embassy:pk-kh", "", asked, "TRAFFICKING", camboja, raid, "nationality:PK"),
		silence("thai-embassy-no-response", "DID_NOT_RESPOND", "embassy:th-kh", "", asked, "TRAFFICKING", camboja, raid, "nationality:TH"),
	}
	for i := range statements {
		statements[i].PublishedAt = "2024-11-11T11:00:00Z"
	}
	return statements
}

// Nobody in the sample case changes a stance: affirming that the case is worked on and putting off the figures are two matters.
func TestPositionsOfSampleCase(t *testing.T) {
	statements := sampleStatements(t)
	if got := Positions(statements); got != nil {
		t.Errorf("changes %+v", got)
	}
	// Had he told the number afterwards, that would be one.
	statements = append(statements, SpokenStatement{ID: "statement:veasna-tells", Kind: "CLAIM", Speaker: "official:sok-veasna",
		About: []string{steungMeanchey}, Topic: "FIGURES", Date: period(t, "2024-11-20", "")})
	got := Positions(statements)
	if len(got) != 1 || got[0].From != StanceDefers || got[0].To != StanceAffirms || !got[0].OrderKnown || statements[got[0].Before].ID != "statement:veasna-not-counted" {
		t.Errorf("changes %+v", got)
	}
}

func TestPositions(t *testing.T) {
	type s struct{ id, kind, date, more string }
	for _, test := range []struct {
		what       string
		statements []s
		want       []string // before, after, stances, what is not known of the order, the last words
	}{
		{"a claim and then a denial", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DENIAL", "2024-11-08", ""}}, []string{"a>b AFFIRMS>DENIES words a"}},
		{"a claim and then a silence is no denial", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DECLINED_TO_COMMENT", "2024-11-08", "stance=DENIES"}}, []string{"a>b AFFIRMS>SILENT words a"}},
		{"over a silence", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DID_NOT_RESPOND", "2024-11-07", ""}, {"c", "DENIAL", "2024-11-08", ""}},
			[]string{"a>b AFFIRMS>SILENT words a", "b>c SILENT>DENIES words a"}},
		{"a silence first", []s{{"a", "DID_NOT_CONFIRM", "2024-11-06", ""}, {"b", "CONFIRMATION", "2024-11-08", ""}}, []string{"a>b SILENT>AFFIRMS words -"}},
		{"the same stance by two kinds", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "CONFIRMATION", "2024-11-08", ""}, {"c", "DID_NOT_RESPOND", "2024-11-09", ""}, {"d", "DECLINED_TO_COMMENT", "2024-11-10", ""}},
			[]string{"b>c AFFIRMS>SILENT words b"}},
		{"a kind without a stance is passed over", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DIRECTIVE", "2024-11-07", ""}, {"c", "CHALLENGE", "2024-11-08", ""}}, []string{"a>c AFFIRMS>DOUBTS words a"}},
		{"but for the stance that is recorded", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "CRITICISM", "2024-11-07", "stance=DENIES"}}, []string{"a>b AFFIRMS>DENIES words a"}},
		{"periods that overlap", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DENIAL", "2024-11", ""}}, []string{"b>a DENIES>AFFIRMS words b order unknown"}},
		{"one day", []s{{"a", "DENIAL", "2024-11-06", "published=2024-11-08T00:00:00Z"}, {"b", "CLAIM", "2024-11-06", "published=2024-11-07T00:00:00Z"}}, []string{"b>a AFFIRMS>DENIES words b order unknown"}},
		{"an open beginning", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DENIAL", "../2024-11-05", ""}}, []string{"b>a DENIES>AFFIRMS words b"}},
		{"ties by id", []s{{"b", "DENIAL", "2024-11-06", ""}, {"a", "CLAIM", "2024-11-06", ""}}, []string{"a>b AFFIRMS>DENIES words a order unknown"}},
		{"two topics", []s{{"a", "CLAIM", "2024-11-06", "topic=FIGURES"}, {"b", "DENIAL", "2024-11-08", "topic=SCREENING"}}, nil},
		{"two subjects", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DENIAL", "2024-11-08", "about=raid:y"}}, nil},
		{"two speakers", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DENIAL", "2024-11-08", "speaker=agency:y"}}, nil},
		{"one subject of several", []s{{"a", "CLAIM", "2024-11-06", "about=raid:y,raid:x,raid:x"}, {"b", "DENIAL", "2024-11-08", ""}}, []string{"a>b AFFIRMS>DENIES words a"}},
		{"retracted", []s{{"a", "CLAIM", "2024-11-06", ""}, {"b", "DENIAL", "2024-11-08", "retracted"}}, nil},
	} {
		statements := make([]SpokenStatement, len(test.statements))
		for i, s := range test.statements {
			statements[i] = SpokenStatement{ID: s.id, Kind: StatementKind(s.kind), Speaker: "agency:x", About: []string{"raid:x"}, Date: period(t, s.date, "")}
			switch key, value, _ := strings.Cut(s.more, "="); key {
			case "stance":
				statements[i].Stance = Stance(value)
			case "published":
				statements[i].PublishedAt = value
			case "topic":
				statements[i].Topic = value
			case "about":
				statements[i].About = strings.Split(value, ",")
			case "speaker":
				statements[i].Speaker = value
			case "retracted":
				statements[i].Retracted = true
			}
		}
		var got []string
		for _, c := range Positions(statements) {
			words := "-"
			if c.Words >= 0 {
				words = statements[c.Words].ID
			}
			line := fmt.Sprintf("%s>%s %s>%s words %s", statements[c.Before].ID, statements[c.After].ID, c.From, c.To, words)
			if !c.OrderKnown {
				line += " order unknown"
			}
			got = append(got, line)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.what, got, test.want)
		}
	}
}

// randomStatements makes statements of a small world.
func randomStatements(t *testing.T, r *rand.Rand, n int) []SpokenStatement {
	kinds := []StatementKind{"CLAIM", "DENIAL", "DEFERRAL", "CHALLENGE", "COMMITMENT", "DIRECTIVE", "DECLINED_TO_COMMENT", "DID_NOT_RESPOND", "ANNOUNCEMENT"}
	dates := []string{"2024-11-06", "2024-11-07", "2024-11", "../2024-11-08", "2024-11-08/..", "2024-11-08/2024-11-11", "2024-12-01"}
	statements := make([]SpokenStatement, n)
	for i := range statements {
		s := SpokenStatement{ID: fmt.Sprintf("statement:%02d", i), Kind: kinds[r.IntN(len(kinds))], Speaker: []string{"official:x", "agency:y"}[r.IntN(2)],
			Agency: []string{"", "agency:y"}[r.IntN(2)], About: [][]string{{"raid:x"}, {"raid:x", "nationality:CN"}, {"nationality:CN", "nationality:CN"}, nil}[r.IntN(4)],
			Topic: []string{"", "FIGURES"}[r.IntN(2)], AskedBy: []string{"", "outlet:a", "outlet:b"}[r.IntN(3)], Date: period(t, dates[r.IntN(len(dates))], "")}
		s.Retracted = r.IntN(9) == 0
		if i > 0 && r.IntN(4) == 0 {
			s.Answers = statements[r.IntN(i)].ID
		}
		statements[i] = s
	}
	return statements
}

func TestPositionProperties(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 4))
		statements := randomStatements(t, r, r.IntN(15))
		changes := Positions(statements)
		for k, c := range changes {
			before, after := statements[c.Before], statements[c.After]
			if c.From == c.To || before.Speaker != after.Speaker || before.Topic != after.Topic || before.Retracted || after.Retracted {
				t.Fatalf("seed %d: %+v is no change", seed, c)
			}
			if !slices.Contains(before.About, c.Subject) || !slices.Contains(after.About, c.Subject) {
				t.Fatalf("seed %d: %+v is about something else", seed, c)
			}
			// Nothing is read as a denial but what denies.
			if c.To == StanceDenies && after.Kind != StatementDenial || c.From == StanceDenies && before.Kind != StatementDenial {
				t.Fatalf("seed %d: %+v reads a denial into %s and %s", seed, c, before.Kind, after.Kind)
			}
			if c.OrderKnown && (before.Date.To == "" || after.Date.From <= before.Date.To) {
				t.Fatalf("seed %d: the order of %s and %s is not known", seed, before.Date.EDTF, after.Date.EDTF)
			}
			// Changes of a matter follow each other: from where the one before came to.
			if k > 0 && changes[k-1].SpokenMatter == c.SpokenMatter && changes[k-1].To != c.From {
				t.Fatalf("seed %d: %+v does not follow %+v", seed, c, changes[k-1])
			}
		}
		reversed := slices.Clone(statements)
		slices.Reverse(reversed)
		for k, c := range Positions(reversed) {
			if want := changes[k]; reversed[c.Before].ID != statements[want.Before].ID || reversed[c.After].ID != statements[want.After].ID || c.From != want.From {
				t.Fatalf("seed %d: the order of the statements matters", seed)
			}
		}
	}
}
