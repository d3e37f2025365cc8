package casefile

import (
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// provenance is whose word something is, and how it reached us.
type provenance struct {
	by     string // the id of the speaker; empty: unknown
	said   graph.Period
	chains [][]hop
	none   bool // a node that is written without a source, and says so: what is claimed in it cites one itself
}

// hop is a document in a chain of citations.
type hop struct {
	source               string
	verb, hedge, locator string
	version              int // of the source, from 1; 0: the first whose time is known
}

// provenanceKeys may stand beside whatever is claimed.
var provenanceKeys = []string{"by", "said", "cite", "at", "hedge", "verb", "version"}

// unknown stands for what the documents do not tell, where something is told otherwise: a speaker, a time, a script, a stance.
const unknown = "unknown"

// provenance reads the keys of provenance. What they leave out is as around it, save the speaker where each must name its own.
func (p *parser) provenance(m *mapping, around *provenance, own bool) provenance {
	var v provenance
	if around != nil {
		v = *around
		if own {
			v.by = ""
		}
		v.chains = make([][]hop, len(around.chains))
		for i, c := range around.chains {
			v.chains[i] = slices.Clone(c)
		}
	}
	if n, ok := m.get("by"); ok {
		v.said = graph.Period{} // of the speaker around it
		if n.Kind == yaml.ScalarNode && n.Value == unknown {
			v.by = ""
		} else {
			v.by = p.ref(n, p.model.Graph.Implementors("Actor"))
		}
	} else if own {
		p.problem(m.node.Line, m.node.Column, m.path, "it does not say whose word this is", "add `by:` with who says it, or `by: unknown`")
	}
	if n, ok := m.get("said"); ok {
		v.said = p.period(n)
	}
	if n, ok := m.get("cite"); ok {
		v.chains, v.none = p.chains(n), false
	} else if around == nil || len(around.chains) == 0 && (own || !around.none) {
		p.problem(m.node.Line, m.node.Column, m.path, "this cites no source", "add `cite:` with the source that says it")
	}
	p.lastHop(m, &v)
	return v
}

// lastHop reads the keys that describe the last document of a chain.
func (p *parser) lastHop(m *mapping, v *provenance) {
	for _, name := range []string{"at", "hedge", "verb", "version"} {
		n, ok := m.get(name)
		if !ok {
			continue
		}
		if len(v.chains) > 1 {
			p.wrong(n, "several chains are cited, so that it is open which of them this is about", "write it inside the chain: {source: ..., "+name+": ...}")
			continue
		}
		if len(v.chains) == 1 && len(v.chains[0]) > 0 {
			p.hopKey(name, n, &v.chains[0][len(v.chains[0])-1])
		}
	}
}

func (p *parser) hopKey(name string, n place, h *hop) {
	switch name {
	case "at":
		h.locator = p.text(n)
	case "hedge":
		h.hedge = p.text(n)
	case "verb":
		h.verb = p.enum(n, p.enumValues("CitationVerb"))
	case "version":
		i, err := strconv.Atoi(p.text(n))
		if d := p.sources[h.source]; err != nil || i < 1 || d != nil && i > max(1, len(d.versions)) {
			p.wrong(n, "the source has no version "+graph.Quote(n.Value), "count from 1, in the order of its `versions`")
			return
		}
		h.version = i
	}
}

// chains reads what `cite` says: a source, a list of them (one chain, the origin first), or a list of such lists (several
// chains that carry the same independently).
func (p *parser) chains(n place) [][]hop {
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 && n.Content[0].Kind == yaml.SequenceNode {
		var out [][]hop
		for _, e := range p.list(n) {
			if c := p.chain(e); len(c) > 0 {
				out = append(out, c)
			}
		}
		return out
	}
	if c := p.chain(n); len(c) > 0 {
		return [][]hop{c}
	}
	return [][]hop{{}}
}

func (p *parser) chain(n place) []hop {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		p.wrong(n, "the list of sources is empty", "name the source that says it")
		return nil
	}
	var out []hop
	for _, e := range p.list(n) {
		h := hop{}
		at := e
		if e.Kind == yaml.MappingNode {
			m := p.mapping(e, true, "a source")
			s, ok := m.get("source")
			if !ok {
				p.wrong(e, "the source is missing", "add `source:`")
				return nil
			}
			h.source, at = p.ref(s, p.documents()), s
			for _, name := range []string{"at", "hedge", "verb", "version"} {
				if k, ok := m.get(name); ok {
					p.hopKey(name, k, &h)
				}
			}
			m.rest([]string{"source", "at", "hedge", "verb", "version"})
		} else {
			h.source = p.ref(e, p.documents())
		}
		if h.source == "" {
			return nil
		}
		for _, before := range out {
			if before.source == h.source {
				p.wrong(at, "the chain comes back to "+h.source, "name each source once, the origin first")
				return nil
			}
		}
		out = append(out, h)
	}
	return p.upToSeen(n, out)
}

// upToSeen lengthens a chain that ends in a source we did not see by those through which we know of it.
func (p *parser) upToSeen(n place, chain []hop) []hop {
	for len(chain) > 0 {
		d := p.sources[chain[len(chain)-1].source]
		if d == nil || d.seen {
			return chain
		}
		via := d.via
		if via == "" || slices.ContainsFunc(chain, func(h hop) bool { return h.source == via }) {
			p.wrong(n, d.item.id+" was not seen: a chain ends in a source that was", "write the chain out, as in [cc-times, camboja], or say through which source it is known: `via:`")
			return chain
		}
		chain = append(chain, hop{source: via})
	}
	return chain
}

// documentType is the type of what is cited.
func (p *parser) documentType() *schema.Type {
	for _, s := range p.sections {
		if f := citations(s.t); f != nil {
			return f.Relation.Target
		}
	}
	return nil
}

func (p *parser) documents() []*graph.Kind { return p.documentType().Kinds }

// citations is the field by which nodes of a type cite documents themselves; nil where claims do so for them.
func citations(t *schema.Type) *schema.Field {
	for _, f := range t.Fields {
		if f.Relation != nil && f.Relation.Hops {
			return f
		}
	}
	return nil
}

// published is when something was first known from documents that we saw; zero where that is unknown.
func (p *parser) published(v *provenance) time.Time {
	var first time.Time
	for _, c := range v.chains {
		if len(c) == 0 {
			continue
		}
		last := c[len(c)-1]
		var t time.Time
		if d := p.sources[last.source]; d != nil {
			t = d.published(last.version)
		} else if n := p.found[last.source]; n != nil {
			s, _ := n.Get(graph.PublishedAt).(string)
			t, _ = time.Parse(time.RFC3339, s)
		}
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// citing makes the relationships from what cites to the documents of its chains; first is the verb of the first document
// where the file gives none.
func (p *parser) citing(f *schema.Field, id string, v *provenance, first string) {
	for i, chain := range v.chains {
		for j, h := range chain {
			verb := h.verb
			switch {
			case verb != "":
			case j == 0:
				verb = first
			default:
				verb = "CITED"
			}
			e := graph.NewEdge(f.Relation.Of, id, h.source).Set("chain", int64(i)).Set("hop", int64(j)).Set("verb", verb)
			if h.hedge != "" {
				e.Set("hedge", h.hedge)
			}
			if h.locator != "" {
				e.Set("locator", h.locator)
			}
			p.edges = append(p.edges, &edge{Edge: e, prov: v})
		}
	}
}

// verb is how the first document of a claim's chains most likely gives the words: its outlet says them itself, it names who
// says them, or it leaves that open.
func (p *parser) verb(v *provenance) string {
	if v.by == "" {
		return "PARAPHRASED"
	}
	for _, chain := range v.chains {
		if len(chain) > 0 && p.sources[chain[0].source] != nil && p.sources[chain[0].source].outlet == v.by {
			return "SAID"
		}
	}
	return "CITED"
}
