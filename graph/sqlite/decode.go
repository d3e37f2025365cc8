package sqlite

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/raidgraph/raidgraph/graph"
)

// shape is how the text of a set's rows is read: see statement.
type shape struct {
	width    int
	children []childPlace // in the order of the text
	values   []valueShape // in the order of the text, behind the children
	kinds    map[int64]any
	count    bool // the set is [total,[rows]]
	reverse  bool // the rows were read from the last to the first
}

type childPlace struct {
	at    int // its place in the row
	shape *shape
}

type valueShape struct {
	at   int
	read reader
}

// reader says what a value is made into.
type reader uint8

const (
	readText reader = iota
	readInt
	readFloat
	readBoolean
	readList // a JSON list of texts, in a text
	readKind // a kind's number
)

func readerOf(f graph.FieldRef) reader {
	switch f.Owner {
	case graph.OfID, graph.OfKey:
		return readText
	case graph.OfKind:
		return readKind
	case graph.OfRank:
		return readInt
	}
	switch f.Type {
	case graph.Int:
		return readInt
	case graph.Float:
		return readFloat
	case graph.Boolean:
		return readBoolean
	case graph.StringList:
		return readList
	}
	return readText
}

// decoder reads the one text of an answer. Texts without escapes are parts of it, so it is not copied; rows are cut out of
// blocks, so that few allocations serve many rows.
type decoder struct {
	text    string
	at      int
	block   []any
	sets    []graph.Set
	pending []graph.Row // the rows of sets that are not yet complete
	broken  bool
}

// decode reads the rows of a root.
func decode(text string, sh *shape) (*graph.Set, error) {
	d := &decoder{text: text}
	set := d.newSet()
	if text != "" {
		set.Rows = d.rows(sh)
	}
	if d.broken || d.at != len(text) {
		return nil, graph.Errorf(graph.Internal, "an answer of the database cannot be read, at byte %d of %d", d.at, len(text))
	}
	return set, nil
}

func (d *decoder) newSet() *graph.Set {
	if len(d.sets) == cap(d.sets) {
		d.sets = make([]graph.Set, 0, min(max(1, 4*cap(d.sets)), 256))
	}
	d.sets = d.sets[:len(d.sets)+1]
	return &d.sets[len(d.sets)-1]
}

func (d *decoder) newRow(width int) graph.Row {
	if len(d.block) < width {
		d.block = make([]any, max(width, min(4*width+8*len(d.pending)*width, 2048)))
	}
	row := d.block[:width:width]
	d.block = d.block[width:]
	return row
}

func (d *decoder) peek() byte {
	if d.at < len(d.text) {
		return d.text[d.at]
	}
	return 0
}

func (d *decoder) expect(c byte) {
	if d.peek() != c {
		d.broken = true
		d.at = len(d.text)
		return
	}
	d.at++
}

// set reads [row,...] or [total,[row,...]].
func (d *decoder) set(sh *shape) *graph.Set {
	set := d.newSet()
	d.expect('[')
	if sh.count {
		set.Total = d.integer()
		d.expect(',')
		d.expect('[')
	}
	if d.peek() != ']' {
		set.Rows = d.rows(sh)
	}
	d.expect(']')
	if sh.count {
		d.expect(']')
	}
	return set
}

// rows reads row,row,... up to what is no comma.
func (d *decoder) rows(sh *shape) []graph.Row {
	start := len(d.pending)
	for !d.broken {
		row := d.row(sh)
		d.pending = append(d.pending, row)
		if d.peek() != ',' {
			break
		}
		d.at++
	}
	rows := make([]graph.Row, len(d.pending)-start)
	copy(rows, d.pending[start:])
	d.pending = d.pending[:start]
	if sh.reverse {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	return rows
}

func (d *decoder) row(sh *shape) graph.Row {
	row := d.newRow(sh.width)
	d.expect('[')
	for i, c := range sh.children {
		if i > 0 {
			d.expect(',')
		}
		row[c.at] = d.set(c.shape)
	}
	for i, v := range sh.values {
		if i > 0 || len(sh.children) > 0 {
			d.expect(',')
		}
		row[v.at] = d.value(v.read, sh)
	}
	d.expect(']')
	return row
}

func (d *decoder) value(r reader, sh *shape) any {
	if d.peek() == 'n' {
		d.at = min(d.at+len("null"), len(d.text))
		return nil
	}
	switch r {
	case readInt:
		return d.integer()
	case readFloat:
		return d.float()
	case readBoolean:
		return d.integer() != 0
	case readKind:
		return sh.kinds[d.integer()]
	case readList:
		return d.list(d.string())
	}
	return d.string()
}

func (d *decoder) integer() int64 {
	start := d.at
	for d.at < len(d.text) && (d.text[d.at] == '-' || d.text[d.at] >= '0' && d.text[d.at] <= '9') {
		d.at++
	}
	n, err := strconv.ParseInt(d.text[start:d.at], 10, 64)
	d.broken = d.broken || err != nil
	return n
}

func (d *decoder) float() float64 {
	start := d.at
	for d.at < len(d.text) && d.text[d.at] != ',' && d.text[d.at] != ']' {
		d.at++
	}
	f, err := strconv.ParseFloat(d.text[start:d.at], 64)
	// Beyond the range, an infinity was meant: SQLite writes it so.
	if err != nil && f == 0 {
		d.broken = true
	}
	return f
}

// string reads a JSON string. Without escapes it is a part of the text.
func (d *decoder) string() string {
	d.expect('"')
	start := d.at
	end := strings.IndexByte(d.text[start:], '"')
	if end < 0 {
		d.broken = true
		d.at = len(d.text)
		return ""
	}
	s := d.text[start : start+end]
	if strings.IndexByte(s, '\\') < 0 {
		d.at = start + end + 1
		return s
	}
	return d.escaped(start)
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (d *decoder) escaped(start int) string {
	out := make([]byte, 0, 64)
	for i := start; i < len(d.text); {
		next := strings.IndexAny(d.text[i:], `"\`)
		if next < 0 {
			break
		}
		out = append(out, d.text[i:i+next]...)
		i += next
		if d.text[i] == '"' {
			d.at = i + 1
			return string(out)
		}
		if i+1 >= len(d.text) {
			break
		}
		c := d.text[i+1]
		i += 2
		if c != 'u' {
			out = append(out, escapes[c])
			continue
		}
		r := hex(d.text, i)
		i += 4
		if utf16.IsSurrogate(r) && i+6 <= len(d.text) && d.text[i] == '\\' && d.text[i+1] == 'u' {
			r = utf16.DecodeRune(r, hex(d.text, i+2))
			i += 6
		}
		out = utf8.AppendRune(out, r)
	}
	d.broken = true
	d.at = len(d.text)
	return ""
}

func hex(s string, at int) rune {
	if at+4 > len(s) {
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(s[at:at+4], 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// list reads a JSON list of texts.
func (d *decoder) list(text string) []string {
	out, err := textList(text)
	d.broken = d.broken || err
	return out
}

// textList reads a JSON list of texts; broken where it is none.
func textList(text string) (out []string, broken bool) {
	l := decoder{text: text}
	out = []string{}
	l.expect('[')
	for l.peek() == '"' {
		out = append(out, l.string())
		if l.peek() == ',' {
			l.at++
		}
	}
	l.expect(']')
	return out, l.broken || l.at != len(text)
}
