package sqlite

import "context"

// Compact writes the file anew, so that nothing is left in it of what was deleted. It takes as much room again as the file has,
// and waits for others who write. What is read meanwhile is not disturbed, and may keep the log from being cut back: Unavailable.
func (s *Store) Compact(ctx context.Context) error {
	c, _, err := s.writer(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { s.writing <- c }()
	// The index of search keeps what was deleted until its parts are merged.
	for _, statement := range []string{"INSERT INTO _grams (_grams) VALUES ('optimize')", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := c.exec(ctx, statement); err != nil {
			return failure(ctx, err)
		}
	}
	return nil
}
