package graph

import (
	"context"
	"encoding/json"
	"slices"
)

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

// likeness is what a node is compared by, and what it shares by each of similarReading.near.
type likeness struct {
	Likeness
	near [][]string
}

// likenesses reads what nodes are compared by.
func (f *similarReading) likenesses(ctx context.Context, q Asked, ids []string) (map[string]*likeness, error) {
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
