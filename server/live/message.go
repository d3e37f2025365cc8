package live

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/coder/websocket"

	"github.com/raidgraph/raidgraph/graph"
)

// The protocol graphql-transport-ws: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
const protocol = "graphql-transport-ws"

// The types of messages.
const (
	msgInit      = "connection_init"
	msgAck       = "connection_ack"
	msgPing      = "ping"
	msgPong      = "pong"
	msgSubscribe = "subscribe"
	msgNext      = "next"
	msgError     = "error"
	msgComplete  = "complete"
)

// The codes with which a WebSocket is closed, beside those of RFC 6455; docs/subscriptions.md has all of them.
const (
	closeInvalid     websocket.StatusCode = 4400
	closeNotBegun    websocket.StatusCode = 4401
	closeProtocol    websocket.StatusCode = 4406
	closeInitTimeout websocket.StatusCode = 4408
	closeExists      websocket.StatusCode = 4409
	closeInitAgain   websocket.StatusCode = 4429
	closeSlow                             = websocket.StatusTryAgainLater
)

// message is one from a client.
type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id"`
	Payload json.RawMessage `json:"payload"`
}

// readMessage reads a message. The error says what is wrong with it.
func readMessage(text []byte) (m message, err error) {
	if !utf8.Valid(text) || json.Unmarshal(text, &m) != nil {
		return m, graph.Errorf(graph.Invalid, "a message is a JSON object with type, and id and payload as its type asks")
	}
	switch m.Type {
	case msgSubscribe:
		if m.ID == "" || len(m.ID) > maxID || m.Payload == nil {
			return m, graph.Errorf(graph.Invalid, "subscribe has an id, a text of 1 to %d bytes, and a payload", maxID)
		}
	case msgComplete:
		if m.ID == "" {
			return m, graph.Errorf(graph.Invalid, "complete has the id of an operation")
		}
	case msgInit, msgPing, msgPong:
		if m.Payload != nil && m.Payload[0] != '{' && string(m.Payload) != "null" {
			return m, graph.Errorf(graph.Invalid, "the payload of %s is an object, or left out", m.Type)
		}
	default:
		return m, graph.Errorf(graph.Invalid, "no message of a client has the type %s", graph.Quote(m.Type))
	}
	return m, nil
}

// appendMessage writes a message; without an id or a payload where they are empty.
func appendMessage(b []byte, kind, id string, payload []byte) []byte {
	b = append(append(append(b, `{"type":"`...), kind...), '"')
	if id != "" {
		text, err := json.Marshal(id)
		if err != nil {
			panic(err) // a text can always be written
		}
		b = append(append(b, `,"id":`...), text...)
	}
	if len(payload) > 0 {
		b = append(append(b, `,"payload":`...), payload...)
	}
	return append(b, '}')
}

// errorsOf are the errors of an answer that has nothing else.
func errorsOf(body []byte) []byte {
	return body[len(`{"errors":`) : len(body)-1]
}

// refusal is an error as the errors of an answer.
func refusal(err *graph.Error) []byte {
	extensions := map[string]any{"code": err.Code}
	if err.Code == graph.Unavailable {
		extensions["retryable"] = true
	}
	body, e := json.Marshal([]map[string]any{{"message": err.Message, "extensions": extensions}})
	if e != nil {
		panic(e) // texts can always be written
	}
	return body
}

// reasonBytes is the most that the reason of a close may have.
const reasonBytes = 123

func reason(text string) string {
	if len(text) <= reasonBytes {
		return text
	}
	cut := reasonBytes - len("…")
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
