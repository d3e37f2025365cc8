package sqlite

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// kindTable holds the statements for one kind. Values are bound in the order of Kind.Fields, then the folded forms.
type kindTable struct {
	kind   *graph.Kind
	number int64
	folded []*graph.Field
	// updated and compared are the fields that an update writes, and those that make a node differ.
	updated, compared []*graph.Field
	search            bool // search finds nodes of the kind

	insert string // _pk, id, values, folded forms
	update string // what is updated, folded forms, _pk, then what is compared
	// differing is the state of a node, by _pk and what is compared, where it is another one.
	differing string
	read      string // every node: id and values, by id
	remove    string // _pk
	// loose are statements that remove every relationship of a node of the kind, by _pk.
	loose []string
}

// relationTable holds the statements for one relation.
type relationTable struct {
	relation *graph.Relation
	// updated and compared are the properties that an update writes, and those that make a relationship differ.
	updated, compared []*graph.Field

	insert  string   // _src, _dst, _key, values; does nothing where there is such a relationship
	update  string   // what is updated, _src, _dst, _key, then what is compared
	replace string   // of a One: removes the relationship that is another: _src, _dst, _key
	remove  string   // _src, _dst, _key
	read    []string // every relationship, by the ids of its ends and its key: one statement a kind of the start
	// differing is the state of a relationship, by _src, _dst, _key and what is compared, where it is another one; others, of a
	// One, are those that replace removes, each with the id that it leads to.
	differing, others string
}

// updated are the fields that an update writes: recordedAt stays.
func updated(fields []*graph.Field) []*graph.Field { return without(fields, graph.RecordedAt, "") }

// compared are the fields that make something differ.
func compared(fields []*graph.Field) []*graph.Field {
	return without(fields, graph.RecordedAt, graph.ChangedIn)
}

func without(fields []*graph.Field, one, other string) []*graph.Field {
	out := make([]*graph.Field, 0, len(fields))
	for _, f := range fields {
		if f.Name != one && f.Name != other {
			out = append(out, f)
		}
	}
	return out
}

func column(f *graph.Field) string { return quote(f.Column) }

func assigned(f *graph.Field) string { return quote(f.Column) + " = " + written(f) }

// written is what an update makes of the value bound: the earlier of it and what is there, where Field.Earliest asks for that.
// A moment is a text that begins with a digit, so before the tilde.
func written(f *graph.Field) string {
	if f.Earliest {
		return fmt.Sprintf("NULLIF(MIN(IFNULL(%s, '~'), IFNULL(?, '~')), '~')", column(f))
	}
	return "?"
}

// places are n places of arguments.
func places(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// differ is a condition that holds where one of the fields has another value than the one bound.
func differ(fields []*graph.Field) string {
	return "(" + joined(fields, column) + ") IS NOT (" + joined(fields, written) + ")"
}

func newKindTable(s *graph.Schema, k *graph.Kind, number int64) *kindTable {
	t := &kindTable{kind: k, number: number, updated: updated(k.Fields), compared: compared(k.Fields)}
	table := quote(k.Name)
	for _, f := range k.Fields {
		if f.Text {
			t.folded = append(t.folded, f)
		}
		t.search = t.search || f.Search != graph.SearchNone
	}
	columns := append([]string{"_pk", "id"}, splitList(k.Fields, column)...)
	columns = append(columns, splitList(t.folded, foldColumn)...)
	t.insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(columns, ", "), places(len(columns)))
	sets := append(splitList(t.updated, assigned), splitList(t.folded, func(f *graph.Field) string { return foldColumn(f) + " = ?" })...)
	t.update = fmt.Sprintf("UPDATE %s SET %s WHERE _pk = ? AND %s", table, strings.Join(sets, ", "), differ(t.compared))
	t.differing = fmt.Sprintf("SELECT %s FROM %s WHERE _pk = ? AND %s", joined(k.Fields, column), table, differ(t.compared))
	t.read = fmt.Sprintf("SELECT id, %s FROM %s ORDER BY id", joined(k.Fields, column), table)
	t.remove = fmt.Sprintf("DELETE FROM %s WHERE _pk = ?", table)
	for _, r := range s.Relations {
		if len(r.Far(k, true)) > 0 {
			t.loose = append(t.loose, fmt.Sprintf("DELETE FROM %s WHERE _src = ?", quote(r.Type)))
		}
		if len(r.Far(k, false)) > 0 {
			t.loose = append(t.loose, fmt.Sprintf("DELETE FROM %s WHERE _dst = ?", quote(r.Type)))
		}
	}
	return t
}

func splitList(fields []*graph.Field, write func(*graph.Field) string) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = write(f)
	}
	return out
}

func newRelationTable(s *graph.Schema, r *graph.Relation) *relationTable {
	t := &relationTable{relation: r, updated: updated(r.Props), compared: compared(r.Props)}
	table := quote(r.Type)
	if r.One {
		t.replace = fmt.Sprintf("DELETE FROM %s WHERE _src = ? AND (_dst, _key) IS NOT (?, ?)", table)
		t.others = fmt.Sprintf("SELECT d.id, %s FROM %s AS e CROSS JOIN _node AS d ON d._pk = e._dst WHERE e._src = ? AND (e._dst, e._key) IS NOT (?, ?)",
			joined(r.Props, func(f *graph.Field) string { return "e." + column(f) }), table)
	}
	const same = "_src = ? AND _dst = ? AND _key = ?"
	columns := append([]string{"_src", "_dst", "_key"}, splitList(r.Props, column)...)
	t.insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING", table, strings.Join(columns, ", "), places(len(columns)))
	t.update = fmt.Sprintf("UPDATE %s SET %s WHERE %s AND %s", table, joined(t.updated, assigned), same, differ(t.compared))
	t.differing = fmt.Sprintf("SELECT %s FROM %s WHERE %s AND %s", joined(r.Props, column), table, same, differ(t.compared))
	t.remove = fmt.Sprintf("DELETE FROM %s WHERE %s", table, same)
	for _, k := range starts(s, r) {
		t.read = append(t.read, fmt.Sprintf("SELECT s.id, d.id, %s FROM %s AS s CROSS JOIN %s AS e ON e._src = s._pk CROSS JOIN _node AS d ON d._pk = e._dst ORDER BY s.id, d.id, e._key",
			joined(r.Props, func(f *graph.Field) string { return "e." + column(f) }), quote(k.Name), table))
	}
	return t
}
