package sqlite_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

func open(t *testing.T, path string, schema *graph.Schema) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func export(t *testing.T, s graph.Store) []graph.Record {
	t.Helper()
	var out []graph.Record
	if err := s.Export(t.Context(), func(r graph.Record) error { out = append(out, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// raw runs a statement on the file, behind the store's back.
func raw(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestReopen(t *testing.T) {
	d := newDomain()
	path := filepath.Join(t.TempDir(), "a folder? with #odd% signs", "kept.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, d.Schema)
	put(t, s, d.records(20))
	before := export(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, d.Schema)
	if after := export(t, s); !reflect.DeepEqual(before, after) || len(after) == 0 {
		t.Errorf("%d records before, %d after, or they differ", len(before), len(after))
	}
	w := put(t, s, d.records(20))
	if w.Created+w.Changed > 0 {
		t.Errorf("what was there already was written again: %+v", w)
	}
	reader, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Schema: d.Schema, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if after := export(t, reader); !reflect.DeepEqual(before, after) {
		t.Error("a store that only reads sees something else")
	}
	err = reader.Update(t.Context(), func(context.Context, graph.Tx) error { return nil })
	if graph.CodeOf(err) != graph.Invalid {
		t.Errorf("a store that only reads writes: %v", err)
	}
}

func TestGrownSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "grown.db")
	thing := func(fields ...*graph.Field) *graph.Kind { return kindOf("Thing", "thing", nil, fields...) }
	small := graph.NewSchema([]*graph.Kind{thing(field("label", graph.String), field("words", graph.String))}, nil)
	s := open(t, path, small)
	put(t, s, func(yield func(graph.Record, error) bool) {
		for _, n := range []string{"a", "b"} {
			if !yield(graph.NewNode(small.Kinds[0], "thing:"+n).Set("label", "Label "+n).Set("words", "Straße "+n), nil) {
				return
			}
		}
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	big := thing(field("extra", graph.Int, indexed), field("label", graph.String, indexed, text),
		&graph.Field{Name: "words", Type: graph.String, Search: graph.SearchText})
	other := kindOf("Other", "other", nil, named())
	link := relationOf("LINKS", false, nil, []graph.End{{From: big, To: other}}, field("since", graph.Date))
	grown := graph.NewSchema([]*graph.Kind{other, big}, []*graph.Relation{link})
	for range 2 { // the second time there is nothing to do
		s = open(t, path, grown)
		label := stored(big, "label")
		p := &graph.Plan{Args: 4, Roots: []*graph.Select{
			{Name: "folded", Kinds: kinds(big), Fields: []graph.FieldRef{id, stored(big, "extra")}, Where: &graph.Cond{Op: graph.Contains, Field: label, Arg: 0}, Order: byID, Page: all()},
			{Name: "found", Kinds: kinds(big, other), Fields: []graph.FieldRef{id}, Search: &graph.Search{Term: 1, Words: 2, Longest: 3}, Page: all()},
		}}
		sets, err := s.Query(t.Context(), p, []any{"label b", "strasse b", []any{"strasse", "b"}, "strasse"})
		if err != nil {
			t.Fatal(err)
		}
		if want := []graph.Row{{"thing:b", nil}}; !reflect.DeepEqual(sets[0].Rows, want) {
			t.Errorf("the folded forms of what was there: %v, want %v", sets[0].Rows, want)
		}
		if want := []graph.Row{{"thing:b"}}; !reflect.DeepEqual(sets[1].Rows, want) {
			t.Errorf("search over what was there: %v, want %v", sets[1].Rows, want)
		}
		put(t, s, func(yield func(graph.Record, error) bool) {
			_ = yield(graph.NewNode(other, "other:o").Set("name", "O"), nil) && yield(graph.NewEdge(link, "thing:a", "other:o").Set("since", "2024-11-06"), nil)
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// An older program, whose schema lacks something, still reads what it knows.
	if got := export(t, open(t, path, small)); len(got) != 2 {
		t.Errorf("the smaller schema has %d records, want 2", len(got))
	}
	// What is held in another form is refused.
	for name, changed := range map[string]*graph.Schema{
		"the type of a field":   graph.NewSchema([]*graph.Kind{thing(field("label", graph.Int))}, nil),
		"the key of a relation": graph.NewSchema([]*graph.Kind{other, big}, []*graph.Relation{relationOf("LINKS", false, []*graph.Field{field("role", graph.String)}, nil)}),
		"one instead of many":   graph.NewSchema([]*graph.Kind{other, big}, []*graph.Relation{relationOf("LINKS", true, nil, nil)}),
	} {
		_, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Schema: changed})
		if graph.CodeOf(err) != graph.Conflict {
			t.Errorf("%s: %v, want a Conflict", name, err)
		}
	}
	// Nothing of a refused change is left.
	if got := export(t, open(t, path, grown)); len(got) != 4 {
		t.Errorf("%d records at the end, want 4", len(got))
	}
}

func TestRefused(t *testing.T) {
	d := newDomain()
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	newer, foreign, garbage := at("newer.db"), at("foreign.db"), at("garbage.db")
	if err := open(t, newer, d.Schema).Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, newer, "UPDATE _meta SET value = 99 WHERE name = 'format'")
	raw(t, foreign, "CREATE TABLE bookmarks (url TEXT)")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database at all\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, path string
		readOnly   bool
		code       graph.Code
		message    string
	}{
		{"newer", newer, false, graph.Conflict, "the database is of a newer version: its format is 99, and this program knows up to 1"},
		{"newer, for reading", newer, true, graph.Conflict, "the database is of a newer version: its format is 99, and this program knows up to 1"},
		{"of another program", foreign, false, graph.Invalid, "the file is a database of another program"},
		{"no database", garbage, false, graph.Invalid, "the file is no database"},
		{"a folder", folder, false, graph.Invalid, "the database file is a folder"},
		{"in no folder", at("missing/x.db"), false, graph.Invalid, "the folder of the database file does not exist"},
		{"missing", at("missing.db"), true, graph.Invalid, "the database file does not exist"},
		{"nameless", "", false, graph.Invalid, "the database has no file name"},
	} {
		_, err := sqlite.Open(t.Context(), sqlite.Config{Path: test.path, Schema: d.Schema, ReadOnly: test.readOnly})
		e, ok := err.(*graph.Error)
		if !ok || e.Code != test.code || e.Message != test.message {
			t.Errorf("%s: %v, want %s: %s", test.name, err, test.code, test.message)
		}
	}
	if os.Geteuid() != 0 { // root may write everything
		locked := at("locked.db")
		if err := os.WriteFile(locked, nil, 0o400); err != nil {
			t.Fatal(err)
		}
		_, err := sqlite.Open(t.Context(), sqlite.Config{Path: locked, Schema: d.Schema})
		if e, ok := err.(*graph.Error); !ok || e.Message != "the database file may not be opened" {
			t.Errorf("a file that may not be written: %v", err)
		}
	}
}

func TestNames(t *testing.T) {
	for name, schema := range map[string]*graph.Schema{
		"kinds that differ in case":  graph.NewSchema([]*graph.Kind{kindOf("Thing", "a", nil), kindOf("THING", "b", nil)}, nil),
		"a kind and a relation":      graph.NewSchema([]*graph.Kind{kindOf("Thing", "a", nil)}, []*graph.Relation{relationOf("THING", false, nil, nil)}),
		"a name of our own":          graph.NewSchema([]*graph.Kind{kindOf("_node", "a", nil)}, nil),
		"a field id":                 graph.NewSchema([]*graph.Kind{kindOf("Thing", "a", nil, field("ID", graph.String))}, nil),
		"a field of our own":         graph.NewSchema([]*graph.Kind{kindOf("Thing", "a", nil, field("_pk", graph.String))}, nil),
		"fields that share a column": graph.NewSchema([]*graph.Kind{kindOf("Thing", "a", nil, field("date.from", graph.String), field("date_from", graph.String))}, nil),
	} {
		_, err := sqlite.Open(t.Context(), sqlite.Config{Path: filepath.Join(t.TempDir(), "names.db"), Schema: schema})
		if graph.CodeOf(err) != graph.Internal {
			t.Errorf("%s: %v, want an Internal error", name, err)
		}
	}
}
