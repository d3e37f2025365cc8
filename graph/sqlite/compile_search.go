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
	columns := []string{rows}
	if s.Count {
		m := c.node(s.Kinds)
		where := append([]string{"s1.rank IS NOT NULL"}, c.conditions(s.Where, m)...)
		q := &query{columns: []string{"count(*)"}, where: where}
		q.from = append([]string{found, "CROSS JOIN " + m.table() + " ON " + m.pk() + " = s1._pk"}, m.joins...)
		columns = append(columns, indent(q.String()))
	}
	return &statement{sql: "SELECT " + strings.Join(columns, ", "), shape: sh}
}

// found reads the nodes that have the longest word, each with its rank: null where it does not match after all.
func (c *compiler) found(s *graph.Select) string {
	term, words, longest := bound(s.Search.Term), bound(s.Search.Words), bound(s.Search.Longest)
	has := func(column string) string {
		return "NOT EXISTS (SELECT 1 FROM json_each(" + words + ") WHERE instr(" + column + ", value) = 0)"
	}
	rank := "CASE\n" +
		"    WHEN " + has("name") + " THEN CASE\n" +
		"      WHEN " + term + " = '' THEN 4\n" +
		"      WHEN instr(name, char(10) || " + term + " || char(10)) THEN 0\n" +
		"      WHEN instr(name, char(10) || " + term + ") THEN 1\n" +
		"      WHEN instr(name, ' ' || " + term + ") THEN 2\n" +
		"      WHEN instr(name, " + term + ") THEN 3\n" +
		"      ELSE 4 END\n" +
		"    WHEN " + has("text") + " THEN 5 END AS rank"
	q := &query{columns: []string{"_pk", rank}, from: []string{"_search"},
		where: []string{"(instr(name, " + longest + ") OR instr(text, " + longest + "))"}, limit: "-1"}
	if !subset(c.schema.Kinds, s.Kinds) {
		q.where = append([]string{c.kindIn("kind", s.Kinds)}, q.where...)
	}
	return q.String()
}
