package graph

import (
	"cmp"
	"slices"
	"strings"
)

// resolve is what readers see of records that are one: a pure function of the records as they were said. own are the nodes of
// the members and every relationship with a member at an end, those to and from other members' nodes among them; it is given
// all of those that are joined, so that one relationship is resolved in one way.
//
// A survivor has its own times and values and, where it has none, those of the first of the others that has; its lists are united, and the
// names of the others are names of it too. Relationships lead from and to the survivor. Of several that coincide, one that
// stands comes before one that was retracted, and the survivor's own before those of others in the order of merging.
func resolve(ids *identities, own []Record) (nodes []*Node, edges []*Edge) {
	byID := map[string]*Node{}
	rank := map[string]int{}
	for _, r := range own {
		if n, ok := r.(*Node); ok {
			byID[n.ID] = n
			for i, member := range ids.members[n.ID] {
				rank[member] = i
			}
		}
	}
	for id, n := range byID {
		if members := ids.members[id]; len(members) > 0 && members[0] == id {
			nodes = append(nodes, resolveNode(ids, n, byID))
		}
	}
	slices.SortFunc(nodes, func(a, b *Node) int { return cmp.Compare(a.ID, b.ID) })
	return nodes, resolveEdges(ids, own, rank)
}

// candidate is a relationship as readers would see it, and how it comes before others in its place.
type candidate struct {
	edge      *Edge
	retracted bool
	from, to  int
	key       string
}

func resolveEdges(ids *identities, own []Record, rank map[string]int) []*Edge {
	best := map[string]candidate{}
	for _, r := range own {
		e, ok := r.(*Edge)
		if !ok {
			continue
		}
		seen := e.clone()
		seen.From, seen.To = ids.survivor(e.From), ids.survivor(e.To)
		if seen.From == seen.To && e.From != e.To {
			continue // one part of it to another
		}
		if f := e.Relation.Prop(SaidAbout); f != nil && seen.To != e.To {
			seen.Props[f.Position] = e.To
		}
		c := candidate{seen, e.Get(RetractedAt) != nil, rank[e.From], rank[e.To], recordKey(e)}
		place := slotOf(seen)
		if other, taken := best[place]; !taken || c.before(other) {
			best[place] = c
		}
	}
	edges := make([]*Edge, 0, len(best))
	for _, c := range best {
		edges = append(edges, c.edge)
	}
	slices.SortFunc(edges, func(a, b *Edge) int { return cmp.Compare(recordKey(a), recordKey(b)) })
	return edges
}

func (c candidate) before(d candidate) bool {
	if c.retracted != d.retracted {
		return d.retracted
	}
	return cmp.Or(cmp.Compare(c.from, d.from), cmp.Compare(c.to, d.to), cmp.Compare(c.key, d.key)) < 0
}

// slotOf is what relationships that take each other's place have in common.
func slotOf(e *Edge) string {
	if e.Relation.One {
		return e.Relation.Type + " " + e.From
	}
	return recordKey(e)
}

// resolveNode is a survivor as readers see it.
func resolveNode(ids *identities, survivor *Node, byID map[string]*Node) *Node {
	n := survivor.clone()
	var merged, names []string
	retracted := survivor.Get(RetractedAt) != nil
	for _, id := range ids.members[survivor.ID][1:] {
		other := byID[id]
		if other == nil {
			continue
		}
		merged = append(merged, id)
		names = append(names, text(other.Get("name")))
		retracted = retracted && other.Get(RetractedAt) != nil
		n.fill(other)
		n.latest(ids.judged[id].changedIn)
		changedIn, _ := other.Get(ChangedIn).(int64)
		n.latest(changedIn)
	}
	if !retracted {
		n.Set(RetractedAt, nil)
	}
	n.alsoNamed(names)
	n.project()
	return n.Set(MergedIDs, merged)
}

// latest notes that a change wrote something of the node.
func (n *Node) latest(change int64) {
	if changedIn, _ := n.Get(ChangedIn).(int64); change > changedIn {
		n.Set(ChangedIn, change)
	}
}

// fill takes from another node what a node lacks: each value, or value object as a whole, and the elements of lists.
func (n *Node) fill(other *Node) {
	lacks := map[string]bool{}
	top := func(f *Field) string { name, _, _ := strings.Cut(f.Name, "."); return name }
	for i, f := range n.Kind.Fields {
		lacking, known := lacks[top(f)]
		lacks[top(f)] = n.Values[i] == nil && (lacking || !known)
	}
	for i, f := range n.Kind.Fields {
		v := other.Values[i]
		switch {
		case f.Projected || f.Name == RecordedAt || f.Name == RetractedAt || f.Name == PublishedAt || v == nil:
		case f.Type == JSON && f.object != nil:
			n.Values[i] = unite(f, text(n.Values[i]), text(v))
		case lacks[top(f)] || isEmptyList(f, n.Values[i]):
			n.Values[i] = v
		}
	}
}

// unite adds to a list of value objects those of another that it lacks.
func unite(f *Field, list, other string) string {
	if list == "" {
		list = "[]"
	}
	return addTo(f, list, elementsOf(f, other))
}

// addTo adds elements to a list of value objects that it lacks.
func addTo(f *Field, list string, more [][]any) string {
	all := elementsOf(f, list)
	seen := map[string]bool{}
	for _, values := range all {
		seen[string(appendList(nil, f, [][]any{values}))] = true
	}
	for _, values := range more {
		if key := string(appendList(nil, f, [][]any{values})); !seen[key] {
			seen[key] = true
			all = append(all, values)
		}
	}
	if len(all) == 0 {
		return "[]"
	}
	return string(appendList(nil, f, all))
}

// elementsOf are the value objects of a stored list, which was checked when it was written.
func elementsOf(f *Field, list string) [][]any {
	if list == "" || list == "[]" {
		return nil
	}
	d := jsonScanner{in: []byte(list)}
	elements, err := d.list(f)
	if err != nil {
		return nil
	}
	return elements
}

// alsoNamed has search find a node by the names of those that were merged into it: as aliases where it has a list of names.
func (n *Node) alsoNamed(names []string) {
	f := n.Kind.Field("names")
	if f == nil || f.object == nil {
		if n.Kind.Field(mergedNames) != nil {
			n.Set(mergedNames, slices.Compact(names))
		}
		return
	}
	list := text(n.Values[f.Position])
	known := map[string]bool{"": true, text(n.Get("name")): true}
	value, kind := -1, -1
	for i, leaf := range f.Object {
		switch leaf.Name {
		case "value":
			value = i
		case "kind":
			kind = i
		}
	}
	if value < 0 || kind < 0 {
		return
	}
	for _, e := range elementsOf(f, list) {
		known[text(e[value])] = true
	}
	var more [][]any
	for _, name := range names {
		if !known[name] {
			known[name] = true
			e := make([]any, len(f.Object))
			e[value], e[kind] = name, "ALIAS"
			more = append(more, e)
		}
	}
	n.Values[f.Position] = addTo(f, cmp.Or(list, "[]"), more)
}
