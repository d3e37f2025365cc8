package gql

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/raidgraph/raidgraph/graph"
)

// messageBytes bounds the message of an error: a client's own long text is not thrown back at it.
const messageBytes = 1000

// present makes an error fit for a client. Its code stands in extensions.code, its place in the document and in the answer
// where it has one; extensions.retryable where the same request may do better later, which is safe for a mutation
// too, since its changeId is applied once. An error that is nobody's mistake but ours, or has no code, says nothing about itself but an id, which
// stands in extensions.id and in the log beside the error itself.
func present(log *slog.Logger, err error) *gqlerror.Error {
	out := &gqlerror.Error{}
	var g *gqlerror.Error
	if errors.As(err, &g) {
		out.Path, out.Locations, out.Message = g.Path, g.Locations, g.Message
	}
	code, message := meaning(err)
	if message != "" {
		out.Message = message
	}
	out.Extensions = map[string]any{"code": string(code)}
	if code == graph.Unavailable {
		out.Extensions["retryable"] = true
	}
	if code == graph.Internal {
		id := strings.ToLower(rand.Text()[:12])
		out.Message = "something went wrong on our side; the log says what, under the id " + id
		out.Extensions["id"] = id
		if log != nil {
			log.Error("a request failed", "id", id, "error", err)
		}
	}
	out.Message = shorten(out.Message)
	return out
}

// meaning is the code of an error and its message for the client; no message where the error has one for GraphQL already.
func meaning(err error) (graph.Code, string) {
	var e *graph.Error
	var g *gqlerror.Error
	switch {
	case errors.As(err, &e) && e.Code != graph.Internal:
		return e.Code, e.Message
	case errors.Is(err, context.DeadlineExceeded):
		return graph.TooLarge, "the answer took longer than it may: ask for less, or for smaller pages"
	case errors.Is(err, context.Canceled):
		return graph.Unavailable, "the request was given up before it was answered"
	case e == nil && errors.As(err, &g) && g.Err == nil:
		return graph.Invalid, ""
	}
	return graph.Internal, ""
}

// located is an error with its place in the document, in its message and in the locations that present gives it.
func located(code graph.Code, at *ast.Position, format string, args ...any) error {
	message := shorten(fmt.Sprintf(format, args...))
	if at == nil {
		return graph.Errorf(code, "%s", message)
	}
	message = fmt.Sprintf("%s (line %d, column %d)", message, at.Line, at.Column)
	return &graph.Error{Code: code, Message: message, Err: &gqlerror.Error{
		Message: message, Locations: []gqlerror.Location{{Line: at.Line, Column: at.Column}}}}
}

// quoted puts a client's name into a message.
func quoted(name string) string { return `"` + shorten(name) + `"` }

// shorten cuts a text where it exceeds what a message may hold, between two characters.
func shorten(text string) string {
	if len(text) <= messageBytes {
		return text
	}
	cut := messageBytes
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
