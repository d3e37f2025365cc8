package gql

import (
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// TestReadLimit refuses what a computed field would have to read too much for, and answers what is within the limit.
func TestReadLimit(t *testing.T) {
	small := smallEngine(t)
	at := func(read int) *Engine {
		e, err := New(Config{Model: small.model, Store: small.store, Limits: Limits{Read: read}})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, c := range []struct {
		query string
		reads int // what is read for it
		what  string
	}{
		{`{ contradictions(about: "raid:a") { totalCount } }`, 12, "claims about one node"},
		{`{ accounting { raids } }`, 8, "claims about one node"},
		{`{ accounting(where: {id: {in: ["raid:b", "raid:c"]}}) { raids } }`, 2, "raids"},
		{`{ compound(id: "compound:a") { accounting { raids } } }`, 8, "claims about one node"},
		{`{ positions(speaker: "official:a") { totalCount } }`, 4, "name a speaker"},
		{`{ silences(by: SPEAKER, speaker: "official:a") { totalCount } }`, 4, "name a speaker"},
		{`{ openCommitments(about: "raid:a") { totalCount } }`, 2, "name a speaker"},
		{`{ compound(id: "compound:a") { activity { days { low } } } }`, 2, "claims about one node"},
		{`{ repatriationGap(nationality: "nationality:b") { reason } }`, 8, "claims about one node"},
	} {
		if r := ask(t, at(c.reads), c.query, ""); r.Code != "" {
			t.Errorf("%s: what is within the limit is refused: %s", c.query, r.Body)
		}
		r := ask(t, at(c.reads-1), c.query, "")
		if r.Code != graph.TooLarge || !strings.Contains(string(r.Body), c.what) || r.Executed {
			t.Errorf("%s: what is beyond the limit: %s", c.query, r.Body)
		}
		// The reference refuses it too.
		if r := ask(t, at(c.reads-1), `{ __schema { queryType { name } } `+c.query[1:], ""); r.Code != graph.TooLarge {
			t.Errorf("%s, with introspection: what is beyond the limit: %s", c.query, r.Body)
		}
	}
}
