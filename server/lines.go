package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/raidgraph/raidgraph/graph"
)

// maxLine bounds a line of JSON Lines.
const maxLine = 16 << 20

// readLines reads records from JSON Lines, each time from the start, a line at a time. name is for errors.
func readLines(name, file string, schema *graph.Schema) graph.Records {
	return readNumbered(name, file, schema, func(int) {})
}

// readNumbered is readLines that tells the number of the line before each record.
func readNumbered(name, file string, schema *graph.Schema, tell func(number int)) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		err := eachLine(file, func(number int, line []byte) error {
			tell(number)
			r, err := graph.DecodeRecord(schema, line)
			if err != nil {
				err = fmt.Errorf("%s:%d: %w", name, number, err)
			}
			if !yield(r, err) || err != nil {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, fmt.Errorf("%s: %w", name, err))
		}
	}
}

// errEnough ends eachLine early.
var errEnough = errors.New("enough")

// eachLine calls fn with each line of a file that is not blank; the line is good until fn returns.
func eachLine(file string, fn func(number int, line []byte) error) error {
	f, err := os.Open(file)
	if err != nil {
		return unreadable(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 0, 64<<10), maxLine)
	number := 0
	for in.Scan() {
		number++
		if line := bytes.TrimSpace(in.Bytes()); len(line) > 0 {
			if err := fn(number, line); err != nil {
				return err
			}
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return graph.Errorf(graph.TooLarge, "line %d has more than %d bytes", number+1, maxLine)
	}
	if in.Err() != nil && !errors.Is(in.Err(), io.EOF) {
		return unreadable(in.Err())
	}
	return nil
}

// pathless takes the name of the file out of an error that has it.
func pathless(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
