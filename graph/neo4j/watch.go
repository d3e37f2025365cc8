package neo4j

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// A query that runs out of its time asked for too much, or its question or the answer is still on its way. Nothing that has arrived
// tells the two apart. So, shortly before the time is over, Neo4j is asked by another connection whether it has worked on the query
// all the while: only then was it too much. Where that is not heard of in time either, the network is to blame, or a server that
// does not keep up.

const (
	// watched is the metadata of a transaction by which it is found.
	watched = "raidgraph"
	// working counts the transactions that have been there for so long and are being worked on at this moment.
	working = "SHOW TRANSACTIONS YIELD metaData, status, currentQueryStatus, elapsedTime " +
		"WHERE metaData." + watched + " = $id AND status = 'Running' AND currentQueryStatus IN ['parsing', 'planning', 'running'] AND elapsedTime.milliseconds >= $least " +
		"RETURN count(*)"
	// mostAhead is how long before the end of a query's time Neo4j is asked, at most; it is a quarter of the time where that is less.
	mostAhead = 2 * time.Second
)

// watch is what is known of a query that may run out of its time.
type watch struct {
	store *Store
	id    string
	begun time.Time
	timer *time.Timer // nil where the query may take as long as it likes
	// ctx is for the look at Neo4j alone.
	ctx    context.Context
	cancel context.CancelFunc
	worked chan bool
}

// watch begins with the query. It is to be stopped.
func (s *Store) watch(ctx context.Context) *watch {
	w := &watch{store: s, id: s.watches + strconv.FormatInt(s.asked.Add(1), 36), begun: time.Now()}
	limit := s.config.QueryTimeout
	if deadline, ok := ctx.Deadline(); ok && (limit <= 0 || deadline.Sub(w.begun) < limit) {
		limit = deadline.Sub(w.begun)
	}
	if limit > 0 {
		w.worked = make(chan bool, 1)
		w.ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
		w.timer = time.AfterFunc(limit-min(limit/4, mostAhead), w.look)
	}
	return w
}

// configure makes a transaction of the query one that can be found.
func (w *watch) configure(c *neo4j.TransactionConfig) {
	w.store.timeout(c)
	c.Metadata = map[string]any{watched: w.id}
}

// look asks Neo4j.
func (w *watch) look() {
	w.store.sessions.Add(1)
	session := w.store.driver.NewSession(context.Background(), neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead, DatabaseName: w.store.database})
	defer w.store.end(w.ctx, session)
	result, err := session.Run(w.ctx, working, map[string]any{"id": w.id, "least": time.Since(w.begun).Milliseconds() / 2})
	if err != nil {
		w.worked <- false
		return
	}
	record, err := result.Single(w.ctx)
	w.worked <- err == nil && record.Values[0] == int64(1)
}

func (w *watch) stop() {
	if w.timer != nil {
		w.timer.Stop()
		w.cancel()
	}
}

// tooMuch says that Neo4j has been seen to work on the query.
func (w *watch) tooMuch() bool {
	select {
	case worked := <-w.worked:
		return worked
	default:
		return false
	}
}

// translate is that of the store, but for a query that ran out of its time: of several statements, not all of the time was
// Neo4j's, even where it says so itself.
func (w *watch) translate(ctx context.Context, err error, statements int) error {
	var known *graph.Error
	if errors.As(err, &known) {
		return err
	}
	var server *neo4j.Neo4jError
	timedOut := errors.As(lastAttempt(err), &server) && strings.HasPrefix(server.Code, timedOutPrefix)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded) || timedOut && statements > 1:
		if w.tooMuch() {
			return &graph.Error{Code: graph.TooLarge, Message: tookTooLong, Err: errors.Join(ctx.Err(), err)}
		}
		return notInTime(errors.Join(ctx.Err(), err))
	case timedOut && ctx.Err() == nil:
		return &graph.Error{Code: graph.TooLarge, Message: tookTooLong, Err: err}
	}
	return w.store.translate(ctx, err)
}

// notInTime is said of a query without a word of Neo4j's on it.
func notInTime(cause error) error {
	return &graph.Error{Code: graph.Unavailable, Message: "the Neo4j database did not answer in time", Err: cause}
}

const tookTooLong = "the answer took longer than it may: ask for less, or for smaller pages"
