package storetest

import (
	"strings"
	"unicode/utf8"

	"github.com/raidgraph/raidgraph/graph"
)

// nodeRefs are the stored fields of the kinds: each name with each of its types.
func nodeRefs(kinds []*graph.Kind, keep func(*graph.Field) bool) []graph.FieldRef {
	var refs []graph.FieldRef
	seen := map[graph.FieldRef]bool{}
	for _, k := range kinds {
		for _, f := range k.Fields {
			ref := graph.FieldRef{Owner: graph.OfNode, Name: f.Name, Type: f.Type}
			if keep(f) && !seen[ref] {
				seen[ref] = true
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// edgeRefs are the properties of the relationship that a plan may ask for.
func edgeRefs(v *graph.Via, keep func(*graph.Field) bool) []graph.FieldRef {
	if v == nil || !v.Keyed && !v.One && len(v.Relation.Key) > 0 {
		return nil
	}
	var refs []graph.FieldRef
	for _, f := range v.Relation.Props {
		if keep(f) {
			refs = append(refs, graph.FieldRef{Owner: graph.OfEdge, Name: f.Name, Type: f.Type})
		}
	}
	return refs
}

// typed names a text that is no stored field, with its type or without.
func (p *planner) typed(o graph.Owner) graph.FieldRef {
	return graph.FieldRef{Owner: o, Type: pick(p.Rand, []graph.Type{0, graph.String})}
}

// fields picks what a row holds: a few values, now and then all or none.
func (p *planner) fields(kinds []*graph.Kind, v *graph.Via) []graph.FieldRef {
	all := func(*graph.Field) bool { return true }
	refs := append(nodeRefs(kinds, all), edgeRefs(v, all)...)
	refs = append(refs, p.typed(graph.OfKind))
	if v != nil && v.Keyed {
		refs = append(refs, p.typed(graph.OfKey))
	}
	id := p.typed(graph.OfID)
	switch n := p.IntN(100); {
	case n < 4:
		return nil
	case n < 12:
		return append(refs, id)
	}
	out := []graph.FieldRef{id}
	for range p.IntN(5) {
		out = append(out, pick(p.Rand, refs))
	}
	return out
}

// order picks up to three keys and ends them in what makes them total.
func (p *planner) order(kinds []*graph.Kind, v *graph.Via) []graph.Order {
	index := func(f *graph.Field) bool { return f.Index && f.Type != graph.StringList && f.Type != graph.JSON }
	refs := append(nodeRefs(kinds, index), edgeRefs(v, index)...)
	refs = append(refs, edgeRefs(v, index)...) // nodes have more fields than relationships, which are to have their turn
	refs = append(refs, p.typed(graph.OfKind))
	if v != nil && v.Keyed {
		refs = append(refs, p.typed(graph.OfKey))
	}
	var order []graph.Order
	used := map[graph.FieldRef]bool{}
	for range pick(p.Rand, []int{0, 1, 1, 1, 2, 2, 3}) {
		ref := pick(p.Rand, refs)
		// A field that only some of the kinds index cannot be ordered by in the others.
		if used[ref] || ref.Owner == graph.OfNode && !indexedEverywhere(kinds, ref) {
			continue
		}
		used[ref] = true
		order = append(order, graph.Order{Field: ref, Desc: chance(p.Rand, 50)})
	}
	order = append(order, graph.Order{Field: p.typed(graph.OfID), Desc: chance(p.Rand, 40)})
	if v != nil && v.Keyed {
		order = append(order, graph.Order{Field: p.typed(graph.OfKey), Desc: chance(p.Rand, 40)})
	}
	return order
}

func indexedEverywhere(kinds []*graph.Kind, ref graph.FieldRef) bool {
	for _, k := range kinds {
		if f := k.Field(ref.Name); f != nil && f.Type == ref.Type && !f.Index {
			return false
		}
	}
	return true
}

// cursor puts a cursor at one of the items, now and then beside it.
func (p *planner) cursor(s *graph.Select, items []item) {
	if len(items) == 0 {
		return
	}
	order := orderOf(s)
	keys := sortKeys(order, pick(p.Rand, items))
	if chance(p.Rand, 15) {
		other := p.IntN(len(keys))
		keys[other] = sortKeys(order, pick(p.Rand, items))[other]
	}
	for _, k := range keys {
		if k == nil {
			s.Page.After = append(s.Page.After, graph.CursorKey{Arg: graph.NoArg, Null: true})
		} else {
			s.Page.After = append(s.Page.After, graph.CursorKey{Arg: p.arg(k, nil)})
		}
	}
}

// rootItems are what a root select may find, before its conditions.
func (p *planner) rootItems(s *graph.Select) []item {
	e := &evaluation{state: p.at, args: p.args, budget: noBudget}
	var items []item
	for _, n := range p.data.nodes {
		if !contains(s.Kinds, n.Kind) {
			continue
		}
		i := item{node: n}
		if s.Search != nil {
			if i.rank = e.rank(s.Search, n); i.rank < 0 {
				continue
			}
		}
		items = append(items, i)
	}
	return items
}

// childItems are what a select below another may find, from any parent.
func (p *planner) childItems(s *graph.Select) []item {
	var items []item
	for _, edge := range p.data.edges {
		if edge.Relation != s.Via.Relation {
			continue
		}
		far := edge.To
		if !s.Via.Out {
			far = edge.From
		}
		if n := p.at.nodes[far]; contains(s.Kinds, n.Kind) {
			items = append(items, item{node: n, edge: edge})
		}
	}
	return items
}

// search takes a term from the names and texts of the data: a whole name, its beginning, some characters, two words.
func (p *planner) search() *graph.Search {
	term := ""
	for term == "" {
		nameKey, textKey := pick(p.Rand, p.data.nodes).SearchKeys()
		key := nameKey
		if key == "" || chance(p.Rand, 20) {
			key = textKey
		}
		if key == "" {
			continue
		}
		term = p.piece(pick(p.Rand, strings.Split(strings.Trim(key, "\n"), "\n")))
		if chance(p.Rand, 5) {
			term += pick(p.Rand, []string{"zzz", "%", "_", "\"", "*", " or "})
		}
		term = graph.Fold(term)
	}
	return searchFor(term, func(v any) graph.Arg { return p.arg(v, nil) })
}

// searchFor is a search for a folded term. arg adds an argument to the plan.
func searchFor(term string, arg func(any) graph.Arg) *graph.Search {
	longest := ""
	var list []any
	for _, w := range strings.Split(term, " ") {
		list = append(list, w)
		if len(w) > len(longest) {
			longest = w
		}
	}
	return &graph.Search{Term: arg(term), Words: arg(list), Longest: arg(longest)}
}

// piece cuts a piece out of a text.
func (p *planner) piece(text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return ""
	}
	if len(runes) > 40 {
		start := p.IntN(len(runes) - 40)
		runes = runes[start : start+40]
	}
	switch n := p.IntN(100); {
	case n < 20:
		return string(runes)
	case n < 40:
		return string(runes[:1+p.IntN(len(runes))])
	case n < 50:
		if w := strings.Fields(string(runes)); len(w) > 1 {
			return pick(p.Rand, w) + " " + pick(p.Rand, w)
		}
	case n < 60:
		if w := strings.Fields(string(runes)); len(w) > 0 {
			return pick(p.Rand, w)
		}
	}
	start := p.IntN(len(runes))
	end := min(len(runes), start+1+p.IntN(4))
	return string(runes[start:end])
}

// foldedPiece is a folded piece of a text, empty at times.
func (p *planner) foldedPiece(text string) string {
	if !utf8.ValidString(text) || chance(p.Rand, 4) {
		return ""
	}
	return graph.Fold(p.piece(text))
}
