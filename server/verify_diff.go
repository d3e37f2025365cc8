package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// mostDifferences is how many places are listed.
const mostDifferences = 50

// differences lists where an answer is another than the one in the file.
func (v *verifying) differences(now json.RawMessage) {
	if len(v.answer.Data) == 0 {
		v.tell("  (the file has the receipt alone: with the answer, what differs would be listed)\n")
		return
	}
	d := &differing{}
	d.compare("", decoded(v.answer.Data), decoded(now))
	for _, line := range d.lines {
		v.tell("  %s\n", line)
	}
	if d.more > 0 {
		v.tell("  and %d more places\n", d.more)
	}
}

func decoded(text json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	_ = d.Decode(&v) // it was read before
	return v
}

// differing collects the places in which two values differ.
type differing struct {
	lines []string
	more  int
}

func (d *differing) compare(path string, was, is any) {
	switch a := was.(type) {
	case map[string]any:
		if b, ok := is.(map[string]any); ok {
			for _, key := range slices.Sorted(maps.Keys(a)) {
				d.compare(path+"."+key, a[key], b[key])
			}
			return
		}
	case []any:
		if b, ok := is.([]any); ok {
			for i := range max(len(a), len(b)) {
				at := path + "[" + strconv.Itoa(i) + "]"
				switch {
				case i >= len(b):
					d.tell(at, a[i], absence("gone"))
				case i >= len(a):
					d.tell(at, absence("not there"), b[i])
				default:
					d.compare(at, a[i], b[i])
				}
			}
			return
		}
	default:
		if was == is {
			return
		}
	}
	d.tell(path, was, is)
}

func (d *differing) tell(path string, was, is any) {
	if len(d.lines) == mostDifferences {
		d.more++
		return
	}
	d.lines = append(d.lines, fmt.Sprintf("%s: %s, now %s", path[min(1, len(path)):], short(was), short(is)))
}

// absence stands for a value that is not there.
type absence string

// short is a value on a line.
func short(v any) string {
	if a, ok := v.(absence); ok {
		return string(a)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	const most = 100
	if r := []rune(string(text)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(text)
}
