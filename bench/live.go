package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// The bars of subscriptions: until a change has reached all listeners, in ms from when its mutation is answered, and memory of
// one in KB.
const (
	listenerCount = 1_000
	barDelivery   = 100.0
	barListener   = 50.0
)

// live measures how a change reaches listeners, each over a WebSocket of its own: on SQLite, against a server that does nothing
// but write fixed bytes to as many.
func (r *run) live() (err error) {
	floor, err := floorProcess(account{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, floor.stop()) }()
	server, err := raidgraphProcess(account{}, r.binary, filepath.Join(r.dir, "live.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	theirs, err := r.broadcast(floor)
	if err != nil {
		return err
	}
	return r.listeners("live", server, theirs)
}

// listeners measures those of a server. theirs is the time that the other side takes; 0 where there is none.
func (r *run) listeners(section string, server *process, theirs float64) (err error) {
	number := max(listenerCount/r.divide, 1)
	const hello = `{"type":"connection_init"}`
	n, last := 0, 0
	change := func() (err error) {
		n++
		query := fmt.Sprintf(`mutation { createSource(changeId: "live-%[1]d", note: "a change", input: {id: "source:live-%[1]d", title: "A source", seen: true}) { change { sequence } } }`, n)
		last, err = posted("http://"+server.address+"/graphql", graphqlBody(query))
		return err
	}
	if err := change(); err != nil { // what a first change makes the server keep is no listener's
		return err
	}
	subscribe := fmt.Sprintf(`{"type":"subscribe","id":"1","payload":{"query":"subscription { changes(after: %d) { sequence by note touched { nodes { id } } } }"}}`, last)
	before := server.memory("VmRSS:")
	a, err := connect(r, "ws://"+server.address+"/graphql", number, hello, subscribe)
	if err != nil {
		return err
	}
	defer a.close()
	times, answered, err := a.times(r.rounds, change)
	if err != nil {
		return err
	}
	// What the mutation itself takes is not the listeners'.
	behind := make([]float64, len(times))
	for i := range times {
		behind[i] = times[i] - answered[i]
	}
	ours, figure := median(times), median(behind)
	l := line{Section: section, What: fmt.Sprintf("a change reaches %s listeners", thousands(number)), Ours: ours, Unit: "ms", Figure: figure, Bar: barDelivery, AtMost: true}
	if theirs > 0 {
		l.Against, l.Theirs = "fixed bytes", theirs
	}
	r.add(l)
	r.add(line{Section: section, What: "the mutation that made it is answered", Ours: median(answered), Unit: "ms", Figure: median(answered)})
	each := float64(server.memory("VmRSS:")-before) / 1000 / float64(number)
	r.add(line{Section: section, What: "memory of a listener", Ours: each, Unit: "KB", Figure: each, Bar: barListener, AtMost: true})
	return nil
}

// broadcast measures the floor.
func (r *run) broadcast(floor *process) (float64, error) {
	a, err := connect(r, "ws://"+floor.address+"/live", max(listenerCount/r.divide, 1))
	if err != nil {
		return 0, err
	}
	defer a.close()
	times, _, err := a.times(r.rounds, func() error {
		_, err := posted("http://"+floor.address+"/live", nil)
		return err
	})
	return median(times), err
}

// posted sends a mutation, and gives the number of the change.
func posted(url string, body []byte) (int, error) {
	resp, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Errors []struct{ Message string }
		Data   struct {
			CreateSource struct{ Change struct{ Sequence int } }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return 0, err
	}
	if len(answer.Errors) > 0 {
		return 0, errors.New(answer.Errors[0].Message)
	}
	return answer.Data.CreateSource.Change.Sequence, nil
}

// audience is a number of listeners that wait for messages.
type audience struct {
	conns []*websocket.Conn
	// heard has what each listener heard: one nil a message, or the error that ended it.
	heard chan error
}

// connect opens WebSockets, and says over each what makes it a listener. What is answered to that is not counted.
func connect(ctx context.Context, url string, number int, hello ...string) (*audience, error) {
	a := &audience{heard: make(chan error, number)}
	for range number {
		conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			a.close()
			return nil, err
		}
		a.conns = append(a.conns, conn)
		for i, text := range hello {
			if err = conn.Write(ctx, websocket.MessageText, []byte(text)); err == nil && i == 0 {
				_, _, err = conn.Read(ctx)
			}
			if err != nil {
				a.close()
				return nil, err
			}
		}
	}
	for _, conn := range a.conns {
		go func() {
			for {
				_, _, err := conn.Read(ctx)
				a.heard <- err
				if err != nil {
					return
				}
			}
		}()
	}
	time.Sleep(time.Second) // until the last has settled
	return a, nil
}

// times sends messages, each when the last was heard by all, and measures until it was, and until it was sent, in ms. The first is
// not counted.
func (a *audience) times(rounds int, send func() error) (heard, sent []float64, err error) {
	since := func(begin time.Time) float64 { return float64(time.Since(begin).Microseconds()) / 1000 }
	for round := range rounds + 1 {
		begin := time.Now()
		if err := send(); err != nil {
			return nil, nil, err
		}
		answered := since(begin)
		late := time.After(patience)
		for range a.conns {
			select {
			case err := <-a.heard:
				if err != nil {
					return nil, nil, err
				}
			case <-late:
				return nil, nil, errors.New("a listener did not hear of a change")
			}
		}
		if round > 0 {
			heard, sent = append(heard, since(begin)), append(sent, answered)
		}
	}
	return heard, sent, nil
}

func (a *audience) close() {
	for _, conn := range a.conns {
		_ = conn.CloseNow()
	}
}

// liveFloor is what a broadcast takes at the least: POST writes fixed bytes to every WebSocket that GET opened.
type liveFloor struct {
	mu    sync.Mutex
	conns []*websocket.Conn
}

const liveBytes = `{"type":"next","id":"1","payload":{"data":{"changes":{"sequence":2,"by":null,"note":"a change","touched":{"nodes":[{"id":"source:live-2"}]}}}}}`

func (f *liveFloor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Method == http.MethodGet {
		if conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-transport-ws"}}); err == nil {
			f.conns = append(f.conns, conn)
		}
		return
	}
	for _, conn := range f.conns {
		_ = conn.Write(r.Context(), websocket.MessageText, []byte(liveBytes)) // a listener may be gone
	}
	writeJSON(w, struct{}{})
}
