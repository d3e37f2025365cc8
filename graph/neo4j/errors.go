package neo4j

import (
	"context"
	"errors"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// translate gives an error of the driver its code and a message without the server's words. An ended context wins over
// whatever the driver made of it.
func (s *Store) translate(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var known *graph.Error
	if errors.As(err, &known) {
		return err
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	err = lastAttempt(err)
	code, message := graph.Internal, "the database failed"
	var server *neo4j.Neo4jError
	var wrongUse *neo4j.UsageError
	var dead *neo4j.ConnectivityError
	switch {
	case errors.As(err, &server):
		code, message = meaning(server.Code)
	case errors.As(err, &wrongUse):
		if strings.Contains(wrongUse.Message, "ool closed") {
			code, message = graph.Unavailable, "the store is closed"
		}
	case errors.As(err, &dead), isContextError(err):
		code, message = graph.Unavailable, "the Neo4j database cannot be reached"
	default:
		var login *neo4j.InvalidAuthenticationError
		var token *neo4j.TokenExpiredError
		if errors.As(err, &login) || errors.As(err, &token) {
			code, message = meaning("Neo.ClientError.Security.Unauthorized")
		} else if strings.Contains(err.Error(), "onnection") {
			// The driver's ends of connections have no exported type.
			code, message = graph.Unavailable, "the Neo4j database cannot be reached"
		}
	}
	return &graph.Error{Code: code, Message: message, Err: err}
}

// isContextError is true of the driver's own deadlines; the caller's has been looked at before.
func isContextError(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// lastAttempt is the last error of a transaction that was tried several times.
func lastAttempt(err error) error {
	var limit *neo4j.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		return lastAttempt(limit.Errors[len(limit.Errors)-1])
	}
	return err
}

// meaning is what a status code of the server means to us.
func meaning(code string) (graph.Code, string) {
	switch {
	case strings.HasPrefix(code, "Neo.ClientError.Transaction.TransactionTimedOut"),
		code == "Neo.ClientError.Transaction.TransactionTerminated", code == "Neo.TransientError.Transaction.Terminated":
		return graph.Unavailable, "the database took longer than is allowed"
	case code == "Neo.TransientError.General.MemoryPoolOutOfMemoryError", code == "Neo.TransientError.General.OutOfMemoryError":
		return graph.TooLarge, "the database has too little memory for this"
	case strings.HasPrefix(code, "Neo.TransientError."):
		return graph.Unavailable, "the database is busy: ask again"
	case strings.HasPrefix(code, "Neo.ClientError.Security."):
		return graph.Unavailable, "the Neo4j database refuses the user name, the password or the access"
	case strings.HasPrefix(code, "Neo.ClientError.Database."), strings.HasPrefix(code, "Neo.ClientError.Cluster."):
		return graph.Unavailable, "the Neo4j server has no such database, or it cannot be written to"
	case code == "Neo.ClientError.Schema.ConstraintValidationFailed":
		return graph.Conflict, "something else has this id already"
	}
	return graph.Internal, "the database failed"
}
