package neo4j

import (
	"github.com/raidgraph/raidgraph/graph"
)

const (
	// mostIndexed is how many bytes a range index takes of an order key, with room for the id beside it.
	mostIndexed = 7500
	// mostText is how many bytes a text index takes.
	mostText = 32000
)

// nodeProps are all properties of a node.
func nodeProps(n *graph.Node) (map[string]any, error) {
	m := make(map[string]any, 2*len(n.Values)+1)
	m[idProp] = n.ID
	for i, f := range n.Kind.Fields {
		v := n.Values[i]
		if v != nil {
			m[f.Column] = v
		}
		if f.Index {
			key := orderKey(f.Type, v)
			if s, ok := key.(string); ok && len(s) > mostIndexed {
				return nil, graph.Errorf(graph.Invalid, "the %s of %s has %d bytes: an indexed text has at most %d", f.Name, n.ID, len(v.(string)), graph.MaxText)
			}
			m[f.Column+orderProp] = key
		} else {
			unusualOrder(m, f, v)
		}
		if s, ok := v.(string); ok && f.Text {
			m[f.Column+foldProp] = graph.Fold(s)
		}
	}
	name, text := n.SearchKeys()
	setSearchKey(m, searchName, name)
	setSearchKey(m, searchText, text)
	return m, nil
}

// unusualOrder sets the order key of a text that is not indexed, where it differs from the text.
func unusualOrder(m map[string]any, f *graph.Field, v any) {
	if s, ok := v.(string); ok && f.Type == graph.String {
		if key := orderText(s); key != s {
			m[f.Column+orderProp] = key
		}
	}
}

func setSearchKey(m map[string]any, prop, key string) {
	switch {
	case key == "":
	case len(key) > mostText:
		m[prop+longProp] = key
		m[searchLong] = true
	default:
		m[prop] = key
	}
}

// edgeProps are all properties of a relationship.
func edgeProps(e *graph.Edge) map[string]any {
	m := make(map[string]any, len(e.Props)+1)
	for i, f := range e.Relation.Props {
		if v := e.Props[i]; v != nil {
			m[f.Column] = v
			unusualOrder(m, f, v)
		}
	}
	if len(e.Relation.Key) > 0 {
		key := e.Key()
		m[keyProp] = key
		if ordered := orderText(key); ordered != key {
			m[keyProp+orderProp] = ordered
		}
	}
	return m
}

// nodeOf is a node as its properties have it; edgeOf a relationship.
func nodeOf(k *graph.Kind, id string, props map[string]any) (*graph.Node, error) {
	v, err := valuesIn(k.Fields, props)
	return &graph.Node{Kind: k, ID: id, Values: v}, err
}

func edgeOf(r *graph.Relation, from, to string, props map[string]any) (*graph.Edge, error) {
	v, err := valuesIn(r.Props, props)
	return &graph.Edge{Relation: r, From: from, To: to, Props: v}, err
}

func valuesIn(fields []*graph.Field, props map[string]any) ([]any, error) {
	row := make([]any, len(fields))
	for i, f := range fields {
		row[i] = props[f.Column]
	}
	return values(fields, row)
}

// settle makes want what has to be written over have: with the moment at which it was first recorded and, where earliest says
// so, the earlier moment at which it was published. It says whether they are the same, but for the change that last wrote them.
func settle(earliest bool, have, want map[string]any) bool {
	keepMoment(graph.RecordedAt, have, want)
	if h, ok := have[graph.PublishedAt].(string); ok && earliest {
		if w, ok := want[graph.PublishedAt].(string); !ok || h < w {
			keepMoment(graph.PublishedAt, have, want)
		}
	}
	size := func(m map[string]any) int {
		if _, ok := m[graph.ChangedIn]; ok {
			return len(m) - 1
		}
		return len(m)
	}
	if size(have) != size(want) {
		return false
	}
	for k, w := range want {
		h, ok := have[k]
		if k != graph.ChangedIn && (!ok || !sameValue(h, w)) {
			return false
		}
	}
	return true
}

// keepMoment gives want the moment that have has, and its order key.
func keepMoment(column string, have, want map[string]any) {
	for _, k := range []string{column, column + orderProp} {
		if at, ok := have[k]; ok {
			want[k] = at
		} else {
			delete(want, k)
		}
	}
}

// sameValue compares a value of the driver's with one of ours.
func sameValue(have, want any) bool {
	texts, ok := want.([]string)
	if !ok {
		_, isList := have.([]any)
		return !isList && have == want
	}
	list, ok := have.([]any)
	if !ok || len(list) != len(texts) {
		return false
	}
	for i := range list {
		if list[i] != any(texts[i]) {
			return false
		}
	}
	return true
}

// values are the values of fields, in order, from what a row holds.
func values(fields []*graph.Field, row []any) ([]any, error) {
	for i, f := range fields {
		if f.Type == graph.StringList && row[i] != nil {
			texts, err := stringList(row[i])
			if err != nil {
				return nil, err
			}
			row[i] = texts
		}
	}
	return row, nil
}
