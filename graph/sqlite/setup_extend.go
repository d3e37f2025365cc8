package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// extend makes the tables, columns and indexes that the schema has and the file lacks, and fills what is derived. What the
// file has and the schema lacks stays as it is.
func extend(ctx context.Context, c *conn, s *graph.Schema, stored layout) error {
	for _, k := range s.Kinds {
		if _, err := c.exec(ctx, "INSERT INTO _kind (name) VALUES (?1) ON CONFLICT DO NOTHING", arg(1, k.Name)); err != nil {
			return err
		}
	}
	for _, d := range describe(s) {
		if before, ok := stored.lines[d.name]; ok && !fits(d, before) {
			return graph.Errorf(graph.Conflict, "the database holds the %s in another form: export it with the program that made it, and import it into a new database", d.name)
		}
	}
	for _, k := range s.Kinds {
		if err := extendKind(ctx, c, k, stored); err != nil {
			return err
		}
	}
	for _, r := range s.Relations {
		if err := extendRelation(ctx, c, r); err != nil {
			return err
		}
	}
	return nil
}

// fits says whether what was held in one form can be held in the form now described: a field keeps its type, everything
// else keeps all of its form.
func fits(d description, before string) bool {
	if strings.HasPrefix(d.name, "field ") {
		now, _, _ := strings.Cut(d.form, " ")
		was, _, _ := strings.Cut(before, " ")
		return now == was
	}
	return d.form == before
}

func extendKind(ctx context.Context, c *conn, k *graph.Kind, stored layout) error {
	table := quote(k.Name)
	made := []string{"_pk INTEGER PRIMARY KEY", "id TEXT NOT NULL UNIQUE"}
	columns := map[string]string{}
	var names []string
	add := func(name, typ string) {
		columns[name] = quote(name) + " " + typ
		names = append(names, name)
	}
	var indexes []string
	for _, f := range k.Fields {
		add(f.Column, columnType(f.Type))
		if f.Index {
			indexes = append(indexes, fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s ON %s (%s, id)", quote(k.Name+"."+f.Column), table, column(f)))
		}
	}
	for _, f := range k.Fields {
		if f.Text {
			add("_fold_"+f.Column, "TEXT")
		}
	}
	if err := makeTable(ctx, c, k.Name, made, names, columns, ""); err != nil {
		return err
	}
	if err := runAll(ctx, c, indexes); err != nil {
		return err
	}
	if _, existed := stored.lines["kind "+k.Name]; !existed {
		return nil
	}
	return derive(ctx, c, k, stored)
}

func extendRelation(ctx context.Context, c *conn, r *graph.Relation) error {
	made := []string{"_src INTEGER NOT NULL", "_dst INTEGER NOT NULL", "_key TEXT NOT NULL"}
	end := ", PRIMARY KEY (_src, _dst, _key)) WITHOUT ROWID"
	if r.One {
		made[0], end = "_src INTEGER PRIMARY KEY", ""
	}
	columns := map[string]string{}
	var names []string
	for _, f := range r.Props {
		columns[f.Column] = quote(f.Column) + " " + columnType(f.Type)
		names = append(names, f.Column)
	}
	if err := makeTable(ctx, c, r.Type, made, names, columns, end); err != nil {
		return err
	}
	return runAll(ctx, c, []string{fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s ON %s (_dst, _src)", quote(r.Type+"._dst"), quote(r.Type))})
}

// makeTable makes a table, or the columns that it lacks.
func makeTable(ctx context.Context, c *conn, name string, own, names []string, columns map[string]string, end string) error {
	have, err := columnsOf(ctx, c, name)
	if err != nil {
		return err
	}
	if len(have) == 0 {
		for _, n := range names {
			own = append(own, columns[n])
		}
		if end == "" {
			end = ")"
		}
		return runAll(ctx, c, []string{"CREATE TABLE " + quote(name) + " (" + strings.Join(own, ", ") + end})
	}
	for _, n := range names {
		if have[strings.ToLower(n)] {
			continue
		}
		if err := runAll(ctx, c, []string{"ALTER TABLE " + quote(name) + " ADD COLUMN " + columns[n]}); err != nil {
			return err
		}
	}
	return nil
}

// derive fills the folded forms and search keys of a kind's nodes, where the schema now asks for some that it did not ask
// for when the nodes were written.
func derive(ctx context.Context, c *conn, k *graph.Kind, stored layout) error {
	changed := false
	for _, f := range k.Fields {
		form := stored.lines["field "+k.Name+" "+f.Column]
		had := strings.Contains(form, " text") == f.Text && strings.Contains(form, " search") == (f.Search != graph.SearchNone)
		changed = changed || form != "" && !had
	}
	if !changed {
		return nil
	}
	text, err := c.text(ctx, "SELECT number FROM _kind WHERE name = ?1", arg(1, k.Name))
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	const some = 500
	read := fmt.Sprintf("SELECT _pk, id, %s FROM %s WHERE _pk > ?1 ORDER BY _pk LIMIT %d", joined(k.Fields, column), quote(k.Name), some)
	for last, n := int64(0), some; n == some; {
		var nodes []*graph.Node
		var keys []int64
		err := c.query(ctx, read, []driver.NamedValue{arg(1, last)}, func(row []driver.Value) error {
			values, err := valuesOf(k.Fields, row[2:])
			last = row[0].(int64)
			keys = append(keys, last)
			nodes = append(nodes, &graph.Node{Kind: k, ID: row[1].(string), Values: values})
			return err
		})
		if err != nil {
			return err
		}
		for i, node := range nodes {
			if err := deriveNode(ctx, c, node, keys[i], number); err != nil {
				return err
			}
		}
		n = len(nodes)
	}
	return nil
}

func deriveNode(ctx context.Context, c *conn, n *graph.Node, pk, number int64) error {
	for _, f := range n.Kind.Fields {
		s, ok := n.Values[f.Position].(string)
		if !f.Text || !ok {
			continue
		}
		set := fmt.Sprintf("UPDATE %s SET %s = ?1 WHERE _pk = ?2", quote(n.Kind.Name), foldColumn(f))
		if _, err := c.exec(ctx, set, arg(1, graph.Fold(s)), arg(2, pk)); err != nil {
			return err
		}
	}
	if err := dropSearch(ctx, c, pk); err != nil {
		return err
	}
	return addSearch(ctx, c, pk, number, n)
}
