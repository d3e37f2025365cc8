package graph

import (
	"context"
	"slices"
	"strings"
)

// need is a relationship that must leave each node of a kind.
type need struct {
	relation *Relation
	bit      uint8
	// only narrows it to some nodes; nil for all.
	only func(*Node) bool
	// lacking finds those of the nodes with the ids of the first argument that do not have it, as many as the second says.
	lacking *Plan
}

// newNeeds are the needs of each kind: the relations that it requires, and a citation for kinds that cite.
func newNeeds(s *Schema) map[*Kind][]*need {
	const most = 7 // bits; the last is isFresh
	needs := map[*Kind][]*need{}
	for _, k := range s.Kinds {
		add := func(rel *Relation, only func(*Node) bool) {
			if rel == nil || len(rel.Far(k, true)) == 0 || len(needs[k]) == most {
				return
			}
			r := readByID(k)
			r.sel.Where = &Cond{Op: And, Of: []*Cond{r.sel.Where, noneTo(rel, rel.Far(k, true))}}
			r.sel.Page.Limit = 1
			needs[k] = append(needs[k], &need{relation: rel, bit: 1 << len(needs[k]), only: only, lacking: r.plan(2)})
		}
		for _, rel := range k.Required {
			add(rel, nil)
		}
		add(s.Relation(relCites), nil)
		if k.Name == kindClaim {
			add(s.Relation(relRefersTo), func(n *Node) bool { return n.Get("value.type") == "Reference" })
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
	noted noted
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
		case need.only(n):
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

func (n *need) check(ctx context.Context, tx Tx, k *Kind, ids []string) error {
	const most = 3 // named in the error
	rows, err := ask(ctx, tx, n.lacking, idList(ids), int64(most+1))
	if err != nil || len(rows) == 0 {
		return err
	}
	var list []string
	for i, row := range rows {
		if i == most {
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
