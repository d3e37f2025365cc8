package gql

import (
	"fmt"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// operation is a planned operation: what a store is asked, and how the answer is written.
type operation struct {
	plan *graph.Plan
	root *object
	// values give the plan's arguments for variables.
	values []func(vars map[string]any) (any, error)
	// fixed are the arguments where none depends on variables; nil otherwise.
	fixed []any
	// asked are the arguments that depend on what a store holds.
	asked asked
	// peeking are the selects that read one row more than their page.
	peeking map[*graph.Select]bool
	// bounded are the selects that a computed field reads whole, up to a bound of its own; see selection.bound.
	bounded map[*graph.Select]bool
	// parts divide the roots of the plan by the moments as of which they are asked; nil where all are asked as of now.
	parts []asOfPart
	// guards say whether the operation serves other variables.
	guards []func(vars map[string]any) bool
	// events is set for a subscription.
	events *events
}

// arguments are the plan's arguments for the variables.
func (o *operation) arguments(vars map[string]any) ([]any, error) {
	if o.fixed != nil {
		return o.fixed, nil
	}
	args := make([]any, len(o.values))
	for i, value := range o.values {
		var err error
		if args[i], err = value(vars); err != nil {
			return nil, err
		}
	}
	return args, nil
}

func (o *operation) serves(vars map[string]any) bool {
	for _, g := range o.guards {
		if !g(vars) {
			return false
		}
	}
	return true
}

// setting is what plans depend on besides the schema and the request.
type setting struct {
	// read is Limits.Read.
	read int
	// now is the time in the graph's time zone.
	now func() time.Time
}

// planner turns one operation into a plan and a program.
type planner struct {
	model *schema.Model
	setting
	fragments ast.FragmentDefinitionList
	vars      map[string]any
	plan      *graph.Plan
	op        *operation
	// moments are those as of which root fields are asked.
	moments *moments
	// moment is that of the root field which is planned; nil for now.
	moment   func(vars map[string]any) (graph.Moment, error)
	variable bool
	guarding bool
	// finish runs when all selections are complete: only then are the places of children in their rows known.
	finish []func()
}

// planFailure carries an error out of the depths of the planner, and out of those of an answer that reads more than it may.
type planFailure struct{ err error }

func (p *planner) fail(err error) { panic(planFailure{err}) }

func (p *planner) invalid(format string, args ...any) {
	p.fail(graph.Errorf(graph.Invalid, format, args...))
}

// plan makes the operation. The document is valid, the variables are coerced.
func plan(m *schema.Model, s setting, doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any) (*operation, error) {
	return planWith(m, s, doc, op, vars, func(p *planner, root *selection) *object {
		return p.rootObject(root, m.Types[rootOf(op)], op.SelectionSet)
	})
}

// rootOf is the name of the type whose fields an operation selects.
func rootOf(op *ast.OperationDefinition) string {
	switch op.Operation {
	case ast.Mutation:
		return "Mutation"
	case ast.Subscription:
		return "Subscription"
	}
	return "Query"
}

// planWith makes an operation whose root is planned by a function.
func planWith(m *schema.Model, s setting, doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any, root func(p *planner, at *selection) *object) (o *operation, err error) {
	p := &planner{model: m, setting: s, fragments: doc.Fragments, vars: vars, plan: &graph.Plan{}, op: &operation{peeking: map[*graph.Select]bool{}, bounded: map[*graph.Select]bool{}},
		guarding: len(op.VariableDefinitions) > 0}
	defer func() {
		if r := recover(); r != nil {
			failure, ok := r.(planFailure)
			if !ok {
				panic(r)
			}
			o, err = nil, failure.err
		}
	}()
	at := &selection{p: p, t: m.Types["Query"], roots: true, sel: &graph.Select{Name: "query"}, slots: map[graph.FieldRef]int{}, shared: map[string]*selection{}}
	p.op.root = root(p, at)
	for _, f := range p.finish {
		f()
	}
	p.plan.Roots = at.sel.Children
	p.plan.Args = len(p.op.values)
	p.op.plan = p.plan
	if err := p.plan.Check(); err != nil {
		return nil, err
	}
	if !p.variable {
		if p.op.fixed, err = p.op.arguments(nil); err != nil {
			return nil, err
		}
		if p.op.fixed == nil {
			p.op.fixed = []any{}
		}
	}
	return p.op, nil
}

func (p *planner) guard(g func(vars map[string]any) bool) {
	if p.guarding {
		p.op.guards = append(p.op.guards, g)
	}
}

// bind makes the value an argument of the plan, converted for the store.
func (p *planner) bind(in input, convert func(v any) (any, error)) graph.Arg {
	source := in.source()
	if in.constant() {
		v, err := convert(source(nil))
		if err != nil {
			p.fail(err)
		}
		return p.constant(v)
	}
	p.variable = true
	// The value at hand must be good already: a bad one is refused before anything is asked.
	if _, err := convert(source(p.vars)); err != nil {
		p.fail(err)
	}
	p.op.values = append(p.op.values, func(vars map[string]any) (any, error) { return convert(source(vars)) })
	return graph.Arg(len(p.op.values) - 1)
}

// bindID makes an id, or a list of ids, an argument of the plan. Where it is that of a record which was merged away, what readers see
// in its place is asked for.
func (p *planner) bindID(in input, convert func(v any) (any, error)) graph.Arg {
	a := p.bind(in, convert)
	p.op.asked.ids = append(p.op.asked.ids, a)
	return a
}

// idOf makes an id an argument of the plan.
func (p *planner) idOf(in input) graph.Arg {
	return p.bindID(in, func(v any) (any, error) { return p.toID(v) })
}

// constant makes a value that never changes an argument of the plan.
func (p *planner) constant(v any) graph.Arg {
	p.op.values = append(p.op.values, func(map[string]any) (any, error) { return v, nil })
	return graph.Arg(len(p.op.values) - 1)
}

// selection is a Select in the making.
type selection struct {
	p *planner
	// t is the type that is selected on.
	t   *schema.Type
	sel *graph.Select
	// slots are the places of what is read already.
	slots map[graph.FieldRef]int
	// shared are children that several fields use, by what makes them the same.
	shared map[string]*selection
	// up is the selection around it, own its place in the row there, known at the end.
	up  *selection
	own int
	// roots: this is the operation itself; its children are the roots of the plan.
	roots bool
	// peeks: one row more than the page is read, to know whether there is more.
	peeks bool
}

// slot is the place of a value in the row; it is read once, however often it is asked.
func (s *selection) slot(f graph.FieldRef) int {
	if i, ok := s.slots[f]; ok {
		return i
	}
	i := len(s.sel.Fields)
	s.sel.Fields = append(s.sel.Fields, f)
	s.slots[f] = i
	return i
}

func (s *selection) id() int { return s.slot(graph.FieldRef{Owner: graph.OfID}) }

// node is the place of a stored field of the node.
func (s *selection) node(name string, typ graph.Type) int {
	return s.slot(graph.FieldRef{Name: name, Type: typ})
}

// child begins a select below this one.
func (s *selection) child(name string, t *schema.Type, kinds []*graph.Kind, via *graph.Via) *selection {
	c := &selection{p: s.p, t: t, up: s, slots: map[graph.FieldRef]int{}, shared: map[string]*selection{},
		sel: &graph.Select{Name: name, Kinds: kinds, Via: via, Page: graph.Page{Limit: graph.NoArg}}}
	index := len(s.sel.Children)
	s.sel.Children = append(s.sel.Children, c.sel)
	s.p.finish = append(s.p.finish, func() { c.own = len(s.sel.Fields) + index })
	return c
}

// once is a child that several fields share.
func (s *selection) once(key string, make func() *selection) *selection {
	if c := s.shared[key]; c != nil {
		return c
	}
	c := make()
	s.shared[key] = c
	return c
}

// related begins a select through a relation of the schema.
func (s *selection) related(name string, r *schema.Relation) *selection {
	via := &graph.Via{Relation: r.Of, Out: r.Out, One: !r.Many, Keyed: r.Keyed()}
	c := s.child(name, r.Target, r.Kinds, via)
	if !via.One {
		c.sel.Order = c.order(nil)
	}
	return c
}

// relation is a relation of a kind, by the name of its field in schema.graphqls.
func (s *selection) relation(typ, name string) *schema.Relation {
	return s.p.model.Types[typ].Field(name).Relation
}

// order completes sort keys to a total order.
func (s *selection) order(keys []graph.Order) []graph.Order {
	var out []graph.Order
	id := false
	for _, k := range keys {
		out = append(out, k)
		if id = k.Field.Owner == graph.OfID; id {
			break
		}
	}
	if !id {
		out = append(out, graph.Order{Field: graph.FieldRef{Owner: graph.OfID}})
	}
	if s.sel.Via != nil && s.sel.Via.Keyed {
		out = append(out, graph.Order{Field: graph.FieldRef{Owner: graph.OfKey}})
	}
	return out
}

// scope is where a field stands: on what type, and where that type's stored fields are in the row.
type scope struct {
	sel *selection
	t   *schema.Type
	// prefix begins the names of the stored fields: of a value object, its name and a dot.
	prefix string
	// edge: the fields are properties of the relationship.
	edge bool
}

// objectOf plans the selection on a type that the rows of sel have.
func (p *planner) objectOf(sel *selection, t *schema.Type, sets []ast.SelectionSet) *object {
	if t.Class != schema.InterfaceType {
		return p.fields(scope{sel: sel, t: t}, sets)
	}
	o := &object{kind: sel.slot(graph.FieldRef{Owner: graph.OfKind}), of: map[string]*object{}}
	for _, k := range sel.sel.Kinds {
		o.of[k.Name] = p.fields(scope{sel: sel, t: p.model.Types[k.Name]}, sets)
	}
	return o
}

func (p *planner) fields(at scope, sets []ast.SelectionSet) *object {
	o := &object{typeName: at.t.Name}
	p.each(o, p.condition(at.t), sets, func(c *collected, f *field) { p.field(at, c, f) })
	return o
}

// each makes the fields of an object, one for each response key; plan fills in how its value is found.
func (p *planner) each(o *object, applies func(string) bool, sets []ast.SelectionSet, plan func(c *collected, f *field)) {
	keys := p.collect(applies, sets)
	o.fields = make([]field, len(keys))
	for i, c := range keys {
		f := &o.fields[i]
		f.name = c.key
		if i > 0 {
			f.key = append(f.key, ',')
		}
		f.key = append(appendString(f.key, c.key), ':')
		if c.first().Name == "__typename" {
			f.how, f.constant = howConstant, appendString(nil, o.typeName)
			continue
		}
		d := c.first().Definition
		f.nonNull = d.Type.NonNull
		if e := d.Type.Elem; e != nil {
			f.list, f.elemNonNull = true, e.NonNull
		}
		plan(c, f)
	}
}

// later sets a field's slot when the places of children are known.
func (p *planner) later(f *field, c *selection) {
	p.finish = append(p.finish, func() { f.slot = c.own })
}

func (p *planner) field(at scope, c *collected, f *field) {
	name := c.first().Name
	if name == "id" && at.prefix == "" && !at.edge && at.t.Class != schema.ValueType {
		f.how, f.slot = howSlot, at.sel.id()
		return
	}
	d := at.t.Field(name)
	switch {
	case d.Computed != "":
		p.computed(at, d, c, f)
	case d.End:
		f.how, f.object = howSame, p.objectOf(at.sel, d.Object, c.selections())
	case d.Relation != nil:
		p.relate(at, d, c, f)
	case d.Object != nil:
		p.valueObject(at, d, c, f)
	default:
		ref := p.stored(at, d.Name)
		f.how, f.slot, f.leaf = howSlot, at.sel.slot(ref), leafOf(ref.Type)
	}
}

// stored is the reference to a stored field of a scope.
func (p *planner) stored(at scope, name string) graph.FieldRef {
	name = at.prefix + name
	if at.edge {
		return graph.FieldRef{Owner: graph.OfEdge, Name: name, Type: at.sel.sel.Via.Relation.Prop(name).Type}
	}
	for _, k := range at.sel.sel.Kinds {
		if at.t.Kind != nil && at.t.Kind != k {
			continue
		}
		if s := k.Field(name); s != nil {
			return graph.FieldRef{Name: name, Type: s.Type}
		}
	}
	panic(fmt.Sprintf("gql: no stored field %s on %s", name, at.t.Name))
}

// valueObject plans a value object: its leaves are in the same row.
func (p *planner) valueObject(at scope, d *schema.Field, c *collected, f *field) {
	o := d.Object
	inner := scope{sel: at.sel, t: o, prefix: at.prefix + d.Name + ".", edge: at.edge}
	switch {
	case f.list:
		ref := p.stored(at, d.Name)
		f.how, f.slot, f.object = howJSON, at.sel.slot(ref), p.jsonObject(o, c.selections())
	case o.Class == schema.UnionType:
		slot := at.sel.slot(graph.FieldRef{Name: inner.prefix + "type", Type: graph.Enum})
		union := &object{kind: slot, of: map[string]*object{}}
		for _, m := range o.Members {
			inner.t = m
			union.of[m.Name] = p.fields(inner, c.selections())
		}
		f.how, f.slot, f.object = howValue, slot, union
	default:
		f.how, f.object = howSame, p.fields(inner, c.selections())
		for _, leaf := range o.Fields {
			if leaf.GraphQL.NonNull && leaf.Object == nil && leaf.GraphQL.Elem == nil {
				f.how, f.slot = howValue, at.sel.slot(p.stored(inner, leaf.Name))
				break
			}
		}
	}
}

// jsonObject plans the selection on the value objects of a stored list.
func (p *planner) jsonObject(t *schema.Type, sets []ast.SelectionSet) *object {
	o := &object{typeName: t.Name}
	p.each(o, only(t.Name), sets, func(c *collected, f *field) {
		name := c.first().Name
		f.how = howComputed
		if typ := c.first().Definition.Type.Name(); typ == "Int" {
			f.leaf = leafInt
		}
		f.values = func(_ []any, src *source) any { return src.value.(map[string]any)[name] }
	})
	return o
}

// relate plans a relation.
func (p *planner) relate(at scope, d *schema.Field, c *collected, f *field) {
	r := d.Relation
	if r.Many && !r.List {
		p.connection(at, r, c, f, nil)
		return
	}
	// The same fields asked of several kinds of an interface are one select.
	child := at.sel.once(shareKey(r, c), func() *selection { return at.sel.related(c.key, r) })
	p.from(child, at)
	switch {
	case r.Hops:
		child.sel.Order = p.hopOrder(child, r)
		f.how, f.object = howRows, p.fields(scope{sel: child, t: r.Edge, edge: true}, c.selections())
	case r.Many:
		f.how, f.object = howRows, p.objectOf(child, r.Target, c.selections())
	default:
		f.how, f.object = howOne, p.objectOf(child, r.Target, c.selections())
	}
	p.later(f, child)
}

// hopOrder orders hops by the key of their relationship.
func (p *planner) hopOrder(s *selection, r *schema.Relation) []graph.Order {
	var keys []graph.Order
	for _, k := range r.Of.Key {
		keys = append(keys, graph.Order{Field: graph.FieldRef{Owner: graph.OfEdge, Name: k.Name, Type: k.Type}})
	}
	return s.order(keys)
}

func shareKey(r *schema.Relation, c *collected) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %t", r.Of.Type, r.Out)
	for _, f := range c.fields {
		fmt.Fprintf(&b, " %p", f)
	}
	return b.String()
}

// from narrows a child to the kinds of its parent whose selection asks for it.
func (p *planner) from(child *selection, at scope) {
	via, parent := child.sel.Via, child.up.sel
	if at.t.Kind == nil || len(parent.Kinds) == 1 {
		return
	}
	if !hasKind(via.From, at.t.Kind) {
		via.From = append(via.From, at.t.Kind)
	}
	if len(via.From) == 1 {
		p.finish = append(p.finish, func() {
			if len(via.From) == len(parent.Kinds) {
				via.From = nil
			}
		})
	}
}

func hasKind(kinds []*graph.Kind, k *graph.Kind) bool {
	for _, x := range kinds {
		if x == k {
			return true
		}
	}
	return false
}
