// Package graph is the domain of raidgraph: what a kind of node is, how a question is planned, what a store must do,
// and the rules by which claims become figures, bands and bounds.
//
// It imports the standard library and golang.org/x/text/unicode/norm (Unicode normal forms) only. Everything else of
// raidgraph imports it: package schema reads the kinds from schema.graphqls, package gql turns GraphQL into plans and rows
// into JSON, packages sqlite and neo4j turn plans into statements and statements into rows.
package graph
