package live

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// socket is a WebSocket with its operations.
type socket struct {
	*operations
	conn *websocket.Conn
	// ctx ends with the connection.
	ctx context.Context
	// begun: connection_init came.
	begun atomic.Bool
}

// webSocket opens a WebSocket. Pages of other origins are refused; see Config.Origins.
func (s *Server) webSocket(w http.ResponseWriter, r *http.Request) {
	if err := s.enter(); err != nil {
		s.Refuse(w, err)
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}, OriginPatterns: s.Origins})
	if err != nil {
		s.leave()
		return // it is answered
	}
	// What the request took is given back.
	go s.converse(conn)
}

// converse serves a WebSocket until it is over.
func (s *Server) converse(conn *websocket.Conn) {
	defer s.leave()
	defer conn.CloseNow()
	ctx, cancel := context.WithCancel(s.gone)
	defer cancel()
	c := &socket{operations: &operations{server: s}, conn: conn, ctx: ctx}
	c.out = c
	if conn.Subprotocol() != protocol {
		c.close(closeProtocol, "the subprotocol is "+protocol)
		return
	}
	conn.SetReadLimit(int64(s.Limits.Message))
	stopped := context.AfterFunc(s.stopping, func() {
		c.close(websocket.StatusGoingAway, "the server is stopping: subscribe again, after the last change that came")
	})
	defer stopped()
	late := time.AfterFunc(s.Limits.Init, func() {
		if !c.begun.Load() {
			c.close(closeInitTimeout, fmt.Sprintf("no connection_init came within %v", s.Limits.Init))
		}
	})
	defer late.Stop()
	alive := c.keepAlive()
	defer alive.Stop()
	c.serve()
	cancel()
	c.end()
}

// keepAlive pings now and then. A client that does not answer is dropped.
func (c *socket) keepAlive() *time.Timer {
	every := c.server.Limits.Ping
	var timer *time.Timer
	timer = time.AfterFunc(math.MaxInt64, func() {
		ctx, cancel := context.WithTimeout(c.ctx, every)
		defer cancel()
		if c.conn.Ping(ctx) != nil {
			_ = c.conn.CloseNow() // it is gone
			return
		}
		timer.Reset(every)
	})
	timer.Reset(every)
	return timer
}

// serve reads messages until the connection is over.
func (c *socket) serve() {
	for {
		typ, text, err := c.conn.Read(c.ctx)
		if err != nil {
			return
		}
		if typ != websocket.MessageText {
			c.close(closeInvalid, "a message is text")
			return
		}
		m, err := readMessage(text)
		if err != nil {
			c.close(closeInvalid, err.Error())
			return
		}
		if !c.take(m) {
			return
		}
	}
}

// take does what a message says; false where the connection is over.
func (c *socket) take(m message) bool {
	switch m.Type {
	case msgInit:
		if c.begun.Swap(true) {
			c.close(closeInitAgain, "connection_init came twice")
			return false
		}
		return c.send(msgAck, "", nil) == nil
	case msgPing:
		return c.send(msgPong, "", m.Payload) == nil
	case msgComplete:
		c.stop(m.ID)
	case msgSubscribe:
		return c.subscribe(m)
	}
	return true
}

func (c *socket) subscribe(m message) bool {
	if !c.begun.Load() {
		c.close(closeNotBegun, "connection_init comes before subscribe")
		return false
	}
	req, err := c.server.Decode(m.Payload)
	if err != nil {
		c.close(closeInvalid, err.Error())
		return false
	}
	ready, ended, err := c.begin(c.ctx, m.ID)
	var full *graph.Error
	switch {
	case errors.Is(err, errExists):
		c.close(closeExists, "there is an operation with the id "+graph.Quote(m.ID)+" already")
		return false
	case errors.As(err, &full):
		return c.send(msgError, m.ID, refusal(full)) == nil
	}
	go func() {
		defer ended()
		c.run(ready(), m.ID, req)
	}()
	return true
}

func (c *socket) next(id string, body []byte) error { return c.send(msgNext, id, body) }

func (c *socket) refuse(id string, resp *gql.Response) error {
	return c.send(msgError, id, errorsOf(resp.Body))
}

func (c *socket) complete(id string) error { return c.send(msgComplete, id, nil) }

// buffers are for messages. Large ones are not kept.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

const keptBuffer = 64 << 10

var errSlow = errors.New("the client is too slow")

// send writes a message. It waits for as long as the client may take for one.
func (c *socket) send(kind, id string, payload []byte) error {
	buffer := buffers.Get().(*[]byte)
	*buffer = appendMessage((*buffer)[:0], kind, id, payload)
	stall := c.server.Limits.Stall
	ctx, cancel := context.WithTimeout(c.ctx, 2*stall)
	begin := time.Now()
	err := c.conn.Write(ctx, websocket.MessageText, *buffer)
	cancel()
	if cap(*buffer) <= keptBuffer {
		buffers.Put(buffer)
	}
	if err == nil && time.Since(begin) > stall {
		c.close(closeSlow, fmt.Sprintf("a message was not taken within %v: subscribe again, after the last change that came", stall))
		return errSlow
	}
	return err
}

// close says why the connection ends, and ends it.
func (c *socket) close(code websocket.StatusCode, why string) {
	_ = c.conn.Close(code, reason(why)) // the client may be gone
}
