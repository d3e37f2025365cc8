package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// writeFloor writes by hand the rows that a mutation of raidgraph has to leave, into the tables that raidgraph made, with their
// indexes: each request one transaction, as durable as ours. It checks nothing, and leaves out the index of the search.
type writeFloor struct {
	db                                                                                    *sql.DB
	sequence, key, node, source, compound, search, claim, subject, cites, change, touched *sql.Stmt
}

// written is a request: a source, or a compound with the source that says so.
type written struct {
	ChangeID, ID, Title, Name, Form, Source string
}

// writingDSN opens a file for writing, as durable as raidgraph does.
func writingDSN(path string) string {
	return fmt.Sprintf("file:%s?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=temp_store(memory)&_pragma=busy_timeout(5000)&_pragma=cache_size(-8192)",
		url.PathEscape(path))
}

func openWriteFloor(ctx context.Context, path string) (*writeFloor, error) {
	db, err := sql.Open("sqlite", writingDSN(path))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	f := &writeFloor{db: db}
	number := func(kind string) string { return "(SELECT number FROM _kind WHERE name = '" + kind + "')" }
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&f.sequence, `SELECT ifnull(max(sequence), 0) + 1 FROM Change`},
		{&f.key, `SELECT _pk FROM _node WHERE id = ?`},
		{&f.node, `INSERT INTO _node (id, kind) VALUES (?, CASE ? WHEN 'S' THEN ` + number("Source") + ` WHEN 'C' THEN ` + number("Compound") +
			` WHEN 'L' THEN ` + number("Claim") + ` ELSE ` + number("Change") + ` END)`},
		{&f.source, `INSERT INTO Source (_pk, id, title, seen, recordedAt, changedIn, _fold_title) VALUES (?, ?, ?, 1, ?, ?, ?)`},
		{&f.compound, `INSERT INTO Compound (_pk, id, name, form, recordedAt, changedIn, _fold_name, _fold_form) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&f.search, `INSERT INTO _search (_pk, kind, name, text) VALUES (?, 1, ?, ?)`},
		{&f.claim, `INSERT INTO Claim (_pk, id, property, value_type, value_text, recordedAt, changedIn) VALUES (?, ?, 'form', 'Text', ?, ?, ?)`},
		{&f.subject, `INSERT INTO SUBJECT (_src, _dst, _key, recordedAt, changedIn) VALUES (?, ?, '', ?, ?)`},
		{&f.cites, `INSERT INTO CITES (_src, _dst, _key, chain, hop, verb, recordedAt, changedIn) VALUES (?, ?, '0 0', 0, 0, 'SAID', ?, ?)`},
		{&f.change, `INSERT INTO Change (_pk, id, sequence, origin, created, complete, digest, recordedAt, changedIn) VALUES (?, ?, ?, 'MUTATION', ?, 1, ?, ?, ?)`},
		{&f.touched, `INSERT INTO TOUCHED (_src, _dst, _key, how, recordedAt, changedIn) VALUES (?, ?, '', 'CREATED', ?, ?)`},
	} {
		if *p.stmt, err = db.PrepareContext(ctx, p.text); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", p.text, err), db.Close())
		}
	}
	return f, nil
}

func (f *writeFloor) handle(mux *http.ServeMux) {
	for name, write := range map[string]func(*floorWriting, written){"createSource": (*floorWriting).createSource, "createCompound": (*floorWriting).createCompound} {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			var in written
			err := json.NewDecoder(r.Body).Decode(&in)
			var sequence int64
			if err == nil {
				sequence, err = f.commit(r.Context(), in, write)
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			writeJSON(w, answer{map[string]any{name: map[string]any{"change": map[string]any{"sequence": sequence}}}})
		})
	}
}

// commit writes what a request asks for in one transaction.
func (f *writeFloor) commit(ctx context.Context, in written, write func(*floorWriting, written)) (int64, error) {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }()
	w := &floorWriting{writeFloor: f, ctx: ctx, tx: tx, now: time.Now().UTC().Format(time.RFC3339)}
	w.number(f.sequence, &w.sequence)
	write(w, in)
	if w.err != nil {
		return 0, w.err
	}
	return w.sequence, tx.Commit()
}

// floorWriting is one transaction; err is the first failure.
type floorWriting struct {
	*writeFloor
	ctx      context.Context
	tx       *sql.Tx
	now      string
	sequence int64
	err      error
}

func (w *floorWriting) number(s *sql.Stmt, into *int64, args ...any) {
	if w.err == nil {
		w.err = w.tx.StmtContext(w.ctx, s).QueryRowContext(w.ctx, args...).Scan(into)
	}
}

func (w *floorWriting) exec(s *sql.Stmt, args ...any) (key int64) {
	if w.err != nil {
		return 0
	}
	var done sql.Result
	if done, w.err = w.tx.StmtContext(w.ctx, s).ExecContext(w.ctx, args...); w.err == nil {
		key, w.err = done.LastInsertId()
	}
	return key
}

func (w *floorWriting) createSource(in written) {
	key := w.exec(w.node, in.ID, "S")
	w.exec(w.source, key, in.ID, in.Title, w.now, w.sequence, strings.ToLower(in.Title))
	w.exec(w.search, key, strings.ToLower(in.Title), "")
	w.journal(in, key)
}

func (w *floorWriting) createCompound(in written) {
	key := w.exec(w.node, in.ID, "C")
	w.exec(w.compound, key, in.ID, in.Name, in.Form, w.now, w.sequence, strings.ToLower(in.Name), strings.ToLower(in.Form))
	w.exec(w.search, key, strings.ToLower(in.Name), "")
	id := "claim:" + in.ChangeID + "/0/form"
	claim := w.exec(w.node, id, "L")
	w.exec(w.claim, claim, id, in.Form, w.now, w.sequence)
	w.exec(w.subject, claim, key, w.now, w.sequence)
	var source int64
	w.number(w.key, &source, in.Source)
	w.exec(w.cites, claim, source, w.now, w.sequence)
	w.journal(in, key, claim)
}

// journal writes the change and what it touched.
func (w *floorWriting) journal(in written, touched ...int64) {
	id := "change:" + in.ChangeID
	key := w.exec(w.node, id, "")
	w.exec(w.change, key, id, w.sequence, len(touched), strings.Repeat("0", 64), w.now, w.sequence)
	for _, node := range touched {
		w.exec(w.touched, key, node, w.now, w.sequence)
	}
}

// bareCommits commits one row after another, as durable as raidgraph, without anything around it.
type bareCommits struct {
	db  *sql.DB
	put *sql.Stmt
}

func openBareCommits(ctx context.Context, path string) (*bareCommits, error) {
	db, err := sql.Open("sqlite", writingDSN(path))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	b := &bareCommits{db: db}
	if _, err = db.ExecContext(ctx, "CREATE TABLE bare (n INTEGER PRIMARY KEY, text TEXT NOT NULL)"); err == nil {
		b.put, err = db.PrepareContext(ctx, "INSERT INTO bare (text) VALUES (?)")
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return b, nil
}

func (b *bareCommits) load(_ int, window time.Duration) (sample, error) {
	var s sample
	start := time.Now()
	for s.elapsed < window {
		if _, err := b.put.Exec("a row"); err != nil {
			return s, err
		}
		s.requests++
		s.elapsed = time.Since(start)
	}
	return s, nil
}
