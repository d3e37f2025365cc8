// Package storetest is the one suite that every store passes: a model of the contract in plain loops, plans made by chance
// over a graph made by chance whose answers have to be the model's, and a test for each promise of graph.Store.
package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// Run runs the suite. There is no list of tests to leave out.
//
// open gives an EMPTY store that is set up for the schema; where the store has to be closed or removed, open asks t to clean
// up. A store is not used any more once the next one is opened, so that all of them may be the same database.
//
// The store that open returns must also have the method
//
//	Statements() []string
//
// which returns the texts of the statements that Query and Tx.Query have run since it was last called, without begin, commit
// and the like, so that the suite can count them: a store wrapped in a few lines that collect what its Config.Trace is told.
// If it has Explain(ctx, plan, args) (string, error), a failure prints what that returns.
//
// Two variables of the environment direct the plans made by chance: RAIDGRAPH_STORETEST_SEED, a number that a failure prints,
// repeats a run; RAIDGRAPH_STORETEST_PLANS says how many plans to make (2,000 of them where it is not set, 300 with -short), and
// with them how many rounds of changes.
func Run(t *testing.T, open func(t *testing.T, schema *graph.Schema) graph.Store) {
	s := &suite{open: open, seed: number(t, "RAIDGRAPH_STORETEST_SEED", 20241106), plans: number(t, "RAIDGRAPH_STORETEST_PLANS", 0)}
	if s.plans == 0 {
		if s.plans = 2000; testing.Short() {
			s.plans = 300
		}
	}
	t.Run("Plans", s.testPlans)
	t.Run("Hub", s.testHub)
	t.Run("Query", s.testQuery)
	t.Run("Pages", s.testPages)
	t.Run("Search", s.testSearch)
	t.Run("Put", s.testPut)
	t.Run("Update", s.testUpdate)
	t.Run("Changes", s.testChanges)
	t.Run("Fresh", s.testFresh)
	t.Run("Concurrency", s.testConcurrency)
	t.Run("Export", s.testExport)
	t.Run("Lifetime", s.testLifetime)
}

type suite struct {
	open  func(t *testing.T, schema *graph.Schema) graph.Store
	seed  uint64
	plans uint64
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s is %q, which is no number", name, text)
	}
	return n
}

// random is a source of chance of its own for each part of the suite, so that a part can be run alone.
func (s *suite) random(part uint64) *rand.Rand { return rand.New(rand.NewPCG(s.seed, part)) }

// both opens a store and a model with the same graph.
func (s *suite) both(t *testing.T, d *data) (graph.Store, *Model) {
	t.Helper()
	model := NewModel(d.schema)
	d.load(t, model)
	store := s.open(t, d.schema)
	d.load(t, store)
	return store, model
}

// explainer is what a store may have to explain how it answers a plan.
type explainer interface {
	Explain(ctx context.Context, p *graph.Plan, args []any) (string, error)
}

// mismatch compares a store's answer with the model's; it is empty where they agree.
func mismatch(store querier, model *Model, p *graph.Plan, args []any) string {
	want, err := model.Query(context.Background(), p, args)
	if err != nil {
		return fmt.Sprintf("the model fails: %v", err)
	}
	return differs(store, p, args, want)
}

// differs compares a store's answer with the one that is wanted.
func differs(store querier, p *graph.Plan, args []any, want []*graph.Set) string {
	got, err := store.Query(context.Background(), p, args)
	if err != nil {
		return fmt.Sprintf("the store fails: %v", err)
	}
	return difference(got, want)
}

// check asks a plan of both and reports where they differ.
func check(t *testing.T, store querier, model *Model, p *graph.Plan, args []any) bool {
	t.Helper()
	want, err := model.Query(context.Background(), p, args)
	if err != nil {
		t.Fatalf("the model fails: %v\n%s", err, p)
	}
	return checkAgainst(t, store, model, p, args, want)
}

// checkAgainst is check with the model's answer.
func checkAgainst(t *testing.T, store querier, model *Model, p *graph.Plan, args []any, want []*graph.Set) bool {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatalf("the suite made a broken plan: %v\n%s", err, p)
	}
	first := differs(store, p, args, want)
	if first == "" {
		return true
	}
	small := shrink(p, func(q *graph.Plan) bool { return mismatch(store, model, q, args) != "" })
	if m := mismatch(store, model, small, args); m != "" {
		t.Errorf("%s\n%s", m, describe(store, small, args))
	} else {
		t.Errorf("only once: %s\n%s", first, describe(store, p, args))
	}
	return false
}

// describe prints a plan with the arguments that it uses, and how the store answers it.
func describe(store querier, p *graph.Plan, args []any) string {
	var b strings.Builder
	fmt.Fprintf(&b, "plan:\n%s", p)
	for i, a := range args {
		fmt.Fprintf(&b, "$%d = %s\n", i, show(a))
	}
	if e, ok := store.(explainer); ok {
		text, err := e.Explain(context.Background(), p, args)
		if err != nil {
			text = err.Error()
		}
		fmt.Fprintf(&b, "explained:\n%s\n", text)
	}
	return b.String()
}

// testPlans compares plans made by chance.
func (s *suite) testPlans(t *testing.T) {
	d := generate(Schema(), s.random(1), smallSizes)
	store, model := s.both(t, d)
	p := newPlanner(s.random(2), d, model)
	s.comparePlans(t, store, model, p, int(s.plans))
}

// budget is how many nodes a plan may make a nested loop look at.
const budget = 150_000

// comparePlans asks so many plans, a third of them with other arguments too.
func (s *suite) comparePlans(t *testing.T, store graph.Store, model *Model, p *planner, plans int) {
	failures := 0
	for n := range plans {
		q := p.question()
		e := &evaluation{state: p.at, args: q.args, budget: budget}
		want, err := e.plan(q.plan)
		if err == errBudget {
			continue
		}
		ok := checkAgainst(t, store, model, q.plan, q.args, want)
		if ok && n%3 == 0 {
			ok = check(t, store, model, q.plan, q.again())
		}
		if !ok {
			t.Logf("plan %d of seed %d", n, s.seed)
			if failures++; failures == 5 {
				t.Fatal("five plans failed; the others were not tried")
			}
		}
	}
}
