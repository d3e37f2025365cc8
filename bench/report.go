package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

// line is one figure of the report.
type line struct {
	// Section is what the line is about, What the question, Against the other side.
	Section string `json:"section"`
	What    string `json:"what"`
	Against string `json:"against,omitempty"`
	// Connections is how many requests are under way at once.
	Connections int `json:"connections,omitempty"`
	// Ours and Theirs are the two figures, in Unit; Theirs is left out where there is no other side.
	Ours   float64 `json:"ours"`
	Theirs float64 `json:"theirs,omitempty"`
	Unit   string  `json:"unit"`
	// Figure is what the bar is held against: a ratio, or Ours where there is no other side.
	Figure float64 `json:"figure"`
	// Work is how many times the processor time of one of our requests the other side's process takes for one of its.
	Work float64 `json:"work,omitempty"`
	// Bar is the least that Figure must be, or the most where AtMost is set; 0 for no bar.
	Bar    float64 `json:"bar,omitempty"`
	AtMost bool    `json:"atMost,omitempty"`
}

// met says whether the bar is met; a line without a bar meets it.
func (l line) met() bool {
	switch {
	case l.Bar == 0:
		return true
	case l.AtMost:
		return l.Figure <= l.Bar
	}
	return l.Figure >= l.Bar
}

// report is everything that was measured in one run.
type report struct {
	Rounds  int     `json:"rounds"`
	Seconds float64 `json:"secondsPerRound"`
	Lines   []line  `json:"lines"`

	progress io.Writer
}

func (r *report) add(l line) {
	r.Lines = append(r.Lines, l)
	fmt.Fprintf(r.progress, "%s\n", strings.Join(l.columns(), "  "))
}

func (l line) columns() []string {
	connections, against, theirs, work, bar, met := "", l.Against, "", "", "", ""
	if l.Connections > 0 {
		connections = fmt.Sprint(l.Connections)
	}
	if l.Theirs > 0 {
		theirs = amount(l.Theirs)
	}
	if l.Work > 0 {
		work = fmt.Sprintf("%.2f", l.Work)
	}
	if l.Bar > 0 {
		bar, met = ">= "+amount(l.Bar), "yes"
		if l.AtMost {
			bar = "<= " + amount(l.Bar)
		}
		if !l.met() {
			met = "NO"
		}
	}
	return []string{l.Section, l.What, against, connections, amount(l.Ours), theirs, l.Unit, amount(l.Figure), work, bar, met}
}

func amount(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// table writes the report for people.
func (r *report) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "section\twhat\tagainst\tat once\traidgraph\tother\tunit\tfigure\twork\tbar\tmet")
	for _, l := range r.Lines {
		fmt.Fprintln(t, strings.Join(l.columns(), "\t"))
	}
	return t.Flush()
}

// write writes the report as JSON.
func (r *report) write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
