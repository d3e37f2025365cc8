package graph

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// version is a state of a record that a change ended.
type version struct {
	record Record
	// key is that of the record; the changes are the one it was in force from, 0 where that is not known, and the one that ended it.
	key         string
	from, until int64
	// published is when what ended it was, "" for always; recorded is when the change was recorded.
	published, recorded string
}

// formerState is what a record was at the moment, where it was not what it is now.
type formerState struct {
	// record is nil where there was none.
	record Record
	// named is what it was if something that was known spoke of it, although it had not been published itself.
	named Record
	// known is the key of a record that is as it is now, and was known although its time of publication came later: it had none.
	known string
}

// formerStates are the records that were other then, by their places.
func (p *past) formerStates(ctx context.Context) (map[string]formerState, error) {
	out := map[string]formerState{}
	var group []version
	place := ""
	end := func() {
		if len(group) > 0 {
			// What a relation to one led to before and after is in the order of its ends.
			slices.SortStableFunc(group, func(a, b version) int { return cmp.Compare(a.until, b.until) })
			if state, differs := p.stateOf(group); differs {
				out[place] = state
			}
		}
		group = group[:0]
	}
	err := p.versions(ctx, func(v version) {
		if at := p.schema.placeOfKey(v.key); at != place {
			end()
			place = at
		}
		group = append(group, v)
	})
	end()
	return out, err
}

// stateOf is what a record was at the moment, by all versions of its place, the oldest first. It differs where what the last
// version gave way to was not there yet. A record is known once one of its states is; it is then as the last one says that counts.
func (p *past) stateOf(group []version) (state formerState, differs bool) {
	began := map[int64]bool{} // by the change at which a state ended another, whether that counts
	for _, v := range group {
		began[v.until] = p.counts(v)
	}
	known, always := false, false
	for i, v := range group {
		if i > 0 && v.key != group[i-1].key {
			known, always = false, false
		}
		counts, replaced := began[v.from]
		if (counts || !replaced) && p.isRecorded(v.record) {
			at := p.publication(v.record)
			known, always = known || p.published.known(at), always || at == ""
			if state.named = v.record; known {
				state.record = v.record
			}
		}
		if followed := i+1 < len(group) && group[i+1].from == v.until; began[v.until] && !followed && i+1 < len(group) {
			state, known, always = formerState{}, false, false
		}
	}
	last := group[len(group)-1]
	if !began[last.until] {
		return state, true
	}
	return formerState{known: last.key}, always
}

// counts says whether the end of a version was known at the moment.
func (p *past) counts(v version) bool {
	return v.until <= p.last && p.recorded.known(v.recorded) && p.published.known(v.published)
}

// versions gives every version, those of a place together.
func (p *past) versions(ctx context.Context, yield func(v version)) error {
	k := p.journal.version
	field := func(name string) FieldRef { return FieldRef{Name: name, Type: k.Field(name).Type} }
	fields := []FieldRef{{Owner: OfID}, field("record"), field("state"), field("from"), field("until"), field("published"), field(RecordedAt)}
	order := []Order{{Field: field("record")}, {Field: field("until")}, {Field: FieldRef{Owner: OfID}}}
	sel := &Select{Name: "versions", Kinds: []*Kind{k}, Fields: fields, Order: order, Page: Page{Limit: 0}}
	first := &Plan{Roots: []*Select{sel}, Args: 1}
	behind := *sel
	behind.Page.After = []CursorKey{{Arg: 1}, {Arg: 2}, {Arg: 3}}
	next := &Plan{Roots: []*Select{&behind}, Args: 4}
	for plan, args := first, []any{int64(idBatch)}; ; plan = next {
		rows, err := ask(ctx, p.from, plan, args...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			v := version{key: text(row[1]), published: text(row[5]), recorded: text(row[6])}
			v.from, _ = row[3].(int64)
			v.until, _ = row[4].(int64)
			if v.record, err = DecodeRecord(p.schema, []byte(text(row[2]))); err != nil {
				return &Error{Code: Internal, Message: "a version cannot be read", Err: errors.Join(errors.New(text(row[0])), err)}
			}
			p.schema.CheckRecord(v.record) // completes it: it was good when it was put
			setChangedIn(v.record, v.from)
			yield(v)
		}
		if len(rows) < idBatch {
			return nil
		}
		last := rows[len(rows)-1]
		args = []any{int64(idBatch), last[1], last[4], last[0]}
	}
}

func setChangedIn(r Record, sequence int64) {
	if sequence == 0 {
		return
	}
	switch r := r.(type) {
	case *Node:
		r.Set(ChangedIn, sequence)
	case *Edge:
		r.Set(ChangedIn, sequence)
	}
}
