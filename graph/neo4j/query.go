package neo4j

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// runner is a session or a transaction.
type runner interface {
	run(ctx context.Context, statement string, params map[string]any) (neo4j.ResultWithContext, error)
}

// Query answers a plan. A plan of one root is one statement that commits by itself, which saves two round trips; it is tried
// again as a managed transaction would be.
func (s *Store) Query(ctx context.Context, p *graph.Plan, args []any) ([]*graph.Set, error) {
	switch err := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, notInTime(err) // what came before took all of it
	case err != nil:
		return nil, err
	}
	statements, err := s.compiled(p)
	if err != nil {
		return nil, err
	}
	session := s.session(neo4j.AccessModeRead, neo4j.FetchAll)
	defer s.end(ctx, session)
	w := s.watch(ctx)
	defer w.stop()
	var sets []*graph.Set
	if len(statements) == 1 {
		err = s.retry(ctx, func() error {
			sets, err = s.answers(ctx, statements, p, args, autocommit{session, w.configure})
			return err
		})
	} else {
		sets, err = s.oneState(ctx, session, w, statements, p, args)
	}
	if err != nil {
		return nil, w.translate(ctx, err, len(statements))
	}
	return sets, nil
}

// answers runs the statements.
func (s *Store) answers(ctx context.Context, statements []*statement, p *graph.Plan, args []any, r runner) ([]*graph.Set, error) {
	if len(args) < p.Args {
		return nil, brokenPlan("it takes %d arguments and is asked with %d", p.Args, len(args))
	}
	sets := make([]*graph.Set, len(statements))
	for i, st := range statements {
		s.trace(st.text)
		result, err := r.run(ctx, st.text, st.parameters(args))
		if err != nil {
			return nil, err
		}
		record, err := result.Single(ctx)
		if err != nil {
			return nil, err
		}
		if sets[i], err = st.answer(record, p.Roots[i].Count); err != nil {
			return nil, err
		}
	}
	return sets, nil
}

type autocommit struct {
	session   neo4j.SessionWithContext
	configure func(*neo4j.TransactionConfig)
}

func (a autocommit) run(ctx context.Context, statement string, params map[string]any) (neo4j.ResultWithContext, error) {
	return a.session.Run(ctx, statement, params, a.configure)
}

type inTransaction struct{ tx neo4j.ManagedTransaction }

func (t inTransaction) run(ctx context.Context, statement string, params map[string]any) (neo4j.ResultWithContext, error) {
	return t.tx.Run(ctx, statement, params)
}

func (s *Store) timeout(c *neo4j.TransactionConfig) {
	if s.config.QueryTimeout > 0 {
		c.Timeout = s.config.QueryTimeout
	}
}

// retry runs fn again, after a growing pause, as long as its error is one that the database or the driver asks to retry.
func (s *Store) retry(ctx context.Context, fn func() error) error {
	deadline := time.Now().Add(s.config.MaxRetryTime)
	for pause := 10 * time.Millisecond; ; pause *= 2 {
		err := fn()
		if err == nil || !neo4j.IsRetryable(err) || time.Now().Add(pause).After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}
