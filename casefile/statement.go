package casefile

import (
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// statement fills in what a statement leaves out because its other parts say it.
func (p *parser) statement(it *item) {
	n := it.node
	if n.Kind.Field("name") != nil && n.Get("name") == nil {
		if text, ok := n.Get("text").(string); ok {
			n.Set("name", shortened(text, 80))
		}
	}
	kind, _ := n.Get("kind").(string)
	if n.Kind.Field("stance") != nil && !it.m.has("stance") && kind != "" {
		if s := stanceOf(graph.StatementKind(kind)); s != "" {
			n.Set("stance", string(s))
		}
	}
}

// stanceOf is the stance that a kind of statement says by itself; empty where it says none.
func stanceOf(kind graph.StatementKind) graph.Stance {
	if kind.Silent() {
		return graph.StanceSilent
	}
	return stances[kind]
}

// statementVerb is how the first document of its chains most likely gives a statement: word for word, as said to it, or
// with the name of the speaker.
func statementVerb(n *graph.Node, asked bool) string {
	switch {
	case n.Get("quote") != nil:
		return "QUOTED"
	case asked:
		return "SAID"
	}
	return "CITED"
}

// stances are those that a kind of statement says by itself.
var stances = map[graph.StatementKind]graph.Stance{
	graph.StatementConfirmation: graph.StanceAffirms,
	graph.StatementDenial:       graph.StanceDenies,
	graph.StatementChallenge:    graph.StanceDoubts,
	graph.StatementDeferral:     graph.StanceDefers,
}

// shortened is a text up to the last whole word before the given number of letters.
func shortened(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	short := string(letters[:most])
	if i := strings.LastIndexByte(short, ' '); i > most/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,;:") + "…"
}
