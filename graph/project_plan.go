package graph

import (
	"context"
	"slices"
)

// reading is a select under construction, with the places of what it reads in its rows. The id is always read, first.
type reading struct {
	sel *Select
	// child is its place among the children of up; root readings have none.
	up    *reading
	child int
}

// readByID begins a plan that reads the nodes of a kind whose ids are the plan's first argument.
func readByID(k *Kind) *reading {
	r := &reading{sel: &Select{Name: k.Singular, Kinds: []*Kind{k}, Fields: []FieldRef{{Owner: OfID}}, Page: Page{Limit: NoArg},
		Order: []Order{{Field: FieldRef{Owner: OfID}}}, Where: &Cond{Op: In, Field: FieldRef{Owner: OfID}, Arg: 0}}}
	return r
}

// readAfter begins a plan that reads the nodes of a kind in the order of their ids, so many (the first argument) behind an id
// (the second).
func readAfter(k *Kind) *reading {
	r := readByID(k)
	r.sel.Where = &Cond{Op: Gt, Field: FieldRef{Owner: OfID}, Arg: 1}
	r.sel.Page.Limit = 0
	return r
}

// plan ends the plan.
func (r *reading) plan(args int) *Plan { return &Plan{Roots: []*Select{r.sel}, Args: args} }

// slot is the place of a value, which is read from then on.
func (r *reading) slot(f FieldRef) int {
	r.sel.Fields = append(r.sel.Fields, f)
	return len(r.sel.Fields) - 1
}

// field is the place of a stored field.
func (r *reading) field(name string) int {
	return r.slot(FieldRef{Name: name, Type: r.sel.Kinds[0].Field(name).Type})
}

// prop is the place of a property of the relationship that leads here.
func (r *reading) prop(name string) int {
	return r.slot(FieldRef{Owner: OfEdge, Name: name, Type: r.sel.Via.Relation.Prop(name).Type})
}

// fields reads all stored fields, in order, and gives the place of the first.
func (r *reading) fields() int {
	first := len(r.sel.Fields)
	for _, f := range r.sel.Kinds[0].Fields {
		r.slot(FieldRef{Name: f.Name, Type: f.Type})
	}
	return first
}

// out reads the nodes of the given kinds to which a relation leads.
func (r *reading) out(rel *Relation, kinds ...*Kind) *reading {
	return r.via(&Via{Relation: rel, Out: true, One: rel.One}, kinds)
}

// in reads the nodes of the given kinds from which a relation comes.
func (r *reading) in(rel *Relation, kinds ...*Kind) *reading {
	return r.via(&Via{Relation: rel}, kinds)
}

func (r *reading) via(v *Via, kinds []*Kind) *reading {
	c := &reading{up: r, child: len(r.sel.Children), sel: &Select{Name: v.Relation.Type, Via: v, Kinds: kinds,
		Fields: []FieldRef{{Owner: OfID}}, Page: Page{Limit: NoArg}}}
	if !v.One {
		c.sel.Order = []Order{{Field: FieldRef{Owner: OfID}}}
	}
	r.sel.Children = append(r.sel.Children, c.sel)
	return c
}

// keyed makes a row for each relationship rather than for each node.
func (r *reading) keyed() *reading {
	r.sel.Via.Keyed = true
	r.sel.Order = append(r.sel.Order, Order{Field: FieldRef{Owner: OfKey}})
	return r
}

// where keeps only some nodes.
func (r *reading) where(c ...*Cond) *reading {
	r.sel.Where = &Cond{Op: And, Of: c}
	return r
}

// and narrows what is read further.
func (r *reading) and(c *Cond) *reading {
	r.sel.Where = &Cond{Op: And, Of: []*Cond{r.sel.Where, c}}
	return r
}

// rows are those below a row of the reading above.
func (r *reading) rows(above Row) []Row {
	set, _ := above[len(r.up.sel.Fields)+r.child].(*Set)
	if set == nil {
		return nil
	}
	return set.Rows
}

// ids are those below a row of the reading above.
func (r *reading) ids(above Row) []string {
	rows := r.rows(above)
	if len(rows) == 0 {
		return nil
	}
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = rowID(row)
	}
	return out
}

// id is the only id below a row of the reading above; empty where there is none.
func (r *reading) id(above Row) string {
	if rows := r.rows(above); len(rows) > 0 {
		return rowID(rows[0])
	}
	return ""
}

func rowID(row Row) string { return text(row[0]) }

// Asked answers plans: a store, or a transaction.
type Asked interface {
	// Query answers a plan as Store.Query does.
	Query(ctx context.Context, p *Plan, args []any) ([]*Set, error)
}

// ask runs a plan of one root.
func ask(ctx context.Context, of Asked, p *Plan, args ...any) ([]Row, error) {
	sets, err := of.Query(ctx, p, args)
	if err != nil {
		return nil, err
	}
	return sets[0].Rows, nil
}

// idList is an argument of ids.
func idList(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// nodeOf makes a node from a row whose fields begin at a place.
func nodeOf(k *Kind, row Row, first int) *Node {
	n := NewNode(k, rowID(row))
	copy(n.Values, row[first:first+len(n.Values)])
	return n
}

// wholePlan reads nodes of a kind by their ids, with all that is stored of them.
type wholePlan struct {
	kind  *Kind
	plan  *Plan
	first int
}

func newWholePlan(k *Kind) *wholePlan {
	r := readByID(k)
	w := &wholePlan{kind: k, first: r.fields()}
	w.plan = r.plan(1)
	return w
}

func (w *wholePlan) read(ctx context.Context, of Asked, ids []string) ([]*Node, error) {
	var out []*Node
	for batch := range slices.Chunk(ids, idBatch) {
		rows, err := ask(ctx, of, w.plan, idList(batch))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			out = append(out, nodeOf(w.kind, row, w.first))
		}
	}
	return out, nil
}

// isNull and isSet are conditions on a field of a kind.
func isNull(k *Kind, name string) *Cond {
	return &Cond{Op: IsNull, Field: FieldRef{Name: name, Type: k.Field(name).Type}, Arg: NoArg}
}

func isSet(k *Kind, name string) *Cond {
	return &Cond{Op: Not, Of: []*Cond{isNull(k, name)}, Arg: NoArg}
}

func equals(k *Kind, name string, arg Arg) *Cond {
	return &Cond{Op: Eq, Field: FieldRef{Name: name, Type: k.Field(name).Type}, Arg: arg}
}

// noneFrom is the condition that no relationship of a type comes from nodes of a kind; noneTo, that none leads to them.
func noneFrom(r *Relation, k *Kind) *Cond {
	return &Cond{Op: None, Via: &Via{Relation: r}, Kinds: []*Kind{k}, Arg: NoArg}
}

func noneTo(r *Relation, kinds []*Kind) *Cond {
	return &Cond{Op: None, Via: &Via{Relation: r, Out: true, One: r.One}, Kinds: kinds, Arg: NoArg}
}
