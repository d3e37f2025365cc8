package graph

import (
	"slices"
	"strings"
	"sync"
)

// Type is how a stored field's value is held.
type Type uint8

// The types of stored fields, each with the Go value that a Row or a Record holds for it (nil where the field is null).
const (
	String     Type = iota + 1 // string, in NFC
	Int                        // int64
	Float                      // float64
	Boolean                    // bool
	Date                       // string, an ISO day such as 2024-11-06
	DateTime                   // string, RFC 3339 in UTC such as 2024-11-11T11:00:00Z
	Enum                       // string, one of Field.Values
	StringList                 // []string, never holding a null; an empty list is kept apart from null
	JSON                       // string, canonical JSON text: a list of value objects such as names
)

// String names the type.
func (t Type) String() string {
	return [...]string{"", "String", "Int", "Float", "Boolean", "Date", "DateTime", "Enum", "StringList", "JSON"}[t]
}

// SearchRole says how search finds a node by a field.
type SearchRole uint8

// The search roles.
const (
	SearchNone SearchRole = iota // not found by it
	SearchName                   // a name: ranked exact, prefix, word prefix, substring
	SearchText                   // running text: ranked behind every name
)

// Field is one stored value of a kind of node or of a relationship. A GraphQL value object such as Period is stored as
// several fields, one for each of its leaves.
type Field struct {
	// Name is the path from the node, such as "name" or "date.from".
	Name string
	// Column is the name in the stores: the path with "_" for ".".
	Column string
	Type   Type
	// Values are an Enum's values.
	Values  []string
	NonNull bool
	// Index asks for an index, and lets the field be ordered by.
	Index bool
	// Text: contains and startsWith work, on the folded form that a store keeps beside the value; ordered by code point.
	// A Text value is at most MaxText bytes where Index is set too.
	Text bool
	// Search says how search finds the node by this field.
	Search SearchRole
	// Projected fields are written by Apply from other data, never taken from a record.
	Projected bool
	// Needed: it is set wherever another leaf of its value object is, such as place.text where there is a place. Of a union's
	// leaf, where the value is of its Member.
	Needed bool
	// Member is the type in a union that the leaf belongs to, such as Count for value.raw; empty outside of unions.
	Member string
	// Earliest: putting again keeps the earlier of what was there and what is put, and a later one makes no difference. So it is
	// with publishedAt, but for that of what is cited, which is a value like others.
	Earliest bool
	// EDTF: the text is a date in EDTF. The leaves from, to and basis beside it, where there are such, follow from it.
	EDTF bool
	// Object are the leaves of the value objects that a JSON field lists, in the order of the schema.
	Object []*Field
	object *shape
	// Position is the field's place in Kind.Fields or Relation.Props, and so in Node.Values or Edge.Props.
	Position int
}

// MaxText is the most bytes that an indexed text may have, such as a name: Neo4j's range index refuses keys over 8,100
// bytes, and the order key doubles a text's length.
const MaxText = 1000

// Kind is a kind of node.
type Kind struct {
	// Name is the GraphQL type and the label, such as "Raid".
	Name string
	// Prefix begins each id of the kind, before the colon, such as "raid".
	Prefix string
	// Singular and Plural are the root fields of the kind; both are empty where the kind has none.
	Singular, Plural string
	// Interfaces are the names of the GraphQL interfaces it implements; they are labels too.
	Interfaces []string
	// Fields are what is stored of a node beside its id, in the order of the schema, then the system fields.
	Fields []*Field
	// Internal kinds are written by Apply and have no type of their own in the API.
	Internal bool
	// Journal kinds are in the API, but are written by Apply alone, of what it did: no record has them, nothing that a record
	// says leads to them, and export leaves them out.
	Journal bool
	// Apart: mutations of its own write it, not create, update and retract.
	Apart bool
	// Required are the relations to one that each node of the kind has, such as a claim its SUBJECT.
	Required []*Relation

	byName map[string]*Field
	shape  *shape
}

// The system fields: the last four of each kind's Fields and of each relation's Props. publishedAt is the earliest
// publication that names it, recordedAt when it was recorded here, retractedAt when it was retracted here, and changedIn the
// sequence number of the change that last wrote it (null for what was written before changes had numbers).
const (
	PublishedAt = "publishedAt"
	RecordedAt  = "recordedAt"
	RetractedAt = "retractedAt"
	ChangedIn   = "changedIn"
)

// SystemFields makes the system fields, to be appended to the fields of a kind or to the properties of a relation.
func SystemFields() []*Field {
	return []*Field{
		{Name: PublishedAt, Column: "publishedAt", Type: DateTime, Index: false},
		{Name: RecordedAt, Column: "recordedAt", Type: DateTime},
		{Name: RetractedAt, Column: "retractedAt", Type: DateTime},
		{Name: ChangedIn, Column: "changedIn", Type: Int, Projected: true},
	}
}

// Own says whether nodes of the kind are written by the program alone: no record may have them.
func (k *Kind) Own() bool { return k.Internal || k.Journal }

// Field is the kind's stored field of that name, or nil.
func (k *Kind) Field(name string) *Field { return k.byName[name] }

// Implements says whether the kind has the interface, or is the type itself.
func (k *Kind) Implements(name string) bool {
	if k.Name == name {
		return true
	}
	for _, i := range k.Interfaces {
		if i == name {
			return true
		}
	}
	return false
}

// End is one pair of kinds that a relation joins.
type End struct{ From, To *Kind }

// Narrowed are the values that an Enum property of a relation may have where it joins a node of a kind.
type Narrowed struct {
	Kind   *Kind
	Prop   *Field
	Values []string
}

// Relation is a type of relationship.
type Relation struct {
	// Type is the relationship type, such as "PARTICIPATED_IN".
	Type string
	// One: at most one relationship of this type leaves a node; writing another replaces it.
	One bool
	// Key are the properties that tell apart relationships of this type between the same two nodes, such as the role.
	// Without them there is at most one.
	Key []*Field
	// Props are the properties of the relationship, then the system fields.
	Props []*Field
	// Ends are the pairs of kinds it may join.
	Ends []End
	// Narrowed are the Enum properties that have fewer values at nodes of some kind, such as the role in a raid.
	Narrowed []Narrowed
	// Projection: written by Apply from events and claims; export leaves it out, rebuild remakes it.
	Projection bool

	byName map[string]*Field
	shape  *shape
}

// Prop is the relation's property of that name, or nil.
func (r *Relation) Prop(name string) *Field { return r.byName[name] }

// Joins says whether a relationship of this type may go from the one kind to the other.
func (r *Relation) Joins(from, to *Kind) bool {
	for _, e := range r.Ends {
		if e.From == from && e.To == to {
			return true
		}
	}
	return false
}

// Far are the kinds found at the other end from a node of the given kind, in the order of the schema.
func (r *Relation) Far(near *Kind, out bool) []*Kind {
	var kinds []*Kind
	for _, e := range r.Ends {
		if out && e.From == near {
			kinds = append(kinds, e.To)
		}
		if !out && e.To == near {
			kinds = append(kinds, e.From)
		}
	}
	return kinds
}

// Schema is every kind and relation of a graph. It is read once and never changes.
type Schema struct {
	Kinds     []*Kind
	Relations []*Relation

	kinds     map[string]*Kind
	prefixes  map[string]*Kind
	relations map[string]*Relation
	projector func() *projector
}

// NewSchema indexes the kinds and relations. It numbers their fields and fills Column where it is empty.
func NewSchema(kinds []*Kind, relations []*Relation) *Schema {
	s := &Schema{Kinds: kinds, Relations: relations,
		kinds: map[string]*Kind{}, prefixes: map[string]*Kind{}, relations: map[string]*Relation{}}
	for _, k := range kinds {
		k.byName = number(k.Fields)
		k.shape = newShape(k.Fields)
		s.kinds[k.Name] = k
		s.prefixes[k.Prefix] = k
	}
	for _, r := range relations {
		r.byName = number(r.Props)
		r.shape = newShape(r.Props)
		s.relations[r.Type] = r
	}
	for _, k := range kinds {
		if f := k.Field(PublishedAt); f != nil && !s.cited(k) {
			f.Earliest = true
		}
	}
	for _, r := range relations {
		if f := r.Prop(PublishedAt); f != nil {
			f.Earliest = true
		}
	}
	s.projector = sync.OnceValue(func() *projector { return newProjector(s) })
	return s
}

// cited says whether nodes of a kind are what claims and statements cite.
func (s *Schema) cited(k *Kind) bool {
	cites := s.relations[relCites]
	return cites != nil && slices.ContainsFunc(cites.Ends, func(e End) bool { return e.To == k })
}

func number(fields []*Field) map[string]*Field {
	byName := make(map[string]*Field, len(fields))
	for i, f := range fields {
		f.Position = i
		if f.Column == "" {
			f.Column = strings.ReplaceAll(f.Name, ".", "_")
		}
		byName[f.Name] = f
	}
	return byName
}

// Kind is the kind of that name, or nil.
func (s *Schema) Kind(name string) *Kind { return s.kinds[name] }

// Relation is the relation of that type, or nil.
func (s *Schema) Relation(typ string) *Relation { return s.relations[typ] }

// Implementors are the kinds that have the interface (or the kind of that name), in the order of the schema; those of the
// journal only by their own name.
func (s *Schema) Implementors(name string) []*Kind {
	var kinds []*Kind
	for _, k := range s.Kinds {
		if k.Implements(name) && (!k.Journal || k.Name == name) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// MaxID is the most bytes that an id may have.
const MaxID = 200

// KindOfID is the kind that an id's prefix names. An id is PREFIX:REST, in ASCII: lower case letters, digits and hyphens
// for the prefix, letters, digits and - . _ ~ @ : / + for the rest; anything else is an Invalid error.
func (s *Schema) KindOfID(id string) (*Kind, error) {
	prefix, rest, ok := strings.Cut(id, ":")
	if !ok || rest == "" || len(id) > MaxID {
		return nil, Errorf(Invalid, "%s is no id: an id is a kind, a colon and a name, such as raid:steung-meanchey-2024-11, of at most %d bytes", Quote(id), MaxID)
	}
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~@:/+", c) >= 0 {
			continue
		}
		return nil, Errorf(Invalid, "%s is no id: after the colon only letters a to z, digits and - . _ ~ @ : / + may stand", Quote(id))
	}
	k := s.prefixes[prefix]
	if k == nil {
		return nil, Errorf(Invalid, "%s is no id: no kind of node has ids that begin with %s", Quote(id), Quote(prefix+":"))
	}
	return k, nil
}

// kindOf is the kind that the prefix of an id names, for ids that were checked; nil for none.
func (s *Schema) kindOf(id string) *Kind {
	prefix, _, _ := strings.Cut(id, ":")
	return s.prefixes[prefix]
}

// Quote quotes a caller's text for an error message, cut to a readable length.
func Quote(s string) string {
	const most = 80
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	if len(r) > most {
		r = append(r[:most:most], '…')
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range r {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c < 0x20 || c == 0x7f:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
