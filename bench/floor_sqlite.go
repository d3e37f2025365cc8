package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// sqliteCache is how much memory the floor's connections have for pages of the file: what raidgraph gives its readers.
const sqliteCache = 24 << 20

// sqliteFloors opens the file that raidgraph made, with database/sql, and prepares the statements.
func sqliteFloors(path string) (floors, *sql.DB, error) {
	connections := max(runtime.GOMAXPROCS(0), 2)
	dsn := fmt.Sprintf("file:%s?mode=ro&_pragma=query_only(1)&_pragma=temp_store(memory)&_pragma=busy_timeout(5000)&_pragma=cache_size(%d)",
		url.PathEscape(path), -sqliteCache/connections/1024)
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s := &sqliteFloor{}
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&s.lookup, `SELECT id, name, date_edtf, date_from, date_to, date_basis, contested FROM Raid WHERE id = ?`},
		{&s.list, `SELECT id, name, date_edtf, date_from, date_to, contested FROM Raid WHERE date_from >= ? AND contested = 1
			ORDER BY date_from, id LIMIT 51`},
		{&s.compounds, `SELECT _pk, id, name FROM Compound ORDER BY id LIMIT 50`},
		{&s.raidsOf, `SELECT r._pk, r.id, r.name, r.date_from FROM TARGETED t CROSS JOIN Raid r ON r._pk = t._src
			WHERE t._dst = ? ORDER BY r.id LIMIT 10`},
		{&s.claimsOf, `SELECT c.id, c.property, c.measure FROM SUBJECT s CROSS JOIN Claim c ON c._pk = s._src
			WHERE s._dst = ? ORDER BY c.id LIMIT 5`},
		{&s.province, `SELECT _pk, id, name FROM Province WHERE id = ?`},
		{&s.provinceRaids, `SELECT r.id, r.name, r.date_from FROM LOCATED_IN l CROSS JOIN Raid r ON r._pk = l._src
			WHERE l._dst = ? ORDER BY r.date_from DESC NULLS FIRST, r.id LIMIT 25`},
		{&s.provinceTotal, `SELECT count(*) FROM LOCATED_IN l CROSS JOIN Raid r ON r._pk = l._src WHERE l._dst = ?`},
		{&s.source, `SELECT _pk, id, title FROM Source WHERE id = ?`},
		{&s.sourceClaims, `SELECT c.id, c.property, c.publishedAt FROM (SELECT DISTINCT _src FROM CITES WHERE _dst = ?) e
			CROSS JOIN Claim c ON c._pk = e._src ORDER BY c.id LIMIT 25`},
		{&s.sourceTotal, `SELECT count(*) FROM (SELECT DISTINCT _src FROM CITES WHERE _dst = ?) e CROSS JOIN Claim c ON c._pk = e._src`},
		{&s.farEnd, `SELECT r.id, r.name, r.date_from, r.contested FROM Raid r WHERE r._pk IN (
			SELECT p._dst FROM Agency a CROSS JOIN PARTICIPATED_IN p ON p._src = a._pk WHERE a.id = ? AND p.role = 'LEAD')
			ORDER BY r.date_from DESC NULLS FIRST, r.id LIMIT 25`},
		{&s.thousand, `SELECT id, property, measure, share, publishedAt FROM Claim ORDER BY publishedAt NULLS LAST, id LIMIT 1000`},
	} {
		if *p.stmt, err = db.Prepare(p.text); err != nil {
			return nil, nil, errors.Join(fmt.Errorf("%s: %w", p.text, err), db.Close())
		}
	}
	return floors{"lookup": s.askLookup, "list": s.askList, "nested": s.askNested, "hub": s.askHub, "hubsource": s.askHubSource,
		"farend": s.askFarEnd, "thousand": s.askThousand}, db, nil
}

type sqliteFloor struct {
	lookup, list, compounds, raidsOf, claimsOf, province, provinceRaids, provinceTotal *sql.Stmt
	source, sourceClaims, sourceTotal, farEnd, thousand                                *sql.Stmt
}

// each runs a statement and scans each row.
func each(ctx context.Context, s *sql.Stmt, scan func(*sql.Rows) error, args ...any) (err error) {
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *sqliteFloor) askLookup(ctx context.Context, values url.Values) (any, error) {
	r := &raidFull{}
	err := s.lookup.QueryRowContext(ctx, values.Get("id")).Scan(&r.ID, &r.Name, &r.Date.EDTF, &r.Date.From, &r.Date.To, &r.Date.Basis, &r.Contested)
	if errors.Is(err, sql.ErrNoRows) {
		return lookupAnswer{}, nil
	}
	return lookupAnswer{r}, err
}

func (s *sqliteFloor) askList(ctx context.Context, values url.Values) (any, error) {
	a := listAnswer{}
	of := make([]raidListed, 0, 51)
	err := each(ctx, s.list, func(rows *sql.Rows) error {
		var r raidListed
		err := rows.Scan(&r.ID, &r.Name, &r.Date.EDTF, &r.Date.From, &r.Date.To, &r.Contested)
		of = append(of, r)
		return err
	}, values.Get("from"))
	if a.Raids.PageInfo.HasNextPage = len(of) > 50; a.Raids.PageInfo.HasNextPage {
		of = of[:50]
	}
	a.Raids.Nodes = of
	return a, err
}

func (s *sqliteFloor) askNested(ctx context.Context, _ url.Values) (any, error) {
	a := nestedAnswer{}
	var keys []int64
	err := each(ctx, s.compounds, func(rows *sql.Rows) error {
		c := &compoundNested{}
		var pk int64
		err := rows.Scan(&pk, &c.ID, &c.Name)
		keys, a.Compounds.Nodes = append(keys, pk), append(a.Compounds.Nodes, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, c := range a.Compounds.Nodes {
		if err := s.raids(ctx, c, keys[i]); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (s *sqliteFloor) raids(ctx context.Context, c *compoundNested, key int64) error {
	c.Raids.Nodes = make([]*raidNested, 0, 10)
	keys := make([]int64, 0, 10)
	err := each(ctx, s.raidsOf, func(rows *sql.Rows) error {
		r := &raidNested{}
		var pk int64
		err := rows.Scan(&pk, &r.ID, &r.Name, &r.Date.From)
		keys, c.Raids.Nodes = append(keys, pk), append(c.Raids.Nodes, r)
		return err
	}, key)
	if err != nil {
		return err
	}
	for i, r := range c.Raids.Nodes {
		r.Claims.Nodes = make([]claimNested, 0, 5)
		err := each(ctx, s.claimsOf, func(rows *sql.Rows) error {
			var c claimNested
			err := rows.Scan(&c.ID, &c.Property, &c.Measure)
			r.Claims.Nodes = append(r.Claims.Nodes, c)
			return err
		}, keys[i])
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteFloor) askHub(ctx context.Context, values url.Values) (any, error) {
	p := &provinceHub{}
	var pk int64
	if err := s.province.QueryRowContext(ctx, values.Get("id")).Scan(&pk, &p.ID, &p.Name); err != nil {
		return nil, err
	}
	if err := s.provinceTotal.QueryRowContext(ctx, pk).Scan(&p.Raids.Total); err != nil {
		return nil, err
	}
	p.Raids.Nodes = make([]raidHub, 0, 25)
	return hubAnswer{p}, each(ctx, s.provinceRaids, func(rows *sql.Rows) error {
		var r raidHub
		err := rows.Scan(&r.ID, &r.Name, &r.Date.From)
		p.Raids.Nodes = append(p.Raids.Nodes, r)
		return err
	}, pk)
}

func (s *sqliteFloor) askHubSource(ctx context.Context, values url.Values) (any, error) {
	h := &sourceHub{}
	var pk int64
	if err := s.source.QueryRowContext(ctx, values.Get("id")).Scan(&pk, &h.ID, &h.Title); err != nil {
		return nil, err
	}
	if err := s.sourceTotal.QueryRowContext(ctx, pk).Scan(&h.Claims.Total); err != nil {
		return nil, err
	}
	h.Claims.Nodes = make([]claimHub, 0, 25)
	return hubSourceAnswer{h}, each(ctx, s.sourceClaims, func(rows *sql.Rows) error {
		var c claimHub
		err := rows.Scan(&c.ID, &c.Property, &c.PublishedAt)
		h.Claims.Nodes = append(h.Claims.Nodes, c)
		return err
	}, pk)
}

func (s *sqliteFloor) askFarEnd(ctx context.Context, values url.Values) (any, error) {
	a := farEndAnswer{nodes[raidFar]{make([]raidFar, 0, 25)}}
	return &a, each(ctx, s.farEnd, func(rows *sql.Rows) error {
		var r raidFar
		err := rows.Scan(&r.ID, &r.Name, &r.Date.From, &r.Contested)
		a.Raids.Nodes = append(a.Raids.Nodes, r)
		return err
	}, values.Get("agency"))
}

func (s *sqliteFloor) askThousand(ctx context.Context, _ url.Values) (any, error) {
	a := thousandAnswer{nodes[claimFlat]{make([]claimFlat, 0, 1000)}}
	return &a, each(ctx, s.thousand, func(rows *sql.Rows) error {
		var c claimFlat
		err := rows.Scan(&c.ID, &c.Property, &c.Measure, &c.Share, &c.PublishedAt)
		a.Claims.Nodes = append(a.Claims.Nodes, c)
		return err
	})
}
