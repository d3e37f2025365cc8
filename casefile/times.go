package casefile

import (
	"strings"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// times are what a file says of the record of a node or a claim itself.
type times struct {
	published string // when it was first published, or unknown; empty where that follows from what is cited
	retracted string // empty where it stands
}

// times reads the times of a record.
func (p *parser) times(m *mapping) times {
	var t times
	if n, ok := m.get("published"); ok {
		t.published = p.time(n)
	}
	t.retracted = p.retracted(m)
	return t
}

// retracted is when a record was retracted; empty where it stands.
func (p *parser) retracted(m *mapping) string {
	n, ok := m.get("retracted")
	if !ok {
		return ""
	}
	at := p.time(n)
	if at == unknown {
		p.wrong(n, "when it was retracted is not told", "write 2024-11-11T11:00:00Z, or a date such as 2024-11-11")
	}
	return at
}

// time is a moment as it is stored, or unknown; empty, with a problem, where it is neither.
func (p *parser) time(n place) string {
	if n.Value == unknown {
		return unknown
	}
	before := len(p.problems)
	t, edtf, known := p.moment(n)
	if !known {
		if len(p.problems) == before {
			p.wrong(n, edtf+" is open at its end", "write 2024-11-11T11:00:00Z, a date such as 2024-11-11, or unknown")
		}
		return ""
	}
	return stamp(t)
}

// first is when the record was first published; follows is when what it cites was.
func (t times) first(follows time.Time) time.Time {
	if t.published == "" {
		return follows
	}
	at, _ := time.Parse(time.RFC3339, t.published) // zero where it is unknown
	return at
}

// set sets the times of a node.
func (t times) set(n *graph.Node, follows time.Time) {
	if at := t.first(follows); !at.IsZero() {
		n.Set(graph.PublishedAt, stamp(at))
	}
	if t.retracted != "" {
		n.Set(graph.RetractedAt, t.retracted)
	}
}

// unclaimedKey lists values of a node of which nobody's word is recorded.
const unclaimedKey = "unclaimed"

// readUnclaimed notes the properties of which an item makes no claims.
func (p *parser) readUnclaimed(it *item) {
	n, ok := it.m.get(unclaimedKey)
	if !ok {
		return
	}
	known := p.claimable(it.t)
	var keys []string
	for _, f := range known {
		keys = append(keys, keyOf(it.t, f))
	}
	for _, e := range p.list(n) {
		word := graph.Kebab(p.text(e))
		found := false
		for i, f := range known {
			if word == keys[i] {
				it.told[f.Property()] = true
				found = true
			}
		}
		if !found && word != "" {
			p.wrong(e, "there is no "+graph.Quote(word)+" here", "what may stand here: "+strings.Join(keys, ", "))
		}
	}
}

// claimable are the fields of a kind whose values make claims.
func (p *parser) claimable(t *schema.Type) []*schema.Field {
	var out []*schema.Field
	for _, f := range t.Fields {
		if p.writable(t, f) && !(f.Object != nil && f.Relation == nil && f.GraphQL.Elem != nil) {
			out = append(out, f)
		}
	}
	return out
}
