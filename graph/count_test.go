package graph

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// show writes a count as "MODE value min..max", with - for what is not set.
func show(c Count) string {
	return fmt.Sprintf("%s %s %s", c.Mode, showInt(c.Value), showInterval(Interval{c.Min, c.Max}))
}

func showInt(n *int64) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

func showInterval(i Interval) string { return showInt(i.Low) + ".." + showInt(i.High) }

func TestParseCount(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		// The sample case.
		{"606", "EXACT 606 606..606"},
		{"200", "EXACT 200 200..200"},
		{"45", "EXACT 45 45..45"},
		{"seven", "EXACT 7 7..7"},
		{"approximately 200", "APPROX 200 -..-"},
		{"around 1,000", "APPROX 1000 -..-"},
		{"more than 1,000", "MORE_THAN 1000 1001..-"},
		{"hundreds", "ORDER - 100..999"},
		{"not counted yet", "UNKNOWN - -..-"},
		// Numbers.
		{"0", "EXACT 0 0..0"},
		{"none", "EXACT 0 0..0"},
		{"1,000", "EXACT 1000 1000..1000"},
		{"1 000", "EXACT 1000 1000..1000"},
		{"12,345,678", "EXACT 12345678 12345678..12345678"},
		{"2147483647", "EXACT 2147483647 2147483647..2147483647"},
		{"Twenty-One", "EXACT 21 21..21"},
		{"six hundred and six", "EXACT 606 606..606"},
		{"two thousand three hundred and forty-five", "EXACT 2345 2345..2345"},
		{"one hundred and two thousand", "EXACT 102000 102000..102000"},
		{"fifteen hundred", "EXACT 1500 1500..1500"},
		{"one thousand and one", "EXACT 1001 1001..1001"},
		{"a hundred", "EXACT 100 100..100"},
		{"3 thousand", "EXACT 3000 3000..3000"},
		{"a dozen", "EXACT 12 12..12"},
		{"two dozen", "EXACT 24 24..24"},
		{"half a dozen", "EXACT 6 6..6"},
		{"45 women", "EXACT 45 45..45"},
		{"606 foreign nationals", "EXACT 606 606..606"},
		{"a total of 45", "EXACT 45 45..45"},
		// Words around a number.
		{"about 200", "APPROX 200 -..-"},
		{"some 200", "APPROX 200 -..-"},
		{"~200", "APPROX 200 -..-"},
		{"an estimated two hundred", "APPROX 200 -..-"},
		{"200 or so", "APPROX 200 -..-"},
		{"over 1,000", "MORE_THAN 1000 1001..-"},
		{"more than a dozen", "MORE_THAN 12 13..-"},
		{"at least 200", "AT_LEAST 200 200..-"},
		{"no fewer than 200", "AT_LEAST 200 200..-"},
		{"200+", "AT_LEAST 200 200..-"},
		{"200 or more", "AT_LEAST 200 200..-"},
		{"up to 200", "UP_TO 200 -..200"},
		{"as many as 200", "UP_TO 200 -..200"},
		{"no more than 200", "UP_TO 200 -..200"},
		{"fewer than 200", "FEWER_THAN 200 -..199"},
		{"less than 200", "FEWER_THAN 200 -..199"},
		{"nearly 200", "NEARLY 200 -..200"},
		{"Almost 200", "NEARLY 200 -..200"},
		// Ranges.
		{"200 to 300", "RANGE - 200..300"},
		{"from 200 to 300", "RANGE - 200..300"},
		{"200-300", "RANGE - 200..300"},
		{"200 – 300", "RANGE - 200..300"},
		{"between 200 and 300", "RANGE - 200..300"},
		{"between one hundred and two hundred", "RANGE - 100..200"},
		{"between one hundred and five and two hundred", "RANGE - 105..200"},
		{"ninety to a hundred", "RANGE - 90..100"},
		// Orders and words without a number.
		{"hundreds of people", "ORDER - 100..999"},
		{"several hundred", "ORDER - 100..999"},
		{"dozens", "ORDER - 12..99"},
		{"thousands", "ORDER - 1000..9999"},
		{"tens of thousands", "ORDER - 10000..99999"},
		{"some", "SOME - -..-"},
		{"several foreigners", "SOME - -..-"},
		{"unknown", "UNKNOWN - -..-"},
		{"an unknown number of people", "UNKNOWN - -..-"},
	} {
		c, err := ParseCount(test.raw)
		if err != nil {
			t.Errorf("ParseCount(%q): %v", test.raw, err)
		} else if got := show(c); got != test.want || c.Raw != test.raw {
			t.Errorf("ParseCount(%q) = %s (raw %q), want %s", test.raw, got, c.Raw, test.want)
		}
	}
}

func TestParseCountRefuses(t *testing.T) {
	for _, raw := range []string{
		"", "people", "many more", "1,00", "1.000", "1.5", "-5", "10k", "2147483648", "more than 2147483647", "fewer than 0", "99999999999",
		"two to three hundred", // 2 to 300, or 200 to 300
		"300 to 200", "about 200 to 300", "at least hundreds", "twenty ten", "two thousand thousand", "hundred", "a", "200 houses",
	} {
		c, err := ParseCount(raw)
		if err == nil {
			t.Errorf("ParseCount(%q) = %s, want an error", raw, show(c))
		} else if CodeOf(err) != Invalid {
			t.Errorf("ParseCount(%q): code %s, want %s", raw, CodeOf(err), Invalid)
		}
	}
	if _, err := ParseCount("a great many"); err == nil || !strings.Contains(err.Error(), "give mode and value, min, max explicitly") {
		t.Errorf("the error %v does not say what would be right", err)
	}
}

func FuzzParseCount(f *testing.F) {
	for _, s := range []string{"606", "approximately 200", "between one hundred and two hundred", "two dozen", "200+", "several hundred people", "~", "- - -", "a a dozen"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCount(s)
		if err != nil {
			return
		}
		if err := c.Check(); err != nil {
			t.Fatalf("ParseCount(%q) = %s: %v", s, show(c), err)
		}
		if show(c.Complete()) != show(c) {
			t.Fatalf("ParseCount(%q) = %s, which is not complete", s, show(c))
		}
		if n := c.Number(); n != nil && !c.Interval(0.2).Contains(*n) {
			t.Fatalf("ParseCount(%q) = %s: its number %d is outside its interval", s, show(c), *n)
		}
		again, err := ParseCount(c.Raw)
		if err != nil || show(again) != show(c) {
			t.Fatalf("ParseCount(%q) = %s, its raw words %s, %v", s, show(c), show(again), err)
		}
	})
}

func TestCountCheckAndComplete(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	for _, test := range []struct {
		count Count
		want  string // the completed count, or "" where Check refuses it
	}{
		{Count{Mode: CountExact, Value: n(606)}, "EXACT 606 606..606"},
		{Count{Mode: CountExact, Value: n(606), Min: n(606), Max: n(606)}, "EXACT 606 606..606"},
		{Count{Mode: CountExact}, ""},
		{Count{Mode: CountExact, Value: n(606), Min: n(600)}, ""},
		{Count{Mode: CountExact, Value: n(-1)}, ""},
		{Count{Mode: CountExact, Value: n(MaxCount + 1)}, ""},
		{Count{Mode: CountApprox, Value: n(200)}, "APPROX 200 -..-"},
		{Count{Mode: CountApprox, Value: n(200), Min: n(160)}, ""},
		{Count{Mode: CountApprox}, ""},
		{Count{Mode: CountAtLeast, Min: n(200)}, "AT_LEAST 200 200..-"},
		{Count{Mode: CountAtLeast, Value: n(200), Max: n(300)}, ""},
		{Count{Mode: CountAtLeast}, ""},
		{Count{Mode: CountMoreThan, Value: n(1000)}, "MORE_THAN 1000 1001..-"},
		{Count{Mode: CountMoreThan, Min: n(1001)}, "MORE_THAN 1000 1001..-"},
		{Count{Mode: CountMoreThan, Value: n(1000), Min: n(1000)}, ""},
		{Count{Mode: CountMoreThan, Value: n(MaxCount)}, ""},
		{Count{Mode: CountMoreThan, Min: n(0)}, ""},
		{Count{Mode: CountUpTo, Max: n(200)}, "UP_TO 200 -..200"},
		{Count{Mode: CountUpTo, Value: n(200), Min: n(1)}, ""},
		{Count{Mode: CountFewerThan, Value: n(200)}, "FEWER_THAN 200 -..199"},
		{Count{Mode: CountFewerThan, Max: n(199)}, "FEWER_THAN 200 -..199"},
		{Count{Mode: CountFewerThan, Value: n(0)}, ""},
		{Count{Mode: CountFewerThan, Max: n(MaxCount)}, ""},
		{Count{Mode: CountNearly, Value: n(200)}, "NEARLY 200 -..200"},
		{Count{Mode: CountNearly, Max: n(200)}, ""},
		{Count{Mode: CountRange, Min: n(200), Max: n(300)}, "RANGE - 200..300"},
		{Count{Mode: CountRange, Value: n(250), Min: n(200), Max: n(300)}, "RANGE 250 200..300"},
		{Count{Mode: CountRange, Value: n(350), Min: n(200), Max: n(300)}, ""},
		{Count{Mode: CountRange, Min: n(300), Max: n(200)}, ""},
		{Count{Mode: CountRange, Min: n(300)}, ""},
		{Count{Mode: CountOrder, Min: n(100), Max: n(999)}, "ORDER - 100..999"},
		{Count{Mode: CountOrder}, ""},
		{Count{Mode: CountSome}, "SOME - -..-"},
		{Count{Mode: CountSome, Value: n(3)}, ""},
		{Count{Mode: CountUnknown}, "UNKNOWN - -..-"},
		{Count{Mode: CountUnknown, Min: n(1)}, ""},
		{Count{Mode: "LOTS"}, ""},
		{Count{}, ""},
	} {
		err := test.count.Check()
		switch {
		case test.want == "" && CodeOf(err) != Invalid:
			t.Errorf("%s: Check gives %v, want an Invalid error", show(test.count), err)
		case test.want != "" && err != nil:
			t.Errorf("%s: %v", show(test.count), err)
		case test.want != "" && show(test.count.Complete()) != test.want:
			t.Errorf("%s completes to %s, want %s", show(test.count), show(test.count.Complete()), test.want)
		}
	}
}

func TestCountNumberAndInterval(t *testing.T) {
	for _, test := range []struct {
		raw              string
		within           float64
		number, interval string
	}{
		{"606", 0.2, "606", "606..606"},
		{"approximately 200", 0.2, "200", "160..240"},
		{"approximately 200", 0, "200", "200..200"},
		{"approximately 100", 0.29, "100", "71..129"},
		{"approximately 200", 5, "200", "0..1200"},
		{"approximately 200", -1, "200", "200..200"},
		{"approximately 200", math.NaN(), "200", "200..200"},
		{"approximately 200", math.Inf(1), "200", "0..2147483647"},
		{"approximately 2147483647", 0.2, "2147483647", "1717986918..2147483647"},
		{"nearly 200", 0.2, "200", "160..200"},
		{"more than 1,000", 0.2, "1001", "1001..-"},
		{"fewer than 200", 0.2, "199", "-..199"},
		{"up to 200", 0.2, "200", "-..200"},
		{"at least 200", 0.2, "200", "200..-"},
		{"200 to 300", 0.2, "200", "200..300"},
		{"hundreds", 0.2, "100", "100..999"},
		{"some", 0.2, "-", "1..-"},
		{"unknown", 0.2, "-", "-..-"},
	} {
		c, err := ParseCount(test.raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := showInt(c.Number()); got != test.number {
			t.Errorf("%s: number %s, want %s", test.raw, got, test.number)
		}
		if got := showInterval(c.Interval(test.within)); got != test.interval {
			t.Errorf("%s within %v: interval %s, want %s", test.raw, test.within, got, test.interval)
		}
	}
}

func TestInterval(t *testing.T) {
	in := func(low, high int64) Interval { // -1 is open
		var i Interval
		if low >= 0 {
			i.Low = &low
		}
		if high >= 0 {
			i.High = &high
		}
		return i
	}
	for _, test := range []struct {
		a, b  Interval
		meets bool
		minus string
	}{
		{in(100, 120), in(30, 50), false, "50..90"},
		{in(160, 240), in(606, 606), false, "0..0"},
		{in(160, 240), in(240, 300), true, "0..0"},
		{in(1001, -1), in(800, 1200), true, "0..-"},
		{in(-1, 199), in(200, -1), false, "-..0"},
		{in(-1, -1), in(5, 5), true, "-..-"},
		{in(100, 100), in(-1, -1), true, "-..100"},
	} {
		if test.a.Meets(test.b) != test.meets || test.b.Meets(test.a) != test.meets || test.a.Disjoint(test.b) == test.meets {
			t.Errorf("%s meets %s: want %v", showInterval(test.a), showInterval(test.b), test.meets)
		}
		if got := showInterval(test.a.Minus(test.b)); got != test.minus {
			t.Errorf("%s minus %s = %s, want %s", showInterval(test.a), showInterval(test.b), got, test.minus)
		}
	}
	if !in(-1, -1).Open() || in(0, -1).Open() || !in(1, 3).Contains(3) || in(1, 3).Contains(0) || in(1, 3).Contains(4) {
		t.Error("Open or Contains is wrong")
	}
}
