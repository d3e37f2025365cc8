package gql

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"

	"github.com/raidgraph/raidgraph/graph"
)

// A cursor is the values of a row's sort keys behind the identity of the order, as JSON in unpadded base64url. It stays
// good while rows come and go, since it holds values and no position.

// orderHash is the identity of an order.
func orderHash(order []graph.Order) uint32 {
	h := fnv.New32a()
	for _, o := range order {
		h.Write([]byte(o.Field.String()))
		if o.Desc {
			h.Write([]byte{'-'})
		}
		h.Write([]byte{0})
	}
	return h.Sum32()
}

// encode is the cursor of a row.
func (p *page) encode(row graph.Row) string {
	b := make([]byte, 0, 96)
	b = append(b, '[')
	b = appendUint(b, p.hash)
	for _, slot := range p.key {
		b = append(b, ',')
		switch v := row[slot].(type) {
		case nil:
			b = append(b, "null"...)
		default:
			r := renderer{b: b}
			r.leaf(leafNone, v)
			b = r.b
		}
	}
	b = append(b, ']')
	return base64.RawURLEncoding.EncodeToString(b)
}

func appendUint(b []byte, u uint32) []byte {
	r := renderer{b: b}
	r.leaf(leafNone, int64(u))
	return r.b
}

// decodeCursor are the values of a cursor for the order; an Invalid error where it is none, or one of another order.
func decodeCursor(cursor string, order []graph.Order) ([]any, error) {
	malformed := graph.Errorf(graph.Invalid, "%s is no cursor: take it from edges.cursor or pageInfo of an answer", graph.Quote(cursor))
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return nil, malformed
	}
	var values []any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&values) != nil || d.More() || len(values) == 0 {
		return nil, malformed
	}
	hash, _ := values[0].(json.Number)
	if h, err := hash.Int64(); err != nil || h != int64(orderHash(order)) {
		return nil, graph.Errorf(graph.Invalid, "the cursor %s belongs to another order: begin again where orderBy changes", graph.Quote(cursor))
	}
	values = values[1:]
	if len(values) != len(order) {
		return nil, malformed
	}
	for i, o := range order {
		if values[i], err = cursorValue(values[i], o.Field); err != nil {
			return nil, malformed
		}
	}
	return values, nil
}

func cursorValue(v any, f graph.FieldRef) (any, error) {
	if v == nil {
		return nil, nil
	}
	typ := f.Type
	switch f.Owner {
	case graph.OfID, graph.OfKey:
		typ = graph.String
	case graph.OfRank:
		typ = graph.Int
	}
	switch v := v.(type) {
	case json.Number:
		switch typ {
		case graph.Int:
			return v.Int64()
		case graph.Float:
			return v.Float64()
		}
	case bool:
		if typ == graph.Boolean {
			return v, nil
		}
	case string:
		if typ != graph.Int && typ != graph.Float && typ != graph.Boolean {
			return v, nil
		}
	}
	return nil, graph.Errorf(graph.Invalid, "the cursor has a value of another type")
}
