package graph

// Within are the changes with bounds for what Apply holds at a time: records that it puts, and ids that it knows.
func (c Changes) Within(records, ids int) Changes {
	c.bounds = bounds{records: records, ids: ids}
	return c
}

// As are the bounds of other changes.
func (c Change) As(other Changes) Change {
	c.bounds = other.bounds
	return c
}

// Resolve is what readers see of own records, where each of some records was merged into another, in order: "a into b".
func Resolve(s *Schema, merges [][2]string, own []Record) ([]Record, error) {
	var judged []sameness
	for i, m := range merges {
		judged = append(judged, sameness{id: "judgement:" + string(rune('a'+i)), record: m[0], into: m[1]})
	}
	ids, err := newIdentities(s, judged)
	if err != nil {
		return nil, err
	}
	nodes, edges := resolve(ids, own)
	var out []Record
	for _, n := range nodes {
		out = append(out, n)
	}
	for _, e := range edges {
		out = append(out, e)
	}
	return out, nil
}
