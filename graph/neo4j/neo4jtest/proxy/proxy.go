// Package proxy stands between a test and the server that it uses, so that the test can cut the connections, and hold up or slow
// down what goes through them.
package proxy

import (
	"errors"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy passes connections on to a server.
type Proxy struct {
	// Address is where it listens, for its whole life.
	Address string

	target   string
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	held     bool
	chunk    int
	delay    time.Duration
}

// New listens on a port of its own, and ends with the test. target is the host and port of the server.
func New(t testing.TB, target string) *Proxy {
	t.Helper()
	p := &Proxy{Address: "127.0.0.1:0", target: target}
	p.Listen(t)
	t.Cleanup(p.Cut)
	return p
}

// Listen takes connections again after Cut.
func (p *Proxy) Listen(t testing.TB) {
	t.Helper()
	l, err := net.Listen("tcp", p.Address)
	if err != nil {
		t.Fatal(err)
	}
	p.listener, p.Address = l, l.Addr().String()
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", p.target)
			if err != nil {
				_ = client.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, client, server)
			p.mu.Unlock()
			go p.pass(server, client)
			go p.pass(client, server)
		}
	}()
}

func (p *Proxy) pass(to, from net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		for p.isHeld() {
			time.Sleep(5 * time.Millisecond)
		}
		for rest := buffer[:n]; len(rest) > 0; {
			part := rest[:p.wait(len(rest))]
			_, werr := to.Write(part)
			if err = errors.Join(err, werr); werr != nil {
				break
			}
			rest = rest[len(part):]
		}
		if err != nil {
			_ = to.Close()
			return
		}
	}
}

func (p *Proxy) isHeld() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held
}

// wait waits until bytes may go on, and says how many.
func (p *Proxy) wait(bytes int) int {
	p.mu.Lock()
	chunk, delay := p.chunk, p.delay
	p.mu.Unlock()
	if chunk == 0 {
		return bytes
	}
	time.Sleep(delay)
	return min(bytes, chunk)
}

// Slow passes on at most so many bytes at a time from now on, each after a delay; with 0 bytes all goes on as it comes.
func (p *Proxy) Slow(bytes int, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.chunk, p.delay = bytes, delay
}

// Hold keeps back what comes in from now on, or lets it go on.
func (p *Proxy) Hold(held bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = held
}

// Reset ends every connection, and goes on listening.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

// Cut ends the listener and every connection.
func (p *Proxy) Cut() {
	_ = p.listener.Close()
	p.Hold(false)
	p.Reset()
}
