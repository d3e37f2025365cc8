package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/raidgraph/raidgraph/graph"
)

// metaID is the id of the node labelled Meta that says how the graph is kept, and is the lock of those who write.
const metaID = "raidgraph"

// format is how this version of the program keeps a graph. Whoever changes what is stored adds a migration.
const format = 1

// migration brings a graph from the format before its own to it: data only, in the transaction that it is given. Indexes
// follow by themselves, and so does what is derived from the schema.
type migration func(ctx context.Context, s *Store, tx neo4j.ManagedTransaction) error

// migrations are the steps, by the format that they lead to.
var migrations = map[int64]migration{}

// setUp makes the database ready.
func (s *Store) setUp(ctx context.Context) error {
	session := s.session(neo4j.AccessModeWrite, neo4j.FetchAll)
	defer s.end(ctx, session)
	if err := s.refuseNewer(ctx, session); err != nil {
		return err
	}
	if err := s.makeIndexes(ctx, session); err != nil {
		return err
	}
	_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) { return nil, s.migrate(ctx, tx, migrations) })
	return err
}

// refuseNewer comes before anything is written.
func (s *Store) refuseNewer(ctx context.Context, session neo4j.SessionWithContext) error {
	_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		have, err := one[int64](ctx, s, tx, fmt.Sprintf("MATCH (m:%s) WHERE m.id = '%s' RETURN coalesce(max(m.format), 0)", metaLabel, metaID), nil)
		if err == nil && have > format {
			err = tooNew(have)
		}
		return nil, err
	})
	return err
}

func tooNew(have int64) error {
	return graph.Errorf(graph.Conflict, "the database has format %d, and this version of raidgraph knows formats up to %d: use a newer one", have, format)
}

// migrate brings the data to this format and this schema.
func (s *Store) migrate(ctx context.Context, tx neo4j.ManagedTransaction, migrations map[int64]migration) error {
	// The first write takes the lock, so what is read behind it stays.
	err := s.exec(ctx, tx, fmt.Sprintf("MERGE (m:%s {id: '%s'}) ON CREATE SET m.format = $format, m.derived = [] SET m.locked = true",
		metaLabel, metaID), map[string]any{"format": int64(format)})
	if err == nil {
		err = s.makeCommits(ctx, tx)
	}
	if err != nil {
		return err
	}
	found, err := one[[]any](ctx, s, tx, fmt.Sprintf("MATCH (m:%s {id: '%s'}) RETURN [m.format, m.derived]", metaLabel, metaID), nil)
	if err != nil {
		return err
	}
	have, _ := found[0].(int64)
	if have > format {
		return tooNew(have)
	}
	for have < format {
		have++
		if step := migrations[have]; step != nil {
			if err := step(ctx, s, tx); err != nil {
				return err
			}
		}
	}
	was, err := stringList(found[1])
	if err != nil {
		return err
	}
	now := make([]string, len(s.schema.Kinds))
	for i, k := range s.schema.Kinds {
		if now[i] = derivation(k); !slices.Contains(was, now[i]) {
			if err := s.derive(ctx, tx, k); err != nil {
				return err
			}
		}
	}
	if slices.Equal(was, now) && found[0] == int64(format) {
		return nil
	}
	return s.exec(ctx, tx, fmt.Sprintf("MATCH (m:%s {id: '%s'}) SET m.format = $format, m.derived = $derived", metaLabel, metaID),
		map[string]any{"format": int64(format), "derived": now})
}

// derivation says in words what the store derives from the kind: when it changes, its nodes are written anew.
func derivation(k *graph.Kind) string {
	var b strings.Builder
	b.WriteString(strings.Join(labelsOf(k), ":"))
	for _, f := range k.Fields {
		if f.Index {
			fmt.Fprintf(&b, " order(%s %s)", f.Column, f.Type)
		}
		if f.Text {
			fmt.Fprintf(&b, " fold(%s)", f.Column)
		}
		if f.Search != graph.SearchNone {
			fmt.Fprintf(&b, " search(%s %d)", f.Column, f.Search)
		}
	}
	return b.String()
}

// derive writes the labels and the derived properties of a kind's nodes anew, page by page.
func (s *Store) derive(ctx context.Context, tx neo4j.ManagedTransaction, k *graph.Kind) error {
	read := fmt.Sprintf("MATCH (n:%s) WHERE n.id > $last WITH n ORDER BY n.id LIMIT 2000 RETURN collect([n.id%s])", quote(k.Name), columns("n", k.Fields))
	write := fmt.Sprintf("UNWIND $rows AS row MATCH (n:%s {id: row.id}) SET n = row, n:%s", quote(k.Name), quoteAll(labelsOf(k), ":"))
	for last := ""; ; {
		page, err := one[[]any](ctx, s, tx, read, map[string]any{"last": last})
		if err != nil || len(page) == 0 {
			return err
		}
		rows := make([]any, len(page))
		for i, v := range page {
			row, ok := v.([]any)
			if !ok {
				return unexpected(v)
			}
			last, _ = row[0].(string)
			n := graph.NewNode(k, last)
			if n.Values, err = values(k.Fields, row[1:]); err != nil {
				return err
			}
			if rows[i], err = nodeProps(n); err != nil {
				return err
			}
		}
		if err := s.exec(ctx, tx, write, map[string]any{"rows": rows}); err != nil {
			return err
		}
	}
}

// index is a constraint or an index that the store needs. Its name says what it is, so that what has the name is the same.
type index struct{ name, create string }

// indexes are all that the schema asks for.
func indexes(schema *graph.Schema) []index {
	all := []index{
		unique(metaLabel), unique(nodeLabel),
		textIndex(nodeLabel, searchName), textIndex(nodeLabel, searchText),
		rangeIndex(nodeLabel, searchLong),
	}
	for _, k := range schema.Kinds {
		all = append(all, rangeIndex(k.Name, idProp))
		for _, f := range k.Fields {
			if f.Index {
				all = append(all, rangeIndex(k.Name, f.Column+orderProp, idProp))
				if f.Text {
					all = append(all, textIndex(k.Name, f.Column+foldProp))
				}
			}
		}
	}
	return all
}

func unique(label string) index {
	name := "raidgraph_" + label + "_id_unique"
	return index{name, fmt.Sprintf("CREATE CONSTRAINT %s IF NOT EXISTS FOR (n:%s) REQUIRE n.id IS UNIQUE", quote(name), quote(label))}
}

func rangeIndex(label string, props ...string) index {
	name := "raidgraph_" + label + "_" + strings.Join(props, "_")
	return index{name, fmt.Sprintf("CREATE INDEX %s IF NOT EXISTS FOR (n:%s) ON (n.%s)", quote(name), quote(label), quoteAll(props, ", n."))}
}

func textIndex(label, prop string) index {
	name := "raidgraph_" + label + "_" + prop + "_text"
	return index{name, fmt.Sprintf("CREATE TEXT INDEX %s IF NOT EXISTS FOR (n:%s) ON (n.%s)", quote(name), quote(label), quote(prop))}
}

// makeIndexes makes what is missing, in one transaction, takes away what no schema asks for any more, and waits until the
// indexes answer.
func (s *Store) makeIndexes(ctx context.Context, session neo4j.SessionWithContext) error {
	var have []string
	_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		list, err := one[[]any](ctx, s, tx, "SHOW INDEXES YIELD name WHERE name STARTS WITH 'raidgraph_' RETURN collect(name)", nil)
		if err == nil {
			have, err = stringList(list)
		}
		return nil, err
	})
	if err != nil {
		return err
	}
	var statements, names []string
	for _, i := range indexes(s.schema) {
		names = append(names, i.name)
		if !slices.Contains(have, i.name) {
			statements = append(statements, i.create)
		}
	}
	for _, name := range have {
		if !slices.Contains(names, name) {
			statements = append(statements, "DROP INDEX "+quote(name)+" IF EXISTS")
		}
	}
	if len(statements) == 0 {
		return nil
	}
	_, err = session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		for _, statement := range statements {
			if err := s.exec(ctx, tx, statement, nil); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	if err != nil {
		return err
	}
	_, err = session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return nil, s.exec(ctx, tx, "CALL db.awaitIndexes(300)", nil)
	})
	return err
}
