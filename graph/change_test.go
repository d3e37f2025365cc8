package graph_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// step makes the operation of records: a node, and the relationships that come with it. Claims speak of those by the name of
// the relation in lower case.
func step(t testing.TB, do graph.Do, text string) graph.Operation {
	t.Helper()
	op := graph.Operation{Do: do}
	for _, r := range lines(t, text) {
		switch r := r.(type) {
		case *graph.Node:
			op.Node = r
		case *graph.Edge:
			op.Edges = append(op.Edges, graph.Link{Edge: r, Property: strings.ToLower(r.Relation.Type)})
		}
	}
	if op.Node != nil && do == graph.Update {
		for i, f := range op.Node.Kind.Fields {
			if name, _, _ := strings.Cut(f.Name, "."); op.Node.Values[i] != nil || op.Node.Get(name+".edtf") != nil {
				op.Given = append(op.Given, f.Name)
			}
		}
	}
	return op
}

func retracts(id string) graph.Operation { return graph.Operation{Do: graph.Retract, ID: id} }

func detaches(t testing.TB, text string) graph.Operation {
	return graph.Operation{Do: graph.Detach, Edge: lines(t, text)[0].(*graph.Edge)}
}

// byWord is an operation by the word of the police, in the article.
func byWord(op graph.Operation) graph.Operation {
	op.Evidence = &graph.Evidence{SaidBy: "agency:police", SaidOn: "2024-11-10", Citations: []graph.Citation{{Source: "source:s", Verb: "QUOTED"}}}
	return op
}

func commit(t testing.TB, store graph.Store, id string, operations ...graph.Operation) graph.Committed {
	t.Helper()
	done, err := tryCommit(store, id, operations...)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func tryCommit(store graph.Store, id string, operations ...graph.Operation) (graph.Committed, error) {
	return graph.Commit(context.Background(), store, domain(), within(graph.Change{ID: strings.ReplaceAll(id, " ", "-"), At: testNow, Operations: operations}))
}

// within gives a change the bounds of the test.
func within(c graph.Change) graph.Change { return c.As(changes) }

func TestCommit(t *testing.T) { eachStore(t, testCommit) }

// testCommit: a change has the next number, and the nodes that it made have it too; sent again it is answered as before.
func testCommit(t *testing.T, store graph.Store) {
	apply(t, store, world)
	create := byWord(step(t, graph.Create, `{"node":"Raid","id":"raid:3","name":"Third","date":{"edtf":"2025-01"}}
		{"relation":"TARGETED","from":"raid:3","to":"compound:b"}`))
	first := commit(t, store, "one", create)
	if first.ID != "change:one" || first.Sequence != 2 || first.Again || first.Counts != (graph.Counts{Created: 11}) {
		t.Errorf("%+v", first)
	}
	if want := []string{"raid:3", "claim:raid-3/date/", "claim:raid-3/targeted/"}; !slices.EqualFunc(first.Nodes, want, strings.HasPrefix) {
		t.Errorf("it names %v, want %v", first.Nodes, want)
	}
	before := everything(t, store)
	again := commit(t, store, "change:one", create)
	first.Again = true
	if !reflect.DeepEqual(again, first) {
		t.Errorf("again: %+v, want %+v", again, first)
	}
	same(t, "again", everything(t, store), before...)
	other := create
	other.Evidence = &graph.Evidence{Citations: create.Evidence.Citations}
	refused(t, store, "one", graph.Conflict, "is that of change number 2", other)
	same(t, "changes", values(t, store, "Change", "sequence", "origin", "created"), "change:import-1 1 IMPORT 33", "change:one 2 MUTATION 11")
	same(t, "raids", values(t, store, "Raid", "changedIn", "publishedAt"), "raid:1 1 <nil>", "raid:2 1 <nil>", "raid:3 2 2024-11-11T11:00:00Z")
	if got := projections(t, store, "TOUCHED", "how"); !slices.Contains(got, "change:one raid:3 CREATED") {
		t.Errorf("touched: %v", got)
	}
	settled(t, store)
}

// refused makes sure that a change is refused with a code and words, and leaves no trace.
func refused(t *testing.T, store graph.Store, id string, code graph.Code, words string, operations ...graph.Operation) {
	t.Helper()
	before := everything(t, store)
	if _, err := tryCommit(store, id, operations...); graph.CodeOf(err) != code || err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("%s is answered by %v, want %s: %s", id, err, code, words)
	}
	same(t, id, everything(t, store), before...)
}

// everything is all that a store holds: the records, the journal and the versions.
func everything(t testing.TB, store graph.Store) []string {
	t.Helper()
	tt, ok := t.(*testing.T)
	if !ok {
		return nil
	}
	out := []string{export(t, store)}
	out = append(out, values(tt, store, "Change", "sequence", "created", "changed", "retracted")...)
	out = append(out, values(tt, store, "Version", "record", "from", "until")...)
	return append(out, projections(tt, store, "TOUCHED", "how")...)
}

func TestCommitConflicts(t *testing.T) { eachStore(t, commitConflicts) }

func commitConflicts(t *testing.T, store graph.Store) {
	apply(t, store, world)
	rename := byWord(step(t, graph.Update, `{"node":"Compound","id":"compound:a","name":"Alpha"}`))
	expecting := func(op graph.Operation, version int64) graph.Operation {
		op.Expected = &version
		return op
	}
	refused(t, store, "moved", graph.Conflict, "is of change 1, but change 7 was expected", expecting(rename, 7))
	commit(t, store, "renamed", expecting(rename, 1))
	refused(t, store, "moved", graph.Conflict, "is of change 2, but change 1 was expected", expecting(retracts("compound:a"), 1))
	refused(t, store, "exists", graph.Conflict, "another name", byWord(step(t, graph.Create, `{"node":"Compound","id":"compound:a","name":"A"}`)))
	refused(t, store, "exists", graph.Conflict, "without this LOCATED_IN",
		step(t, graph.Create, `{"node":"Province","id":"province:KH-1","name":"P","iso":"KH-1","country":"KH"}`),
		byWord(step(t, graph.Create, `{"node":"Compound","id":"compound:b","name":"B"}`+"\n"+link("LOCATED_IN", "compound:b", "province:KH-1"))))
	done := commit(t, store, "same", byWord(step(t, graph.Create, `{"node":"Compound","id":"compound:b","name":"B"}`)))
	if done.Counts != (graph.Counts{}) {
		t.Errorf("creating the same does %+v", done.Counts)
	}
	refused(t, store, "absent", graph.NotFound, "did you mean compound:a?", step(t, graph.Update, `{"node":"Compound","id":"compound:c","name":"C"}`))
	refused(t, store, "absent", graph.NotFound, `there is no "claim:x"`, retracts("claim:x"))
	refused(t, store, "absent", graph.NotFound, "there is no TARGETED", detaches(t, link("TARGETED", "raid:1", "compound:b")))
	refused(t, store, "the journal", graph.Invalid, "written by the program", retracts("change:import-1"))
	refused(t, store, "a bad id?", graph.Invalid, "no id of a change", rename)
	refused(t, store, "nothing", graph.Invalid, "does nothing")
	settled(t, store)
}

func TestCommitSources(t *testing.T) { eachStore(t, commitSources) }

// commitSources: nothing enters, and no value of an entity or event changes, without somebody's word for it.
func commitSources(t *testing.T, store graph.Store) {
	apply(t, store, world)
	raid := step(t, graph.Create, `{"node":"Raid","id":"raid:3","name":"Third","date":{"edtf":"2025-01"}}`)
	refused(t, store, "unsourced", graph.Invalid, "nothing enters without a source", raid)
	cited := step(t, graph.Create, claim("c", "raid:3", `"property":"date","value":{"type":"Period","edtf":"2025-01"}`))
	commit(t, store, "claimed", raid, cited)
	refused(t, store, "uncited", graph.Invalid, "no citation", step(t, graph.Create, `{"node":"Claim","id":"claim:d","property":"form","value":{"type":"Text","text":"x"}}
		{"relation":"SUBJECT","from":"claim:d","to":"raid:3"}`))
	later := step(t, graph.Update, `{"node":"Raid","id":"raid:3","date":{"edtf":"2025-02"}}`)
	refused(t, store, "unsaid", graph.Invalid, "date of \"raid:3\" would change without anybody's word", later)
	commit(t, store, "said", later, step(t, graph.Create, claim("later", "raid:3", `"property":"date","value":{"type":"Period","edtf":"2025-02"}`, link("SUPERSEDES", "claim:later", "claim:c"))))
	refused(t, store, "a claim", graph.Invalid, "claims are never changed", step(t, graph.Update, `{"node":"Claim","id":"claim:c","property":"form"}`))
	done := commit(t, store, "another document", step(t, graph.Update, `{"node":"Claim","id":"claim:c"}
		{"relation":"CITES","from":"claim:c","to":"source:s","chain":1,"hop":0,"verb":"SAID"}`))
	if done.Counts != (graph.Counts{Created: 1}) {
		t.Errorf("another citation of a claim does %+v", done.Counts)
	}
	refused(t, store, "needless", graph.Invalid, "takes no evidence", byWord(step(t, graph.Update, `{"node":"Source","id":"source:s","title":"Other"}`)))
	commit(t, store, "a source", step(t, graph.Update, `{"node":"Source","id":"source:s","title":"Other"}`))
	commit(t, store, "an outlet", step(t, graph.Create, `{"node":"Outlet","id":"outlet:o","name":"O"}`),
		step(t, graph.Update, `{"node":"Source","id":"source:s"}`+"\n"+link("PUBLISHED_BY", "source:s", "outlet:o")))
	settled(t, store)
}

func TestCommitSupersedes(t *testing.T) { eachStore(t, commitSupersedes) }

// commitSupersedes: a new value is a new claim, which supersedes the one that said the old value.
func commitSupersedes(t *testing.T, store graph.Store) {
	apply(t, store, world+claim("a", "raid:2", `"property":"date","value":{"type":"Period","edtf":"2024-10/2024-12"}`)+
		claim("b", "raid:2", `"property":"date","value":{"type":"Period","edtf":"2023"}`))
	done := commit(t, store, "date", byWord(step(t, graph.Update, `{"node":"Raid","id":"raid:2","date":{"edtf":"2024-11-06"}}`)))
	second := done.Nodes[1]
	same(t, "supersedes", projections(t, store, "SUPERSEDES"), second+" claim:a")
	same(t, "raids", values(t, store, "Raid", "date.edtf", "date.from", "month", "changedIn"),
		"raid:1 [2024-11-06,2024-11-07] 2024-11-06 2024-11 1", "raid:2 2024-11-06 2024-11-06 2024-11 2")
	done = commit(t, store, "date again", byWord(step(t, graph.Update, `{"node":"Raid","id":"raid:2","date":{"edtf":"2024-11-07"}}`)))
	same(t, "supersedes", projections(t, store, "SUPERSEDES"), done.Nodes[1]+" "+second, second+" claim:a")
	// The nationality of a repatriation: a relation to one.
	done = commit(t, store, "nationality", byWord(step(t, graph.Update, `{"node":"Repatriation","id":"repatriation:1"}`+"\n"+link("OF_NATIONALITY", "repatriation:1", "nationality:CN"))))
	if done.Counts != (graph.Counts{Created: 6, Retracted: 1}) {
		t.Errorf("%+v", done.Counts)
	}
	end := byWord(step(t, graph.Update, `{"node":"Repatriation","id":"repatriation:1"}`))
	end.Ends = []graph.EndOf{{Relation: domain().Relation("OF_NATIONALITY"), Property: "of_nationality"}}
	ended := commit(t, store, "no nationality", end)
	if got := projections(t, store, "SUPERSEDES"); !slices.Contains(got, ended.Nodes[1]+" "+done.Nodes[1]) {
		t.Errorf("%v", got)
	}
	same(t, "repatriated", projections(t, store, "REPATRIATED"))
	settled(t, store)
}

func TestCommitRetracts(t *testing.T) { eachStore(t, commitRetracts) }

// commitRetracts: what is retracted stays where it is, and drops out of what follows from it.
func commitRetracts(t *testing.T, store graph.Store) {
	apply(t, store, world+
		claim("200", "raid:1", figure("FOUND", "200", `"mode":"EXACT","value":200`))+
		claim("606", "raid:1", figure("DETAINED", "606", `"mode":"EXACT","value":606`))+
		claim("cn", "raid:1", `"property":"nationality","value":{"type":"Reference"}`, link("REFERS_TO", "claim:cn", "nationality:CN"))+
		claim("active", "compound:a", `"property":"active","value":{"type":"Period","edtf":"2025"}`))
	same(t, "contested", values(t, store, "Raid", "contested"), "raid:1 true", "raid:2 false")
	done := commit(t, store, "606", retracts("claim:606"))
	if done.Counts != (graph.Counts{Retracted: 1}) {
		t.Errorf("%+v", done.Counts)
	}
	if got := projections(t, store, "TOUCHED", "how"); !slices.Contains(got, "change:606 claim:606 RETRACTED") || !slices.Contains(got, "change:606 raid:1 RELATED") {
		t.Errorf("touched: %v", got)
	}
	same(t, "contested", values(t, store, "Raid", "contested"), "raid:1 false", "raid:2 false")
	same(t, "figures", values(t, store, "FigureSummary", "best"), "figure:raid:1/FOUND 200")
	commit(t, store, "cn", retracts("claim:cn"))
	same(t, "nationalities", projections(t, store, "INVOLVED"))
	same(t, "active", values(t, store, "Compound", "activeAfterRaid"), "compound:a true", "compound:b false")
	commit(t, store, "active", retracts("claim:active"))
	same(t, "active", values(t, store, "Compound", "activeAfterRaid"), "compound:a false", "compound:b false")
	again := commit(t, store, "twice", retracts("claim:active"))
	if again.Counts != (graph.Counts{}) {
		t.Errorf("retracting again does %+v", again.Counts)
	}

	commit(t, store, "raid", retracts("raid:2"))
	same(t, "raided", projections(t, store, "RAIDED"), "agency:police compound:a")
	same(t, "active", values(t, store, "Compound", "activeAfterRaid"), "compound:a false", "compound:b <nil>")
	commit(t, store, "statement", retracts("statement:1"), retracts("repatriation:1"))
	same(t, "stated", projections(t, store, "STATED"))
	same(t, "speaks for", projections(t, store, "SPEAKS_FOR"))
	same(t, "repatriated", projections(t, store, "REPATRIATED"))
	same(t, "raids", values(t, store, "Raid", "retractedAt"), "raid:1 <nil>", "raid:2 2024-11-20T08:00:00Z")
	settled(t, store)
}

func TestCommitDetaches(t *testing.T) { eachStore(t, commitDetaches) }

// commitDetaches: a relationship that ends is gone with what follows from it, and is kept as a version.
func commitDetaches(t *testing.T, store graph.Store) {
	apply(t, store, world)
	commit(t, store, "target", detaches(t, link("TARGETED", "raid:2", "compound:a")))
	same(t, "raided", projections(t, store, "RAIDED", "raidId", "role"), "agency:police compound:a raid:1 LEAD",
		"agency:police compound:b raid:2 ANNOUNCED", "agency:police compound:b raid:2 LEAD")
	commit(t, store, "part", detaches(t, `{"relation":"PARTICIPATED_IN","from":"agency:police","to":"raid:2","role":"LEAD"}`),
		detaches(t, `{"relation":"PARTICIPATED_IN","from":"embassy:in","to":"repatriation:1","role":"ORGANISED"}`),
		detaches(t, link("ABOUT", "statement:1", "raid:1")))
	same(t, "raided", projections(t, store, "RAIDED", "raidId", "role"), "agency:police compound:a raid:1 LEAD", "agency:police compound:b raid:2 ANNOUNCED")
	same(t, "repatriated", projections(t, store, "REPATRIATED"))
	same(t, "stated", projections(t, store, "STATED"), "official:sok source:s")
	refused(t, store, "needed", graph.Invalid, "no citation", detaches(t, `{"relation":"CITES","from":"statement:1","to":"source:s","chain":0,"hop":0,"verb":"SAID"}`))
	refused(t, store, "needed", graph.Invalid, "needs MADE_BY", detaches(t, link("MADE_BY", "statement:1", "official:sok")))
	refused(t, store, "projected", graph.Invalid, "written by the program", graph.Operation{Do: graph.Detach,
		Edge: graph.NewEdge(domain().Relation("RAIDED"), "agency:police", "compound:a")})
	var records []string
	for _, v := range values(t, store, "Version", "record", "from", "until") {
		_, rest, _ := strings.Cut(v, " ")
		records = append(records, rest)
	}
	slices.Sort(records)
	same(t, "versions", records, "ABOUT statement:1 raid:1 1 3", "PARTICIPATED_IN agency:police raid:2 LEAD 1 3",
		"PARTICIPATED_IN embassy:in repatriation:1 ORGANISED 1 3", "TARGETED raid:2 compound:a 1 2")
	settled(t, store)
}

func TestVersions(t *testing.T) { eachStore(t, versions) }

// versions: what is replaced is kept as it was, whatever replaces it.
func versions(t *testing.T, store graph.Store) {
	apply(t, store, world)
	apply(t, store, `{"node":"Compound","id":"compound:a","name":"Alpha"}
		{"relation":"MADE_BY","from":"statement:1","to":"agency:gdi"}
		{"relation":"CITES","from":"statement:1","to":"source:s","chain":0,"hop":0,"verb":"QUOTED"}`)
	apply(t, store, `{"node":"Compound","id":"compound:a","name":"Alpha"}`)
	commit(t, store, "beta", byWord(step(t, graph.Update, `{"node":"Compound","id":"compound:a","name":"Beta"}`)))
	var got []string
	for _, v := range values(t, store, "Version", "from", "until", "state") {
		_, rest, _ := strings.Cut(v, " ")
		got = append(got, rest)
	}
	slices.Sort(got)
	same(t, "versions", got,
		`1 2 {"node":"Compound","id":"compound:a","name":"A","recordedAt":"2024-11-20T08:00:00Z"}`,
		`1 2 {"relation":"CITES","from":"statement:1","to":"source:s","chain":0,"hop":0,"verb":"SAID","recordedAt":"2024-11-20T08:00:00Z"}`,
		`1 2 {"relation":"MADE_BY","from":"statement:1","to":"official:sok","recordedAt":"2024-11-20T08:00:00Z"}`,
		`2 3 {"node":"Compound","id":"compound:a","name":"Alpha","recordedAt":"2024-11-20T08:00:00Z"}`)
	same(t, "changes", values(t, store, "Change", "sequence", "created", "changed", "retracted", "same"),
		"change:beta 3 4 1 0 0", "change:import-1 1 33 0 0 0", "change:import-2 2 1 2 1 0")
	settled(t, store)
}

func TestDryRun(t *testing.T) { eachStore(t, dryRun) }

// dryRun: it answers what the change would do, and the store is as it was, byte by byte.
func dryRun(t *testing.T, store graph.Store) {
	apply(t, store, world+claim("200", "raid:1", figure("FOUND", "200", `"mode":"EXACT","value":200`)))
	change := graph.Change{ID: "dry", At: testNow, Operations: []graph.Operation{
		retracts("claim:200"), detaches(t, link("TARGETED", "raid:2", "compound:a")),
		byWord(step(t, graph.Update, `{"node":"Raid","id":"raid:2","name":"Deuxième","date":{"edtf":"2024-11"}}`)),
		byWord(step(t, graph.Create, `{"node":"Compound","id":"compound:c","name":"C"}`)),
	}}
	before, projected := everything(t, store), projections(t, store, "RAIDED")
	dry := change
	dry.DryRun = true
	seen := 0
	dry.Look = func(ctx context.Context, tx graph.Tx, done graph.Committed) error {
		sets, err := tx.Query(ctx, &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "c", Kinds: []*graph.Kind{domain().Kind("Compound")},
			Fields: []graph.FieldRef{{Owner: graph.OfID}}, Order: []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}},
			Where: &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}}, Page: graph.Page{Limit: graph.NoArg}}}}, []any{"compound:c"})
		if err == nil {
			seen = len(sets[0].Rows)
		}
		return err
	}
	would, err := graph.Commit(context.Background(), store, domain(), within(dry))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "after a dry run", everything(t, store), before...)
	same(t, "after a dry run", projections(t, store, "RAIDED"), projected...)
	if seen != 1 {
		t.Error("a dry run does not show what it would do")
	}
	did, err := graph.Commit(context.Background(), store, domain(), within(change))
	if err != nil {
		t.Fatal(err)
	}
	did.DryRun = true
	if !reflect.DeepEqual(would, did) {
		t.Errorf("a dry run says %+v, and then it is %+v", would, did)
	}
	settled(t, store)
}
