package main

import (
	"fmt"
	"strconv"
)

// raid gives a raid and everything about it.
func (m *maker) raid(i int) {
	id, compound := raidID(i), i/raidsPerCompound
	m.node("Raid", id, map[string]any{"name": "Raid on " + nameOf(compound, compoundWords).english, "date.edtf": m.date()})
	m.edge("TARGETED", id, compoundID(compound), nil)
	if m.IntN(10) == 0 && compound > 0 {
		m.edge("TARGETED", id, compoundID(m.IntN(compound)), nil)
	}
	m.edge("LOCATED_IN", id, m.provinceOf(compound), nil)

	unit := unitID(m.IntN(i/raidsPerUnit + 1))
	m.edge("PARTICIPATED_IN", unit, id, map[string]any{"role": "LEAD"})
	if m.IntN(3) == 0 {
		m.edge("PARTICIPATED_IN", hubAgency, id, map[string]any{"role": "ORDERED"})
		m.edge("PARTICIPATED_IN", hubAgency, id, map[string]any{"role": "PARTICIPANT"})
	}
	m.edge("PARTICIPATED_IN", pick(m, m.agencies), id, map[string]any{"role": "SUPPORT"})
	speaker := spokespersonID(m.IntN(i/raidsPerSpokesperson + 1))
	m.edge("PARTICIPATED_IN", speaker, id, map[string]any{"role": "ANNOUNCED"})

	m.claims(i, []string{unit, speaker})
	if i%raidsPerStatement == 0 {
		m.statement(i, speaker)
	}
	if i%raidsPerRepatriation == 0 {
		m.repatriation(i, compound)
	}
}

// claims gives five to seven claims about a raid. A fifth of the raids have two that contradict each other.
func (m *maker) claims(raid int, speakers []string) {
	people := 20 + m.IntN(800)
	other := people
	if m.IntN(5) == 0 {
		other += 40
	}
	about := []func(claim string, says map[string]any){
		func(_ string, says map[string]any) { exactly(says, "FOUND", people) },
		func(_ string, says map[string]any) { exactly(says, "FOUND", other) },
		func(_ string, says map[string]any) {
			says["property"], says["measure"] = "figure", "DETAINED"
			says["value.type"], says["value.raw"], says["value.mode"], says["value.value"] = "Count", fmt.Sprintf("at least %d", people/3), "AT_LEAST", int64(people/3)
		},
		func(_ string, says map[string]any) {
			says["property"], says["share"], says["value.type"] = "nationality", pick(m, shares), "Reference"
		},
		func(_ string, says map[string]any) {
			says["property"], says["value.type"], says["value.text"] = "outcome", "Text", pick(m, outcomes)
		},
		func(_ string, says map[string]any) { exactly(says, "FOUND", people/2) },
		func(_ string, says map[string]any) {
			says["property"], says["value.type"], says["value.text"] = "screening", "Text", pick(m, screenings)
		},
	}
	const nationality, part = 3, 5
	for i, say := range about[:5+m.IntN(3)] {
		id := fmt.Sprintf("claim:bench-%07d/%d", raid, i)
		says := map[string]any{"publishedAt": m.moment()}
		say(id, says)
		m.node("Claim", id, says)
		m.edge("SUBJECT", id, raidID(raid), nil)
		switch i {
		case nationality:
			m.edge("REFERS_TO", id, pick(m, m.nationalities), nil)
		case part:
			m.edge("OF_NATIONALITY", id, pick(m, m.nationalities), nil)
		}
		m.edge("SAID_BY", id, speakers[i%len(speakers)], nil)
		m.cite(id, raid)
	}
}

func exactly(says map[string]any, measure string, people int) {
	says["property"], says["measure"], says["value.type"] = "figure", measure, "Count"
	says["value.raw"], says["value.mode"], says["value.value"] = strconv.Itoa(people), "EXACT", int64(people)
}

// cite gives the chain by which words reached us: one document, or one that quotes another.
func (m *maker) cite(from string, raid int) {
	origin := sourceID(m.IntN(raid/raidsPerSource + 1))
	if m.IntN(10) == 0 {
		origin = hubSource
	}
	m.edge("CITES", from, origin, map[string]any{"chain": int64(0), "hop": int64(0), "verb": "SAID"})
	if m.IntN(5) < 2 {
		m.edge("CITES", from, sourceID(m.IntN(raid/raidsPerSource+1)), map[string]any{"chain": int64(0), "hop": int64(1), "verb": "QUOTED"})
	}
}

func (m *maker) statement(raid int, speaker string) {
	id := fmt.Sprintf("statement:bench-%07d", raid)
	m.node("Statement", id, map[string]any{"name": fmt.Sprintf("On the raid %d", raid), "date.edtf": m.date(), "kind": pick(m, statementKinds),
		"text": "The operation went on for " + strconv.Itoa(1+m.IntN(20)) + " hours", "quote": pick(m, quotes), "topic": "OPERATION"})
	m.edge("MADE_BY", id, speaker, nil)
	m.edge("ABOUT", id, raidID(raid), nil)
	m.cite(id, raid)
}

func (m *maker) repatriation(raid, compound int) {
	id, nationality := fmt.Sprintf("repatriation:bench-%07d", raid), pick(m, m.nationalities)
	m.node("Repatriation", id, map[string]any{"name": fmt.Sprintf("Flight %d", raid), "date.edtf": m.date(), "origin": "KH", "via": []string{"TH"}})
	m.edge("OF_NATIONALITY", id, nationality, nil)
	m.edge("FROM_COMPOUND", id, compoundID(compound), nil)
	m.edge("PARTICIPATED_IN", pick(m, m.embassies), id, map[string]any{"role": "DOCUMENTS"})
	claim := fmt.Sprintf("claim:bench-home-%07d", raid)
	says := map[string]any{"publishedAt": m.moment()}
	exactly(says, "REPATRIATED", 1+m.IntN(60))
	m.node("Claim", claim, says)
	m.edge("SUBJECT", claim, id, nil)
	m.edge("SAID_BY", claim, pick(m, m.embassies), nil)
	m.cite(claim, raid)
}
