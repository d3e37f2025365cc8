package graph

import (
	"cmp"
	"context"
	"encoding/json"
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
// none of which it was judged that they are not the same. It is NotFound where there is no such record, and Invalid where those of
// its kind are not merged.
func FindSimilar(ctx context.Context, store Store, schema *Schema, id string) ([]Similar, error) {
	k, err := schema.KindOfID(id)
	if err != nil {
		return nil, err
	}
	p := schema.projector()
	if p.identity == nil || !k.Mergeable() {
		return nil, Errorf(Invalid, "%s is of the kind %s, and those are not merged", Quote(id), k.Name)
	}
	f := p.identity.similar[k]
	ids, err := p.identity.read(ctx, store, schema)
	if err != nil {
		return nil, err
	}
	id = ids.survivor(id)
	of, err := f.likenesses(ctx, store, []string{id})
	if err != nil {
		return nil, err
	}
	if of[id] == nil {
		return nil, Errorf(NotFound, "there is no %s", Quote(id))
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
func (i *identifying) apart(ctx context.Context, q Querier, ids *identities, id string) (idSet, error) {
	members := ids.members[id]
	if members == nil {
		members = []string{id}
	}
	j, out := i.notSame, idSet{}
	sets, err := q.Query(ctx, j.plan, []any{string(VerdictNotSame), idList(members)})
	if err != nil {
		return nil, err
	}
	for _, row := range sets[0].Rows {
		for _, other := range []int{j.record, j.other} {
			out.add(ids.survivor(text(row[other])))
		}
	}
	return out, nil
}

// similarReading reads what nodes of a kind are compared by, and finds nodes to compare with.
type similarReading struct {
	kind                                               *Kind
	plan                                               *Plan
	name, names, merged, external, latitude, longitude int
	from, to                                           int
	province                                           *reading
	events                                             []*reading
	search, dated                                      *Plan
	near                                               []*nearReading
}

// nearReading goes from events (or compounds) to those that share them.
type nearReading struct {
	plan *Plan
	far  *reading
	of   *reading
}

// sharedBy are the relations by which records share events or compounds; candidates are found by those that few share.
var sharedBy = []struct {
	relation string
	finds    bool
}{{relTargeted, true}, {relFromCompound, true}, {relParticipated, false}}

func newSimilarReading(s *Schema, k *Kind) *similarReading {
	f := &similarReading{kind: k, name: -1, names: -1, merged: -1, external: -1, latitude: -1, longitude: -1, from: -1, to: -1}
	r := readByID(k)
	r.and(isNull(k, RetractedAt))
	place := func(name string) int {
		if k.Field(name) == nil {
			return -1
		}
		return r.field(name)
	}
	f.name, f.names, f.merged, f.external = place("name"), place("names"), place(mergedNames), place("externalIds")
	if f.latitude, f.longitude = place("place.latitude"), place("place.longitude"); f.latitude < 0 {
		f.latitude, f.longitude = place("latitude"), place("longitude")
	}
	f.from, f.to = place("date.from"), place("date.to")
	located, province := s.Relation(relLocatedIn), s.Kind(kindProvince)
	if located != nil && province != nil && located.Joins(k, province) {
		f.province = r.out(located, province)
	}
	for _, shared := range sharedBy {
		rel := s.Relation(shared.relation)
		if rel == nil {
			continue
		}
		for _, out := range []bool{true, false} {
			for _, far := range rel.Far(k, out) {
				e := r.in(rel, far)
				if out {
					e.sel.Via.Out = true
				}
				e.sel.Page.Limit = 1
				f.events = append(f.events, e)
				if shared.finds {
					f.near = append(f.near, newNearReading(rel, k, far, out, e))
				}
			}
		}
	}
	f.plan = r.plan(2)
	f.search = &Plan{Args: 4, Roots: []*Select{{Name: k.Singular, Kinds: []*Kind{k}, Fields: []FieldRef{{Owner: OfID}},
		Search: &Search{Term: 0, Words: 1, Longest: 2}, Page: Page{Limit: 3}}}}
	if f.from >= 0 && f.province != nil && k.Field("date.from").Index {
		d := readByID(k)
		day := func(op Op, name string, arg Arg) *Cond {
			return &Cond{Op: op, Field: FieldRef{Name: name, Type: Date}, Arg: arg}
		}
		d.where(day(Ge, "date.from", 0), day(Le, "date.from", 1), &Cond{Op: Some, Via: &Via{Relation: located, Out: true, One: true}, Kinds: []*Kind{province},
			Of: []*Cond{{Op: Eq, Field: FieldRef{Owner: OfID}, Arg: 2}}, Arg: NoArg})
		d.sel.Order = append([]Order{{Field: FieldRef{Name: "date.from", Type: Date}}}, d.sel.Order...)
		d.sel.Page.Limit = 3
		f.dated = d.plan(4)
	}
	return f
}

func newNearReading(rel *Relation, k, far *Kind, out bool, of *reading) *nearReading {
	r := readByID(far)
	n := &nearReading{of: of}
	n.far = r.in(rel, k)
	n.far.sel.Via.Out = !out
	n.far.sel.Page.Limit = 1
	n.plan = r.plan(2)
	return n
}

// candidates are the ids of nodes that may be similar to one.
func (f *similarReading) candidates(ctx context.Context, q Querier, of *likeness) (idSet, error) {
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

// likeness is what a node is compared by, and what it shares by each of similarReading.near.
type likeness struct {
	Likeness
	near [][]string
}

// likenesses reads what nodes are compared by.
func (f *similarReading) likenesses(ctx context.Context, q Querier, ids []string) (map[string]*likeness, error) {
	out := map[string]*likeness{}
	for batch := range slices.Chunk(ids, projectBatch) {
		sets, err := q.Query(ctx, f.plan, []any{idList(batch), int64(mostNear)})
		if err != nil {
			return nil, err
		}
		for _, row := range sets[0].Rows {
			out[rowID(row)] = f.of(row)
		}
	}
	return out, nil
}

func (f *similarReading) of(row Row) *likeness {
	l := &likeness{}
	at := func(place int) any {
		if place < 0 {
			return nil
		}
		return row[place]
	}
	l.Names = append(l.Names, text(at(f.name)))
	var names []struct{ Value string }
	if json.Unmarshal([]byte(text(at(f.names))), &names) == nil {
		for _, n := range names {
			l.Names = append(l.Names, n.Value)
		}
	}
	if merged, ok := at(f.merged).([]string); ok {
		l.Names = append(l.Names, merged...)
	}
	var ids []struct{ Scheme, Value string }
	if json.Unmarshal([]byte(text(at(f.external))), &ids) == nil {
		for _, id := range ids {
			l.ExternalIDs = append(l.ExternalIDs, id.Scheme+" "+id.Value)
		}
	}
	if lat, ok := at(f.latitude).(float64); ok {
		if lon, ok := at(f.longitude).(float64); ok {
			l.Latitude, l.Longitude = &lat, &lon
		}
	}
	l.From, l.To = text(at(f.from)), text(at(f.to))
	if f.province != nil {
		l.Province = f.province.id(row)
	}
	for _, e := range f.events {
		l.Events = append(l.Events, e.ids(row)...)
	}
	for _, n := range f.near {
		l.near = append(l.near, n.of.ids(row))
	}
	return l
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
