package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"
)

// The bars of writing.
const (
	barWrite    = 0.7
	barBatch    = 20_000.0
	barBatchNeo = 5_000.0
	barBeside   = 0.7
	batchSteps  = 1_000
	manyWriters = 8
	warmNeo4j   = 10 * time.Second // a JVM that has just started compiles what it runs often
)

// mutation is a change of one step, with what it is for raidgraph and for the floor.
type mutation struct {
	name  string
	query string
	// write are the values of the n-th one.
	write func(n int64) written
	// step is it as a step of applyChanges.
	step func(w written) map[string]any
}

const writesSource = "source:writes"

// mutations: one writes a node; the other a node, the claim that says so, and the citation of its source.
var mutations = []mutation{
	{
		name: "createSource",
		query: `mutation ($changeId: ID!, $id: ID!, $title: String!) {
			createSource(changeId: $changeId, input: {id: $id, title: $title, seen: true}) { change { sequence } } }`,
		write: func(n int64) written {
			return written{ChangeID: fmt.Sprintf("w-%d", n), ID: fmt.Sprintf("source:w-%d", n), Title: fmt.Sprintf("Report %d", n)}
		},
		step: func(w written) map[string]any {
			return map[string]any{"createSource": map[string]any{"id": w.ID, "title": w.Title, "seen": true}}
		},
	},
	{
		name: "createCompound",
		query: `mutation ($changeId: ID!, $id: ID!, $name: String!, $form: String!, $source: ID!) {
			createCompound(changeId: $changeId, input: {id: $id, name: $name, form: $form, evidence: {citations: [{source: $source, verb: SAID}]}})
			{ change { sequence } } }`,
		write: func(n int64) written {
			return written{ChangeID: fmt.Sprintf("w-%d", n), ID: fmt.Sprintf("compound:w-%d", n), Name: fmt.Sprintf("Compound %d", n), Form: "villas", Source: writesSource}
		},
		step: func(w written) map[string]any {
			return map[string]any{"createCompound": map[string]any{"id": w.ID, "name": w.Name, "form": w.Form,
				"evidence": map[string]any{"citations": []any{map[string]any{"source": w.Source, "verb": "SAID"}}}}}
		},
	},
}

// writing numbers the requests of a run, so that none is sent twice.
type writing struct{ last atomic.Int64 }

// single are mutations of one step for raidgraph.
func (n *writing) single(p *process, m mutation) target {
	return n.target(p, "/graphql", func() any {
		w := m.write(n.last.Add(1))
		return map[string]any{"query": m.query, "variables": map[string]string{"changeId": w.ChangeID, "id": w.ID, "title": w.Title, "name": w.Name,
			"form": w.Form, "source": w.Source}}
	})
}

// floor are the same for the floor.
func (n *writing) floor(p *process, m mutation) target {
	return n.target(p, "/"+m.name, func() any { return m.write(n.last.Add(1)) })
}

// batches are changes of batchSteps steps for raidgraph.
func (n *writing) batches(p *process, m mutation) target {
	const query = `mutation ($changeId: ID!, $changes: [ChangeInput!]!) { applyChanges(changeId: $changeId, changes: $changes) { change { sequence } } }`
	return n.target(p, "/graphql", func() any {
		var steps []any
		var w written
		for range batchSteps {
			w = m.write(n.last.Add(1))
			steps = append(steps, m.step(w))
		}
		return map[string]any{"query": query, "variables": map[string]any{"changeId": w.ChangeID, "changes": steps}}
	})
}

func (n *writing) target(p *process, path string, body func() any) target {
	return target{address: p.address, process: p, next: func() []byte {
		text, err := json.Marshal(body())
		if err != nil {
			panic(err)
		}
		return post(p, path, text)
	}}
}

// writes measures writing: on SQLite one change at a time against the same rows written by hand and against bare commits, in
// batches, and what is left of reading beside it; on Neo4j, where there is one, batches.
func (r *run) writes() (err error) {
	s := store{name: "embedded", records: smallSQLite / r.divide, database: filepath.Join(r.dir, "writes.db")}
	if _, err := r.fill(&s); err != nil {
		return errors.Join(err, s.stop())
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	copied := filepath.Join(r.dir, "writes-floor.db")
	if _, err := runToEnd(r, account{}, r.binary, "backup", "--database", s.database, copied); err != nil {
		return err
	}
	floor, err := floorProcess(account{}, "-writes", copied, "-sqlite", copied)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, floor.stop()) }()
	n := &writing{}
	if err := n.prepare(s.server, floor); err != nil {
		return err
	}
	if err := r.singles(&s, floor, n); err != nil {
		return err
	}
	if err := r.batches("writes", s.server, n, barBatch); err != nil {
		return err
	}
	if err := r.beside(&s, floor, n); err != nil {
		return err
	}
	if r.neo4jSmall.uri == "" {
		return nil
	}
	return r.neo4jWrites(n)
}

// stop ends the server of a store that has one.
func (s *store) stop() error {
	if s.server == nil {
		return nil
	}
	return s.server.stop()
}

// prepare writes the source that all cite.
func (n *writing) prepare(server, floor *process) error {
	query := fmt.Sprintf(`mutation { createSource(changeId: "writes", input: {id: %q, title: "Cited by all", seen: true}) { change { sequence } } }`, writesSource)
	if err := done(posts(server, "/graphql", graphqlBody(query))); err != nil || floor == nil {
		return err
	}
	text, err := json.Marshal(written{ChangeID: "writes", ID: writesSource, Title: "Cited by all"})
	if err != nil {
		return err
	}
	return done(posts(floor, "/createSource", text))
}

// done sends the first request of a target, whose answer must have no error and the number of a change.
func done(t target) error {
	if t.next != nil {
		t.requests = [][]byte{t.next()}
	}
	answers, err := t.answers(1)
	if err != nil {
		return err
	}
	if bytes.Contains(answers[0], []byte(`"errors"`)) || !bytes.Contains(answers[0], []byte(`"sequence":`)) {
		return fmt.Errorf("nothing was written: %s", cut(answers[0]))
	}
	return nil
}

// singles measures changes of one step.
func (r *run) singles(s *store, floor *process, n *writing) error {
	bare, err := openBareCommits(r, filepath.Join(r.dir, "bare.db"))
	if err != nil {
		return err
	}
	defer func() { _ = bare.db.Close() }()
	for _, m := range mutations {
		ours, theirs := n.single(s.server, m), n.floor(floor, m)
		for _, t := range []target{ours, theirs} {
			if err := done(t); err != nil {
				return err
			}
		}
		for _, connections := range []int{1, manyWriters} {
			if err := r.compareWrites(m.name, "by hand", ours, theirs, connections, barWrite); err != nil {
				return err
			}
		}
		if err := r.compareWrites(m.name, "a row, no HTTP", ours, bare, 1, 0); err != nil {
			return err
		}
	}
	return nil
}

// compareWrites compares two writers.
func (r *run) compareWrites(what, other string, ours target, theirs loader, connections int, bar float64) error {
	c, err := r.compare(ours, theirs, connections)
	if err != nil {
		return fmt.Errorf("writes, %s against %s: %w", what, other, err)
	}
	r.add(line{Section: "writes", What: what, Against: other, Connections: connections, Ours: c.ours, Theirs: c.theirs, Unit: "changes/s",
		Figure: c.ratio, Work: c.work, Bar: bar})
	return nil
}

// batches measures changes of many steps.
func (r *run) batches(section string, server *process, n *writing, bar float64) error {
	for _, m := range mutations {
		t := n.batches(server, m)
		if err := done(t); err != nil {
			return err
		}
		var rates []float64
		for range r.rounds {
			s, err := t.load(1, r.window)
			if err != nil {
				return err
			}
			rates = append(rates, s.rate()*batchSteps)
		}
		rate := median(rates)
		r.add(line{Section: section, What: fmt.Sprintf("%s, %s at once", m.name, thousands(batchSteps)), Connections: 1, Ours: rate, Unit: "steps/s", Figure: rate, Bar: bar})
	}
	return nil
}

// beside measures how many questions are answered beside one writer at full speed, through how many are without it: of
// raidgraph, and of the floor beside the floor's writer.
func (r *run) beside(s *store, floor *process, n *writing) error {
	for _, q := range questions[:3] {
		for _, side := range []struct {
			name   string
			reads  target
			writes target
			bar    float64
		}{
			{q.name + " beside a writer", s.target(q), n.single(s.server, mutations[1]), barBeside},
			{q.name + " beside a writer, by hand", floorTarget(floor, q, s.raids), n.floor(floor, mutations[1]), 0},
		} {
			for _, connections := range []int{1, r.connections[0]} {
				b := &besideWriter{reads: side.reads, writes: side.writes}
				c, err := r.compare(b, side.reads, connections)
				if err != nil {
					return fmt.Errorf("writes, %s: %w", side.name, err)
				}
				r.add(line{Section: "writes", What: side.name, Against: fmt.Sprintf("alone (%.0f changes/s)", median(b.rates)), Connections: connections,
					Ours: c.ours, Theirs: c.theirs, Unit: "requests/s", Figure: c.ratio, Bar: side.bar})
			}
		}
	}
	return nil
}

// besideWriter are readings while one connection writes.
type besideWriter struct {
	reads, writes target
	rates         []float64
}

func (b *besideWriter) load(connections int, window time.Duration) (sample, error) {
	wrote := make(chan error)
	go func() {
		s, err := b.writes.load(1, window)
		b.rates = append(b.rates, s.rate())
		wrote <- err
	}()
	s, err := b.reads.load(connections, window)
	return s, errors.Join(err, <-wrote)
}

// neo4jWrites measures batches on Neo4j.
func (r *run) neo4jWrites(n *writing) (err error) {
	if err := r.neo4jSmall.empty(r); err != nil {
		return err
	}
	server, err := raidgraphProcess(r.neo4jSmall, r.binary, r.neo4jSmall.uri)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if err := n.prepare(server, nil); err != nil {
		return err
	}
	for _, m := range mutations {
		if _, err := n.batches(server, m).load(1, warmNeo4j); err != nil {
			return err
		}
	}
	return r.batches("Neo4j writes", server, n, barBatchNeo)
}
