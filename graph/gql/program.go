package gql

import (
	"github.com/raidgraph/raidgraph/graph"
)

// A program says how an answer is written from rows. It is made once for a plan, beside it, and runs for each answer: an
// object is the selection on one GraphQL type with fragments spread, aliases applied and @skip and @include decided, a
// field says where its value is found and what becomes of it.

// object is the selection on an object type. For an interface or a union, the selections on the possible types stand in
// of, by the name of the kind that a row holds in slot kind.
type object struct {
	typeName string
	fields   []field

	of   map[string]*object
	kind int
}

// field is one response key of an object.
type field struct {
	// key is the response key as JSON, with the colon and, behind the first field, with the comma before it.
	key  []byte
	name string
	how  how
	// slot is the place of the value in the row.
	slot int
	// nonNull: a null here makes the object null. list: a list, whose elements may be null unless elemNonNull.
	nonNull, list, elemNonNull bool
	leaf                       leaf
	object                     *object
	// values answers a computed field; args are those of the plan.
	values func(args []any, src *source) any
	// page is set for the edges and nodes of a connection.
	page *page
	// constant is the JSON of a value that is known from the start, such as __typename.
	constant []byte
}

// how says how a field's value is found.
type how uint8

const (
	howConstant   how = iota // constant
	howSlot                  // a leaf in the row
	howValue                 // a value object whose leaves are in the same row; null where the leaf in slot is
	howJSON                  // a list of value objects, as JSON text in slot
	howOne                   // the first row of the set in slot; null without one
	howRows                  // a plain list: the rows of the set in slot
	howConnection            // a connection over the set in slot
	howSame                  // an object over the same source, such as the node of an edge
	howEdges                 // inside a connection: the rows of its page
	howComputed              // values: a leaf, a *source, a []*source, or nil
)

// leaf is how a leaf is written as JSON.
type leaf uint8

const (
	leafNone leaf = iota
	leafString
	leafInt
	leafFloat
	leafBoolean
	leafStrings
)

func leafOf(t graph.Type) leaf {
	switch t {
	case graph.Int:
		return leafInt
	case graph.Float:
		return leafFloat
	case graph.Boolean:
		return leafBoolean
	case graph.StringList:
		return leafStrings
	}
	return leafString
}

// source is what an object is written from.
type source struct {
	row graph.Row
	// set is that of a connection.
	set *graph.Set
	// value is that of a computed object.
	value any
	// up is the source of the object around a connection's edges.
	up *source
	// as is the object by which this is written, where a field has several: its rows come from several selects.
	as *object
}

// by is the object by which a source is written, and the source as the object's fields see it.
func (s *source) by(o *object) (*object, *source) {
	if s.as == nil {
		return o, s
	}
	own := *s
	own.as = nil
	return s.as, &own
}

// page is a connection's place among the pages.
type page struct {
	// limit is the argument of the plan that holds the size of the page, and one more where it peeks: to know whether there is
	// more.
	limit graph.Arg
	peeks bool
	// backward: the page ends at its cursor. cursor: it begins (ends) at one.
	backward, cursor bool
	// key are the slots and hash the identity of the order, of which cursors are made.
	key  []int
	hash uint32
	// keys reads key into the row when a cursor is asked for the first time.
	keys func() []int
}

// rows are those of the page, without the one behind it, and whether that one is there.
func (p *page) rows(set *graph.Set, args []any) (rows []graph.Row, more bool) {
	size := int(args[p.limit].(int64))
	if p.peeks {
		size--
	}
	if len(set.Rows) <= size {
		return set.Rows, false
	}
	if p.backward {
		return set.Rows[len(set.Rows)-size:], true
	}
	return set.Rows[:size], true
}
