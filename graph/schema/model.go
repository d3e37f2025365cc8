// Package schema reads schema.graphqls: into the kinds and relations that stores work with (package graph), and into the
// types and fields that the API shows. From those it derives the public SDL: connections, edges, where- and order-inputs
// and the root fields of each kind.
package schema

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// Class says what a type of schema.graphqls is.
type Class uint8

// The classes.
const (
	NodeType      Class = iota + 1 // @node: a kind of node
	ValueType                      // @value: stored inside its owner
	EdgeType                       // @edge: the properties of a relationship
	ComputedType                   // no directive: answered by a function from rows
	InterfaceType                  // an interface over kinds
	UnionType                      // a union of @value types
)

// Model is schema.graphqls, read and checked.
type Model struct {
	// Graph are the kinds and relations.
	Graph *graph.Schema
	// Types are the object types, interfaces and unions by name, Query among them.
	Types map[string]*Type
	// Order are the names of Types in the order of the file.
	Order []string
	// Enums and Scalars are the definitions by name.
	Enums   map[string]*ast.Definition
	Scalars map[string]*ast.Definition
	Inputs  map[string]*ast.Definition

	document *ast.SchemaDocument
}

// Type is an object type, interface or union.
type Type struct {
	Name        string
	Description string
	Class       Class
	// Interfaces are the interfaces it implements, and for an interface those it implements itself.
	Interfaces []string
	// Fields are its fields, inherited ones among them, in the order of the API. Empty for a union.
	Fields []*Field
	// Kind is set for a NodeType.
	Kind *graph.Kind
	// Kinds are the kinds that a NodeType (one), an InterfaceType (its implementors, those that the program alone writes left out) stands for.
	Kinds []*graph.Kind
	// Members are the types of a union.
	Members []*Type
	// WhereInput is the name of the where-input of a NodeType, an InterfaceType.
	WhereInput string
	// Internal types are not in the API.
	Internal bool

	key    []string
	byName map[string]*Field
}

// Field is the field of that name, or nil.
func (t *Type) Field(name string) *Field { return t.byName[name] }

// Field is a field of a type.
type Field struct {
	Name        string
	Description string
	// GraphQL is the field's type as schema.graphqls gives it: a relation to many is a list here, a connection in the API.
	GraphQL *ast.Type
	// Arguments are those that schema.graphqls gives.
	Arguments ast.ArgumentDefinitionList
	// Object is the object type, interface or union that the field's values have; nil for scalars and enums.
	Object *Type
	// Relation is set for a field with @relation.
	Relation *Relation
	// Computed is the name of the function that answers the field; empty for stored fields and relations.
	Computed string
	// Pages: a list that is computed, which the API shows as a connection.
	Pages bool
	// Counts is the kind that is counted, for a field with @counts.
	Counts *Type
	// Internal: not in the API.
	Internal bool
	// Filter is the name under which it stands in where-inputs, for a field with @filter.
	Filter string
	// AnyOf are the relations to one that such a field stands for, where it has none of its own.
	AnyOf []string
	// End: the far end of the relationship, in an EdgeType.
	End bool

	index, text, projected bool
	search                 graph.SearchRole
}

// Relation is how a field reaches other nodes.
type Relation struct {
	Of  *graph.Relation
	Out bool
	// Many: the API shows a connection, or a list where List is set. Otherwise at most one node is reached.
	Many, List bool
	// Edge is the @edge type whose fields the edges carry; nil where they carry none.
	Edge *Type
	// Target is the type at the far end, Kinds are its kinds.
	Target *Type
	Kinds  []*graph.Kind
	// Hops: the field's own type is Edge, whose @end field is the far end.
	Hops bool
}

// Connection is the base of the names of what is derived for a relation: ConnectionConnection, ConnectionEdge.
func (r *Relation) Connection() string {
	if r.Edge != nil {
		return r.Edge.Name
	}
	return r.Target.Name
}

// Keyed says whether the relation's rows are relationships rather than nodes: where their properties can be asked, and
// one node may be reached by several.
func (r *Relation) Keyed() bool { return r.Edge != nil && len(r.Of.Key) > 0 }

// Dimension is how a value of a dimension enum is reached from the counted node: names of fields, one a step, and the kind
// that the last is narrowed to, empty for none.
func (m *Model) Dimension(enum, value string) (path []string, kind string) {
	d := m.Enums[enum].EnumValues.ForName(value).Directives.ForName("dimension")
	return texts(d, "path"), text(d, "kind")
}
