package graph_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// pastStart is when the histories of the tests begin.
var pastStart = time.Date(2024, 12, 1, 0, 0, 0, 0, time.UTC)

func hour(n int) time.Time { return pastStart.Add(time.Duration(n) * time.Hour) }

func stampOf(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// copyAsOf makes the graph of a moment.
func copyAsOf(t *testing.T, store graph.Store, m graph.Moment) (graph.Store, graph.Span) {
	t.Helper()
	to := storetest.NewModel(domain())
	span, err := graph.CopyAsOf(context.Background(), store, to, domain(), m)
	if err != nil {
		t.Fatal(err)
	}
	if !span.Holds(m) {
		t.Errorf("the copy for %+v does not hold for it: %+v", m, span)
	}
	return to, span
}

// whole is all that a store has: what is exported, and what is projected.
func whole(t *testing.T, store graph.Store) []string {
	t.Helper()
	out := strings.Split(export(t, store), "\n")
	for _, r := range domain().Relations {
		if r.Projection {
			for _, p := range projections(t, store, r.Type) {
				out = append(out, r.Type+" "+p)
			}
		}
	}
	for kind, fields := range map[string][]string{
		"FigureSummary": {"best", "lowest", "highest", "low", "high", "contested"}, "KeptContradiction": {"kind", "place", "gap", "origin"},
		"Compound": {"activeAfterRaid", "changedIn"}, "Raid": {"contested", "month", "changedIn"}, "Statement": {"silent", "month"},
		"Change": {"sequence", "origin", "by", "created", "changed", "retracted", "same"},
	} {
		for _, v := range values(t, store, kind, fields...) {
			out = append(out, kind+" "+v)
		}
	}
	slices.Sort(out)
	return out
}

// TestPastRecorded: as of any change, the graph is what it was then, whatever came after.
func TestPastRecorded(t *testing.T) {
	for seed := range fewer(6, 2) {
		store := graph.Store(storetest.NewModel(domain()))
		if seed%3 == 0 {
			store = openSQLite(t)
		}
		pastRecorded(t, store, uint64(seed), 20)
	}
}

func pastRecorded(t *testing.T, store graph.Store, seed uint64, rounds int) {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 3)), written: map[string]bool{}}
	w.base()
	w.line(`{"node":"Agency","id":"agency:police","name":"A","type":"POLICE","country":"KH"}`)
	w.line(`{"node":"Source","id":"source:s","seen":true}`)
	var then [][]string
	for round := range rounds {
		if round%2 == 0 {
			for range 4 {
				w.change()
			}
			_, err := graph.Apply(context.Background(), store, domain(), graph.Changes{Records: sequence(lines(t, w.take())), Now: hour(round)})
			if err != nil {
				t.Fatal(err)
			}
		} else {
			records := lines(t, export(t, store))
			for n := range 3 {
				_, _ = graph.Commit(context.Background(), store, domain(), graph.Change{ID: fmt.Sprintf("c%d-%d", round, n), At: hour(round),
					Operations: []graph.Operation{w.operation(t, records)}})
			}
			_, _ = graph.Commit(context.Background(), store, domain(), graph.Change{ID: fmt.Sprintf("judge-%d", round), At: hour(round),
				Operations: []graph.Operation{w.judgement(t, store)}})
		}
		then = append(then, whole(t, store))
	}
	for round, want := range then {
		at := graph.Moment{Recorded: stampOf(hour(round).Add(59 * time.Minute))}
		past, span := copyAsOf(t, store, at)
		alike(t, fmt.Sprintf("seed %d, as of round %d", seed, round), whole(t, past), want)
		if before := (graph.Moment{Recorded: stampOf(hour(round).Add(-time.Second))}); round > 0 && span.Holds(before) && !slices.Equal(then[round-1], want) {
			t.Errorf("seed %d: the copy of round %d is taken for that of the one before: %+v", seed, round, span)
		}
		if t.Failed() {
			return
		}
	}
	now, _ := copyAsOf(t, store, graph.Moment{})
	alike(t, fmt.Sprintf("seed %d, now", seed), whole(t, now), then[len(then)-1])
}

// alike tells what two lists do not share.
func alike(t *testing.T, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	only := func(of, other []string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(s string) bool { return slices.Contains(other, s) })
	}
	t.Errorf("%s: of %d there are but should not be\n  %s\nand of %d there should be but are not\n  %s", what,
		len(got), strings.Join(only(got, want), "\n  "), len(want), strings.Join(only(want, got), "\n  "))
}

// event is what became of a record in a history.
type event struct {
	record    graph.Record
	published string
	recorded  string
}

// TestPastPublished: for any history and any two times, the graph is what the last states are that were published and recorded
// by then, and what follows from them.
func TestPastPublished(t *testing.T) {
	for seed := range fewer(24, 4) {
		pastPublished(t, storetest.NewModel(domain()), uint64(seed), 8)
	}
}

func pastPublished(t *testing.T, store graph.Store, seed uint64, rounds int) {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 4)), written: map[string]bool{}}
	w.base()
	history := map[string][]event{}
	for round := range rounds {
		for range 8 {
			w.change()
		}
		// What a change says twice of one record is put as the last says, at the time of the first.
		seen := map[string]bool{}
		records := slices.DeleteFunc(lines(t, w.take()), func(r graph.Record) bool {
			again := seen[place(r)]
			seen[place(r)] = true
			return again
		})
		for _, r := range records {
			if at := w.IntN(12); at > 2 && round > 0 {
				setPublished(r, stampOf(hour(-24*at)))
			}
		}
		if _, err := graph.Apply(context.Background(), store, domain(), graph.Changes{Records: sequence(records), Now: hour(round)}); err != nil {
			t.Fatal(err)
		}
		note(t, history, records, stampOf(hour(round)))
	}
	for range 6 {
		m := graph.Moment{Published: stampOf(hour(-24*w.IntN(13) + 1)), Recorded: stampOf(hour(w.IntN(rounds)))}
		if w.IntN(3) == 0 {
			m.Recorded = ""
		}
		past, _ := copyAsOf(t, store, m)
		want := storetest.NewModel(domain())
		put(t, want, replay(history, m))
		if _, err := graph.Rebuild(context.Background(), want, domain()); err != nil {
			t.Fatal(err)
		}
		strip := func(of []string) []string {
			return slices.DeleteFunc(of, func(s string) bool { return strings.HasPrefix(s, "Change ") || strings.HasPrefix(s, "TOUCHED ") })
		}
		alike(t, fmt.Sprintf("seed %d, %+v", seed, m), strip(unnumbered(whole(t, past))), strip(unnumbered(whole(t, want))))
		if t.Failed() {
			return
		}
	}
}

// unnumbered leaves out the numbers of changes, which stand behind Compound and Raid.
func unnumbered(of []string) []string {
	for i, s := range of {
		if strings.HasPrefix(s, "Compound ") || strings.HasPrefix(s, "Raid ") {
			of[i] = s[:strings.LastIndex(s, " ")]
		}
	}
	return of
}

func setPublished(r graph.Record, at string) {
	switch r := r.(type) {
	case *graph.Node:
		if r.Kind.Name != "Source" {
			r.Set(graph.PublishedAt, at)
		}
	case *graph.Edge:
		r.Set(graph.PublishedAt, at)
	}
}

func publishedAt(r graph.Record) string {
	var at any
	switch r := r.(type) {
	case *graph.Node:
		at = r.Get(graph.PublishedAt)
	case *graph.Edge:
		at = r.Get(graph.PublishedAt)
	}
	s, _ := at.(string)
	return s
}

// place is what only one of a record's states can be in at a time.
func place(r graph.Record) string {
	e, ok := r.(*graph.Edge)
	switch {
	case !ok:
		return r.(*graph.Node).ID
	case e.Relation.One:
		return e.Relation.Type + " " + e.From
	}
	return strings.Join([]string{e.Relation.Type, e.From, e.To, e.Key()}, " ")
}

// note adds what records say to a history, where it is news.
func note(t *testing.T, history map[string][]event, records []graph.Record, recorded string) {
	t.Helper()
	text := func(r graph.Record) string {
		r = plain(r)
		return string(graph.AppendRecord(nil, r))
	}
	for _, r := range records {
		at := place(r)
		was := history[at]
		if n := len(was); n > 0 && text(was[n-1].record) == text(r) {
			// Said again: an earlier publication counts, a later one does not.
			if p := publishedAt(r); p == "" || earliest(was) != "" && p >= earliest(was) {
				continue
			}
		}
		history[at] = append(was, event{r, publishedAt(r), recorded})
	}
}

// plain is a record without its times.
func plain(r graph.Record) graph.Record {
	switch r := r.(type) {
	case *graph.Node:
		n := *r
		n.Values = slices.Clone(r.Values)
		return n.Set(graph.PublishedAt, nil).Set(graph.RecordedAt, nil).Set(graph.ChangedIn, nil)
	case *graph.Edge:
		e := *r
		e.Props = slices.Clone(r.Props)
		return e.Set(graph.PublishedAt, nil).Set(graph.RecordedAt, nil).Set(graph.ChangedIn, nil)
	}
	return nil
}

// earliest is the earliest publication of events that led to one another; empty where none is known.
func earliest(of []event) string {
	first := ""
	for _, e := range of {
		if e.published != "" && (first == "" || e.published < first) {
			first = e.published
		}
	}
	return first
}

// replay gives the records that were there at a moment, from the history alone.
func replay(history map[string][]event, m graph.Moment) []graph.Record {
	by := func(at, bound string) bool { return bound == "" || at == "" || at <= bound }
	there := map[string]graph.Record{}
	named := map[string]graph.Record{} // what is there if something names it
	for _, at := range slices.Sorted(maps.Keys(history)) {
		events := history[at]
		for i, e := range events {
			if !by(e.recorded, m.Recorded) {
				break
			}
			// Where a relation leads elsewhere, another record begins.
			begin := 0
			for j := range i {
				if !continues(events[j].record, events[i].record) {
					begin = j + 1
				}
			}
			published := earliest(events[begin : i+1])
			domain().CheckRecord(e.record)
			r := timed(e.record, published, events[begin].recorded)
			if i > begin && !isRetracted(e.record) && !by(e.published, m.Published) {
				continue // what the state says was not published yet
			}
			known := slices.ContainsFunc(events[begin:i+1], func(e event) bool {
				if e.published == "" && slices.Contains([]string{"Claim", "Statement", "Raid", "Repatriation"}, kindOf(r)) {
					return by(e.recorded, m.Published)
				}
				return by(e.published, m.Published)
			})
			if known {
				there[at] = r
			} else {
				named[at] = r
			}
		}
	}
	return assemble(there, named)
}

// assemble leaves out what hangs in the air.
func assemble(there, named map[string]graph.Record) []graph.Record {
	edges := func(yield func(at string, e *graph.Edge)) {
		for _, at := range slices.Sorted(maps.Keys(there)) {
			if e, ok := there[at].(*graph.Edge); ok {
				yield(at, e)
			}
		}
	}
	could := func(id string) bool {
		return there[id] != nil || named[id] != nil && !slices.Contains([]string{"Claim", "Statement", "Source"}, kindOf(named[id]))
	}
	brought := map[string]graph.Record{}
	edges(func(_ string, e *graph.Edge) {
		for _, id := range []string{e.From, e.To} {
			if there[id] == nil && publishedAt(e) != "" && could(e.From) && could(e.To) {
				brought[id] = named[id]
			}
		}
	})
	maps.Copy(there, brought)
	broken := map[string]bool{}
	edges(func(_ string, e *graph.Edge) {
		if e.Relation.Type == "CITES" && there[e.To] == nil {
			broken[fmt.Sprint(e.From, e.Get("chain"))] = true
		}
	})
	var out []graph.Record
	for _, r := range there {
		if e, ok := r.(*graph.Edge); ok && (there[e.From] == nil || there[e.To] == nil || e.Relation.Type == "CITES" && broken[fmt.Sprint(e.From, e.Get("chain"))]) {
			continue
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b graph.Record) int {
		_, aNode := a.(*graph.Node)
		_, bNode := b.(*graph.Node)
		if aNode != bNode {
			return cmp.Compare(fmt.Sprint(bNode), fmt.Sprint(aNode))
		}
		return cmp.Compare(place(a), place(b))
	})
	return out
}

func isRetracted(r graph.Record) bool {
	n, ok := r.(*graph.Node)
	return ok && n.Get(graph.RetractedAt) != nil
}

func continues(a, b graph.Record) bool {
	e, ok := a.(*graph.Edge)
	return !ok || e.To == b.(*graph.Edge).To
}

func kindOf(r graph.Record) string {
	if n, ok := r.(*graph.Node); ok {
		return n.Kind.Name
	}
	return ""
}

func timed(r graph.Record, published, recorded string) graph.Record {
	var at any
	if published != "" {
		at = published
	}
	switch r := plain(r).(type) {
	case *graph.Node:
		for i, f := range r.Kind.Fields {
			if f.Projected && f.NonNull && f.Type == graph.Boolean && r.Values[i] == nil {
				r.Values[i] = false
			}
		}
		if r.Kind.Name != "Source" {
			r.Set(graph.PublishedAt, at)
		}
		return r.Set(graph.RecordedAt, recorded)
	case *graph.Edge:
		return r.Set(graph.PublishedAt, at).Set(graph.RecordedAt, recorded)
	}
	return nil
}

func put(t *testing.T, store graph.Store, records []graph.Record) {
	t.Helper()
	err := store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, sequence(records))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
