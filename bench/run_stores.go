package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The sizes.
const (
	smallSQLite, largeSQLite = 100_000, 1_000_000
	smallNeo4j, largeNeo4j   = 20_000, 200_000
)

// embedded runs the sections on SQLite.
func (r *run) embedded() error {
	at := func(records int) store {
		file := filepath.Join(r.dir, fmt.Sprintf("%d.db", records))
		return store{name: "embedded", records: records, database: file, floor: []string{"-sqlite", file}, importBar: barImport}
	}
	r.small, r.large = at(smallSQLite/r.divide), at(largeSQLite/r.divide)
	for _, s := range []store{r.small, r.large} {
		if _, err := os.Stat(s.database); err == nil {
			return fmt.Errorf("%s is there already: the benchmarks fill it, so take it away or use another --dir", s.database)
		}
	}
	return r.stores(barSQLite, func() error {
		// What the questions above made the server keep.
		used := megabytes(r.small.server.resident())
		r.add(line{Section: "embedded memory", What: "server under load", Ours: used, Unit: "MB", Figure: used, Bar: barMemory, AtMost: true})
		return nil
	})
}

// neo4j runs the sections on Neo4j. The larger graph is in a second database.
func (r *run) neo4j() error {
	at := func(records int, a account) store {
		return store{name: "Neo4j", records: records, database: a.uri, floor: []string{"-neo4j", a.uri}, account: a,
			warm: 10 * r.window}
	}
	for _, a := range []account{r.neo4jSmall, r.neo4jLarge} {
		if err := a.empty(r); err != nil {
			return err
		}
	}
	r.small, r.large = at(smallNeo4j/r.divide, r.neo4jSmall), at(largeNeo4j/r.divide, r.neo4jLarge)
	r.large.importBar, r.large.before = barImportNeo, r.small.records
	return r.stores(barNeo4j, func() error { return r.listeners("Neo4j live", r.small.server, 0) })
}

// stores fills the two stores and asks them. after runs when the smaller one was asked.
func (r *run) stores(bar float64, after func() error) (err error) {
	defer func() {
		for _, s := range []*store{&r.small, &r.large} {
			if s.server != nil {
				err = errors.Join(err, s.server.stop())
			}
		}
	}()
	small, err := r.fill(&r.small)
	if err != nil {
		return err
	}
	if err := r.wholeWay(&r.small, bar); err != nil {
		return err
	}
	if err := after(); err != nil {
		return err
	}
	if err := r.past(&r.small); err != nil {
		return err
	}
	if !r.growing {
		return nil
	}
	large, err := r.fill(&r.large)
	if err != nil {
		return err
	}
	if small.resident > 0 {
		r.add(line{Section: r.small.name + " import", What: "memory, ten times the records", Ours: megabytes(small.resident), Theirs: megabytes(large.resident),
			Unit: "MB", Figure: float64(large.resident) / float64(small.resident), Bar: barImportMore, AtMost: true})
	}
	return r.growth()
}
