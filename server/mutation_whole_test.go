package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/sqlite"
	"github.com/raidgraph/raidgraph/reference"
)

// TestWholeCaseByMutation: everything that the sample case says can be written by mutations, each node with its relationships,
// and is then the same but for when it was recorded, and when what has no publication of its own was first known.
func TestWholeCaseByMutation(t *testing.T) {
	m := model(t)
	store, err := sqlite.Open(context.Background(), sqlite.Config{Path: filepath.Join(t.TempDir(), "whole.db"), Schema: m.Graph})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := graph.Apply(context.Background(), store, m.Graph, graph.Changes{Records: reference.Records(m.Graph)}); err != nil {
		t.Fatal(err)
	}
	before := map[string]bool{}
	for _, r := range exported(t, store) {
		before[line(r)] = true
	}
	sample := sampleSQLite(t)
	inputs := map[string]map[string]any{}
	var order []string
	var want []string
	for _, r := range exported(t, sample) {
		want = append(want, line(r))
		if before[line(r)] {
			continue
		}
		switch r := r.(type) {
		case *graph.Node:
			order = append(order, r.ID)
			inputs[r.ID] = nodeInput(t, m, r)
		case *graph.Edge:
			edgeInput(t, m, inputs, r)
		}
	}
	var steps []any
	for _, id := range order {
		k, _ := m.Graph.KindOfID(id)
		steps = append(steps, map[string]any{"create" + k.Name: inputs[id]})
	}
	variables, err := json.Marshal(map[string]any{"changes": steps})
	if err != nil {
		t.Fatal(err)
	}
	got := sent(t, engineOver(t, store), `mutation($changes: [ChangeInput!]!) { applyChanges(changeId: "whole", changes: $changes) { change { sequence created } } }`, string(variables))
	if !strings.Contains(got, `"sequence":2`) {
		t.Fatalf("%.3000s", got)
	}
	var have []string
	for _, r := range exported(t, store) {
		have = append(have, line(r))
	}
	slices.Sort(want)
	slices.Sort(have)
	for i := range max(len(want), len(have)) {
		if i >= len(want) || i >= len(have) || want[i] != have[i] {
			t.Fatalf("%d records, want %d; the first that differs:\n%s\n%s", len(have), len(want), at(have, i), at(want, i))
		}
	}
	if diff, err := graph.Rebuild(context.Background(), store, m.Graph); err != nil || diff.Any() {
		t.Errorf("rebuilding finds %+v, %v", diff, err)
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "none"
}

func exported(t *testing.T, store graph.Store) []graph.Record {
	t.Helper()
	var out []graph.Record
	err := store.Export(context.Background(), func(r graph.Record) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// line is a record without its times.
func line(r graph.Record) string {
	switch r := r.(type) {
	case *graph.Node:
		r.Set(graph.RecordedAt, nil)
		if r.Kind.Name != "Source" {
			r.Set(graph.PublishedAt, nil)
		}
	case *graph.Edge:
		r.Set(graph.RecordedAt, nil).Set(graph.PublishedAt, nil)
	}
	return string(graph.AppendRecord(nil, r))
}

// nodeInput is the input that a node is written by: its line, with a value that is one of several under the name of its type.
func nodeInput(t *testing.T, m *schema.Model, n *graph.Node) map[string]any {
	t.Helper()
	var in map[string]any
	if err := json.Unmarshal([]byte(line(n)), &in); err != nil {
		t.Fatal(err)
	}
	delete(in, "node")
	for _, f := range m.Writable(m.Types[n.Kind.Name]) {
		value, ok := in[f.Name].(map[string]any)
		if !ok || f.Object.Class != schema.UnionType {
			continue
		}
		typ := m.Types[value["type"].(string)]
		delete(value, "type")
		key, only := typ.InputKey()
		switch {
		case only == nil:
			in[f.Name] = map[string]any{key: value}
		case only.Relation != nil:
			in[f.Name] = map[string]any{} // its relationship follows
		default:
			in[f.Name] = map[string]any{key: value[key]}
		}
	}
	return in
}

// edgeInput adds a relationship to the input of the node that writes it.
func edgeInput(t *testing.T, m *schema.Model, inputs map[string]map[string]any, e *graph.Edge) {
	t.Helper()
	props := map[string]any{}
	for _, f := range e.Relation.Props {
		if v := e.Props[f.Position]; v != nil && f.Name != graph.ChangedIn && f.Name != graph.RecordedAt && f.Name != graph.PublishedAt {
			props[f.Name] = v
		}
	}
	for _, end := range []struct {
		near, far string
		out       bool
	}{{e.From, e.To, true}, {e.To, e.From, false}} {
		in := inputs[end.near]
		k, _ := m.Graph.KindOfID(end.near)
		if in == nil {
			continue
		}
		for _, f := range m.Writable(m.Types[k.Name]) {
			into, r := in, f.Relation
			if r == nil && f.Object != nil && f.GraphQL.Elem == nil {
				if inner := relationIn(f.Object, e.Relation); inner != nil && end.out {
					if in[f.Name] == nil {
						in[f.Name] = map[string]any{}
					}
					into, f, r = in[f.Name].(map[string]any), inner, inner.Relation
				}
			}
			if r == nil || r.Of != e.Relation || r.Out != end.out {
				continue
			}
			switch {
			case r.Hops:
				props["source"] = end.far
				into[f.Name] = append(list(into[f.Name]), props)
			case r.Many && r.Edge != nil:
				props["node"] = end.far
				into[f.Name] = append(list(into[f.Name]), props)
			case r.Many:
				into[f.Name] = append(list(into[f.Name]), end.far)
			default:
				into[f.Name] = end.far
			}
			return
		}
	}
	t.Errorf("no input writes %s", line(e))
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// relationIn is the field of a value object, or of one of its types, that is the relation; nil where there is none.
func relationIn(o *schema.Type, r *graph.Relation) *schema.Field {
	for _, t := range append([]*schema.Type{o}, o.Members...) {
		for _, f := range t.Fields {
			if f.Relation != nil && f.Relation.Of == r {
				return f
			}
		}
	}
	return nil
}
