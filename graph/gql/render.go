package gql

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/raidgraph/raidgraph/graph"
)

// renderer writes an answer. A null in a non-null place makes the nearest object or list around it that may be null, null,
// with one error that has the path of the place (GraphQL, section 6.4.4).
type renderer struct {
	b      []byte
	args   []any
	path   []step
	errors gqlerror.List
	// most is the most bytes that may be written; over that, over is set and the rest is left out.
	most int
	over bool
}

// step is one part of a path: a response key or an index.
type step struct {
	key   string
	index int
}

var renderers = sync.Pool{New: func() any { return &renderer{b: make([]byte, 0, 16<<10)} }}

func newRenderer(args []any, most int) *renderer {
	r := renderers.Get().(*renderer)
	r.b, r.path, r.args, r.errors, r.most, r.over = r.b[:0], r.path[:0], args, nil, most, false
	return r
}

// keepBytes is the largest buffer that is kept for the next answer.
const keepBytes = 1 << 20

func (r *renderer) release() {
	r.args, r.errors = nil, nil
	if cap(r.b) <= keepBytes {
		renderers.Put(r)
	}
}

// object writes the object and says whether it could: false where it must be null.
func (r *renderer) object(o *object, src *source) bool {
	o, src = src.by(o)
	if o.of != nil {
		name, _ := src.row[o.kind].(string)
		if o = o.of[name]; o == nil {
			return false
		}
	}
	r.b = append(r.b, '{')
	whole := true
	for i := range o.fields {
		f := &o.fields[i]
		r.b = append(r.b, f.key...)
		if f.how == howConstant {
			r.b = append(r.b, f.constant...)
			continue
		}
		if f.how == howSlot && !f.list {
			if v := src.row[f.slot]; v != nil {
				r.leaf(f.leaf, v)
			} else if f.nonNull {
				r.missing(f.name)
				whole = false
			} else {
				r.b = append(r.b, "null"...)
			}
			continue
		}
		r.path = append(r.path, step{key: f.name})
		before := len(r.b)
		if !r.value(f, src) {
			if f.nonNull {
				whole = false
			} else {
				r.b = append(r.b[:before], "null"...)
			}
		}
		r.path = r.path[:len(r.path)-1]
	}
	r.b = append(r.b, '}')
	return whole
}

// value writes the value of a field; false where it must be null, with the error already kept where it must not.
func (r *renderer) value(f *field, src *source) bool {
	switch f.how {
	case howSlot:
		return r.leafOrNull(f, src.row[f.slot])
	case howValue:
		if src.row[f.slot] == nil {
			return r.null(f)
		}
		return r.object(f.object, src)
	case howSame:
		return r.object(f.object, src)
	case howJSON:
		return r.objects(f, jsonObjects(src.row[f.slot]))
	case howOne:
		set, _ := src.row[f.slot].(*graph.Set)
		if set == nil || len(set.Rows) == 0 {
			return r.null(f)
		}
		return r.object(f.object, &source{row: set.Rows[0], up: src})
	case howRows:
		set, _ := src.row[f.slot].(*graph.Set)
		if set == nil {
			set = &graph.Set{}
		}
		return r.rows(f, set.Rows, src)
	case howConnection:
		set, _ := src.row[f.slot].(*graph.Set)
		if set == nil {
			set = &graph.Set{}
		}
		return r.object(f.object, &source{set: set, up: src})
	case howEdges:
		rows, _ := f.page.rows(src.set, r.args)
		return r.rows(f, rows, src.up)
	case howComputed:
		return r.computed(f, f.values(r.args, src))
	}
	panic("gql: unknown how")
}

func (r *renderer) null(f *field) bool {
	if f.nonNull {
		r.missingHere()
	}
	return false
}

func (r *renderer) leafOrNull(f *field, v any) bool {
	if v == nil {
		if f.list && f.nonNull {
			r.b = append(r.b, '[', ']')
			return true
		}
		return r.null(f)
	}
	r.leaf(f.leaf, v)
	return true
}

func (r *renderer) computed(f *field, v any) bool {
	switch v := v.(type) {
	case nil:
		if f.list && f.nonNull {
			r.b = append(r.b, '[', ']')
			return true
		}
		return r.null(f)
	case *source:
		if v == nil {
			return r.null(f)
		}
		return r.object(f.object, v)
	case []*source:
		return r.objects(f, v)
	}
	r.leaf(f.leaf, v)
	return true
}

func (r *renderer) rows(f *field, rows []graph.Row, up *source) bool {
	r.b = append(r.b, '[')
	src := source{up: up}
	whole := true
	for i, row := range rows {
		if i > 0 {
			r.b = append(r.b, ',')
		}
		src.row = row
		whole = r.element(f, i, &src) && whole
	}
	r.b = append(r.b, ']')
	return whole
}

func (r *renderer) objects(f *field, sources []*source) bool {
	r.b = append(r.b, '[')
	whole := true
	for i, src := range sources {
		if i > 0 {
			r.b = append(r.b, ',')
		}
		whole = r.element(f, i, src) && whole
	}
	r.b = append(r.b, ']')
	return whole
}

// element writes an element of a list; false where the list must be null.
func (r *renderer) element(f *field, i int, src *source) bool {
	before := len(r.b)
	if r.over = r.over || before > r.most; r.over {
		return true
	}
	if src != nil {
		r.path = append(r.path, step{index: i + 1})
		ok := r.object(f.object, src)
		r.path = r.path[:len(r.path)-1]
		if ok {
			return true
		}
	}
	r.b = append(r.b[:before], "null"...)
	if f.elemNonNull && src == nil {
		r.path = append(r.path, step{index: i + 1})
		r.missingHere()
		r.path = r.path[:len(r.path)-1]
	}
	return !f.elemNonNull
}

func (r *renderer) missing(key string) {
	r.path = append(r.path, step{key: key})
	r.missingHere()
	r.path = r.path[:len(r.path)-1]
}

// maxErrors bounds the errors of an answer.
const maxErrors = 20

func (r *renderer) missingHere() {
	if len(r.errors) >= maxErrors {
		return
	}
	path := make(ast.Path, len(r.path))
	for i, s := range r.path {
		if s.index > 0 {
			path[i] = ast.PathIndex(s.index - 1)
		} else {
			path[i] = ast.PathName(s.key)
		}
	}
	r.errors = append(r.errors, nullError(path))
}

// nullError says that the graph lacks a value that it must have.
func nullError(path ast.Path) *gqlerror.Error {
	return &gqlerror.Error{Message: "must not be null", Path: path, Extensions: map[string]any{"code": string(graph.Internal)}}
}

func (r *renderer) leaf(l leaf, v any) {
	switch v := v.(type) {
	case string:
		r.b = appendString(r.b, v)
	case int64:
		r.b = strconv.AppendInt(r.b, v, 10)
	case int:
		r.b = strconv.AppendInt(r.b, int64(v), 10)
	case bool:
		r.b = strconv.AppendBool(r.b, v)
	case float64:
		if l == leafInt {
			r.b = strconv.AppendInt(r.b, int64(v), 10)
			return
		}
		r.b = appendFloat(r.b, v)
	case []string:
		r.b = append(r.b, '[')
		for i, s := range v {
			if i > 0 {
				r.b = append(r.b, ',')
			}
			r.b = appendString(r.b, s)
		}
		r.b = append(r.b, ']')
	default:
		panic("gql: a row holds a value of no known type")
	}
}

func appendFloat(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

const hex = "0123456789abcdef"

// appendString writes a JSON string: what must be escaped is, the rest stays as it is.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	if isPlain(s) {
		b = append(b, s...)
		return append(b, '"')
	}
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			default:
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			i++
			start = i
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		if size == 1 {
			b = append(b, s[start:i]...)
			b = append(b, "\uFFFD"...)
			start = i + 1
		}
		i += size
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// isPlain says whether a text is of printable ASCII and has nothing to escape, as most texts of an answer are.
func isPlain(s string) bool {
	if len(s) < 8 {
		for i := range len(s) {
			if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
				return false
			}
		}
		return true
	}
	// The last eight bytes may overlap those before them.
	special := specials(s[len(s)-8:])
	for ; len(s) > 8; s = s[8:] {
		special |= specials(s)
	}
	return special == 0
}

// specials is not 0 where one of the first eight bytes of a text is special in JSON or not ASCII. Of each such byte the high bit
// is set: by itself where it is not ASCII, by a borrow where it is below a blank, and by a borrow from nothing where it is a
// quote or a backslash. Bytes beside such a one may be marked too.
func specials(s string) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	w := binary.LittleEndian.Uint64([]byte(s[:8]))
	return (w | (w - ones*' ') | ((w ^ ones*'"') - ones) | ((w ^ ones*'\\') - ones)) & highs
}

// jsonObjects are the value objects of a stored JSON list, as sources whose value is a map.
func jsonObjects(v any) []*source {
	text, _ := v.(string)
	if text == "" {
		return nil
	}
	var objects []map[string]any
	if json.Unmarshal([]byte(text), &objects) != nil {
		return nil
	}
	sources := make([]*source, len(objects))
	for i, o := range objects {
		sources[i] = &source{value: o}
	}
	return sources
}
