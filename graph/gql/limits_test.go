package gql

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/raidgraph/raidgraph/graph"
)

// repeat writes n times what format gives for 0 to n-1.
func repeat(n int, format func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(format(i))
	}
	return b.String()
}

// nested writes open n times, then the middle, then close n times.
func nested(n int, open, middle, close string) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(close, n)
}

func TestLimits(t *testing.T) {
	small := Limits{Tokens: 1000, Depth: 5, Nesting: 4, Aliases: 3, RootFields: 4, Directives: 2, Selections: 30, Work: 300}
	same := func(s string) func(int) string { return func(int) string { return s } }
	for _, test := range []struct {
		name   string
		of     func(n int) string
		most   int
		refuse string
		limits Limits
	}{
		{name: "tokens", most: 998, refuse: "the query has more than 1,000 tokens", limits: Limits{Tokens: 1000, RootFields: 2000},
			of: func(n int) string { return "{" + repeat(n, same(" a")) + "}" }},
		{name: "comments are tokens", most: 997, refuse: "the query has more than 1,000 tokens",
			of: func(n int) string { return repeat(n, same("#\n")) + "{a}" }},
		{name: "depth", most: 4, refuse: "the query nests fields more than 5 deep",
			of: func(n int) string { return nested(n, "{a", "{a}", "}") }},
		{name: "depth through fragments", most: 4, refuse: "the query nests fields more than 5 deep",
			of: func(n int) string {
				return "{...f0}" + repeat(n, func(i int) string { return fmt.Sprintf("fragment f%d on T{a{...f%d}}", i, i+1) }) +
					fmt.Sprintf("fragment f%d on T{a}", n)
			}},
		{name: "depth of an unused fragment", most: 4, refuse: "the query nests fields more than 5 deep",
			of: func(n int) string { return "{a} fragment f on T" + nested(n, "{a", "{a}", "}") }},
		{name: "nesting", most: 4, refuse: "a value nests more than 4 deep (line 1, column 10)",
			of: func(n int) string { return "{a(b:" + nested(n, "[", "1", "]") + ")}" }},
		{name: "nesting in a default", most: 4, refuse: "a value nests more than 4 deep (line 1, column 24)",
			of: func(n int) string { return "query($v:T={a:" + nested(n-1, "{a:", "1", "}") + "}){a}" }},
		{name: "aliases", most: 3, refuse: "the query has more than 3 aliases",
			of: func(n int) string { return "{a{" + repeat(n, same(" b:a")) + " a}}" }},
		{name: "aliases in fragments", most: 3, refuse: "the query has more than 3 aliases",
			of: func(n int) string { return "{a} fragment f on T{" + repeat(n, same(" b:a")) + " a}" }},
		{name: "root fields", most: 4, refuse: "the operation has more than 4 root fields",
			of: func(n int) string { return "{" + repeat(n, same(" a")) + "}" }},
		{name: "root fields through fragments", most: 2, refuse: "the operation has more than 4 root fields",
			of: func(n int) string { return "{" + repeat(n, same("...f ")) + "} fragment f on T{a ...{b}}" }},
		{name: "directives", most: 2, refuse: "the query has more than 2 directives",
			of: func(n int) string { return "{a" + repeat(n, same("@x")) + "}" }},
		{name: "directives of an operation", most: 2, refuse: "the query has more than 2 directives",
			of: func(n int) string { return "query" + repeat(n, same("@x")) + "{a}" }},
		{name: "directives of a variable", most: 2, refuse: "the query has more than 2 directives",
			of: func(n int) string { return "query($v:T" + repeat(n, same("@x")) + "){a}" }},
		{name: "directives of fragments", most: 1, refuse: "the query has more than 2 directives",
			of: func(n int) string { return repeat(n, same("fragment f on T@x{a ...f@x}")) }},
		{name: "selections", most: 29, refuse: "the query has more than 30 selections, counted where fragments are spread",
			of: func(n int) string { return "{a{" + repeat(n, same(" a")) + "}}" }},
		{name: "selections through fragments", most: 7, refuse: "the query has more than 30 selections, counted where fragments are spread",
			of: func(n int) string { return "{a{" + repeat(n, same("...f ")) + "}} fragment f on T{a b c}" }},
		{name: "selections of all operations", most: 30, refuse: "the query has more than 30 selections, counted where fragments are spread",
			of: func(n int) string { return repeat(n, func(i int) string { return fmt.Sprintf("query q%d{a}", i) }) }},
		{name: "work of values", most: 147, refuse: "the query takes more than 300 steps to validate",
			of: func(n int) string { return "{a(b:[" + repeat(n, same("1 ")) + "])}" }},
		{name: "work of long texts", most: 75_775, refuse: "the query takes more than 300 steps to validate",
			of: func(n int) string { return `{a(b:"` + repeat(n, same("x")) + `")}` }},
		{name: "work of defaults", most: 11, refuse: "the query takes more than 300 steps to validate",
			of: func(n int) string { return "query($v:[T]=[1 1 1 1 1]){a(b:[" + repeat(n, same("$v ")) + "])}" }},
		{name: "work of fragments that reach fragments", most: 15, refuse: "the query takes more than 300 steps to validate",
			limits: Limits{Work: 300, Selections: 1000},
			of: func(n int) string {
				return "{...f0}" + repeat(n-1, func(i int) string { return fmt.Sprintf("fragment f%d on T{...f%d}", i, i+1) }) +
					fmt.Sprintf("fragment f%d on T{a}", n-1)
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			limits := test.limits
			if limits == (Limits{}) {
				limits = small
			}
			if _, err := limits.Parse(test.of(test.most)); err != nil {
				t.Errorf("%d are refused: %v", test.most, err)
			}
			_, err := limits.Parse(test.of(test.most + 1))
			if graph.CodeOf(err) != graph.TooLarge || !strings.HasPrefix(present(nil, err).Message, test.refuse) {
				t.Errorf("%d give %v, want TOO_LARGE: %s", test.most+1, err, test.refuse)
			}
		})
	}
}

func TestDefaultLimits(t *testing.T) {
	for _, test := range []struct {
		of   func(n int) string
		most int
	}{
		{func(n int) string { return "{a{" + strings.Repeat("a ", n) + "}}" }, 9_999},
		{func(n int) string { return "{a(b:[" + strings.Repeat("1", 1) + strings.Repeat(" 1", n) + "])}" }, 15_000 - 10},
		{func(n int) string { return nested(n, "{a", "{a}", "}") }, 19},
		{func(n int) string { return "{" + strings.Repeat("a ", n) + "}" }, 100},
		{func(n int) string { return "{a{" + strings.Repeat("b:a ", n) + "}}" }, 100},
		{func(n int) string { return "{a" + strings.Repeat("@x", n) + "}" }, 50},
	} {
		if _, err := (Limits{}).Parse(test.of(test.most)); err != nil {
			t.Errorf("%.20s… with %d: %v", test.of(test.most), test.most, err)
		}
		if _, err := (Limits{}).Parse(test.of(test.most + 1)); graph.CodeOf(err) != graph.TooLarge {
			t.Errorf("%.20s… with %d: %v, want TOO_LARGE", test.of(test.most), test.most+1, err)
		}
	}
}

func TestParseRefusesText(t *testing.T) {
	for query, want := range map[string]string{
		"":                                  "the query is empty",
		"# nothing":                         "the query is empty",
		"{":                                 "the query is no GraphQL",
		"{a\n  b(}":                         "the query is no GraphQL: Expected Name, found } (line 2, column 5)",
		"{a(b:\"\x00\")}":                   "the query is no GraphQL",
		"{a(b:\"\\u0000\")}":                "a text holds a null character",
		"query($a:T=\"\\u0000\"){a}":        "a text holds a null character",
		"type T{a:Int}":                     "the query is no GraphQL: Unexpected Name \"type\" (line 1, column 1)",
		"fragment f($a:Int) on T{a} {...f}": "fragment \"f\" declares variables",
	} {
		_, err := Limits{}.Parse(query)
		shown := present(nil, err)
		if graph.CodeOf(err) != graph.Invalid || !strings.HasPrefix(shown.Message, want) {
			t.Errorf("%q: %v, want INVALID: %s", query, err, want)
		}
		if strings.Contains(want, "(line") && len(shown.Locations) != 1 {
			t.Errorf("%q: the place is missing: %+v", query, shown)
		}
	}
}

func TestPresent(t *testing.T) {
	long := strings.Repeat("ក", 5000)
	for _, test := range []struct {
		err           error
		code, message string
	}{
		{graph.Errorf(graph.NotFound, "no such thing"), "NOT_FOUND", "no such thing"},
		{fmt.Errorf("around: %w", graph.Wrap(graph.Unavailable, "the database is away", errors.New("SELECT secret"))), "UNAVAILABLE", "the database is away"},
		{&gqlerror.Error{Message: "Unknown argument"}, "INVALID", "Unknown argument"},
		{fmt.Errorf("SELECT: %w", errDeadline()), "TOO_LARGE", "the answer took longer than it may"},
		{graph.Wrap(graph.Internal, "it broke", errDeadline()), "TOO_LARGE", "the answer took longer than it may"},
		{errors.New("SELECT secret FROM t"), "INTERNAL", "something went wrong on our side"},
		{graph.Wrap(graph.Internal, "SELECT secret", errors.New("x")), "INTERNAL", "something went wrong on our side"},
		{graph.Errorf(graph.Invalid, "%s", long), "INVALID", "ក"},
	} {
		got := present(nil, test.err)
		if got.Extensions["code"] != test.code || !strings.HasPrefix(got.Message, test.message) {
			t.Errorf("%.50v: %v %.50s, want %s %s", test.err, got.Extensions["code"], got.Message, test.code, test.message)
		}
		if again := got.Extensions["retryable"] == true; again != (test.code == "UNAVAILABLE") {
			t.Errorf("%.50v: retryable %v", test.err, again)
		}
		if strings.Contains(got.Message, "SELECT") || len(got.Message) > messageBytes+10 {
			t.Errorf("the message %.100s", got.Message)
		}
		if id, _ := got.Extensions["id"].(string); (test.code == "INTERNAL") != (len(id) == 12) || !strings.Contains(got.Message, id) {
			t.Errorf("%.50v: id %q in %.100s", test.err, id, got.Message)
		}
	}
}

func TestPresentLogsWhatItHides(t *testing.T) {
	log, lines := recordedLog()
	got := present(log, errors.New("SELECT secret"))
	if id := got.Extensions["id"].(string); !strings.Contains(lines.String(), id) || !strings.Contains(lines.String(), "SELECT secret") {
		t.Errorf("the log does not say what %s was: %s", id, lines)
	}
}
