package graph

import "math"

// CountMode says how the words of a count bound it (domain model, section 4).
type CountMode string

const (
	CountExact     CountMode = "EXACT"      // 606: value, and min = max = value
	CountApprox    CountMode = "APPROX"     // about 200: value alone, for the words bound nothing
	CountAtLeast   CountMode = "AT_LEAST"   // at least 200: value 200, min 200
	CountMoreThan  CountMode = "MORE_THAN"  // more than 1,000: value 1000, min 1001
	CountUpTo      CountMode = "UP_TO"      // up to 200: value 200, max 200
	CountFewerThan CountMode = "FEWER_THAN" // fewer than 200: value 200, max 199
	CountNearly    CountMode = "NEARLY"     // nearly 200: value 200, max 200; how far below, the words do not say
	CountRange     CountMode = "RANGE"      // 200 to 300: min 200, max 300
	CountOrder     CountMode = "ORDER"      // hundreds: min 100, max 999
	CountSome      CountMode = "SOME"       // some: no number at all, yet not nobody
	CountUnknown   CountMode = "UNKNOWN"    // not counted yet: no number, and nothing follows
)

// MaxCount is the greatest number a count may hold: GraphQL's Int has 32 bits.
const MaxCount = math.MaxInt32

// Count is a number of people as a source gives it. Value is the number the words name, Min and Max are set only where the words bound
// it. In MORE_THAN and FEWER_THAN the words exclude the number they name, so Value lies one outside Min or Max.
type Count struct {
	Raw             string // the source's own words
	Mode            CountMode
	Value, Min, Max *int64
}

// Check reports whether the numbers of an explicit count are those its mode allows: none negative, none above MaxCount, Min not above
// Max, and the bounds those of the words. Bounds that follow from Value may be left out (see Complete). The error is Invalid.
func (c Count) Check() error {
	for _, n := range []struct {
		name string
		is   *int64
	}{{"value", c.Value}, {"min", c.Min}, {"max", c.Max}} {
		if n.is != nil && (*n.is < 0 || *n.is > MaxCount) {
			return Errorf(Invalid, "count %s: %s %d: use a number from 0 to %d", Quote(c.Raw), n.name, *n.is, MaxCount)
		}
	}
	value, low, high := c.Value != nil, c.Min != nil, c.Max != nil
	is := func(p *int64, n *int64, off int64) bool { return p == nil || n == nil || *p == *n+off }
	var ok bool
	var right string
	switch c.Mode {
	case CountExact:
		ok, right = value && is(c.Min, c.Value, 0) && is(c.Max, c.Value, 0), "value, and min and max equal to it or left out"
	case CountApprox:
		ok, right = value && !low && !high, "value alone; how far off it may be is an argument of the query"
	case CountAtLeast:
		ok, right = (value || low) && !high && is(c.Min, c.Value, 0), "value or min, equal if both, and no max"
	case CountMoreThan:
		ok, right = (value || low && *c.Min > 0) && !high && is(c.Min, c.Value, 1) && (!value || *c.Value < MaxCount), "value, or min as value + 1, and no max"
	case CountUpTo:
		ok, right = (value || high) && !low && is(c.Max, c.Value, 0), "value or max, equal if both, and no min"
	case CountFewerThan:
		ok, right = (value || high && *c.Max < MaxCount) && !low && is(c.Max, c.Value, -1) && (!value || *c.Value > 0), "value above 0, or max as value - 1, and no min"
	case CountNearly:
		ok, right = value && !low && is(c.Max, c.Value, 0), "value, max equal to it or left out, and no min"
	case CountRange:
		ok, right = low && high && *c.Min <= *c.Max && (!value || *c.Min <= *c.Value && *c.Value <= *c.Max), "min and max, min not above max, and a value only between them"
	case CountOrder:
		ok, right = low && (!high || *c.Min <= *c.Max) && !value, "min, a max not below it or none, and no value"
	case CountSome, CountUnknown:
		ok, right = !value && !low && !high, "no number"
	default:
		return Errorf(Invalid, "count %s: there is no mode %s; use EXACT, APPROX, AT_LEAST, MORE_THAN, UP_TO, FEWER_THAN, NEARLY, RANGE, ORDER, SOME or UNKNOWN",
			Quote(c.Raw), Quote(string(c.Mode)))
	}
	if !ok {
		return Errorf(Invalid, "count %s: %s takes %s", Quote(c.Raw), c.Mode, right)
	}
	return nil
}

// Complete fills in what follows from the mode of a count that passes Check: the bounds from the value, or the value from the bound.
func (c Count) Complete() Count {
	fill := func(to **int64, from *int64, off int64) {
		if *to == nil && from != nil {
			*to = new(*from + off)
		}
	}
	switch c.Mode {
	case CountExact:
		fill(&c.Min, c.Value, 0)
		fill(&c.Max, c.Value, 0)
	case CountAtLeast:
		fill(&c.Min, c.Value, 0)
		fill(&c.Value, c.Min, 0)
	case CountMoreThan:
		fill(&c.Min, c.Value, 1)
		fill(&c.Value, c.Min, -1)
	case CountUpTo, CountNearly:
		fill(&c.Max, c.Value, 0)
		fill(&c.Value, c.Max, 0)
	case CountFewerThan:
		fill(&c.Max, c.Value, -1)
		fill(&c.Value, c.Max, 1)
	}
	return c
}

// Number is the one number to rank and to sum by, nil where the count has none: the value, moved to the nearest number that the
// words allow (more than 1,000 is 1,001), or else the least number that they allow (hundreds is 100, ACLED's convention).
func (c Count) Number() *int64 {
	c = c.Complete()
	n := c.Value
	if n == nil || c.Min != nil && *c.Min > *n {
		n = c.Min
	}
	if n == nil || c.Max != nil && *c.Max < *n {
		n = c.Max
	}
	return n
}

// span is the least and the greatest number that the words themselves give, nil where they leave it open. An approximate count spans its value.
func (c Count) span() Interval {
	if c.Mode == CountApprox || c.Mode == CountNearly {
		return Interval{c.Value, c.Value}
	}
	c = c.Complete()
	return Interval{c.Min, c.Max}
}

// Interval is what the count can be. An approximate value reaches approxWithin of itself to both sides (0.2: 200 is 160 to 240), a "nearly"
// below only; SOME is at least 1; UNKNOWN is open at both ends. A negative approxWithin, or one that is no number, is 0.
func (c Count) Interval(approxWithin float64) Interval {
	if c.Mode == CountSome {
		return Interval{Low: new(int64(1))}
	}
	in := c.span()
	if c.Value == nil || c.Mode != CountApprox && c.Mode != CountNearly {
		return in
	}
	margin := int64(0)
	if approxWithin > 0 {
		// The small addend undoes the rounding of binary fractions: 0.29 of 100 is 29.
		margin = int64(min(float64(*c.Value)*approxWithin+1e-6, MaxCount))
	}
	in.Low = new(max(*c.Value-margin, 0))
	if c.Mode == CountApprox {
		in.High = new(min(*c.Value+margin, MaxCount))
	}
	return in
}

// Interval is a stretch of whole numbers, both ends included; nil is an open end.
type Interval struct{ Low, High *int64 }

// Contains reports whether n lies in the interval.
func (i Interval) Contains(n int64) bool {
	return (i.Low == nil || *i.Low <= n) && (i.High == nil || n <= *i.High)
}

// Disjoint reports whether the two intervals exclude each other: no number lies in both.
func (i Interval) Disjoint(j Interval) bool { return i.below(j) || j.below(i) }

// Meets reports whether some number lies in both intervals.
func (i Interval) Meets(j Interval) bool { return !i.Disjoint(j) }

// Open reports whether the interval bounds nothing.
func (i Interval) Open() bool { return i.Low == nil && i.High == nil }

// Minus is what can be left of i when j is taken from it, never below 0: 100 to 120 less 30 to 50 is 50 to 90. An end that cannot be known is
// open, except that at least nobody is taken. Where more is taken than there can be, 0 is left: that is a clash of claims, which Figure shows.
func (i Interval) Minus(j Interval) Interval {
	var left Interval
	if i.Low != nil && j.High != nil {
		left.Low = new(max(*i.Low-*j.High, 0))
	}
	if i.High != nil {
		taken := int64(0)
		if j.Low != nil {
			taken = *j.Low
		}
		left.High = new(max(*i.High-taken, 0))
	}
	return left
}

// tighten is what both intervals allow.
func (i Interval) tighten(j Interval) Interval {
	if i.Low == nil || j.Low != nil && *j.Low > *i.Low {
		i.Low = j.Low
	}
	if i.High == nil || j.High != nil && *j.High < *i.High {
		i.High = j.High
	}
	return i
}

// hull is the least interval around both.
func (i Interval) hull(j Interval) Interval {
	if i.Low != nil && (j.Low == nil || *j.Low < *i.Low) {
		i.Low = j.Low
	}
	if i.High != nil && (j.High == nil || *j.High > *i.High) {
		i.High = j.High
	}
	return i
}

// plus is what a number of i and a number of j can add up to.
func (i Interval) plus(j Interval) Interval {
	var sum Interval
	if i.Low != nil && j.Low != nil {
		sum.Low = new(*i.Low + *j.Low)
	}
	if i.High != nil && j.High != nil {
		sum.High = new(*i.High + *j.High)
	}
	return sum
}

// point reports whether the interval holds one number.
func (i Interval) point() bool { return i.Low != nil && i.High != nil && *i.Low == *i.High }

// empty reports whether no number lies in the interval.
func (i Interval) empty() bool { return i.Low != nil && i.High != nil && *i.Low > *i.High }

func (i Interval) below(j Interval) bool { return i.High != nil && j.Low != nil && *i.High < *j.Low }
