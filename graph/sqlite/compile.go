package sqlite

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// statement is what a root becomes: one statement, and how its answer is read.
//
// Its answer is one row: a text, the rows of the root without the brackets around them, and the total where it is counted.
// A row is a JSON array: first the sets of its children, then its values. A set is [row,...], or [total,[row,...]] where it
// is counted. Children stand in front because the array of the values, made by json_array, is then continued from its front
// without being read again.
type statement struct {
	sql   string
	shape *shape
}

// compiled is a whole plan.
type compiled struct {
	statements []*statement
	args       int
	// derived make further arguments, bound behind those of the plan.
	derived []func(args []any) any
	// listed are the lists of ids that nodes are looked up by. lone is the plan for where each has one id: a list takes SQLite as
	// long to unpack as the rest of such a statement.
	listed []graph.Arg
	lone   *compiled
}

// of is the plan for some arguments.
func (p *compiled) of(args []any) *compiled {
	if p.lone == nil {
		return p
	}
	for _, a := range p.listed {
		if int(a) >= len(args) {
			return p
		}
		if ids, ok := args[a].([]any); !ok || len(ids) != 1 {
			return p
		}
	}
	return p.lone
}

// compiler makes the statements of a plan. Names come from the schema, values are bound.
type compiler struct {
	schema  *graph.Schema
	numbers map[*graph.Kind]int64
	plan    *compiled
	// lone: each list of ids has one.
	lone  bool
	nodes int
	edges int
	pages int
	// foreign names what the plan has of another schema.
	foreign string
}

func (s *Store) compile(p *graph.Plan) (*compiled, error) {
	made, err := p.Compiled(s, func() (any, error) {
		if err := p.Check(); err != nil {
			return nil, err
		}
		out, err := s.compileAs(p, false)
		if err == nil && len(out.listed) > 0 {
			out.lone, err = s.compileAs(p, true)
		}
		return out, err
	})
	if err != nil {
		return nil, err
	}
	return made.(*compiled), nil
}

func (s *Store) compileAs(p *graph.Plan, lone bool) (*compiled, error) {
	out := &compiled{args: p.Args}
	for _, root := range p.Roots {
		c := &compiler{schema: s.schema, numbers: s.numbers, plan: out, lone: lone}
		out.statements = append(out.statements, c.root(root))
		if c.foreign != "" {
			return nil, &graph.Error{Code: graph.Internal, Message: "the plan is broken", Err: fmt.Errorf("%s is of another schema", c.foreign)}
		}
	}
	return out, nil
}

// derived adds an argument that is made of those of the plan, and is where it is bound.
func (c *compiler) derived(from func(args []any) any) string {
	c.plan.derived = append(c.plan.derived, from)
	return bound(graph.Arg(c.plan.args + len(c.plan.derived) - 1))
}

// Explain is the statement of each root of a plan, as it is run.
func (s *Store) Explain(p *graph.Plan) ([]string, error) {
	c, err := s.compile(p)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, st := range c.statements {
		out = append(out, st.sql)
	}
	return out, nil
}

// query is a SELECT in parts.
type query struct {
	distinct bool
	columns  []string
	from     []string // one table a line, each with its join
	where    []string
	order    []string
	limit    string
}

func (q *query) String() string {
	var b strings.Builder
	b.WriteString("SELECT ")
	if q.distinct {
		b.WriteString("DISTINCT ")
	}
	b.WriteString(strings.Join(q.columns, ", "))
	b.WriteString("\nFROM " + strings.Join(q.from, "\n"))
	if len(q.where) > 0 {
		b.WriteString("\nWHERE " + strings.Join(q.where, "\n  AND "))
	}
	if len(q.order) > 0 {
		b.WriteString("\nORDER BY " + strings.Join(q.order, ", "))
	}
	if q.limit != "" {
		b.WriteString("\nLIMIT " + q.limit)
	}
	return b.String()
}

// source is where values of a node are read from: the tables themselves, or a page of rows that was cut out of them.
type source interface {
	// pk is the node's key.
	pk() string
	// kind is the number of the node's kind.
	kind() string
	// value is an expression for a value.
	value(f graph.FieldRef) string
	// of are the kinds that the node may have.
	of() []*graph.Kind
}

// page is a source that projects what is asked of it out of a subselect.
type page struct {
	alias   string
	from    source
	columns []string
	names   map[string]string // the column's name, by expression
	taken   map[string]bool
}

func (c *compiler) page(from source) *page {
	c.pages++
	return &page{alias: fmt.Sprintf("p%d", c.pages), from: from, names: map[string]string{}, taken: map[string]bool{}}
}

func (p *page) column(expression, name string) string {
	n, ok := p.names[expression]
	if !ok {
		n = name
		for i := 2; p.taken[strings.ToLower(n)]; i++ {
			n = fmt.Sprintf("%s %d", name, i)
		}
		p.names[expression], p.taken[strings.ToLower(n)] = n, true
		p.columns = append(p.columns, expression+" AS "+quote(n))
	}
	return p.alias + "." + quote(n)
}

func (p *page) pk() string        { return p.column(p.from.pk(), "_pk") }
func (p *page) kind() string      { return p.column(p.from.kind(), "_kind") }
func (p *page) of() []*graph.Kind { return p.from.of() }

func (p *page) value(f graph.FieldRef) string {
	name := map[graph.Owner]string{graph.OfID: "id", graph.OfKind: "_kind", graph.OfKey: "_key", graph.OfRank: "_rank"}[f.Owner]
	switch f.Owner {
	case graph.OfNode:
		name = f.Name
	case graph.OfEdge:
		name = "edge " + f.Name
	}
	return p.column(p.from.value(f), name)
}
