package graph

import "sync"

// Plan is a question as data. It is made from a GraphQL operation, checked, compiled by a store into one statement a root,
// and answered with positional rows. A plan holds the shape only; the values are arguments, so that one plan serves every
// request of the same shape. A plan never changes once it is made.
type Plan struct {
	Roots []*Select
	// Args is how many arguments the plan takes.
	Args int

	compiled sync.Map
}

// Compiled is what a store made of this plan, made once. by is the store itself.
func (p *Plan) Compiled(by any, compile func() (any, error)) (any, error) {
	if c, ok := p.compiled.Load(by); ok {
		return c, nil
	}
	c, err := compile()
	if err != nil {
		return nil, err
	}
	c, _ = p.compiled.LoadOrStore(by, c)
	return c, nil
}

// Arg is the place of an argument in the args of Query. The value has the Go type of the field that it is compared with
// (see Type); for In and NotIn it is a []any of those; for Contains and StartsWith it is already folded; for a limit it is
// an int64, not below 0. Texts are in NFC, as stored ones are; times are in the form of Type.
type Arg int

// NoArg stands where there is no argument.
const NoArg Arg = -1

// Select reads nodes: at a root, or from each row of its parent through a relation. Its answer is a Set for each parent row.
type Select struct {
	// Name is the response key that asked for it; for goldens and error messages only.
	Name string
	// Kinds are the kinds of node that are read; several for an interface or a union. Never empty.
	Kinds []*Kind
	// Via is how the nodes are reached from the parent's row; nil at a root and for the key of a group.
	Via *Via
	// Fields are the values of each row, in order.
	Fields []FieldRef
	// Where keeps only nodes for which it holds; nil keeps all.
	Where *Cond
	// Search keeps nodes that match the text, and is ordered by (rank, id) in place of Order, which is empty; roots only.
	Search *Search
	// Order is total: it ends in ID (and in EdgeKey behind it where Via.Keyed). Nulls are last ascending, first descending.
	// Empty only where Via.One, Search or Group is set. Texts, kinds and keys are in code point order, numbers in number
	// order, false before true. Only fields and properties with Index are ordered by, beside the id, the kind and the key.
	Order []Order
	Page  Page
	// Count asks for Set.Total: how many nodes (relationships, where Via.Keyed) there are whatever the page.
	Count bool
	// Children are read for each row; in the row they follow the fields, in order.
	Children []*Select
	// Group makes the select an aggregate over the distinct nodes that Where keeps: a row for each bucket. Roots only;
	// Fields, Order, Page, Count and Children are empty then.
	Group *Group
}

// Via is a hop over one type of relationship.
type Via struct {
	Relation *Relation
	// Out: the parent is where the relationship starts.
	Out bool
	// One: at most one node is reached (the relation has One, and is followed outwards). Such a select has no Order, no
	// Page and no Count; its Set has one row or none.
	One bool
	// Keyed: a row for each relationship, so that a node reached by two of them (two roles) stands twice. Otherwise a row
	// for each node, however many relationships lead to it.
	Keyed bool
	// From are the kinds of the parent that have the relation; nil: all of them. Other parents have no rows.
	From []*Kind
}

// Owner says what a FieldRef reads from.
type Owner uint8

// The owners.
const (
	OfNode Owner = iota // a stored field of the node
	OfEdge              // a property of the relationship of Via (only where Via.Keyed or Via.One, or the relation has no Key)
	OfID                // the node's id
	OfKind              // the node's kind: its name
	OfKey               // the relationship's key (see Edge.Key); only where Via.Keyed
	OfRank              // the search rank, an int64: see Search
)

// FieldRef names a value of a row.
type FieldRef struct {
	Owner Owner
	// Name is the stored field's or property's name; empty for OfID, OfKind, OfKey and OfRank.
	Name string
	// Type is the field's type; rows of kinds that have no field of this name and type are null. It says nothing for the
	// id, the kind, the key and the rank, and may be left out there.
	Type Type
}

// Op is an operator of a condition.
type Op uint8

// The operators. All are two-valued: a comparison with a field that is null is false (and Ne and NotIn, being the
// negations of Eq and In, are true); Not is the complement. A comparison is with a field, a property or the id, never with
// the kind (see KindIn), the key or the rank. A StringList or JSON takes IsNull alone; Lt, Le, Gt and Ge take an Int, a
// Float, a Date, a DateTime, a String with Index, and the id. An argument is never null, nor is an element of a list.
const (
	And        Op = iota + 1 // every one of Of; true where there is none
	Or                       // at least one of Of; false where there is none
	Not                      // not Of[0]
	Eq                       // Field equals Arg
	Ne                       // not Eq
	In                       // Field equals one of Arg's elements; false for an empty list
	NotIn                    // not In
	Lt                       // Field before Arg: code point order for text, number order for numbers
	Le                       // Lt or Eq
	Gt                       // after
	Ge                       // Gt or Eq
	Contains                 // the folded form (Fold) of a Text field contains Arg, which is folded and may be empty
	StartsWith               // the folded form of a Text field begins with Arg, which is folded
	IsNull                   // Field is null
	Some                     // at least one node through Via (of Kinds) for which Of[0] holds (or just one, without Of)
	None                     // no such node
	Every                    // no node through Via for which Of[0] does not hold
	KindIn                   // the node is of one of Kinds
)

// Cond is a condition on a node. Inside Some, None and Every, fields OfEdge are those of the relationship of Via.
type Cond struct {
	Op    Op
	Of    []*Cond
	Field FieldRef
	Arg   Arg
	Via   *Via
	Kinds []*Kind
}

// Order is a sort key.
type Order struct {
	Field FieldRef
	Desc  bool
}

// Page is the part of the ordered nodes that is wanted.
type Page struct {
	// Limit is the most rows; NoArg for all of them (only in selects that the planner bounds otherwise).
	Limit Arg
	// Backward: the last Limit rows (before the cursor) instead of the first (after it). Rows come in Order all the same,
	// by (rank, id) in a Search.
	Backward bool
	// After begins behind the row with these values of Order (before it, where Backward), one for each key of Order; for a
	// Search, the rank and the id. Empty: from the start (the end). There need be no row with these values any more.
	After []CursorKey
}

// CursorKey is one value of a cursor.
type CursorKey struct {
	Arg  Arg
	Null bool // the value is null; Arg is then NoArg
}

// Search finds nodes by the folded search keys that a store keeps (see Kind.SearchKeys). A node matches when one of its
// name key and text key contains every word. Its rank is that of SearchRank on the name key with Term: 0 exact, 1 prefix,
// 2 word prefix, 3 substring; 4 where the name key has every word, but not Term as a whole; 5 where only the text key
// has them. The words are those of Term, between its spaces; there is at least one.
type Search struct {
	Term  Arg // string: the whole folded text
	Words Arg // []any of string: the folded words
	// Longest is the word with the most bytes, for an index to begin with.
	Longest Arg
}

// Group buckets the distinct nodes of a select. A node with several values of a key stands in each of their buckets, once;
// one with none stands in a bucket whose key is null. Buckets are in the order of their keys: node keys by id, values by
// value, nulls last. Without Keys there is one bucket of all nodes; where there is no node there is no bucket.
//
// A row is: the keys in order (for a node key a *Set with one row or none, for a value key its value), then the number of
// nodes, then for each of Sums: the sum over the nodes that have the value (null where none has), and how many have.
type Group struct {
	Keys []GroupKey
	// Through is a relation to one node at most that holds the summed values, such as a raid's figure of one measure; Where
	// chooses it. Nil without Sums.
	Through *Hop
	Sums    []FieldRef
}

// Hop is a step to other nodes.
type Hop struct {
	Via   *Via
	Kinds []*Kind
	Where *Cond
}

// GroupKey is what buckets are made by: the nodes at the end of Path, or a stored field of the grouped node.
type GroupKey struct {
	Path []Hop
	// Node is how the key's node is read: its Kinds (those of the last hop), Fields and Children, nothing else; nil for a
	// value key.
	Node *Select
	// Field is a stored field, neither StringList nor JSON, of a value key.
	Field FieldRef
}

// Set is the answer of a Select for one parent.
type Set struct {
	Rows []Row
	// Total is set where Select.Count asks for it.
	Total int64
}

// Row is positional: the values of Select.Fields (see Type), then a *Set for each of Select.Children.
type Row []any
