package graph

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
)

// SimilaritySignal is what two records are compared by.
type SimilaritySignal string

// The signals, in the order in which they are told.
const (
	// SimilarNames: their most similar names in one script.
	SimilarNames SimilaritySignal = "NAME"
	// SimilarIDs: whether they share an id in another system.
	SimilarIDs SimilaritySignal = "EXTERNAL_ID"
	// SimilarProvince: whether they are in one province.
	SimilarProvince SimilaritySignal = "PROVINCE"
	// SimilarPlace: how near their coordinates are.
	SimilarPlace SimilaritySignal = "DISTANCE"
	// SimilarEvents: how many of the events or compounds of the one are those of the other.
	SimilarEvents SimilaritySignal = "EVENT"
	// SimilarDates: whether they may have happened on one day.
	SimilarDates SimilaritySignal = "DATE"
)

// similarityWeights say how much a signal tells.
var similarityWeights = map[SimilaritySignal]float64{SimilarNames: 5, SimilarIDs: 4, SimilarProvince: 1, SimilarPlace: 2, SimilarEvents: 1, SimilarDates: 3}

const (
	// unknownWeight stands for what is not known of two records: the fewer signals there are, the lower is the score.
	unknownWeight = 2
	// mostComparedNames is how many names of a record are compared.
	mostComparedNames = 20
	// halfDistance is the distance in km at which DISTANCE is a half.
	halfDistance = 5.0
	// farDays is how many days two dates lie apart for DATE to be nothing.
	farDays = 15
)

// Likeness is what of a record is compared with others.
type Likeness struct {
	Names []string
	// ExternalIDs are scheme, blank and value.
	ExternalIDs []string
	// Province is the id of the province; empty where it is not known.
	Province            string
	Latitude, Longitude *float64
	// From and To are the first and the last day of an event; empty where they are open.
	From, To string
	// Events are the ids of the events of a compound or an actor, or of the compounds of an event.
	Events []string
}

// SimilarityReason is one signal: its score from 0 to 1, and what it compared.
type SimilarityReason struct {
	Signal      SimilaritySignal
	Score       float64
	Left, Right string
}

// Similarity says how similar two records are, from 0 to 1, and why: the mean of the signals of which both tell something, by their
// weights, less what is not known. It is the same the other way round, with left and right changed, and in whatever order
// names, ids and events are given.
func Similarity(a, b *Likeness) (score float64, reasons []SimilarityReason) {
	for _, signal := range []func(a, b *Likeness) (SimilarityReason, bool){similarNames, similarIDs, similarProvince, similarPlace, similarEvents, similarDates} {
		if r, known := signal(a, b); known {
			reasons = append(reasons, r)
		}
	}
	weights := float64(unknownWeight)
	for _, r := range reasons {
		score += similarityWeights[r.Signal] * r.Score
		weights += similarityWeights[r.Signal]
	}
	for i := range reasons {
		reasons[i].Score = thousandths(reasons[i].Score)
	}
	return thousandths(score / weights), reasons
}

// thousandths rounds a score: more digits say nothing, and differ between processors.
func thousandths(score float64) float64 { return math.Round(score*1000) / 1000 }

// comparedName is a name with its script and the forms in which it is compared.
type comparedName struct {
	name, script string
	forms        [3][]rune // folded, without blanks, with its words in order
}

func comparedNames(names []string) []comparedName {
	sorted := slices.Compact(slices.Sorted(slices.Values(names)))
	var out []comparedName
	for _, name := range sorted {
		folded := Fold(name)
		if folded == "" || len(out) == mostComparedNames {
			continue
		}
		words := strings.Fields(folded)
		joined := strings.Join(words, "")
		slices.Sort(words)
		out = append(out, comparedName{name, scriptOf(folded), [3][]rune{[]rune(folded), []rune(joined), []rune(strings.Join(words, " "))}})
	}
	return out
}

// scriptOf is the script of the first letter of a text that is of one; empty without a letter.
func scriptOf(text string) string {
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		if unicode.Is(unicode.Latin, r) {
			return "Latin"
		}
		for name, table := range unicode.Scripts {
			if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
				return name
			}
		}
	}
	return ""
}

// orBetter is a comparison, or another that scores higher; of two that score the same, the same one whichever side is asked.
func (r SimilarityReason) orBetter(score float64, left, right string) SimilarityReason {
	if c := cmp.Or(cmp.Compare(r.Score, score), cmp.Compare(min(left, right), min(r.Left, r.Right)), cmp.Compare(max(left, right), max(r.Left, r.Right))); c < 0 {
		r.Score, r.Left, r.Right = score, left, right
	}
	return r
}

func similarNames(a, b *Likeness) (SimilarityReason, bool) {
	best, known := SimilarityReason{Signal: SimilarNames, Score: -1}, false
	others := comparedNames(b.Names)
	for _, x := range comparedNames(a.Names) {
		for _, y := range others {
			if x.script != y.script {
				continue
			}
			score := 0.0
			for i := range x.forms {
				score = max(score, jaroWinkler(x.forms[i], y.forms[i]))
			}
			best, known = best.orBetter(score, x.name, y.name), true
		}
	}
	return best, known
}

// jaroWinkler is the similarity of two texts by the characters that they share near the same place, and the beginning that they share, from
// 0 to 1 (Winkler 1990).
func jaroWinkler(a, b []rune) float64 {
	if slices.Equal(a, b) {
		return 1
	}
	if c := cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b)); c > 0 {
		a, b = b, a // what is taken first may decide
	}
	window := max(len(a), len(b))/2 - 1
	taken := make([]bool, len(b))
	var shared []rune
	for i, r := range a {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if !taken[j] && b[j] == r {
				taken[j] = true
				shared = append(shared, r)
				break
			}
		}
	}
	if len(shared) == 0 {
		return 0
	}
	moved, next := 0, 0
	for j, is := range taken {
		if is {
			if shared[next] != b[j] {
				moved++
			}
			next++
		}
	}
	m := float64(len(shared))
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(moved/2))/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

func similarIDs(a, b *Likeness) (SimilarityReason, bool) {
	best, known := SimilarityReason{Signal: SimilarIDs, Score: -1}, false
	for _, x := range a.ExternalIDs {
		for _, y := range b.ExternalIDs {
			scheme, _, _ := strings.Cut(x, " ")
			if other, _, _ := strings.Cut(y, " "); scheme != other {
				continue
			}
			score := 0.0
			if x == y {
				score = 1
			}
			best, known = best.orBetter(score, x, y), true
		}
	}
	return best, known
}

func similarProvince(a, b *Likeness) (SimilarityReason, bool) {
	r := SimilarityReason{Signal: SimilarProvince, Left: a.Province, Right: b.Province}
	if a.Province == b.Province {
		r.Score = 1
	}
	return r, a.Province != "" && b.Province != ""
}

func similarPlace(a, b *Likeness) (SimilarityReason, bool) {
	if a.Latitude == nil || a.Longitude == nil || b.Latitude == nil || b.Longitude == nil {
		return SimilarityReason{}, false
	}
	at := func(l *Likeness) string { return fmt.Sprintf("%.5f, %.5f", *l.Latitude, *l.Longitude) }
	km := distance(*a.Latitude, *a.Longitude, *b.Latitude, *b.Longitude)
	return SimilarityReason{SimilarPlace, halfDistance / (halfDistance + km), at(a), at(b)}, true
}

// distance is that of two points on the earth in km (haversine).
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const radius, degree = 6371.0, math.Pi / 180
	half := func(x float64) float64 { s := math.Sin(x * degree / 2); return s * s }
	h := half(lat2-lat1) + math.Cos(lat1*degree)*math.Cos(lat2*degree)*half(lon2-lon1)
	return 2 * radius * math.Asin(math.Sqrt(min(1, h)))
}

func similarEvents(a, b *Likeness) (SimilarityReason, bool) {
	if len(a.Events) == 0 || len(b.Events) == 0 {
		return SimilarityReason{}, false
	}
	x, y := slices.Compact(slices.Sorted(slices.Values(a.Events))), slices.Compact(slices.Sorted(slices.Values(b.Events)))
	shared := slices.DeleteFunc(slices.Clone(x), func(id string) bool { return !slices.Contains(y, id) })
	list := func(ids []string) string {
		const most = 3
		if len(ids) > most {
			return strings.Join(ids[:most], ", ") + fmt.Sprintf(" and %d more", len(ids)-most)
		}
		return strings.Join(ids, ", ")
	}
	r := SimilarityReason{Signal: SimilarEvents, Score: float64(len(shared)) / float64(min(len(x), len(y))), Left: list(x), Right: list(y)}
	if len(shared) > 0 {
		r.Left, r.Right = list(shared), list(shared)
	}
	return r, true
}

func similarDates(a, b *Likeness) (SimilarityReason, bool) {
	if a.From == "" || a.To == "" || b.From == "" || b.To == "" {
		return SimilarityReason{}, false
	}
	span := func(l *Likeness) string {
		if l.From == l.To {
			return l.From
		}
		return l.From + "/" + l.To
	}
	r := SimilarityReason{SimilarDates, 1, span(a), span(b)}
	later, earlier := max(a.From, b.From), min(a.To, b.To)
	if later > earlier {
		from, _ := time.Parse(time.DateOnly, earlier)
		to, _ := time.Parse(time.DateOnly, later)
		r.Score = max(0, 1-to.Sub(from).Hours()/24/farDays)
	}
	return r, true
}
