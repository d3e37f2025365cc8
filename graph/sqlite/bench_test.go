//go:build unix

package sqlite_test

import (
	"context"
	"flag"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

var raids = flag.Int("raids", 12000, "how many raids the benchmarks have, each with about 9.7 records")

// processor measures the processor time of the whole process, which says more than the clock does on a machine that is shared.
func processor(b *testing.B, per func() float64, unit string) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := used()
	return func() { b.ReportMetric(float64(used()-start)/per(), unit) }
}

func BenchmarkQuery(b *testing.B) {
	d := newDomain()
	s := openDomain(b, d, *raids)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	for _, p := range d.plans(*raids) {
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			defer processor(b, func() float64 { return float64(b.N) }, "cpu-ns/op")()
			for b.Loop() {
				if _, err := s.Query(ctx, p.plan, p.args); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPut(b *testing.B) {
	d := newDomain()
	n := 0
	defer processor(b, func() float64 { return float64(n) }, "cpu-ns/record")()
	for b.Loop() {
		s, err := sqlite.Open(b.Context(), sqlite.Config{Path: filepath.Join(b.TempDir(), "put.db"), Schema: d.Schema})
		if err != nil {
			b.Fatal(err)
		}
		w := put(b, s, d.records(*raids))
		n += int(w.Created + w.Same)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPutAgain(b *testing.B) {
	d := newDomain()
	s := openDomain(b, d, *raids)
	n := 0
	defer processor(b, func() float64 { return float64(n) }, "cpu-ns/record")()
	for b.Loop() {
		w := put(b, s, d.records(*raids))
		n += int(w.Same)
	}
}

func BenchmarkExport(b *testing.B) {
	d := newDomain()
	s := openDomain(b, d, *raids)
	n := 0
	defer processor(b, func() float64 { return float64(n) }, "cpu-ns/record")()
	for b.Loop() {
		if err := s.Export(b.Context(), func(graph.Record) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
