package casefile

import (
	"slices"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// Case is a case file, read.
type Case struct {
	// Name is the name of the file, as Parse was given it.
	Name string
	// Title and Summary are for people; they are not stored in the graph.
	Title, Summary string
	// TimeZone is that in which the file's bare days end, such as Asia/Phnom_Penh.
	TimeZone string

	records []graph.Record
	places  map[string]Problem
	values  map[graph.SaidOf]Problem // by the node and the field, or the type of the relationship
	said    map[graph.SaidOf][]string
}

// DefaultTimeZone is that of a case file that names none.
const DefaultTimeZone = "Asia/Phnom_Penh"

// Parse reads a case file. name is for problems; known is what references may name beside what the file defines itself,
// nil where they are not to be checked. The error is Problems, with every fault of the file at once, or a failure of known.
func Parse(name string, text []byte, model *schema.Model, known Lookup) (*Case, error) {
	p := newParser(name, model, known)
	root := p.tree(text)
	if root == nil {
		return nil, p.problems.sorted()
	}
	c := p.read(root)
	if err := p.lookUp(p.nameClaims()); err != nil {
		return nil, err
	}
	p.build(c)
	if len(p.problems) > 0 {
		return nil, p.problems.sorted()
	}
	return c, nil
}

// Records are the nodes of the case and then its relationships, each once, complete but for recordedAt. Reading the same
// file again gives the same records.
func (c *Case) Records() graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for _, r := range c.records {
			if !yield(clone(r), nil) {
				return
			}
		}
	}
}

// clone is a copy that its receiver may complete in place.
func clone(r graph.Record) graph.Record {
	switch r := r.(type) {
	case *graph.Node:
		return &graph.Node{Kind: r.Kind, ID: r.ID, Values: slices.Clone(r.Values)}
	case *graph.Edge:
		return &graph.Edge{Relation: r.Relation, From: r.From, To: r.To, Props: slices.Clone(r.Props)}
	}
	return r
}

// Counts are how many nodes and relationships Records has.
func (c *Case) Counts() (nodes, relationships int) {
	for _, r := range c.records {
		if _, ok := r.(*graph.Node); ok {
			nodes++
		} else {
			relationships++
		}
	}
	return nodes, relationships
}

// Place is where a value of a record stands in the file, or the record as a whole: a problem that says nothing yet. field is that
// of a graph.Disagreement.
func (c *Case) Place(r graph.Record, field string) Problem {
	id := ""
	switch r := r.(type) {
	case *graph.Node:
		id = r.ID
	case *graph.Edge:
		if id, field = r.From, r.Relation.Type; c.places[id] == (Problem{}) {
			id = r.To
		}
		if at, ok := c.values[graph.SaidOf{Subject: r.From, Property: field}]; ok {
			return at
		}
	}
	if at, ok := c.values[graph.SaidOf{Subject: id, Property: field}]; ok {
		return at
	}
	return c.Problem(id, "", "")
}

// Speakers are the ids of those by whose word the file says a value, as graph.Speakers has them of the graph.
func (c *Case) Speakers(v graph.SaidOf) []string {
	if said := c.said[v]; said != nil {
		return said
	}
	return c.said[graph.SaidOf{Subject: v.Subject}]
}

// ValueOf is the value of which a disagreement is: the node and the word by which claims speak of it.
func ValueOf(model *schema.Model, d graph.Disagreement) graph.SaidOf {
	e, ok := d.Record.(*graph.Edge)
	if !ok {
		return graph.SaidOf{Subject: d.Record.(*graph.Node).ID, Property: graph.Kebab(d.Field)}
	}
	for _, end := range []struct {
		id  string
		out bool
	}{{e.From, true}, {e.To, false}} {
		kind, err := model.Graph.KindOfID(end.id)
		if err != nil {
			continue
		}
		for _, f := range model.Types[kind.Name].Fields {
			if r := f.Relation; r != nil && r.Of == e.Relation && r.Out == end.out && (r.Edge != nil || len(r.Of.Key) == 0) {
				return graph.SaidOf{Subject: end.id, Property: f.Property()}
			}
		}
	}
	return graph.SaidOf{Subject: e.From}
}

// Problem is a problem at the place where the node of that id stands in the file, for a fault that shows only in the
// graph; where the file has no such node it is one of the whole file.
func (c *Case) Problem(id, wrong, right string) Problem {
	p, ok := c.places[id]
	if !ok {
		p = Problem{File: c.Name, Line: 1, Column: 1}
	}
	p.Wrong, p.Right = wrong, right
	return p
}
