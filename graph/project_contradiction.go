package graph

import (
	"context"
	"reflect"
	"slices"
)

// mostKept is the most contradictions of one kind that are kept of one subject, those with the greatest gaps: n claims on one event can
// exclude each other in n² / 4 pairs.
const mostKept = 1_000

// contradictionProjection keeps the contradictions of the whole graph, so that they can be filtered, ordered and counted: those whose right
// claim is about a node of one kind. They follow from the claims about the node, and from those about the nodes that its claims are parts
// of claims on; approximate counts are read within DefaultApproxWithin.
type contradictionProjection struct {
	schema        *Schema
	subject, kept *Kind
	left, right   *Relation

	plan   *Plan
	claims *subjectReading
	// owned are claims that are the right one of a contradiction, ofOwned what is kept of them, with its left claim.
	owned, ofOwned, ownedLeft *reading
	first                     int // of the fields of what is kept
	// totals are claims that have parts; partSubject is what those are about.
	totals, parts, partSubject *reading

	// all are the projections of all kinds that claims can be about.
	all map[*Kind]*contradictionProjection
}

// datedAndValued are the properties of claims that can contradict others without being figures.
var datedAndValued = func() []any {
	known := map[string]bool{"date": true}
	for _, properties := range oneValuedProperties {
		for _, p := range properties {
			known[p] = true
		}
	}
	return idList(sortedIDs(known))
}()

// newContradictionProjections makes a projection for each kind that claims can be about.
func newContradictionProjections(s *Schema) map[*Kind]*contradictionProjection {
	all := map[*Kind]*contradictionProjection{}
	claim, subject := s.Kind(kindClaim), s.Relation(relSubject)
	for _, k := range subject.Far(claim, true) {
		if k.Internal {
			continue
		}
		p := &contradictionProjection{schema: s, subject: k, kept: s.Kind(kindKept), left: s.Relation(relLeft), right: s.Relation(relRight), all: all}
		r := readByID(k)
		p.claims = newSubjectReading(s, r)
		p.owned = r.in(subject, claim).where(&Cond{Op: Some, Via: &Via{Relation: p.right}, Kinds: []*Kind{p.kept}, Arg: NoArg})
		p.ofOwned = p.owned.in(p.right, p.kept)
		p.first = p.ofOwned.fields()
		p.ownedLeft = p.ofOwned.out(p.left, claim)
		partOf := s.Relation(relPartOf)
		p.totals = r.in(subject, claim).where(&Cond{Op: Some, Via: &Via{Relation: partOf}, Kinds: []*Kind{claim}, Arg: NoArg})
		p.parts = p.totals.in(partOf, claim)
		p.partSubject = p.parts.out(subject, subject.Far(claim, true)...)
		p.plan = r.plan(2)
		all[k] = p
	}
	return all
}

// run finds what differs for some nodes, and calls below for other nodes whose claims are parts of claims about these.
func (p *contradictionProjection) run(ctx context.Context, w *projecting, ids []string, below func(id string)) error {
	rows, err := ask(ctx, w.tx, p.plan, idList(ids), datedAndValued)
	if err != nil {
		return err
	}
	about := map[string][]SubjectClaim{}
	above := map[string][]string{} // what a node's claims are parts of claims about
	elsewhere := map[*Kind]idSet{}
	for _, row := range rows {
		id := rowID(row)
		about[id] = p.claims.read(row, id, p.subject)
		above[id] = p.claims.above(row, id)
		for _, total := range p.totals.rows(row) {
			for _, part := range p.parts.rows(total) {
				if of := p.partSubject.id(part); of != "" && of != id {
					below(of)
				}
			}
		}
	}
	for _, row := range rows {
		for _, other := range above[rowID(row)] {
			if _, known := about[other]; known {
				continue
			}
			k := p.schema.kindOf(other)
			if elsewhere[k] == nil {
				elsewhere[k] = idSet{}
			}
			elsewhere[k].add(other)
		}
	}
	for k, others := range elsewhere {
		for batch := range slices.Chunk(sortedIDs(others), projectBatch) {
			o := p.all[k]
			rows, err := ask(ctx, w.tx, o.plan, idList(batch), datedAndValued)
			if err != nil {
				return err
			}
			for _, row := range rows {
				about[rowID(row)] = o.claims.read(row, rowID(row), k)
			}
		}
	}
	for _, row := range rows {
		id := rowID(row)
		claims := about[id]
		for _, other := range above[id] {
			claims = append(claims[:len(claims):len(claims)], about[other]...)
		}
		p.compare(w, row, p.keep(claims, id))
	}
	return nil
}

// keptContradiction is a contradiction as it is stored.
type keptContradiction struct {
	node        *Node
	left, right string
}

// keep makes what should be kept of a subject.
func (p *contradictionProjection) keep(claims []SubjectClaim, subject string) []keptContradiction {
	if len(claims) < 2 {
		return nil
	}
	opts := ContradictionOptions{About: subject, ApproxWithin: DefaultApproxWithin}
	parts := []*Contradictions{FindContradictions(claims, opts)}
	if parts[0].Count() > mostKept {
		parts = nil
		for _, opts.Kind = range []ContradictionKind{ContradictionDirect, ContradictionContainment, ContradictionDate, ContradictionValue} {
			parts = append(parts, FindContradictions(claims, opts))
		}
	}
	var kept []keptContradiction
	for _, found := range parts {
		n := 0
		for c := range found.All() {
			if claims[c.Right].Subject != subject {
				continue
			}
			if n++; n > mostKept {
				break
			}
			kept = append(kept, keptContradiction{found.Kept(p.kept, c), claims[c.Left].ID, claims[c.Right].ID})
		}
	}
	return kept
}

// compare finds what is kept of a subject that is missing, that differs, and that should not be.
func (p *contradictionProjection) compare(w *projecting, subject Row, should []keptContradiction) {
	now := map[string]Row{}
	for _, claim := range p.owned.rows(subject) {
		for _, row := range p.ofOwned.rows(claim) {
			now[rowID(row)] = row
		}
	}
	for _, k := range should {
		row, known := now[k.node.ID]
		delete(now, k.node.ID)
		joined := known && p.ownedLeft.id(row) == k.left
		if !known || !reflect.DeepEqual(k.node.Values, []any(row[p.first:p.first+len(k.node.Values)])) {
			w.nodes = append(w.nodes, k.node)
		}
		if !joined {
			w.edges = append(w.edges, NewEdge(p.left, k.node.ID, k.left), NewEdge(p.right, k.node.ID, k.right))
		}
	}
	for _, id := range sortedIDs(now) {
		w.gone = append(w.gone, NewNode(p.kept, id))
	}
}
