package gql
import ("testing";"context";"github.com/raidgraph/raidgraph/graph/schema"; raidgraph "github.com/raidgraph/raidgraph")
func BenchmarkBlock(b *testing.B){
	m, _ := schema.Load(raidgraph.Schema)
	e, _ := New(Config{Model: m, Store: away{}})
	q := attacks()["a long block"]
	for b.Loop() { e.Execute(context.Background(), Request{Query: q}) }
}
func BenchmarkBlockParse(b *testing.B){
	q := attacks()["a long block"]
	for b.Loop() { Limits{}.Parse(q) }
}
