package neo4j

import (
	"fmt"

	"github.com/raidgraph/raidgraph/graph"
)

// search compiles a root that looks for a text: three reads that begin with the longest word in the text indexes, then the
// rank by the rules of graph.Search.
func (c *compiler) search(s *graph.Select) (rows, total string) {
	sc := &scope{node: c.name("n"), kinds: s.Kinds, rank: "rank"}
	found := c.found(s, sc)
	if s.Count {
		total = block("COUNT", lines(found, "RETURN "+sc.node))
	}
	keys := []key{{expr: sc.rank, desc: s.Page.Backward}, {expr: sc.node + "." + idProp, desc: s.Page.Backward}}
	after := ""
	if len(s.Page.After) > 0 {
		keys[0].cursor = c.arg(s.Page.After[0].Arg, asIs)
		keys[1].cursor = c.arg(s.Page.After[1].Arg, asIs)
		after = where(behind(keys))
	}
	limit := ""
	if s.Page.Limit != graph.NoArg {
		limit = " LIMIT " + c.arg(s.Page.Limit, asIs)
	}
	cut := fmt.Sprintf("WITH %s, %s%s%s", sc.node, sc.rank, orderBy(keys), limit)
	if after != "" {
		cut = lines(fmt.Sprintf("WITH %s, %s", sc.node, sc.rank), after, cut)
	}
	return lines(found, cut, "RETURN "+c.row(s, sc)), total
}

// found reads the nodes that match, with their rank.
func (c *compiler) found(s *graph.Select, sc *scope) string {
	n, term, words, longest := sc.node, c.arg(s.Search.Term, asIs), c.arg(s.Search.Words, asIs), c.arg(s.Search.Longest, asIs)
	read := func(cond string) string {
		return lines(fmt.Sprintf("MATCH (%s:%s)", n, nodeLabel), where(cond), "RETURN "+n)
	}
	prop := func(name string) string { return fmt.Sprintf("%s.%s", n, name) }
	either := fmt.Sprintf("(%s CONTAINS %s OR %s CONTAINS %s)", prop(searchName+longProp), longest, prop(searchText+longProp), longest)
	kinds := ""
	if len(s.Kinds) < len(c.schema.Kinds) {
		kinds = c.isOf(n, s.Kinds)
	}
	key := func(name string) string { return fmt.Sprintf("coalesce(%s, %s, '')", prop(name), prop(name+longProp)) }
	all := func(key string) string { return fmt.Sprintf("all(word IN %s WHERE %s CONTAINS word)", words, key) }
	return lines(
		block("CALL ()", lines(
			read(fmt.Sprintf("%s CONTAINS %s", prop(searchName), longest)), "UNION",
			read(fmt.Sprintf("%s CONTAINS %s", prop(searchText), longest)), "UNION",
			read(junction(true, []string{prop(searchLong) + " = true", either})))),
		fmt.Sprintf("WITH %s, %s AS name, %s AS text", n, key(searchName), key(searchText)),
		where(longest+" <> ''", kinds, c.cond(s.Where, false, sc)),
		fmt.Sprintf("WITH %s, name, %s AS named, %s AS told", n, all("name"), all("text")),
		"WHERE named OR told",
		fmt.Sprintf("WITH %s, CASE", n),
		fmt.Sprintf("  WHEN NOT named THEN 5\n  WHEN name CONTAINS '\\n' + %s + '\\n' THEN 0\n  WHEN name CONTAINS '\\n' + %s THEN 1", term, term),
		fmt.Sprintf("  WHEN name CONTAINS ' ' + %s THEN 2\n  WHEN name CONTAINS %s THEN 3\n  ELSE 4", term, term),
		"END AS "+sc.rank)
}
