package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

func testSchema() *graph.Schema {
	thing := &graph.Kind{Name: "Thing", Prefix: "thing", Fields: append([]*graph.Field{{Name: "name", Type: graph.String}}, graph.SystemFields()...)}
	return graph.NewSchema([]*graph.Kind{thing}, nil)
}

// TestMigrate takes a file of format 1 for one that is older by two.
func TestMigrate(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, Config{Path: filepath.Join(t.TempDir(), "old.db"), Schema: testSchema()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := <-s.writing
	defer func() { s.writing <- c }()
	if _, err := c.exec(ctx, "CREATE TABLE _old (n INTEGER)"); err != nil {
		t.Fatal(err)
	}
	count := func(statement string) string {
		t.Helper()
		n, err := c.text(ctx, statement)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	step := func(statement string) migration {
		return func(ctx context.Context, c *conn) error {
			_, err := c.exec(ctx, statement)
			return err
		}
	}
	const tables = "SELECT group_concat(name) FROM sqlite_schema WHERE name IN ('_old', '_new', '_newer')"
	broken := errors.New("the second step breaks")
	err = upgrade(ctx, c, s.schema, 3, []migration{step("ALTER TABLE _old RENAME TO _new"), func(context.Context, *conn) error { return broken }})
	if !errors.Is(err, broken) {
		t.Errorf("a step that breaks: %v", err)
	}
	if got := count(tables); got != "_old" {
		t.Errorf("after a step that broke there is %s, want _old", got)
	}
	if err := upgrade(ctx, c, s.schema, 3, []migration{step("ALTER TABLE _old RENAME TO _new"), step("ALTER TABLE _new RENAME TO _newer")}); err != nil {
		t.Fatal(err)
	}
	if got := count(tables); got != "_newer" {
		t.Errorf("after two steps there is %s, want _newer", got)
	}
	if got := count("SELECT value FROM _meta WHERE name = 'format'"); got != "3" {
		t.Errorf("the format is %s, want 3", got)
	}
	if _, err := storedLayout(ctx, c); graph.CodeOf(err) != graph.Conflict {
		t.Errorf("this program opens format 3: %v", err)
	}
}

// TestFormat holds that each format has a way to the next.
func TestFormat(t *testing.T) {
	if len(migrations) != format-1 {
		t.Errorf("format %d has %d migrations, want %d", format, len(migrations), format-1)
	}
}

// TestDurable holds what makes a commit outlive a crash.
func TestDurable(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, Config{Path: filepath.Join(t.TempDir(), "durable.db"), Schema: testSchema()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := <-s.writing
	defer func() { s.writing <- c }()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "0", "busy_timeout": "5000"} {
		if got, err := c.text(ctx, "PRAGMA "+pragma); err != nil || got != want {
			t.Errorf("%s is %s, want %s (%v)", pragma, got, want, err)
		}
	}
	r, err := s.readers.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer s.readers.give(r)
	if _, err := r.exec(ctx, "DELETE FROM _meta"); err == nil {
		t.Error("a connection for reading writes")
	}
}
