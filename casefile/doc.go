// Package casefile reads a case: one file in YAML that a reporter writes, with its sources first and every figure, name
// and silence citing one of them. It turns the file into the records of package graph, and tells every fault at once,
// each with its place and what would be right. docs/case-file.md teaches the format.
//
// Write does the reverse: it writes a graph as such a file, which is read as the same graph.
//
// The format follows schema.graphqls: each kind of node has a section under its plural name, each field and relation the
// schema's name. What a reporter writes shorter than that (figures, nationalities, outcomes, citations) is turned into
// claims here, by the names of computed fields in the schema. A kind that is added to the schema has its section with no
// more code.
package casefile

//go:generate go run ./generate
