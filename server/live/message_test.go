package live

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/raidgraph/raidgraph/graph"
)

func TestReadMessage(t *testing.T) {
	id := strings.Repeat("i", maxID)
	for text, want := range map[string]message{
		`{"type":"connection_init"}`:                          {Type: msgInit},
		`{"type":"connection_init","payload":null}`:           {Type: msgInit, Payload: []byte("null")},
		`{"type":"ping","payload":{"a":1},"x":1}`:             {Type: msgPing, Payload: []byte(`{"a":1}`)},
		`{"type":"pong"}`:                                     {Type: msgPong},
		`{"type":"complete","id":"1"}`:                        {Type: msgComplete, ID: "1"},
		`{"type":"subscribe","id":"` + id + `","payload":{}}`: {Type: msgSubscribe, ID: id, Payload: []byte("{}")},
	} {
		got, err := readMessage([]byte(text))
		if err != nil || got.Type != want.Type || got.ID != want.ID || string(got.Payload) != string(want.Payload) {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{``, `{`, `[]`, `1`, `{"type":1}`, `{}`, `{"type":"next","id":"1"}`, `{"type":"start","id":"1"}`, `{"type":"complete"}`,
		`{"type":"subscribe","payload":{}}`, `{"type":"subscribe","id":1,"payload":{}}`, `{"type":"subscribe","id":"1"}`, `{"type":"ping","payload":[]}`,
		`{"type":"subscribe","id":"` + id + `i","payload":{}}`, `{"type":"ping"} {}`, "{\"type\":\"ping\",\"x\":\"\xff\"}"} {
		if m, err := readMessage([]byte(text)); graph.CodeOf(err) != graph.Invalid {
			t.Errorf("%s is read as %v, %v", text, m, err)
		}
	}
}

func TestAppendMessage(t *testing.T) {
	for _, c := range []struct{ kind, id, payload, want string }{
		{msgAck, "", "", `{"type":"connection_ack"}`},
		{msgNext, `"<é`, `{"data":{}}`, `{"type":"next","id":"\"\u003cé","payload":{"data":{}}}`},
		{msgComplete, "1", "", `{"type":"complete","id":"1"}`},
	} {
		if got := string(appendMessage(nil, c.kind, c.id, []byte(c.payload))); got != c.want || !json.Valid([]byte(got)) {
			t.Errorf("%v is written %s", c, got)
		}
	}
}

func TestReason(t *testing.T) {
	for _, text := range []string{"short", strings.Repeat("a", reasonBytes), strings.Repeat("é", reasonBytes), strings.Repeat("a", 121) + "éé"} {
		got := reason(text)
		if len(got) > reasonBytes || !utf8.ValidString(got) || len(text) <= reasonBytes && got != text || !strings.HasPrefix(text, strings.TrimSuffix(got, "…")) {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
