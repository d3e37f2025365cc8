package gql

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

func errDeadline() error { return context.DeadlineExceeded }

func recordedLog() (*slog.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	return slog.New(slog.NewTextHandler(&b, nil)), &b
}

// petSchema is small, and has all that fields can overlap by: interfaces, a union, leaves, lists and nulls that differ.
var petSchema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query implements Any { a(x: Int, y: In): Any b: One c: Two u: Both s: String n: Int! l: [Int] }
	interface Any { a(x: Int, y: In): Any s: String }
	type One implements Any { a(x: Int, y: In): Any b: One c: Two u: Both s: String n: Int l: [Int!] t: String }
	type Two implements Any { a(x: Int, y: In): Any b: Two c: One u: Both s: String n: Int! l: [Int] t: Int }
	union Both = One | Two
	input In { p: Int q: [Int] }
	type Subscription { s: String }
`})

func parsed(t testing.TB, query string) *ast.QueryDocument {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return doc
}

func TestOverlaps(t *testing.T) {
	for query, want := range map[string]string{
		`{s s}`:                 ``,
		`{x:s x:n}`:             `Fields "x" conflict because they return conflicting types "String" and "Int!".`,
		`{x:b{s} x:c{s}}`:       `Fields "x" conflict because "b" and "c" are different fields.`,
		`{a(x:1){s} a(x:1){s}}`: ``,
		`{a(x:1){s} a(x:2){s}}`: `Fields "a" conflict because they have differing arguments.`,
		`{a(x:1){s} a{s}}`:      `Fields "a" conflict because they have differing arguments.`,
		`{a(x:1 y:{p:1 q:[1 2]}){s} a(y:{q:[1 2] p:1} x:1){s}}`:                ``,
		`{a(y:{q:[1 2]}){s} a(y:{q:[2 1]}){s}}`:                                `Fields "a" conflict because they have differing arguments.`,
		`{b{x:s} b{x:t}}`:                                                      `Fields "b.x" conflict because "s" and "t" are different fields.`,
		`{u{...on One{x:s} ...on Two{x:s}}}`:                                   ``,
		`{u{...on One{x:s} ...on Two{x:t}}}`:                                   `Fields "u.x" conflict because they return conflicting types "String" and "Int".`,
		`{u{...on One{x:n} ...on Two{x:t}}}`:                                   ``,
		`{u{...on One{x:b{s}} ...on Two{x:c{s}}}}`:                             ``,
		`{u{...on One{x:b{y:s}} ...on Two{x:c{y:t}}}}`:                         ``,
		`{u{...on One{x:b{y:s}} ...on Two{x:b{y:t}}}}`:                         `Fields "u.x.y" conflict because they return conflicting types "String" and "Int".`,
		`{a{...on One{x:s} ...on Any{x:a{s}}}}`:                                `Fields "a.x" conflict because they return conflicting types "String" and "Any".`,
		`{a{...on Any{x:a(x:1){s}} ...on One{x:a{s}}}}`:                        `Fields "a.x" conflict because they have differing arguments.`,
		`{...f ...g} fragment f on Query{x:b{s}} fragment g on Query{x:c{s}}`:  `Fields "x" conflict because "b" and "c" are different fields.`,
		`{a{...on One{b{...f}} ...on Two{b{...f}}}} fragment f on Any{x:a{s}}`: ``,
	} {
		errs := validate(petSchema, parsed(t, query))
		if want == "" && len(errs) == 0 {
			continue
		}
		if len(errs) != 1 || !strings.HasPrefix(errs[0].Message, want) || len(errs[0].Locations) != 2 {
			t.Errorf("%s: %v, want %s", query, errs, want)
		}
	}
}

// TestOverlapsAgree compares with gqlparser's rule, which compares every two fields, on documents at random.
func TestOverlapsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	withoutOverlaps := rules.NewDefaultRules()
	withoutOverlaps.RemoveRule(rules.OverlappingFieldsCanBeMergedRule.Name)
	conflicts, valid := 0, 0
	for valid+conflicts < 3_000 {
		query := randomDocument(r)
		if len(validator.ValidateWithRules(petSchema, parsed(t, query), withoutOverlaps)) > 0 {
			continue
		}
		theirs := validator.ValidateWithRules(petSchema, parsed(t, query), nil)
		ours := validate(petSchema, parsed(t, query))
		if (len(theirs) > 0) != (len(ours) > 0) {
			t.Fatalf("%s\nours: %v\ntheirs: %v", query, ours, theirs)
		}
		if len(ours) > 0 {
			conflicts++
		} else {
			valid++
		}
	}
	if conflicts < 300 || valid < 300 {
		t.Errorf("%d documents with conflicts and %d without: too few of one", conflicts, valid)
	}
}

// randomDocument writes an operation with a fragment or two. Names repeat, so that much overlaps.
func randomDocument(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("{...f0 ")
	randomSet(r, &b, "Query", 3, 2)
	b.WriteString("}")
	for i := range 2 {
		on := []string{"Query", "Any", "Both", "One"}[r.IntN(4)]
		if i == 0 {
			on = "Query"
		}
		fmt.Fprintf(&b, " fragment f%d on %s {", i, on)
		if i == 0 {
			b.WriteString("a {...f1 s} b {...f1 s} ")
		}
		randomSet(r, &b, on, 2, 0)
		b.WriteString("}")
	}
	return b.String()
}

func randomSet(r *rand.Rand, b *strings.Builder, typ string, depth, fragments int) {
	for range 1 + r.IntN(3) {
		if k := r.IntN(6); k == 0 && fragments > 0 {
			fmt.Fprintf(b, "...f%d ", 1)
			continue
		} else if k == 1 && depth > 0 || typ == "Both" {
			on := []string{"One", "Two", "Any"}[r.IntN(3)]
			fmt.Fprintf(b, "...on %s {", on)
			randomSet(r, b, on, depth-1, fragments)
			b.WriteString("} ")
			continue
		}
		names := []string{"s", "s", "s", "a", "a", "a"}
		if typ != "Any" {
			names = append(names, "b", "c", "u", "n", "l")
			if typ != "Query" {
				names = append(names, "t")
			}
		}
		name := names[r.IntN(len(names))]
		of := map[string]string{"a": "Any", "b": "One", "c": "Two", "u": "Both"}[name]
		if typ == "Two" {
			of = map[string]string{"a": "Any", "b": "Two", "c": "One", "u": "Both"}[name]
		}
		if of != "" && depth <= 0 {
			name, of = "s", ""
		}
		if r.IntN(5) == 0 {
			b.WriteString([]string{"s", "a", "x", "b"}[r.IntN(4)] + ":")
		}
		b.WriteString(name)
		if name == "a" && r.IntN(6) == 0 {
			b.WriteString([]string{"(x:1)", "(x:2)", "(y:{p:1 q:2} x:1)", "(x:1 y:{q:2 p:1})"}[r.IntN(4)])
		}
		if of != "" {
			b.WriteString("{")
			randomSet(r, b, of, depth-1, fragments)
			b.WriteString("}")
		}
		b.WriteString(" ")
	}
}
