package gql

import (
	"errors"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/raidgraph/raidgraph/graph"
)

// Limits bound what one request may ask for. Zero means the default; there is no way to switch a limit off but to set it
// high. Those of a document are checked before it is validated, so that a document which is refused costs little.
type Limits struct {
	// BodyBytes bounds the request as it comes in: 1 MiB (1,048,576) by default.
	BodyBytes int
	// Tokens bounds the words of a document, comments among them: 15,000 by default.
	Tokens int
	// Depth bounds how deep fields nest, fragments spread: 20 by default.
	Depth int
	// Nesting bounds how deep lists and objects nest in a value that stands in the document: 50 by default.
	Nesting int
	// Aliases bounds the aliases of a document: 100 by default.
	Aliases int
	// RootFields bounds the root fields of an operation, fragments spread: 100 by default.
	RootFields int
	// Directives bounds the directives of a document: 50 by default.
	Directives int
	// Selections bounds what the operations of a document select, fragments spread, fragment spreads counted too: 10,000 by
	// default.
	Selections int
	// Work bounds what validation visits: for each operation and each fragment, it and all fragments that it reaches, in
	// units of a visited node; long texts and values inside values count more. 100,000 by default.
	Work int
	// Cost bounds the rows that an operation may read: the product of the sizes of nested pages, summed. 100,000 by default.
	Cost int
	// Changes bounds the steps of one mutation: 10,000 by default.
	Changes int
	// Read bounds what a computed field reads of one kind for one node, or for one root field: claims about a node, raids, statements.
	// 10,000 by default.
	Read int
	// ResultBytes bounds the answer: 16 MiB (16,777,216) by default.
	ResultBytes int
	// Time bounds the time that an answer takes: 10 s by default.
	Time time.Duration
}

// WithDefaults gives every limit that is zero its default.
func (l Limits) WithDefaults() Limits {
	for _, d := range []struct {
		limit *int
		value int
	}{
		{&l.BodyBytes, 1 << 20}, {&l.Tokens, 15_000}, {&l.Depth, 20}, {&l.Nesting, 50}, {&l.Aliases, 100},
		{&l.RootFields, 100}, {&l.Directives, 50}, {&l.Selections, 10_000}, {&l.Work, 100_000}, {&l.Cost, 100_000}, {&l.Read, 10_000},
		{&l.Changes, 10_000}, {&l.ResultBytes, 16 << 20},
	} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	if l.Time == 0 {
		l.Time = 10 * time.Second
	}
	return l
}

// Parse reads a document and checks it against the limits, in time linear in its length. What it returns may still be
// invalid, but is cheap to validate. An error is Invalid where the text is no GraphQL, with line and column, and TooLarge
// where a limit is exceeded.
func (l Limits) Parse(query string) (*ast.QueryDocument, error) {
	l = l.WithDefaults()
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, l.Tokens)
	if err != nil {
		return nil, l.refuse(err)
	}
	if len(doc.Operations) == 0 && len(doc.Fragments) == 0 {
		return nil, graph.Errorf(graph.Invalid, "the query is empty: ask for something, such as { __typename }")
	}
	if err := l.measure(doc); err != nil {
		return nil, err
	}
	return doc, nil
}

// refuse turns an error of the parser into one of ours.
func (l Limits) refuse(err error) error {
	var g *gqlerror.Error
	if !errors.As(err, &g) {
		return graph.Wrap(graph.Internal, "the query could not be read", err)
	}
	switch {
	case len(g.Locations) == 0 && strings.HasPrefix(g.Message, "exceeded token limit"):
		return exceeds("the query", l.Tokens, "tokens")
	case strings.HasPrefix(g.Message, "exceeded maximum nesting depth"):
		return located(graph.TooLarge, position(g), "the query nests more than %s deep", number(parser.MaxNestingDepth))
	}
	return located(graph.Invalid, position(g), "the query is no GraphQL: %s", g.Message)
}

func position(g *gqlerror.Error) *ast.Position {
	if len(g.Locations) == 0 {
		return nil
	}
	return &ast.Position{Line: g.Locations[0].Line, Column: g.Locations[0].Column}
}

// exceeds is the error of a limit: what has more of the counted than it may.
func exceeds(what string, limit int, counted string) *graph.Error {
	return graph.Errorf(graph.TooLarge, "%s has more than %s %s", what, number(limit), counted)
}

// number writes a number with commas, as a reader likes it.
func number(n int) string {
	digits := []byte{}
	for i := 0; ; i++ {
		if i > 0 && i%3 == 0 {
			digits = append(digits, ',')
		}
		digits = append(digits, byte('0'+n%10))
		if n /= 10; n == 0 {
			break
		}
	}
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return string(digits)
}
