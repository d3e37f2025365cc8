package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// target is something that is asked over HTTP: an address and requests, written out beforehand and sent in turn.
type target struct {
	address  string
	requests [][]byte
	// next, where it is set, makes each request instead: one that is never sent twice.
	next func() []byte
	// process is the one that answers, for the processor time that it takes.
	process *process
}

// posts are requests that send bodies to a URL.
func posts(p *process, path string, bodies ...[]byte) target {
	t := target{address: p.address, process: p}
	for _, body := range bodies {
		t.requests = append(t.requests, post(p, path, body))
	}
	return t
}

func post(p *process, path string, body []byte) []byte {
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path, p.address, len(body))
	return append([]byte(head), body...)
}

// gets are requests for URLs.
func gets(p *process, paths ...string) target {
	t := target{address: p.address, process: p}
	for _, path := range paths {
		t.requests = append(t.requests, fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, p.address))
	}
	return t
}

// connection is a keep-alive connection.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

const patience = time.Minute

func dial(address string) (*connection, error) {
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	return &connection{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// ask sends a request and reads the answer into a writer.
func (c *connection) ask(request []byte, into io.Writer) error {
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := c.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(into, resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err == nil && resp.StatusCode != http.StatusOK {
		line, _, _ := strings.Cut(string(request), "\r\n")
		err = fmt.Errorf("%s: %s", line, resp.Status)
	}
	return err
}

// change sends a mutation, which must be applied.
func (c *connection) change(request []byte) error {
	var body bytes.Buffer
	err := c.ask(request, &body)
	if err == nil && bytes.Contains(body.Bytes(), []byte(`"errors"`)) {
		err = fmt.Errorf("a change was refused: %s", cut(body.Bytes()))
	}
	return err
}

// answers are the answers to the first requests of a target.
func (t target) answers(most int) ([][]byte, error) {
	c, err := dial(t.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	var all [][]byte
	for _, request := range t.requests[:min(most, len(t.requests))] {
		var body bytes.Buffer
		if err := c.ask(request, &body); err != nil {
			return nil, fmt.Errorf("%w: %s", err, body.Bytes())
		}
		all = append(all, body.Bytes())
	}
	return all, nil
}

// sample is what a window of time gave.
type sample struct {
	requests int64
	elapsed  time.Duration
	// processor is what the answering process took.
	processor time.Duration
}

func (s sample) rate() float64 { return float64(s.requests) / s.elapsed.Seconds() }

// load asks a target over so many connections at once, each asking again as soon as it is answered, for so long.
func (t target) load(connections int, window time.Duration) (sample, error) {
	var s sample
	var next, done atomic.Int64
	var wait sync.WaitGroup
	failed := make(chan error, connections)
	before, start := t.process.processor(), time.Now()
	for range connections {
		c, err := dial(t.address)
		if err != nil {
			return s, err
		}
		wait.Go(func() {
			defer func() { _ = c.Close() }()
			for time.Since(start) < window {
				var err error
				if t.next != nil {
					err = c.change(t.next())
				} else {
					err = c.ask(t.requests[int(next.Add(1))%len(t.requests)], io.Discard)
				}
				if err != nil {
					failed <- err
					return
				}
				done.Add(1)
			}
		})
	}
	wait.Wait()
	s = sample{requests: done.Load(), elapsed: time.Since(start), processor: t.process.processor() - before}
	select {
	case err := <-failed:
		return s, err
	default:
		return s, nil
	}
}
