package graph

import (
	"fmt"
	"strings"
)

// object checks and completes the leaves of one value object.
func (c *checker) object(s *shape, o *object, values []any) {
	if !o.given(values) {
		return
	}
	member, known := "", true
	if o.union >= 0 {
		member, _ = values[o.union].(string)
		if known = c.union(s, o, member, values); !known {
			return
		}
	}
	if o.edtf >= 0 && s.fields[o.edtf].Member == member {
		c.period(s, o, values)
	}
	if o.raw >= 0 && s.fields[o.raw].Member == member {
		c.count(s, o, values)
	}
	for _, f := range o.leaves {
		if f.Needed && f.Member == "" || f.Needed && f.Member == member {
			if values[f.Position] == nil {
				values[f.Position] = c.missing(f, f.Name)
			}
		}
	}
}

// union holds the leaves of a union to those of its type, and says whether the type is known.
func (c *checker) union(s *shape, o *object, member string, values []any) bool {
	kinds := s.fields[o.union].Values
	if member == "" {
		c.add(s.fields[o.union].Name, "it is missing; use %s", strings.Join(kinds, ", "))
		return false
	}
	for _, k := range kinds {
		if k != member {
			continue
		}
		for _, f := range o.leaves {
			if f.Member != "" && f.Member != member && values[f.Position] != nil {
				c.add(f.Name, "it belongs to a %s, but %s is %s", f.Member, s.fields[o.union].Name, member)
			}
		}
		return true
	}
	return false
}

// period derives the days of a period from its text.
func (c *checker) period(s *shape, o *object, values []any) {
	name := s.fields[o.edtf].Name
	text, _ := values[o.edtf].(string)
	if text == "" {
		if values[o.edtf] == nil {
			c.add(name, "it is missing; the days follow from it")
		}
		return
	}
	if values[o.basis] == nil {
		values[o.basis] = string(BasisStated)
	}
	basis, _ := values[o.basis].(string)
	p, err := ParsePeriod(text, DateBasis(basis))
	if err != nil {
		if c.at(s.fields[o.basis].Name) {
			return
		}
		c.add(name, "%s", err)
		return
	}
	if p.EDTF != text {
		values[o.edtf] = p.EDTF
	}
	c.derive(s, o.from, p.From, values, p.EDTF)
	c.derive(s, o.to, p.To, values, p.EDTF)
}

// derive sets a day that follows from the text of its period.
func (c *checker) derive(s *shape, at int, day string, values []any, edtf string) {
	given, _ := values[at].(string)
	switch {
	case values[at] == nil && day != "":
		values[at] = day
	case values[at] != nil && given != day && day == "":
		c.add(s.fields[at].Name, "it is %s, but %s leaves that end open; leave it out", Quote(given), Quote(edtf))
	case values[at] != nil && given != day:
		c.add(s.fields[at].Name, "it is %s, but %s means %s; leave it out", Quote(given), Quote(edtf), day)
	}
}

// at says whether there is a problem with the field already.
func (c *checker) at(field string) bool {
	for _, p := range c.problems {
		if p.Field == field {
			return true
		}
	}
	return false
}

// count checks the numbers of a count and fills in those that follow.
func (c *checker) count(s *shape, o *object, values []any) {
	for _, i := range []int{o.raw, o.mode, o.value, o.min, o.max} {
		if c.at(s.fields[i].Name) {
			return
		}
	}
	mode, _ := values[o.mode].(string)
	if mode == "" {
		return // missing, which is said elsewhere
	}
	raw, _ := values[o.raw].(string)
	count := Count{Raw: raw, Mode: CountMode(mode), Value: numberOf(values[o.value]), Min: numberOf(values[o.min]), Max: numberOf(values[o.max])}
	if err := count.Check(); err != nil {
		c.add(o.path, "%s", err)
		return
	}
	count = count.Complete()
	for at, n := range map[int]*int64{o.value: count.Value, o.min: count.Min, o.max: count.Max} {
		if n != nil && values[at] == nil {
			values[at] = *n
		}
	}
}

// numberOf is a stored Int; nil for null.
func numberOf(v any) *int64 {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	return &n
}

// domain holds a node to the rules of its kind that the schema cannot say.
func (c *checker) domain(n *Node) {
	switch n.Kind.Name {
	case kindClaim:
		c.claim(n)
	case kindStatement:
		c.statement(n)
	}
}

// claim: what a claim says fits the property that it says it of.
func (c *checker) claim(n *Node) {
	property, typ := text(n.Get("property")), text(n.Get("value.type"))
	measured := n.Get("measure") != nil
	switch {
	case property == "figure" && !measured:
		c.add("measure", "it is missing: a figure says of whom it counts")
	case measured && typ != "Count":
		c.add("value.type", "it is %s, but a figure is a Count", typ)
	}
	one := func(f string, known []string) {
		if v := text(n.Get("value.text")); typ != "Text" {
			c.add("value.type", "it is %s, but a claim of %s is a Text: %s", typ, property, strings.Join(known, ", "))
		} else if !oneOf(v, known) {
			c.add("value.text", "there is no %s %s%s", f, Quote(v), didYouMean(v, known))
		}
	}
	switch property {
	case "screening":
		one("screening status", screeningStatuses)
	case "outcome":
		one("outcome", outcomeKinds)
	}
}

func oneOf(s string, list []string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// statement: a silence takes the stance SILENT and nothing else does.
func (c *checker) statement(n *Node) {
	kind, stance := text(n.Get("kind")), text(n.Get("stance"))
	if stance != "" && !Stance(stance).Fits(StatementKind(kind)) {
		right := "that is no silence; use AFFIRMS, DENIES, DOUBTS or DEFERS, or leave it out"
		if StatementKind(kind).Silent() {
			right = "a silence takes the stance SILENT or none"
		}
		c.add("stance", "it is %s, but the statement's kind is %s: %s", stance, kind, right)
	}
}

// text is a stored text; empty for null.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// own says whether a projected field follows from the node itself.
func (f *Field) own() bool { return f.Projected && (f.Name == "silent" || f.Name == "month") }

// resolved says whether a projected field follows from what was merged into the node.
func (f *Field) resolved() bool { return f.Name == MergedIDs || f.Name == mergedNames }

// project sets the projected fields that follow from the node itself: whether a statement is a silence, and the month
// where the date is certainly in one.
func (n *Node) project() {
	for i, f := range n.Kind.Fields {
		switch {
		case !f.own():
		case f.Name == "silent":
			n.Values[i] = StatementKind(text(n.Get("kind"))).Silent()
		default:
			n.Values[i] = nil
			if from, to := text(n.Get("date.from")), text(n.Get("date.to")); len(from) >= 7 && len(to) >= 7 && from[:7] == to[:7] {
				n.Values[i] = from[:7]
			}
		}
	}
}

var (
	screeningStatuses = texts(ScreeningNotStated, ScreeningNotConfirmed, ScreeningNotDone, ScreeningPending, ScreeningPartial, ScreeningDone,
		ScreeningDisputed)
	outcomeKinds = texts(OutcomeDetained, OutcomeArrested, OutcomeFined, OutcomeReleased, OutcomeReturnedToWork,
		OutcomeTransferredImmigration, OutcomeDeported, OutcomeRepatriated, OutcomeCharged, OutcomeSiteClosed, OutcomeNothingFound,
		OutcomeFledBefore, OutcomeUnaccountedFor)
)

func texts[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	return out
}
