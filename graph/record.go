package graph

import "iter"

// Record is what is written: a *Node or an *Edge.
type Record interface{ record() }

// Node is a node as it is written: its whole state. Values are positional, as Kind.Fields; see Type for the Go values.
type Node struct {
	Kind   *Kind
	ID     string
	Values []any
}

// Edge is a relationship as it is written. From and To are ids; Props are positional, as Relation.Props.
type Edge struct {
	Relation *Relation
	From, To string
	Props    []any
}

func (*Node) record() {}
func (*Edge) record() {}

// NewNode makes a node with all values null.
func NewNode(k *Kind, id string) *Node {
	return &Node{Kind: k, ID: id, Values: make([]any, len(k.Fields))}
}

// Set sets a value by the field's name and returns the node. A name that the kind does not have is a fault of the caller's
// and panics.
func (n *Node) Set(name string, v any) *Node {
	f := n.Kind.Field(name)
	if f == nil {
		panic("graph: " + n.Kind.Name + " has no field " + name)
	}
	n.Values[f.Position] = v
	return n
}

// Get is a value by the field's name; nil where the kind has no such field.
func (n *Node) Get(name string) any {
	if f := n.Kind.Field(name); f != nil {
		return n.Values[f.Position]
	}
	return nil
}

// NewEdge makes a relationship with all properties null.
func NewEdge(r *Relation, from, to string) *Edge {
	return &Edge{Relation: r, From: from, To: to, Props: make([]any, len(r.Props))}
}

// Set sets a property by name and returns the edge. An unknown name panics.
func (e *Edge) Set(name string, v any) *Edge {
	f := e.Relation.Prop(name)
	if f == nil {
		panic("graph: " + e.Relation.Type + " has no property " + name)
	}
	e.Props[f.Position] = v
	return e
}

// Get is a property by name; nil where the relation has none such.
func (e *Edge) Get(name string) any {
	if f := e.Relation.Prop(name); f != nil {
		return e.Props[f.Position]
	}
	return nil
}

// Key is the text that tells this relationship apart from others of its type between the same two nodes: the values of
// Relation.Key, joined by "|"; empty where the relation has no key.
func (e *Edge) Key() string { return edgeKey(e.Relation, e.Props) }

// Records is a sequence of records that may be read more than once, from the start each time: a store retries a
// transaction that its database asked to retry. A record that cannot be read ends the sequence with an error.
type Records = iter.Seq2[Record, error]

// Written counts what Put did.
type Written struct {
	// Created, Changed and Same are nodes and relationships that were new, that differed, and that were there already.
	Created, Changed, Same int64
}
