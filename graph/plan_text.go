package graph

import (
	"fmt"
	"strings"
)

// String writes the plan for people and for goldens: one line a select, its parts indented below it.
func (p *Plan) String() string {
	var b strings.Builder
	for _, s := range p.Roots {
		s.write(&b, "")
	}
	return b.String()
}

func (s *Select) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%s: %s", indent, s.Name, strings.Join(names(s.Kinds), "|"))
	if s.Via != nil {
		fmt.Fprintf(b, " via %s", s.Via)
	}
	b.WriteByte('\n')
	in := indent + "  "
	if len(s.Fields) > 0 {
		var f []string
		for _, r := range s.Fields {
			f = append(f, r.String())
		}
		fmt.Fprintf(b, "%sfields %s\n", in, strings.Join(f, ", "))
	}
	if s.Where != nil {
		fmt.Fprintf(b, "%swhere %s\n", in, s.Where)
	}
	if s.Search != nil {
		fmt.Fprintf(b, "%ssearch term $%d words $%d\n", in, s.Search.Term, s.Search.Words)
	}
	if len(s.Order) > 0 {
		var o []string
		for _, k := range s.Order {
			d := ""
			if k.Desc {
				d = " desc"
			}
			o = append(o, k.Field.String()+d)
		}
		fmt.Fprintf(b, "%sorder %s\n", in, strings.Join(o, ", "))
	}
	if s.Page.Limit != NoArg || len(s.Page.After) > 0 {
		fmt.Fprintf(b, "%spage %s\n", in, s.Page)
	}
	if s.Count {
		fmt.Fprintf(b, "%scount\n", in)
	}
	if s.Group != nil {
		s.Group.write(b, in)
	}
	for _, c := range s.Children {
		c.write(b, in)
	}
}

func (g *Group) write(b *strings.Builder, indent string) {
	for _, k := range g.Keys {
		if k.Node == nil {
			fmt.Fprintf(b, "%sby %s\n", indent, k.Field)
			continue
		}
		fmt.Fprintf(b, "%sby", indent)
		for _, h := range k.Path {
			fmt.Fprintf(b, " %s", h.Via)
		}
		b.WriteByte('\n')
		k.Node.write(b, indent+"  ")
	}
	if g.Through != nil {
		fmt.Fprintf(b, "%ssum", indent)
		for _, f := range g.Sums {
			fmt.Fprintf(b, " %s", f)
		}
		fmt.Fprintf(b, " through %s where %s\n", g.Through.Via, g.Through.Where)
	}
}

// String is the hop as Cypher would draw it, with (each) behind one that counts relationships.
func (v *Via) String() string {
	s := "-" + v.Relation.Type + "->"
	if !v.Out {
		s = "<-" + v.Relation.Type + "-"
	}
	if v.Keyed {
		s += " (each)"
	}
	if v.One {
		s += " (one)"
	}
	return s
}

// String names the value.
func (f FieldRef) String() string {
	switch f.Owner {
	case OfID:
		return "id"
	case OfKind:
		return "kind"
	case OfKey:
		return "edge key"
	case OfRank:
		return "rank"
	case OfEdge:
		return "edge " + f.Name
	}
	return f.Name
}

// String is the page in words.
func (p Page) String() string {
	way, after := "first", "after"
	if p.Backward {
		way, after = "last", "before"
	}
	s := way + " all"
	if p.Limit != NoArg {
		s = fmt.Sprintf("%s $%d", way, p.Limit)
	}
	if len(p.After) > 0 {
		s += " " + after
		for _, k := range p.After {
			if k.Null {
				s += " null"
			} else {
				s += fmt.Sprintf(" $%d", k.Arg)
			}
		}
	}
	return s
}

var opWords = map[Op]string{Eq: "=", Ne: "<>", In: "in", NotIn: "not in", Lt: "<", Le: "<=", Gt: ">", Ge: ">=",
	Contains: "contains", StartsWith: "starts with", Some: "some", None: "none", Every: "every"}

// String is the condition in words.
func (c *Cond) String() string {
	if c == nil {
		return "true"
	}
	switch c.Op {
	case And, Or:
		word, none := " and ", "true"
		if c.Op == Or {
			word, none = " or ", "false"
		}
		if len(c.Of) == 0 {
			return none
		}
		var of []string
		for _, d := range c.Of {
			of = append(of, d.String())
		}
		return "(" + strings.Join(of, word) + ")"
	case Not:
		return "not " + c.Of[0].String()
	case IsNull:
		return c.Field.String() + " is null"
	case KindIn:
		return "kind in " + strings.Join(names(c.Kinds), "|")
	case Some, None, Every:
		s := fmt.Sprintf("%s %s %s", opWords[c.Op], c.Via, strings.Join(names(c.Kinds), "|"))
		if len(c.Of) > 0 {
			s += " {" + c.Of[0].String() + "}"
		}
		return s
	}
	return fmt.Sprintf("%s %s $%d", c.Field, opWords[c.Op], c.Arg)
}
