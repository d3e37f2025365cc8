package graph

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// need is a relationship that must leave each node of a kind.
type need struct {
	relation *Relation
	bit      uint8
	// only narrows it to nodes with a value in a field; nil for all.
	only *onlyWith
	// lacking finds those of the nodes with the ids of the first argument that do not have it, as many as the second says.
	lacking *Plan
	// without finds nodes of the kind that do not have it, as many as the first argument says, behind the id of the second;
	// the third is the value of only.
	without *Plan
}

// onlyWith is a field and a value.
type onlyWith struct {
	field string
	value any
}

// newNeeds are the needs of each kind: the relations that it requires, and a citation for kinds that cite.
func newNeeds(s *Schema) map[*Kind][]*need {
	const most = 7 // bits; the last is isFresh
	needs := map[*Kind][]*need{}
	for _, k := range s.Kinds {
		add := func(rel *Relation, only *onlyWith) {
			if rel == nil || len(rel.Far(k, true)) == 0 || len(needs[k]) == most {
				return
			}
			none := noneTo(rel, rel.Far(k, true))
			lacking, without := readByID(k).and(none), readAfter(k).and(none)
			lacking.sel.Page.Limit = 1
			n := &need{relation: rel, bit: 1 << len(needs[k]), only: only, lacking: lacking.plan(2)}
			if only != nil {
				without.and(equals(k, only.field, 2))
			}
			n.without = without.plan(3)
			needs[k] = append(needs[k], n)
		}
		for _, rel := range k.Required {
			add(rel, nil)
		}
		add(s.Relation(relCites), nil)
		if k.Name == kindClaim {
			add(s.Relation(relRefersTo), &onlyWith{"value.type", "Reference"})
		}
	}
	return needs
}

// noted is what is known of nodes that were written: the needs that they do not have or that a relationship met, by their
// bits, and isFresh.
type noted map[string]uint8

// isFresh: the node was new. Until now it had no relationships, and nothing followed from it.
const isFresh = 1 << 7

// required finds nodes that, when all is written, lack a relationship that they need.
type required struct {
	*projector
	most  int
	noted noted
	// forgotten are the needs that a node which is no longer noted may not have met.
	forgotten map[*need]bool
}

// node remembers what a node that was written needs.
func (r *required) node(n *Node) {
	needs := r.needs[n.Kind]
	if len(needs) == 0 {
		return
	}
	bits := r.noted[n.ID]
	for _, need := range needs {
		switch {
		case need.only == nil:
		case n.Get(need.only.field) == need.only.value:
			bits &^= need.bit
		default:
			bits |= need.bit
		}
	}
	r.noted[n.ID] = bits
}

// edge remembers that a need is met.
func (r *required) edge(e *Edge) {
	bits, written := r.noted[e.From]
	if !written {
		return
	}
	for _, need := range r.needs[r.schema.kindOf(e.From)] {
		if need.relation == e.Relation && bits&need.bit == 0 {
			r.noted[e.From] = bits | need.bit
		}
	}
}

// forget drops what is noted where that is too much: nodes that have all that they need or, if they are not enough, all. What
// the others need is then asked of their whole kind, where only they can lack it: what was written before has it.
func (r *required) forget() {
	if len(r.noted) <= r.most {
		return
	}
	maps.DeleteFunc(r.noted, func(id string, bits uint8) bool {
		return !slices.ContainsFunc(r.needs[r.schema.kindOf(id)], func(n *need) bool { return bits&n.bit == 0 })
	})
	if len(r.noted) <= r.most {
		return
	}
	for id, bits := range r.noted {
		for _, need := range r.needs[r.schema.kindOf(id)] {
			if bits&need.bit == 0 {
				r.forgotten[need] = true
			}
		}
	}
	clear(r.noted)
}

// check asks the store about the needs that nothing in the records met.
func (r *required) check(ctx context.Context, tx Tx) error {
	open := map[*need][]string{}
	for id, bits := range r.noted {
		for _, need := range r.needs[r.schema.kindOf(id)] {
			if bits&need.bit == 0 {
				open[need] = append(open[need], id)
			}
		}
	}
	for _, k := range r.schema.Kinds {
		for _, need := range r.needs[k] {
			if r.forgotten[need] {
				if err := need.checkAll(ctx, tx, k); err != nil {
					return err
				}
				continue
			}
			slices.Sort(open[need])
			for ids := range slices.Chunk(open[need], applyBatch) {
				if err := need.check(ctx, tx, k, ids); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// mostNamed is how many nodes an error names.
const mostNamed = 3

// check is an error where one of the nodes does not have what it needs.
func (n *need) check(ctx context.Context, tx Tx, k *Kind, ids []string) error {
	rows, err := ask(ctx, tx, n.lacking, idList(ids), int64(mostNamed+1))
	if err != nil {
		return err
	}
	return n.errorFor(k, rows)
}

// checkAll is check for all nodes of a kind.
func (n *need) checkAll(ctx context.Context, tx Tx, k *Kind) error {
	var value any
	if n.only != nil {
		value = n.only.value
	}
	rows, err := ask(ctx, tx, n.without, int64(mostNamed+1), "", value)
	if err != nil {
		return err
	}
	return n.errorFor(k, rows)
}

// errorFor is the error for the nodes that do not have what they need; nil where there are none.
func (n *need) errorFor(k *Kind, lacking []Row) error {
	if len(lacking) == 0 {
		return nil
	}
	var list []string
	for i, row := range lacking {
		if i == mostNamed {
			list = append(list, "and more")
			break
		}
		list = append(list, Quote(rowID(row)))
	}
	if n.relation.Type == relCites {
		return Errorf(Invalid, "nothing enters without a source: no citation (%s to a source) for %s", relCites, strings.Join(list, ", "))
	}
	return Errorf(Invalid, "every %s needs %s: there is none for %s", k.Name, n.relation.Type, strings.Join(list, ", "))
}
