package graph

// DecodeRecord reads one line as AppendRecord writes it. The keys "node" and "id", or "relation", "from" and "to", come first, the others
// in any order; white space and nulls are allowed. It checks that the line is JSON, that its keys are the schema's and its
// values of their types; the rest is for CheckRecord. Errors are Invalid; they name the place in the line.
func DecodeRecord(s *Schema, line []byte) (Record, error) {
	d := jsonScanner{in: line}
	r, err := d.record(s)
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (d *jsonScanner) record(s *Schema) (Record, error) {
	if err := d.open('{', "a record, an object such as {\"node\":\"Raid\",\"id\":...}"); err != nil {
		return nil, err
	}
	key, err := d.key()
	if err != nil {
		return nil, err
	}
	switch string(key) {
	case "node":
		return d.node(s)
	case "relation":
		return d.edge(s)
	}
	return nil, d.errorf("a record begins with %q or %q, not with %s", "node", "relation", Quote(string(key)))
}

func (d *jsonScanner) node(s *Schema) (Record, error) {
	name, err := d.text()
	if err != nil {
		return nil, err
	}
	k := s.kinds[string(name)]
	if k == nil || k.Own() {
		return nil, d.errorf("there is no kind %s%s", Quote(string(name)), didYouMean(string(name), kindNames(s)))
	}
	n := &Node{Kind: k, Values: make([]any, len(k.Fields))}
	if n.ID, err = d.named("id"); err != nil {
		return nil, err
	}
	return n, d.object(k.shape, k.shape.root, n.Values, k.Name)
}

func kindNames(s *Schema) []string {
	var out []string
	for _, k := range s.Kinds {
		if !k.Own() {
			out = append(out, k.Name)
		}
	}
	return out
}

func (d *jsonScanner) edge(s *Schema) (Record, error) {
	typ, err := d.text()
	if err != nil {
		return nil, err
	}
	r := s.relations[string(typ)]
	if r == nil || r.Projection && !d.journal {
		if r != nil {
			return nil, d.errorf("%s is written by the program; leave it out", r.Type)
		}
		return nil, d.errorf("there is no relation %s%s", Quote(string(typ)), didYouMean(string(typ), relationNames(s)))
	}
	e := &Edge{Relation: r, Props: make([]any, len(r.Props))}
	if e.From, err = d.named("from"); err != nil {
		return nil, err
	}
	if e.To, err = d.named("to"); err != nil {
		return nil, err
	}
	return e, d.object(r.shape, r.shape.root, e.Props, r.Type)
}

func relationNames(s *Schema) []string {
	var out []string
	for _, r := range s.Relations {
		if !r.Projection {
			out = append(out, r.Type)
		}
	}
	return out
}

// named reads the next key, which must have this name, and its text.
func (d *jsonScanner) named(name string) (string, error) {
	more, err := d.more('}')
	if err != nil {
		return "", err
	}
	if !more {
		return "", d.errorf("the key %q is missing", name)
	}
	key, err := d.key()
	if err != nil {
		return "", err
	}
	if string(key) != name {
		return "", d.errorf("the key %q comes next, not %s", name, Quote(string(key)))
	}
	v, err := d.text()
	return string(v), err
}

// object reads keys up to the end of the object into their places; of names the owner in errors.
func (d *jsonScanner) object(s *shape, o *object, values []any, of string) error {
	next := 0
	for {
		more, err := d.more('}')
		if !more || err != nil {
			return err
		}
		name, err := d.key()
		if err != nil {
			return err
		}
		k, at := o.key(name, next)
		if k == nil {
			return d.errorf("%s has no %s%s", of, Quote(string(name)), didYouMean(string(name), o.names()))
		}
		next = at + 1
		if d.null() {
			continue
		}
		if k.object != nil {
			if err := d.open('{', "an object for "+k.object.path); err != nil {
				return err
			}
			if err := d.object(s, k.object, values, k.object.path); err != nil {
				return err
			}
			continue
		}
		f := k.field
		if f.Projected {
			return d.errorf("%s is written by the program; leave it out", f.Name)
		}
		if values[f.Position] != nil {
			return d.errorf("%s stands twice", f.Name)
		}
		if values[f.Position], err = d.value(s, f); err != nil {
			return err
		}
	}
}

func (d *jsonScanner) value(s *shape, f *Field) (any, error) {
	switch f.Type {
	case Int:
		return d.int(f.Name)
	case Float:
		return d.float(f.Name)
	case Boolean:
		return d.bool(f.Name)
	case StringList:
		return d.strings(f.Name)
	case JSON:
		return d.listText(f)
	}
	b, err := d.string(f.Name)
	if err != nil {
		return nil, err
	}
	if f.Type == Enum {
		for i, v := range f.Values {
			if v == string(b) {
				return s.enums[f.Position][i], nil
			}
		}
	}
	return string(b), nil
}

// listText reads a list of value objects into its canonical text.
func (d *jsonScanner) listText(f *Field) (any, error) {
	if f.object == nil {
		return d.raw(f.Name)
	}
	elements, err := d.list(f)
	if err != nil {
		return nil, err
	}
	if len(elements) == 0 {
		return "[]", nil
	}
	return string(appendList(nil, f, elements)), nil
}

// list reads a list of value objects.
func (d *jsonScanner) list(f *Field) ([][]any, error) {
	if err := d.open('[', "a list for "+f.Name); err != nil {
		return nil, err
	}
	var elements [][]any
	for {
		more, err := d.more(']')
		if !more || err != nil {
			return elements, err
		}
		if len(elements) > MaxList {
			return nil, d.errorf("%s has over %d elements", f.Name, MaxList)
		}
		if err := d.open('{', "an object in "+f.Name); err != nil {
			return nil, err
		}
		values := make([]any, len(f.Object))
		if err := d.object(f.object, f.object.root, values, "an element of "+f.Name); err != nil {
			return nil, err
		}
		elements = append(elements, values)
	}
}

func (d *jsonScanner) strings(name string) (any, error) {
	if err := d.open('[', "a list for "+name); err != nil {
		return nil, err
	}
	list := []string{}
	for {
		more, err := d.more(']')
		if err != nil {
			return nil, err
		}
		if !more {
			return list, nil
		}
		if len(list) > MaxList {
			return nil, d.errorf("%s has over %d elements", name, MaxList)
		}
		b, err := d.string(name)
		if err != nil {
			return nil, err
		}
		list = append(list, string(b))
	}
}
