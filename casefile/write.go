package casefile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// Export is what Write writes.
type Export struct {
	// Title is the title of the case.
	Title string
	// Records are nodes and then relationships, as graph.Store.Export yields them.
	Records graph.Records
	// Shipped is what is in every graph that the file is imported into, such as the reference data. What Records has just so
	// is left out.
	Shipped graph.Records
}

// Write writes a graph as a case file, which Parse reads as the same records, whatever their order: the same graph is the same
// text. Not kept are when something was recorded here, and when each relationship was published: that follows from the
// citations.
//
// A record that a case file cannot say is an Invalid error that names it: nothing is lost in silence. A text of more than
// MaxBytes is TooLarge.
func Write(model *schema.Model, e Export) ([]byte, error) {
	w := &writer{parser: newParser("", model, nil), title: e.Title, nodes: map[string]*graph.Node{}, from: map[string][]*graph.Edge{},
		shipped: map[string]string{}, left: map[string]bool{}, given: map[string]times{}, claims: map[string]*written{}, claimsOf: map[string][]*written{}}
	if err := w.load(e); err != nil {
		return nil, err
	}
	text := w.text()
	read, err := w.readBack(text)
	if err != nil {
		return nil, err
	}
	if w.correct(read) {
		text = w.text()
		if read, err = w.readBack(text); err != nil {
			return nil, err
		}
	}
	return text, w.compare(read)
}

// writer writes one graph as a case file. Its parser knows the sections and the sources, but reads nothing.
type writer struct {
	*parser
	title string

	nodes map[string]*graph.Node
	edges []*graph.Edge
	from  map[string][]*graph.Edge // where each starts
	// shipped are the records that need not be written, as lines, by key.
	shipped map[string]string
	// left are the ids of nodes that are left out, for they are shipped just so.
	left map[string]bool
	// given are times of nodes that do not follow from the rest of the file.
	given map[string]times
	// fields are the relationships of the nodes that are written, by owner and field.
	fields map[string]map[*schema.Field][]*graph.Edge
	// claims are those that are written, by id, and claimsOf those about each node.
	claims   map[string]*written
	claimsOf map[string][]*written
	// vias are the sources through which those are known that were not seen.
	vias map[string]string
}

// written is a claim of the graph that is to be written. The verbs of its provenance are those of the graph; where a file has
// none it is one that follows, see verb.
type written struct {
	*claim
	node      *graph.Node
	published string
	dated     bool // published follows from the citations
	parts     []*written
	done      bool
}

// text is the whole file.
func (w *writer) text() []byte {
	for _, claims := range w.claimsOf {
		for _, c := range claims {
			c.done = false
		}
	}
	root := newBlock()
	header := newBlock()
	header.add("title", text(w.title))
	root.add("case", header.Node)
	var b printer
	b.entries(root.Node, 0, false)
	for _, s := range w.sections {
		body := newBlock()
		for _, id := range w.ids(s.t.Kind) {
			if item := w.item(s, w.nodes[id]); !item.empty() {
				body.add(w.key(id), item.Node)
			}
		}
		if body.empty() {
			continue
		}
		b.WriteByte('\n')
		section := newBlock()
		section.add(s.name, body.Node)
		b.entries(section.Node, 0, false)
	}
	return b.Bytes()
}

// ids are those of the nodes of a kind that are written, in order.
func (w *writer) ids(k *graph.Kind) []string {
	var out []string
	for id, n := range w.nodes {
		if n.Kind == k && !w.left[id] {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// key is the id of a node under the section of its kind.
func (w *writer) key(id string) string {
	prefix, name, _ := strings.Cut(id, ":")
	if strings.HasPrefix(name, prefix+":") {
		return id
	}
	return name
}

// ref is the id of a node where one of the kinds belongs: without its kind where only one can be meant.
func (w *writer) ref(id string, kinds []*graph.Kind) *yaml.Node {
	if name := local(id); len(kinds) == 1 && !strings.Contains(name, ":") {
		return text(name)
	}
	return text(id)
}

// item is the body of a node; empty where it is written elsewhere.
func (w *writer) item(s section, n *graph.Node) keyed {
	t := s.t
	switch {
	case s.verdict != nil && n.Get("verdict") != string(s.verdict.verdict):
		return newBlock()
	case s.verdict != nil:
		return w.judgementItem(s.verdict, n)
	case t.Name == claimKind:
		return w.claimItem(n)
	case t == w.documentType():
		return w.documentItem(t, n)
	case citations(t) != nil:
		return w.statementItem(t, n)
	case w.nested(n) != nil:
		return keyed{&yaml.Node{}}
	}
	return w.claimedItem(t, n, nil, nil)
}

// times writes the times of a record that do not follow from the rest.
func (w *writer) writeTimes(g keyed, t times) {
	if t.published != "" {
		g.add("published", plain(t.published))
	}
	if t.retracted != "" {
		g.add("retracted", plain(t.retracted))
	}
}
