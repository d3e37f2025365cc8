package gql

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

var objects = []string{`{}`, ` { } `, `{"id":"raid:x"}`, ` {"a" : 1 , "b":-20,"c":true,"d":false,"e":null, "a":"again"} `, `{"a":""}`,
	`{"a":"\u00e9\n"}`, `{"a":"ភូមិ"}`, `{"a":[1,2]}`, `{"a":{"b":1}}`, `{"a":1.5}`, `{"a":1e3}`, `{"a":-0}`, `{"a":01}`, `{"a":-}`, `{"a":1,}`, `{"a"}`,
	`{"a":}`, `{a:1}`, `{"a":"b`, `{"a":"b"`, `{"a":tru}`, `{"a":truer}`, `{"a":1} x`, `{`, ``, `{"a":1 2}`, "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}", `{"a\\":1}`}

// TestFlatObject: what is read fast is read as encoding/json reads it.
func TestFlatObject(t *testing.T) {
	fast := 0
	for _, text := range objects {
		if sameObject(t, text) {
			fast++
		}
	}
	const least = 5
	if fast < least {
		t.Errorf("only %d of %d objects are read fast", fast, len(objects))
	}
}

func FuzzFlatObject(f *testing.F) {
	for _, text := range objects {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { sameObject(t, text) })
}

func sameObject(t *testing.T, text string) bool {
	t.Helper()
	got, ok := flatObject([]byte(text))
	if !ok {
		return false
	}
	var want map[string]any
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&want); err != nil || !reflect.DeepEqual(got, want) || !json.Valid([]byte(text)) {
		t.Errorf("%q is read as %v, but is %v (%v)", text, got, want, err)
	}
	return true
}
