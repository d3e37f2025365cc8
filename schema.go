// Package raidgraph holds the one schema file of the program.
package raidgraph

import _ "embed"

// Schema is the text of schema.graphqls: the kinds, relations and computed fields from which everything else is derived.
//
//go:embed schema.graphqls
var Schema string
