package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// format is the version of how a graph is laid out in a file. A change of it needs a step in migrations.
const format = 1

// applicationID marks the file as ours, for programs that tell kinds of files apart.
const applicationID = 0x52414944

// migrations lead from each format to the next: the first one from 1 to 2.
var migrations = []migration{}

// migration changes a file's layout, in the transaction that also writes the new format.
type migration func(ctx context.Context, c *conn) error

// setUp makes or extends the tables and prepares the store's statements.
func (s *Store) setUp(ctx context.Context, c *conn, readOnly bool) error {
	stored, err := storedLayout(ctx, c)
	if err != nil {
		return err
	}
	switch {
	case readOnly && (stored.format != format || stored.lacks(s.schema)):
		return graph.Errorf(graph.Invalid, "the database is of an older version: open it for writing once")
	case stored.format != format || stored.lacks(s.schema):
		if err := upgrade(ctx, c, s.schema, format, migrations); err != nil {
			return err
		}
	}
	return s.prepareTables(ctx, c)
}

// layout is what a file says of itself.
type layout struct {
	format int               // 0 for an empty file
	lines  map[string]string // the schema it was made for: see describe
}

// lacks says whether the schema has something that the file was not made for.
func (l layout) lacks(s *graph.Schema) bool {
	for _, d := range describe(s) {
		if l.lines[d.name] != d.form {
			return true
		}
	}
	return false
}

// description says in what form the file holds something.
type description struct{ name, form string }

// describe lists what a file holds for a schema.
func describe(s *graph.Schema) []description {
	var out []description
	fields := func(owner string, of []*graph.Field) {
		for _, f := range of {
			form := columnType(f.Type) + flag(f.Index, " index") + flag(f.Text, " text") + flag(f.Search != graph.SearchNone, fmt.Sprintf(" search %d", f.Search))
			out = append(out, description{"field " + owner + " " + f.Column, form})
		}
	}
	for _, k := range s.Kinds {
		out = append(out, description{"kind " + k.Name, k.Prefix})
		fields(k.Name, k.Fields)
	}
	for _, r := range s.Relations {
		form := flag(r.One, "one") + flag(!r.One, "many")
		for _, f := range r.Key {
			form += " " + f.Column
		}
		out = append(out, description{"relation " + r.Type, form})
		fields(r.Type, r.Props)
	}
	return out
}

func flag(set bool, word string) string {
	if set {
		return word
	}
	return ""
}

// storedLayout reads what the file says of itself, and refuses a file that is not ours or newer than this program.
func storedLayout(ctx context.Context, c *conn) (layout, error) {
	l := layout{lines: map[string]string{}}
	tables, err := c.text(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil || tables == "0" {
		return l, err
	}
	meta, err := c.text(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = '_meta'")
	if err != nil {
		return l, err
	}
	if meta == "0" {
		return l, graph.Errorf(graph.Invalid, "the file is a database of another program")
	}
	text, err := c.text(ctx, "SELECT value FROM _meta WHERE name = 'format'")
	if err != nil {
		return l, err
	}
	if l.format, err = strconv.Atoi(text); err != nil || l.format < 1 {
		return l, graph.Errorf(graph.Invalid, "the file is a database of another program")
	}
	if l.format > format {
		return l, graph.Errorf(graph.Conflict, "the database is of a newer version: its format is %d, and this program knows up to %d", l.format, format)
	}
	err = c.query(ctx, "SELECT name, value FROM _meta WHERE name <> 'format'", nil, func(row []driver.Value) error {
		l.lines[row[0].(string)], _ = row[1].(string)
		return nil
	})
	return l, err
}

// upgrade brings a file to a format and a schema, in one transaction.
func upgrade(ctx context.Context, c *conn, s *graph.Schema, to int, steps []migration) (err error) {
	if _, err := c.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		end := "COMMIT"
		if err != nil {
			end = "ROLLBACK"
		}
		if _, e := c.exec(context.WithoutCancel(ctx), end); err == nil {
			err = e
		}
	}()
	// Another process may have done it between.
	stored, err := storedLayout(ctx, c)
	if err != nil {
		return err
	}
	if stored.format == 0 {
		stored.format = to
		if err := runAll(ctx, c, baseTables()); err != nil {
			return err
		}
	}
	for ; stored.format < to; stored.format++ {
		if err := steps[stored.format-1](ctx, c); err != nil {
			return err
		}
	}
	if err := extend(ctx, c, s, stored); err != nil {
		return err
	}
	return remember(ctx, c, s, to)
}

// remember writes what the file now is.
func remember(ctx context.Context, c *conn, s *graph.Schema, format int) error {
	const write = "INSERT INTO _meta (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value"
	if _, err := c.exec(ctx, write, arg(1, "format"), arg(2, strconv.Itoa(format))); err != nil {
		return err
	}
	for _, d := range describe(s) {
		if _, err := c.exec(ctx, write, arg(1, d.name), arg(2, d.form)); err != nil {
			return err
		}
	}
	return nil
}

func baseTables() []string {
	return []string{
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		"CREATE TABLE _meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
		"CREATE TABLE _kind (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
		"CREATE TABLE _node (_pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL)",
		"CREATE TABLE _search (_pk INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL)",
		"CREATE VIRTUAL TABLE _grams USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii')",
	}
}

func runAll(ctx context.Context, c *conn, statements []string) error {
	for _, statement := range statements {
		if _, err := c.exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// prepareTables reads the numbers of the kinds and makes the statements that write.
func (s *Store) prepareTables(ctx context.Context, c *conn) error {
	s.numbers = map[*graph.Kind]int64{}
	s.tables = map[*graph.Kind]*kindTable{}
	s.edges = map[*graph.Relation]*relationTable{}
	err := c.query(ctx, "SELECT number, name FROM _kind", nil, func(row []driver.Value) error {
		if k := s.schema.Kind(row[1].(string)); k != nil {
			s.numbers[k] = row[0].(int64)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range s.schema.Kinds {
		s.tables[k] = newKindTable(s.schema, k, s.numbers[k])
	}
	for _, r := range s.schema.Relations {
		s.edges[r] = newRelationTable(s.schema, r)
	}
	return nil
}

// columnsOf are the columns that a table has; none where there is no such table.
func columnsOf(ctx context.Context, c *conn, table string) (map[string]bool, error) {
	columns := map[string]bool{}
	err := c.query(ctx, "SELECT name FROM pragma_table_info(?1)", []driver.NamedValue{arg(1, table)}, func(row []driver.Value) error {
		columns[strings.ToLower(row[0].(string))] = true
		return nil
	})
	return columns, err
}
