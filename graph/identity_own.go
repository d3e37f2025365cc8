package graph

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// ownNode keeps a record as it was said.
func (i *identifying) ownNode(r Record) *Node {
	key := recordKey(r)
	n := NewNode(i.own, i.ownID(key)).Set("record", key).Set("state", string(AppendRecord(nil, r))).Set(ChangedIn, changedIn(r))
	switch r := r.(type) {
	case *Node:
		n.Set("from", r.ID).Set(RecordedAt, r.Get(RecordedAt))
	case *Edge:
		n.Set("from", r.From).Set("to", r.To).Set(RecordedAt, r.Get(RecordedAt))
	}
	return n
}

// ownID is the id of the OwnRecord of a record with a key.
func (i *identifying) ownID(key string) string { return i.own.Prefix + ":" + shortHash(key) }

// AsSaid are those of some nodes that are merged, each as it was said, by their ids: readers see one node for several of them.
func AsSaid(ctx context.Context, of Asked, schema *Schema, ids []string) (map[string]*Node, error) {
	i, out := schema.projector().identity, map[string]*Node{}
	if i == nil {
		return out, nil
	}
	own := make([]string, len(ids))
	for n, id := range ids {
		own[n] = i.ownID(id)
	}
	found, err := schema.projector().whole[i.own].read(ctx, of, own)
	if err != nil {
		return nil, err
	}
	for _, n := range found {
		r, err := ownRecord(schema, n)
		if err != nil {
			return nil, err
		}
		if said, ok := r.(*Node); ok {
			out[said.ID] = said
		}
	}
	return out, nil
}

// ownRecord is the record that an OwnRecord keeps.
func ownRecord(s *Schema, n *Node) (Record, error) {
	d := jsonScanner{in: []byte(text(n.Get("state"))), journal: true}
	r, err := d.record(s)
	if err != nil {
		return nil, Wrap(Internal, "an own record cannot be read", err)
	}
	switch r := r.(type) {
	case *Node:
		err = InvalidRecord(r, s.CheckRecord(r))
		r.Set(ChangedIn, n.Get(ChangedIn))
	case *Edge:
		if !r.Relation.Projection {
			err = InvalidRecord(r, s.CheckRecord(r))
		}
		r.Set(ChangedIn, n.Get(ChangedIn))
	}
	if err != nil {
		return nil, Wrap(Internal, "an own record is not as it was", err)
	}
	return r, nil
}

// ownReading finds the own records that begin (or end) at nodes with the ids of its first argument.
type ownReading struct {
	kind  *Kind
	plan  *Plan
	first int
}

func newOwnReading(own *Kind, end string) *ownReading {
	r := readByID(own)
	r.where(&Cond{Op: In, Field: FieldRef{Name: end, Type: String}, Arg: 0})
	o := &ownReading{kind: own, first: r.fields()}
	o.plan = r.plan(1)
	return o
}

// owned reads the own records at nodes, by the ids of the OwnRecords.
func (i *identifying) owned(ctx context.Context, of Asked, s *Schema, ids []string) (map[string]Record, error) {
	out := map[string]Record{}
	for batch := range slices.Chunk(ids, idBatch) {
		for _, end := range []*ownReading{i.from, i.to} {
			rows, err := ask(ctx, of, end.plan, idList(batch))
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				if out[rowID(row)] != nil {
					continue
				}
				if out[rowID(row)], err = ownRecord(s, nodeOf(end.kind, row, end.first)); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// aroundReading reads nodes of a kind and every relationship that leaves them or comes to them, but for projections. What a
// change touched is among them, since it goes where the node goes.
type aroundReading struct {
	kind  *Kind
	plan  *Plan
	first int
	hops  []aroundHop
}

type aroundHop struct {
	relation *Relation
	out      bool
	far      *reading
	first    int
}

func newAroundReading(s *Schema, k *Kind) *aroundReading {
	r := readByID(k)
	a := &aroundReading{kind: k, first: r.fields()}
	for _, rel := range s.Relations {
		if rel.Projection && rel.Type != relTouched {
			continue
		}
		for _, out := range []bool{true, false} {
			kinds := slices.DeleteFunc(rel.Far(k, out), func(far *Kind) bool { return far.Internal })
			if len(kinds) == 0 {
				continue
			}
			h := aroundHop{relation: rel, out: out}
			if out {
				h.far = r.out(rel, kinds...)
			} else {
				h.far = r.in(rel, kinds...)
			}
			if len(rel.Key) > 0 {
				h.far.keyed()
			}
			h.first = len(h.far.sel.Fields)
			for _, f := range rel.Props {
				h.far.prop(f.Name)
			}
			a.hops = append(a.hops, h)
		}
	}
	a.plan = r.plan(1)
	return a
}

// read gives the nodes and the relationships around them, each once, by their keys.
func (a *aroundReading) read(ctx context.Context, tx Tx, ids []string, into map[string]Record) error {
	for batch := range slices.Chunk(ids, projectBatch) {
		rows, err := ask(ctx, tx, a.plan, idList(batch))
		if err != nil {
			return err
		}
		for _, row := range rows {
			n := nodeOf(a.kind, row, a.first)
			into[recordKey(n)] = n
			for _, h := range a.hops {
				for _, far := range h.far.rows(row) {
					e := NewEdge(h.relation, strings.Clone(n.ID), rowID(far))
					if !h.out {
						e.From, e.To = e.To, e.From
					}
					copy(e.Props, far[h.first:])
					into[recordKey(e)] = e
				}
			}
		}
	}
	return nil
}

// readAround gives the nodes with some ids and what is around them.
func (i *identifying) readAround(ctx context.Context, tx Tx, s *Schema, ids []string) (map[string]Record, error) {
	byKind := map[*Kind][]string{}
	for _, id := range ids {
		k := s.kindOf(id)
		byKind[k] = append(byKind[k], id)
	}
	out := map[string]Record{}
	for _, k := range s.Kinds {
		if len(byKind[k]) == 0 || i.around[k] == nil {
			continue
		}
		if err := i.around[k].read(ctx, tx, byKind[k], out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ordered are records in the order of their keys, nodes first.
func ordered(records map[string]Record) []Record {
	out := make([]Record, 0, len(records))
	for _, key := range sortedIDs(records) {
		out = append(out, records[key])
	}
	slices.SortStableFunc(out, func(a, b Record) int {
		_, nodeA := a.(*Node)
		_, nodeB := b.(*Node)
		switch {
		case nodeA == nodeB:
			return 0
		case nodeA:
			return -1
		}
		return 1
	})
	return out
}

// ends are the ids of the nodes that a record is, or joins.
func ends(r Record) []string {
	switch r := r.(type) {
	case *Node:
		return []string{r.ID}
	case *Edge:
		return []string{r.From, r.To}
	}
	return nil
}

// compareExported is the order in which stores export records: nodes by kind and id, then relationships by type, ends and key.
func compareExported(s *Schema, a, b Record) int {
	n, isNode := a.(*Node)
	m, also := b.(*Node)
	switch {
	case isNode && also:
		return cmp.Or(cmp.Compare(slices.Index(s.Kinds, n.Kind), slices.Index(s.Kinds, m.Kind)), cmp.Compare(n.ID, m.ID))
	case isNode:
		return -1
	case also:
		return 1
	}
	e, f := a.(*Edge), b.(*Edge)
	return cmp.Or(cmp.Compare(slices.Index(s.Relations, e.Relation), slices.Index(s.Relations, f.Relation)), cmp.Compare(e.From, f.From),
		cmp.Compare(e.To, f.To), cmp.Compare(e.Key(), f.Key()))
}
