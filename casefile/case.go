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
