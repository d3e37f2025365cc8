package storetest

import (
	"encoding/json"
	"math/rand/v2"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// texts are names and words that are easy to get wrong: scripts, normal forms, quoting, patterns, order, length.
var texts = []string{
	// The order of code points: outside the basic plane behind U+E000 to U+FFFF, unlike that of UTF-16.
	"😀", "😀 party", "𠀀𠀁", "𐍈", "\U0010FFFD", "\uE000", "\uE000 own", "\uFFFD", "\uFFEE", "ＡＢＣ", "ﬁn", "豈", "\uF8FF", "a😀", "a\uFFEE", "a",
	// Normal forms and marks.
	"Café", "Cafe", "ÉCOLE", "école", "Straße", "STRASSE", "İstanbul", "istanbul", "ısı", "Đặng Thị Hằng", "Йошкар", "Ａ",
	// Hyphens, apostrophes, white space.
	"O-Smach", "O'Smach", "O’Smach", "o smach", "O Smach Resort", " leading", "trailing ", "two  spaces", "a\tb", "a\nb", "line\u2028end", "-", " ",
	// Khmer, with both forms of the subscript and a zero-width space; Thai; Chinese; Devanagari, Arabic, Korean.
	"ភ្នំពេញ", "រាជធានី\u200bភ្នំពេញ", "ខេត្តព្រះសីហនុ", "ក\u17d2\u178aី", "ក\u17d2\u178fី", "ស្ទឹងមានជ័យ", "ปอยเปต", "สแกมเมอร์ ปอยเปต", "กรุงเทพ",
	"柬中時報", "金邊", "金边市", "西哈努克港", "西港", "हिन्दी", "مُحَمَّد", "한국", "ガイド",
	// What a query language may take for its own.
	"", "null", "NULL", "0", "007", "1e5", "true", "it's", `say "so"`, `back\slash`, `\n`, "100%", "under_score", "under-score", "*star?[x]", "a%b_c",
	"$1", "`tick`", "{brace}", ":name", "?", "--", "/* no */", "\u0001", "\u007f", `["a"]`, `{"a":1}`, "'; DROP TABLE x",
	// Names that share beginnings and words.
	"Phnom Penh", "Phnom Penh Municipality", "phnom", "Steung Meanchey", "Meanchey", "North Meanchey Compound", "Sihanoukville", "Sihanouk",
	"City of Sihanouk", "An", "Anna", "Joanna", "Van An", "B", "Bavet", "bavet city",
}

// words build running text.
var words = []string{"police", "raid", "found", "phones", "in", "the", "compound", "ตำรวจ", "警察", "នគរបាល", "O-Smach", "Café", "😀", "200", "an", "ឃើញ", "没有"}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// chance is true in so many of a hundred cases.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// stored is a text as it is stored.
func stored(s string) string { return graph.Normalize(s) }

// shortText is a name, or two names, or one as long as an indexed text may be.
func shortText(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 65:
		return stored(pick(r, texts))
	case n < 98:
		return stored(pick(r, texts) + " " + pick(r, texts))
	case n < 99:
		return strings.Repeat("x", graph.MaxText-1) + string(rune('a'+r.IntN(3)))
	}
	return strings.Repeat("ខ", graph.MaxText/3) + string(rune('a'+r.IntN(3)))
}

// longText is running text, now and then of forty thousand bytes.
func longText(r *rand.Rand) string {
	n := r.IntN(12)
	if chance(r, 1) {
		n = 6000
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(pick(r, []string{" ", " ", " ", ", ", "-", "\n", ""}))
		}
		b.WriteString(pick(r, words))
	}
	if chance(r, 30) {
		b.WriteString(" " + pick(r, texts))
	}
	return stored(b.String())
}

// nameList is the JSON of a list of names.
func nameList(r *rand.Rand) string {
	type nameObject struct {
		Value    string  `json:"value"`
		Language *string `json:"language"`
		Kind     string  `json:"kind"`
	}
	list := []nameObject{}
	for range r.IntN(4) {
		o := nameObject{Value: shortText(r), Kind: "OFFICIAL"}
		if chance(r, 50) {
			l := pick(r, []string{"km", "en", "zh"})
			o.Language = &l
		}
		list = append(list, o)
	}
	var b strings.Builder
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(list); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
