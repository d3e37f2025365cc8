package graph

import (
	"context"
	"slices"
	"strings"
)

// isSourced says whether nodes of a kind rest on claims and statements about them: entities and events that do not cite
// themselves.
func (p *projector) isSourced(k *Kind) bool { return p.unsourced[k] != nil }

// newUnsourced makes, for each such kind, the plan that finds those of the ids of its first argument that nothing names which
// cites or is cited.
func newUnsourced(s *Schema) map[*Kind]*Plan {
	out := map[*Kind]*Plan{}
	cites := s.Relation(relCites)
	if cites == nil {
		return out
	}
	tells := func(k *Kind) bool { return len(cites.Far(k, true))+len(cites.Far(k, false)) > 0 }
	for _, k := range s.Kinds {
		if k.Own() || tells(k) || !k.Implements(interfaceEntity) && !k.Implements(interfaceEvent) {
			continue
		}
		var none []*Cond
		for _, r := range s.Relations {
			if r.Projection {
				continue
			}
			for _, from := range r.Far(k, false) {
				if tells(from) {
					none = append(none, noneFrom(r, from))
				}
			}
		}
		r := readByID(k)
		for _, cond := range none {
			r.and(cond)
		}
		out[k] = r.plan(1)
	}
	return out
}

// sourced refuses a new entity or event that no claim, statement or source names.
func (c *committing) sourced(ctx context.Context) error {
	fresh := map[*Kind][]string{}
	for id := range c.fresh {
		if _, named := c.spoken[id]; named && len(c.ends) == 0 {
			continue
		}
		if k := c.schema.kindOf(id); c.isSourced(k) {
			fresh[k] = append(fresh[k], id)
		}
	}
	for _, k := range c.schema.Kinds {
		slices.Sort(fresh[k])
		for batch := range slices.Chunk(fresh[k], idBatch) {
			rows, err := ask(ctx, c.tx, c.unsourced[k], idList(batch))
			if err != nil {
				return err
			}
			if len(rows) > 0 {
				id := rowID(rows[0])
				return at(c.fresh[id], Errorf(Invalid, "nothing enters without a source: no claim or statement names %s; give evidence with it, or a claim about it in the same change", Quote(id)))
			}
		}
	}
	return nil
}

// without says what has nobody's word.
func without(id string, properties []string) error {
	return Errorf(Invalid, "nothing changes without a source: %s of %s would change without anybody's word for it; give evidence, or a claim of %s in the same change",
		strings.Join(properties, ", "), Quote(id), properties[0])
}
