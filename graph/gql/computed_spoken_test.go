package gql

import (
	"fmt"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
)

// answers asks questions and compares the data of their answers.
func answers(t *testing.T, e *Engine, cases [][2]string) {
	t.Helper()
	for _, c := range cases {
		if got, want := string(ask(t, e, c[0], "").Body), `{"data":`+c[1]+`}`; got != want {
			t.Errorf("%s\n%s\nand not\n%s", c[0], got, want)
		}
	}
}

func TestPositions(t *testing.T) {
	fields := `{ speaker { id } about { id } topic from to orderKnown before { id } after { id } words { id } }`
	falls := `{"speaker":{"id":"official:a"},"about":{"id":"raid:a"},"topic":"FIGURES","from":"AFFIRMS","to":"SILENT","orderKnown":true,` +
		`"before":{"id":"statement:claims"},"after":{"id":"statement:silent"},"words":{"id":"statement:claims"}}`
	denies := `{"speaker":{"id":"official:a"},"about":{"id":"raid:a"},"topic":"FIGURES","from":"SILENT","to":"DENIES","orderKnown":true,` +
		`"before":{"id":"statement:silent"},"after":{"id":"statement:denies"},"words":{"id":"statement:claims"}}`
	cursor := encodeListCursor("positions", []string{"official:a", "raid:a", "FIGURES", "2024-11-03", "", "statement:silent"})
	answers(t, smallEngine(t), [][2]string{
		{`{ positions(speaker: "official:a", about: "raid:a") { totalCount nodes ` + fields + ` } }`, `{"positions":{"totalCount":2,"nodes":[` + falls + `,` + denies + `]}}`},
		{`{ positions(first: 1) { totalCount edges { cursor node { to } } pageInfo { hasNextPage hasPreviousPage } } }`,
			`{"positions":{"totalCount":2,"edges":[{"cursor":"` + cursor + `","node":{"to":"SILENT"}}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":false}}}`},
		{`{ positions(after: "` + cursor + `") { nodes ` + fields + ` pageInfo { hasNextPage hasPreviousPage } } }`,
			`{"positions":{"nodes":[` + denies + `],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true}}}`},
		{`{ positions(last: 1) { nodes { to } pageInfo { hasPreviousPage } } }`, `{"positions":{"nodes":[{"to":"DENIES"}],"pageInfo":{"hasPreviousPage":true}}}`},
		{`{ positions(speaker: "official:b") { nodes { to } } }`, `{"positions":{"nodes":[]}}`},
		{`{ positions(about: "raid:b") { nodes { to } } }`, `{"positions":{"nodes":[]}}`},
	})
}

func TestSilences(t *testing.T) {
	answers(t, smallEngine(t), [][2]string{
		{`{ silences(by: SPEAKER, about: "raid:a", on: "2024-11-20") { totalCount nodes { speaker { id } agency { id } about { id } asked open firstAsked lastAsked
			entries { speaker { id } about { id } topic asked firstAsked lastAsked askedBy { id } askersUnknown answered
				questions { statement { id } answer { id } recorded waited { low high } } } } } }`,
			`{"silences":{"totalCount":2,"nodes":[` +
				`{"speaker":{"id":"official:a"},"agency":null,"about":null,"asked":1,"open":0,"firstAsked":"2024-11-03","lastAsked":"2024-11-03","entries":[` +
				`{"speaker":{"id":"official:a"},"about":{"id":"raid:a"},"topic":"FIGURES","asked":1,"firstAsked":"2024-11-03","lastAsked":"2024-11-03","askedBy":[{"id":"outlet:a"}],` +
				`"askersUnknown":false,"answered":true,"questions":[{"statement":{"id":"statement:silent"},"answer":{"id":"statement:denies"},"recorded":false,"waited":{"low":2,"high":2}}]}]},` +
				`{"speaker":{"id":"official:b"},"agency":null,"about":null,"asked":1,"open":1,"firstAsked":"2024-11-02","lastAsked":"2024-11-02","entries":[` +
				`{"speaker":{"id":"official:b"},"about":{"id":"raid:a"},"topic":"SCREENING","asked":1,"firstAsked":"2024-11-02","lastAsked":"2024-11-02","askedBy":[],` +
				`"askersUnknown":true,"answered":false,"questions":[{"statement":{"id":"statement:declines"},"answer":null,"recorded":false,"waited":{"low":18,"high":18}}]}]}]}}`},
		{`{ silences(by: AGENCY, speaker: "official:b", on: "2024-11-20") { nodes { speaker { id } agency { id } asked } } }`,
			`{"silences":{"nodes":[{"speaker":null,"agency":{"id":"agency:a"},"asked":1}]}}`},
		{`{ silences(by: SUBJECT, about: "raid:a", on: "2024-11-02") { nodes { about { id } asked open } } }`,
			`{"silences":{"nodes":[{"about":{"id":"raid:a"},"asked":1,"open":1}]}}`},
		{`{ silences(by: SPEAKER, speaker: "official:a", about: "raid:b") { totalCount } }`, `{"silences":{"totalCount":0}}`},
	})
}

func TestOpenCommitments(t *testing.T) {
	e := smallEngine(t)
	answers(t, e, [][2]string{
		{`{ openCommitments(about: "raid:a", on: "2024-11-20") { totalCount nodes { statement { id } age { low high } } } }`,
			`{"openCommitments":{"totalCount":1,"nodes":[{"statement":{"id":"statement:promises"},"age":{"low":18,"high":18}}]}}`},
		// Before it was answered, that of official:b was open, and the older one.
		{`{ openCommitments(about: "raid:a", on: "2024-11-03") { nodes { statement { id } age { low high } } } }`,
			`{"openCommitments":{"nodes":[{"statement":{"id":"statement:promised"},"age":{"low":2,"high":2}},{"statement":{"id":"statement:promises"},"age":{"low":1,"high":1}}]}}`},
		{`{ openCommitments(speaker: "official:b", on: "2024-11-20") { totalCount } }`, `{"openCommitments":{"totalCount":0}}`},
	})
	if r := ask(t, e, `{ openCommitments(on: "20 November") { totalCount } }`, ""); r.Code != graph.Invalid {
		t.Errorf("no day: %s", r.Body)
	}
}

// TestToday: without a day, it is today in the graph's time zone, also for a plan that was made the day before.
func TestToday(t *testing.T) {
	small := smallEngine(t)
	now := time.Date(2024, 11, 19, 16, 59, 0, 0, time.UTC)
	e, err := New(Config{Model: small.model, Store: small.store, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{17, 18} {
		answers(t, e, [][2]string{{`{ openCommitments(about: "raid:a") { nodes { age { low } } } }`,
			fmt.Sprintf(`{"openCommitments":{"nodes":[{"age":{"low":%d}}]}}`, days)}})
		now = now.Add(time.Minute) // midnight in Phnom Penh
	}
}

func TestActivity(t *testing.T) {
	answers(t, smallEngine(t), [][2]string{
		{`{ compounds(first: 2) { nodes { id activity { raid { id } claim { id } days { low high } } } } }`,
			`{"compounds":{"nodes":[{"id":"compound:a","activity":[{"raid":{"id":"raid:a"},"claim":{"id":"claim:active"},"days":{"low":25,"high":25}}]},{"id":"compound:b","activity":[]}]}}`},
	})
}
