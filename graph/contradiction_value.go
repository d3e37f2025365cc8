package graph

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"strings"
)

// oneValued reports whether a node of the kind has one value of the property by nature, at any time. What can change (a post, a parent
// agency, an owner), what many can be (a participant, a nationality among the people found, an outcome) and what words can tell in
// two ways (a form, a place) is left out on purpose: two values of it contradict nothing.
func oneValued(kind, property string) bool {
	return slices.Contains(oneValuedProperties[kind], property)
}

var oneValuedProperties = map[string][]string{
	kindRaid:         {"province", propertyScreening},
	kindCompound:     {"province"},
	kindRepatriation: {"nationality", "origin", "destination"},
	kindStatement:    {"speaker"},
	kindAgency:       {"country"},
	kindEmbassy:      {"sending", "receiving"},
	"Province":       {"country"},
}

// propertyScreening is the property of claims on whether the people of a raid were screened.
const propertyScreening = "screening"

// valueClash is the claims on one property of one subject, of which some exclude each other.
type valueClash struct {
	members  []int                 // by id
	count    int                   // of the pairs that exclude each other
	partners func(place int) []int // the places in members after this one that it excludes, ascending
}

// valueClashes are those of all subjects.
type valueClashes []valueClash

func newValueClashes(claims []SubjectClaim, opts ContradictionOptions) valueClashes {
	type place struct{ subject, property string }
	groups := map[place][]int{}
	for i := range claims {
		if c := &claims[i]; c.Value != "" && c.stands() && opts.asksAbout(c.Subject) && oneValued(c.SubjectKind, c.Property) {
			at := place{c.Subject, c.Property}
			groups[at] = append(groups[at], i)
		}
	}
	var all valueClashes
	for at, members := range groups {
		slices.SortFunc(members, func(i, j int) int { return strings.Compare(claims[i].ID, claims[j].ID) })
		g := differentValues(claims, members)
		if at.property == propertyScreening {
			g = screeningClash(claims, members)
		}
		if g.count > 0 {
			all = append(all, g)
		}
	}
	return all
}

// pairs tells the claims that exclude each other and come after a place, by the id of the left and then of the right one, which is the
// greater id.
func (v valueClashes) pairs(claims []SubjectClaim, after ContradictionCursor) iter.Seq2[int, int] {
	return func(yield func(left, right int) bool) {
		type place struct{ group, member int }
		var lefts []place
		for g := range v {
			for m := range v[g].members {
				lefts = append(lefts, place{g, m})
			}
		}
		claim := func(p place) int { return v[p.group].members[p.member] }
		slices.SortFunc(lefts, func(p, q place) int { return strings.Compare(claims[claim(p)].ID, claims[claim(q)].ID) })
		if after.section() < sectionValues {
			after.Left = ""
		}
		for _, p := range lefts {
			left := claims[claim(p)].ID
			if left < after.Left {
				continue
			}
			for _, m := range v[p.group].partners(p.member) {
				right := v[p.group].members[m]
				if left == after.Left && claims[right].ID <= after.Right {
					continue
				}
				if !yield(claim(p), right) {
					return
				}
			}
		}
	}
}

// differentValues pairs the claims whose values differ.
func differentValues(claims []SubjectClaim, members []int) valueClash {
	g := valueClash{members: members}
	values := make([]string, len(members))
	of := map[string]int{}
	for m, i := range members {
		values[m] = Fold(claims[i].Value)
		g.count += m - of[values[m]]
		of[values[m]]++
	}
	// next is the first place after one whose value is another, so that a run of equal values is one step.
	next := make([]int, len(members))
	for m := len(members) - 1; m >= 0; m-- {
		if next[m] = m + 1; m+1 < len(members) && values[m+1] == values[m] {
			next[m] = next[m+1]
		}
	}
	g.partners = func(place int) (others []int) {
		for m := next[place]; m < len(members); {
			if values[m] == values[place] {
				m = next[m]
				continue
			}
			others = append(others, m)
			m++
		}
		return others
	}
	return g
}

// screeningClash pairs the words on the screening of one raid that exclude each other. As in ScreeningOf, silences are no words, and what
// a speaker said on a later day replaces what the same speaker said before.
func screeningClash(claims []SubjectClaim, members []int) valueClash {
	last := map[string]string{} // by speaker, the last day of a word
	for _, i := range members {
		c := &claims[i]
		if status := ScreeningStatus(c.Value); slices.Contains(screeningSteps, status) || status == ScreeningDisputed {
			last[c.SaidBy] = max(last[c.SaidBy], saidDay(c.SaidOn, c.PublishedAt))
		}
	}
	g := valueClash{}
	var words []screeningWord
	for _, i := range members {
		c := &claims[i]
		w := screeningWord{slices.Index(screeningSteps, ScreeningStatus(c.Value)), c.SaidBy, saidDay(c.SaidOn, c.PublishedAt)}
		if w.step < 0 || w.by != "" && w.day != "" && w.day < last[w.by] {
			continue
		}
		g.members, words = append(g.members, i), append(words, w)
	}
	// Of each step the words by their day, those without one first.
	steps := make([][]int, len(screeningSteps))
	for m, w := range words {
		steps[w.step] = append(steps[w.step], m)
	}
	for _, step := range steps {
		slices.SortFunc(step, func(m, n int) int { return cmp.Or(cmp.Compare(words[m].day, words[n].day), cmp.Compare(m, n)) })
	}
	g.partners = func(place int) (others []int) {
		for _, run := range append(screeningPartners(words, steps, words[place], true), screeningPartners(words, steps, words[place], false)...) {
			for _, m := range run {
				if m > place {
					others = append(others, m)
				}
			}
		}
		slices.Sort(others)
		return others
	}
	for _, w := range words {
		for _, run := range screeningPartners(words, steps, w, true) {
			g.count += len(run)
		}
	}
	return g
}

// screeningPartners are the words of later steps (or of earlier ones) that w excludes, as runs of those in the order of their days: of a
// later step the beginning, up to the day of w, and of an earlier step those without a day and the end, from the day of w.
func screeningPartners(words []screeningWord, steps [][]int, w screeningWord, later bool) (runs [][]int) {
	for s, step := range steps {
		if s == w.step || (s > w.step) != later || !w.excludes(screeningWord{step: s, day: w.day}) {
			continue
		}
		first := func(is func(day string) bool) int {
			return sort.Search(len(step), func(k int) bool { return is(words[step[k]].day) })
		}
		switch {
		case w.day == "":
			runs = append(runs, step)
		case later:
			runs = append(runs, step[:first(func(day string) bool { return day > w.day })])
		default:
			runs = append(runs, step[:first(func(day string) bool { return day != "" })], step[first(func(day string) bool { return day >= w.day }):])
		}
	}
	return runs
}

// valueSteps tells why two values exclude each other.
func valueSteps(left, right *SubjectClaim) []string {
	if left.Property == propertyScreening {
		further, other := right, left
		if slices.Index(screeningSteps, ScreeningStatus(left.Value)) > slices.Index(screeningSteps, ScreeningStatus(right.Value)) {
			further, other = left, right
		}
		return []string{further.Value + " excludes " + other.Value + ", and is not known to be said later"}
	}
	return []string{"there is one " + left.Property, Quote(left.Value) + " is not " + Quote(right.Value)}
}
