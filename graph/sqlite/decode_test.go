package sqlite

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

func TestDecode(t *testing.T) {
	inner := &shape{width: 1, values: []valueShape{{0, readText}}, reverse: true}
	outer := &shape{width: 8, kinds: map[int64]any{7: "Raid"},
		children: []childPlace{{6, inner}, {7, &shape{width: 1, values: []valueShape{{0, readInt}}, count: true}}},
		values:   []valueShape{{0, readText}, {1, readInt}, {2, readFloat}, {3, readBoolean}, {4, readList}, {5, readKind}}}
	text := `[[["a"],["b"]],[12,[[1],[null],[-9223372036854775808]]],"x\"\\\/\b\f\n\r\t\u0001\ud83d\ude00ខ្មែរ",9223372036854775807,1.5e-3,1,"[\"one\",\"t\\\"wo\"]",7],` +
		`[[],[0,[]],"",0,-9.0e+999,0,"[]",7],[[],[0,[]],null,null,null,null,null,null]`
	set, err := decode(text, outer)
	if err != nil {
		t.Fatal(err)
	}
	want := []graph.Row{
		{"x\"\\/\b\f\n\r\t\u0001😀ខ្មែរ", int64(math.MaxInt64), 1.5e-3, true, []string{"one", `t"wo`}, "Raid",
			&graph.Set{Rows: []graph.Row{{"b"}, {"a"}}}, &graph.Set{Total: 12, Rows: []graph.Row{{int64(1)}, {nil}, {int64(math.MinInt64)}}}},
		{"", int64(0), math.Inf(-1), false, []string{}, "Raid", &graph.Set{}, &graph.Set{}},
		{nil, nil, nil, nil, nil, nil, &graph.Set{}, &graph.Set{}},
	}
	if !reflect.DeepEqual(set.Rows, want) {
		got, _ := json.Marshal(set.Rows)
		t.Errorf("read %s", got)
	}
	if set, err := decode("", outer); err != nil || set.Rows != nil {
		t.Errorf("an empty answer: %v, %v", set, err)
	}
}

// FuzzDecode holds that a broken answer is an error and never a crash, and that texts are read as package json reads them.
func FuzzDecode(f *testing.F) {
	f.Add("plain")
	f.Add(`with "quotes" and \ and 😀`)
	f.Add(`["a",1]`)
	sh := &shape{width: 3, children: []childPlace{{2, &shape{width: 1, values: []valueShape{{0, readFloat}}, count: true}}}, values: []valueShape{{0, readText}, {1, readList}}}
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = decode(s, sh)
		s = strings.ToValidUTF8(s, "?")
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		one := &shape{width: 1, values: []valueShape{{0, readText}}}
		set, err := decode("["+string(quoted)+"]", one)
		if err != nil || set.Rows[0][0] != s {
			t.Errorf("%q is read as %v (%v)", s, set, err)
		}
	})
}
