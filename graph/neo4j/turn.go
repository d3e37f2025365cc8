package neo4j

import "context"

// turn lets one at a time of this process take the database's lock. Whoever waits for the lock itself holds a connection all
// the while, and whoever has it needs a second one to count its commit: enough of those who wait would leave it none.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn, and says how it is given on.
func (t turn) take(ctx context.Context) (give func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
