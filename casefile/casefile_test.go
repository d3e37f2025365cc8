package casefile_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

var model = sync.OnceValue(func() *schema.Model {
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		panic(err)
	}
	return m
})

// outside is a small graph that cases may refer to.
func outside(t *testing.T) casefile.Lookup {
	t.Helper()
	s := model().Graph
	records := func(yield func(graph.Record, error) bool) {
		for _, id := range []string{"agency:gcnp-kh", "agency:gdi-kh", "nationality:CN", "nationality:PK", "nationality:TH", "province:KH-12", "official:sok-veasna"} {
			k, err := s.KindOfID(id)
			if err != nil || !yield(graph.NewNode(k, id), nil) {
				return
			}
		}
	}
	l, err := casefile.InRecords(records)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// parse reads a case that has to be right.
func parse(t *testing.T, text string) map[string]*graph.Node {
	t.Helper()
	c, err := casefile.Parse("case.yaml", []byte(text), model(), outside(t))
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[string]*graph.Node{}
	for r := range c.Records() {
		if n, ok := r.(*graph.Node); ok {
			nodes[n.ID] = n
		}
	}
	return nodes
}

// edges are the relationships of a case, each as TYPE from to key.
func edges(t *testing.T, text string) []string {
	t.Helper()
	c, err := casefile.Parse("case.yaml", []byte(text), model(), outside(t))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for r := range c.Records() {
		if e, ok := r.(*graph.Edge); ok {
			out = append(out, strings.TrimSpace(strings.Join([]string{e.Relation.Type, e.From, e.To, e.Key()}, " ")))
		}
	}
	return out
}

// head is how the cases of the tests begin.
const head = `case: {title: A test}
sources:
  a: {title: First, published: 2024-11-08}
  b: {title: Second, published: 2024-11-09T10:00:00+07:00}
  far: {title: Not seen, via: a}
`

func TestProblems(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "1:1: the file is empty; begin with `case:`"},
		{"comment only", "# nothing\n", "1:1: the file is empty; begin with `case:`"},
		{"no mapping", "- a\n", "1:1: a list stands where a case"},
		{"not YAML", "case:\n  title: a: b\n", "2:1: this is not YAML: mapping values are not allowed"},
		{"not UTF-8", "case:\n  title: caf\xe9\n", "2:13: the text is not valid UTF-8 here; save the file as UTF-8"},
		{"null byte", "case:\n  title: a\x00b\n", "this is not YAML: control characters are not allowed"},
		{"anchor", "case: &a {title: x}\n", "1:7: an anchor (&a) stands here"},
		{"alias", "case: {title: x}\nraids: *a\n", "unknown anchor 'a' referenced"},
		{"tag", "case: {title: !!binary eA==}\n", "1:15: a tag (!!binary) stands here"},
		{"two documents", "case: {title: x}\n---\ncase: {title: y}\n", "a second document begins here"},
		{"twice", "case: {title: x}\ncase: {title: y}\n", "2:1: case stands twice, first in line 1; keep one of them"},
		{"no title", "case: {summary: x}\n", "1:7: case: the case has no title; add `title:`"},
		{"zone", "case: {title: x, time-zone: Asia/Nowhere}\n", `there is no time zone "Asia/Nowhere"`},
		{"section", head + "raid: {}\n", `6:1: there is no "raid" here; did you mean raids?`},
		{"key", head + "groups: {g: {name: G, descripton: x, cite: a}}\n", `groups.g: there is no "descripton" here; did you mean description?`},
		{"missing field", head + "groups: {g: {name: G, cite: a}}\n", "6:10: groups.g: the description is missing; add `description:`"},
		{"missing source", head + "groups: {g: {name: G, description: d}}\n", "groups.g: this cites no source; add `cite:`"},
		{"unknown source", head + "groups: {g: {name: G, description: d, cite: aa}}\n", "6:45: groups.g.cite: there is no source:aa, in this file or in the graph; did you mean source:a?"},
		{"unseen end", "case: {title: x}\nsources: {far: {seen: no}}\ngroups: {g: {name: G, description: d, cite: far}}\n", "source:far was not seen: a chain ends in a source that was"},
		{"time of retraction", head + "groups: {g: {name: G, description: d, cite: a, retracted: unknown}}\n", "groups.g.retracted: when it was retracted is not told; write 2024-11-11T11:00:00Z"},
		{"open time", head + "groups: {g: {name: G, description: d, cite: a, published: 2024/..}}\n", "groups.g.published: 2024/.. is open at its end; write 2024-11-11T11:00:00Z"},
		{"unclaimed", head + "compounds: {c: {name: C, form: casino, unclaimed: [from], cite: a}}\n", `compounds.c.unclaimed[0]: there is no "from" here; what may stand here: name, form`},
		{"claimed without a source", head + "compounds: {c: {name: C, form: casino, unclaimed: name}}\n", "compounds.c.form: this cites no source; add `cite:` with the source that says it, or list it under `unclaimed`"},
		{"claim without a source", head + "compounds: {c: {name: C, unclaimed: name, claims: [{property: p, text: x, by: unknown}]}}\n", "compounds.c.claims[0]: this cites no source"},
		{"judgement without a reason", head + "compounds: {c: {name: C, cite: a}, d: {name: D, cite: a}}\nsame: {j: {record: compound:c, into: compound:d}}\n", "same.j: the reason is missing; add `reason:`"},
		{"judgement of two kinds", head + "compounds: {c: {name: C, cite: a}}\nnot-same: {j: {record: compound:c, other: agency:gdi-kh, reason: x}}\n", "not-same.j: compound:c and agency:gdi-kh are not two of one kind"},
		{"judgement of what is not merged", head + "same: {j: {record: source:a, into: source:b, reason: x}}\n", `"source:a" is a Source; here belongs`},
		{"judgement withdrawn", head + "compounds: {c: {name: C, cite: a}, d: {name: D, cite: a}}\nwithdrawn: {j: {record: compound:c, other: compound:d, reason: x}}\n", "withdrawn.j: the judgement is missing; add `judgement:`"},
		{"when published", "case: {title: x}\nsources: {a: {title: A}}\n", "2:11: sources.a: when this source was published is missing"},
		{"by", head + "raids: {r: {name: R, date: 2024, cite: a, figures: [{found: 5}]}}\n", "raids.r.figures[0]: it does not say whose word this is; add `by:`"},
		{"by whom", head + "raids: {r: {name: R, date: 2024, cite: a, figures: [{found: 5, by: gdi-kh}]}}\n", `"gdi-kh" leaves the kind open; did you mean agency:gdi-kh?`},
		{"slip of the pen", head + "raids: {r: {name: R, date: 2024, cite: a, figures: [{found: 5, by: agency:gid-kh}]}}\n", "there is no agency:gid-kh, in this file or in the graph; did you mean agency:gdi-kh?"},
		{"another kind", head + "raids: {r: {name: R, date: 2024, cite: a, province: agency:gdi-kh}}\n", `raids.r.province: "agency:gdi-kh" is an Agency; here belongs a province`},
		{"prefix", head + "raids: {r: {name: R, date: 2024, cite: a, by: agncy:gdi-kh}}\n", "did you mean agency:gdi-kh?"},
		{"role", head + "raids: {r: {name: R, date: 2024, cite: a, participants: [agency:gdi-kh]}}\n", "the role is missing; write {node: agency:gdi-kh, role: ...}, one of LEAD"},
		{"wrong role", head + "raids: {r: {name: R, date: 2024, cite: a, participants: [{node: agency:gdi-kh, role: LEADER}]}}\n", `there is no "LEADER" here; did you mean LEAD?`},
		{"role of another event", head + "raids: {r: {name: R, date: 2024, cite: a, participants: [{node: agency:gdi-kh, role: ESCORTED}]}}\n", `there is no "ESCORTED" here; use one of LEAD, PARTICIPANT`},
		{"date", head + "raids: {r: {name: R, date: 2024-13, cite: a}}\n", "months run from 01 to 12"},
		{"open list", head + "raids: {r: {name: R, date: [2024-11-06, 2024-11-07], cite: a}}\n", "a list stands where words belong; put words that begin with [ or { in quotes"},
		{"count", head + "raids: {r: {name: R, date: 2024, cite: a, figures: [{found: a busload, by: unknown}]}}\n", `count "a busload" is not understood`},
		{"measure", head + "raids: {r: {name: R, date: 2024, cite: a, figures: [{fund: 5, by: unknown}]}}\n", "of whom the figure counts is missing; begin with one of found, detained"},
		{"two measures", head + "raids: {r: {name: R, date: 2024, cite: a, figures: [{found: 5, detained: 5, by: unknown}]}}\n", "a figure is of one measure"},
		{"computed", head + "raids: {r: {name: R, date: 2024, cite: a, contested: yes}}\n", `there is no "contested" here`},
		{"status", head + "raids: {r: {name: R, date: 2024, cite: a, screening: {status: NOT_CONFIRMD, by: unknown}}}\n", "did you mean NOT_CONFIRMED?"},
		{"two values", head + "groups: {g: {name: G, description: d, cite: a, claims: [{property: p, text: a, count: 5, by: unknown}]}}\n", "a claim says one thing"},
		{"chain", head + "groups: {g: {name: G, description: d, cite: [a, a]}}\n", "the chain comes back to source:a"},
		{"several chains", head + "groups: {g: {name: G, description: d, cite: [[a], [b]], at: page 1}}\n", "several chains are cited"},
		{"version", head + "groups: {g: {name: G, description: d, cite: a, version: 2}}\n", `the source has no version "2"`},
		{"speaker", head + "statements: {s: {kind: CLAIM, date: 2024, text: t, cite: a}}\n", "statements.s: the speaker is missing; add `speaker:`"},
		{"by of a statement", head + "statements: {s: {kind: CLAIM, date: 2024, text: t, cite: a, by: agency:gdi-kh, speaker: agency:gdi-kh}}\n", "there is no by here; who speaks is the `speaker`"},
		{"stance", head + "statements: {s: {kind: DID_NOT_RESPOND, stance: DENIES, date: 2024, text: t, cite: a, speaker: agency:gdi-kh}}\n", "a silence takes the stance SILENT or none"},
		{"id", head + "groups: {'g g': {name: G, description: d, cite: a}}\n", "after the colon only letters"},
		{"own id twice", head + "groups: {g: {name: G, description: d, cite: a}, h: {id: g, name: H, description: d, cite: a}}\n", "group:g stands twice, first in line 6"},
		{"place", head + "compounds: {c: {name: C, place: Poipet, cite: a}}\n", `"Poipet" stands alone here; write keys such as text`},
		{"precision", head + "compounds: {c: {name: C, place: {text: Poipet}, cite: a}}\n", "the precision is missing; add `precision:`, one of EXACT, NEAR, PROVINCE"},
		{"two provinces", head + "compounds: {c: {name: C, province: [KH-12, KH-1], cite: a}}\n", "a list stands where one province belongs"},
		{"nothing", head + "compounds: {c: {name: C, form: , cite: a}}\n", "compounds.c.form: nothing stands here; give a value, or leave the key out"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := casefile.Parse("case.yaml", []byte(test.text), model(), outside(t))
			var problems casefile.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want problems", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got\n%s\nwant\n%s", err, test.want)
			}
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.File != "case.yaml" {
					t.Errorf("a problem without a place: %+v", p)
				}
			}
		})
	}
}

func TestEveryProblemAtOnce(t *testing.T) {
	text, err := os.ReadFile("testdata/bad.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = casefile.Parse("bad.yaml", text, model(), outside(t))
	if err == nil {
		t.Fatal("no problems")
	}
	golden(t, "testdata/bad.txt", err.Error()+"\n")
}

// golden compares with a file; UPDATE=1 writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (UPDATE=1 writes it); got\n%s", file, got)
	}
}

func TestLimits(t *testing.T) {
	_, err := casefile.Parse("case.yaml", []byte("case: {title: "+strings.Repeat("x", casefile.MaxBytes)+"}"), model(), nil)
	if err == nil || !strings.Contains(err.Error(), "a case file has at most 10485760") {
		t.Errorf("a long file: %v", err)
	}
	_, err = casefile.Parse("case.yaml", []byte("case: "+strings.Repeat("[", 200)+strings.Repeat("]", 200)), model(), nil)
	if err == nil || !strings.Contains(err.Error(), "levels stand in each other") {
		t.Errorf("a deep file: %v", err)
	}
	var many strings.Builder
	many.WriteString(head + "groups:\n")
	for range 5000 {
		many.WriteString("  ? []\n  : {}\n")
	}
	_, err = casefile.Parse("case.yaml", []byte(many.String()), model(), nil)
	var problems casefile.Problems
	if !errors.As(err, &problems) || len(problems) > 1000 {
		t.Errorf("many problems: %d", len(problems))
	}
}

func FuzzParse(f *testing.F) {
	bad, _ := os.ReadFile("testdata/bad.yaml")
	f.Add(string(bad))
	f.Add(head + "raids: {r: {name: R, date: 2024, cite: a, figures: [{found: 5, by: unknown, women: 2, nationalities: {mostly: [CN], TH: 3}}]}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := casefile.Parse("fuzz.yaml", []byte(text), model(), nil)
		if (c == nil) == (err == nil) {
			t.Fatal("neither a case nor problems, or both")
		}
		if err != nil {
			return
		}
		for r, err := range c.Records() {
			if err != nil {
				t.Fatal(err)
			}
			if problems := model().Graph.CheckRecord(r); len(problems) > 0 {
				t.Fatal(problems)
			}
		}
	})
}
