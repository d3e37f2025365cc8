package graph

import (
	"context"
	"reflect"
	"slices"
	"strings"
)

// Comparison counts what writing records would come to, one for each record.
type Comparison struct {
	// New are not in the graph. Added are, with a value missing that they have. Same are there just so; when something was
	// recorded makes no difference, nor does when it was published, but of what is cited.
	New, Added, Same int64
	// Conflicting have a value that is another one in the graph, or none there what the graph has.
	Conflicting int64
}

// Disagreement is a value that a record has otherwise than the graph.
type Disagreement struct {
	// Record is the record, and Place its place among all, from 0.
	Record Record
	Place  int
	// Field is what differs: a field or a value object of the node, such as date, or a property of the relationship; of a
	// relation to one that leads elsewhere it is empty.
	Field string
	// Graph and File are the two values, in words; empty for none.
	Graph, File string
}

// Compare tells what writing records would come to, and each disagreement by tell, in the order of the records. The records are as
// Apply takes them: each is checked and completed in place, and an Invalid error names one that is refused. What stands twice
// among them is compared twice. Memory is bounded.
func Compare(ctx context.Context, q Asked, schema *Schema, records Records, tell func(Disagreement) error) (Comparison, error) {
	c := &comparing{projector: schema.projector(), q: q, tell: tell, own: map[string]Record{}, beside: map[string][]*Edge{}}
	if err := c.readMerged(ctx); err != nil {
		return Comparison{}, err
	}
	for r, err := range records {
		if err != nil {
			return Comparison{}, err
		}
		if err := InvalidRecord(r, schema.CheckRecord(r)); err != nil {
			return Comparison{}, err
		}
		if c.batch = append(c.batch, r); len(c.batch) < idBatch {
			continue
		}
		if err := c.flush(ctx); err != nil {
			return Comparison{}, err
		}
	}
	err := c.flush(ctx)
	return c.counts, err
}

type comparing struct {
	*projector
	q      Asked
	tell   func(Disagreement) error
	batch  []Record
	past   int // how many records came before the batch
	counts Comparison
	// own are the nodes that are merged, by id, and beside the relationships at them, by neighbourhood, as they were said.
	own    map[string]Record
	beside map[string][]*Edge
}

// readMerged reads what is merged, for records are compared with what was said, not with what readers see.
func (c *comparing) readMerged(ctx context.Context) error {
	if c.identity == nil {
		return nil
	}
	ids, err := c.identity.read(ctx, c.q, c.schema)
	if err != nil || ids.empty() {
		return err
	}
	own, err := c.identity.owned(ctx, c.q, c.schema, sortedIDs(ids.members))
	for _, r := range own {
		switch r := r.(type) {
		case *Node:
			c.own[r.ID] = r
		case *Edge:
			c.beside[neighbourhood(r)] = append(c.beside[neighbourhood(r)], r)
		}
	}
	return err
}

// merged says whether a relationship is at a node that is merged.
func (c *comparing) merged(e *Edge) bool { return c.own[e.From] != nil || c.own[e.To] != nil }

func (c *comparing) flush(ctx context.Context) error {
	nodes, err := c.nodes(ctx)
	if err != nil {
		return err
	}
	edges, err := c.edges(ctx)
	if err != nil {
		return err
	}
	for i, r := range c.batch {
		var conflicts []Disagreement
		added := false
		switch r := r.(type) {
		case *Node:
			old := nodes[r.ID]
			if old == nil {
				c.counts.New++
				continue
			}
			conflicts, added = compareValues(r.Kind.Fields, old.Values, r.Values)
		case *Edge:
			old := edges[neighbourhood(r)]
			same := slices.IndexFunc(old, func(e *Edge) bool { return e.To == r.To && e.Key() == r.Key() })
			switch {
			case same >= 0:
				conflicts, added = compareValues(r.Relation.Props, old[same].Props, r.Props)
			case r.Relation.One && len(old) > 0:
				conflicts = []Disagreement{{Graph: old[0].To, File: r.To}}
			default:
				c.counts.New++
				continue
			}
		}
		switch {
		case len(conflicts) > 0:
			c.counts.Conflicting++
		case added:
			c.counts.Added++
		default:
			c.counts.Same++
		}
		for _, conflict := range conflicts {
			conflict.Record, conflict.Place = r, c.past+i
			if err := c.tell(conflict); err != nil {
				return err
			}
		}
	}
	c.past += len(c.batch)
	c.batch = c.batch[:0]
	return nil
}

// nodes are those of the batch that are in the graph, by id.
func (c *comparing) nodes(ctx context.Context) (map[string]*Node, error) {
	ids := map[*Kind][]string{}
	for _, r := range c.batch {
		if n, ok := r.(*Node); ok {
			ids[n.Kind] = append(ids[n.Kind], n.ID)
		}
	}
	out := map[string]*Node{}
	for k, list := range ids {
		found, err := c.whole[k].read(ctx, c.q, list)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			out[n.ID] = n
		}
		for _, id := range list {
			if own, ok := c.own[id].(*Node); ok {
				out[id] = own
			}
		}
	}
	return out, nil
}

// neighbourhood is what a relationship has in common with those in the graph that it is compared with.
func neighbourhood(e *Edge) string { return e.Relation.Type + " " + e.place() }

// edges are the relationships in the graph beside those of the batch.
func (c *comparing) edges(ctx context.Context) (map[string][]*Edge, error) {
	type ends struct{ from, to idSet }
	asked := map[linkedKind]*ends{}
	for _, r := range c.batch {
		e, ok := r.(*Edge)
		if !ok {
			continue
		}
		at := linkedKind{e.Relation, c.schema.kindOf(e.From)}
		if asked[at] == nil {
			asked[at] = &ends{idSet{}, idSet{}}
		}
		asked[at].from.add(e.From)
		asked[at].to.add(e.To)
	}
	out := map[string][]*Edge{}
	for at, ids := range asked {
		found, err := c.linked[at].read(ctx, c.q, at.relation, sortedIDs(ids.from), sortedIDs(ids.to))
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if !c.merged(e) {
				out[neighbourhood(e)] = append(out[neighbourhood(e)], e)
			}
		}
	}
	for _, r := range c.batch {
		if e, ok := r.(*Edge); ok {
			if own := c.beside[neighbourhood(e)]; own != nil {
				out[neighbourhood(e)] = own
			}
		}
	}
	return out, nil
}

// compareValues finds the values that differ, a value object as one; added says that one was missing. When something was recorded
// is not looked at, nor when it was published where the earliest is kept.
func compareValues(fields []*Field, old, now []any) (conflicts []Disagreement, added bool) {
	for i := 0; i < len(fields); {
		name, _, _ := strings.Cut(fields[i].Name, ".")
		end := i + 1
		for end < len(fields) && strings.HasPrefix(fields[end].Name, name+".") {
			end++
		}
		part := fields[i:end]
		i = end
		if part[0].Projected || part[0].Earliest || name == RecordedAt || name == ChangedIn {
			continue
		}
		was, is := given(part, old), given(part, now)
		switch {
		case reflect.DeepEqual(was, is):
		case len(was) == 0:
			added = true
		default:
			conflicts = append(conflicts, Disagreement{Field: name, Graph: told(part, was, is), File: told(part, is, was)})
		}
	}
	return conflicts, added
}

// given are the values of fields that are there, by their names.
func given(fields []*Field, values []any) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		if v := values[f.Position]; v != nil && !isEmptyList(f, v) {
			out[f.Name] = v
		}
	}
	return out
}

// told is a value beside another one, in words: that which comes first or, where the two are the same in it, all that differs.
func told(fields []*Field, value, other map[string]any) string {
	var out []string
	for _, f := range fields {
		if v, there := value[f.Name]; there && !reflect.DeepEqual(v, other[f.Name]) && !follows(f) {
			out = append(out, wordsOf(f, v))
			if f == fields[0] || strings.HasSuffix(f.Name, ".edtf") || f.Name == "value.raw" {
				break
			}
		}
	}
	return strings.Join(out, ", ")
}

// follows says whether a value follows from others of its object.
func follows(f *Field) bool {
	return strings.HasSuffix(f.Name, ".from") || strings.HasSuffix(f.Name, ".to") || strings.HasSuffix(f.Name, ".type")
}

// wordsOf is a value in words; a list of value objects that are no names is told as it is stored.
func wordsOf(f *Field, v any) string {
	if s, ok := v.(string); ok && f.Type == JSON && !strings.Contains(s, `"value":`) {
		return s
	}
	return WordsOf(f, v)
}
