package graph

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a record.
type Problem struct {
	// Field is the path to what is wrong, such as "date.edtf", "names.1.kind", "id" or "from"; empty for the record itself.
	Field string
	// Message says what is wrong and what would be right.
	Message string
}

// CheckRecord checks a record against the schema and completes it in place: texts are normalised, times brought to UTC, the days
// of a period and the bounds of a count filled in, lists that are missing made empty, and the projected fields that follow from
// the record itself (silent, month) set; other projected fields become null. A record without problems may be put once
// its recordedAt is set. Checking a record twice changes nothing.
func (s *Schema) CheckRecord(r Record) []Problem {
	c := checker{}
	switch r := r.(type) {
	case *Node:
		c.node(s, r)
	case *Edge:
		c.edge(s, r)
	default:
		c.add("", "it is neither a node nor a relationship")
	}
	return c.problems
}

// InvalidRecord is the Invalid error for a record with problems; nil where there are none.
func InvalidRecord(r Record, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	const most = 3
	var parts []string
	for i, p := range problems {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(problems)-most))
			break
		}
		if p.Field != "" {
			p.Message = p.Field + ": " + p.Message
		}
		parts = append(parts, p.Message)
	}
	return Errorf(Invalid, "%s: %s", recordLabel(r), strings.Join(parts, "; "))
}

// recordLabel names a record in an error message.
func recordLabel(r Record) string {
	switch r := r.(type) {
	case *Node:
		return Quote(r.ID)
	case *Edge:
		label := fmt.Sprintf("%s from %s to %s", r.Relation.Type, Quote(r.From), Quote(r.To))
		if key := r.Key(); key != "" {
			label += " (" + strings.Trim(Quote(key), `"`) + ")"
		}
		return label
	}
	return "a record"
}

// checker collects the problems of a record.
type checker struct {
	problems []Problem
}

func (c *checker) add(field, format string, args ...any) {
	c.problems = append(c.problems, Problem{field, fmt.Sprintf(format, args...)})
}

func (c *checker) node(s *Schema, n *Node) {
	if n.Kind == nil || s.Kind(n.Kind.Name) != n.Kind {
		c.add("", "its kind is none of the schema's")
		return
	}
	if n.Kind.Own() {
		c.add("", "the kind %s is written by the program; leave it out", n.Kind.Name)
		return
	}
	if k, err := s.KindOfID(n.ID); err != nil {
		c.add("id", "%s", err)
	} else if k != n.Kind {
		c.add("id", "it is an id of the kind %s; those of the kind %s begin with %s:", k.Name, n.Kind.Name, n.Kind.Prefix)
	}
	if len(n.Values) != len(n.Kind.Fields) {
		c.add("", "it has %d values, but the kind %s has %d", len(n.Values), n.Kind.Name, len(n.Kind.Fields))
		return
	}
	c.values(n.Kind.shape, n.Values)
	c.searchKeys(n)
	if len(c.problems) == 0 {
		c.domain(n)
		n.project()
	}
}

// searchKeys bounds the folded texts by which a node is found, which a store keeps in one text index.
func (c *checker) searchKeys(n *Node) {
	const foldsInto = 4 // times the bytes, see Fold
	raw := 0
	for _, f := range n.Kind.Fields {
		if s, ok := n.Values[f.Position].(string); ok && f.Search != SearchNone {
			raw += len(s)
		}
	}
	if raw*foldsInto < MaxLongText {
		return
	}
	if name, text := n.SearchKeys(); len(name) > MaxLongText || len(text) > MaxLongText {
		c.add("", "its texts that search looks at are over %d bytes together; make them shorter", MaxLongText)
	}
}

func (c *checker) edge(s *Schema, e *Edge) {
	if e.Relation == nil || s.Relation(e.Relation.Type) != e.Relation {
		c.add("", "its relation is none of the schema's")
		return
	}
	if e.Relation.Projection {
		c.add("", "%s is written by the program; leave it out", e.Relation.Type)
		return
	}
	from, to := c.end(s, "from", e.From), c.end(s, "to", e.To)
	if from != nil && to != nil && !e.Relation.Joins(from, to) {
		c.ends(e.Relation, from, to)
	}
	if len(e.Props) != len(e.Relation.Props) {
		c.add("", "it has %d properties, but %s has %d", len(e.Props), e.Relation.Type, len(e.Relation.Props))
		return
	}
	c.values(e.Relation.shape, e.Props)
	for _, n := range e.Relation.Narrowed {
		v, given := e.Props[n.Prop.Position].(string)
		if given && (n.Kind == from || n.Kind == to) && !oneOf(v, n.Values) && !c.at(n.Prop.Name) {
			c.add(n.Prop.Name, "there is no %s for the kind %s%s", Quote(v), n.Kind.Name, didYouMean(v, n.Values))
		}
	}
}

func (c *checker) end(s *Schema, field, id string) *Kind {
	k, err := s.KindOfID(id)
	if err != nil {
		c.add(field, "%s", err)
	}
	return k
}

// ends says which end is of a wrong kind.
func (c *checker) ends(r *Relation, from, to *Kind) {
	starts := false
	for _, e := range r.Ends {
		starts = starts || e.From == from
	}
	if !starts {
		c.add("from", "%s does not begin at the kind %s, but at %s", r.Type, from.Name, kindList(r.Ends, func(e End) *Kind { return e.From }))
		return
	}
	c.add("to", "%s does not lead from the kind %s to the kind %s, but to %s", r.Type, from.Name, to.Name, kindList(r.Ends, func(e End) *Kind {
		if e.From == from {
			return e.To
		}
		return nil
	}))
}

func kindList(ends []End, of func(End) *Kind) string {
	var list []string
	seen := map[*Kind]bool{nil: true}
	for _, e := range ends {
		if k := of(e); !seen[k] {
			seen[k] = true
			list = append(list, k.Name)
		}
	}
	return strings.Join(list, ", ")
}

// values checks and completes the values of a node, an edge, or a value object in a list.
func (c *checker) values(s *shape, values []any) {
	for i, f := range s.fields {
		switch {
		case f.Projected:
			values[i] = nil
		case values[i] != nil:
			v, problem := f.normal(values[i], s.enums[i])
			if problem != "" {
				c.add(f.Name, "%s", problem)
			}
			if f.object != nil && problem == "" {
				v = c.list(f, v.(string))
			}
			values[i] = v
		}
	}
	for _, o := range s.objects {
		c.object(s, o, values)
	}
	for i, f := range s.fields {
		if f.NonNull && values[i] == nil && !f.Projected {
			values[i] = c.missing(f, c.absent(s, f, values))
		}
	}
}

// missing is what a required field has where nothing is given: an empty list, or a problem.
func (c *checker) missing(f *Field, name string) any {
	switch f.Type {
	case StringList:
		return []string{}
	case JSON:
		return "[]"
	}
	for _, p := range c.problems {
		if p.Field == f.Name || p.Field == name {
			return nil
		}
	}
	if f.Type == Enum {
		c.add(name, "it is missing; use %s", strings.Join(f.Values, ", "))
	} else {
		c.add(name, "it is missing")
	}
	return nil
}

// absent is the name under which a missing field is spoken of: its value object, where nothing of that is given.
func (c *checker) absent(s *shape, f *Field, values []any) string {
	for _, o := range s.objects {
		for _, leaf := range o.leaves {
			if leaf == f && !o.given(values) {
				return o.path
			}
		}
	}
	return f.Name
}

// given says whether a leaf of the object, or of one inside it, has a value.
func (o *object) given(values []any) bool {
	for _, k := range o.keys {
		if k.object != nil && k.object.given(values) || k.field != nil && values[k.field.Position] != nil {
			return true
		}
	}
	return false
}
