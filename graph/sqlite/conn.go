package sqlite

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net/url"
	"path/filepath"
	"strconv"

	"modernc.org/sqlite"
)

// conn is one connection, with the statements that were prepared on it. The driver is used without database/sql, which
// costs more than a lookup does.
type conn struct {
	driver.Conn
	prepared map[string]*list.Element
	recent   *list.List // of preparedStatement; the most recently used in front
	one      [2]driver.Value
}

type preparedStatement struct {
	sql  string
	stmt driver.Stmt
}

// mostPrepared bounds the statements that a connection keeps: a large one takes some 50 KB.
const mostPrepared = 128

// connect opens the file. A connection that only reads cannot write.
func connect(ctx context.Context, path string, pragmas []string, readOnly bool) (*conn, error) {
	q := url.Values{}
	q.Set("_dqs", "0")
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	if readOnly {
		q.Set("mode", "ro")
	}
	u := url.URL{Path: filepath.ToSlash(path)}
	connector, err := sqlite.NewConnector("file:" + u.EscapedPath() + "?" + q.Encode())
	if err != nil {
		return nil, err
	}
	c, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, prepared: map[string]*list.Element{}, recent: list.New()}, nil
}

// prepare is the statement, prepared before or now.
func (c *conn) prepare(ctx context.Context, sql string) (driver.Stmt, error) {
	if e := c.prepared[sql]; e != nil {
		c.recent.MoveToFront(e)
		return e.Value.(preparedStatement).stmt, nil
	}
	stmt, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, sql)
	if err != nil {
		return nil, err
	}
	c.prepared[sql] = c.recent.PushFront(preparedStatement{sql: sql, stmt: stmt})
	if c.recent.Len() > mostPrepared {
		last := c.recent.Remove(c.recent.Back()).(preparedStatement)
		delete(c.prepared, last.sql)
		if err := last.stmt.Close(); err != nil {
			return nil, err
		}
	}
	return stmt, nil
}

// exec runs a statement that has no answer.
func (c *conn) exec(ctx context.Context, sql string, args ...driver.NamedValue) (driver.Result, error) {
	stmt, err := c.prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	return stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// query runs a statement and calls yield for each row, with values that are good until it returns.
func (c *conn) query(ctx context.Context, sql string, args []driver.NamedValue, yield func([]driver.Value) error) (err error) {
	stmt, err := c.prepare(ctx, sql)
	if err != nil {
		return err
	}
	rows, err := stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := c.one[:]
	if n := len(rows.Columns()); n <= len(row) {
		row = row[:n]
	} else {
		row = make([]driver.Value, n)
	}
	for n := 0; ; n++ {
		if n%256 == 255 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch err := rows.Next(row); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := yield(row); err != nil {
			return err
		}
	}
}

// text is the first value of the first row; empty where there is none.
func (c *conn) text(ctx context.Context, sql string, args ...driver.NamedValue) (string, error) {
	var s string
	err := c.query(ctx, sql, args, func(row []driver.Value) error {
		switch v := row[0].(type) {
		case string:
			s = v
		case int64:
			s = strconv.FormatInt(v, 10)
		}
		return nil
	})
	return s, err
}

func (c *conn) close() error {
	var failed error
	for e := c.recent.Front(); e != nil; e = e.Next() {
		failed = errors.Join(failed, e.Value.(preparedStatement).stmt.Close())
	}
	return errors.Join(failed, c.Conn.Close())
}

// arg is a value bound at a place, counted from 1.
func arg(place int, v any) driver.NamedValue { return driver.NamedValue{Ordinal: place, Value: v} }
