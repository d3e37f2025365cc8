package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// queryPlans are what SQLite says of how it runs each of the plans' statements, by the plan's name.
func queryPlans(t *testing.T, d *domain, raids int) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plans.db")
	s, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Schema: d.Schema})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, d.records(raids))
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out := map[string]string{}
	for _, p := range d.plans(raids) {
		statements, err := s.Explain(p.plan)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range statements {
			args := slices.Clone(p.args)
			for i, a := range args {
				if _, ok := a.([]any); ok {
					args[i] = "[]"
				}
			}
			args = append(args, "0", "0") // what a store derives from the arguments
			rows, err := db.Query("EXPLAIN QUERY PLAN "+statement, args...)
			if err != nil {
				t.Fatalf("%s: %v\n%s", p.name, err, statement)
			}
			var b strings.Builder
			depth := map[int]int{0: -1}
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					t.Fatal(err)
				}
				depth[id] = depth[parent] + 1
				b.WriteString(strings.Repeat("  ", depth[id]) + detail + "\n")
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			out[p.name] += b.String()
			if testing.Verbose() {
				t.Logf("%s\n%s\n%s", p.name, statement, b.String())
			}
		}
	}
	return out
}

// TestExplain holds the ways that SQLite takes: where it begins, and what it must not do.
func TestExplain(t *testing.T) {
	plans := queryPlans(t, newDomain(), 300)
	for _, test := range []struct {
		plan  string
		has   []string
		never []string
	}{
		{"lookup", []string{"SEARCH n1 USING INDEX sqlite_autoindex_Raid_1 (id=?)"}, []string{"SCAN n1"}},
		{"node", []string{"SEARCH n1 USING INDEX sqlite_autoindex__node_1 (id=?)", "SEARCH n1_Raid USING INTEGER PRIMARY KEY"}, []string{"SCAN n1"}},
		{"list of 50, filtered", []string{"SCAN n1 USING INDEX Raid.date_from"}, []string{"TEMP B-TREE"}},
		{"1000 x 5", []string{"SCAN n1 USING INDEX sqlite_autoindex_Raid_1"}, []string{"TEMP B-TREE"}},
		{"page in the middle", []string{"(date_from=? AND id>?)", "(date_from>?)", "(date_from=?)"}, []string{"SCAN n1", "TEMP B-TREE"}},
		{"page backward", []string{"(date_from=? AND id<?)", "(date_from<?)"}, []string{"SCAN n1", "TEMP B-TREE"}},
		// An index of (name, id) has descending names with descending ids; only rows of one name are sorted.
		{"page by name down", []string{"(name=? AND id>?)", "(name<?)", "FOR LAST TERM OF ORDER BY"}, []string{"SCAN n1", "B-TREE FOR ORDER BY"}},
		{"far end by id", []string{"SEARCH n1 USING INTEGER PRIMARY KEY", "SEARCH n2 USING COVERING INDEX sqlite_autoindex_Compound_1 (id=?)", "INDEX TARGETED._dst (_dst=?)"}, []string{"SCAN n1"}},
		{"far end two hops", []string{"SEARCH n1 USING INTEGER PRIMARY KEY", "INDEX SUBJECT._dst", "INDEX TARGETED._dst"}, []string{"SCAN n"}},
		{"nested 50 x 10 x 5", []string{"SCAN n1 USING INDEX sqlite_autoindex_Compound_1", "INDEX TARGETED._dst (_dst=?)", "INDEX PARTICIPATED_IN._dst (_dst=?)"}, []string{"SCAN n2", "SCAN n3", "SCAN e"}},
		{"hub page with total", []string{"USING PRIMARY KEY (_src=?)"}, []string{"SCAN n", "FOR DISTINCT"}},
		{"total", []string{"SCAN Raid USING COVERING INDEX"}, nil},
		{"search", []string{"SCAN _grams VIRTUAL TABLE INDEX", "SEARCH _search USING INTEGER PRIMARY KEY (rowid=?)"}, nil},
	} {
		got, ok := plans[test.plan]
		if !ok {
			t.Errorf("there is no plan %s", test.plan)
		}
		for _, want := range test.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: SQLite does not %s but\n%s", test.plan, want, got)
			}
		}
		for _, not := range test.never {
			if strings.Contains(got, not) {
				t.Errorf("%s: SQLite does %s\n%s", test.plan, not, got)
			}
		}
	}
}
