package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonScanner reads JSON whose form is known beforehand, without a tree in between.
type jsonScanner struct {
	in []byte
	at int
	// opened: the last thing read began an object or a list, so that no comma comes next.
	opened bool
	// journal: relationships of projections may be read.
	journal bool
	buf     []byte
}

func (d *jsonScanner) errorf(format string, args ...any) error {
	return Errorf(Invalid, "byte %d: %s", d.at+1, fmt.Sprintf(format, args...))
}

func (d *jsonScanner) space() {
	for d.at < len(d.in) {
		switch d.in[d.at] {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return
		}
	}
}

// next is the next byte that is no white space; 0 at the end.
func (d *jsonScanner) next() byte {
	d.space()
	if d.at < len(d.in) {
		return d.in[d.at]
	}
	return 0
}

// want is the error for something else than what must come here.
func (d *jsonScanner) want(what string) error {
	if d.next() == 0 && d.at >= len(d.in) {
		return d.errorf("the line ends where %s is due", what)
	}
	rest := d.in[d.at:min(len(d.in), d.at+20)]
	return d.errorf("%s is due, not %s", what, Quote(string(rest)))
}

// open reads the beginning of an object or of a list.
func (d *jsonScanner) open(c byte, what string) error {
	if d.next() != c {
		return d.want(what)
	}
	d.at++
	d.opened = true
	return nil
}

// more says whether another element comes before the end, and reads the comma before it, or the end.
func (d *jsonScanner) more(end byte) (bool, error) {
	c := d.next()
	first := d.opened
	d.opened = false
	switch {
	case c == end:
		d.at++
		return false, nil
	case first:
		return true, nil
	case c == ',':
		d.at++
		if d.next() == end {
			return false, d.want("another element")
		}
		return true, nil
	}
	return false, d.want(fmt.Sprintf("%q or %q", ",", string(end)))
}

// key reads a key and its colon. The result holds until the next read.
func (d *jsonScanner) key() ([]byte, error) {
	d.opened = false
	k, err := d.string("a key")
	if err != nil {
		return nil, err
	}
	if d.next() != ':' {
		return nil, d.want(`":"`)
	}
	d.at++
	return k, nil
}

// end makes sure that nothing follows.
func (d *jsonScanner) end() error {
	if d.next() != 0 || d.at < len(d.in) {
		return d.want("the end of the record")
	}
	return nil
}

// null reads a null, if there is one.
func (d *jsonScanner) null() bool {
	d.space()
	if bytes.HasPrefix(d.in[d.at:], []byte("null")) {
		d.at += len("null")
		return true
	}
	return false
}

func (d *jsonScanner) text() ([]byte, error) { return d.string("a text") }

// string reads a string; it is in the line itself where nothing in it is escaped, and holds until the next read otherwise.
func (d *jsonScanner) string(what string) ([]byte, error) {
	if d.next() != '"' {
		return nil, d.want("a text for " + what)
	}
	start := d.at + 1
	for i := start; i < len(d.in); i++ {
		switch c := d.in[i]; {
		case c == '"':
			d.at = i + 1
			return d.in[start:i], nil
		case c == '\\':
			return d.escaped(start, i)
		case c < 0x20:
			d.at = i
			return nil, d.errorf("a control character stands in a text; write it as \\u%04x", c)
		}
	}
	d.at = len(d.in)
	return nil, d.errorf("the line ends inside a text")
}

// escaped goes on with a string that begins at start, from its first escape.
func (d *jsonScanner) escaped(start, i int) ([]byte, error) {
	b := append(d.buf[:0], d.in[start:i]...)
	for i < len(d.in) {
		c := d.in[i]
		d.at = i
		switch {
		case c == '"':
			d.at, d.buf = i+1, b
			return b, nil
		case c < 0x20:
			return nil, d.errorf("a control character stands in a text; write it as \\u%04x", c)
		case c != '\\':
			b = append(b, c)
			i++
			continue
		}
		if i+1 >= len(d.in) {
			break
		}
		switch e := d.in[i+1]; e {
		case '"', '\\', '/':
			b = append(b, e)
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r, size := unescape(d.in[i:])
			if size == 0 {
				return nil, d.errorf("%s is no character", Quote(string(d.in[i:min(len(d.in), i+6)])))
			}
			b = utf8.AppendRune(b, r)
			i += size
			continue
		default:
			return nil, d.errorf("there is no escape \\%c", e)
		}
		i += 2
	}
	d.at = len(d.in)
	return nil, d.errorf("the line ends inside a text")
}

// unescape reads \uXXXX, or two of them that are one character; size is 0 for anything else.
func unescape(b []byte) (r rune, size int) {
	unit := func(b []byte) rune {
		if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
			return -1
		}
		n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
		if err != nil {
			return -1
		}
		return rune(n)
	}
	r = unit(b)
	switch {
	case r < 0:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 6
	}
	if r = utf16.DecodeRune(r, unit(b[6:])); r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

// number reads the text of a number.
func (d *jsonScanner) number(name string) ([]byte, error) {
	d.space()
	i := d.at
	for i < len(d.in) && (d.in[i] >= '0' && d.in[i] <= '9' || bytes.IndexByte([]byte("+-.eE"), d.in[i]) >= 0) {
		i++
	}
	if i == d.at || !json.Valid(d.in[d.at:i]) {
		return nil, d.want("a number for " + name)
	}
	b := d.in[d.at:i]
	d.at = i
	return b, nil
}

func (d *jsonScanner) int(name string) (any, error) {
	start := d.at
	b, err := d.number(name)
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		d.at = start
		return nil, d.errorf("%s is %s, which is no whole number of 64 bits", name, Quote(string(b)))
	}
	return n, nil
}

func (d *jsonScanner) float(name string) (any, error) {
	start := d.at
	b, err := d.number(name)
	if err != nil {
		return nil, err
	}
	x, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		d.at = start
		return nil, d.errorf("%s is %s, which is too large a number", name, Quote(string(b)))
	}
	return x, nil
}

func (d *jsonScanner) bool(name string) (any, error) {
	d.space()
	switch rest := d.in[d.at:]; {
	case bytes.HasPrefix(rest, []byte("true")):
		d.at += len("true")
		return true, nil
	case bytes.HasPrefix(rest, []byte("false")):
		d.at += len("false")
		return false, nil
	}
	return nil, d.want("true or false for " + name)
}

// raw reads any list as it stands, without white space.
func (d *jsonScanner) raw(name string) (any, error) {
	if d.next() != '[' {
		return nil, d.want("a list for " + name)
	}
	dec := json.NewDecoder(bytes.NewReader(d.in[d.at:]))
	var list json.RawMessage
	if err := dec.Decode(&list); err != nil {
		return nil, d.want("a list for " + name)
	}
	d.at += int(dec.InputOffset())
	var out bytes.Buffer
	if err := json.Compact(&out, list); err != nil {
		return nil, d.want("a list for " + name)
	}
	return out.String(), nil
}
