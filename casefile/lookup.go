package casefile

import (
	"context"
	"maps"

	"github.com/raidgraph/raidgraph/graph"
)

// Lookup is what a case may refer to beside what its own file defines.
type Lookup interface {
	// Nodes are those of the ids that exist, by id.
	Nodes(ids []string) (map[string]*graph.Node, error)
	// IDs are the ids of a kind, in order, for suggestions: all of them, or the first few thousand.
	IDs(kind *graph.Kind) ([]string, error)
}

// InRecords looks among the nodes of records, such as those of the reference data.
func InRecords(records graph.Records) (Lookup, error) {
	l := recordLookup{nodes: map[string]*graph.Node{}, ids: map[*graph.Kind][]string{}}
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if n, ok := r.(*graph.Node); ok && l.nodes[n.ID] == nil {
			l.nodes[n.ID] = n
			l.ids[n.Kind] = append(l.ids[n.Kind], n.ID)
		}
	}
	return l, nil
}

type recordLookup struct {
	nodes map[string]*graph.Node
	ids   map[*graph.Kind][]string
}

func (l recordLookup) Nodes(ids []string) (map[string]*graph.Node, error) {
	out := map[string]*graph.Node{}
	for _, id := range ids {
		if n := l.nodes[id]; n != nil {
			out[id] = n
		}
	}
	return out, nil
}

func (l recordLookup) IDs(kind *graph.Kind) ([]string, error) { return l.ids[kind], nil }

// InStore looks in a store. The context ends every look.
func InStore(ctx context.Context, store graph.Asked, schema *graph.Schema) Lookup {
	return storeLookup{ctx, store, schema}
}

// storeLookup holds a context because Lookup is called through Parse, which has no other use for one.
type storeLookup struct {
	ctx    context.Context
	store  graph.Asked
	schema *graph.Schema
}

// most bounds how many ids one plan asks for, and how many suggestions are chosen from.
const most = 1000

func (l storeLookup) Nodes(ids []string) (map[string]*graph.Node, error) {
	byKind := map[*graph.Kind][]any{}
	for _, id := range ids {
		if k, err := l.schema.KindOfID(id); err == nil {
			byKind[k] = append(byKind[k], id)
		}
	}
	out := map[string]*graph.Node{}
	for _, kind := range l.schema.Kinds {
		for wanted := byKind[kind]; len(wanted) > 0; {
			n := min(len(wanted), most)
			rows, err := l.rows(kind, wanted[:n])
			if err != nil {
				return nil, err
			}
			wanted = wanted[n:]
			for _, row := range rows {
				node := &graph.Node{Kind: kind, ID: row[0].(string), Values: row[1:]}
				out[node.ID] = node
			}
		}
	}
	// What is merged is referred to as it was said.
	said, err := graph.AsSaid(l.ctx, l.store, l.schema, ids)
	maps.Copy(out, said)
	return out, err
}

func (l storeLookup) IDs(kind *graph.Kind) ([]string, error) {
	rows, err := l.rows(kind, nil)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row[0].(string)
	}
	return ids, nil
}

// rows are the id and the stored fields of nodes of a kind: of those that are wanted, or of the first by id.
func (l storeLookup) rows(kind *graph.Kind, wanted []any) ([]graph.Row, error) {
	id := graph.FieldRef{Owner: graph.OfID, Type: graph.String}
	s := &graph.Select{Name: kind.Plural, Kinds: []*graph.Kind{kind}, Fields: []graph.FieldRef{id},
		Order: []graph.Order{{Field: id}}, Page: graph.Page{Limit: 0}}
	args := []any{int64(most)}
	if wanted != nil {
		for _, f := range kind.Fields {
			s.Fields = append(s.Fields, graph.FieldRef{Name: f.Name, Type: f.Type})
		}
		s.Where = &graph.Cond{Op: graph.In, Field: id, Arg: 1}
		args = append(args, wanted)
	}
	sets, err := l.store.Query(l.ctx, &graph.Plan{Roots: []*graph.Select{s}, Args: len(args)}, args)
	if err != nil {
		return nil, err
	}
	return sets[0].Rows, nil
}

// Either looks in the first Lookup, and for what is not there in the next ones.
func Either(lookups ...Lookup) Lookup { return either(lookups) }

type either []Lookup

func (e either) Nodes(ids []string) (map[string]*graph.Node, error) {
	out := map[string]*graph.Node{}
	for _, l := range e {
		var missing []string
		for _, id := range ids {
			if out[id] == nil {
				missing = append(missing, id)
			}
		}
		if len(missing) == 0 {
			break
		}
		more, err := l.Nodes(missing)
		if err != nil {
			return nil, err
		}
		for id, n := range more {
			out[id] = n
		}
	}
	return out, nil
}

func (e either) IDs(kind *graph.Kind) ([]string, error) {
	var out []string
	for _, l := range e {
		ids, err := l.IDs(kind)
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
	}
	return out, nil
}
