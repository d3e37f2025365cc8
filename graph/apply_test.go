package graph_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// world is a small graph: two raids on two compounds, a repatriation, a statement and what sources say.
const world = `
{"node":"Nationality","id":"nationality:CN","name":"China","alpha2":"CN","alpha3":"CHN","demonym":"Chinese"}
{"node":"Nationality","id":"nationality:IN","name":"India","alpha2":"IN","alpha3":"IND","demonym":"Indian"}
{"node":"Nationality","id":"nationality:KH","name":"Cambodia","alpha2":"KH","alpha3":"KHM","demonym":"Cambodian"}
{"node":"Agency","id":"agency:police","name":"Police","type":"POLICE","country":"KH"}
{"node":"Agency","id":"agency:gdi","name":"Immigration","type":"IMMIGRATION","country":"KH"}
{"node":"Embassy","id":"embassy:in","name":"Embassy of India"}
{"node":"Official","id":"official:sok","name":"Sok"}
{"node":"Office","id":"office:sok","post":"Director"}
{"node":"Outlet","id":"outlet:news","name":"News"}
{"node":"Compound","id":"compound:a","name":"A"}
{"node":"Compound","id":"compound:b","name":"B"}
{"node":"Raid","id":"raid:1","name":"First","date":{"edtf":"[2024-11-06,2024-11-07]","basis":"STATED"}}
{"node":"Raid","id":"raid:2","name":"Second","date":{"edtf":"2024-10/2024-12","basis":"INFERRED"}}
{"node":"Repatriation","id":"repatriation:1","name":"Home","date":{"edtf":"../2024-10-27","basis":"STATED"}}
{"node":"Statement","id":"statement:1","name":"Word","kind":"DID_NOT_RESPOND","date":{"edtf":"2024-11-08","basis":"STATED"},"text":"says nothing"}
{"node":"Source","id":"source:s","title":"Article","seen":true,"publishedAt":"2024-11-11T11:00:00Z"}
{"relation":"REPRESENTS","from":"embassy:in","to":"nationality:IN"}
{"relation":"ACCREDITED_TO","from":"embassy:in","to":"nationality:KH"}
{"relation":"HELD_BY","from":"office:sok","to":"official:sok"}
{"relation":"AT","from":"office:sok","to":"agency:gdi"}
{"relation":"TARGETED","from":"raid:1","to":"compound:a"}
{"relation":"TARGETED","from":"raid:2","to":"compound:a"}
{"relation":"TARGETED","from":"raid:2","to":"compound:b"}
{"relation":"PARTICIPATED_IN","from":"agency:police","to":"raid:1","role":"LEAD"}
{"relation":"PARTICIPATED_IN","from":"agency:police","to":"raid:2","role":"LEAD"}
{"relation":"PARTICIPATED_IN","from":"agency:police","to":"raid:2","role":"ANNOUNCED"}
{"relation":"PARTICIPATED_IN","from":"embassy:in","to":"repatriation:1","role":"ORGANISED"}
{"relation":"OF_NATIONALITY","from":"repatriation:1","to":"nationality:IN"}
{"relation":"MADE_BY","from":"statement:1","to":"official:sok"}
{"relation":"IN_CAPACITY","from":"statement:1","to":"office:sok"}
{"relation":"ABOUT","from":"statement:1","to":"raid:1"}
{"relation":"ABOUT","from":"statement:1","to":"source:s"}
{"relation":"CITES","from":"statement:1","to":"source:s","chain":0,"hop":0,"verb":"SAID"}
`

// claim is a claim with its citation; body is what it says beside the id.
func claim(id, subject, body string, more ...string) string {
	return fmt.Sprintf(`{"node":"Claim","id":"claim:%s",%s}
{"relation":"SUBJECT","from":"claim:%s","to":"%s"}
{"relation":"CITES","from":"claim:%s","to":"source:s","chain":0,"hop":0,"verb":"QUOTED"}
%s
`, id, body, id, subject, id, strings.Join(more, "\n"))
}

func figure(measure, raw, count string) string {
	return fmt.Sprintf(`"property":"figure","measure":"%s","value":{"type":"Count","raw":"%s",%s}`, measure, raw, count)
}

func link(relation, from, to string) string {
	return fmt.Sprintf(`{"relation":"%s","from":"%s","to":"%s"}`, relation, from, to)
}

// projections lists the projected relationships of a type, each as "from to properties", sorted.
func projections(t *testing.T, store graph.Store, relation string, props ...string) []string {
	t.Helper()
	r := domain().Relation(relation)
	var out []string
	for _, k := range domain().Kinds {
		far := r.Far(k, true)
		if len(far) == 0 {
			continue
		}
		child := &graph.Select{Name: "far", Kinds: far, Fields: []graph.FieldRef{{Owner: graph.OfID}}, Page: graph.Page{Limit: graph.NoArg},
			Via: &graph.Via{Relation: r, Out: true, One: r.One, Keyed: !r.One}}
		if !r.One {
			child.Order = []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}, {Field: graph.FieldRef{Owner: graph.OfKey}}}
		}
		for _, p := range props {
			child.Fields = append(child.Fields, graph.FieldRef{Owner: graph.OfEdge, Name: p, Type: r.Prop(p).Type})
		}
		root := &graph.Select{Name: "near", Kinds: []*graph.Kind{k}, Fields: []graph.FieldRef{{Owner: graph.OfID}}, Page: graph.Page{Limit: graph.NoArg},
			Order: []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}}, Children: []*graph.Select{child}}
		sets, err := store.Query(context.Background(), &graph.Plan{Roots: []*graph.Select{root}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range sets[0].Rows {
			for _, to := range row[1].(*graph.Set).Rows {
				out = append(out, strings.TrimSpace(fmt.Sprintln(append([]any{row[0]}, to...)...)))
			}
		}
	}
	slices.Sort(out)
	return out
}

// values lists fields of all nodes of a kind, each node as "id values".
func values(t *testing.T, store graph.Store, kind string, fields ...string) []string {
	t.Helper()
	k := domain().Kind(kind)
	root := &graph.Select{Name: "all", Kinds: []*graph.Kind{k}, Fields: []graph.FieldRef{{Owner: graph.OfID}}, Page: graph.Page{Limit: graph.NoArg},
		Order: []graph.Order{{Field: graph.FieldRef{Owner: graph.OfID}}}}
	for _, f := range fields {
		root.Fields = append(root.Fields, graph.FieldRef{Name: f, Type: k.Field(f).Type})
	}
	sets, err := store.Query(context.Background(), &graph.Plan{Roots: []*graph.Select{root}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range sets[0].Rows {
		out = append(out, strings.TrimSpace(fmt.Sprintln(row...)))
	}
	return out
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestApply(t *testing.T) { eachStore(t, testApply) }

func testApply(t *testing.T, store graph.Store) {
	applied := apply(t, store, world)
	if w := applied.Written; w.Created != 33 || w.Changed+w.Same != 0 {
		t.Errorf("written: %+v", w)
	}
	same(t, "RAIDED", projections(t, store, "RAIDED", "raidId", "role", "from", "to"),
		"agency:police compound:a raid:1 LEAD 2024-11-06 2024-11-07",
		"agency:police compound:a raid:2 ANNOUNCED 2024-10-01 2024-12-31",
		"agency:police compound:a raid:2 LEAD 2024-10-01 2024-12-31",
		"agency:police compound:b raid:2 ANNOUNCED 2024-10-01 2024-12-31",
		"agency:police compound:b raid:2 LEAD 2024-10-01 2024-12-31")
	same(t, "REPATRIATED", projections(t, store, "REPATRIATED", "repatriationId", "from", "to"),
		"embassy:in nationality:IN repatriation:1 <nil> 2024-10-27")
	same(t, "STATED", projections(t, store, "STATED", "statementId", "kind", "from", "to"),
		"official:sok raid:1 statement:1 DID_NOT_RESPOND 2024-11-08 2024-11-08",
		"official:sok source:s statement:1 DID_NOT_RESPOND 2024-11-08 2024-11-08")
	same(t, "SPEAKS_FOR", projections(t, store, "SPEAKS_FOR"), "statement:1 agency:gdi")
	same(t, "statements", values(t, store, "Statement", "silent", "month"), "statement:1 true 2024-11")
	same(t, "raids", values(t, store, "Raid", "contested", "month"), "raid:1 false 2024-11", "raid:2 false <nil>")
	same(t, "compounds", values(t, store, "Compound", "activeAfterRaid"), "compound:a false", "compound:b false")

	before := export(t, store)
	again := apply(t, store, world)
	if w := again.Written; w.Same != 33 || w.Created+w.Changed != 0 || again.Projections.Any() {
		t.Errorf("again: %+v", again)
	}
	if after := export(t, store); after != before {
		t.Errorf("applying again changed\n%s\nto\n%s", before, after)
	}
	settled(t, store)

}

func TestApplyFigures(t *testing.T) { eachStore(t, applyFigures) }

func applyFigures(t *testing.T, store graph.Store) {
	apply(t, store, world)
	summaries := func() []string {
		return values(t, store, "FigureSummary", "best", "lowest", "highest", "low", "high", "contested")
	}
	apply(t, store, claim("found", "raid:1", figure("FOUND", "about 200", `"mode":"APPROX","value":200`)+`,"saidOn":{"edtf":"2024-11-07"}`))
	same(t, "one claim", summaries(), "figure:raid:1/FOUND 200 200 200 200 200 false")

	apply(t, store, claim("detained", "raid:1", figure("DETAINED", "606", `"mode":"EXACT","value":606`)+`,"saidOn":{"edtf":"2024-11-08"}`))
	same(t, "a clash by containment", summaries(),
		"figure:raid:1/DETAINED 606 606 606 240 606 true", "figure:raid:1/FOUND 200 200 200 200 606 true")
	same(t, "contested", values(t, store, "Raid", "contested"), "raid:1 true", "raid:2 false")
	same(t, "of", projections(t, store, "FIGURE_OF"), "figure:raid:1/DETAINED raid:1", "figure:raid:1/FOUND raid:1")

	apply(t, store, claim("women", "raid:1", figure("DETAINED", "700", `"mode":"EXACT","value":700`)+`,"facets":{"sex":"FEMALE"}`,
		link("PART_OF", "claim:women", "claim:detained")))
	same(t, "a part has no summary", summaries(),
		"figure:raid:1/DETAINED 606 606 606 240 700 true", "figure:raid:1/FOUND 200 200 200 200 700 true")

	applied := apply(t, store, claim("detained2", "raid:1", figure("DETAINED", "150", `"mode":"EXACT","value":150`), link("SUPERSEDES", "claim:detained2", "claim:detained"))+
		`{"node":"Claim","id":"claim:women",`+figure("DETAINED", "700", `"mode":"EXACT","value":700`)+`,"facets":{"sex":"FEMALE"},"retractedAt":"2024-11-19T00:00:00Z"}`)
	same(t, "superseded and retracted", summaries(),
		"figure:raid:1/DETAINED 150 150 150 150 150 false", "figure:raid:1/FOUND 200 200 200 200 200 false")
	same(t, "contested", values(t, store, "Raid", "contested"), "raid:1 false", "raid:2 false")
	// Two summaries and the raid differ, and three contradictions are settled.
	if p := applied.Projections; p != (graph.Differences{Changed: 3, Removed: 3}) {
		t.Errorf("projections: %+v", p)
	}

	// The claim turns out to be about the other raid.
	apply(t, store, link("SUBJECT", "claim:found", "raid:2"))
	same(t, "moved", summaries(), "figure:raid:1/DETAINED 150 150 150 150 150 false", "figure:raid:2/FOUND 200 200 200 200 200 false")

	apply(t, store, `{"node":"Raid","id":"raid:1","name":"Renamed","date":{"edtf":"2024-11-06"}}`)
	same(t, "RAIDED", projections(t, store, "RAIDED", "raidId", "from", "to")[:1], "agency:police compound:a raid:1 2024-11-06 2024-11-06")
	settled(t, store)

}

// What is said of a claim later, in a relationship alone, counts as well.
func TestApplyLaterWord(t *testing.T) { eachStore(t, applyLaterWord) }

func applyLaterWord(t *testing.T, store graph.Store) {
	apply(t, store, world)
	apply(t, store, claim("a", "raid:1", figure("FOUND", "200", `"mode":"EXACT","value":200`))+
		claim("b", "raid:1", figure("FOUND", "100", `"mode":"EXACT","value":100`))+
		`{"relation":"CITES","from":"claim:a","to":"source:s","chain":0,"hop":1,"verb":"CITED"}
		{"relation":"CITES","from":"claim:b","to":"source:s","chain":0,"hop":1,"verb":"CITED"}`)
	summary := func() []string { return values(t, store, "FigureSummary", "best", "low", "high", "contested") }
	same(t, "two totals", summary(), "figure:raid:1/FOUND 200 100 200 true")
	apply(t, store, `{"relation":"CITES","from":"claim:b","to":"source:s","chain":1,"hop":0,"verb":"SAID"}`)
	same(t, "a shorter chain", summary(), "figure:raid:1/FOUND 100 100 200 true")
	apply(t, store, link("PART_OF", "claim:b", "claim:a"))
	same(t, "a part of a total", summary(), "figure:raid:1/FOUND 200 200 200 false")
	settled(t, store)

}

func TestApplyNationalities(t *testing.T) { eachStore(t, applyNationalities) }

func applyNationalities(t *testing.T, store graph.Store) {
	named := func(id, share, nationality string) string {
		if share != "" {
			share = `,"share":"` + share + `"`
		}
		return claim(id, "raid:1", `"property":"nationality","value":{"type":"Reference"}`+share, link("REFERS_TO", "claim:"+id, nationality))
	}
	apply(t, store, world)
	involved := func() []string { return projections(t, store, "INVOLVED", "share") }
	apply(t, store, named("1", "INCLUDING", "nationality:CN")+named("2", "", "nationality:KH"))
	same(t, "named", involved(), "raid:1 nationality:CN INCLUDING", "raid:1 nationality:KH <nil>")
	apply(t, store, named("3", "MOSTLY", "nationality:CN")+named("4", "INCLUDING", "nationality:CN"))
	same(t, "the most telling", involved(), "raid:1 nationality:CN MOSTLY", "raid:1 nationality:KH <nil>")
	apply(t, store, claim("5", "raid:1", figure("FOUND", "3", `"mode":"EXACT","value":3`), link("OF_NATIONALITY", "claim:5", "nationality:IN"))+
		claim("6", "raid:2", figure("FOUND", "no", `"mode":"EXACT","value":0`), link("OF_NATIONALITY", "claim:6", "nationality:IN")))
	same(t, "counted, unless nobody is", involved(), "raid:1 nationality:CN MOSTLY", "raid:1 nationality:IN <nil>", "raid:1 nationality:KH <nil>")
	apply(t, store, named("7", "ALL", "nationality:CN")+link("SUPERSEDES", "claim:7", "claim:2")+"\n"+link("OF_NATIONALITY", "claim:5", "nationality:KH"))
	same(t, "corrected", involved(), "raid:1 nationality:CN ALL", "raid:1 nationality:KH <nil>")
	settled(t, store)

}

func TestApplyActive(t *testing.T) { eachStore(t, applyActive) }

func applyActive(t *testing.T, store graph.Store) {
	apply(t, store, world)
	active := func() []string { return values(t, store, "Compound", "activeAfterRaid") }
	apply(t, store, claim("1", "compound:a", `"property":"active","value":{"type":"Text","text":"was busy"},"saidOn":{"edtf":"2024-11-07"}`))
	same(t, "not certainly later", active(), "compound:a false", "compound:b false")
	apply(t, store, claim("2", "compound:a", `"property":"active","value":{"type":"Period","edtf":"2024-11-08"},"saidOn":{"edtf":"2024"}`))
	same(t, "later", active(), "compound:a true", "compound:b false")
	apply(t, store, `{"node":"Raid","id":"raid:1","name":"First","date":{"edtf":"2024-11"}}`)
	same(t, "the raid may have been later", active(), "compound:a false", "compound:b false")
	apply(t, store, `{"node":"Compound","id":"compound:c","name":"C"}`+"\n"+claim("3", "compound:c", `"property":"active","value":{"type":"Text","text":"busy"},"saidOn":{"edtf":"2025-01"}`))
	same(t, "never raided", active(), "compound:a false", "compound:b false", "compound:c <nil>")
	apply(t, store, link("TARGETED", "raid:1", "compound:c"))
	same(t, "raided", active(), "compound:a false", "compound:b false", "compound:c true")
	settled(t, store)

}

func TestApplyStatements(t *testing.T) { eachStore(t, applyStatements) }

func applyStatements(t *testing.T, store graph.Store) {
	apply(t, store, world)
	apply(t, store, link("AT", "office:sok", "agency:police"))
	same(t, "the office moves", projections(t, store, "SPEAKS_FOR"), "statement:1 agency:police")
	apply(t, store, link("MADE_BY", "statement:1", "outlet:news")+"\n"+link("ABOUT", "statement:1", "raid:2"))
	same(t, "another speaker", projections(t, store, "STATED"), "outlet:news raid:1", "outlet:news raid:2", "outlet:news source:s")
	apply(t, store, link("MADE_BY", "statement:1", "agency:gdi"))
	same(t, "an agency speaks for itself", projections(t, store, "SPEAKS_FOR"), "statement:1 agency:gdi")
	apply(t, store, `{"node":"Statement","id":"statement:1","name":"Word","kind":"DENIAL","date":{"edtf":"2024"},"text":"denies it"}`)
	same(t, "STATED", projections(t, store, "STATED", "kind", "from"), "agency:gdi raid:1 DENIAL 2024-01-01", "agency:gdi raid:2 DENIAL 2024-01-01", "agency:gdi source:s DENIAL 2024-01-01")
	same(t, "statements", values(t, store, "Statement", "silent", "month"), "statement:1 false <nil>")
	apply(t, store, link("OF_NATIONALITY", "repatriation:1", "nationality:CN"))
	same(t, "REPATRIATED", projections(t, store, "REPATRIATED"), "embassy:in nationality:CN")
	settled(t, store)

}

func TestApplyRefuses(t *testing.T) { eachStore(t, applyRefuses) }

func applyRefuses(t *testing.T, store graph.Store) {
	tests := []struct {
		records string
		code    graph.Code
		want    string
	}{
		{`{"node":"Claim","id":"claim:x","property":"form","value":{"type":"Text","text":"t"}}` + "\n" + link("SUBJECT", "claim:x", "raid:1"),
			graph.Invalid, `nothing enters without a source: no citation (CITES to a source) for "claim:x"`},
		{`{"node":"Claim","id":"claim:x","property":"form","value":{"type":"Text","text":"t"}}`, graph.Invalid, `every Claim needs SUBJECT: there is none for "claim:x"`},
		{claim("x", "raid:1", `"property":"nationality","value":{"type":"Reference"}`), graph.Invalid, `every Claim needs REFERS_TO: there is none for "claim:x"`},
		{`{"node":"Statement","id":"statement:x","name":"x","kind":"CLAIM","date":{"edtf":"2024"},"text":"t"}`, graph.Invalid, `every Statement needs MADE_BY`},
		{`{"node":"Embassy","id":"embassy:x","name":"x"}`, graph.Invalid, `every Embassy needs REPRESENTS`},
		{link("TARGETED", "raid:1", "compound:none"), graph.NotFound, `compound:none`},
		{`{"node":"Raid","id":"raid:x","name":"x","date":{"edtf":"2024-13"}}`, graph.Invalid, `"raid:x": date.edtf: date "2024-13": months run from 01 to 12`},
	}
	apply(t, store, world)
	before := export(t, store)
	for _, test := range tests {
		_, err := tryApply(store, lines(t, `{"node":"Raid","id":"raid:new","name":"New","date":{"edtf":"2024"}}`+"\n"+test.records))
		if err == nil || graph.CodeOf(err) != test.code || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v\nwant %s", test.records, err, test.want)
		}
	}
	broken := errors.New("unreadable")
	_, err := graph.Apply(context.Background(), store, domain(), graph.Changes{Records: func(yield func(graph.Record, error) bool) { yield(nil, broken) }})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if export(t, store) != before {
		t.Error("something was written")
	}
	// What a stored claim has already, it need not be given again.
	apply(t, store, claim("y", "raid:1", `"property":"form","value":{"type":"Text","text":"t"}`))
	apply(t, store, `{"node":"Claim","id":"claim:y","property":"form","value":{"type":"Text","text":"u"}}`)

}

func TestExportRoundTrip(t *testing.T) { eachStore(t, exportRoundTrip) }

func exportRoundTrip(t *testing.T, store graph.Store) {
	apply(t, store, world+claim("1", "raid:1", figure("FOUND", "hundreds", `"mode":"ORDER","min":100,"max":999`)))
	text := export(t, store)
	again := openSQLite(t)
	later := graph.Changes{Records: sequence(lines(t, text)), Now: testNow.AddDate(1, 0, 0)}
	if _, err := graph.Apply(context.Background(), again, domain(), later); err != nil {
		t.Fatal(err)
	}
	if got := export(t, again); got != text {
		t.Errorf("%s\n%s", text, got)
	}
	settled(t, again)

}
