package graph

import (
	"context"
	"maps"
	"slices"
	"strconv"
)

// copying writes a graph as it was.
type copying struct {
	*past
	tx     Tx
	former map[string]formerState
	// hidden are nodes that are not there, each with whether that is for its publication alone.
	hidden map[string]bool
	// late are nodes that changed while they were copied.
	late  []*Node
	whole map[*Kind]*wholePlan

	nodes, edges []Record
	// waiting are relationships that are there if something else names their ends.
	waiting []Record
}

func (c *copying) run(ctx context.Context) error {
	for _, place := range slices.Sorted(maps.Keys(c.former)) {
		if err := c.formerNode(ctx, place, c.former[place]); err != nil {
			return err
		}
	}
	if err := c.from.Export(ctx, func(r Record) error { return c.add(ctx, r) }); err != nil {
		return err
	}
	if err := c.flush(ctx); err != nil {
		return err
	}
	if err := c.formerEdges(ctx, c.former); err != nil {
		return err
	}
	c.edges, c.waiting = c.waiting, nil
	if err := c.flush(ctx); err != nil {
		return err
	}
	if err := c.amend(ctx); err != nil {
		return err
	}
	if err := c.judged(ctx); err != nil {
		return err
	}
	return c.changes(ctx)
}

// formerNode puts a node that was other than it is.
func (c *copying) formerNode(ctx context.Context, place string, state formerState) error {
	if n, ok := state.record.(*Node); ok {
		return c.node(ctx, n)
	}
	if state.known != "" {
		return nil
	}
	if _, isNode := state.named.(*Node); isNode || c.schema.kindOf(place) != nil {
		c.hidden[place] = isNode
	}
	return nil
}

// formerEdges puts the relationships that were other than they are.
func (c *copying) formerEdges(ctx context.Context, former map[string]formerState) error {
	for _, place := range slices.Sorted(maps.Keys(former)) {
		if e, ok := former[place].record.(*Edge); ok {
			if err := c.edge(ctx, e); err != nil {
				return err
			}
		}
	}
	return c.flush(ctx)
}

// add takes a record as it is now.
func (c *copying) add(ctx context.Context, r Record) error {
	known := false
	if f, differs := c.former[placeOf(r)]; differs {
		if f.known == "" {
			return nil
		}
		known = f.known == recordKey(r)
	}
	switch r := r.(type) {
	case *Node:
		switch seq, _ := r.Get(ChangedIn).(int64); {
		case seq > c.last:
			// It was changed or made since: until that is known, it stands in for itself.
			c.late = append(c.late, r)
		case !c.isRecorded(r):
			c.hidden[r.ID] = false
			return nil
		case !known && !c.published.known(c.publication(r)):
			c.hidden[r.ID] = true
			return nil
		}
		return c.node(ctx, r)
	case *Edge:
		if c.isRecorded(r) && (known || c.published.known(c.publication(r))) {
			return c.edge(ctx, r)
		}
	}
	return nil
}

func (c *copying) node(ctx context.Context, n *Node) error {
	c.nodes = append(c.nodes, c.then(n))
	if len(c.nodes) < applyBatch {
		return nil
	}
	return c.putNodes(ctx)
}

func (c *copying) putNodes(ctx context.Context) error {
	_, err := c.tx.Put(ctx, recordsOf(c.nodes))
	c.nodes = c.nodes[:0]
	return err
}

// edge takes a relationship that was there if its ends were. Those that leave a node stay together, so that a chain does.
func (c *copying) edge(ctx context.Context, e *Edge) error {
	if n := len(c.edges); n >= applyBatch && c.edges[n-1].(*Edge).From != e.From {
		if err := c.flush(ctx); err != nil {
			return err
		}
	}
	c.edges = append(c.edges, c.then(e))
	return nil
}

// flush puts what was collected.
func (c *copying) flush(ctx context.Context) error {
	if err := c.nameEnds(ctx); err != nil {
		return err
	}
	if err := c.putNodes(ctx); err != nil {
		return err
	}
	broken := map[string]bool{}
	for _, r := range c.edges {
		if e := r.(*Edge); e.Relation.Type == relCites && c.isHidden(e.To) {
			broken[chainOf(e)] = true
		}
	}
	c.edges = slices.DeleteFunc(c.edges, func(r Record) bool {
		e := r.(*Edge)
		if e.Relation.Type == relCites && broken[chainOf(e)] {
			return true
		}
		hangs := c.isHidden(e.From) || c.isHidden(e.To)
		if hangs && c.canBeNamed(e.From) && c.canBeNamed(e.To) {
			c.waiting = append(c.waiting, e)
		}
		return hangs
	})
	_, err := c.tx.Put(ctx, recordsOf(c.edges))
	c.edges = c.edges[:0]
	return err
}

func (c *copying) isHidden(id string) bool {
	_, hidden := c.hidden[id]
	return hidden
}

func chainOf(e *Edge) string {
	chain, _ := e.Get("chain").(int64)
	return e.From + " " + strconv.FormatInt(chain, 10)
}

// canBeNamed says whether a node is there, or would be if something named it: what cites or is cited must have been published itself.
func (c *copying) canBeNamed(id string) bool {
	unpublished, hidden := c.hidden[id]
	k := c.schema.kindOf(id)
	return !hidden || unpublished && !c.cites(k) && !c.schema.cited(k)
}

// nameEnds brings in the entities and events that relationships name which were published earlier than they.
func (c *copying) nameEnds(ctx context.Context) error {
	named := map[*Kind]idSet{}
	for _, r := range c.edges {
		e := r.(*Edge)
		if text(e.Get(PublishedAt)) == "" || !c.canBeNamed(e.From) || !c.canBeNamed(e.To) {
			continue
		}
		for _, id := range []string{e.From, e.To} {
			k := c.schema.kindOf(id)
			if !c.hidden[id] {
				continue
			}
			if named[k] == nil {
				named[k] = idSet{}
			}
			named[k].add(id)
		}
	}
	for _, k := range c.schema.Kinds {
		if len(named[k]) == 0 {
			continue
		}
		if c.whole[k] == nil {
			c.whole[k] = newWholePlan(k)
		}
		found, err := c.whole[k].read(ctx, c.from, sortedIDs(named[k]))
		if err != nil {
			return err
		}
		said, err := AsSaid(ctx, c.from, c.schema, sortedIDs(named[k]))
		if err != nil {
			return err
		}
		for _, n := range found {
			if said[n.ID] == nil {
				said[n.ID] = n
			}
		}
		for _, id := range sortedIDs(said) {
			n := said[id]
			if then, ok := c.former[n.ID].named.(*Node); ok {
				n = then
			}
			delete(c.hidden, n.ID)
			c.nodes = append(c.nodes, c.then(n))
		}
	}
	return nil
}
