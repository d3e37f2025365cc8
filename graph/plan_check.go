package graph

import "fmt"

// Check says whether the plan keeps the rules stated at its types, so that a store need not. A plan that does not is a
// fault of ours: the error is Internal.
func (p *Plan) Check() error {
	for _, s := range p.Roots {
		if s.Via != nil {
			return broken("root %s has a Via", s.Name)
		}
		if err := p.check(s); err != nil {
			return err
		}
	}
	return nil
}

func broken(format string, args ...any) error {
	return &Error{Code: Internal, Message: "the plan is broken", Err: fmt.Errorf(format, args...)}
}

func (p *Plan) check(s *Select) error {
	if len(s.Kinds) == 0 {
		return broken("%s reads no kind", s.Name)
	}
	if s.Search != nil && s.Via != nil {
		return broken("%s searches below the root", s.Name)
	}
	for _, f := range s.Fields {
		if err := p.checkRef(f, s.Kinds, s.Via); err != nil {
			return err
		}
	}
	if err := p.checkCond(s.Where, s.Kinds, s.Via); err != nil {
		return err
	}
	if s.Group != nil {
		return p.checkGroup(s)
	}
	if s.Search == nil && (s.Via == nil || !s.Via.One) {
		if err := p.checkOrder(s); err != nil {
			return err
		}
	}
	want := len(s.Order)
	if s.Search != nil {
		want = 2
	}
	if n := len(s.Page.After); n != 0 && n != want {
		return broken("%s has a cursor of %d keys for an order of %d", s.Name, n, want)
	}
	for _, k := range s.Page.After {
		if !k.Null && !p.has(k.Arg) {
			return broken("%s has a cursor with argument %d of %d", s.Name, k.Arg, p.Args)
		}
	}
	if s.Page.Limit != NoArg && !p.has(s.Page.Limit) {
		return broken("%s has a limit with argument %d of %d", s.Name, s.Page.Limit, p.Args)
	}
	for _, c := range s.Children {
		if c.Via == nil {
			return broken("%s below %s has no Via", c.Name, s.Name)
		}
		if err := p.checkVia(c.Via, s.Kinds, c.Kinds); err != nil {
			return err
		}
		if err := p.check(c); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) has(a Arg) bool { return a >= 0 && int(a) < p.Args }

func (p *Plan) checkOrder(s *Select) error {
	keyed := s.Via != nil && s.Via.Keyed
	n := len(s.Order)
	if keyed {
		if n == 0 || s.Order[n-1].Field.Owner != OfKey {
			return broken("the order of %s does not end in the key of its relationship", s.Name)
		}
		n--
	}
	if n == 0 || s.Order[n-1].Field.Owner != OfID {
		return broken("the order of %s does not end in the id", s.Name)
	}
	for _, o := range s.Order {
		if err := p.checkRef(o.Field, s.Kinds, s.Via); err != nil {
			return err
		}
		if o.Field.Type == StringList || o.Field.Type == JSON {
			return broken("%s is ordered by %s, which has no order", s.Name, o.Field.Name)
		}
	}
	return nil
}

func (p *Plan) checkGroup(s *Select) error {
	if s.Via != nil || len(s.Fields)+len(s.Order)+len(s.Children) > 0 || s.Count || s.Page.Limit != NoArg {
		return broken("%s is a group with more than a group", s.Name)
	}
	for _, k := range s.Group.Keys {
		if k.Node == nil {
			if err := p.checkRef(k.Field, s.Kinds, nil); err != nil {
				return err
			}
			continue
		}
		if len(k.Path) == 0 {
			return broken("a key of %s has no path", s.Name)
		}
		kinds := s.Kinds
		for _, h := range k.Path {
			if err := p.checkVia(h.Via, kinds, h.Kinds); err != nil {
				return err
			}
			if err := p.checkCond(h.Where, h.Kinds, h.Via); err != nil {
				return err
			}
			kinds = h.Kinds
		}
		for _, c := range k.Node.Children {
			if err := p.check(c); err != nil {
				return err
			}
		}
	}
	if t := s.Group.Through; t != nil {
		if err := p.checkVia(t.Via, s.Kinds, t.Kinds); err != nil {
			return err
		}
		if err := p.checkCond(t.Where, t.Kinds, t.Via); err != nil {
			return err
		}
		for _, f := range s.Group.Sums {
			if f.Type != Int {
				return broken("%s sums %s, which is no Int", s.Name, f.Name)
			}
			if err := p.checkRef(f, t.Kinds, nil); err != nil {
				return err
			}
		}
	} else if len(s.Group.Sums) > 0 {
		return broken("%s sums through nothing", s.Name)
	}
	return nil
}

func (p *Plan) checkRef(f FieldRef, kinds []*Kind, via *Via) error {
	switch f.Owner {
	case OfNode:
		for _, k := range kinds {
			if d := k.Field(f.Name); d != nil && d.Type == f.Type {
				return nil
			}
		}
		return broken("no kind of %v has the field %s of type %s", names(kinds), f.Name, f.Type)
	case OfEdge:
		if via == nil {
			return broken("%s is asked of a relationship where there is none", f.Name)
		}
		if d := via.Relation.Prop(f.Name); d == nil || d.Type != f.Type {
			return broken("%s has no property %s of type %s", via.Relation.Type, f.Name, f.Type)
		}
		if !via.Keyed && !via.One && len(via.Relation.Key) > 0 {
			return broken("%s is asked of %s, of which there may be several", f.Name, via.Relation.Type)
		}
	case OfKey:
		if via == nil || !via.Keyed {
			return broken("the key of a relationship is asked where there is none")
		}
	}
	return nil
}

func names(kinds []*Kind) []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.Name)
	}
	return out
}

func (p *Plan) checkVia(v *Via, near, far []*Kind) error {
	if v == nil || len(far) == 0 {
		return broken("a hop goes nowhere")
	}
	if v.One && (!v.Out || !v.Relation.One) {
		return broken("%s leads to one, but there may be several", v)
	}
	for _, n := range near {
		for _, f := range far {
			if v.Out && v.Relation.Joins(n, f) || !v.Out && v.Relation.Joins(f, n) {
				return nil
			}
		}
	}
	return broken("%s does not join %v and %v", v.Relation.Type, names(near), names(far))
}

func (p *Plan) checkCond(c *Cond, kinds []*Kind, via *Via) error {
	if c == nil {
		return nil
	}
	switch c.Op {
	case And, Or, Not:
		if c.Op == Not && len(c.Of) != 1 {
			return broken("not takes one condition")
		}
		for _, d := range c.Of {
			if err := p.checkCond(d, kinds, via); err != nil {
				return err
			}
		}
		return nil
	case Some, None, Every:
		if err := p.checkVia(c.Via, kinds, c.Kinds); err != nil {
			return err
		}
		if len(c.Of) > 1 || c.Op == Every && len(c.Of) == 0 {
			return broken("a condition over a relation takes one condition")
		}
		for _, d := range c.Of {
			if err := p.checkCond(d, c.Kinds, c.Via); err != nil {
				return err
			}
		}
		return nil
	case KindIn:
		return nil
	case IsNull:
		return p.checkRef(c.Field, kinds, via)
	}
	if c.Field.Owner <= OfEdge && (c.Field.Type == StringList || c.Field.Type == JSON) {
		return broken("%s is compared, but can only be asked whether it is null", c.Field.Name)
	}
	if !p.has(c.Arg) {
		return broken("a condition has argument %d of %d", c.Arg, p.Args)
	}
	if c.Op == Contains || c.Op == StartsWith {
		if c.Field.Owner != OfNode {
			return broken("only a node's text can be searched")
		}
		for _, k := range kinds {
			if d := k.Field(c.Field.Name); d != nil && !d.Text {
				return broken("%s of %s has no folded form", d.Name, k.Name)
			}
		}
	}
	return p.checkRef(c.Field, kinds, via)
}
