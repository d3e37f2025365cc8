package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/raidgraph/raidgraph/graph/gql"
)

// GraphQL over server-sent events: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.

const mediaEvents = "text/event-stream"

// stream writes events to a client.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	stall   time.Duration
	buffer  []byte
}

// open begins an event stream.
func (s *Server) open(w http.ResponseWriter) (*stream, error) {
	st := &stream{w: w, control: http.NewResponseController(w), stall: s.Limits.Stall}
	// The times of the server are for answers that end.
	if err := st.control.SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}
	header := w.Header()
	header.Set("Content-Type", mediaEvents+"; charset=utf-8")
	header.Set("Cache-Control", "no-cache, no-transform")
	header.Set("X-Accel-Buffering", "no")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	return st, st.comment("")
}

// event adds an event to those that flush sends.
func (st *stream) event(kind string, data []byte) {
	st.buffer = append(append(st.buffer, "event: "...), kind...)
	st.buffer = append(append(append(st.buffer, "\ndata: "...), data...), "\n\n"...)
}

// comment sends a line that clients pass over.
func (st *stream) comment(text string) error {
	st.buffer = append(append(append(st.buffer, ": "...), text...), "\n\n"...)
	return st.flush()
}

// flush sends what was added. It waits for as long as the client may take for it.
func (st *stream) flush() error {
	begin := time.Now()
	if err := st.control.SetWriteDeadline(begin.Add(2 * st.stall)); err != nil {
		return err
	}
	_, err := st.w.Write(st.buffer)
	if st.buffer = st.buffer[:0]; cap(st.buffer) > keptBuffer {
		st.buffer = nil
	}
	if err == nil {
		err = st.control.Flush()
	}
	if err == nil && time.Since(begin) > st.stall {
		_, _ = fmt.Fprintf(st.w, ": too slow, not taken within %v: subscribe again, after the last change that came\n\n", st.stall)
		err = errSlow
	}
	return err
}

// Events answers one operation by a stream of its own.
func (s *Server) Events(w http.ResponseWriter, r *http.Request, req gql.Request) {
	err := s.enter()
	if err == nil {
		defer s.leave()
		if err = s.take(); err == nil {
			defer s.give()
		}
	}
	if err != nil {
		s.Refuse(w, err)
		return
	}
	st, err := s.open(w)
	if err != nil {
		return
	}
	ctx, cancel := s.whole(r)
	defer cancel()
	subscription, resp := s.Engine.Subscribe(ctx, req)
	for subscription != nil {
		var events []gql.Event
		waiting, enough := context.WithTimeout(ctx, s.Limits.Ping)
		events, resp = subscription.Next(waiting)
		enough()
		switch {
		case resp != nil:
			subscription = nil
			continue
		case ctx.Err() != nil:
			return
		case events == nil:
			err = st.comment("")
		default:
			for _, e := range events {
				st.event(msgNext, e.Body)
			}
			err = st.flush()
		}
		if err != nil {
			return
		}
	}
	if ctx.Err() == nil {
		_ = st.answer(resp.Body)
	}
	resp.Release()
}

// answer sends the one or the last answer.
func (st *stream) answer(body []byte) error {
	st.event(msgNext, body)
	st.event(msgComplete, nil)
	return st.flush()
}

// addressed is the data of an event that is for one of several operations.
func addressed(id string, payload []byte) []byte {
	text, err := json.Marshal(id)
	if err != nil {
		panic(err) // a text can always be written
	}
	b := append(append([]byte(`{"id":`), text...), `,"payload":`...)
	if payload == nil {
		b = b[:len(b)-len(`,"payload":`)]
	}
	return append(append(b, payload...), '}')
}
