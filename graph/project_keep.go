package graph

import "context"

// keep finds the projected fields of a kind that Apply must not undo.
func (p *projector) keep(k *Kind) {
	if k.Own() {
		return
	}
	r := readByID(k)
	for _, f := range k.Fields {
		if f.Projected && !f.own() && !f.resolved() && f.Name != ChangedIn {
			p.kept[k] = append(p.kept[k], f)
			r.field(f.Name)
		}
	}
	p.keptPlans[k] = r.plan(1)
}

// keepProjected sets the projected fields that do not follow from a record itself to what they are now, so that putting a
// node again does not undo them; those of a new node that may not be null, to false. isNew may be nil: it knows nodes that need
// not be looked for.
func (p *projector) keepProjected(ctx context.Context, tx Tx, written []*Node, isNew func(id string) bool) error {
	byKind := map[*Kind][]*Node{}
	for _, n := range written {
		switch {
		case len(p.kept[n.Kind]) == 0:
		case isNew != nil && isNew(n.ID):
			p.keepFrom(nil, n)
		default:
			byKind[n.Kind] = append(byKind[n.Kind], n)
		}
	}
	for _, k := range p.schema.Kinds {
		nodes := byKind[k]
		if len(nodes) == 0 {
			continue
		}
		ids := make([]any, len(nodes))
		for i, n := range nodes {
			ids[i] = n.ID
		}
		rows, err := ask(ctx, tx, p.keptPlans[k], ids)
		if err != nil {
			return err
		}
		now := make(map[string]Row, len(rows))
		for _, row := range rows {
			now[rowID(row)] = row
		}
		for _, n := range nodes {
			p.keepFrom(now[n.ID], n)
		}
	}
	return nil
}

// keepFrom sets those of one node from what is read of it; nil where it is new.
func (p *projector) keepFrom(row Row, n *Node) {
	for i, f := range p.kept[n.Kind] {
		switch {
		case row != nil:
			n.Values[f.Position] = row[1+i]
		case f.NonNull && f.Type == Boolean:
			n.Values[f.Position] = false
		}
	}
}
