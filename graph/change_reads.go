package graph

import (
	"context"
	"slices"
	"strings"
)

// What the operations must know of what is there is read once for all of them, when the first asks: nothing is written until all
// have been looked at.

// linkReading finds relationships of a relation that leave the nodes of a kind whose ids are the first argument: of a relation
// to one, whatever they lead to, and of another those that lead to nodes with the ids of the second.
type linkReading struct {
	plan  *Plan
	far   *reading
	first int
}

type linkedKind struct {
	relation *Relation
	from     *Kind
}

func newLinkReadings(s *Schema) map[linkedKind]*linkReading {
	out := map[linkedKind]*linkReading{}
	for _, r := range s.Relations {
		for _, k := range s.Kinds {
			if r.Projection || k.Own() || len(r.Far(k, true)) == 0 {
				continue
			}
			root := readByID(k)
			l := &linkReading{far: root.out(r, r.Far(k, true)...)}
			args := 1
			if !r.One {
				args = 2
				l.far.where(&Cond{Op: In, Field: FieldRef{Owner: OfID}, Arg: 1})
				if len(r.Key) > 0 {
					l.far.keyed()
				}
			}
			l.first = len(l.far.sel.Fields)
			for _, f := range r.Props {
				l.far.prop(f.Name)
			}
			l.plan = root.plan(args)
			out[linkedKind{r, k}] = l
		}
	}
	return out
}

// place is what relationships that are in each other's way have in common.
func (e *Edge) place() string {
	if e.Relation.One {
		return e.From
	}
	return e.From + " " + e.To
}

// edgesOf are the relationships that are there beside one: of a relation to one that which leaves the same node, and of another
// those between the same two nodes.
func (c *committing) edgesOf(ctx context.Context, e *Edge) ([]*Edge, error) {
	at := linkedKind{e.Relation, c.schema.kindOf(e.From)}
	if c.linked[at] == nil {
		return nil, nil
	}
	if c.there == nil {
		c.there = map[linkedKind]map[string][]*Edge{}
	}
	if c.there[at] == nil {
		var err error
		if c.there[at], err = c.readEdges(ctx, at); err != nil {
			return nil, err
		}
	}
	return c.there[at][e.place()], nil
}

// readEdges reads those of all operations.
func (c *committing) readEdges(ctx context.Context, at linkedKind) (map[string][]*Edge, error) {
	from, to := idSet{}, idSet{}
	for i := range c.change.Operations {
		for _, e := range c.asks(&c.change.Operations[i]) {
			if e.Relation == at.relation && c.schema.kindOf(e.From) == at.from {
				from.add(e.From)
				to.add(e.To)
			}
		}
	}
	found, err := c.linked[at].read(ctx, c.tx, at.relation, sortedIDs(from), sortedIDs(to))
	out := map[string][]*Edge{}
	for _, e := range found {
		out[e.place()] = append(out[e.place()], e)
	}
	return out, err
}

// read finds the relationships: those that leave the nodes from and, of a relation that is not to one, lead to the nodes to.
func (l *linkReading) read(ctx context.Context, q Asked, r *Relation, from, to []string) ([]*Edge, error) {
	var out []*Edge
	for batch := range slices.Chunk(from, idBatch) {
		args := []any{idList(batch)}
		if !r.One {
			args = append(args, idList(to))
		}
		rows, err := ask(ctx, q, l.plan, args...)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			for _, far := range l.far.rows(row) {
				e := NewEdge(r, rowID(row), rowID(far))
				copy(e.Props, far[l.first:])
				out = append(out, e)
			}
		}
	}
	return out, nil
}

// asks are the relationships of which an operation must know what is there.
func (c *committing) asks(op *Operation) []*Edge {
	switch op.Do {
	case Detach:
		return c.ownOf(op.Edge)
	case Revert:
		return c.restored
	case Retract:
		if subject := c.schema.Relation(relSubject); subject != nil {
			return []*Edge{NewEdge(subject, op.ID, "")}
		}
	case Update:
		var out []*Edge
		for _, l := range op.Edges {
			out = append(out, l.Edge)
		}
		for _, e := range op.Ends {
			out = append(out, NewEdge(e.Relation, op.Node.ID, ""))
		}
		return out
	}
	return nil
}

// forceReading finds the claims in force of some properties about nodes of a kind.
type forceReading struct {
	plan                                 *Plan
	claims, refers                       *reading
	property, typ, text, edtf, changedIn int
}

// newForceReadings makes one for each kind that is sourced.
func newForceReadings(s *Schema, sourced map[*Kind]*Plan) map[*Kind]*forceReading {
	out := map[*Kind]*forceReading{}
	claim, subject, supersedes, refers := s.Kind(kindClaim), s.Relation(relSubject), s.Relation(relSupersedes), s.Relation(relRefersTo)
	if claim == nil || subject == nil || supersedes == nil || refers == nil {
		return out
	}
	for k := range sourced {
		if !subject.Joins(claim, k) {
			continue
		}
		f := &forceReading{}
		r := readByID(k)
		f.claims = r.in(subject, claim).where(&Cond{Op: In, Field: FieldRef{Name: "property", Type: String}, Arg: 1}, isNull(claim, RetractedAt), noneFrom(supersedes, claim))
		f.property, f.changedIn = f.claims.field("property"), f.claims.field(ChangedIn)
		f.typ, f.text, f.edtf = f.claims.field("value.type"), f.claims.field("value.text"), f.claims.field("value.edtf")
		f.refers = f.claims.out(refers, refers.Far(claim, true)...)
		f.plan = r.plan(2)
		out[k] = f
	}
	return out
}

// claimInForce is one of them.
type claimInForce struct {
	id        string
	changedIn int64
	says      said
}

// inForce is the claim that a new value takes the place of: that which says the old one or, without such a claim, the one
// recorded last; empty where there is none.
func (c *committing) inForce(ctx context.Context, n *Node, property string, was *said) (string, error) {
	if c.standing == nil {
		c.standing = map[*Kind]map[statedOf][]claimInForce{}
	}
	if c.standing[n.Kind] == nil {
		var err error
		if c.standing[n.Kind], err = c.readInForce(ctx, n.Kind); err != nil {
			return "", err
		}
	}
	var best claimInForce
	says := false
	for _, claim := range c.standing[n.Kind][statedOf{n.ID, property}] {
		same := was != nil && claim.says == said{typ: was.typ, text: was.text, edtf: was.edtf, node: was.node}
		if best.id == "" || same && !says || same == says && claim.changedIn >= best.changedIn {
			best, says = claim, same
		}
	}
	return best.id, nil
}

// readInForce reads those about the nodes of a kind that are updated.
func (c *committing) readInForce(ctx context.Context, k *Kind) (map[statedOf][]claimInForce, error) {
	f, out := c.force[k], map[statedOf][]claimInForce{}
	if f == nil {
		return out, nil
	}
	ids, properties := idSet{}, idSet{}
	for i := range c.change.Operations {
		op := &c.change.Operations[i]
		if op.Do != Update || op.Node.Kind != k {
			continue
		}
		ids.add(op.Node.ID)
		for _, name := range op.Given {
			name, _, _ = strings.Cut(name, ".")
			properties.add(Kebab(name))
		}
		for _, l := range op.Edges {
			properties.add(l.Property)
		}
		for _, e := range op.Ends {
			properties.add(e.Property)
		}
	}
	for batch := range slices.Chunk(sortedIDs(ids), idBatch) {
		rows, err := ask(ctx, c.tx, f.plan, idList(batch), idList(sortedIDs(properties)))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			for _, claim := range f.claims.rows(row) {
				at := statedOf{rowID(row), text(claim[f.property])}
				changedIn, _ := claim[f.changedIn].(int64)
				out[at] = append(out[at], claimInForce{rowID(claim), changedIn, said{typ: text(claim[f.typ]), text: text(claim[f.text]),
					edtf: text(claim[f.edtf]), node: f.refers.id(claim)}})
			}
		}
	}
	return out, nil
}
