package gql

import (
	"encoding/base64"
	"encoding/json"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
)

// listPage is the page that is asked of a list which a function makes from rows.
type listPage struct {
	list         string
	size, cursor graph.Arg
	backward     bool
}

// listPage reads first, after, last and before of a field with a computed list of that name, whose cursors have so many keys.
func (p *planner) listPage(c *collected, list string, keys int) *listPage {
	f := c.first()
	size, cursor, backward := p.pageArguments(f)
	pg := &listPage{list: list, size: p.pageSize(f, size, backward, 0), cursor: graph.NoArg, backward: backward}
	if cursor.given() {
		pg.cursor = p.bind(cursor, func(v any) (any, error) {
			text, _ := v.(string)
			_, err := decodeListCursor(list, text, keys)
			return text, err
		})
	}
	return pg
}

// key are the keys of the cursor of a page; nil where it has none.
func (pg *listPage) key(args []any) []string {
	if pg.cursor == graph.NoArg {
		return nil
	}
	text := args[pg.cursor].(string)
	keys, err := decodeListCursor(pg.list, text, -1)
	if err != nil {
		panic(planFailure{err})
	}
	return keys
}

// rows is how many are on the page at most.
func (pg *listPage) rows(args []any) int { return int(args[pg.size].(int64)) }

// listed is a page of a computed list.
type listed struct {
	items []listItem
	// more is behind the page in the direction of paging; total is how many there are on all pages.
	more  bool
	total int64
}

// listItem is one of them, with the keys of its cursor.
type listItem struct {
	source *source
	key    []string
}

// of is the page of a list in the order of its keys.
func (pg *listPage) of(all []listItem, args []any) *listed {
	out := &listed{total: int64(len(all))}
	from, to := 0, len(all)
	if key := pg.key(args); key != nil {
		at, is := slices.BinarySearchFunc(all, key, func(i listItem, key []string) int { return slices.Compare(i.key, key) })
		switch {
		case pg.backward:
			to = at
		case is:
			from = at + 1
		default:
			from = at
		}
	}
	if size := pg.rows(args); to-from > size {
		out.more = true
		if pg.backward {
			from = to - size
		} else {
			to = from + size
		}
	}
	out.items = all[from:to]
	return out
}

// listObject plans the selection on the connection of a computed list, whose sources have a *listed. node plans that on its nodes.
func (p *planner) listObject(pg *listPage, node string, sets []ast.SelectionSet, plan func(sets []ast.SelectionSet) *object) *object {
	return p.computedObject(node+"Connection", sets, func(name string, c *collected, f *field) {
		switch name {
		case "nodes":
			part(f, plan(c.selections()), func(v *listed) any {
				return sourceEach(v.items, func(i int) *source { return v.items[i].source })
			})
		case "edges":
			part(f, p.listEdge(pg, node, c.selections(), plan), func(v *listed) any {
				return sourceEach(v.items, func(i int) *source { return &source{value: &v.items[i]} })
			})
		case "pageInfo":
			f.how, f.object = howSame, p.listPageInfo(pg, c.selections())
		case "totalCount":
			scalar(f, leafInt, func(v *listed) any { return v.total })
		}
	})
}

func (p *planner) listEdge(pg *listPage, node string, sets []ast.SelectionSet, plan func(sets []ast.SelectionSet) *object) *object {
	return p.computedObject(node+"Edge", sets, func(name string, c *collected, f *field) {
		switch name {
		case "cursor":
			scalar(f, leafString, func(v *listItem) any { return encodeListCursor(pg.list, v.key) })
		case "node":
			part(f, plan(c.selections()), func(v *listItem) any { return v.source })
		}
	})
}

func (p *planner) listPageInfo(pg *listPage, sets []ast.SelectionSet) *object {
	return p.computedObject("PageInfo", sets, func(name string, _ *collected, f *field) {
		switch name {
		case "hasNextPage", "hasPreviousPage":
			ahead := (name == "hasNextPage") != pg.backward
			scalar(f, leafBoolean, func(v *listed) any {
				if ahead {
					return v.more
				}
				return pg.cursor != graph.NoArg
			})
		default:
			scalar(f, leafString, func(v *listed) any {
				if len(v.items) == 0 {
					return nil
				}
				at := 0
				if name == "endCursor" {
					at = len(v.items) - 1
				}
				return encodeListCursor(pg.list, v.items[at].key)
			})
		}
	})
}

// encodeListCursor is the cursor of an element of a computed list: the name of the list and the element's keys, as JSON in unpadded
// base64url.
func encodeListCursor(list string, key []string) string {
	text, err := json.Marshal(append([]string{list}, key...))
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// decodeListCursor are the keys of a cursor; an Invalid error where it is none, or one of another list. It has so many keys, unless
// that is negative.
func decodeListCursor(list, cursor string, keys int) ([]string, error) {
	var values []string
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || json.Unmarshal(text, &values) != nil || len(values) == 0 || values[0] != list || keys >= 0 && len(values) != keys+1 {
		return nil, noListCursor(cursor, list)
	}
	return values[1:], nil
}

func noListCursor(cursor, list string) error {
	return graph.Errorf(graph.Invalid, "%s is no cursor of %s: take it from edges.cursor or pageInfo of an answer to the same question",
		graph.Quote(cursor), list)
}
