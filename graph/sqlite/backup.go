package sqlite

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"

	"github.com/raidgraph/raidgraph/graph"
)

// backupPages is how many pages are copied at a time.
const backupPages = 1024

// Backup copies the database into a file, by SQLite's online backup, while others read and write: the copy is the state of
// the data at one moment. It is checked, and there under its name when it is whole; a file that has the name already is
// replaced. progress, if set, is called with how many pages are copied, of how many.
//
// A name under which nothing can be written, or which is the database's own, is an Invalid error.
func (s *Store) Backup(ctx context.Context, path string, progress func(done, all int)) error {
	c, err := s.readers.take(ctx)
	if err != nil {
		return failure(ctx, err)
	}
	defer s.readers.give(c)
	if err := s.notItself(path); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return unwritable(ctx, path, err)
	}
	name := part.Name()
	err = part.Close()
	if err == nil {
		err = copyTo(ctx, c, name, progress)
	}
	if err == nil {
		err = checkCopy(ctx, name)
	}
	if err == nil {
		err = os.Chmod(name, 0o644)
	}
	if err == nil {
		err = os.Rename(name, path)
	}
	if err != nil {
		for _, end := range []string{"", "-wal", "-shm", "-journal"} {
			_ = os.Remove(name + end) // what is told is why there is no copy
		}
		return unwritable(ctx, path, err)
	}
	return nil
}

// unwritable names the file where the system refused it.
func unwritable(ctx context.Context, path string, err error) error {
	var system *os.PathError
	if errors.As(err, &system) {
		return graph.Wrap(graph.Invalid, path+" cannot be written", system.Err)
	}
	return failure(ctx, err)
}

// notItself refuses the database's own file.
func (s *Store) notItself(path string) error {
	own, err := os.Stat(s.path)
	if err != nil {
		return failure(context.Background(), err)
	}
	if there, err := os.Stat(path); err == nil && os.SameFile(own, there) {
		return graph.Errorf(graph.Invalid, "%s is the database itself: name another file", path)
	}
	return nil
}

// copyTo copies what the connection sees. Its transaction keeps that, so that a writer does not make the copy begin again.
func copyTo(ctx context.Context, c *conn, name string, progress func(done, all int)) (err error) {
	if _, err := c.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		_, e := c.exec(context.WithoutCancel(ctx), "ROLLBACK")
		err = errors.Join(err, e)
	}()
	if _, err := c.text(ctx, "SELECT count(*) FROM sqlite_schema"); err != nil {
		return err
	}
	u := url.URL{Path: filepath.ToSlash(name)}
	backup, err := c.Conn.(interface {
		NewBackup(uri string) (*sqlite.Backup, error)
	}).NewBackup("file:" + u.EscapedPath() + "?_pragma=synchronous(full)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, backup.Finish()) }()
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if more, err = backup.Step(backupPages); err != nil {
			return err
		}
		if progress != nil {
			progress(backup.PageCount()-backup.Remaining(), backup.PageCount())
		}
	}
	return nil
}

// checkCopy reads the whole copy.
func checkCopy(ctx context.Context, name string) (err error) {
	c, err := connect(ctx, name, []string{"query_only(1)"}, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	found, err := c.text(ctx, "PRAGMA quick_check(1)")
	if err == nil && found != "ok" {
		err = graph.Errorf(graph.Internal, "the database file is damaged, and so would be its copy")
	}
	return err
}
