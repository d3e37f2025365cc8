package casefile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// load reads the records, leaves out what is shipped, and finds for each relationship the field at which it is written.
func (w *writer) load(e Export) error {
	w.found = map[string]*graph.Node{}
	ends := map[string][2]string{}
	for r, err := range e.Shipped {
		if err != nil {
			return err
		}
		r = clone(r)
		if err := graph.InvalidRecord(r, w.model.Graph.CheckRecord(r)); err != nil {
			return err
		}
		w.shipped[keyOfRecord(r)] = line(r)
		if edge, ok := r.(*graph.Edge); ok {
			ends[keyOfRecord(r)] = [2]string{edge.From, edge.To}
		}
	}
	for r, err := range e.Records {
		if err != nil {
			return err
		}
		switch r := r.(type) {
		case *graph.Node:
			w.nodes[r.ID] = r
			w.left[r.ID] = w.shipped[keyOfRecord(r)] == line(r)
		case *graph.Edge:
			w.edges = append(w.edges, r)
			delete(ends, keyOfRecord(r))
		}
	}
	if err := w.takenAway(ends); err != nil {
		return err
	}
	slices.SortFunc(w.edges, compareEdges)
	for _, e := range w.edges {
		w.from[e.From] = append(w.from[e.From], e)
	}
	w.include()
	w.loadSources()
	w.loadClaims()
	w.assign()
	return nil
}

func compareEdges(a, b *graph.Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Relation.Type, b.Relation.Type), cmp.Compare(a.Key(), b.Key()))
}

// takenAway refuses a graph that lacks relationships which are shipped, for the file would bring them back: those of ends, of
// which both nodes are there.
func (w *writer) takenAway(ends map[string][2]string) error {
	var lost []string
	for key, e := range ends {
		if w.nodes[e[0]] != nil && w.nodes[e[1]] != nil {
			lost = append(lost, key)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	return cannotSay(slices.Min(lost), "it was taken away, and comes with the reference data")
}

// include takes in nodes that are shipped where what is written needs them: a claim or a citation that differs, a
// relationship that can be written at no other node.
func (w *writer) include() {
	for _, e := range w.edges {
		if !w.left[e.From] || w.shipped[keyOfRecord(e)] == line(e) {
			continue
		}
		t := w.model.Types[w.nodes[e.From].Kind.Name]
		if w.left[e.To] || t.Name == claimKind || citations(t) != nil || w.fieldOf(e, false) == nil {
			w.left[e.From] = false
		}
	}
}

// loadSources tells the parser of the sources, so that it knows when what cites them was published.
func (w *writer) loadSources() {
	t := w.documentType()
	outlet := t.Field("outlet")
	for id, n := range w.nodes {
		if n.Kind != t.Kind {
			continue
		}
		if w.left[id] {
			w.found[id] = n
			continue
		}
		d := &document{seen: n.Get("seen") == true}
		if outlet != nil {
			d.outlet = w.far(id, outlet.Relation.Of)
		}
		w.readVersions(d, n)
		w.sources[id] = d
	}
	w.vias = map[string]string{}
	cites := w.cites()
	for i, e := range w.edges {
		if e.Relation != cites || w.seen(e.To) {
			continue
		}
		for _, next := range w.from[w.edges[i].From] {
			if next.Relation == cites && next.Get("chain") == e.Get("chain") && next.Get("hop") == number(e.Get("hop"))+1 && w.seen(next.To) {
				if via := w.vias[e.To]; via == "" || next.To < via {
					w.vias[e.To] = next.To
				}
			}
		}
	}
}

func (w *writer) seen(source string) bool {
	n := w.nodes[source]
	return n != nil && n.Get("seen") == true
}

func number(v any) int64 {
	n, _ := v.(int64)
	return n
}

// cites is the relation from what cites to its sources.
func (w *writer) cites() *graph.Relation { return citations(w.model.Types[claimKind]).Relation.Of }

// far is the node to which a relation to one leads; empty where there is none.
func (w *writer) far(id string, r *graph.Relation) string {
	for _, e := range w.from[id] {
		if e.Relation == r {
			return e.To
		}
	}
	return ""
}

// fieldOf is the field at which a relationship can be written: of the node where it starts (out), or of that where it ends;
// nil where there is none.
func (w *writer) fieldOf(e *graph.Edge, out bool) *schema.Field {
	owner, far := e.From, e.To
	if !out {
		owner, far = far, owner
	}
	if w.nodes[owner] == nil || w.nodes[far] == nil {
		return nil
	}
	t := w.model.Types[w.nodes[owner].Kind.Name]
	for _, f := range t.Fields {
		r := f.Relation
		if r == nil || r.Of != e.Relation || r.Out != out || !w.writable(t, f) || !slices.Contains(r.Kinds, w.nodes[far].Kind) || !carries(r, e) {
			continue
		}
		return f
	}
	return nil
}

// carries says whether a field shows all properties that a relationship has.
func carries(r *schema.Relation, e *graph.Edge) bool {
	for _, p := range e.Relation.Props {
		if e.Props[p.Position] != nil && !system(p.Name) && (r.Edge == nil || r.Edge.Field(p.Name) == nil) {
			return false
		}
	}
	return true
}

func system(name string) bool {
	return slices.Contains([]string{graph.PublishedAt, graph.RecordedAt, graph.RetractedAt, graph.ChangedIn}, name)
}

// assign finds the node and the field at which each relationship is written: where a claim says it or, without one, where it
// starts.
func (w *writer) assign() {
	w.fields = map[string]map[*schema.Field][]*graph.Edge{}
	for _, e := range w.edges {
		if kind := w.nodes[e.From].Kind.Name; kind == claimKind || kind == judgementKind || e.Relation == w.cites() {
			continue // written with the claim or the judgement, or as a citation
		}
		shipped := w.shipped[keyOfRecord(e)] == line(e)
		var best *schema.Field
		owner, rank := "", 0
		for _, out := range []bool{true, false} {
			f := w.fieldOf(e, out)
			near, far := e.From, e.To
			if !out {
				near, far = far, near
			}
			if f == nil || w.left[near] || shipped && !out {
				continue
			}
			r := 1
			if w.claimed(near, far, f, e) {
				r = 2
			}
			if r > rank {
				best, owner, rank = f, near, r
			}
		}
		if best == nil {
			continue // shipped, or told of by compare
		}
		if w.fields[owner] == nil {
			w.fields[owner] = map[*schema.Field][]*graph.Edge{}
		}
		w.fields[owner][best] = append(w.fields[owner][best], e)
	}
}

// claimed says whether a claim about a node says that a relationship leads from its field to another node.
func (w *writer) claimed(near, far string, f *schema.Field, e *graph.Edge) bool {
	return slices.ContainsFunc(w.claimsOf[near], func(c *written) bool { return w.saysEdge(c, f, far, e) })
}

func (w *writer) saysEdge(c *written, f *schema.Field, far string, e *graph.Edge) bool {
	role, _ := e.Get("role").(string)
	return c.property == f.Property() && c.value.kind == "Reference" && c.value.node == far && c.role == role
}

// keyOfRecord tells a record apart from all others.
func keyOfRecord(r graph.Record) string {
	switch r := r.(type) {
	case *graph.Node:
		return r.ID
	case *graph.Edge:
		return strings.TrimRight(strings.Join([]string{r.Relation.Type, "from", r.From, "to", r.To, r.Key()}, " "), " ")
	}
	return ""
}

// line is a record without what a case file does not say: when it was recorded, and when a relationship was published.
func line(r graph.Record) string {
	r = clone(r)
	switch r := r.(type) {
	case *graph.Node:
		r.Set(graph.RecordedAt, nil)
	case *graph.Edge:
		r.Set(graph.RecordedAt, nil).Set(graph.PublishedAt, nil)
	}
	return string(graph.AppendRecord(nil, r))
}
