package main

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/raidgraph/raidgraph/graph"
)

// jsonScanner goes through JSON without making values of it: requests are small, and their variables are read later, by
// types that are not known here. It is strict where encoding/json is not: half a surrogate pair and the null character,
// which no database stores, are errors. The text must be valid UTF-8.
type jsonScanner struct {
	in      []byte
	at      int
	nesting int
}

// broken is the error for a text that is no JSON.
func (s *jsonScanner) broken(why string) error {
	return graph.Errorf(graph.Invalid, "the request is no JSON at byte %d: %s", s.at+1, why)
}

func (s *jsonScanner) blank() {
	for s.at < len(s.in) {
		switch s.in[s.at] {
		case ' ', '\n', '\r', '\t':
			s.at++
		default:
			return
		}
	}
}

// peek is the next byte, 0 at the end.
func (s *jsonScanner) peek() byte {
	if s.at < len(s.in) {
		return s.in[s.at]
	}
	return 0
}

// whole reads one value, with nothing before or behind it but blanks.
func (s *jsonScanner) whole() ([]byte, error) {
	value, err := s.value(1)
	if err != nil {
		return nil, err
	}
	if s.blank(); s.at < len(s.in) {
		return nil, s.broken("nothing more may follow the value")
	}
	return value, nil
}

// value reads a value that stands so deep, and gives its text.
func (s *jsonScanner) value(deep int) ([]byte, error) {
	s.blank()
	start := s.at
	var err error
	switch c := s.peek(); {
	case (c == '{' || c == '[') && deep > s.nesting:
		return nil, graph.Errorf(graph.TooLarge, "a value nests more than %d deep", s.nesting)
	case c == '"':
		err = s.string()
	case c == '{':
		err = s.members(func([]byte) error { _, err := s.value(deep + 1); return err })
	case c == '[':
		err = s.elements(deep + 1)
	case c == '-' || c >= '0' && c <= '9':
		err = s.number()
	case c == 't':
		err = s.literal("true")
	case c == 'f':
		err = s.literal("false")
	case c == 'n':
		err = s.literal("null")
	case s.at == len(s.in):
		err = s.broken("it ends too early")
	default:
		err = s.broken("a value should stand here")
	}
	return s.in[start:s.at], err
}

// members reads an object; fn is given the name of each member, in quotes, and reads its value.
func (s *jsonScanner) members(fn func(name []byte) error) error {
	s.at++
	if s.blank(); s.peek() == '}' {
		s.at++
		return nil
	}
	for {
		s.blank()
		start := s.at
		if s.peek() != '"' {
			return s.broken("the name of a member should stand here, in quotes")
		}
		if err := s.string(); err != nil {
			return err
		}
		name := s.in[start:s.at]
		if s.blank(); s.peek() != ':' {
			return s.broken("a colon should stand here")
		}
		s.at++
		if err := fn(name); err != nil {
			return err
		}
		s.blank()
		switch s.peek() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.broken("a comma or the end of the object should stand here")
		}
	}
}

func (s *jsonScanner) elements(deep int) error {
	s.at++
	if s.blank(); s.peek() == ']' {
		s.at++
		return nil
	}
	for {
		if _, err := s.value(deep); err != nil {
			return err
		}
		s.blank()
		switch s.peek() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return s.broken("a comma or the end of the list should stand here")
		}
	}
}

func (s *jsonScanner) literal(word string) error {
	if len(s.in)-s.at < len(word) || string(s.in[s.at:s.at+len(word)]) != word {
		return s.broken("a value should stand here")
	}
	s.at += len(word)
	return nil
}

func (s *jsonScanner) number() error {
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return s.broken("a digit should stand here")
	}
	if s.peek() == '.' {
		if s.at++; !s.digits() {
			return s.broken("a digit should stand here")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if !s.digits() {
			return s.broken("a digit should stand here")
		}
	}
	return nil
}

func (s *jsonScanner) digits() bool {
	start := s.at
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.at++
	}
	return s.at > start
}

func (s *jsonScanner) string() error {
	for s.at++; s.at < len(s.in); s.at++ {
		switch c := s.in[s.at]; {
		case c == '"':
			s.at++
			return nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		case c < ' ':
			return s.broken("a text cannot hold this character as it is")
		}
	}
	return s.broken("a text has no end")
}

// escape checks an escape, and ends on its last byte.
func (s *jsonScanner) escape() error {
	s.at++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
	default:
		return s.broken("there is no such escape")
	}
	r := hex4(s.in[s.at+1:])
	switch {
	case r < 0:
		return s.broken(`\u needs four hexadecimal digits`)
	case r == 0:
		return s.broken(`a text cannot hold the null character \u0000`)
	case utf16.IsSurrogate(r):
		if len(s.in)-s.at < 7 || s.in[s.at+5] != '\\' || s.in[s.at+6] != 'u' ||
			utf16.DecodeRune(r, hex4(s.in[s.at+7:])) == utf8.RuneError {
			return s.broken("half of a surrogate pair is no character")
		}
		s.at += 6
	}
	s.at += 4
	return nil
}

// hex4 reads four hexadecimal digits, and is negative where there are none.
func hex4(in []byte) rune {
	if len(in) < 4 {
		return -1
	}
	var r rune
	for _, c := range in[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// text is what a JSON text that was read stands for.
func text(quoted []byte) string {
	in := quoted[1 : len(quoted)-1]
	first := 0
	for first < len(in) && in[first] != '\\' {
		first++
	}
	if first == len(in) {
		return string(in)
	}
	out := append(make([]byte, 0, len(in)), in[:first]...)
	for i := first; i < len(in); i++ {
		if in[i] != '\\' {
			out = append(out, in[i])
			continue
		}
		i++
		switch c := in[i]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hex4(in[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				r = utf16.DecodeRune(r, hex4(in[i+3:]))
				i += 6
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
