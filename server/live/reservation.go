package live

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// In the mode of a single connection a client reserves an event stream by PUT, opens it by GET, sends operations by POST, whose
// answers come over the stream, and ends them by DELETE. A reservation is known to the process that gave it.

const (
	tokenHeader = "X-Graphql-Event-Stream-Token"
	tokenName   = "token"
)

func tokenOf(r *http.Request) string {
	if t := r.Header.Get(tokenHeader); t != "" {
		return t
	}
	return r.URL.Query().Get(tokenName)
}

// reservation is an event stream for several operations.
type reservation struct {
	*operations
	ctx    context.Context
	cancel context.CancelFunc
	opened bool
	// out takes events; whoever writes them to the client takes the next one when the last was sent.
	events chan event
}

type event struct {
	kind string
	data []byte
	sent chan struct{}
}

// reserve answers PUT: it gives a token.
func (s *Server) reserve(w http.ResponseWriter) {
	if err := s.enter(); err != nil {
		s.Refuse(w, err)
		return
	}
	token := rand.Text()
	v := &reservation{operations: &operations{server: s}, events: make(chan event)}
	v.out = v
	v.ctx, v.cancel = context.WithCancel(s.stopping)
	s.mu.Lock()
	s.reservations[token] = v
	s.mu.Unlock()
	context.AfterFunc(v.ctx, func() {
		s.mu.Lock()
		delete(s.reservations, token)
		s.mu.Unlock()
		v.end()
		s.leave()
	})
	time.AfterFunc(s.Limits.Init, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !v.opened {
			v.cancel()
		}
	})
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, token) // the client may be gone
}

// find is the reservation of a token, or an answer that there is none.
func (s *Server) find(w http.ResponseWriter, token string) *reservation {
	s.mu.Lock()
	v := s.reservations[token]
	s.mu.Unlock()
	if v == nil {
		s.Refuse(w, graph.Errorf(graph.NotFound, "there is no reservation with this token: make one by PUT"))
	}
	return v
}

// reserved answers GET: the stream of a reservation, which is over when the stream is.
func (s *Server) reserved(w http.ResponseWriter, r *http.Request, token string) {
	v := s.find(w, token)
	if v == nil {
		return
	}
	s.mu.Lock()
	again := v.opened
	v.opened = true
	s.mu.Unlock()
	if again {
		s.Refuse(w, graph.Errorf(graph.Conflict, "the reservation has a stream already: make another by PUT"))
		return
	}
	defer v.cancel()
	st, err := s.open(w)
	ping := time.NewTicker(s.Limits.Ping)
	defer ping.Stop()
	for err == nil {
		select {
		case e := <-v.events:
			st.event(e.kind, e.data)
			if err = st.flush(); err == nil {
				close(e.sent)
			}
		case <-ping.C:
			err = st.comment("")
		case <-v.ctx.Done():
			return
		case <-r.Context().Done():
			return
		}
	}
}

// operate answers POST: the operation begins, and its answers come over the stream.
func (s *Server) operate(w http.ResponseWriter, r *http.Request, token string) {
	v := s.find(w, token)
	if v == nil {
		return
	}
	req, ok := s.Request(w, r)
	if !ok {
		return
	}
	var extensions struct {
		OperationID string `json:"operationId"`
	}
	if json.Unmarshal(req.Extensions, &extensions) != nil || extensions.OperationID == "" || len(extensions.OperationID) > maxID {
		s.Refuse(w, graph.Errorf(graph.Invalid, "extensions.operationId is the operation's name, a text of 1 to %d bytes", maxID))
		return
	}
	id := extensions.OperationID
	ready, end, err := v.begin(v.ctx, id)
	if errors.Is(err, errExists) {
		err = graph.Errorf(graph.Conflict, "there is an operation with the id %s already", graph.Quote(id))
	}
	if err != nil {
		s.Refuse(w, err)
		return
	}
	ctx := ready()
	v.turn.Lock()
	subscription, resp := s.Engine.Subscribe(ctx, req)
	if resp != nil && !resp.Executed {
		v.turn.Unlock()
		end()
		s.Answer(w, resp)
		return
	}
	go func() {
		defer end()
		if resp != nil {
			v.answer(ctx, id, resp)
		}
		v.turn.Unlock()
		if subscription != nil {
			v.tell(ctx, id, subscription)
		}
	}()
	w.WriteHeader(http.StatusAccepted)
}

// end answers DELETE: it ends an operation.
func (s *Server) end(w http.ResponseWriter, r *http.Request, token string) {
	v := s.find(w, token)
	if v == nil {
		return
	}
	id := r.URL.Query().Get("operationId")
	if id == "" {
		s.Refuse(w, graph.Errorf(graph.Invalid, "the parameter operationId says which operation ends"))
		return
	}
	v.stop(id)
	w.WriteHeader(http.StatusOK)
}

func (v *reservation) next(id string, body []byte) error {
	return v.send(event{kind: msgNext, data: addressed(id, body)})
}

func (v *reservation) refuse(id string, resp *gql.Response) error {
	if err := v.next(id, resp.Body); err != nil {
		return err
	}
	return v.complete(id)
}

func (v *reservation) complete(id string) error {
	return v.send(event{kind: msgComplete, data: addressed(id, nil)})
}

// send waits until the client has taken the event.
func (v *reservation) send(e event) error {
	e.sent = make(chan struct{})
	select {
	case v.events <- e:
	case <-v.ctx.Done():
		return v.ctx.Err()
	}
	select {
	case <-e.sent:
		return nil
	case <-v.ctx.Done():
		return v.ctx.Err()
	}
}
