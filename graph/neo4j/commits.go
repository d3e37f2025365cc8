package neo4j

import (
	"context"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// Neo4j reads committed data, and a commit becomes visible node by node, in no order that is promised. So that several
// statements read one state, each Update counts twice, each time in a transaction of its own: begun before it commits, ended
// behind it. A reader that finds both equal, and begun the same when it is done, has read beside no commit. (Where a cluster
// is read, its members apply transactions in the order in which they were committed.)

// commitsID is the id of the node labelled Meta that has the two counts.
const commitsID = "commits"

const (
	matchCommits = "MATCH (c:" + metaLabel + " {id: '" + commitsID + "'}) "
	readCommits  = matchCommits + "RETURN [c.begun, c.ended]"
	beginCommit  = matchCommits + "SET c.begun = c.begun + 1 RETURN [c.begun, c.ended]"
	// The lock comes before what is read, since another process may do the same.
	endCommits = matchCommits + "SET c.locked = true WITH c SET c.ended = CASE WHEN c.ended < $begun THEN $begun ELSE c.ended END RETURN [c.begun, c.ended]"
	// takeLock holds up whoever else takes it, until this transaction ends: until its commit is visible as a whole. It
	// writes, since a lock that is only read does not hold anybody up.
	takeLock = "MATCH (m:" + metaLabel + " {id: '" + metaID + "'}) SET m.locked = true WITH m " + readCommits
)

// commits are the two counts.
type commits struct{ begun, ended int64 }

func (s *Store) commits(ctx context.Context, r runner, statement string, params map[string]any) (commits, error) {
	result, err := r.run(ctx, statement, params)
	if err != nil {
		return commits{}, err
	}
	records, err := result.Collect(ctx)
	if err != nil {
		return commits{}, err
	}
	if len(records) != 1 {
		return commits{}, graph.Errorf(graph.Unavailable, "the database was emptied: it has to be opened again")
	}
	list, _ := records[0].Values[0].([]any)
	if len(list) != 2 {
		return commits{}, unexpected(records[0].Values[0])
	}
	begun, ok := list[0].(int64)
	ended, also := list[1].(int64)
	if !ok || !also {
		return commits{}, unexpected(list)
	}
	return commits{begun, ended}, nil
}

// commitAlone runs one of the statements in a transaction of its own. Where it is run twice, that does no harm.
func (s *Store) commitAlone(ctx context.Context, statement string, params map[string]any) (c commits, err error) {
	session := s.session(neo4j.AccessModeWrite, neo4j.FetchAll)
	defer s.end(ctx, session)
	err = s.retry(ctx, func() error {
		c, err = s.commits(ctx, autocommit{session, func(*neo4j.TransactionConfig) {}}, statement, params)
		return err
	})
	return c, err
}

// take takes the lock. Whoever had it is done, so what was begun has ended: that is said for one who died in between.
func (s *Store) take(ctx context.Context, tx neo4j.ManagedTransaction) error {
	s.trace(takeLock)
	c, err := s.commits(ctx, inTransaction{tx}, takeLock, nil)
	if err == nil && c.begun != c.ended {
		err = s.endCommit(ctx, c.begun)
	}
	return err
}

// beginCommit is called with the lock, when all is written.
func (s *Store) beginCommit(ctx context.Context) (int64, error) {
	c, err := s.commitAlone(ctx, beginCommit, nil)
	return c.begun, err
}

// endCommit says that the commits up to this one are visible as a whole.
func (s *Store) endCommit(ctx context.Context, begun int64) error {
	_, err := s.commitAlone(ctx, endCommits, map[string]any{"begun": begun})
	return err
}

const (
	// mostTorn is how often a Query of several roots is run again because there was a commit beside it.
	mostTorn = 10
	// commitWait is how long such a Query waits for a commit to end before it looks for itself.
	commitWait = 50 * time.Millisecond
	commitPoll = time.Millisecond
)

// oneState answers several statements from one state of the data: between commits if it can, and else with the lock of those
// who write.
func (s *Store) oneState(ctx context.Context, session neo4j.SessionWithContext, w *watch, statements []*statement, p *graph.Plan, args []any) ([]*graph.Set, error) {
	for range mostTorn {
		sets, err := neo4j.ExecuteRead(ctx, session, func(tx neo4j.ManagedTransaction) ([]*graph.Set, error) {
			return s.betweenCommits(ctx, tx, statements, p, args)
		}, w.configure)
		if sets != nil || err != nil {
			return sets, err
		}
	}
	give, err := s.writing.take(ctx)
	if err != nil {
		return nil, err
	}
	defer give()
	return neo4j.ExecuteWrite(ctx, session, func(tx neo4j.ManagedTransaction) ([]*graph.Set, error) {
		if err := s.take(ctx, tx); err != nil {
			return nil, err
		}
		return s.answers(ctx, statements, p, args, inTransaction{tx})
	}, w.configure)
}

// betweenCommits answers nothing where there was a commit beside it.
func (s *Store) betweenCommits(ctx context.Context, tx neo4j.ManagedTransaction, statements []*statement, p *graph.Plan, args []any) ([]*graph.Set, error) {
	before, err := s.commits(ctx, inTransaction{tx}, readCommits, nil)
	for waited := time.Duration(0); err == nil && before.begun != before.ended; waited += commitPoll {
		if waited >= commitWait {
			return nil, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(commitPoll):
		}
		before, err = s.commits(ctx, inTransaction{tx}, readCommits, nil)
	}
	if err != nil {
		return nil, err
	}
	sets, err := s.answers(ctx, statements, p, args, inTransaction{tx})
	if err != nil {
		return nil, err
	}
	after, err := s.commits(ctx, inTransaction{tx}, readCommits, nil)
	if err != nil || after.begun != before.begun {
		return nil, err
	}
	return sets, nil
}

// makeCommits makes the node with the counts where there is none.
func (s *Store) makeCommits(ctx context.Context, tx neo4j.ManagedTransaction) error {
	return s.exec(ctx, tx, fmt.Sprintf("MERGE (c:%s {id: '%s'}) ON CREATE SET c.begun = 0, c.ended = 0", metaLabel, commitsID), nil)
}
