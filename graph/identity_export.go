package graph

import "slices"

// Unresolved has an export speak of what was said, in place of what readers see of records that are merged. A store adds all that
// it holds of the kind OwnRecord, and then passes the records that it would yield, in the order of Store.Export. It
// holds what is merged in memory.
type Unresolved struct {
	schema  *Schema
	own     []Record
	members map[string]bool
}

// Unresolved makes one, and gives the kind whose nodes must be added; nil where the schema has no such kind.
func (s *Schema) Unresolved() (*Unresolved, *Kind) {
	i := s.projector().identity
	if i == nil {
		return &Unresolved{}, nil
	}
	return &Unresolved{schema: s, members: map[string]bool{}}, i.own
}

// Add takes an OwnRecord.
func (u *Unresolved) Add(n *Node) error {
	r, err := ownRecord(u.schema, n)
	if err != nil {
		return err
	}
	switch r := r.(type) {
	case *Node:
		u.members[r.ID] = true
	case *Edge:
		if r.Relation.Projection {
			return nil
		}
	}
	u.own = append(u.own, r)
	return nil
}

// Over gives a yield to pass records to, which yields own records in place of resolved ones, and a function that yields those that
// are left at the end.
func (u *Unresolved) Over(yield func(Record) error) (pass func(Record) error, rest func() error) {
	if len(u.own) == 0 {
		return yield, func() error { return nil }
	}
	slices.SortFunc(u.own, func(a, b Record) int { return compareExported(u.schema, a, b) })
	before := func(r Record) error {
		for len(u.own) > 0 && (r == nil || compareExported(u.schema, u.own[0], r) < 0) {
			own := u.own[0]
			u.own = u.own[1:]
			if err := yield(own); err != nil {
				return err
			}
		}
		return nil
	}
	pass = func(r Record) error {
		for _, id := range ends(r) {
			if u.members[id] {
				return nil
			}
		}
		if err := before(r); err != nil {
			return err
		}
		return yield(r)
	}
	return pass, func() error { return before(nil) }
}
