package casefile

import (
	"cmp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
)

// word is whose word something is, how it reached us, and when it was first published, as the graph has it.
type word struct {
	provenance
	published string
	verb      string // that of the first document, where a file gives none
}

// chainsOf are the chains of what cites, in order, with all verbs.
func (w *writer) chainsOf(id string) [][]hop {
	cites := w.cites()
	var hops []*graph.Edge
	for _, e := range w.from[id] {
		if e.Relation == cites {
			hops = append(hops, e)
		}
	}
	slices.SortFunc(hops, func(a, b *graph.Edge) int {
		return cmp.Or(cmp.Compare(number(a.Get("chain")), number(b.Get("chain"))), cmp.Compare(number(a.Get("hop")), number(b.Get("hop"))), compareEdges(a, b))
	})
	var chains [][]hop
	last := int64(-1)
	for _, e := range hops {
		if c := number(e.Get("chain")); c != last {
			chains, last = append(chains, nil), c
		}
		h := hop{source: e.To}
		h.verb, _ = e.Get("verb").(string)
		h.hedge, _ = e.Get("hedge").(string)
		h.locator, _ = e.Get("locator").(string)
		chains[len(chains)-1] = append(chains[len(chains)-1], h)
	}
	return chains
}

// follows is when what cites the chains was published, as it is stored; empty where that is unknown.
func (w *writer) follows(chains [][]hop) string {
	return stored(w.published(&provenance{chains: chains}))
}

func stored(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// provenance writes the keys by which a word differs from what is around it (nil: nothing). own says that the speaker stands
// there in any case. It returns the provenance as a file has it there, and the word's publication where that does not follow
// from it.
func (w *writer) writeProvenance(g keyed, v word, around *provenance, own bool) (provenance, string) {
	as := provenance{by: v.by, said: v.said}
	var before provenance
	if around != nil {
		before = *around
	}
	said := before.said
	if own || v.by != before.by || v.said.EDTF == "" && said.EDTF != "" {
		w.writeSpeaker(g, v.by)
		said = graph.Period{}
	}
	if v.said != said {
		g.add("said", w.date(v.said))
	}
	switch chains, ok := w.inherited(v, before.chains); {
	case ok:
		as.chains = chains
	default:
		if as.chains, ok = w.lastHopOnly(g, v, before.chains); !ok {
			as.chains = w.cite(g, v)
		}
	}
	if published := w.follows(as.chains); published != v.published {
		return as, cmp.Or(v.published, unknown)
	}
	return as, ""
}

func (w *writer) writeSpeaker(g keyed, id string) {
	if id == "" {
		g.add("by", text(unknown))
		return
	}
	g.add("by", text(id))
}

// verbOf is the verb that a hop has in the graph where the file has it so.
func (v *word) verbOf(h hop, position int) string {
	if position == 0 {
		return cmp.Or(h.verb, v.verb)
	}
	return cmp.Or(h.verb, "CITED")
}

// inherited says whether the chains around are those of the word, its time of publication included.
func (w *writer) inherited(v word, around [][]hop) ([][]hop, bool) {
	if len(around) != len(v.chains) || len(around) == 0 {
		return nil, false
	}
	for i, chain := range around {
		if len(chain) != len(v.chains[i]) {
			return nil, false
		}
		for j, h := range chain {
			if !v.same(h, v.chains[i][j], j) {
				return nil, false
			}
		}
	}
	return around, w.follows(around) == v.published
}

func (v *word) same(written, there hop, position int) bool {
	return written.source == there.source && written.hedge == there.hedge && written.locator == there.locator && v.verbOf(written, position) == there.verb
}

// lastHopOnly writes what differs in the last document of the only chain, if that is all.
func (w *writer) lastHopOnly(g keyed, v word, around [][]hop) ([][]hop, bool) {
	if len(around) != 1 || len(v.chains) != 1 || len(around[0]) != len(v.chains[0]) {
		return nil, false
	}
	chain, there := slices.Clone(around[0]), v.chains[0]
	last := len(chain) - 1
	for j, h := range chain[:last] {
		if !v.same(h, there[j], j) {
			return nil, false
		}
	}
	h, want := &chain[last], there[last]
	if h.source != want.source || want.locator == "" && h.locator != "" || want.hedge == "" && h.hedge != "" {
		return nil, false
	}
	part := newGroup()
	if h.locator != want.locator {
		part.add("at", text(want.locator))
	}
	if h.hedge != want.hedge {
		part.add("hedge", text(want.hedge))
	}
	if v.verbOf(*h, last) != want.verb {
		part.add("verb", plain(want.verb))
		h.verb = want.verb
	}
	h.locator, h.hedge = want.locator, want.hedge
	chains := [][]hop{chain}
	if w.follows(chains) != v.published {
		if h.version = w.version(chains, v.published); h.version == 0 {
			return nil, false
		}
		part.add("version", plain(whole(int64(h.version))))
	}
	g.Content = append(g.Content, part.Content...)
	return chains, true
}

// version is that of the last source of the only chain in which something was published then; 0 where none is.
func (w *writer) version(chains [][]hop, published string) int {
	d := w.sources[chains[0][len(chains[0])-1].source]
	if d == nil {
		return 0
	}
	for i, v := range d.versions {
		if stored(v.at) == published {
			return i + 1
		}
	}
	return 0
}

// cite writes all chains.
func (w *writer) cite(g keyed, v word) [][]hop {
	chains := make([][]hop, len(v.chains))
	for i, chain := range v.chains {
		for j, h := range chain {
			if h.verb == v.verbOf(hop{}, j) {
				h.verb = ""
			}
			chains[i] = append(chains[i], h)
		}
	}
	if len(chains) == 0 {
		return chains
	}
	if len(chains) > 1 {
		var lists []*yaml.Node
		for _, chain := range chains {
			lists = append(lists, listOf(w.hops(chain)))
		}
		g.add("cite", listOf(lists))
		return chains
	}
	last := &chains[0][len(chains[0])-1]
	if w.follows(chains) != v.published {
		last.version = w.version(chains, v.published)
	}
	plainLast := slices.Clone(chains[0])
	plainLast[len(plainLast)-1] = hop{source: last.source}
	g.add("cite", oneOrList(w.hops(plainLast)))
	writeHop(g, *last)
	return chains
}

func (w *writer) hops(chain []hop) []*yaml.Node {
	var out []*yaml.Node
	for _, h := range chain {
		source := w.ref(h.source, w.documents())
		if h == (hop{source: h.source}) {
			out = append(out, source)
			continue
		}
		g := newGroup()
		g.add("source", source)
		writeHop(g, h)
		out = append(out, g.Node)
	}
	return out
}

func writeHop(g keyed, h hop) {
	if h.locator != "" {
		g.add("at", text(h.locator))
	}
	if h.hedge != "" {
		g.add("hedge", text(h.hedge))
	}
	if h.verb != "" {
		g.add("verb", plain(h.verb))
	}
	if h.version != 0 {
		g.add("version", plain(whole(int64(h.version))))
	}
}
