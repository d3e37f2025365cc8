package gql

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"sort"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// TestDifferential compares the renderer with gqlgen's execution on generated operations: the same data, and errors in the
// same places.
func TestDifferential(t *testing.T) {
	e := smallEngine(t)
	ids := []string{"raid:nothing"}
	for _, k := range e.model.Graph.Kinds {
		ids = append(ids, k.Prefix+":a", k.Prefix+":b", k.Prefix+":c")
	}
	g := &generator{Rand: rand.New(rand.NewPCG(1, 2)), schema: e.schema, ids: ids, texts: []string{"a", "raid", "name b", "កំពង់", "zzz"}}
	const operations = 4000
	asked, failing := 0, 0
	computed := []string{"accounting", "compounds", "contradictions", "nationalities", "openCommitments", "positions", "raids", "repatriationGap", "repatriationGaps", "silences"}
	told := map[string]int{} // how many answers of a computed root field have something in them
	for n := range operations {
		// Every third operation asks what is computed over many claims or statements.
		if g.roots = nil; n%3 == 0 {
			g.roots = computed[n/3%len(computed):][:1]
		}
		query, vars := g.operation()
		variables, err := json.Marshal(vars)
		if err != nil {
			t.Fatal(err)
		}
		req := Request{Query: query, Variables: variables}
		q, err := e.prepare(req)
		if err != nil {
			continue
		}
		rows, err := e.query(context.Background(), q)
		if err != nil {
			t.Fatalf("%v\n%s\n%s\n%s", err, query, variables, q.operation.plan)
		}
		asked++
		fast, slow := e.render(q, rows), e.reference(context.Background(), req, q, rows)
		f, s := normal(t, fast.Body), normal(t, slow.Body)
		if len(f.Errors) >= maxErrors || len(s.Errors) >= maxErrors {
			// Which of too many are told is not the same.
			f.Errors, s.Errors = nil, nil
		}
		if !reflect.DeepEqual(f, s) {
			t.Fatalf("the answers differ for\n%s\n%s\nfast %s\nslow %s", query, variables, fast.Body, slow.Body)
		}
		if len(f.Errors) > 0 {
			failing++
		}
		if len(g.roots) > 0 && len(fast.Body) > 150 {
			told[g.roots[0]]++
		}
		fast.Release()
	}
	for _, root := range computed {
		if told[root] < 20 {
			t.Errorf("only %d answers of %s tell anything", told[root], root)
		}
	}
	if asked < operations/2 {
		t.Errorf("only %d of %d operations are valid: the generator is off", asked, operations)
	}
	if failing < asked/100 {
		t.Errorf("only %d of %d answers have an error: nulls in non-null places are not tried", failing, asked)
	}
}

type normalised struct {
	Data   any
	Errors []string
}

// normal is an answer without the order of keys and errors.
func normal(t *testing.T, body []byte) normalised {
	t.Helper()
	var answer struct {
		Data   any
		Errors []struct{ Path ast.Path }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	n := normalised{Data: answer.Data}
	seen := map[string]bool{}
	for _, err := range answer.Errors {
		if p := err.Path.String(); !seen[p] && len(n.Errors) < maxErrors {
			seen[p] = true
			n.Errors = append(n.Errors, p)
		}
	}
	sort.Strings(n.Errors)
	return n
}
