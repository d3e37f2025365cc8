package casefile

import (
	"cmp"
	"fmt"

	"github.com/raidgraph/raidgraph/graph"
)

// readBack reads what was written, beside what is shipped.
func (w *writer) readBack(text []byte) (*Case, error) {
	if len(text) > MaxBytes {
		return nil, graph.Errorf(graph.TooLarge, "the graph is a case file of %d bytes, and one has at most %d (10 MiB): `raidgraph export` without --case writes it as JSON Lines", len(text), MaxBytes)
	}
	read, err := Parse("", text, w.model, w.outside())
	if problems, ok := err.(Problems); ok {
		p := problems[0]
		return nil, cannotSay(cmp.Or(p.Path, "the graph"), p.Wrong)
	}
	return read, err
}

// outside is what the file may refer to without defining it.
func (w *writer) outside() Lookup {
	l := recordLookup{nodes: map[string]*graph.Node{}, ids: map[*graph.Kind][]string{}}
	for id, left := range w.left {
		if left {
			l.nodes[id] = w.nodes[id]
		}
	}
	return l
}

func cannotSay(what, why string) error {
	return graph.Errorf(graph.Invalid, "%s cannot be said in a case file: %s; `raidgraph export` without --case keeps it, as JSON Lines", what, why)
}

// correct notes the times of nodes that do not follow from the file, and says whether there are any.
func (w *writer) correct(read *Case) bool {
	for r := range read.Records() {
		n, ok := r.(*graph.Node)
		if !ok || n.Kind.Name == claimKind || w.nodes[n.ID] == nil {
			continue
		}
		want, _ := w.nodes[n.ID].Get(graph.PublishedAt).(string)
		if got, _ := n.Get(graph.PublishedAt).(string); got != want {
			w.given[n.ID] = times{published: cmp.Or(want, unknown)}
		}
	}
	return len(w.given) > 0
}

// compare is an error for the first record that a case does not say as it is.
func (w *writer) compare(read *Case) error {
	got := map[string]string{}
	for r := range read.Records() {
		got[keyOfRecord(r)] = line(r)
	}
	differs := func(r graph.Record) error {
		key := keyOfRecord(r)
		want, now := line(r), got[key]
		delete(got, key)
		switch {
		case now == want || now == "" && w.shipped[key] == want:
			return nil
		case now == "":
			return cannotSay(key, "no part of the format says it")
		}
		return cannotSay(key, fmt.Sprintf("it would be %s, and is %s", now, want))
	}
	for _, k := range w.model.Graph.Kinds {
		for _, id := range w.ids(k) {
			if err := differs(w.nodes[id]); err != nil {
				return err
			}
		}
	}
	for _, e := range w.edges {
		if err := differs(e); err != nil {
			return err
		}
	}
	for r := range read.Records() {
		if key := keyOfRecord(r); got[key] != "" {
			return cannotSay(key, "the file would make it, and it is not in the graph")
		}
	}
	return nil
}
