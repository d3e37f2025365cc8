package reference

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// builder collects records. Names and ids elsewhere are added bit by bit, and written into the nodes at the end.
type builder struct {
	schema *graph.Schema
	nodes  []*graph.Node
	edges  []*graph.Edge
	byID   map[string]*graph.Node
	names  map[string][]name
	ids    map[string][]externalID
}

// name is a name as it is stored: see Name in schema.graphqls.
type name struct {
	Value    string `json:"value"`
	Language string `json:"language,omitempty"`
	Script   string `json:"script,omitempty"`
	Kind     string `json:"kind"`
}

// externalID is an id elsewhere as it is stored.
type externalID struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

func newBuilder(schema *graph.Schema) *builder {
	return &builder{schema: schema, byID: map[string]*graph.Node{}, names: map[string][]name{}, ids: map[string][]externalID{}}
}

// node makes a node of the kind that the id names.
func (b *builder) node(id string) (*graph.Node, error) {
	kind, err := b.schema.KindOfID(id)
	if err != nil {
		return nil, err
	}
	if b.byID[id] != nil {
		return nil, fmt.Errorf("reference: %s stands twice", id)
	}
	n := graph.NewNode(kind, id)
	b.nodes = append(b.nodes, n)
	b.byID[id] = n
	return n, nil
}

func (b *builder) edge(typ, from, to string) *graph.Edge {
	e := graph.NewEdge(b.schema.Relation(typ), from, to)
	b.edges = append(b.edges, e)
	return e
}

// name adds a name, unless the node has it already.
func (b *builder) name(id, value, language, script, kind string) {
	value = graph.Normalize(strings.TrimSpace(value))
	if value == "" || slices.ContainsFunc(b.names[id], func(n name) bool { return n.Value == value }) {
		return
	}
	b.names[id] = append(b.names[id], name{value, language, script, kind})
}

// aliases adds the names of a list with semicolons. What stands in brackets is a remark unless it is a part of the name.
func (b *builder) aliases(id, list string) {
	for _, alias := range strings.Split(list, ";") {
		if strings.Contains(alias, "do not map") {
			continue // a name that means more than this node
		}
		if i := strings.Index(alias, " (as printed"); i >= 0 {
			alias = alias[:i]
		}
		b.name(id, alias, "en", "Latn", "ALIAS")
	}
}

func (b *builder) externalID(id, scheme, value string) {
	if value != "" {
		b.ids[id] = append(b.ids[id], externalID{scheme, value})
	}
}

// source makes the node of a reference file.
func (b *builder) source(id, title, language string) error {
	n, err := b.node(id)
	if err != nil {
		return err
	}
	n.Set("title", title).Set("language", language).Set("seen", true).Set("versions", "[]")
	return nil
}

// evidence makes the claim that carries where a node comes from: the words of the file, citing it.
func (b *builder) evidence(id, source, words string) error {
	n, err := b.node("claim:" + strings.Replace(id, ":", "-", 1) + "/evidence")
	if err != nil {
		return err
	}
	n.Set("property", "evidence").Set("value.type", "Text").Set("value.text", graph.Normalize(words))
	b.edge("SUBJECT", n.ID, id)
	b.edge("CITES", n.ID, source).Set("chain", int64(0)).Set("hop", int64(0)).Set("verb", "PARAPHRASED")
	return nil
}

// each yields the nodes and then the relationships.
func (b *builder) each(yield func(graph.Record, error) bool) {
	for _, n := range b.nodes {
		if n.Kind.Field("names") != nil {
			n.Set("names", list(b.names[n.ID])).Set("externalIds", list(b.ids[n.ID]))
		}
		if !yield(n, nil) {
			return
		}
	}
	for _, e := range b.edges {
		if !yield(e, nil) {
			return
		}
	}
}

// list is a list of value objects as JSON text.
func list[T any](values []T) string {
	if values == nil {
		return "[]"
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(values) != nil {
		return "[]"
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// row is a line of a table, by the names of its columns.
type row map[string]string

// table reads a file of the folder data.
func table(file string) ([]row, error) {
	text, err := files.ReadFile("data/" + file)
	if err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reference: %s: %w", file, err)
	}
	rows := make([]row, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = row{}
		for j, column := range lines[0] {
			rows[i][column] = strings.TrimSpace(line[j])
		}
	}
	return rows, nil
}

// text joins what is not empty.
func text(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}
