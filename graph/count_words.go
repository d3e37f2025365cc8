package graph

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ParseCount reads a count in the source's own English words: "606", "seven", "approximately 200", "more than 1,000", "200 to 300",
// "hundreds", "not counted yet". Raw keeps the words, trimmed and in NFC. Words that it does not understand, or that can be read in two ways, are
// an Invalid error that asks for mode and numbers: nothing is guessed.
func ParseCount(raw string) (Count, error) {
	raw = Normalize(strings.TrimSpace(raw))
	c, ok := parseCountWords(countText(raw))
	if !ok {
		return Count{}, Errorf(Invalid, `count %s is not understood: give mode and value, min, max explicitly, or words such as "606", "about 200", "more than 1,000", "200 to 300", "hundreds"`, Quote(raw))
	}
	c.Raw = raw
	if err := c.Check(); err != nil {
		return Count{}, err
	}
	return c.Complete(), nil
}

// countPhrases are whole texts, the thing counted left out.
var countPhrases = map[string]Count{
	"some": {Mode: CountSome}, "several": {Mode: CountSome}, "many": {Mode: CountSome}, "a few": {Mode: CountSome}, "few": {Mode: CountSome},
	"a handful": {Mode: CountSome}, "a number": {Mode: CountSome},
	"unknown": {Mode: CountUnknown}, "not known": {Mode: CountUnknown}, "unclear": {Mode: CountUnknown}, "undetermined": {Mode: CountUnknown},
	"not counted": {Mode: CountUnknown}, "not counted yet": {Mode: CountUnknown}, "not yet counted": {Mode: CountUnknown}, "uncounted": {Mode: CountUnknown},
	"not stated": {Mode: CountUnknown}, "not specified": {Mode: CountUnknown}, "unspecified": {Mode: CountUnknown},
	"an unknown number": {Mode: CountUnknown}, "an unspecified number": {Mode: CountUnknown}, "an undisclosed number": {Mode: CountUnknown},
	"none": {Mode: CountExact, Value: new(int64(0))}, "no": {Mode: CountExact, Value: new(int64(0))}, "nobody": {Mode: CountExact, Value: new(int64(0))},
	"no one": {Mode: CountExact, Value: new(int64(0))},
}

// countOrders are the plurals that name an order of magnitude: from one of the unit (ACLED's convention) up to where the next begins.
var countOrders = map[string][2]int64{
	"dozens": {12, 99}, "tens": {10, 99}, "scores": {20, 99}, "hundreds": {100, 999}, "thousands": {1000, 9999},
	"tens of thousands": {10_000, 99_999}, "hundreds of thousands": {100_000, 999_999}, "millions": {1_000_000, 9_999_999},
}

// countPrefixes are the words before a number, those that begin like another one first.
var countPrefixes = []struct {
	words string
	mode  CountMode
}{
	{"an estimated", CountApprox}, {"approximately", CountApprox}, {"approx.", CountApprox}, {"approx", CountApprox}, {"around", CountApprox},
	{"about", CountApprox}, {"roughly", CountApprox}, {"estimated", CountApprox}, {"circa", CountApprox}, {"ca.", CountApprox}, {"c.", CountApprox},
	{"some", CountApprox}, {"~", CountApprox}, {"≈", CountApprox},
	{"more than", CountMoreThan}, {"greater than", CountMoreThan}, {"just over", CountMoreThan}, {"over", CountMoreThan}, {"above", CountMoreThan}, {">", CountMoreThan},
	{"at least", CountAtLeast}, {"no fewer than", CountAtLeast}, {"no less than", CountAtLeast}, {"not less than", CountAtLeast}, {"a minimum of", CountAtLeast}, {"≥", CountAtLeast},
	{"up to", CountUpTo}, {"at most", CountUpTo}, {"no more than", CountUpTo}, {"not more than", CountUpTo}, {"as many as", CountUpTo}, {"a maximum of", CountUpTo}, {"≤", CountUpTo},
	{"fewer than", CountFewerThan}, {"less than", CountFewerThan}, {"under", CountFewerThan}, {"below", CountFewerThan}, {"<", CountFewerThan},
	{"nearly", CountNearly}, {"almost", CountNearly}, {"just under", CountNearly}, {"close to", CountNearly},
	{"exactly", CountExact}, {"precisely", CountExact}, {"a total of", CountExact}, {"only", CountExact},
}

var countSuffixes = []struct {
	words string
	mode  CountMode
}{{"+", CountAtLeast}, {" or more", CountAtLeast}, {" or fewer", CountUpTo}, {" or less", CountUpTo}, {" or so", CountApprox}}

// countThings are what may stand behind a number; they do not bear on it.
var countThings = []string{
	"people", "persons", "person", "individuals", "foreigners", "foreign", "nationals", "workers", "employees", "women", "men", "victims", "suspects",
}

func countText(raw string) string {
	text := strings.NewReplacer("–", "-", "‐", "-", "‑", "-", "—", "-", "−", "-", "’", "'").Replace(strings.ToLower(raw))
	words := strings.Fields(text)
	for len(words) > 1 && slices.Contains(countThings, words[len(words)-1]) {
		words = words[:len(words)-1]
		if n := len(words); n > 1 && words[n-1] == "of" {
			words = words[:n-1]
		}
	}
	return strings.Join(words, " ")
}

func parseCountWords(text string) (Count, bool) {
	if c, ok := countPhrases[text]; ok {
		return c, true
	}
	if c, ok := parseCountOrder(text); ok {
		return c, true
	}
	if n, ok := parseWholeNumber(text); ok {
		return Count{Mode: CountExact, Value: &n}, true
	}
	if c, ok := parseCountRange(text); ok {
		return c, true
	}
	for _, p := range countPrefixes {
		rest, ok := strings.CutPrefix(text, p.words)
		if !ok {
			continue
		}
		if n, ok := parseWholeNumber(strings.TrimPrefix(rest, " ")); ok && (rest[0] == ' ' || !isCountLetter(p.words[len(p.words)-1])) {
			return Count{Mode: p.mode, Value: &n}, true
		}
	}
	for _, s := range countSuffixes {
		if rest, ok := strings.CutSuffix(text, s.words); ok {
			if n, ok := parseWholeNumber(rest); ok {
				return Count{Mode: s.mode, Value: &n}, true
			}
		}
	}
	return Count{}, false
}

func isCountLetter(c byte) bool { return 'a' <= c && c <= 'z' }

// parseCountOrder reads "hundreds" and "several hundred".
func parseCountOrder(text string) (Count, bool) {
	for _, p := range []string{"several ", "many ", "a few ", "some "} {
		if unit, ok := strings.CutPrefix(text, p); ok && (unit == "hundred" || unit == "thousand" || unit == "dozen") {
			text = unit + "s"
		}
	}
	order, ok := countOrders[text]
	return Count{Mode: CountOrder, Min: &order[0], Max: &order[1]}, ok
}

// parseCountRange reads "200 to 300", "from 200 to 300", "200-300" and "between 200 and 300".
func parseCountRange(text string) (Count, bool) {
	between := " to "
	if rest, ok := strings.CutPrefix(text, "between "); ok {
		text, between = rest, " and "
	} else if rest, ok := strings.CutPrefix(text, "from "); ok {
		text = rest
	} else if low, high, ok := strings.Cut(strings.ReplaceAll(text, " - ", "-"), "-"); ok && countDigits.MatchString(low) && countDigits.MatchString(high) {
		text = low + between + high
	}
	var found []Count
	for at := 0; ; {
		i := strings.Index(text[at:], between)
		if i < 0 {
			break
		}
		low, lowOK := parseWholeNumber(text[:at+i])
		high, highOK := parseWholeNumber(text[at+i+len(between):])
		if at += i + 1; lowOK && highOK && low <= high && !sharesScale(text[:at+i], low, text, high) {
			found = append(found, Count{Mode: CountRange, Min: &low, Max: &high})
		}
	}
	if len(found) != 1 { // none, or several readings
		return Count{}, false
	}
	return found[0], true
}

// sharesScale reports whether the scale of the upper number may be meant for the lower one as well: "two to three hundred".
func sharesScale(lowText string, low int64, text string, high int64) bool {
	for word, scale := range countScales {
		if strings.HasSuffix(text, " "+word) && !strings.Contains(lowText, word) && low > 0 && low*scale <= high {
			return true
		}
	}
	return false
}

var (
	countDigits = regexp.MustCompile(`^(\d{1,10}|\d{1,3}(,\d{3}){1,3}|\d{1,3}( \d{3}){1,3})$`)
	countScales = map[string]int64{"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
	countUnits  = []string{
		"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
		"sixteen", "seventeen", "eighteen", "nineteen",
	}
	countTens = []string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
)

// parseWholeNumber reads digits, with commas or spaces between thousands, or number words below a billion.
func parseWholeNumber(text string) (int64, bool) {
	if countDigits.MatchString(text) {
		n, err := strconv.ParseInt(strings.NewReplacer(",", "", " ", "").Replace(text), 10, 64)
		return n, err == nil
	}
	switch text {
	case "zero":
		return 0, true
	case "half a dozen":
		return 6, true
	}
	if strings.HasPrefix(text, "-") || strings.HasSuffix(text, "-") {
		return 0, false
	}
	p := numberWords{strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' })}
	if n, ok := p.small(); ok && p.take("dozen") && len(p.words) == 0 {
		return n * 12, true
	}
	p = numberWords{strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' })}
	total, limit := int64(0), int64(1_000_000_000)
	for {
		n, ok := p.group()
		if !ok {
			return 0, false
		}
		scale := int64(1)
		if p.take("thousand") {
			scale = 1000
		} else if p.take("million") {
			scale = 1_000_000
		}
		if n *= scale; scale >= limit || n >= limit { // each scale once, the greater one first
			return 0, false
		}
		total, limit = total+n, scale
		if len(p.words) == 0 {
			return total, true
		}
		p.take("and")
	}
}

// numberWords reads number words from the front.
type numberWords struct{ words []string }

func (p *numberWords) take(word string) bool {
	if len(p.words) == 0 || p.words[0] != word {
		return false
	}
	p.words = p.words[1:]
	return true
}

// group reads a number below 10,000: [small "hundred" ["and"]] [small].
func (p *numberWords) group() (int64, bool) {
	n, ok := p.small()
	if !ok || !p.take("hundred") {
		return n, ok
	}
	n *= 100
	rest := *p
	rest.take("and")
	if m, ok := rest.small(); ok && m < 100 && !slices.Contains(rest.words, "hundred") {
		*p = rest
		n += m
	}
	return n, true
}

// small reads 1 to 99 in words, digits before a scale word (3 hundred), or "a" before one (a thousand).
func (p *numberWords) small() (int64, bool) {
	if len(p.words) == 0 {
		return 0, false
	}
	word := p.words[0]
	if _, scaled := countScales[strings.Join(p.words[1:min(2, len(p.words))], "")]; scaled {
		n, err := strconv.ParseInt(word, 10, 64)
		if word == "a" {
			n, err = 1, nil
		}
		if err == nil && n > 0 && n < 1000 {
			p.words = p.words[1:]
			return n, true
		}
	}
	if i := slices.Index(countUnits, word); i > 0 {
		p.words = p.words[1:]
		return int64(i), true
	}
	tens := slices.Index(countTens, word)
	if tens < 2 {
		return 0, false
	}
	p.words = p.words[1:]
	if len(p.words) > 0 {
		if i := slices.Index(countUnits, p.words[0]); i >= 1 && i <= 9 {
			p.words = p.words[1:]
			return int64(tens*10 + i), true
		}
	}
	return int64(tens * 10), true
}
