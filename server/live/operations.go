package live

import (
	"context"
	"errors"
	"sync"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// outlet is where the answers of operations go. A method that fails ends the operation.
type outlet interface {
	// next sends an answer.
	next(id string, body []byte) error
	// refuse sends the answer of an operation that was not executed, or failed: its body has errors alone. It ends there.
	refuse(id string, resp *gql.Response) error
	// complete says that there is no more.
	complete(id string) error
}

// operations are those of one connection, by the ids that the client gave them.
type operations struct {
	server *Server
	out    outlet
	mu     sync.Mutex
	under  map[string]*operation
	over   bool
	all    sync.WaitGroup
	// turn is held while something is answered at once: one connection has one answer in memory.
	turn sync.Mutex
}

type operation struct {
	cancel context.CancelFunc
	done   chan struct{}
	// stopped by the client; followed: another took its id, and its place among those that are counted.
	stopped, followed bool
}

// maxID is the most bytes of an operation's id.
const maxID = 200

// errExists is for an id that another operation has.
var errExists = errors.New("the id is taken")

// begin takes an id for an operation. The operation runs when what had the id before is done; end is called when it is.
func (o *operations) begin(ctx context.Context, id string) (ready func() context.Context, end func(), err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over {
		return nil, nil, graph.Errorf(graph.NotFound, "the connection is over")
	}
	before := o.under[id]
	if before != nil && !before.stopped {
		return nil, nil, errExists
	}
	if before == nil && len(o.under) >= o.server.Limits.PerConnection {
		return nil, nil, graph.Errorf(graph.TooLarge, "the connection has %d operations under way: at most %d go at the same time", len(o.under), o.server.Limits.PerConnection)
	}
	if before != nil {
		before.followed = true
	} else if err := o.server.take(); err != nil {
		return nil, nil, err
	}
	op := &operation{done: make(chan struct{})}
	ctx, op.cancel = context.WithCancel(ctx)
	if o.under == nil {
		o.under = map[string]*operation{}
	}
	o.under[id] = op
	o.all.Add(1)
	ready = func() context.Context {
		if before != nil {
			<-before.done
		}
		return ctx
	}
	return ready, func() {
		o.mu.Lock()
		if !op.followed {
			delete(o.under, id)
			o.server.give()
		}
		o.mu.Unlock()
		op.cancel()
		close(op.done)
		o.all.Done()
	}, nil
}

// stop ends an operation, if it is there.
func (o *operations) stop(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if op := o.under[id]; op != nil {
		op.stopped = true
		op.cancel()
	}
}

// end waits until all have ended, as they do with the context of the connection. No other begins any more.
func (o *operations) end() {
	o.mu.Lock()
	o.over = true
	o.mu.Unlock()
	o.all.Wait()
}

// run executes an operation to its end.
func (o *operations) run(ctx context.Context, id string, req gql.Request) {
	o.turn.Lock()
	subscription, resp := o.server.Engine.Subscribe(ctx, req)
	if resp != nil {
		o.answer(ctx, id, resp)
	}
	o.turn.Unlock()
	if subscription != nil {
		o.tell(ctx, id, subscription)
	}
}

// answer sends what was answered at once.
func (o *operations) answer(ctx context.Context, id string, resp *gql.Response) {
	defer resp.Release()
	switch {
	case ctx.Err() != nil:
	case !resp.Executed:
		_ = o.out.refuse(id, resp) // the connection is over
	case o.out.next(id, resp.Body) == nil:
		_ = o.out.complete(id)
	}
}

// tell sends the events of a subscription.
func (o *operations) tell(ctx context.Context, id string, subscription *gql.Subscription) {
	for {
		events, resp := subscription.Next(ctx)
		if resp != nil {
			_ = o.out.refuse(id, resp)
			return
		}
		if events == nil {
			return
		}
		for _, e := range events {
			if ctx.Err() != nil || o.out.next(id, e.Body) != nil {
				return
			}
		}
	}
}

// take counts an operation of the process.
func (s *Server) take() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations >= s.Limits.Operations {
		return graph.Errorf(graph.Unavailable, "the server has %d operations under way, and takes no more now", s.operations)
	}
	s.operations++
	return nil
}

func (s *Server) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.operations--
}
