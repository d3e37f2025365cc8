package gql

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// attacks are documents of at most 1 MiB that cost a server much which is not prepared for them.
func attacks() map[string]string {
	const bytes = 1 << 20
	name := strings.Repeat("n", bytes-100)
	same := func(s string) func(int) string { return func(int) string { return s } }
	full := func(before, repeated, after string) string {
		return before + strings.Repeat(repeated, (bytes-len(before)-len(after))/len(repeated)) + after
	}
	deep := func(levels int, level func(i int) string, last string) string { return repeat(levels, level) + last }
	kinds := []string{"Raid", "Repatriation", "Compound", "Province", "Agency", "Official", "Claim", "Statement"}
	return map[string]string{
		// The five of the design.
		"one field 20,000 times":         "{" + strings.Repeat("__typename ", 20_000) + "}",
		"80,000 aliases":                 "{" + repeat(80_000, func(i int) string { return fmt.Sprintf("a%d:id ", i) }) + "}",
		"doubled fragments":              "{...f0}" + deep(25, func(i int) string { return fmt.Sprintf("fragment f%d on Query{...f%d ...f%d}", i, i+1, i+1) }, "fragment f25 on Query{__typename}"),
		"10,000 unknown directives":      "{__typename " + repeat(10_000, same("@unknown ")) + "}",
		"one field for a whole megabyte": full("{", "a ", "}"),
		// The same within the limits.
		"one field 9,000 times":              "{raids{nodes{" + strings.Repeat("id ", 9_000) + "}}}",
		"9,000 wrong fields":                 "{raids{nodes{" + strings.Repeat("idd ", 9_000) + "}}}",
		"9,000 different wrong fields":       "{raids{nodes{" + repeat(9_000, func(i int) string { return fmt.Sprintf("f%d ", i) }) + "}}}",
		"doubled fragments below the limit":  "{...f0}" + deep(11, func(i int) string { return fmt.Sprintf("fragment f%d on Query{...f%d ...f%d}", i, i+1, i+1) }, "fragment f11 on Query{raids{nodes{id}}}"),
		"a wide fragment in many operations": repeat(1000, func(i int) string { return fmt.Sprintf("query q%d{...f} ", i) }) + "fragment f on Query{raids{nodes{" + strings.Repeat("id ", 8_000) + "}}}",
		"a chain of fragments":               "{...f0}" + deep(1_600, func(i int) string { return fmt.Sprintf("fragment f%d on Query{...f%d}", i, i+1) }, "fragment f1600 on Query{__typename}"),
		"a chain of fragments that goes back": "{...f0}" + deep(800, func(i int) string { return fmt.Sprintf("fragment f%d on Query{...f%d}", i, i+1) },
			"fragment f800 on Query{"+strings.Repeat("...f0 ", 3_500)+"}"),
		"fragments all to all": "{...f0}" + repeat(80, func(i int) string {
			return fmt.Sprintf("fragment f%d on Query{%s}", i, repeat(80, func(j int) string { return fmt.Sprintf("...f%d ", j) }))
		}),
		"fragments that nothing uses": "{__typename}" + repeat(1_600, func(i int) string { return fmt.Sprintf("fragment f%d on Raid{id}", i) }),
		"spreads of no fragment":      "{__typename " + repeat(4_000, func(i int) string { return fmt.Sprintf("...f%d ", i) }) + "}",
		"fragments on no type":        "{__typename}" + repeat(1_600, func(i int) string { return fmt.Sprintf("fragment f%d on Raidd%d{id}", i, i) }),
		"a long field":                "{" + name + "}",
		"a long argument":             "{raids(" + name + ":1){nodes{id}}}",
		"a long type":                 "{...f} fragment f on " + name + "{id}",
		"a long enum value":           "{raids(orderBy:" + name + "){nodes{id}}}",
		"a long text for an enum":     `{search(text:"a" kinds:["` + name + `"]){nodes{__typename}}}`,
		"a long text":                 `{raid(id:"` + name + `"){id}}`,
		"a long text of quotes":       `{raids(first:"` + strings.Repeat(`\"`, bytes/2-100) + `"){nodes{id}}}`,
		"a long number":               "{raids(first:" + strings.Repeat("9", bytes-100) + "){nodes{id}}}",
		"a long text in many operations": repeat(300, func(i int) string { return fmt.Sprintf("query q%d{...f} ", i) }) +
			`fragment f on Query{raids(first:"` + strings.Repeat("n", 900_000) + `"){nodes{id}}}`,
		"a long block":                   `{raid(id:"""` + strings.Repeat("\n ", bytes/2-100) + `"""){id}}`,
		"a long comment":                 "#" + name + "\n{__typename}",
		"many comments":                  full("", "#\n", "{__typename}"),
		"many blanks":                    full("{__typename", " \n,", "}"),
		"deep selections":                nested(100_000, "{a", "{a}", "}"),
		"deep inline fragments":          nested(990, "{...", "{__typename}", "}"),
		"deep lists":                     "{raids(first:" + nested(100_000, "[", "", "]") + "){nodes{id}}}",
		"deep types":                     "query($v:" + nested(100_000, "[", "Int", "]") + "){__typename}",
		"deep objects":                   "{raids(where:" + nested(400, "{and:", "{}", "}") + "){nodes{id}}}",
		"objects as deep as they may":    "{raids(where:" + nested(45, "{and:", "["+strings.Repeat("{id:{eq:1}}", 1_900)+"]", "}") + "){nodes{id}}}",
		"a long list":                    "{raids(where:{id:{in:[" + strings.Repeat("1 ", 14_000) + "]}}){nodes{id}}}",
		"a long list of wrong values":    "{raids(where:{date:{in:[" + strings.Repeat("{} ", 7_000) + "]}}){nodes{id}}}",
		"one argument many times":        "{raids(" + strings.Repeat("first:1 ", 4_900) + "){nodes{id}}}",
		"one input field many times":     "{raids(where:{" + strings.Repeat("and:[] ", 3_500) + "}){nodes{id}}}",
		"many variables":                 "query(" + repeat(3_500, func(i int) string { return fmt.Sprintf("$v%d:Int ", i) }) + "){__typename}",
		"many variables used":            "query(" + repeat(1_800, func(i int) string { return fmt.Sprintf("$v%04d:ID ", i) }) + "){raids(where:{id:{in:[" + strings.Repeat("$v1799 ", 3_500) + "]}}){nodes{id}}}",
		"a variable with a long default": `query($v:[ID!]=[` + strings.Repeat("1 ", 6_000) + `]){raids(where:{id:{in:[` + strings.Repeat("$v ", 4_000) + "]}}){nodes{id}}}",
		"many operations":                repeat(3_000, func(i int) string { return fmt.Sprintf("query q%d{__typename} ", i) }),
		"anonymous operations":           strings.Repeat("{__typename}", 3_000),
		"operations of one name":         strings.Repeat("query q{__typename}", 2_500),
		"introspection in a circle":      "{__schema{types{" + nested(14, "fields{type{", "name", "}}") + "}}}",
		"introspection through fragments": "{" + repeat(90, func(i int) string { return fmt.Sprintf("__schema{...f%d} ", i%10) }) + "}" +
			repeat(10, func(i int) string { return fmt.Sprintf("fragment f%d on __Schema{types{...g}}", i) }) +
			"fragment g on __Type{" + strings.Repeat("name ", 2_000) + "}",
		// Two ways to reach each level, so that the sets of fields which meet there double with each.
		"overlaps that double": "{node(id:1){...a0}}" + repeat(17, func(i int) string {
			return fmt.Sprintf("fragment a%d on Node{...on Agency{parent{...a%d}} ...on Entity{...on Agency{parent{...b%d}} ...on Official{id}}}"+
				"fragment b%d on Node{...on Agency{parent{...on Node{id}}}}", i, i+1, i, i)
		}) + "fragment a17 on Node{id}",
		"kinds that meet in one place": "{node(id:1){" + repeat(2_100, func(i int) string { return fmt.Sprintf("...on %s{id}", kinds[i%len(kinds)]) }) + "}}",
		"fields that differ by kind": `{nodes(ids:["a"]){` + repeat(450, func(i int) string {
			return fmt.Sprintf("...on %s{claims(first:%d){nodes{id}}}", kinds[i%4], i%4)
		}) + "}}",
		"fields that differ by kinds all the way": "{search(text:\"a\"){nodes{" + repeat(340, func(i int) string {
			return fmt.Sprintf("...on Claim{subject{...on %s{claims(first:%d){nodes{subject{...on %s{claims(first:%d){nodes{id}}}}}}}}}",
				kinds[i%4], i%4, kinds[i/4%4], i/4%4)
		}) + "}}}",
		"a chain of fragments as long as it may": "{...f0}" + deep(210, func(i int) string { return fmt.Sprintf("fragment f%d on Query{...f%d}", i, i+1) },
			"fragment f210 on Query{"+strings.Repeat("__typename ", 90)+"}"),
		"a wide fragment in as many operations as may be": repeat(40, func(i int) string { return fmt.Sprintf("query q%d{...f} ", i) }) +
			"fragment f on Query{raids{nodes{" + strings.Repeat("idd ", 230) + "}}}",
		"objects of a wrong type as deep as they may": "{raids(where:" + nested(40, "{and:", "["+strings.Repeat("{a:1}", 400)+"]", "}") + "){nodes{id}}}",
		"objects nested as they may":                  "{raids(where:" + nested(45, "{and:", "["+strings.Repeat("{}", 1_050)+"]", "}") + "){nodes{id}}}",
		"a default list as often as it may":           `query($v:[ID!]=[` + strings.Repeat("1 ", 300) + `]){raids(where:{id:{in:[` + strings.Repeat("$v ", 60) + "]}}){nodes{id}}}",
		"a cycle of long ways back": "{...f0}" + deep(150, func(i int) string { return fmt.Sprintf("fragment f%d on Query{...f%d}", i, i+1) },
			"fragment f150 on Query{"+strings.Repeat("...f0 ", 99)+"}"),
		"one field with many arguments": "{raids{nodes{" + repeat(90, func(i int) string { return fmt.Sprintf("a%d:claims(first:1 first:2){nodes{id}}", i) }) +
			strings.Repeat("claims(first:1){nodes{id}} ", 900) + "}}}",
	}
}

// TestAttacks holds the promise that no document of 1 MiB costs much before it is refused or planned. The bound is taken
// from the same run, since machines differ: many times what a query of 1,000 fields takes.
func TestAttacks(t *testing.T) {
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Model: m, Store: away{}})
	if err != nil {
		t.Fatal(err)
	}
	usual := "{raids{nodes{" + strings.Repeat("id ", 1_000) + "}}}"
	unit := max(cost(e.schema, usual), 200*time.Microsecond)
	for name, query := range attacks() {
		if len(query) > 1<<20 {
			t.Errorf("%s: %d bytes, which the server does not let in", name, len(query))
		}
		took := cost(e.schema, query)
		start := time.Now()
		answer := e.Execute(context.Background(), Request{Query: query})
		whole := time.Since(start)
		t.Logf("%-50s %7.2f ms, planned and refused %7.2f ms, answered with %5d bytes: %.130s", name, float64(took)/1e6, float64(whole)/1e6,
			len(answer.Body), answer.Body)
		if took > 300*unit {
			t.Errorf("%s takes %v, %v times a query of 1,000 fields", name, took, int64(took/unit))
		}
		if len(answer.Body) > maxErrors*2*messageBytes {
			t.Errorf("%s is answered with %d bytes", name, len(answer.Body))
		}
	}
}

// away is a store that never answers.
type away struct{ graph.Store }

func (away) Query(context.Context, *graph.Plan, []any) ([]*graph.Set, error) {
	return nil, graph.Errorf(graph.Unavailable, "the store is away")
}

// cost is the least processor time of a few tries to parse and validate a query.
func cost(s *ast.Schema, query string) time.Duration {
	least := time.Hour
	for range 3 {
		start := cpuTime()
		if doc, err := (Limits{}).Parse(query); err == nil {
			validate(s, doc)
		}
		least = min(least, cpuTime()-start)
	}
	return least
}
