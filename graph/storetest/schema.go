package storetest

import "github.com/raidgraph/raidgraph/graph"

// The enums of the test schema. Their values are not in alphabetical order.
var (
	grades   = []string{"MIDDLE", "LOW", "HIGH", "UNKNOWN"}
	forms    = []string{"TOWN", "RIVER", "CASINO"}
	roles    = []string{"WITNESS", "LEADER", "GUEST", "AIDE"}
	measures = []string{"FOUND", "DETAINED", "RELEASED"}
)

// Schema is a small schema that has everything that a store has to serve: kinds under two overlapping interfaces, every type,
// one field name with a type of its own in three kinds, names that are keywords of a query language or that a store may use
// itself, and relations of every shape.
func Schema() *graph.Schema {
	person := node("Person", "person", []string{"Named"},
		name(), names(),
		indexed("age", graph.Int), indexed("score", graph.Float), indexed("alive", graph.Boolean),
		indexed("born", graph.Date), indexed("seenAt", graph.DateTime),
		&graph.Field{Name: "grade", Type: graph.Enum, Values: grades, Index: true},
		plain("tags", graph.StringList), indexed("code", graph.String), plain("secret", graph.String),
		indexed("value", graph.Int), plain("papers", graph.JSON),
	)
	group := node("Group", "group", []string{"Named"},
		name(), names(), needed(indexed("order", graph.Int)), needed(plain("group", graph.Boolean)),
		needed(plain("aliases", graph.StringList)),
		&graph.Field{Name: "value", Type: graph.String, Index: true, Text: true},
		&graph.Field{Name: "description", Type: graph.String, Text: true, Search: graph.SearchName},
	)
	place := node("Place", "place", []string{"Named", "Spot"},
		name(), names(), &graph.Field{Name: "kind", Type: graph.Enum, Values: forms, NonNull: true, Index: true},
		indexed("value", graph.Float), plain("latitude", graph.Float), indexed("key", graph.Int), indexed("from", graph.String),
		plain("to", graph.String), &graph.Field{Name: "place.text", Type: graph.String, Search: graph.SearchName},
	)
	event := node("Event", "event-of-note", []string{"Named", "Spot"},
		name(), indexed("date.from", graph.Date), plain("date.to", graph.Date), plain("date.edtf", graph.String),
		&graph.Field{Name: "value", Type: graph.Boolean, Index: true},
		&graph.Field{Name: "contested", Type: graph.Boolean, NonNull: true, Projected: true},
		&graph.Field{Name: "month", Type: graph.String, Index: true, Projected: true},
		&graph.Field{Name: "text", Type: graph.String, Text: true, Search: graph.SearchText},
	)
	note := node("Note", "note", []string{"Spot"},
		&graph.Field{Name: "title", Type: graph.String, Index: true, Text: true, Search: graph.SearchName},
		&graph.Field{Name: "text", Type: graph.String, NonNull: true, Text: true, Search: graph.SearchText},
		&graph.Field{Name: "quote", Type: graph.String, Text: true, Search: graph.SearchText},
		indexed("age", graph.Int), plain("limit", graph.Int),
	)
	for _, f := range note.Fields {
		if f.Name == graph.PublishedAt {
			f.Index = true
		}
	}
	tally := node("Tally", "tally", nil,
		&graph.Field{Name: "measure", Type: graph.Enum, Values: measures, NonNull: true, Index: true},
		indexed("best", graph.Int), plain("low", graph.Int), plain("contested", graph.Boolean),
	)
	tally.Internal = true
	grain := node("Grain", "grain", nil,
		&graph.Field{Name: "name", Type: graph.String, NonNull: true, Index: true}, indexed("n", graph.Int), indexed("value", graph.Int),
	)
	return graph.NewSchema([]*graph.Kind{person, group, place, event, note, tally, grain}, relations(person, group, place, event, note, tally, grain))
}

func relations(person, group, place, event, note, tally, grain *graph.Kind) []*graph.Relation {
	role := &graph.Field{Name: "role", Type: graph.Enum, Values: roles, NonNull: true, Index: true}
	hop, way := needed(indexed("hop", graph.Int)), needed(indexed("way", graph.String))
	chain, link := needed(indexed("chain", graph.Int)), needed(plain("hop", graph.Int))
	noteID := needed(plain("noteId", graph.String))
	return []*graph.Relation{
		// To itself, without a key, with properties.
		relation("KNOWS", ends(person, person), nil, indexed("since", graph.Date), indexed("weight", graph.Int), plain("note", graph.String),
			indexed("ratio", graph.Float), plain("firm", graph.Boolean)),
		// Many to many, without a key, without properties.
		relation("MEMBER_OF", ends(person, group, group, group), nil),
		// To one, with properties whose names a store may use itself.
		one(relation("LIVES_IN", ends(person, place, group, place), nil, indexed("from", graph.Date), plain("to", graph.Date))),
		// To one of its own kind, for several kinds.
		one(relation("PART_OF", ends(group, group, place, place, note, note), nil)),
		// An enum key.
		relation("TOOK_PART", ends(person, event, group, event), []*graph.Field{role}, role, indexed("share", graph.Float),
			indexed("rank", graph.Int), indexed("note", graph.String)),
		// A key of an int and a text.
		relation("PASSED", ends(event, place), []*graph.Field{hop, way}, hop, way, indexed("day", graph.Date), plain("key", graph.String)),
		// Joins many kinds.
		relation("ABOUT", ends(note, person, note, group, note, place, note, event, note, note, note, grain), nil),
		// To itself with a key of ints.
		relation("CITES", ends(note, note), []*graph.Field{chain, link}, chain, link, plain("hedge", graph.String), plain("sure", graph.Boolean),
			plain("marks", graph.StringList)),
		// Projections: of an internal kind, with a key, and to one.
		projection(relation("TALLY_OF", ends(tally, person, tally, event), nil)),
		projection(relation("NEAR", ends(place, place), []*graph.Field{noteID}, noteID, indexed("from", graph.Date))),
		projection(one(relation("SPEAKS_FOR", ends(note, group), nil))),
		// The hub's.
		relation("HOLDS", ends(group, grain), nil, indexed("since", graph.Int)),
	}
}

func node(name, prefix string, interfaces []string, fields ...*graph.Field) *graph.Kind {
	return &graph.Kind{Name: name, Prefix: prefix, Interfaces: interfaces, Fields: append(fields, graph.SystemFields()...)}
}

func relation(typ string, e []graph.End, key []*graph.Field, props ...*graph.Field) *graph.Relation {
	return &graph.Relation{Type: typ, Ends: e, Key: key, Props: append(props, graph.SystemFields()...)}
}

func one(r *graph.Relation) *graph.Relation {
	r.One = true
	return r
}

func projection(r *graph.Relation) *graph.Relation {
	r.Projection = true
	return r
}

// ends pairs kinds: from, to, from, to.
func ends(kinds ...*graph.Kind) []graph.End {
	var e []graph.End
	for i := 0; i < len(kinds); i += 2 {
		e = append(e, graph.End{From: kinds[i], To: kinds[i+1]})
	}
	return e
}

func plain(name string, t graph.Type) *graph.Field { return &graph.Field{Name: name, Type: t} }

func indexed(name string, t graph.Type) *graph.Field {
	return &graph.Field{Name: name, Type: t, Index: true}
}

func needed(f *graph.Field) *graph.Field {
	f.NonNull = true
	return f
}

func name() *graph.Field {
	return &graph.Field{Name: "name", Type: graph.String, NonNull: true, Index: true, Text: true, Search: graph.SearchName}
}

func names() *graph.Field {
	return &graph.Field{Name: "names", Type: graph.JSON, NonNull: true, Search: graph.SearchName}
}
