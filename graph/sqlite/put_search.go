package sqlite

import (
	"context"
	"database/sql/driver"

	"github.com/raidgraph/raidgraph/graph"
)

// addSearch writes what search finds a node by.
func addSearch(ctx context.Context, c *conn, pk, kind int64, n *graph.Node) error {
	name, text := n.SearchKeys()
	if name == "" && text == "" {
		return nil
	}
	_, err := c.exec(ctx, "INSERT INTO _search (_pk, kind, name, text) VALUES (?, ?, ?, ?)", arg(1, pk), arg(2, kind), arg(3, name), arg(4, text))
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, "INSERT INTO _grams (rowid, grams) VALUES (?, ?)", arg(1, pk), arg(2, keyGrams(name, text)))
	return err
}

// dropSearch takes away what search found a node by. The index has to be told what it held.
func dropSearch(ctx context.Context, c *conn, pk int64) error {
	var name, text string
	found := false
	err := c.query(ctx, "SELECT name, text FROM _search WHERE _pk = ?", []driver.NamedValue{arg(1, pk)}, func(row []driver.Value) error {
		name, _ = row[0].(string)
		text, _ = row[1].(string)
		found = true
		return nil
	})
	if err != nil || !found {
		return err
	}
	_, err = c.exec(ctx, "INSERT INTO _grams (_grams, rowid, grams) VALUES ('delete', ?, ?)", arg(1, pk), arg(2, keyGrams(name, text)))
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, "DELETE FROM _search WHERE _pk = ?", arg(1, pk))
	return err
}
