package graph

import "strings"

// shape is what the dotted names of fields say: which of them are leaves of one value object, and what the object is.
type shape struct {
	fields []*Field
	// enums are an Enum's values as a row holds them, by field.
	enums [][]any
	root  *object
	// objects are all value objects, those inside others before them.
	objects []*object
}

// object is a value object, or the whole record where its path is empty.
type object struct {
	path string
	keys []objectKey // in the order of the schema
	// leaves are the fields in it, those of objects inside it left out.
	leaves []*Field
	// The positions of the leaves of a period and of a count, and of the type of a union; -1 where it is none.
	edtf, from, to, basis      int
	raw, mode, value, min, max int
	union                      int
}

// objectKey is a key of an object: a leaf or another object.
type objectKey struct {
	name   string
	field  *Field
	object *object
	// derived leaves follow from others: they may be given, and are never written out.
	derived bool
}

// newShape reads the names of fields that are numbered already.
func newShape(fields []*Field) *shape {
	s := &shape{fields: fields, enums: make([][]any, len(fields)), root: newObject("")}
	for i, f := range fields {
		for _, v := range f.Values {
			s.enums[i] = append(s.enums[i], v)
		}
		if f.Type == JSON && f.Object != nil {
			number(f.Object)
			f.object = newShape(f.Object)
		}
		o, name := s.root, f.Name
		for {
			key, rest, nested := strings.Cut(name, ".")
			if !nested {
				o.keys = append(o.keys, objectKey{name: key, field: f})
				o.leaves = append(o.leaves, f)
				break
			}
			o, name = o.inner(key), rest
		}
	}
	s.collect(s.root)
	return s
}

func newObject(path string) *object {
	return &object{path: path, edtf: -1, from: -1, to: -1, basis: -1, raw: -1, mode: -1, value: -1, min: -1, max: -1, union: -1}
}

// inner is the object under a key, made where it is new.
func (o *object) inner(key string) *object {
	for _, k := range o.keys {
		if k.object != nil && k.name == key {
			return k.object
		}
	}
	path := key
	if o.path != "" {
		path = o.path + "." + key
	}
	in := newObject(path)
	o.keys = append(o.keys, objectKey{name: key, object: in})
	return in
}

// collect finds out what each object is.
func (s *shape) collect(o *object) {
	for _, k := range o.keys {
		if k.object != nil {
			s.collect(k.object)
		}
	}
	if o == s.root {
		return
	}
	s.objects = append(s.objects, o)
	at := func(name string, t Type) int {
		for _, k := range o.keys {
			if k.field != nil && k.name == name && k.field.Type == t {
				return k.field.Position
			}
		}
		return -1
	}
	if edtf := at("edtf", String); edtf >= 0 && s.fields[edtf].EDTF {
		o.from, o.to, o.basis = at("from", Date), at("to", Date), at("basis", Enum)
		if o.from >= 0 && o.to >= 0 && o.basis >= 0 {
			o.edtf = edtf
		}
	}
	o.raw, o.mode, o.value, o.min, o.max = at("raw", String), at("mode", Enum), at("value", Int), at("min", Int), at("max", Int)
	if o.mode < 0 || o.value < 0 || o.min < 0 || o.max < 0 {
		o.raw = -1
	}
	for i, k := range o.keys {
		if k.field == nil {
			continue
		}
		if k.field.Member != "" {
			o.union = at("type", Enum)
		}
		o.keys[i].derived = o.edtf >= 0 && (k.field.Position == o.from || k.field.Position == o.to)
	}
}

// key is the object's key of that name, looked for from a place where it is likely to stand; nil for none.
func (o *object) key(name []byte, from int) (*objectKey, int) {
	for i := range o.keys {
		at := from + i
		if at >= len(o.keys) {
			at -= len(o.keys)
		}
		if k := &o.keys[at]; k.name == string(name) {
			return k, at
		}
	}
	return nil, 0
}

// names are the keys that a record may have, for what a wrong one may have meant.
func (o *object) names() []string {
	var out []string
	for _, k := range o.keys {
		if k.field == nil || !k.field.Projected {
			out = append(out, k.name)
		}
	}
	return out
}
