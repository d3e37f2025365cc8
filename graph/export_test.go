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
