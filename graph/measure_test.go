package graph

import (
	"slices"
	"testing"
)

func TestMeasureContainedIn(t *testing.T) {
	inFound := []Measure{"FOUND", "DETAINED", "ARRESTED", "RESCUED", "RELEASED", "FINED", "CHARGED", "SCREENED", "TRANSFERRED"}
	for _, m := range measureOrder {
		for _, whole := range measureOrder {
			want := m == whole || whole == MeasureFound && slices.Contains(inFound, m)
			if got := m.ContainedIn(whole); got != want {
				t.Errorf("%s in %s: %v, want %v", m, whole, got, want)
			}
		}
	}
	if len(measureOrder) != 17 {
		t.Errorf("%d measures, want the 17 of the domain model", len(measureOrder))
	}
}

func TestFacets(t *testing.T) {
	for _, test := range []struct {
		f, g                                         string
		equal, narrows, narrowedBy, excludeEachOther bool
	}{
		{"X", "X", true, true, true, false},
		{"X FEMALE", "X FEMALE", true, true, true, false},
		{"X minors", "X minors", true, true, true, false}, // by value, not by address
		{"X FEMALE", "X", false, true, false, false},
		{"X FEMALE nationality:CN", "X FEMALE", false, true, false, false},
		{"X FEMALE", "X MALE", false, false, false, true},
		{"X minors", "X adults", false, false, false, true},
		{"X nationality:CN", "X nationality:PK FEMALE", false, false, false, true},
		{"X FEMALE", "X nationality:CN", false, false, false, false},
	} {
		_, f := figureKey(test.f)
		_, g := figureKey(test.g)
		if f.Equal(g) != test.equal || f.Narrows(g) != test.narrows || g.Narrows(f) != test.narrowedBy || f.Excludes(g) != test.excludeEachOther || g.Excludes(f) != test.excludeEachOther {
			t.Errorf("%q and %q: equal %v, narrows %v and %v, excludes %v", test.f, test.g, f.Equal(g), f.Narrows(g), g.Narrows(f), f.Excludes(g))
		}
	}
}
