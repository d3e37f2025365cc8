package neo4j

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// statement is what a root of a plan is compiled to.
type statement struct {
	text  string
	binds []bind
	shape *shape
}

// bind is a parameter of a statement.
type bind struct {
	name string
	arg  graph.Arg
	form form
}

// parameters are the statement's for one request.
func (s *statement) parameters(args []any) map[string]any {
	m := make(map[string]any, len(s.binds))
	for _, b := range s.binds {
		m[b.name] = b.form.bind(args[b.arg])
	}
	return m
}

func brokenPlan(format string, args ...any) error {
	return &graph.Error{Code: graph.Internal, Message: "the plan is broken", Err: fmt.Errorf(format, args...)}
}

// compiled makes the statements of a plan, once. The answers of several roots carry the state of the data that they saw.
func (s *Store) compiled(p *graph.Plan) ([]*statement, error) {
	c, err := p.Compiled(s, func() (any, error) {
		if err := p.Check(); err != nil {
			return nil, err
		}
		statements := make([]*statement, len(p.Roots))
		for i, r := range p.Roots {
			st, err := compile(s.schema, r)
			if err != nil {
				return nil, err
			}
			statements[i] = st
		}
		return statements, nil
	})
	if err != nil {
		return nil, err
	}
	return c.([]*statement), nil
}

// Explain is the Cypher of each root of the plan.
func (s *Store) Explain(p *graph.Plan) ([]string, error) {
	statements, err := s.compiled(p)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(statements))
	for i, st := range statements {
		texts[i] = st.text
	}
	return texts, nil
}

// compiler writes one statement.
type compiler struct {
	schema *graph.Schema
	binds  []bind
	names  map[string]int
	// foreign is a kind or a relation that is not of the schema.
	foreign string
}

// own notes what is not of the store's schema.
func (c *compiler) own(relation *graph.Relation, kinds []*graph.Kind) {
	if relation != nil && c.schema.Relation(relation.Type) != relation {
		c.foreign = relation.Type
	}
	for _, k := range kinds {
		if c.schema.Kind(k.Name) != k {
			c.foreign = k.Name
		}
	}
}

// compile makes the statement of a root. It answers one record: rows, and the total where it is asked for. One record of lists is four times as fast to read as a record for each row.
func compile(schema *graph.Schema, s *graph.Select) (*statement, error) {
	c := &compiler{schema: schema, names: map[string]int{}}
	c.own(nil, s.Kinds)
	sh := shapeOf(s)
	var rows, total string
	switch {
	case s.Group != nil:
		rows = c.group(s)
	case s.Search != nil:
		rows, total = c.search(s)
	default:
		rows, total = c.list(s)
	}
	columns := []string{block("COLLECT", rows) + " AS rows"}
	if s.Count {
		columns = append(columns, total+" AS total")
	}
	if c.foreign != "" {
		return nil, brokenPlan("%s is of another schema than the store's", c.foreign)
	}
	return &statement{text: "RETURN " + strings.Join(columns, ",\n"), binds: c.binds, shape: sh}, nil
}

// arg is a parameter, in a form.
func (c *compiler) arg(a graph.Arg, f form) string {
	name := fmt.Sprintf("a%d", a)
	if f != asIs {
		name = fmt.Sprintf("o%d", a)
	}
	for _, b := range c.binds {
		if b.name == name {
			return "$" + name
		}
	}
	c.binds = append(c.binds, bind{name: name, arg: a, form: f})
	return "$" + name
}

// name is a new variable: the first one is as asked, the others are numbered.
func (c *compiler) name(stem string) string {
	c.names[stem]++
	if n := c.names[stem]; n > 1 {
		return fmt.Sprintf("%s%d", stem, n)
	}
	return stem
}

// scope is a node that a part of the statement speaks of.
type scope struct {
	node  string
	kinds []*graph.Kind
	// edge is the relationship that leads to it; it is written into the pattern only where it is used.
	edge     string
	via      *graph.Via
	edgeUsed bool
	rank     string // the search rank's variable
	// keep is the field whose index is to give the order; empty where none is.
	keep graph.FieldRef
}

func (sc *scope) relationship() string {
	sc.edgeUsed = true
	return sc.edge
}

// block puts lines into braces behind a head.
func block(head, body string) string {
	if strings.Contains(body, "\n") || len(body) > 100 {
		return head + " {\n" + indent(body) + "\n}"
	}
	return head + " { " + body + " }"
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// lines joins the lines that are not empty.
func lines(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p)
	}
	return b.String()
}

// where makes a WHERE of conditions that all have to hold.
func where(conds ...string) string {
	var kept []string
	for _, c := range conds {
		if c != "" && c != "true" {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "WHERE " + strings.ReplaceAll(strings.Join(kept, "\nAND "), "\n", "\n  ")
}
