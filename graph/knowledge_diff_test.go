package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// told writes a difference in a line.
func (d *KnowledgeDiff) told(after Knowledge) string {
	var out []string
	for i, list := range [][]int{d.NewClaims, d.SupersededClaims, d.RetractedClaims} {
		for _, c := range list {
			out = append(out, []string{"+", "~", "-"}[i]+after.Claims[c].ID)
		}
	}
	for i, list := range [][]int{d.NewStatements, d.RetractedStatements} {
		for _, s := range list {
			out = append(out, []string{"+", "-"}[i]+after.Statements[s].ID)
		}
	}
	number := func(n *int64) string {
		if n == nil {
			return "?"
		}
		return fmt.Sprint(*n)
	}
	answer := func(a Answer) string {
		if a.Screening != "" {
			return string(a.Screening)
		}
		if a.Band == nil {
			return "none"
		}
		return fmt.Sprintf("%s (%s to %s, %v)", number(a.Best), number(a.Band.Low), number(a.Band.High), a.Contested)
	}
	for _, a := range d.Answers {
		line := fmt.Sprintf("%s %s: %s, now %s %v by", a.Subject, a.Measure, answer(a.Before), answer(a.After), a.Changed)
		for _, i := range a.Claims {
			line += " " + after.Claims[i].ID
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

func aboutRaid(id, property, value string) SubjectClaim {
	return SubjectClaim{FigureClaim: FigureClaim{ID: id}, Subject: "raid:a", SubjectKind: "Raid", Property: property, Value: value}
}

func counted(id string, m Measure, n int64) SubjectClaim {
	c := aboutRaid(id, "figure", "")
	c.Measure, c.Count = m, Count{Mode: "EXACT", Value: &n}
	return c
}

func replaced(c SubjectClaim) SubjectClaim {
	c.Superseded = true
	return c
}

func withdrawn(c SubjectClaim) SubjectClaim {
	c.Retracted = true
	return c
}

// TestDiffKnowledge goes through what can become known.
func TestDiffKnowledge(t *testing.T) {
	found200, found300, detained606 := counted("found", "FOUND", 200), counted("more", "FOUND", 300), counted("detained", "DETAINED", 606)
	later := found300
	later.PublishedAt, later.SaidOn = "2024-11-12T00:00:00Z", "2024-11-12"
	statement := func(id string, retracted bool) SpokenStatement { return SpokenStatement{ID: id, Retracted: retracted} }
	know := func(c ...SubjectClaim) Knowledge { return Knowledge{Claims: c} }
	for _, test := range []struct {
		name          string
		before, after Knowledge
		want          string
	}{
		{"nothing", know(found200), know(found200), ""},
		{"a first figure", know(), know(found200), "+found; raid:a FOUND: none, now 200 (200 to 200, false) [BEST BAND] by found"},
		{"another figure clashes, by containment", know(found200), know(found200, detained606),
			"+detained; raid:a DETAINED: none, now 606 (200 to 606, true) [BEST BAND CONTESTED] by detained" +
				"; raid:a FOUND: 200 (200 to 200, false), now 200 (200 to 606, true) [BAND CONTESTED] by detained"},
		{"a correction", know(found200), know(replaced(found200), later),
			"+more; ~found; raid:a FOUND: 200 (200 to 200, false), now 300 (300 to 300, false) [BEST BAND] by more found"},
		{"a retraction", know(found200, detained606), know(found200, withdrawn(detained606)),
			"-detained; raid:a DETAINED: 606 (200 to 606, true), now none [BEST BAND CONTESTED] by detained" +
				"; raid:a FOUND: 200 (200 to 606, true), now 200 (200 to 200, false) [BAND CONTESTED] by detained"},
		{"what came and went", know(found200), know(found200, withdrawn(detained606)), ""},
		{"what other people say of others changes nothing", know(found200), know(found200, counted("fined", "FINED", 3)),
			"+fined; raid:a FINED: none, now 3 (3 to 3, false) [BEST BAND] by fined"},
		{"screening", know(), know(aboutRaid("no", "screening", "NOT_DONE")), "+no; raid:a : NOT_STATED, now NOT_DONE [SCREENING] by no"},
		{"a province", know(), know(aboutRaid("kh", "province", "province:KH-1")), "+kh"},
		{"statements", Knowledge{Statements: []SpokenStatement{statement("kept", false), statement("gone", false), statement("never", true)}},
			Knowledge{Statements: []SpokenStatement{statement("gone", true), statement("kept", false), statement("new", false), statement("never", true), statement("brief", true)}},
			"+new; -gone"},
	} {
		d := DiffKnowledge(test.before, test.after)
		if got := d.told(test.after); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// TestDiffKnowledgeProperties: nothing differs from itself; the order of claims does not matter; an answer that changed has a
// claim that is responsible.
func TestDiffKnowledgeProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for round := range 300 {
		var before, after Knowledge
		for i, f := range randomClaims(t, r, r.IntN(8)) {
			c := SubjectClaim{FigureClaim: f, Subject: "raid:" + fmt.Sprint(i%2), SubjectKind: "Raid", Property: "figure"}
			then := c
			c.Superseded = c.Superseded || r.IntN(4) == 0
			c.Retracted = c.Retracted || r.IntN(4) == 0
			if c.Retracted || r.IntN(3) > 0 { // what came and went in between is told nowhere
				before.Claims = append(before.Claims, then)
			}
			after.Claims = append(after.Claims, c)
		}
		if d := DiffKnowledge(after, after); d.told(after) != "" {
			t.Fatalf("round %d: differs from itself: %s", round, d.told(after))
		}
		d := DiffKnowledge(before, after)
		want := d.told(after)
		for _, a := range d.Answers {
			if len(a.Claims) == 0 {
				t.Errorf("round %d: nothing is responsible for %s %s: %s", round, a.Subject, a.Measure, want)
			}
		}
		r.Shuffle(len(before.Claims), func(i, j int) { before.Claims[i], before.Claims[j] = before.Claims[j], before.Claims[i] })
		shuffled := Knowledge{Claims: slices.Clone(after.Claims)}
		r.Shuffle(len(after.Claims), func(i, j int) {
			shuffled.Claims[i], shuffled.Claims[j] = shuffled.Claims[j], shuffled.Claims[i]
		})
		again := DiffKnowledge(before, shuffled)
		if got := again.told(shuffled); got != want {
			t.Fatalf("round %d: in another order\n%s\nwant\n%s", round, got, want)
		}
	}
}
