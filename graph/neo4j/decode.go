package neo4j

import (
	"fmt"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// shape says what the lists of an answer are. The driver's lists become the rows in place.
type shape struct {
	lists    []int    // places of values that are lists of texts
	at       int      // the place of the first set
	sets     []*shape // the sets in a row, nil for one that has none
	counted  bool     // the total comes first
	backward bool     // the rows come in the opposite order
}

func shapeOf(s *graph.Select) *shape {
	if s.Group != nil {
		return groupShape(s.Group)
	}
	sh := &shape{at: len(s.Fields), counted: s.Count, backward: s.Page.Backward}
	for i, f := range s.Fields {
		if f.Type == graph.StringList && (f.Owner == graph.OfNode || f.Owner == graph.OfEdge) {
			sh.lists = append(sh.lists, i)
		}
	}
	for _, c := range s.Children {
		sh.sets = append(sh.sets, shapeOf(c))
	}
	return sh
}

func groupShape(g *graph.Group) *shape {
	sh := &shape{}
	for i, k := range g.Keys {
		if k.Node == nil {
			sh.sets = append(sh.sets, nil)
			if k.Field.Type == graph.StringList {
				sh.lists = append(sh.lists, i)
			}
			continue
		}
		sh.sets = append(sh.sets, shapeOf(k.Node))
	}
	return sh
}

// answer makes a set of a root's record.
func (st *statement) answer(r *neo4j.Record, counted bool) (*graph.Set, error) {
	set := &graph.Set{}
	if err := st.shape.fill(set, r.Values[0]); err != nil {
		return nil, err
	}
	if counted {
		total, ok := r.Values[1].(int64)
		if !ok {
			return nil, unexpected(r.Values[1])
		}
		set.Total = total
	}
	return set, nil
}

// fill makes the rows of a set.
func (sh *shape) fill(set *graph.Set, v any) error {
	list, ok := v.([]any)
	if !ok {
		return unexpected(v)
	}
	if len(list) == 0 {
		return nil
	}
	set.Rows = make([]graph.Row, len(list))
	for i, v := range list {
		row, ok := v.([]any)
		if !ok {
			return unexpected(v)
		}
		if err := sh.row(row); err != nil {
			return err
		}
		set.Rows[i] = row
	}
	if sh.backward {
		slices.Reverse(set.Rows)
	}
	return nil
}

func (sh *shape) row(row []any) error {
	for _, i := range sh.lists {
		if row[i] != nil {
			texts, err := stringList(row[i])
			if err != nil {
				return err
			}
			row[i] = texts
		}
	}
	for i, child := range sh.sets {
		if child == nil {
			continue
		}
		set, v := &graph.Set{}, row[sh.at+i]
		if child.counted {
			pair, ok := v.([]any)
			if !ok || len(pair) != 2 {
				return unexpected(v)
			}
			if set.Total, ok = pair[0].(int64); !ok {
				return unexpected(pair[0])
			}
			v = pair[1]
		}
		if err := child.fill(set, v); err != nil {
			return err
		}
		row[sh.at+i] = set
	}
	return nil
}

func stringList(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, unexpected(v)
	}
	texts := make([]string, len(list))
	for i, v := range list {
		if texts[i], ok = v.(string); !ok {
			return nil, unexpected(v)
		}
	}
	return texts, nil
}

func unexpected(v any) error {
	return &graph.Error{Code: graph.Internal, Message: "the database answered in an unexpected form", Err: fmt.Errorf("%T", v)}
}
