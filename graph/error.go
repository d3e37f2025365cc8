package graph

import (
	"errors"
	"fmt"
)

// Code is the kind of a failure. It is the one vocabulary of errors: the server's table maps it to GraphQL's
// extensions.code, to an HTTP status and to an exit code.
type Code string

// The codes.
const (
	// Invalid: the caller asked for something that can never be answered; asking again will not help.
	Invalid Code = "INVALID"
	// NotFound: what was named does not exist.
	NotFound Code = "NOT_FOUND"
	// Conflict: what was asked contradicts what is already there.
	Conflict Code = "CONFLICT"
	// TooLarge: the request or its answer exceeds a documented limit.
	TooLarge Code = "TOO_LARGE"
	// Unavailable: the store cannot answer now; asking again later may help.
	Unavailable Code = "UNAVAILABLE"
	// Internal: a fault of ours. Its text is for the log, never for a client.
	Internal Code = "INTERNAL"
)

// Error is a failure with its code. Message is one sentence for the caller: what is wrong, where, and what would be
// right; it holds no statement text, no path and no secret. Err is the cause, for the log.
type Error struct {
	Code    Code
	Message string
	Err     error
}

// Error is the message, with the cause behind it where there is one.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of the given code; a %w in the format becomes its cause too.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Err: nil}
}

// Wrap gives the cause a code and a message for the caller. A cause that already has a code keeps it as it is.
func Wrap(code Code, message string, cause error) error {
	var e *Error
	if errors.As(cause, &e) {
		return cause
	}
	return &Error{Code: code, Message: message, Err: cause}
}

// CodeOf is the code of an error: Internal for one that has none, empty for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
