package graph

import (
	"cmp"
	"slices"
)

// SpokenStatement is a statement, or a silence, with what the rules of positions, silences and commitments need of it. All given
// together have different ids.
type SpokenStatement struct {
	ID          string
	Kind        StatementKind
	Stance      Stance // as recorded, "" where it is not; see StanceOf
	Speaker     string // the id of the speaker
	Agency      string // the agency it speaks for, "" none
	About       []string
	Topic       string // the matter it speaks of or keeps silent about, "" not recorded
	AskedBy     string // "" where it is not recorded
	Answers     string // the id of the earlier statement that it answers, "" none
	Date        Period
	PublishedAt string // the earliest publication, RFC 3339, "" unknown
	Retracted   bool
}

// spokenOrder are the statements that are not retracted in the order in which they were made, as far as it can be told: by the earliest
// day, then by publication, then by id. One whose earliest day is open comes first.
func spokenOrder(statements []SpokenStatement) []int {
	var order []int
	for i := range statements {
		if !statements[i].Retracted {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		s, t := &statements[i], &statements[j]
		return cmp.Or(cmp.Compare(s.Date.From, t.Date.From), publishedTime(s.PublishedAt).Compare(publishedTime(t.PublishedAt)), cmp.Compare(s.ID, t.ID))
	})
	return order
}

// SpokenMatter is what one speaker was heard or asked about: a subject, and of it one topic. Words on one topic are no words on another:
// who tells that a raid took place has not said how many people were found.
type SpokenMatter struct{ Speaker, Subject, Topic string }

// matters sorts statements by matter, each in its order. A statement about several subjects is in the matter of each, once.
func matters(statements []SpokenStatement, order []int) (keys []SpokenMatter, of map[SpokenMatter][]int) {
	of = map[SpokenMatter][]int{}
	for _, i := range order {
		s := &statements[i]
		for n, about := range s.About {
			m := SpokenMatter{s.Speaker, about, s.Topic}
			if slices.Contains(s.About[:n], about) {
				continue
			}
			if of[m] == nil {
				keys = append(keys, m)
			}
			of[m] = append(of[m], i)
		}
	}
	slices.SortFunc(keys, compareMatters)
	return keys, of
}

func compareMatters(a, b SpokenMatter) int {
	return cmp.Or(cmp.Compare(a.Speaker, b.Speaker), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Topic, b.Topic))
}
