package sqlite

import (
	"fmt"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// Tables and columns are named as the schema names kinds, relations, fields and properties, in quotes. What is the store's
// own begins with "_" (and the id is "id"), so that the two never meet:
//
//	_node(_pk, id, kind)                one row a node; kind is a number of _kind
//	"Raid"(_pk, id, <column>..., _fold_<column>...)
//	"TARGETED"(_src, _dst, _key, <property>...)
//	_search(_pk, kind, name, text)      one row a node that search can find, with its search keys
//	_grams(rowid, grams)                the index of these: see grams.go

// quote quotes a name of the schema for a statement.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// foldColumn is where the folded form of a Text field is kept.
func foldColumn(f *graph.Field) string { return quote("_fold_" + f.Column) }

// checkNames says whether the schema's names can stand beside each other and beside the store's own: SQLite does not tell
// names apart by case.
func checkNames(s *graph.Schema) error {
	tables := map[string]string{}
	claim := func(name string) error {
		if strings.HasPrefix(name, "_") || strings.HasPrefix(strings.ToLower(name), "sqlite") {
			return graph.Errorf(graph.Internal, "the schema has the name %s, which is the database's own", name)
		}
		if other, taken := tables[strings.ToLower(name)]; taken {
			return graph.Errorf(graph.Internal, "the schema has the names %s and %s, which the database cannot tell apart", other, name)
		}
		tables[strings.ToLower(name)] = name
		return nil
	}
	for _, k := range s.Kinds {
		if err := claim(k.Name); err != nil {
			return err
		}
		if err := checkColumns(k.Name, k.Fields); err != nil {
			return err
		}
	}
	for _, r := range s.Relations {
		if err := claim(r.Type); err != nil {
			return err
		}
		if err := checkColumns(r.Type, r.Props); err != nil {
			return err
		}
	}
	return nil
}

func checkColumns(owner string, fields []*graph.Field) error {
	seen := map[string]bool{"id": true}
	for _, f := range fields {
		c := strings.ToLower(f.Column)
		if seen[c] || strings.HasPrefix(c, "_") {
			return graph.Errorf(graph.Internal, "%s has a field %s, whose column %s cannot be made", owner, f.Name, f.Column)
		}
		seen[c] = true
	}
	return nil
}

// columnType is the type that a field's column is declared with.
func columnType(t graph.Type) string {
	switch t {
	case graph.Int, graph.Boolean:
		return "INTEGER"
	case graph.Float:
		return "REAL"
	}
	return "TEXT"
}

// joined writes one item for each element, joined by ", ".
func joined[T any](of []T, write func(T) string) string {
	parts := make([]string, len(of))
	for i, v := range of {
		parts[i] = write(v)
	}
	return strings.Join(parts, ", ")
}

// literal writes a text of the schema as a literal of a statement.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// indent moves a statement's part in by two spaces and puts it in parentheses.
func indent(q string) string { return "(\n  " + strings.ReplaceAll(q, "\n", "\n  ") + "\n)" }

// bound is where a plan's argument is bound.
func bound(a graph.Arg) string { return fmt.Sprintf("?%d", a+1) }
