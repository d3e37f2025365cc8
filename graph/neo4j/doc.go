// Package neo4j keeps a graph in Neo4j (5.26 or newer): it makes one Cypher statement of each root of a plan and positional
// rows of its answer.
//
// # What stands in the database
//
// A node has the label of its kind, of each interface of the kind, and Node. Its properties are id and the kind's fields
// under their column names; a null is a property that is not there. Beside them the store keeps what it searches and
// orders by:
//
//   - C_order beside an indexed field C: the value in a form that sorts the same by every path of the database, with a
//     value behind all others where C is null (see orderKey). Beside other text it is there only where it differs from C.
//   - C_fold beside a Text field C: its folded form.
//   - search_name and search_text: the folded search keys (search_name_long and search_text_long where they are too long
//     for an index; search_long marks those nodes).
//
// A relationship has its properties under their column names and, where its type has a
// key, _key (see graph.Edge.Key).
//
// One node stands apart, labelled Meta: it has the format of all this, what the nodes were derived with, and a count of
// the changes. Each Update locks it first, so that Updates run one after the other.
package neo4j
