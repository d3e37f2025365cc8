package gql

import (
	"strings"
	"unicode/utf8"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// maxSearch is the most characters of a text to search for.
const maxSearch = 200

// matches are the values of SearchMatch by rank; see graph.Search.
var matches = [...]string{"EXACT", "PREFIX", "WORD_PREFIX", "SUBSTRING", "WORDS", "STATEMENT"}

// search plans Query.search.
func (p *planner) search(at scope, d *schema.Field, c *collected, f *field) {
	node := d.Object
	kinds := node.Kinds
	if in := p.argument(c.first(), "kinds"); in.given() {
		kinds = nil
		asked, ok := in.read().([]any)
		if !ok {
			asked = []any{in.read()}
		}
		for _, k := range node.Kinds {
			for _, name := range asked {
				if name == schema.KindValue(k) {
					kinds = append(kinds, k)
				}
			}
		}
		if len(kinds) == 0 {
			p.invalid("%s searches no kind: leave kinds out to search all", c.key)
		}
	}
	s := at.sel.child(c.key, node, kinds, nil)
	order := []graph.Order{{Field: graph.FieldRef{Owner: graph.OfRank}}, {Field: graph.FieldRef{Owner: graph.OfID}}}
	text := p.argument(c.first(), "text")
	s.sel.Search = &graph.Search{
		Term:  p.bind(text, func(v any) (any, error) { term, _, err := searchText(v); return term, err }),
		Words: p.bind(text, func(v any) (any, error) { _, words, err := searchText(v); return words, err }),
		Longest: p.bind(text, func(v any) (any, error) {
			_, words, err := searchText(v)
			longest := ""
			for _, w := range words {
				if w := w.(string); len(w) > len(longest) {
					longest = w
				}
			}
			return longest, err
		}),
	}
	s.page(p, c, "SearchConnection", order)
	s.sel.Order = order
	rank := s.slot(graph.FieldRef{Owner: graph.OfRank})
	pg := s.pages()
	s.sel.Order = nil
	pg.key = []int{rank, s.id()}
	rows := false
	edge := func(c *collected) *object {
		return p.computedObject("SearchEdge", c.selections(), func(name string, c *collected, f *field) {
			f.how = howComputed
			switch name {
			case "cursor":
				f.values = func(_ []any, src *source) any { return pg.encode(src.row) }
			case "node":
				f.how, f.object = howSame, p.objectOf(s, node, c.selections())
			case "match":
				f.values = func(_ []any, src *source) any { return matches[src.row[rank].(int64)] }
			}
		})
	}
	f.object = p.computedObject("SearchConnection", c.selections(), func(_ string, c *collected, f *field) {
		rows = p.pageField(s, pg, c, f, func() *object { return p.objectOf(s, node, c.selections()) }, func() *object { return edge(c) }) || rows
	})
	s.unread(rows)
	f.how = howConnection
	p.later(f, s)
}

// searchText folds the text to search for and splits it into its words.
func searchText(v any) (term string, words []any, err error) {
	s, err := toText("text", v)
	if err != nil {
		return "", nil, err
	}
	if n := utf8.RuneCountInString(s); n > maxSearch {
		return "", nil, graph.Errorf(graph.TooLarge, "the text to search for has %d characters: at most %d go", n, maxSearch)
	}
	term = graph.Fold(s)
	for _, w := range strings.Fields(term) {
		words = append(words, w)
	}
	if len(words) == 0 {
		return "", nil, graph.Errorf(graph.Invalid, "the text to search for is %s: there is nothing in it to look for", graph.Quote(s))
	}
	return term, words, nil
}
