package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// pace is how long is measured: so many rounds, in each of which both sides are asked for a window of time, one after the
// other, so that they meet the same noise.
type pace struct {
	rounds int
	window time.Duration
}

// compared is what a comparison of two targets gave.
type compared struct {
	// ours and theirs are the medians of requests per second; ratio is the median over the rounds of ours by theirs.
	ours, theirs, ratio float64
	// work is the processor time that their process took for a request, by that of ours; 0 where it is not known.
	work float64
}

// loader is what can be measured for a window of time, with so much under way at once.
type loader interface {
	load(connections int, window time.Duration) (sample, error)
}

// compare measures two sides in turn. The first window of each is not counted: caches fill in it.
func (p pace) compare(ours, theirs loader, connections int) (compared, error) {
	var rates [2][]float64
	var ratios []float64
	var total [2]sample
	for round := range p.rounds + 1 {
		var s [2]sample
		// Who comes first changes from round to round.
		for _, side := range [][2]int{{0, 1}, {1, 0}}[round%2] {
			var err error
			if s[side], err = []loader{ours, theirs}[side].load(connections, p.window); err != nil {
				return compared{}, err
			}
		}
		if round == 0 {
			continue
		}
		for side := range s {
			rates[side] = append(rates[side], s[side].rate())
			total[side].requests += s[side].requests
			total[side].processor += s[side].processor
		}
		ratios = append(ratios, s[0].rate()/s[1].rate())
	}
	c := compared{ours: median(rates[0]), theirs: median(rates[1]), ratio: median(ratios)}
	if total[0].processor > 0 && total[0].requests > 0 && total[1].requests > 0 {
		c.work = total[1].each() / total[0].each()
	}
	return c, nil
}

// each is the processor time of a request, in seconds.
func (s sample) each() float64 { return s.processor.Seconds() / float64(s.requests) }

func median(of []float64) float64 {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// same says whether two targets give the same answers, as JSON, to the first of their requests.
func same(a, b target) error {
	const most = 12
	of, err := a.answers(most)
	if err != nil {
		return err
	}
	other, err := b.answers(most)
	if err != nil {
		return err
	}
	for i := range min(len(of), len(other)) {
		var x, y any
		if err := json.Unmarshal(of[i], &x); err != nil {
			return fmt.Errorf("%w: %s", err, of[i])
		}
		if err := json.Unmarshal(other[i], &y); err != nil {
			return fmt.Errorf("%w: %s", err, other[i])
		}
		if !reflect.DeepEqual(x, y) {
			return fmt.Errorf("the answers differ:\n%s\n%s", cut(of[i]), cut(other[i]))
		}
	}
	return nil
}

func cut(text []byte) []byte { return text[:min(len(text), 2000)] }
