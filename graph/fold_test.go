package graph

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for _, test := range []struct{ what, in, want string }{
		{"hyphen", "O-Smach", "o smach"},
		{"apostrophe", "O'Smach", "o smach"},
		{"typographic apostrophe", "O’Smach", "o smach"},
		{"modifier apostrophe", "OʼSmach", "o smach"},
		{"en dash with spaces", "O – Smach", "o smach"},
		{"question 08", "STEUNG-MEAN", "steung mean"},
		{"white space", "\t Phnom \n  Penh\u00a0", "phnom penh"},
		{"line separators", "a\u2028b\u2029c\u0085d\x00e", "a b c d e"},
		{"latin marks", "Café ÉCOLE", "cafe ecole"},
		{"decomposed marks", "Cafe\u0301", "cafe"},
		{"vietnamese", "Đặng Thị Hằng", "dang thi hang"},
		{"cyrillic marks", "Йошкар Ёлка", "иошкар елка"},
		{"greek marks and final sigma", "Ἀθῆναι ΠΌΛΙΣ πόλις", "αθηναι πολισ πολισ"},
		{"sharp s", "STRASSE Straße GROẞ", "strasse strasse gross"},
		{"turkish", "İstanbul ısı", "istanbul isi"},
		{"full width", "ＡＢＣ　１２３", "abc 123"},
		{"half-width katakana", "ｶﾞｲﾄﾞ", "ガイド"},
		{"kana voicing stays", "か\u3099", "が"},
		{"chinese", "柬中時報", "柬中時報"},
		{"khmer", "ភ្នំពេញ", "ភ្នំពេញ"},
		{"khmer zero-width space", "រាជធានី\u200bភ្នំពេញ", "រាជធានីភ្នំពេញ"},
		{"khmer coeng DA is TA", "ក\u17d2\u178a", "ក\u17d2\u178f"},
		{"khmer coeng TA", "ក\u17d2\u178f", "ក\u17d2\u178f"},
		{"khmer DA alone stays", "ដី", "ដី"},
		{"khmer coeng DA behind a joiner", "ក\u17d2\u200d\u178a", "ក\u17d2\u178f"},
		{"thai vowels and tones stay", "ปอยเปต สแกมเมอร์", "ปอยเปต สแกมเมอร์"},
		{"devanagari marks stay", "हिन्दी", "हिन्दी"},
		{"arabic marks stay", "مُحَمَّد", "مُحَمَّد"},
		{"hangul composes", norm.NFD.String("한국"), "한국"},
		{"soft hyphen and byte order mark", "\ufeffcom\u00adpound", "compound"},
		{"broken encoding", "a\xffb", "a\ufffdb"},
		{"nothing left", " -'\u200b\u0301 ", ""},
		{"empty", "", ""},
	} {
		if got := Fold(test.in); got != test.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", test.what, test.in, got, test.want)
		}
	}
}

// Every assigned rune alone and inside a word keeps the promises of Fold.
func TestFoldEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf) {
			continue
		}
		for _, s := range []string{string(r), "a" + string(r) + "\u0301b", "ក\u17d2" + string(r)} {
			checkFold(t, s)
		}
		if t.Failed() {
			return
		}
	}
}

// Random texts of the runes that interact: marks of several orders, invisible ones between them, dashes, letters that decompose.
func TestFoldRandom(t *testing.T) {
	pool := []rune("aÉßĐǰİΰᾳЙກกคក\u1789ដតか가ᄀｶﾞ　Ａ٠אא٠-'’ \n\t\x00\u200b\u200c\u200d\u034f\ufe0f\u17b4\u17d2\u17d2\u178a\u178f\u17c1\u17b6\u0301\u0323\u0345\u0338" +
		"\u093c\u0915\u09c7\u09be\u3099\u0483\u0488\u05b0\u064b\u0e38\u0e48\u1d165\ufb2c\u212b\u2126\u1fef\uffe3\ufffd\U0001d15e\U00011131\U00011127")
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var b strings.Builder
		for range 1 + r.IntN(12) {
			c := pool[r.IntN(len(pool))]
			for range max(1, r.IntN(120)-100) { // now and then a long run
				b.WriteRune(c)
			}
		}
		if checkFold(t, b.String()); t.Failed() {
			return
		}
	}
}

func checkFold(t *testing.T, s string) {
	t.Helper()
	f := Fold(s)
	if again := Fold(f); again != f {
		t.Errorf("Fold(%+q) = %+q, folded again %+q", s, f, again)
	}
	if !utf8.ValidString(f) || !norm.NFC.IsNormalString(f) {
		t.Errorf("Fold(%+q) = %+q is not valid NFC", s, f)
	}
	if len(f) > 4*len(s) {
		t.Errorf("Fold(%+q) grew from %d to %d bytes", s, len(s), len(f))
	}
	if strings.ContainsFunc(f, unicode.IsControl) || strings.Contains(f, "  ") || strings.TrimSpace(f) != f {
		t.Errorf("Fold(%+q) = %+q holds a newline or loose white space", s, f)
	}
	// Canonically equal texts fold to one, unless there are more marks in a row than any honest text has.
	if utf8.ValidString(s) && utf8.RuneCountInString(norm.NFD.String(s)) <= foldMostMarks && Fold(Normalize(s)) != f {
		t.Errorf("Fold(%+q) = %+q, of its normal form %+q", s, f, Fold(Normalize(s)))
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{
		"O-Smach", "Đặng", "ក\u17d2\u200b\u178a", "ｶﾞ", "ᾳ", "a" + strings.Repeat("\u0301", 40), "ក" + strings.Repeat("\u17d2\u0323", 25),
		"か\u3099\u0301", "\u1e9b\u0323", "ក\u17d2\u200b\u093c\u178a", "\xff\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, s) })
}

func TestNormalize(t *testing.T) {
	if got := Normalize("Cafe\u0301"); got != "Café" {
		t.Errorf("Normalize = %+q", got)
	}
}

func TestSearchKey(t *testing.T) {
	for _, test := range []struct {
		names []string
		want  string
	}{
		{nil, ""},
		{[]string{"", " - "}, ""},
		{[]string{"O-Smach", "O'Smach", "ឱស្មាច់"}, "\no smach\n" + Fold("ឱស្មាច់") + "\n"},
		{[]string{"two\nlines"}, "\ntwo lines\n"},
	} {
		if got := SearchKey(test.names...); got != test.want {
			t.Errorf("SearchKey(%q) = %q, want %q", test.names, got, test.want)
		}
	}
}

func TestSearchRank(t *testing.T) {
	key := SearchKey("Steung Meanchey compound", "Kompong Speu", "រាជធានីភ្នំពេញ")
	for _, test := range []struct {
		term string
		want int
	}{
		{"kompong  SPEU", 0},
		{"STEUNG-MEAN", 1},
		{"mean", 2},
		{"eanch", 3},
		{"ភ្នំពេញ", 3},
		{"no such place", -1},
		{"compound kompong", -1}, // not across names
		{"", -1},
	} {
		if got := SearchRank(key, Fold(test.term)); got != test.want {
			t.Errorf("SearchRank(%q) = %d, want %d", test.term, got, test.want)
		}
	}
	if got := SearchRank("", "a"); got != -1 {
		t.Errorf("SearchRank of no names = %d, want -1", got)
	}
}
