package graph

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalize is the form in which every text is stored: NFC. Two texts that look alike and differ in composition alone become the same.
func Normalize(s string) string { return norm.NFC.String(s) }

const (
	khmerCoeng = '\u17D2' // makes the next consonant a subscript
	khmerDa    = '\u178A'
	khmerTa    = '\u178F'

	// foldMostMarks bounds the marks kept in a row. Honest text has a few; normal forms stop being stable beyond 30.
	foldMostMarks = 16
)

// markless are the scripts whose combining marks are spelling variants to a search: é finds e.
// In every other script a mark may be a vowel, and stays.
var markless = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common, unicode.Inherited}

// Fold is the form in which search compares texts (domain model, section 2): whatever one may reasonably type for the other folds to the same.
//
// Case and full-width forms fold. Zero-width spaces, joiners and other invisible characters go. Marks go from Latin, Greek and
// Cyrillic letters and stay in every other script, where they are vowels. The two encodings of the Khmer subscript TA/DA become one.
// Dashes and apostrophes become spaces (O-Smach, O'Smach, o smach), runs of white space one space, and the ends are trimmed; no
// newline survives, so that SearchKey can separate names by it. The result is NFC and valid UTF-8; folding it again changes nothing,
// and it is at most four times as long as s in bytes.
func Fold(s string) string {
	f := folder{out: make([]byte, 0, len(s))}
	if isASCII(s) {
		for i := range len(s) {
			f.add(rune(s[i]))
		}
		return string(f.out)
	}
	for _, r := range norm.NFD.String(strings.Map(foldWidth, s)) {
		f.add(r)
	}
	return norm.NFC.String(string(f.out))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldWidth drops what cannot be seen and gives full- and half-width forms their ordinary width. It comes before
// decomposition, so that what stood on the two sides of an invisible character is brought into canonical order.
func foldWidth(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return r
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		return -1
	case r == '\u034F', r == '\u17B4', r == '\u17B5': // the grapheme joiner; Khmer inherent vowels, which have no shape
		return -1
	case r == '\uFFE3': // full-width macron: a space with a mark
		return ' '
	case r >= '\uFF00' && r <= '\uFFEF':
		if wide := []rune(norm.NFKC.String(string(r))); len(wide) == 1 {
			return wide[0]
		}
	}
	return r
}

// folder builds folded text from decomposed runes.
type folder struct {
	out   []byte
	last  rune // the last rune written
	base  rune // the last rune written that is no mark
	marks int  // the marks written since base
	space bool // white space is due before the next rune
}

func (f *folder) add(r rune) {
	switch {
	case r == '\u034F': // decomposition puts it into long runs of marks
		return
	case unicode.IsSpace(r), unicode.IsControl(r), isHyphenOrApostrophe(r):
		f.space = true
		return
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
	case unicode.Is(unicode.M, r):
		f.addMark(r)
		return
	default:
		r = unicode.ToLower(unicode.ToUpper(r))
		if letters := foldLetter(r); letters != "" {
			f.separate()
			f.out = append(f.out, letters...)
			f.base, _ = utf8.DecodeLastRuneInString(letters)
			f.last, f.marks = f.base, 0
			return
		}
		if r == khmerDa && f.last == khmerCoeng && !f.space {
			r = khmerTa
		}
	}
	f.separate()
	f.out = utf8.AppendRune(f.out, r)
	f.last, f.base, f.marks = r, r, 0
}

// addMark writes a mark, unless it is a mark of no script in particular (or of Latin, Greek, Cyrillic) on a letter of such a script.
func (f *folder) addMark(r rune) {
	base := f.base
	if f.space {
		base = ' '
	}
	if unicode.In(r, markless...) && (base == 0 || unicode.In(base, markless...)) {
		return
	}
	f.separate()
	if f.marks == foldMostMarks {
		return
	}
	f.out = utf8.AppendRune(f.out, r)
	f.last = r
	f.marks++
}

// separate writes the white space that is due, never at the start.
func (f *folder) separate() {
	if f.space && len(f.out) > 0 {
		f.out = append(f.out, ' ')
		f.last, f.base, f.marks = ' ', ' ', 0
	}
	f.space = false
}

// isHyphenOrApostrophe reports whether r joins or elides parts of a name; sources differ in which one they use, or write a space.
func isHyphenOrApostrophe(r rune) bool {
	switch r {
	case '-', '\'', '`':
		return true
	case '\u00B4', '\u2018', '\u2019', '\u201B', '\u2032', '\u2035', // acute accent, quotation marks, primes
		'\u02B9', '\u02BB', '\u02BC', '\u02BD', '\u02BE', '\u02BF', '\u02C8', '\u02CA', '\u02CB', '\uA78B', '\uA78C', // modifier letters
		'\u2212', '\u02D7', '\u2043', '\u00B7': // minus signs, hyphen bullet, middle dot
		return true
	}
	return r >= utf8.RuneSelf && unicode.Is(unicode.Pd, r)
}

// foldLetter spells the Latin letters that do not decompose as people type them; "" for every other rune.
func foldLetter(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	}
	return ""
}

// SearchKey holds the folded names of one thing in one text that a store can search by plain substring tests:
// "\n" + each different Fold(name), joined by "\n" + "\n"; "" where there is no name. See SearchRank.
func SearchKey(names ...string) string {
	var folded []string
	for _, name := range names {
		if f := Fold(name); f != "" && !slices.Contains(folded, f) {
			folded = append(folded, f)
		}
	}
	if folded == nil {
		return ""
	}
	return "\n" + strings.Join(folded, "\n") + "\n"
}

// SearchRank says how well foldedTerm, a result of Fold, meets a key of SearchKey: 0 is a whole name, 1 the start of a name, 2 the start of a
// word, 3 anywhere, and -1 not at all. An empty term meets nothing. Stores rank by the same four substring tests, in this order:
// "\n"+t+"\n", "\n"+t, " "+t, t.
func SearchRank(key, foldedTerm string) int {
	switch t := foldedTerm; {
	case t == "" || !strings.Contains(key, t):
		return -1
	case strings.Contains(key, "\n"+t+"\n"):
		return 0
	case strings.Contains(key, "\n"+t):
		return 1
	case strings.Contains(key, " "+t):
		return 2
	}
	return 3
}
