package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// progress shows on a terminal how far an import, an export or a backup is, and nothing anywhere else.
type progress struct {
	out  io.Writer // nil where there is no terminal
	name string
	unit string // of what is counted
	last time.Time
	some bool
	n    int
}

const progressEvery = 200 * time.Millisecond

func newProgress(out io.Writer, name string) *progress {
	p := &progress{name: name, unit: "records", last: time.Now()}
	if isTerminal(out) {
		p.out = out
	}
	return p
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// count passes records on and counts them.
func (p *progress) count(records graph.Records) graph.Records {
	if p.out == nil {
		return records
	}
	return func(yield func(graph.Record, error) bool) {
		p.n = 0
		for r, err := range records {
			p.step()
			if !yield(r, err) {
				return
			}
		}
	}
}

// step counts one more.
func (p *progress) step() {
	p.n++
	if p.out == nil || p.n%64 != 0 {
		return
	}
	if now := time.Now(); now.Sub(p.last) >= progressEvery {
		p.last, p.some = now, true
		fmt.Fprintf(p.out, "\r%s: %d %s\x1b[K", p.name, p.n, p.unit)
	}
}

// end takes the line away.
func (p *progress) end() {
	if p.some {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
