package graph

import "testing"

func TestCorroborate(t *testing.T) {
	police := func(sources ...string) Testimony { return Testimony{"agency:gcnp-kh", true, sources} }
	group := func(id string, sources ...string) Testimony { return Testimony{id, false, sources} }
	for _, test := range []struct {
		what        string
		testimonies []Testimony
		want        Corroboration
	}{
		{"nothing", nil, Corroboration{}},
		{"question 02: the 606", []Testimony{police("source:cc-times", "source:camboja")}, Corroboration{2, 1, 0}},
		{"seven articles that repeat one statement", []Testimony{police("1"), police("2"), police("3"), police("4"), police("5"), police("6"), police("7")}, Corroboration{7, 1, 0}},
		{"a source on two chains", []Testimony{police("a", "b"), {"official:sok-veasna", true, []string{"b"}}}, Corroboration{2, 2, 0}},
		{"an unnamed origin is not independent", []Testimony{police("a"), group("group:reports", "b"), group("group:initial-reports", "b")}, Corroboration{2, 1, 2}},
		{"nobody given", []Testimony{group("", "a"), group("", "b"), {"", true, []string{"", "c"}}}, Corroboration{3, 0, 1}},
	} {
		if got := Corroborate(test.testimonies); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.what, got, test.want)
		}
	}
}
