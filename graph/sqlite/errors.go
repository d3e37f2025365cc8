package sqlite

import (
	"context"
	"errors"

	"modernc.org/sqlite"

	"github.com/raidgraph/raidgraph/graph"
)

// The primary result codes of SQLite that mean something to a caller.
const (
	codeBusy     = 5
	codeLocked   = 6
	codeNoMemory = 7
	codeReadOnly = 8
	codeIO       = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeTooBig   = 18
	codeNotADB   = 26
)

// failure gives an error of the driver its code. The context's own error passes as it is.
func failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if own := ctx.Err(); own != nil {
		return own
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var known *graph.Error
	if errors.As(err, &known) {
		return err
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return &graph.Error{Code: graph.Internal, Message: "the database failed", Err: err}
	}
	code, message := graph.Internal, "the database failed"
	switch e.Code() & 0xff {
	case codeBusy, codeLocked:
		code, message = graph.Unavailable, "the database is busy: another program writes to it"
	case codeNoMemory:
		code, message = graph.Unavailable, "the database has no memory left"
	case codeReadOnly:
		code, message = graph.Unavailable, "the database cannot be written to"
	case codeIO:
		code, message = graph.Unavailable, "the database cannot be read or written: the disk failed"
	case codeFull:
		code, message = graph.Unavailable, "the database cannot be written: the disk is full"
	case codeCantOpen:
		code, message = graph.Unavailable, "the database file cannot be opened"
	case codeCorrupt:
		code, message = graph.Internal, "the database file is damaged"
	case codeTooBig:
		code, message = graph.TooLarge, "the answer is larger than the database can hold"
	case codeNotADB:
		code, message = graph.Invalid, "the file is no database"
	}
	return &graph.Error{Code: code, Message: message, Err: err}
}
