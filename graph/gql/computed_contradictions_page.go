package gql

import (
	"strconv"

	"github.com/raidgraph/raidgraph/graph"
)

// mostThrough is the most contradictions of one node that are gone through: to page from their end, to filter, and to order them otherwise.
const mostThrough = 100_000

// contradictionPage is the page that is asked of the contradictions.
func contradictionPage(found *graph.Contradictions, set *claimSet, pg *listPage, args []any) *listed {
	out := &listed{total: int64(found.Count())}
	size := pg.rows(args)
	place := contradictionPlace(pg.key(args))
	var page []graph.Contradiction
	if pg.backward {
		if out.total > mostThrough {
			panic(planFailure{graph.Errorf(graph.TooLarge, "there are more than %s contradictions: pages from their end take too long; page from the start with first and after",
				number(mostThrough))})
		}
		page, out.more = found.Before(place, size)
	} else {
		for c := range found.After(place) {
			if len(page) == size {
				out.more = true
				break
			}
			page = append(page, c)
		}
	}
	for _, c := range page {
		out.items = append(out.items, listItem{&source{value: contradictionValue{c, set}}, contradictionKeys(found.Cursor(c))})
	}
	return out
}

// contradictionKeys are the keys of the cursor of a place.
func contradictionKeys(at graph.ContradictionCursor) []string {
	return []string{string(at.Kind), strconv.FormatInt(at.Gap, 10), at.Left, at.Right}
}

// contradictionPlace is the place that the keys of a cursor name; before all where there are none.
func contradictionPlace(key []string) graph.ContradictionCursor {
	if key == nil {
		return graph.ContradictionCursor{}
	}
	gap, _ := strconv.ParseInt(key[1], 10, 64)
	return graph.ContradictionCursor{Kind: graph.ContradictionKind(key[0]), Gap: gap, Left: key[2], Right: key[3]}
}
