package sqlite

import (
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// search compiles a root that searches.
func (c *compiler) search(s *graph.Select) *statement {
	n := c.node(s.Kinds)
	n.rank = "s1.rank"
	found := "(\n  " + strings.ReplaceAll(c.found(s), "\n", "\n  ") + "\n) AS s1"
	from := func() []string {
		return append([]string{found, "CROSS JOIN " + n.table() + " ON " + n.pk() + " = s1._pk"}, n.joins...)
	}
	rows, sh := c.paged(s, n, &query{where: c.conditions(s.Where, n)}, from, []string{"s1.rank IS NOT NULL"})
	if s.Count {
		m := c.node(s.Kinds)
		where := append([]string{"s1.rank IS NOT NULL"}, c.conditions(s.Where, m)...)
		q := &query{columns: []string{"count(*)"}, where: where}
		q.from = append([]string{found, "CROSS JOIN " + m.table() + " ON " + m.pk() + " = s1._pk"}, m.joins...)
		rows.columns = append(rows.columns, indent(q.String()))
	}
	return &statement{sql: rows.String(), shape: sh}
}

// found reads the nodes that have the longest word, each with its rank: null where it does not match after all. It begins at
// the index, or reads everything where no word has the two characters that the index needs.
func (c *compiler) found(s *graph.Select) string {
	term, words, longest := bound(s.Search.Term), bound(s.Search.Words), bound(s.Search.Longest)
	has := func(column string) string {
		return "NOT EXISTS (SELECT 1 FROM json_each(" + words + ") WHERE instr(" + column + ", value) = 0)"
	}
	// A name that has the whole term has each of its words. No name has an empty term.
	whole := "nullif(" + term + ", '')"
	rank := "CASE\n" +
		"  WHEN instr(name, char(10) || " + whole + " || char(10)) THEN 0\n" +
		"  WHEN instr(name, char(10) || " + whole + ") THEN 1\n" +
		"  WHEN instr(name, ' ' || " + whole + ") THEN 2\n" +
		"  WHEN instr(name, " + whole + ") THEN 3\n" +
		"  WHEN " + has("name") + " THEN 4\n" +
		"  WHEN " + has("text") + " THEN 5 END AS rank"
	grams := c.derived(func(args []any) any {
		words, _ := args[s.Search.Words].([]any)
		return match(words)
	})
	filter := []string{"(instr(name, " + longest + ") OR instr(text, " + longest + "))"}
	if !subset(c.schema.Kinds, s.Kinds) {
		filter = append([]string{c.kindIn("kind", s.Kinds)}, filter...)
	}
	columns := []string{"_search._pk AS _pk", "name", "text"}
	scan := &query{columns: columns, from: []string{"_search"}, where: append([]string{grams + " IS NULL"}, filter...)}
	index := &query{columns: columns, from: []string{"_grams", "CROSS JOIN _search ON _search._pk = _grams.rowid"},
		where: append([]string{"_grams MATCH ifnull(" + grams + ", '0')"}, filter...)}
	q := &query{columns: []string{"_pk", rank}, from: []string{indent(scan.String() + "\nUNION ALL\n" + index.String())}, limit: "-1"}
	return q.String()
}
