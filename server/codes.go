package main

import (
	"net/http"

	"github.com/raidgraph/raidgraph/graph"
)

// codeMeaning is what a code of package graph means outside the program.
type codeMeaning struct {
	status int // HTTP
	exit   int // of a command
}

// meanings is the one table from codes to HTTP statuses and exit codes; docs/configuration.md shows it.
var meanings = map[graph.Code]codeMeaning{
	graph.Invalid:     {http.StatusBadRequest, 1},
	graph.NotFound:    {http.StatusNotFound, 1},
	graph.Conflict:    {http.StatusConflict, 1},
	graph.TooLarge:    {http.StatusRequestEntityTooLarge, 1},
	graph.Unavailable: {http.StatusServiceUnavailable, 3},
	graph.Internal:    {http.StatusInternalServerError, 4},
}

// Exit codes that stand for no code: arguments that are not understood, and a command that a signal ended.
const (
	exitUsage       = 2
	exitInterrupted = 130
)

func meaning(code graph.Code) codeMeaning {
	if m, ok := meanings[code]; ok {
		return m
	}
	return meanings[graph.Internal]
}
