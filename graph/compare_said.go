package graph

import (
	"cmp"
	"context"
	"slices"
)

// SaidOf is a value: of which node, and by which word claims speak of it.
type SaidOf struct{ Subject, Property string }

// Speakers are the ids of those by whose word the values are as they are in the graph: of a claim and of a statement who says
// it, of another node who makes the claims of the property that are in force. A value that nobody is recorded to have said is
// left out.
func Speakers(ctx context.Context, q Asked, schema *Schema, values []SaidOf) (map[SaidOf][]string, error) {
	byKind := map[*Kind][]SaidOf{}
	for _, v := range values {
		if k := schema.kindOf(v.Subject); k != nil {
			byKind[k] = append(byKind[k], v)
		}
	}
	out := map[SaidOf][]string{}
	for k, list := range byKind {
		read := speakersOfClaims
		if rel := speaks(schema, k); rel != nil {
			read = func(ctx context.Context, q Asked, s *Schema, k *Kind, ids, properties []string) (map[SaidOf][]string, error) {
				return speakersOfNodes(ctx, q, k, rel, ids)
			}
		}
		ids, properties := idSet{}, idSet{}
		for _, v := range list {
			ids.add(v.Subject)
			properties.add(v.Property)
		}
		for batch := range slices.Chunk(sortedIDs(ids), idBatch) {
			found, err := read(ctx, q, schema, k, batch, sortedIDs(properties))
			if err != nil {
				return nil, err
			}
			for _, v := range list {
				said := found[SaidOf{v.Subject, v.Property}]
				if said == nil {
					said = found[SaidOf{Subject: v.Subject}]
				}
				if len(said) > 0 {
					out[v] = said
				}
			}
		}
	}
	return out, nil
}

// speaks is the relation from nodes of a kind to who says them; nil where claims say what they are.
func speaks(s *Schema, k *Kind) *Relation {
	for _, typ := range []string{relSaidBy, relMadeBy} {
		if r := s.Relation(typ); r != nil && len(r.Far(k, true)) > 0 {
			return r
		}
	}
	return nil
}

func speakersOfNodes(ctx context.Context, q Asked, k *Kind, rel *Relation, ids []string) (map[SaidOf][]string, error) {
	r := readByID(k)
	by := r.out(rel, rel.Far(k, true)...)
	rows, err := ask(ctx, q, r.plan(1), idList(ids))
	out := map[SaidOf][]string{}
	for _, row := range rows {
		out[SaidOf{Subject: rowID(row)}] = by.ids(row)
	}
	return out, err
}

func speakersOfClaims(ctx context.Context, q Asked, s *Schema, k *Kind, ids, properties []string) (map[SaidOf][]string, error) {
	out := map[SaidOf][]string{}
	merged, err := Merged(ctx, q, s)
	if err != nil {
		return nil, err
	}
	seen := idSet{} // what readers see in place of the nodes
	for _, id := range ids {
		seen.add(cmp.Or(merged[id], id))
	}
	claim, subject, supersedes, saidBy := s.Kind(kindClaim), s.Relation(relSubject), s.Relation(relSupersedes), s.Relation(relSaidBy)
	if claim == nil || subject == nil || supersedes == nil || saidBy == nil || !subject.Joins(claim, k) {
		return out, nil
	}
	r := readByID(k)
	claims := r.in(subject, claim).where(&Cond{Op: In, Field: FieldRef{Name: "property", Type: String}, Arg: 1}, isNull(claim, RetractedAt), noneFrom(supersedes, claim))
	property := claims.field("property")
	about := -1
	if subject.Prop(SaidAbout) != nil {
		about = claims.prop(SaidAbout)
	}
	by := claims.out(saidBy, saidBy.Far(claim, true)...)
	rows, err := ask(ctx, q, r.plan(2), idList(sortedIDs(seen)), idList(properties))
	for _, row := range rows {
		for _, c := range claims.rows(row) {
			at := SaidOf{rowID(row), text(c[property])}
			if about >= 0 && text(c[about]) != "" {
				at.Subject = text(c[about])
			}
			for _, id := range by.ids(c) {
				if !slices.Contains(out[at], id) {
					out[at] = append(out[at], id)
				}
			}
		}
	}
	return out, err
}
