package casefile

import (
	"strings"
	"unicode"
)

// enumValue is a word as the schema writes enum values: did not respond is DID_NOT_RESPOND.
func enumValue(word string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(strings.TrimSpace(word)))
}

// slug is a text as part of an id: lower case letters and digits, with hyphens between words.
func slug(text string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(text) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 48 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// local is an id behind its kind: gcnp-kh of agency:gcnp-kh.
func local(id string) string {
	_, rest, _ := strings.Cut(id, ":")
	return rest
}

// script is the ISO 15924 code of the script that the text is written in, where its letters are of one that is listed here.
func script(text string) string {
	found := ""
	for _, c := range text {
		if !unicode.IsLetter(c) {
			continue
		}
		code := ""
		for _, s := range scripts {
			if unicode.Is(s.letters, c) {
				code = s.code
			}
		}
		if code == "" || found != "" && found != code {
			return ""
		}
		found = code
	}
	return found
}

var scripts = []struct {
	code    string
	letters *unicode.RangeTable
}{
	{"Latn", unicode.Latin}, {"Khmr", unicode.Khmer}, {"Hani", unicode.Han}, {"Thai", unicode.Thai}, {"Laoo", unicode.Lao},
	{"Mymr", unicode.Myanmar}, {"Hang", unicode.Hangul}, {"Cyrl", unicode.Cyrillic}, {"Arab", unicode.Arabic}, {"Deva", unicode.Devanagari},
}
