package graph

import "context"

// journalling is what a schema has for the journal, and the plans that read it.
type journalling struct {
	change, version, begun, tombstone *Kind
	touched                           *Relation
	// last reads the number of the last change, whole does the same beside no commit; find finds a change by its id; doubtful finds,
	// of so many behind one (the first argument and the second), those that are of another origin than one, or were recorded by a time.
	last, whole, doubtful *Plan
	find                  *wholePlan
	// purged reads the digests of what was purged after a change (the second argument), as many as the first says.
	purged *Plan
}

// newJournalling is nil for a schema that has no journal.
func newJournalling(s *Schema) *journalling {
	j := &journalling{change: s.Kind(kindChange), version: s.Kind(kindVersion), begun: s.Kind(kindBeginning), tombstone: s.Kind(kindTombstone), touched: s.Relation(relTouched)}
	if j.change == nil || j.version == nil || j.begun == nil || j.tombstone == nil || j.touched == nil {
		return nil
	}
	number := FieldRef{Name: "sequence", Type: Int}
	last := func() *Select {
		return &Select{Name: "last change", Kinds: []*Kind{j.change}, Fields: []FieldRef{number, {Owner: OfID}}, Page: Page{Limit: 0},
			Order: []Order{{Field: number, Desc: true}, {Field: FieldRef{Owner: OfID}, Desc: true}}}
	}
	j.last = &Plan{Roots: []*Select{last()}, Args: 1}
	// Several roots are read from one state, in which each change is there as a whole or not at all.
	j.whole = &Plan{Roots: []*Select{last(), last()}, Args: 1}
	j.find = newWholePlan(j.change)
	field := func(name string) FieldRef { return FieldRef{Name: name, Type: j.change.Field(name).Type} }
	doubtful := &Select{Name: "doubtful changes", Kinds: []*Kind{j.change}, Fields: []FieldRef{{Owner: OfID}}, Page: Page{Limit: 0}, Order: []Order{{Field: FieldRef{Owner: OfID}}},
		Where: &Cond{Op: And, Of: []*Cond{{Op: Gt, Field: number, Arg: 1},
			{Op: Or, Of: []*Cond{{Op: Ne, Field: field("origin"), Arg: 2}, {Op: Le, Field: field(RecordedAt), Arg: 3}}}}}}
	of := func(name string) FieldRef { return FieldRef{Name: name, Type: j.tombstone.Field(name).Type} }
	purged := &Select{Name: "purged", Kinds: []*Kind{j.tombstone}, Fields: []FieldRef{{Owner: OfID}, of("digest"), of("reason")}, Page: Page{Limit: 0},
		Order: []Order{{Field: FieldRef{Owner: OfID}}}, Where: &Cond{Op: Gt, Field: of("sequence"), Arg: 1}}
	j.purged = &Plan{Roots: []*Select{purged}, Args: 2}
	j.doubtful = &Plan{Roots: []*Select{doubtful}, Args: 4}
	return j
}

// lastChange is the last change; one with the number 0 where there is none.
func (k *journalling) lastChange(ctx context.Context, of Asked) (lastChange, error) {
	rows, err := ask(ctx, of, k.last, int64(1))
	if err != nil || len(rows) == 0 {
		return lastChange{}, err
	}
	last, _ := rows[0][0].(int64)
	return lastChange{last, text(rows[0][1])}, nil
}

// LastSequence is the number of the last change of a graph, which is there as a whole; 0 where there is none.
func LastSequence(ctx context.Context, store Store, schema *Schema) (int64, error) {
	j := schema.projector().journal
	if j == nil {
		return 0, Errorf(Internal, "the schema has no journal")
	}
	sets, err := store.Query(ctx, j.whole, []any{int64(1)})
	if err != nil || len(sets[0].Rows) == 0 {
		return 0, err
	}
	last, _ := sets[0].Rows[0][0].(int64)
	return last, nil
}
