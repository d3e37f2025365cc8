package gql

import (
	"strings"
	"testing"
)

// TestAccounting: what became of people, over one raid and over several, and what is added to nothing.
func TestAccounting(t *testing.T) {
	e := smallEngine(t)
	lines := `raids lines { measure people { low high } raids missing { id } } unaccounted { low high } missing { raid { id } reason } tallies { id }`
	for _, c := range []struct{ query, want string }{
		{`{ raid(id: "raid:a") { accounting { found { band { low high } } screened { best { raw } } released { band { low } } charged { best { raw } } unaccounted { low high } reason } } }`,
			`{"raid":{"accounting":{"found":{"band":{"low":200,"high":606}},"screened":null,"released":{"band":{"low":120}},"charged":null,` +
				`"unaccounted":{"low":10,"high":486},"reason":"200 to 606 found, less 120 to 190 accounted for: released, deported, repatriated"}}}`},
		{`{ raid(id: "raid:c") { accounting { found { band { low high } } unaccounted { low high } reason } } }`,
			`{"raid":{"accounting":{"found":{"band":null},"unaccounted":null,"reason":"no claim counts what became of the people found"}}}`},
		// The one figure of raid:b is a tally: a part of it is about raid:a.
		{`{ accounting(where: {id: {in: ["raid:a", "raid:b"]}}) { ` + lines + ` } }`,
			`{"accounting":{"raids":2,"lines":[` +
				`{"measure":"FOUND","people":{"low":200,"high":606},"raids":1,"missing":[{"id":"raid:b"}]},` +
				`{"measure":"RELEASED","people":{"low":120,"high":120},"raids":1,"missing":[{"id":"raid:b"}]},` +
				`{"measure":"DEPORTED","people":{"low":30,"high":30},"raids":1,"missing":[{"id":"raid:b"}]},` +
				`{"measure":"REPATRIATED","people":{"low":40,"high":40},"raids":1,"missing":[{"id":"raid:b"}]}],` +
				`"unaccounted":{"low":10,"high":486},"missing":[{"raid":{"id":"raid:b"},"reason":"no claim counts what became of the people found"}],` +
				`"tallies":[{"id":"claim:figure5"}]}}`},
		// From either of them it is found.
		{`{ raids(where: {id: {in: ["raid:a", "raid:b"]}}) { nodes { accounting { tallies { id subject { id } } } } } }`,
			`{"raids":{"nodes":[{"accounting":{"tallies":[{"id":"claim:figure5","subject":{"id":"raid:b"}}]}},{"accounting":{"tallies":[{"id":"claim:figure5","subject":{"id":"raid:b"}}]}}]}}`},
		// raid:a was on compound:b too, which is in another province.
		{`{ compound(id: "compound:a") { accounting { ` + lines + ` } } province(id: "province:b") { accounting { raids missing { reason } } } }`,
			`{"compound":{"accounting":{"raids":1,"lines":[{"measure":"FOUND","people":null,"raids":0,"missing":[{"id":"raid:a"}]}],"unaccounted":null,` +
				`"missing":[{"raid":{"id":"raid:a"},"reason":"its people are not all of those asked about"}],"tallies":[]}},` +
				`"province":{"accounting":{"raids":1,"missing":[{"reason":"its people are not all of those asked about"}]}}}`},
		{`{ nationality(id: "nationality:b") { accounting { ` + lines + ` } } }`,
			`{"nationality":{"accounting":{"raids":1,"lines":[{"measure":"FOUND","people":{"low":80,"high":80},"raids":1,"missing":[]},` +
				`{"measure":"REPATRIATED","people":{"low":20,"high":20},"raids":1,"missing":[]}],"unaccounted":{"low":60,"high":60},"missing":[],"tallies":[]}}}`},
	} {
		if got, want := string(ask(t, e, c.query, "").Body), `{"data":`+c.want+`}`; got != want {
			t.Errorf("%s\n%s\nand not\n%s", c.query, got, want)
		}
	}
}

// TestRepatriationGap: found against brought home, at the root, of a nationality, and page by page.
func TestRepatriationGap(t *testing.T) {
	e := smallEngine(t)
	fields := ` { nationality { id } found { low high } home { low high } gap { low high } reason uncountedRaids { id } uncountedRepatriations { id } }`
	b := `{"nationality":{"id":"nationality:b"},"found":{"low":80,"high":80},"home":{"low":55,"high":75},"gap":{"low":5,"high":60},` +
		`"reason":"80 found, 55 to 75 brought home, of whom 20 by what the raids say","uncountedRaids":[],"uncountedRepatriations":[]}`
	for query, want := range map[string]string{
		`{ repatriationGap(nationality: "nationality:b")` + fields + ` }`:                                     `{"repatriationGap":` + b + `}`,
		`{ repatriationGap(nationality: "nationality:nothing")` + fields + ` }`:                               `{"repatriationGap":null}`,
		`{ repatriationGap(nationality: "raid:a")` + fields + ` }`:                                            `{"repatriationGap":null}`,
		`{ nationality(id: "nationality:b") { repatriationGap` + fields + ` } }`:                              `{"nationality":{"repatriationGap":` + b + `}}`,
		`{ repatriationGaps(first: 1) { totalCount pageInfo { hasNextPage } nodes { nationality { id } } } }`: `{"repatriationGaps":{"totalCount":3,"pageInfo":{"hasNextPage":true},"nodes":[{"nationality":{"id":"nationality:a"}}]}}`,
		`{ repatriationGaps(first: 1, after: "CURSOR") { edges { node` + fields + ` } } }`:                    `{"repatriationGaps":{"edges":[{"node":` + b + `}]}}`,
		`{ repatriationGaps(last: 1) { edges { node { found { low } reason uncountedRaids { id } uncountedRepatriations { id } } } } }`: `{"repatriationGaps":{"edges":[{"node":` +
			`{"found":null,"reason":"no raid counts those found","uncountedRaids":[{"id":"raid:b"}],"uncountedRepatriations":[{"id":"repatriation:b"}]}}]}}`,
	} {
		if strings.Contains(query, "CURSOR") {
			body := string(ask(t, e, `{ repatriationGaps(first: 1) { pageInfo { endCursor } } }`, "").Body)
			query = strings.Replace(query, "CURSOR", strings.Split(body, `"`)[9], 1)
		}
		if got, want := string(ask(t, e, query, "").Body), `{"data":`+want+`}`; got != want {
			t.Errorf("%s\n%s\nand not\n%s", query, got, want)
		}
	}
}
