package graph

// dayAsPeriod is a day as a period. The error is Invalid.
func dayAsPeriod(day string) (Period, error) {
	if err := ParseDay(day); err != nil {
		return Period{}, err
	}
	return Period{EDTF: day, From: day, To: day, Basis: BasisStated}, nil
}

// later reports whether p certainly begins after q has ended.
func later(p, q Period) bool { return p.From != "" && q.To != "" && p.From > q.To }

// daysBetween is how many days can lie between a time in p and a later one in q, none of them after today, and none below 0. The
// greatest number is open where p has no beginning.
func daysBetween(p, q, today Period) Interval {
	end := dayNumber(today.To)
	within := func(day string) *int64 { // the day, at most today; nil where it is open
		n := dayNumber(day)
		if n != nil && end != nil && *n > *end {
			return end
		}
		return n
	}
	from, to := within(q.From), within(q.To)
	if to == nil {
		to = end
	}
	days := Interval{Low: new(int64(0))}
	if start := within(p.To); start != nil && from != nil {
		days.Low = new(max(*from-*start, 0))
	}
	if start := within(p.From); start != nil && to != nil {
		days.High = new(max(*to-*start, 0))
	}
	return days
}
