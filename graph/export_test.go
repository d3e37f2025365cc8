package graph

// Within are the changes with bounds for what Apply holds at a time: records that it puts, and ids that it knows.
func (c Changes) Within(records, ids int) Changes {
	c.bounds = bounds{records: records, ids: ids}
	return c
}
