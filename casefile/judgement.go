package casefile

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
)

// judgementKind is the kind of node by which somebody judges whether two records are the same.
const judgementKind = "Judgement"

// verdict is a section of judgements.
type verdict struct {
	section string
	verdict graph.Verdict
	other   string // the key of the record beside which one is judged
	right   string // what the section tells, for editors
}

var verdicts = []verdict{
	{"same", graph.VerdictSame, "into", "Records that are the same as another, and are merged into it; each goes on to be, and can be unmerged."},
	{"not-same", graph.VerdictNotSame, "other", "Records that are not the same as another, and are no longer offered as similar to it."},
	{"withdrawn", graph.VerdictWithdrawn, "other", "Judgements that no longer stand, each with the reason."},
}

// readJudgement reads what was judged of two records, by whom, and why.
func (p *parser) readJudgement(it *item) {
	n := it.node.Set("verdict", string(it.verdict.verdict))
	it.times = p.times(it.m)
	refer := func(key string, kinds []*graph.Kind, required bool) string {
		at, ok := it.m.get(key)
		if ok {
			return p.ref(at, kinds)
		}
		if required {
			p.wrong(it.key, "the "+key+" is missing", "add `"+key+":` with the id and its kind, such as compound:my-compound")
		}
		return ""
	}
	record, other := refer("record", p.mergeable(), true), refer(it.verdict.other, p.mergeable(), true)
	if record != "" && other != "" {
		n.Set("record", record).Set("other", other)
		if p.kindOf(record) != p.kindOf(other) || record == other {
			p.wrong(it.key, record+" and "+other+" are not two of one kind", "name two compounds, two officials, two raids, ...")
		}
	}
	if at, ok := it.m.get("reason"); ok {
		if reason := p.text(at); reason != "" {
			n.Set("reason", reason)
		}
	} else {
		p.wrong(it.key, "the reason is missing", "add `reason:` with why, so that others can judge it")
	}
	keys := []string{"id", "record", it.verdict.other, "reason", "by", "published", "retracted"}
	links := map[string]string{}
	if by, ok := it.m.get("by"); ok && !(by.Kind == yaml.ScalarNode && by.Value == unknown) {
		links["saidBy"] = p.ref(by, p.model.Graph.Implementors("Actor"))
	}
	if it.verdict.verdict == graph.VerdictWithdrawn {
		keys = append(keys, "judgement")
		links["withdraws"] = refer("judgement", it.t.Kinds, true)
	}
	for _, name := range []string{"saidBy", "withdraws"} {
		if to := links[name]; to != "" {
			p.edges = append(p.edges, &edge{Edge: graph.NewEdge(it.t.Field(name).Relation.Of, it.id, to), at: it.key, prov: &provenance{}})
		}
	}
	it.m.rest(keys)
}

// mergeable are the kinds of which two records can be one.
func (p *parser) mergeable() []*graph.Kind {
	return slices.DeleteFunc(slices.Clone(p.model.Graph.Kinds), func(k *graph.Kind) bool { return !k.Mergeable() })
}

// judgementItem is the body of a judgement.
func (w *writer) judgementItem(v *verdict, n *graph.Node) keyed {
	g := newBlock()
	for _, f := range []struct{ key, name string }{{"record", "record"}, {v.other, "other"}, {"reason", "reason"}} {
		words, _ := n.Get(f.name).(string)
		g.add(f.key, text(words))
	}
	t := w.model.Types[judgementKind]
	if by := w.far(n.ID, t.Field("saidBy").Relation.Of); by != "" {
		w.writeSpeaker(g, by)
	}
	if withdraws := t.Field("withdraws"); v.verdict == graph.VerdictWithdrawn {
		if of := w.far(n.ID, withdraws.Relation.Of); of != "" {
			g.add("judgement", w.ref(of, t.Kinds))
		}
	}
	given := w.given[n.ID]
	given.retracted, _ = n.Get(graph.RetractedAt).(string)
	w.writeTimes(g, given)
	return g
}
