package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// TestResolve: what readers see of records that are one.
func TestResolve(t *testing.T) {
	const a, b, c = "compound:a", "compound:b", "compound:c"
	for _, test := range []struct {
		name   string
		merges [][2]string
		own    string
		want   string
	}{
		{"values of its own come first, others fill", [][2]string{{b, a}},
			`{"node":"Compound","id":"compound:a","name":"A","form":"hotel"}
			{"node":"Compound","id":"compound:b","name":"B","form":"villas","place":{"text":"by the sea","precision":"NEAR","ncdd":["1804"]}}`,
			`{"node":"Compound","id":"compound:a","name":"A","names":[{"value":"B","kind":"ALIAS"}],"form":"hotel","place":{"text":"by the sea","precision":"NEAR","ncdd":["1804"]}}`},
		{"a value object is taken whole", [][2]string{{b, a}},
			`{"node":"Compound","id":"compound:a","name":"A","place":{"text":"here","precision":"PROVINCE"}}
			{"node":"Compound","id":"compound:b","name":"B","place":{"text":"there","precision":"EXACT","latitude":1,"longitude":2}}`,
			`{"node":"Compound","id":"compound:a","name":"A","names":[{"value":"B","kind":"ALIAS"}],"place":{"text":"here","precision":"PROVINCE"}}`},
		{"lists are united, each element once", [][2]string{{b, a}},
			`{"node":"Compound","id":"compound:a","name":"A","names":[{"value":"X","kind":"FORMER"}],"externalIds":[{"scheme":"wikidata","value":"Q1"}]}
			{"node":"Compound","id":"compound:b","name":"A","names":[{"value":"X","kind":"FORMER"},{"value":"Y","kind":"ALIAS"}],"externalIds":[{"scheme":"geonames","value":"1"}]}`,
			`{"node":"Compound","id":"compound:a","name":"A","names":[{"value":"X","kind":"FORMER"},{"value":"Y","kind":"ALIAS"}],"externalIds":[{"scheme":"wikidata","value":"Q1"},{"scheme":"geonames","value":"1"}]}`},
		{"the first merged fills first", [][2]string{{c, a}, {b, a}},
			`{"node":"Compound","id":"compound:a","name":"A"}
			{"node":"Compound","id":"compound:b","name":"A","form":"b"}
			{"node":"Compound","id":"compound:c","name":"A","form":"c"}`,
			`{"node":"Compound","id":"compound:a","name":"A","form":"c"}`},
		{"by way of another", [][2]string{{c, b}, {b, a}},
			`{"node":"Compound","id":"compound:a","name":"A"}
			{"node":"Compound","id":"compound:b","name":"A"}
			{"node":"Compound","id":"compound:c","name":"A","form":"c"}
			` + link("TARGETED", "raid:1", c),
			`{"node":"Compound","id":"compound:a","name":"A","form":"c"}
			` + link("TARGETED", "raid:1", a)},
		{"its own publication; retracted only where all are", [][2]string{{b, a}},
			`{"node":"Compound","id":"compound:a","name":"A","publishedAt":"2024-02-01T00:00:00Z","retractedAt":"2024-05-01T00:00:00Z"}
			{"node":"Compound","id":"compound:b","name":"A","publishedAt":"2024-01-01T00:00:00Z"}`,
			`{"node":"Compound","id":"compound:a","name":"A","publishedAt":"2024-02-01T00:00:00Z"}`},
		{"relationships that coincide are one, standing before retracted", [][2]string{{b, a}},
			`{"node":"Compound","id":"compound:a","name":"A"}
			{"node":"Compound","id":"compound:b","name":"A"}
			{"relation":"TARGETED","from":"raid:1","to":"compound:a","retractedAt":"2024-05-01T00:00:00Z"}
			` + link("TARGETED", "raid:1", b) + "\n" + link("TARGETED", "raid:2", b),
			`{"node":"Compound","id":"compound:a","name":"A"}
			` + link("TARGETED", "raid:1", a) + "\n" + link("TARGETED", "raid:2", a)},
		{"of a relation to one, its own", [][2]string{{b, a}},
			`{"node":"Compound","id":"compound:a","name":"A"}
			{"node":"Compound","id":"compound:b","name":"A"}
			` + link("LOCATED_IN", a, "province:1") + "\n" + link("LOCATED_IN", b, "province:0"),
			`{"node":"Compound","id":"compound:a","name":"A"}
			` + link("LOCATED_IN", a, "province:1")},
		{"roles stay apart", [][2]string{{"agency:b", "agency:a"}},
			`{"node":"Agency","id":"agency:a","name":"A","type":"POLICE","country":"KH"}
			{"node":"Agency","id":"agency:b","name":"A","type":"POLICE","country":"KH"}
			{"relation":"PARTICIPATED_IN","from":"agency:a","to":"raid:1","role":"LEAD"}
			{"relation":"PARTICIPATED_IN","from":"agency:b","to":"raid:1","role":"LEAD"}
			{"relation":"PARTICIPATED_IN","from":"agency:b","to":"raid:1","role":"SUPPORT"}`,
			`{"node":"Agency","id":"agency:a","name":"A","type":"POLICE","country":"KH"}
			{"relation":"PARTICIPATED_IN","from":"agency:a","to":"raid:1","role":"LEAD"}
			{"relation":"PARTICIPATED_IN","from":"agency:a","to":"raid:1","role":"SUPPORT"}`},
		{"what joined the two joins nothing", [][2]string{{"agency:b", "agency:a"}},
			`{"node":"Agency","id":"agency:a","name":"A","type":"POLICE","country":"KH"}
			{"node":"Agency","id":"agency:b","name":"A","type":"POLICE","country":"KH"}
			` + link("PART_OF", "agency:b", "agency:a"),
			`{"node":"Agency","id":"agency:a","name":"A","type":"POLICE","country":"KH"}`},
		{"both ends are merged", [][2]string{{b, a}, {"raid:2", "raid:1"}},
			`{"node":"Compound","id":"compound:a","name":"A"}
			{"node":"Compound","id":"compound:b","name":"A"}
			{"node":"Raid","id":"raid:1","name":"R","date":{"edtf":"2024"}}
			{"node":"Raid","id":"raid:2","name":"S","date":{"edtf":"2025"}}
			` + link("TARGETED", "raid:2", b),
			`{"node":"Compound","id":"compound:a","name":"A"}
			{"node":"Raid","id":"raid:1","name":"R","date":{"edtf":"2024","basis":"STATED"}}
			` + link("TARGETED", "raid:1", a)},
	} {
		own := lines(t, test.own)
		for _, r := range own {
			if err := graph.InvalidRecord(r, domain().CheckRecord(r)); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			seen, err := graph.Resolve(domain(), test.merges, own)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range seen {
				got = append(got, string(graph.AppendRecord(nil, r)))
			}
			var want []string
			for _, r := range lines(t, test.want) {
				want = append(want, string(graph.AppendRecord(nil, r)))
			}
			same(t, test.name, got, want...)
			slices.Reverse(own)
		}
	}
}

func TestMergeAtOnce(t *testing.T) { mergeAtOnce(t, openSQLite(t)) }

// mergeAtOnce: of writers that merge two records at the same time, either way round, one does and the others are told so; those that send
// the same change are all answered by it.
func mergeAtOnce(t *testing.T, store graph.Store) {
	apply(t, store, world)
	var merged, again atomic.Int64
	var group sync.WaitGroup
	for writer := range concurrentWriters {
		group.Go(func() {
			op := judges(graph.Merge, "compound:b", "compound:a")
			if writer%2 == 1 {
				op = judges(graph.Merge, "compound:a", "compound:b")
			}
			id := fmt.Sprintf("merge-%d", writer-writer%4+writer%2)
			done, err := tryCommit(store, id, op)
			switch c := graph.CodeOf(err); {
			case err == nil && done.Again:
				again.Add(1)
			case err == nil:
				merged.Add(1)
			case c != graph.Conflict && c != graph.Invalid:
				t.Errorf("%s: %v", id, err)
			}
		})
	}
	group.Wait()
	if merged.Load() != 1 || again.Load() != 1 {
		t.Errorf("%d merged, and %d were answered as before", merged.Load(), again.Load())
	}
	if got := len(values(t, store, "Compound")); got != 1 {
		t.Errorf("readers see %d compounds", got)
	}
	settled(t, store)
}

func TestRebuildMerged(t *testing.T) { eachStore(t, rebuildMerged) }

// rebuildMerged: what readers see of what is merged is remade where it was damaged, from what was said, which is not touched.
func rebuildMerged(t *testing.T, store graph.Store) {
	apply(t, store, world+claim("a", "compound:a", `"property":"active","value":{"type":"Period","edtf":"2025"}`))
	commit(t, store, "merge", judges(graph.Merge, "compound:b", "compound:a"))
	said, seen := export(t, store), view(t, store)
	err := store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, sequence([]graph.Record{
			graph.NewNode(domain().Kind("Compound"), "compound:b").Set("name", "damaged").Set("names", "[]").Set("externalIds", "[]"),
			graph.NewNode(domain().Kind("Compound"), "compound:a").Set("name", "A").Set("names", "[]").Set("externalIds", "[]"),
			graph.NewEdge(domain().Relation("TARGETED"), "raid:1", "compound:a"),
		})); err != nil {
			return err
		}
		return tx.Remove(ctx, sequence([]graph.Record{graph.NewEdge(domain().Relation("TARGETED"), "raid:1", "compound:b")}))
	})
	if err != nil {
		t.Fatal(err)
	}
	diff, err := graph.Rebuild(context.Background(), store, domain())
	if err != nil || diff.Created != 1 || diff.Changed == 0 || diff.Removed != 2 {
		t.Errorf("rebuilding: %+v, %v", diff, err)
	}
	same(t, "what readers see", view(t, store), seen...)
	if got := export(t, store); got != said {
		t.Errorf("what was said is now\n%s\nand was\n%s", got, said)
	}
	settled(t, store)
}

func TestImportJudgements(t *testing.T) { eachStore(t, importJudgements) }

// importJudgements: judgements that cannot hold together are refused, with what they would be on, and nothing of them is applied.
func importJudgements(t *testing.T, store graph.Store) {
	apply(t, store, world)
	judgement := func(id, verdict, record, other string) string {
		return fmt.Sprintf(`{"node":"Judgement","id":"judgement:%s","verdict":"%s","record":"%s","other":"%s","reason":"r"}`+"\n", id, verdict, record, other)
	}
	for _, c := range []struct{ text, want string }{
		{judgement("1", "SAME", "compound:a", "compound:x"), `there is no "compound:x", but by "judgement:1" it would be merged`},
		{judgement("1", "SAME", "compound:x", "compound:a"), `there is no "compound:x", but by "judgement:1" it would be merged`},
		{judgement("1", "SAME", "compound:a", "raid:1"), "only records of one kind are merged"},
		{judgement("1", "SAME", "compound:a", "compound:a"), "into itself"},
		{judgement("1", "SAME", "compound:a", "compound:b") + judgement("2", "SAME", "compound:b", "compound:a"), "the other way round"},
		{judgement("1", "SAME", "source:s", "source:s"), "those are not merged"},
		{judgement("1", "SAME", "compound", "compound:b"), "is no id"},
	} {
		before := everything(t, store)
		if _, err := tryApply(store, lines(t, c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s is answered by %v, want %s", c.text, err, c.want)
		}
		same(t, "after "+c.text, everything(t, store), before...)
	}
	whole := judgement("1", "SAME", "compound:a", "compound:b") + judgement("2", "WITHDRAWN", "compound:a", "compound:b")
	apply(t, store, whole)
	same(t, "merged", values(t, store, "Compound", "name"), "compound:b B")
	apply(t, store, link("WITHDRAWS", "judgement:2", "judgement:1"))
	same(t, "unmerged", values(t, store, "Compound", "name"), "compound:a A", "compound:b B")
	apply(t, store, whole+link("WITHDRAWS", "judgement:2", "judgement:1"))
	for text, want := range map[string]string{
		judgement("1", "SAME", "compound:b", "compound:a"):                                                       "with another record: judgements are never changed",
		judgement("1", "NOT_SAME", "compound:a", "compound:b"):                                                   "with another verdict",
		judgement("3", "NOT_SAME", "compound:a", "compound:b") + link("WITHDRAWS", "judgement:2", "judgement:3"): `"judgement:2" withdraws "judgement:1" already`,
	} {
		if _, err := tryApply(store, lines(t, text)); graph.CodeOf(err) != graph.Conflict || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is answered by %v, want %s", text, err, want)
		}
	}
	settled(t, store)
}

func TestMergedWrites(t *testing.T) { eachStore(t, mergedWrites) }

// mergedWrites: what is written by the id of a record that was merged goes to that record, readers see it at once, and an import
// that says what was said changes nothing.
func mergedWrites(t *testing.T, store graph.Store) {
	said := world + claim("form", "compound:a", `"property":"form","value":{"type":"Text","text":"hotel"}`)
	apply(t, store, said)
	done := commit(t, store, "merge", judges(graph.Merge, "compound:b", "compound:a"))
	same(t, "what a merge names", done.Nodes, "compound:b", "judgement:merge/00001")
	same(t, "raided", projections(t, store, "RAIDED", "raidId", "role"), "agency:police compound:b raid:1 LEAD", "agency:police compound:b raid:2 ANNOUNCED", "agency:police compound:b raid:2 LEAD")
	if again := apply(t, store, said); again.Sequence != 0 {
		t.Errorf("importing again is change %d: %+v", again.Sequence, again.Written)
	}
	form := byWord(step(t, graph.Update, `{"node":"Compound","id":"compound:a","form":"villas"}`))
	commit(t, store, "form", form)
	same(t, "form", values(t, store, "Compound", "form"), "compound:b villas")
	same(t, "superseded", projections(t, store, "SUPERSEDES"), "claim:compound-a/form/"+strings.TrimPrefix(projections(t, store, "SUPERSEDES")[0], "claim:compound-a/form/"))
	if !strings.HasSuffix(projections(t, store, "SUPERSEDES")[0], " claim:form") {
		t.Errorf("the claim about the same record is not superseded: %v", projections(t, store, "SUPERSEDES"))
	}
	// Readers see raid:1 at b, which was said of a.
	commit(t, store, "target", detaches(t, link("TARGETED", "raid:1", "compound:b")))
	same(t, "targeted", projections(t, store, "TARGETED"), "raid:2 compound:b")
	refused(t, store, "nothing", graph.NotFound, "there is no TARGETED from", detaches(t, link("TARGETED", "raid:1", "compound:b")))
	commit(t, store, "retract", retracts("compound:b"))
	same(t, "one of two is retracted", values(t, store, "Compound", "retractedAt"), "compound:b <nil>")
	settled(t, store)
	commit(t, store, "unmerge", judges(graph.Unmerge, "", "compound:a"))
	same(t, "unmerged", values(t, store, "Compound", "form", "retractedAt"), "compound:a villas <nil>", "compound:b <nil> 2024-11-20T08:00:00Z")
	same(t, "targeted", projections(t, store, "TARGETED"), "raid:2 compound:a", "raid:2 compound:b")
	settled(t, store)
	// In one change: what is merged is new, and is two again by the same change.
	commit(t, store, "chain", byWord(step(t, graph.Create, `{"node":"Compound","id":"compound:c","name":"C"}`)), judges(graph.Merge, "compound:a", "compound:b", "compound:c"))
	same(t, "a chain", values(t, store, "Compound", "mergedIds"), "compound:a [compound:b compound:c]")
	commit(t, store, "both", judges(graph.Unmerge, "", "compound:b", "compound:c"), judges(graph.Merge, "compound:b", "compound:c"))
	same(t, "unmerged and merged", values(t, store, "Compound", "mergedIds"), "compound:a <nil>", "compound:b [compound:c]")
	settled(t, store)
}

func TestPastMerged(t *testing.T) { eachStore(t, pastMerged) }

// pastMerged: nothing is merged with a record that was not known yet.
func pastMerged(t *testing.T, store graph.Store) {
	apply(t, store, world+`{"node":"Compound","id":"compound:late","name":"Late","form":"hotel","publishedAt":"2025-03-01T00:00:00Z"}
		{"relation":"TARGETED","from":"raid:1","to":"compound:late","publishedAt":"2025-03-01T00:00:00Z"}`)
	commit(t, store, "merge", judges(graph.Merge, "compound:late", "compound:a"), judges(graph.Merge, "compound:late", "compound:b"))
	same(t, "now", values(t, store, "Compound", "form", "mergedIds"), "compound:late hotel [compound:a compound:b]")
	past, _ := copyAsOf(t, store, graph.Moment{Published: "2025-01-01T00:00:00Z"})
	same(t, "then", values(t, past, "Compound", "form", "mergedIds"), "compound:a <nil> <nil>", "compound:b <nil> <nil>")
	same(t, "then", projections(t, past, "TARGETED"), "raid:1 compound:a", "raid:2 compound:a", "raid:2 compound:b")
	past, _ = copyAsOf(t, store, graph.Moment{Published: "2025-04-01T00:00:00Z"})
	same(t, "later", view(t, past), view(t, store)...)
	settled(t, past)
}

func TestFindSimilar(t *testing.T) { eachStore(t, findSimilar) }

// findSimilar: candidates come by names in any script, by shared events and by dates; those that were judged, merged or retracted do not.
func findSimilar(t *testing.T, store graph.Store) {
	apply(t, store, world+`
		{"node":"Province","id":"province:KH-18","name":"Preah Sihanouk","iso":"KH-18","country":"KH"}
		{"node":"Compound","id":"compound:jin","name":"Jin Bei","names":[{"value":"金贝娱乐城","kind":"OFFICIAL"}]}
		{"node":"Compound","id":"compound:jinbei","name":"Jinbei"}
		{"node":"Compound","id":"compound:zh","name":"Golden Shell","names":[{"value":"金贝","kind":"ALIAS"}]}
		{"node":"Compound","id":"compound:other","name":"White Sands"}
		{"node":"Raid","id":"raid:3","name":"Raid in Sihanoukville","date":{"edtf":"2025-01-06"}}
		{"node":"Raid","id":"raid:4","name":"Sihanoukville police operation","date":{"edtf":"2025-01-07"}}
		{"node":"Raid","id":"raid:5","name":"Crackdown","date":{"edtf":"2025-01"}}
		{"relation":"TARGETED","from":"raid:3","to":"compound:jin"}
		{"relation":"TARGETED","from":"raid:4","to":"compound:jin"}
		{"relation":"LOCATED_IN","from":"raid:3","to":"province:KH-18"}
		{"relation":"LOCATED_IN","from":"raid:5","to":"province:KH-18"}`)
	found := func(id string) []string {
		t.Helper()
		similar, err := graph.FindSimilar(context.Background(), store, domain(), id)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range similar {
			signals := ""
			for _, r := range s.Reasons {
				signals += fmt.Sprintf(" %s %.2f", r.Signal, r.Score)
			}
			out = append(out, fmt.Sprintf("%s %.2f:%s", s.ID, s.Score, signals))
		}
		return out
	}
	same(t, "compounds", found("compound:jin"), "compound:jinbei 0.71: NAME 1.00", "compound:zh 0.60: NAME 0.84")
	same(t, "the other way round", found("compound:zh"), "compound:jin 0.60: NAME 0.84")
	same(t, "raids", found("raid:3"), "raid:4 0.67: NAME 0.71 EVENT 1.00 DATE 0.93", "raid:5 0.61: NAME 0.54 PROVINCE 1.00 DATE 1.00")
	commit(t, store, "not", judges(graph.NotSame, "compound:jin", "compound:jinbei"))
	same(t, "judged", found("compound:jin"), "compound:zh 0.60: NAME 0.84")
	same(t, "judged, from the other", found("compound:jinbei"))
	commit(t, store, "merge", judges(graph.Merge, "compound:zh", "compound:jin"))
	same(t, "merged", found("compound:jin"))
	same(t, "judged of what was merged", found("compound:jinbei"))
	commit(t, store, "unmerge", judges(graph.Unmerge, "", "compound:jin"), retracts("compound:zh"))
	same(t, "retracted", found("compound:jin"))
	// 50 are taken of those whose names begin alike, itself among them.
	for i, name := range []string{"Dara Chan", "Vichea Phal"} {
		var b strings.Builder
		for n := range 50 + i {
			fmt.Fprintf(&b, `{"node":"Official","id":"official:%d-%02d","name":"%s"}`+"\n", i, n, name)
		}
		apply(t, store, b.String())
		if got := len(found(fmt.Sprintf("official:%d-00", i))); got != 49 {
			t.Errorf("of %d that are alike %d others are found", 50+i, got)
		}
	}
	same(t, "of nothing", found("compound:none"))
	same(t, "of what is not merged", found("source:s"))
	if _, err := graph.FindSimilar(context.Background(), store, domain(), "no id"); graph.CodeOf(err) != graph.Invalid {
		t.Errorf("what is no id is answered by %v", err)
	}
}
