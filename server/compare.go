package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
)

// maxDisagreements bounds those that are told of one file; all are counted.
const maxDisagreements = 1000

// report is what a file would change in the graph. As JSON it is one line of --json.
type report struct {
	File string `json:"file"`
	// DryRun: nothing was written. Absent of check, which never writes.
	DryRun bool `json:"dryRun,omitempty"`
	// New, Added, Same and Conflicting count records, see graph.Comparison.
	New         int64 `json:"new"`
	Added       int64 `json:"added"`
	Same        int64 `json:"same"`
	Conflicting int64 `json:"conflicting"`
	// Conflicts are the values that are otherwise in the graph; at most maxDisagreements.
	Conflicts []conflict `json:"conflicts"`

	more bool // than are told
}

// conflict is a value of a file that is otherwise in the graph.
type conflict struct {
	// File, Line and Column are where it stands; JSON Lines have no column.
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
	// Record is the id of the node, or the relationship; Field is the field, the value object, or the property of it.
	Record string `json:"record"`
	Field  string `json:"field,omitempty"`
	// Graph and Here are the two values.
	Graph side `json:"graph"`
	Here  side `json:"here"`

	of graph.SaidOf
}

// side is a value with whose word it is.
type side struct {
	// Value is null where there is none.
	Value *string `json:"value"`
	// SaidBy are the ids of those by whose word it is, as far as that is recorded.
	SaidBy []string `json:"saidBy"`
}

// places say where a value of a record stands in a file, and by whose word, which may be nobody's.
type places interface {
	place(d graph.Disagreement) casefile.Problem
	speakers(v graph.SaidOf) []string
}

type casePlaces struct{ *casefile.Case }

func (c casePlaces) place(d graph.Disagreement) casefile.Problem { return c.Place(d.Record, d.Field) }
func (c casePlaces) speakers(v graph.SaidOf) []string            { return c.Speakers(v) }

// linePlaces are the lines of JSON Lines: a record a line, but for the blank ones.
type linePlaces struct {
	name string
	// blank are the places of records before which blank lines stand, each as often as there are such.
	blank []int
}

// readLines reads the records, and notes where blank lines stand.
func (l *linePlaces) readLines(file string, p *process) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		l.blank = l.blank[:0]
		place := 0
		for r, err := range readNumbered(l.name, file, p.model.Graph, func(number int) {
			for len(l.blank) < number-1-place {
				l.blank = append(l.blank, place)
			}
			place++
		}) {
			if !yield(r, err) {
				return
			}
		}
	}
}

func (l *linePlaces) place(d graph.Disagreement) casefile.Problem {
	before, _ := slices.BinarySearch(l.blank, d.Place+1)
	return casefile.Problem{File: l.name, Line: d.Place + 1 + before}
}

func (l *linePlaces) speakers(graph.SaidOf) []string { return nil }

// compare finds what records would change.
func (p *process) compare(ctx context.Context, q graph.Asked, name string, records graph.Records, at places) (*report, error) {
	r := &report{File: name, Conflicts: []conflict{}}
	var values []graph.SaidOf
	counts, err := graph.Compare(ctx, q, p.model.Graph, records, func(d graph.Disagreement) error {
		if len(r.Conflicts) == maxDisagreements {
			r.more = true
			return nil
		}
		where, of := at.place(d), casefile.ValueOf(p.model, d)
		values = append(values, of)
		r.Conflicts = append(r.Conflicts, conflict{File: name, Line: where.Line, Column: where.Column, Record: recordName(d.Record), Field: d.Field,
			Graph: side{Value: valueOf(d.Graph)}, Here: side{Value: valueOf(d.File), SaidBy: orNone(at.speakers(of))}, of: of})
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.New, r.Added, r.Same, r.Conflicting = counts.New, counts.Added, counts.Same, counts.Conflicting
	said, err := graph.Speakers(ctx, q, p.model.Graph, values)
	if err != nil {
		return nil, err
	}
	for i := range r.Conflicts {
		c := &r.Conflicts[i]
		c.Graph.SaidBy = orNone(said[c.of])
	}
	return r, nil
}

func orNone(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func valueOf(words string) *string {
	if words == "" {
		return nil
	}
	return &words
}

// recordName names a record for people.
func recordName(r graph.Record) string {
	switch r := r.(type) {
	case *graph.Node:
		return r.ID
	case *graph.Edge:
		return strings.TrimSpace(fmt.Sprintf("%s of %s %s", r.Relation.Type, r.From, r.Key()))
	}
	return ""
}

// json writes the report on one line.
func (r *report) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// counts are the report's numbers, in words.
func (r *report) counts() string {
	return fmt.Sprintf("%d new, %d added to, %d the same, %d conflicting", r.New, r.Added, r.Same, r.Conflicting)
}

// details writes each conflict on a line of its own.
func (r *report) details(w io.Writer) {
	for _, c := range r.Conflicts {
		at := fmt.Sprintf("%s:%d", c.File, c.Line)
		if c.Column > 0 {
			at += fmt.Sprintf(":%d", c.Column)
		}
		field := ""
		if c.Field != "" {
			field = c.Field + " "
		}
		fmt.Fprintf(w, "%s: %s: %sis %s in the graph, here %s\n", at, c.Record, field, c.Graph, c.Here)
	}
	if r.more {
		fmt.Fprintf(w, "%s: more conflicts are not told\n", r.File)
	}
}

// String is the value with whose word it is.
func (s side) String() string {
	value := "nothing"
	if s.Value != nil {
		value = graph.Quote(*s.Value)
	}
	if len(s.SaidBy) > 0 {
		value += " by " + strings.Join(s.SaidBy, ", ")
	}
	return value
}
