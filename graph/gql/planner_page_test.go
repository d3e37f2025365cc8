package gql

import (
	"encoding/json"
	"testing"
)

// TestPeek: the row behind a page is read only where pageInfo asks for it, and never counts as cost.
func TestPeek(t *testing.T) {
	e := smallEngine(t)
	for _, c := range []struct {
		query, variables string
		limit, cost      int64
	}{
		{`{ raids(first: 2) { nodes { id } } }`, ``, 2, 2},
		{`{ raids(first: 2) { nodes { id } pageInfo { hasNextPage } } }`, ``, 3, 2},
		{`{ raids(last: 2) { edges { cursor } ...p } } fragment p on RaidConnection { pageInfo { startCursor } }`, ``, 3, 2},
		{`{ raids { nodes { id } } }`, ``, defaultPage, defaultPage},
		{`{ raids { nodes { id } pageInfo { endCursor } } }`, ``, defaultPage + 1, defaultPage},
		{`query($n: Int, $p: Boolean!) { raids(first: $n) { nodes { id } pageInfo @include(if: $p) { hasNextPage } } }`, `{"n": 4, "p": true}`, 5, 4},
		{`query($n: Int, $p: Boolean!) { raids(first: $n) { nodes { id } pageInfo @include(if: $p) { hasNextPage } } }`, `{"n": 4, "p": false}`, 4, 4},
		{`{ search(text: "a", first: 2) { nodes { id } } }`, ``, 2, 2},
		{`{ search(text: "a", first: 2) { nodes { id } pageInfo { hasNextPage } } }`, ``, 3, 2},
	} {
		q, err := e.prepare(Request{Query: c.query, Variables: json.RawMessage(c.variables)})
		if err != nil {
			t.Fatal(err)
		}
		if got := q.args[q.operation.plan.Roots[0].Page.Limit]; got != c.limit {
			t.Errorf("%s %s reads %v rows, not %d", c.query, c.variables, got, c.limit)
		}
		if got := q.operation.cost(q.args); got != c.cost {
			t.Errorf("%s %s costs %d, not %d", c.query, c.variables, got, c.cost)
		}
	}
}
