package graph_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// bulk writes the lines of some raids with what belongs to them, 24 records each, after 200 agencies, compounds, sources and
// nationalities.
func bulk(raids int) iter.Seq[string] {
	return func(yield func(string) bool) {
		more := true
		writeBulk(raids, func(format string, args ...any) {
			more = more && yield(fmt.Sprintf(format, args...))
		})
	}
}

func writeBulk(raids int, line func(format string, args ...any)) {
	for i := range 200 {
		line(`{"node":"Agency","id":"agency:%d","name":"Agency number %d","names":[{"value":"ទីភ្នាក់ងារ %d","language":"km","script":"Khmr","kind":"OFFICIAL"}],"type":"POLICE","country":"KH"}`, i, i, i)
		line(`{"node":"Compound","id":"compound:%d","name":"Compound number %d","form":"casino","place":{"text":"by the road","precision":"NEAR"}}`, i, i)
		line(`{"node":"Source","id":"source:%d","title":"An article of some length, number %d","url":"https://example.org/%d","seen":true,"publishedAt":"2024-11-11T11:00:00Z"}`, i, i, i)
		line(`{"node":"Nationality","id":"nationality:%d","name":"N","alpha2":"CN","alpha3":"CHN","demonym":"N"}`, i)
	}
	for i := range raids {
		a := i % 200
		line(`{"node":"Raid","id":"raid:r-%d","name":"A raid on a compound, number %d","date":{"edtf":"2024-%02d-%02d","basis":"STATED"}}`, i, i, 1+i%12, 1+i%28)
		line(`{"relation":"TARGETED","from":"raid:r-%d","to":"compound:%d"}`, i, a)
		line(`{"relation":"PARTICIPATED_IN","from":"agency:%d","to":"raid:r-%d","role":"LEAD"}`, a, i)
		line(`{"relation":"PARTICIPATED_IN","from":"agency:%d","to":"raid:r-%d","role":"SUPPORT"}`, (a+1)%200, i)
		for c := range 4 {
			id := fmt.Sprintf("claim:r-%d-%d", i, c)
			if c == 3 {
				line(`{"node":"Claim","id":"%s","property":"nationality","value":{"type":"Reference"},"share":"MOSTLY","saidOn":{"edtf":"2024-11-08","basis":"STATED"},"publishedAt":"2024-11-11T11:00:00Z"}`, id)
				line(`{"relation":"REFERS_TO","from":"%s","to":"nationality:%d"}`, id, a)
			} else {
				line(`{"node":"Claim","id":"%s","property":"figure","measure":"%s","value":{"type":"Count","raw":"about %d","mode":"APPROX","value":%d},"saidOn":{"edtf":"2024-11-08","basis":"STATED"},"publishedAt":"2024-11-11T11:00:00Z"}`,
					id, []string{"FOUND", "DETAINED", "DETAINED"}[c], 100+i%500, 100+i%500+c)
				line(`{"relation":"SAID_BY","from":"%s","to":"agency:%d"}`, id, a)
			}
			line(`{"relation":"SUBJECT","from":"%s","to":"raid:r-%d"}`, id, i)
			line(`{"relation":"CITES","from":"%s","to":"source:%d","chain":0,"hop":0,"verb":"QUOTED"}`, id, a)
		}
		s := fmt.Sprintf("statement:s-%d", i)
		line(`{"node":"Statement","id":"%s","name":"Word on a raid","kind":"CONFIRMATION","date":{"edtf":"2024-11-08","basis":"STATED"},"text":"The police confirmed that the raid took place and gave some numbers, without more.","stance":"AFFIRMS","topic":"FIGURES"}`, s)
		line(`{"relation":"MADE_BY","from":"%s","to":"agency:%d"}`, s, a)
		line(`{"relation":"ABOUT","from":"%s","to":"raid:r-%d"}`, s, i)
		line(`{"relation":"CITES","from":"%s","to":"source:%d","chain":0,"hop":0,"verb":"QUOTED"}`, s, a)
	}
}

func decoding(in iter.Seq[string]) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for line := range in {
			if r, err := graph.DecodeRecord(domain(), []byte(line)); !yield(r, err) {
				return
			}
		}
	}
}

// BenchmarkApply writes 100,000 records from their lines into a new SQLite file, and then the same once more.
func BenchmarkApply(b *testing.B) {
	in := slices.Collect(bulk(100_000 / 24))
	for _, again := range []bool{false, true} {
		b.Run(fmt.Sprintf("again=%v", again), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				store := openSQLite(b)
				write := func() {
					if _, err := graph.Apply(context.Background(), store, domain(), graph.Changes{Records: decoding(slices.Values(in)), Now: testNow}); err != nil {
						b.Fatal(err)
					}
				}
				if again {
					write()
				}
				b.StartTimer()
				write()
			}
			b.ReportMetric(float64(len(in)*b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
