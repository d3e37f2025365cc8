package gql

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// maxVia bounds how many fragments of a cycle a message names.
const maxVia = 5

// fragmentCycles reports the spreads through which a fragment reaches itself, at most maxErrors of them, in linear time.
func fragmentCycles(doc *ast.QueryDocument) gqlerror.List {
	c := &cycles{fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)), place: map[string]int{}}
	for _, f := range doc.Fragments {
		if c.fragments[f.Name] == nil {
			c.fragments[f.Name] = f
		}
	}
	for _, f := range doc.Fragments {
		c.enter(f.Name)
	}
	return c.errs
}

type cycles struct {
	fragments map[string]*ast.FragmentDefinition
	// place is one more than where a fragment stands in path while it is entered, and -1 when it has been left.
	place map[string]int
	path  []string
	errs  gqlerror.List
}

func (c *cycles) enter(name string) {
	f := c.fragments[name]
	if f == nil || c.place[name] != 0 {
		return
	}
	c.path = append(c.path, name)
	c.place[name] = len(c.path)
	c.follow(f.SelectionSet)
	c.path = c.path[:len(c.path)-1]
	c.place[name] = -1
}

func (c *cycles) follow(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			c.follow(s.SelectionSet)
		case *ast.InlineFragment:
			c.follow(s.SelectionSet)
		case *ast.FragmentSpread:
			if place := c.place[s.Name]; place > 0 {
				c.report(s, c.path[place:])
			}
			c.enter(s.Name)
		}
	}
}

func (c *cycles) report(s *ast.FragmentSpread, via []string) {
	if len(c.errs) == maxErrors {
		return
	}
	message := "Cannot spread fragment " + quoted(s.Name) + " within itself"
	for i, name := range via {
		switch i {
		case 0:
			message += " via " + quoted(name)
		case maxVia:
			message += ", …"
		default:
			if i < maxVia {
				message += ", " + quoted(name)
			}
		}
	}
	c.errs = append(c.errs, &gqlerror.Error{Rule: "NoFragmentCycles", Message: message + ".",
		Locations: []gqlerror.Location{{Line: s.Position.Line, Column: s.Position.Column}}})
}
