package gql

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"sort"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// contradictionNarrowing are where and orderBy of the contradictions of one node, as conditions and orders of those that are kept. A store
// says which claims fulfil what is asked of left and right; the rest is held against the contradictions here.
type contradictionNarrowing struct {
	kept  *graph.Kind
	left  *graph.Relation
	where *graph.Cond
	// order is empty for the order in which contradictions are found.
	order []graph.Order
	// list and keys are those of cursors.
	list string
	keys int
	// fulfil are the claims that fulfil a condition.
	fulfil map[*graph.Cond]func(node graph.Row) map[string]bool
}

func (p *planner) contradictionNarrowing(node *selection, cc *contradictionClaims, c *collected) *contradictionNarrowing {
	kept := p.model.Types["KeptContradiction"]
	n := &contradictionNarrowing{kept: kept.Kind, left: kept.Field("left").Relation.Of, where: p.where(p.argument(c.first(), "where"), kept, nil),
		list: "contradictions", keys: 4, fulfil: map[*graph.Cond]func(graph.Row) map[string]bool{}}
	if order := p.contradictionOrder(&selection{t: kept, sel: &graph.Select{}}, c); order[0].Field.Name != "place" {
		var names []string
		for _, o := range order {
			name := cmp.Or(o.Field.Name, "pair")
			if o.Desc {
				name += " descending"
			}
			names = append(names, name)
		}
		n.order, n.list, n.keys = order, "contradictions in the order of "+strings.Join(names, ", "), len(order)
	}
	n.plan(node, cc, n.where)
	return n
}

// any reports whether something is asked.
func (n *contradictionNarrowing) any() bool { return n.where != nil || n.order != nil }

// plan reads which claims fulfil the conditions on claims in a condition on contradictions.
func (n *contradictionNarrowing) plan(node *selection, cc *contradictionClaims, c *graph.Cond) {
	switch {
	case c == nil:
	case c.Op != graph.Some:
		for _, of := range c.Of {
			n.plan(node, cc, of)
		}
	case len(c.Of) > 0 && n.fulfil[c.Of[0]] == nil:
		n.fulfil[c.Of[0]] = cc.fulfilling(node, c.Of[0])
	}
}

// fulfilling reads which of the claims fulfil a condition.
func (cc *contradictionClaims) fulfilling(node *selection, where *graph.Cond) func(node graph.Row) map[string]bool {
	of := func(subject *selection, where *graph.Cond) *bound {
		claims := subject.related("fulfilling", subject.relation("Event", "claims"))
		claims.sel.Where = where
		claims.id()
		return claims.bound("claims about one node")
	}
	about, figures := of(node, where), both(node.p.isFigure(), where)
	above, below := of(cc.above.subject, figures), of(cc.below.subject, figures)
	return func(node graph.Row) map[string]bool {
		ids := map[string]bool{}
		add := func(claims *bound, row graph.Row) {
			for _, claim := range claims.rows(row) {
				ids[text(claim[claims.id()])] = true
			}
		}
		add(about, node)
		cc.elsewhere(node, func(_ int, e *contradictionElsewhere, subject graph.Row) {
			if e == cc.above {
				add(above, subject)
			} else {
				add(below, subject)
			}
		})
		return ids
	}
}

// narrowedContradiction is one with its values as it would be kept, and with its claims.
type narrowedContradiction struct {
	graph.Contradiction
	node        *graph.Node
	left, right string
	sorted      []any // the values of the sort keys
}

// page is the page that is asked of the contradictions that fulfil where, in the order asked.
func (n *contradictionNarrowing) page(found *graph.Contradictions, set *claimSet, node graph.Row, pg *listPage, args []any) *listed {
	if found.Count() > mostThrough {
		panic(planFailure{graph.Errorf(graph.TooLarge, "there are more than %s contradictions: to filter or order them takes too long; narrow them by measure or kind",
			number(mostThrough))})
	}
	fulfil := map[*graph.Cond]map[string]bool{}
	for c, of := range n.fulfil {
		fulfil[c] = of(node)
	}
	var all []*narrowedContradiction
	for c := range found.All() {
		nc := &narrowedContradiction{Contradiction: c, node: found.Kept(n.kept, c), left: set.claims[c.Left].ID, right: set.claims[c.Right].ID}
		if n.where == nil || n.holds(n.where, nc, fulfil, args) {
			nc.sorted = n.values(nc.node)
			all = append(all, nc)
		}
	}
	if n.order != nil {
		slices.SortFunc(all, func(a, b *narrowedContradiction) int { return compareKeys(n.order, a.sorted, b.sorted) })
	}
	behind := n.behind(found, pg.key(args))
	out := &listed{total: int64(len(all))}
	size, from, to := pg.rows(args), 0, len(all)
	if pg.cursor != graph.NoArg && pg.backward {
		to = sort.Search(len(all), func(i int) bool { return behind(all[i]) >= 0 })
	} else if pg.cursor != graph.NoArg {
		from = sort.Search(len(all), func(i int) bool { return behind(all[i]) > 0 })
	}
	if out.more = to-from > size; out.more && pg.backward {
		from = to - size
	} else if out.more {
		to = from + size
	}
	for _, c := range all[from:to] {
		out.items = append(out.items, listItem{&source{value: contradictionValue{c.Contradiction, set}}, n.key(found, c)})
	}
	return out
}

// key are the keys of a cursor; of an order that was asked for its values as JSON.
func (n *contradictionNarrowing) key(found *graph.Contradictions, c *narrowedContradiction) []string {
	if n.order == nil {
		return contradictionKeys(found.Cursor(c.Contradiction))
	}
	var keys []string
	for _, v := range c.sorted {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		keys = append(keys, string(text))
	}
	return keys
}

// behind tells where contradictions stand to the place that the keys of a cursor name: behind it where it is positive.
func (n *contradictionNarrowing) behind(found *graph.Contradictions, key []string) func(c *narrowedContradiction) int {
	if n.order == nil {
		place := contradictionPlace(key)
		return func(c *narrowedContradiction) int { return found.Cursor(c.Contradiction).Compare(place) }
	}
	values := make([]any, len(key))
	for i, k := range key {
		d := json.NewDecoder(bytes.NewReader([]byte(k)))
		d.UseNumber()
		err := d.Decode(&values[i])
		if err == nil {
			values[i], err = cursorValue(values[i], n.order[i].Field)
		}
		if err != nil {
			panic(planFailure{noListCursor(encodeListCursor(n.list, key), n.list)})
		}
	}
	return func(c *narrowedContradiction) int { return compareKeys(n.order, c.sorted, values) }
}

// values are those of the sort keys.
func (n *contradictionNarrowing) values(node *graph.Node) []any {
	values := make([]any, len(n.order))
	for i, o := range n.order {
		if values[i] = node.Get(o.Field.Name); o.Field.Owner == graph.OfID {
			values[i] = node.ID
		}
	}
	return values
}

// holds says whether a condition on contradictions holds of one.
func (n *contradictionNarrowing) holds(c *graph.Cond, of *narrowedContradiction, fulfil map[*graph.Cond]map[string]bool, args []any) bool {
	holds := func(c *graph.Cond) bool { return n.holds(c, of, fulfil, args) }
	switch c.Op {
	case graph.And:
		return !slices.ContainsFunc(c.Of, func(c *graph.Cond) bool { return !holds(c) })
	case graph.Or:
		return slices.ContainsFunc(c.Of, holds)
	case graph.Not:
		return !holds(c.Of[0])
	case graph.Some:
		claim := of.right
		if c.Via.Relation == n.left {
			claim = of.left
		}
		return len(c.Of) == 0 || fulfil[c.Of[0]][claim]
	}
	return comparison(c, of.node.Get(c.Field.Name), args)
}
