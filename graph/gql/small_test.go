package gql

import (
	"context"
	"fmt"
	"testing"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/storetest"
)

// smallEngine answers from a small graph that has three nodes of each kind, a, b and c, with each relation from a to b and
// from b to c. Nodes a have every value, b those that must be there, c none: what is null in a non-null place is there to see.
func smallEngine(t *testing.T) *Engine {
	t.Helper()
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		t.Fatal(err)
	}
	store := storetest.NewModel(m.Graph)
	err = store.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, func(yield func(graph.Record, error) bool) {
			for _, r := range smallGraph(m) {
				if !yield(r, nil) {
					return
				}
			}
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Model: m, Store: store, Limits: Limits{Aliases: 10_000, Directives: 10_000, Cost: 1 << 30}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func smallGraph(m *schema.Model) []graph.Record {
	var records []graph.Record
	for _, k := range m.Graph.Kinds {
		for _, name := range []string{"a", "b", "c"} {
			n := graph.NewNode(k, k.Prefix+":"+name)
			for _, f := range k.Fields {
				if name == "a" || name == "b" && f.NonNull {
					n.Values[f.Position] = sampleValue(f, name)
				}
			}
			records = append(records, n)
		}
	}
	for _, r := range m.Graph.Relations {
		for i, end := range r.Ends {
			for _, pair := range [][2]string{{"a", "b"}, {"b", "c"}, {"a", "a"}} {
				if r.One && (i > 0 && r.Ends[i-1].From == end.From || pair[1] == "a") {
					continue
				}
				e := graph.NewEdge(r, end.From.Prefix+":"+pair[0], end.To.Prefix+":"+pair[1])
				for _, f := range r.Props {
					if pair[0] == "a" || f.NonNull {
						e.Props[f.Position] = sampleValue(f, pair[1])
					}
				}
				records = append(records, e)
			}
		}
	}
	return append(append(records, smallClaims(m.Graph)...), smallStatements(m.Graph)...)
}

// smallStatements are words and silences about raid:a: official:a claims, promises, keeps silent and denies, official:b promises and is answered
// for, and declines.
func smallStatements(s *graph.Schema) []graph.Record {
	var records []graph.Record
	add := func(name, kind, speaker, about, topic, day string, more ...string) {
		n := graph.NewNode(s.Kind("Statement"), "statement:"+name).Set("name", name).Set("kind", kind).Set("text", name).Set("topic", topic).
			Set("silent", graph.StatementKind(kind).Silent()).Set("date.edtf", day).Set("date.from", day).Set("date.to", day).Set("date.basis", "STATED")
		records = append(records, n, graph.NewEdge(s.Relation("MADE_BY"), n.ID, speaker), graph.NewEdge(s.Relation("ABOUT"), n.ID, about))
		for i := 0; i < len(more); i += 2 {
			records = append(records, graph.NewEdge(s.Relation(more[i]), n.ID, more[i+1]))
		}
	}
	add("claims", "CLAIM", "official:a", "raid:a", "FIGURES", "2024-11-01")
	add("promises", "COMMITMENT", "official:a", "raid:a", "FIGURES", "2024-11-02")
	add("silent", "DID_NOT_RESPOND", "official:a", "raid:a", "FIGURES", "2024-11-03", "ASKED_BY", "outlet:a")
	add("denies", "DENIAL", "official:a", "raid:a", "FIGURES", "2024-11-05")
	add("promised", "COMMITMENT", "official:b", "raid:a", "FIGURES", "2024-11-01")
	add("answers", "CLAIM", "agency:a", "compound:a", "FIGURES", "2024-11-04", "ANSWERS", "statement:promised")
	add("declines", "DECLINED_TO_COMMENT", "official:b", "raid:a", "SCREENING", "2024-11-02", "SPEAKS_FOR", "agency:a")
	return records
}

// smallClaims are figures, dates and provinces that exclude each other: of raid:a, and of a total about raid:b with parts about raid:a.
func smallClaims(s *graph.Schema) []graph.Record {
	claim := s.Kind("Claim")
	var records []graph.Record
	add := func(name, subject, property string, values ...any) {
		n := graph.NewNode(claim, "claim:"+name).Set("property", property)
		for i := 0; i < len(values); i += 2 {
			n.Set(values[i].(string), values[i+1])
		}
		records = append(records, n, graph.NewEdge(s.Relation("SUBJECT"), n.ID, subject),
			graph.NewEdge(s.Relation("SAID_BY"), n.ID, "agency:a"))
	}
	count := func(name, subject, measure string, people int) {
		add(name, subject, "figure", "measure", measure, "value.type", "Count", "value.raw", fmt.Sprint(people), "value.mode", "EXACT",
			"value.value", int64(people), "value.min", int64(people), "value.max", int64(people))
	}
	for i, measure := range []string{"FOUND", "DETAINED", "RELEASED", "DEPORTED", "REPATRIATED"} {
		count(fmt.Sprint("figure", i), "raid:a", measure, []int{200, 606, 120, 30, 40}[i])
	}
	count("figure5", "raid:b", "FOUND", 10)
	count("figure6", "raid:a", "FOUND", 300)
	records = append(records, graph.NewEdge(s.Relation("PART_OF"), "claim:figure6", "claim:figure5"))
	// People of nationality b: found in a raid, and brought home by that raid, by their repatriation, and by one of several nationalities.
	count("figure7", "raid:a", "FOUND", 80)
	count("figure8", "raid:a", "REPATRIATED", 20)
	count("figure9", "repatriation:a", "REPATRIATED", 50)
	count("figure10", "repatriation:c", "REPATRIATED", 5)
	for _, name := range []string{"figure7", "figure8", "figure10"} {
		records = append(records, graph.NewEdge(s.Relation("OF_NATIONALITY"), "claim:"+name, "nationality:b"))
	}
	for name, day := range map[string]string{"active": "2024-12-01", "earlier": "2024-11-01"} {
		add(name, "compound:a", "active", "value.type", "Period", "value.edtf", day, "value.from", day, "value.to", day, "value.basis", "STATED")
	}
	for i, day := range []string{"2024-11-06", "2024-11-08"} {
		add(fmt.Sprint("date", i), "raid:a", "date", "value.type", "Period", "value.edtf", day, "value.from", day, "value.to", day, "value.basis", "STATED")
		add(fmt.Sprint("province", i), "raid:a", "province", "value.type", "Text", "value.text", fmt.Sprint("province ", i))
	}
	return records
}

func sampleValue(f *graph.Field, name string) any {
	switch f.Type {
	case graph.Int:
		return int64(len(f.Name)) * 100
	case graph.Float:
		return 11.5
	case graph.Boolean:
		return name == "a"
	case graph.Date:
		return "2024-11-06"
	case graph.DateTime:
		return "2024-11-11T11:00:00Z"
	case graph.Enum:
		if f.Name == "value.type" {
			return map[string]string{"a": "Count", "b": "Text"}[name]
		}
		return f.Values[len(name+f.Name)%len(f.Values)]
	case graph.StringList:
		return []string{"x", "ភ្នំពេញ"}
	case graph.JSON:
		return `[{"value":"ភ្នំពេញ","language":"km","script":"Khmr","kind":"OFFICIAL","scheme":"s","note":"n"},{"value":"b\"","kind":"ALIAS"}]`
	}
	return fmt.Sprintf("%s %s\n\"1\" \\ é 😀", f.Name, name)
}
