package neo4j

import (
	"context"
	"errors"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/db"

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
	// What the driver reports beside the server's words and our own misuse is about a connection.
	code, message := graph.Unavailable, "the Neo4j database cannot be reached"
	var server *neo4j.Neo4jError
	var misuse *neo4j.UsageError
	var protocol *db.ProtocolError
	switch {
	case s.closed.Load():
		message = "the store is closed"
	case errors.As(err, &server):
		code, message = meaning(server.Code)
	case errors.As(err, &misuse), errors.As(err, &protocol):
		code, message = graph.Internal, failed
	}
	return &graph.Error{Code: code, Message: message, Err: err}
}

// lastAttempt is the last error of a transaction that was tried several times.
func lastAttempt(err error) error {
	var limit *neo4j.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		return lastAttempt(limit.Errors[len(limit.Errors)-1])
	}
	return err
}

const (
	failed = "the database failed"
	// timedOutPrefix begins the codes of transactions that Neo4j ended because they took longer than was allowed.
	timedOutPrefix = "Neo.ClientError.Transaction.TransactionTimedOut"
)

// meaning is what a status code of the server means to us.
func meaning(code string) (graph.Code, string) {
	switch {
	case strings.HasPrefix(code, timedOutPrefix),
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
	return graph.Internal, failed
}
