package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"feierabend"
)

// sqlite is the default engine: one file, one writer, four readers.
type sqlite struct {
	said   string  // the file as the operator names it
	path   string  // the file that it is, without any link: SQLite puts the log beside that
	writer *sql.DB // one connection: SQLite has one writer
	// turn is held by the one transaction that waits for the writer or has it, but for
	// the accept path's: those wait for the one before them alone.
	turn   chan struct{}
	reader *sql.DB
	keeper *logKeeper
	queue  *river.Client[*sql.Tx]
	held   map[string]*os.File // open for the search, see files
	gate   Gate
	joiner *joiner
}

// pragmas of every connection (storage.md §1). synchronous(FULL): an fsync for each
// commit; secure_delete is per connection, FAST would leave keys behind.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=secure_delete(" + secureDelete + ")" +
	"&_pragma=temp_store(MEMORY)&_pragma=foreign_keys(1)"

// writing is what connections that write have on top. The number is where SQLite
// itself brings the log into the file, within a commit, whatever the keeper does: the
// runner of jobs writes past update. 8 MB of pages: each message touches a page of its
// own in five indexes, and with SQLite's 2 MB they are read again and again.
const writing = "&_pragma=journal_mode(WAL)&_txlock=immediate&_pragma=wal_autocheckpoint(16000)&_pragma=cache_size(-8000)"

// openSQLite opens path; the folder must be there and writable.
func openSQLite(ctx context.Context, path string, log *slog.Logger, gate Gate) (_ *sqlite, err error) {
	if err := writable(path, gate); err != nil {
		return nil, err
	}
	said := path
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, err
	}
	name := "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	e := &sqlite{said: said, path: path, held: map[string]*os.File{}, gate: gate, turn: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	if e.joiner, err = newJoiner(); err != nil {
		return nil, err
	}
	through := writing + e.joiner.option()
	if e.writer, err = openPool(name+"?"+pragmas+through, e.joiner); err != nil {
		return nil, err
	}
	e.writer.SetMaxOpenConns(1)
	for _, step := range []struct {
		point string
		run   func() error
	}{
		{"open ping", func() error { return e.writer.PingContext(ctx) }},
		{"open migrate", func() error { return migrateSQLite(ctx, e.writer) }},
		{"open queue", func() error { return migrateQueueSQLite(ctx, e.writer, log) }},
	} {
		if err := gate.at(step.point); err != nil {
			return nil, e.explain(err)
		}
		if err := step.run(); err != nil {
			return nil, e.explain(err)
		}
	}
	if e.queue, err = river.NewClient(riversqlite.New(e.writer), &river.Config{Logger: log}); err != nil {
		return nil, err
	}
	if e.reader, err = openPool(name+"?mode=ro&"+pragmas, nil); err != nil {
		return nil, err
	}
	e.reader.SetMaxOpenConns(4)
	e.reader.SetMaxIdleConns(4)
	if err := e.reader.PingContext(ctx); err != nil {
		return nil, err
	}
	own, err := openPool(name+"?"+pragmas+through, e.joiner)
	if err != nil {
		return nil, err
	}
	own.SetMaxOpenConns(1)
	f, err := e.hold(e.path)
	if err != nil {
		return nil, err
	}
	e.keeper = newLogKeeper(own, e.writer, f)
	return e, nil
}

func migrateQueueSQLite(ctx context.Context, db *sql.DB, log *slog.Logger) error {
	mig, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	_, err = mig.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// writable finds out before SQLite does, because its message ("unable to open
// database file") does not say why. The file is made for its owner alone; SQLite
// gives the log the same rights.
func writable(path string, gate Gate) error {
	var f *os.File
	err := gate.at("file create")
	if err == nil {
		f, err = os.CreateTemp(filepath.Dir(path), ".write-*")
	}
	if err == nil {
		f.Close()
		os.Remove(f.Name())
		f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	}
	if err != nil {
		var cause *os.PathError
		errors.As(err, &cause) // without the path
		if errors.Is(err, syscall.ENOSPC) {
			return unavailable("disk_full", textDiskFull, cause.Err)
		}
		return &feierabend.Error{Kind: feierabend.Unavailable, Code: "folder_not_writable", Err: cause.Err, Text: "Der Datenordner ist nicht da oder nicht beschreibbar. " +
			"Es wurde nichts verändert. Bitte den Ordner anlegen und dem Dienst Schreibrechte geben, oder mit FEIERABEND_DATA einen anderen nennen."}
	}
	return f.Close()
}

// await waits for the turn of an ordinary transaction, in the order of asking.
// database/sql gives a connection to any of those who wait for it, not to the first:
// behind sixteen workers an accept would often come last.
func (e *sqlite) await(ctx context.Context) (done func(), err error) {
	if isAhead(ctx) {
		return func() {}, nil
	}
	select {
	case e.turn <- struct{}{}:
		return func() { <-e.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (e *sqlite) update(ctx context.Context, _ string, fn func(tx) error) error {
	done, err := e.await(ctx)
	if err != nil {
		return err
	}
	defer done()
	t, err := e.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	if err := fn(sqliteTx{sqliteReader{t}, e}); err != nil {
		return err
	}
	defer e.keeper.wake()
	return t.Commit()
}

func (e *sqlite) view(ctx context.Context, _ string, fn func(querier) error) error {
	t, err := e.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer t.Rollback()
	return fn(sqliteReader{t})
}

// snapshot: a reading transaction sees the rows of its first statement anyway.
func (e *sqlite) snapshot(ctx context.Context, tenant string, fn func(querier) error) error {
	return e.view(ctx, tenant, fn)
}

func (e *sqlite) close() error {
	var first error
	if e.keeper != nil {
		first = e.keeper.close()
	}
	for _, db := range []*sql.DB{e.reader, e.writer} {
		if db == nil {
			continue
		}
		if err := db.Close(); err != nil && first == nil {
			first = err
		}
	}
	for _, f := range e.held {
		f.Close()
	}
	if e.joiner != nil {
		e.joiner.close()
	}
	return first
}

type sqliteReader struct{ t *sql.Tx }

func (r sqliteReader) query(ctx context.Context, q string, args ...any) (rows, error) {
	rs, err := r.t.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	return sqliteRows{rs}, nil
}

func (r sqliteReader) queryRow(ctx context.Context, q string, args ...any) row {
	return r.t.QueryRowContext(ctx, q, args...)
}

func (r sqliteReader) run(ctx context.Context, steps []step) error {
	for _, st := range steps {
		rs, err := r.query(ctx, st.text, st.args...)
		if err != nil {
			return err
		}
		if err := drainRows(rs, st.scan); err != nil {
			return err
		}
	}
	return nil
}

func (sqliteReader) bind(context.Context, string) error { return nil }

func (sqliteReader) fenced() bool { return false }

func (sqliteReader) apart() bool { return false }

type sqliteRows struct{ *sql.Rows }

func (r sqliteRows) Close() { r.Rows.Close() }

type sqliteTx struct {
	sqliteReader
	e *sqlite
}

func (t sqliteTx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	res, err := t.t.ExecContext(ctx, q, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t sqliteTx) conclude(ctx context.Context, steps []step, jobs []feierabend.Job) error {
	if err := t.run(ctx, steps); err != nil {
		return err
	}
	return t.enqueue(ctx, jobs)
}
