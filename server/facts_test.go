package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// fact is an entry of testdata/facts.yaml: facts of the sample case with the question that finds them, or the reason why
// the graph has none of it.
type fact struct {
	Facts  []string
	Ask    string
	Answer any
	None   string
}

// TestFacts asks for each of the 87 facts of the sample case.
func TestFacts(t *testing.T) {
	askFacts(t, sampleSQLite(t), "testdata/facts.yaml", "S%03d", 87)
}

func TestFactsOfMangoPark(t *testing.T)      { factsOfMangoPark(t, sampleSQLite(t)) }
func TestFactsOfMangoParkNeo4j(t *testing.T) { factsOfMangoPark(t, sampleNeo4j(t)) }

// factsOfMangoPark asks for each fact of the second sample case.
func factsOfMangoPark(t *testing.T, store graph.Store) {
	loadShipped(t, store)
	askFacts(t, store, "testdata/facts-mango-park.yaml", "M%02d", 32)
}

// askFacts asks the questions of a file, which must list each fact once.
func askFacts(t *testing.T, store graph.Store, file, number string, count int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var facts []fact
	if err := yaml.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	engine := engineOver(t, store)
	listed := map[string]bool{}
	for _, f := range facts {
		for _, id := range f.Facts {
			if listed[id] {
				t.Errorf("%s is listed twice", id)
			}
			listed[id] = true
		}
		if (f.Ask == "") == (f.None == "") {
			t.Errorf("%v has neither a question nor a reason, or both", f.Facts)
			continue
		}
		if f.None != "" {
			continue
		}
		t.Run(f.Facts[0], func(t *testing.T) {
			resp := engine.Execute(context.Background(), gql.Request{Query: f.Ask})
			var got struct {
				Data   any
				Errors []any
			}
			if err := json.Unmarshal(resp.Body, &got); err != nil {
				t.Fatal(err)
			}
			if len(got.Errors) > 0 {
				t.Fatalf("%s\n%s", f.Ask, resp.Body)
			}
			if missing := lacks(plain(f.Answer), got.Data, "data"); missing != "" {
				t.Errorf("%s\n%s\n%s", f.Ask, missing, resp.Body)
			}
		})
	}
	for i := 1; i <= count; i++ {
		if id := fmt.Sprintf(number, i); !listed[id] {
			t.Errorf("%s is not listed", id)
		}
	}
	if len(listed) != count {
		t.Errorf("%d facts are listed, not %d", len(listed), count)
	}
}

// plain is a value from YAML as JSON has it.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case time.Time: // a day that stands without quotes
		return v.Format(time.DateOnly)
	case int:
		return float64(v)
	}
	return v
}

// lacks says what of want is not in got: an object has the keys of want, a list has each of its elements, in any order.
func lacks(want, got any, path string) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v, not an object", path, got)
		}
		for key, w := range want {
			if missing := lacks(w, object[key], path+"."+key); missing != "" {
				return missing
			}
		}
	case []any:
		list, ok := got.([]any)
		if !ok {
			return fmt.Sprintf("%s is %v, not a list", path, got)
		}
		taken := make([]bool, len(list))
		for i, w := range want {
			missing := fmt.Sprintf("%s is too short", path)
			for j, g := range list {
				if taken[j] {
					continue
				}
				if missing = lacks(w, g, fmt.Sprintf("%s[%d]", path, i)); missing == "" {
					taken[j] = true
					break
				}
			}
			if missing != "" {
				return missing
			}
		}
	default:
		if !reflect.DeepEqual(want, got) {
			return fmt.Sprintf("%s is %v, want %v", path, got, want)
		}
	}
	return ""
}
