package graph

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Candidates come from what indexes find: names that begin, or have a word that begins, like one of the record's; events and compounds
// that share a compound or an event with it; events in its province within farDays. None of these reads more than a bound.
const (
	// mostPieces is how many beginnings of words are searched for, and mostFound how many nodes are taken of each.
	mostPieces = 8
	mostFound  = 50
	// mostNear is how many nodes are taken of each other way, and how many events or compounds of one are looked at.
	mostNear = 100
	// MostSimilar is how many are offered.
	MostSimilar = 100
	// leastSimilar is the lowest score that is offered.
	leastSimilar = 0.5
)

// Similar is a record that may be the same as another.
type Similar struct {
	ID      string
	Score   float64
	Reasons []SimilarityReason
}

// FindSimilar finds records that may be the same as one, the most similar first and then by id: none that is merged or was retracted, and
// none of which it was judged that they are not the same. There are none where there is no such record, or those of its kind are not merged.
// What is no id is Invalid.
func FindSimilar(ctx context.Context, store Asked, schema *Schema, id string) ([]Similar, error) {
	k, err := schema.KindOfID(id)
	if err != nil {
		return nil, err
	}
	p := schema.projector()
	if p.identity == nil || !k.Mergeable() {
		return nil, nil
	}
	f := p.identity.similar[k]
	ids, err := p.identity.read(ctx, store, schema)
	if err != nil {
		return nil, err
	}
	id = ids.survivor(id)
	of, err := f.likenesses(ctx, store, []string{id})
	if err != nil || of[id] == nil {
		return nil, err
	}
	found, err := f.candidates(ctx, store, of[id])
	if err != nil {
		return nil, err
	}
	apart, err := p.identity.apart(ctx, store, ids, id)
	if err != nil {
		return nil, err
	}
	delete(found, id)
	for other := range apart {
		delete(found, other)
	}
	others, err := f.likenesses(ctx, store, sortedIDs(found))
	if err != nil {
		return nil, err
	}
	var out []Similar
	for other, l := range others {
		if score, reasons := Similarity(&of[id].Likeness, &l.Likeness); score >= leastSimilar {
			out = append(out, Similar{other, score, reasons})
		}
	}
	slices.SortFunc(out, func(a, b Similar) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), MostSimilar)], nil
}

// apart are the records of which it was judged that they are not the same as one.
func (i *identifying) apart(ctx context.Context, q Asked, ids *identities, id string) (idSet, error) {
	members := ids.members[id]
	if members == nil {
		members = []string{id}
	}
	judged, err := i.apartFrom(ctx, q, members...)
	if err != nil {
		return nil, err
	}
	out := idSet{}
	for _, j := range judged {
		out.add(ids.survivor(j.record))
		out.add(ids.survivor(j.into))
	}
	return out, nil
}

// apartFrom are the judgements that stand by which some records are not the same as others, the last at the end.
func (i *identifying) apartFrom(ctx context.Context, q Asked, records ...string) ([]sameness, error) {
	sets, err := q.Query(ctx, i.notSame.plan, []any{string(VerdictNotSame), idList(records)})
	if err != nil {
		return nil, err
	}
	judged := i.notSame.of(sets[0].Rows)
	slices.SortFunc(judged, compareJudged)
	return judged, nil
}

// candidates are the ids of nodes that may be similar to one.
func (f *similarReading) candidates(ctx context.Context, q Asked, of *likeness) (idSet, error) {
	out := idSet{}
	take := func(plan *Plan, args ...any) ([]Row, error) {
		sets, err := q.Query(ctx, plan, args)
		if err != nil {
			return nil, err
		}
		return sets[0].Rows, nil
	}
	for _, piece := range piecesOf(of.Names) {
		rows, err := take(f.search, piece, []any{piece}, piece, int64(mostFound))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			out.add(rowID(row))
		}
	}
	for i, n := range f.near {
		if len(of.near[i]) == 0 {
			continue
		}
		rows, err := take(n.plan, idList(of.near[i]), int64(mostNear))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			for _, id := range n.far.ids(row) {
				out.add(id)
			}
		}
	}
	if f.dated == nil || of.Province == "" || of.From == "" || of.To == "" {
		return out, nil
	}
	rows, err := take(f.dated, daysFrom(of.From, -farDays), daysFrom(of.To, farDays), of.Province, int64(mostNear))
	for _, row := range rows {
		out.add(rowID(row))
	}
	return out, err
}

// daysFrom is a day so many days from another.
func daysFrom(day string, days int) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// piecesOf are beginnings of words to search names for, those of the longest words first: three characters, two where a character is a
// syllable or a word; and the ends too of words in scripts that know no blanks.
func piecesOf(names []string) []string {
	type piece struct {
		text string
		of   int
	}
	var all []piece
	for _, name := range names {
		for _, word := range strings.Fields(Fold(name)) {
			letters := []rune(word)
			size := 3
			if letters[0] >= '\u2E80' {
				size = 2 // Chinese, Japanese, Korean
			}
			if len(letters) < 2 {
				continue
			}
			all = append(all, piece{string(letters[:min(size, len(letters))]), len(letters)})
			if len(letters) > size && utf8.RuneLen(letters[0]) > 2 {
				all = append(all, piece{string(letters[len(letters)-size:]), len(letters)})
			}
		}
	}
	slices.SortFunc(all, func(a, b piece) int { return cmp.Or(cmp.Compare(b.of, a.of), cmp.Compare(a.text, b.text)) })
	var out []string
	for _, p := range all {
		if len(out) < mostPieces && !slices.Contains(out, p.text) {
			out = append(out, p.text)
		}
	}
	return out
}
