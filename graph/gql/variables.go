package gql

import (
	"bytes"
	"encoding/json"
)

// decodeObject reads a JSON object, its numbers as json.Number.
func decodeObject(raw []byte) (map[string]any, error) {
	if object, ok := flatObject(raw); ok {
		return object, nil
	}
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err := d.Decode(&object)
	return object, err
}

// flatObject reads an object of plain texts, whole numbers, truth values and nulls, as the variables of most requests are: in a
// fraction of the time that encoding/json takes, which is more than a small query does. ok is false for all else, JSON or not.
func flatObject(raw []byte) (object map[string]any, ok bool) {
	s := flatScanner{in: raw}
	if !s.next('{') {
		return nil, false
	}
	object = map[string]any{}
	if s.next('}') {
		return object, s.ended()
	}
	for {
		name, ok := s.text()
		if !ok || !s.next(':') {
			return nil, false
		}
		if object[name], ok = s.value(); !ok {
			return nil, false
		}
		if s.next('}') {
			return object, s.ended()
		}
		if !s.next(',') {
			return nil, false
		}
	}
}

type flatScanner struct {
	in []byte
	at int
}

func (s *flatScanner) blank() {
	for s.at < len(s.in) && (s.in[s.at] == ' ' || s.in[s.at] == '\n' || s.in[s.at] == '\t' || s.in[s.at] == '\r') {
		s.at++
	}
}

// next passes over a byte, and the blanks before it, where it comes next.
func (s *flatScanner) next(c byte) bool {
	if s.blank(); s.at == len(s.in) || s.in[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *flatScanner) ended() bool {
	s.blank()
	return s.at == len(s.in)
}

// text reads a text without escapes, of ASCII.
func (s *flatScanner) text() (string, bool) {
	if !s.next('"') {
		return "", false
	}
	length := bytes.IndexByte(s.in[s.at:], '"')
	if length < 0 {
		return "", false
	}
	text := string(s.in[s.at : s.at+length])
	s.at += length + 1
	return text, isPlain(text)
}

func (s *flatScanner) value() (any, bool) {
	if s.blank(); s.at == len(s.in) {
		return nil, false
	}
	switch c := s.in[s.at]; {
	case c == '"':
		return s.text()
	case c == '-' || c >= '0' && c <= '9':
		return s.integer()
	}
	for _, w := range words {
		if bytes.HasPrefix(s.in[s.at:], w.text) {
			s.at += len(w.text)
			return w.value, true
		}
	}
	return nil, false
}

var words = []struct {
	text  []byte
	value any
}{{[]byte("null"), nil}, {[]byte("true"), true}, {[]byte("false"), false}}

// integer reads a whole number. What follows it is looked at by the caller, to whom a fraction is no end of a value.
func (s *flatScanner) integer() (any, bool) {
	start := s.at
	if s.in[s.at] == '-' {
		s.at++
	}
	digits := s.at
	for s.at < len(s.in) && s.in[s.at] >= '0' && s.in[s.at] <= '9' {
		s.at++
	}
	if s.at == digits || s.in[digits] == '0' && s.at > digits+1 {
		return nil, false
	}
	return json.Number(s.in[start:s.at]), true
}
