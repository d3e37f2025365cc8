package sqlite

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The full text index (_grams) finds the nodes whose search keys have every two characters in a row that the words searched
// for have. SQLite's own tokenizers know three characters, or words between spaces: neither serves scripts without spaces,
// where words of two characters are common. What the index finds is then compared with the words themselves.
//
// A change of what gram or keyGrams return needs a migration that makes the index anew.

// mostGrams bounds what a search asks of the index; it compares with the words themselves in any case.
const mostGrams = 16

// gram names two characters in letters and digits, for SQLite's ascii tokenizer.
func gram(out []byte, a, b rune) []byte {
	plain := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }
	if plain(a) && plain(b) {
		return append(out, byte(a), byte(b))
	}
	return strconv.AppendInt(append(out, '0'), int64(a)<<21|int64(b), 36)
}

func space(r rune) bool { return r == ' ' || r == '\n' }

// addGrams adds the names of each two characters that stand side by side in a word of the text and were not seen before.
func addGrams(out []byte, text string, seen map[uint64]struct{}) []byte {
	last := ' '
	for _, r := range text {
		if !space(r) && !space(last) {
			key := uint64(last)<<32 | uint64(r)
			if _, known := seen[key]; !known {
				seen[key] = struct{}{}
				out = append(gram(out, last, r), ' ')
			}
		}
		last = r
	}
	return out
}

// keyGrams is what the index holds for a node.
func keyGrams(name, text string) string {
	seen := make(map[uint64]struct{}, min(len(name)+len(text), 512))
	return string(addGrams(addGrams(nil, name, seen), text, seen))
}

// match is what the index is asked for the words of a search; nil where no word has two characters, so that it cannot help.
func match(words []any) any {
	var out []byte
	seen := map[uint64]struct{}{}
	for _, w := range words {
		if s, ok := w.(string); ok && utf8.RuneCountInString(s) > 1 {
			out = addGrams(out, s, seen)
		}
	}
	if len(out) == 0 {
		return nil
	}
	all := strings.Fields(string(out))
	if len(all) <= mostGrams {
		return strings.Join(all, " ")
	}
	// Those spread over the words tell more than those of the first word.
	var some []string
	for i := range mostGrams {
		some = append(some, all[i*len(all)/mostGrams])
	}
	return strings.Join(some, " ")
}
