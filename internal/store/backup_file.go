package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"

	"feierabend"
)

// A backup is a SQLite file of its own, whatever the database: made from nothing, so
// that no freed page can hold a row of another table. It holds the account tables of
// backupTables as this program's schema has them, and a manifest.
const (
	backupForm = "feierabend-backup-1"
	backupMark = 0x46454142 // application_id of the file: "FEAB"
)

func backupError(code, text string, err error) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text, Err: err}
}

func fileDSN(path, options string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path) + "?" + options
}

// openFile opens a SQLite file with one connection.
func openFile(path, options string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", fileDSN(path, options))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// shell gives an empty database in memory with the tables of a version (0 = newest).
func shell(ctx context.Context, version int64) (db *sql.DB, have int64, err error) {
	files, err := dialect(false)
	if err != nil {
		return nil, 0, err
	}
	if db, err = openFile(":memory:", "_pragma=temp_store(MEMORY)"); err != nil {
		return nil, 0, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err == nil && version == 0 {
		_, err = p.Up(ctx)
	} else if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	if err == nil {
		have, err = p.GetDBVersion(ctx)
	}
	if err != nil {
		db.Close()
		return nil, 0, fmt.Errorf("make tables in memory: %w", err)
	}
	return db, have, nil
}

// columnsOf gives the columns of a table to copy; none where the table is not there.
func columnsOf(ctx context.Context, db *sql.DB, table string) (cols []string, err error) {
	rs, err := db.QueryContext(ctx, `SELECT name FROM pragma_table_info($1) ORDER BY cid`, table)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	for rs.Next() {
		var c string
		if err := rs.Scan(&c); err != nil {
			return nil, err
		}
		if !notCopied[table+"."+c] {
			cols = append(cols, c)
		}
	}
	return cols, rs.Err()
}

// eachRow gives the rows of a table of a SQLite file in the order of their insertion.
func eachRow(ctx context.Context, db *sql.DB, table string, cols []string, fn func([]any) error) error {
	rs, err := db.QueryContext(ctx, `SELECT `+strings.Join(cols, ", ")+` FROM `+table+` ORDER BY rowid`)
	if err != nil {
		return err
	}
	defer rs.Close()
	types, err := rs.ColumnTypes()
	if err != nil {
		return err
	}
	vals, into := anyRow(len(cols))
	for rs.Next() {
		if err := rs.Scan(into...); err != nil {
			return err
		}
		for i, t := range types { // SQLite knows 0 and 1 only, PostgreSQL takes neither for a truth
			if n, whole := vals[i].(int64); whole && strings.EqualFold(t.DatabaseTypeName(), "BOOLEAN") {
				vals[i] = n != 0
			}
		}
		if err := fn(plain(vals)); err != nil {
			return err
		}
	}
	return rs.Err()
}

// anyRow is a place for n values of any type.
func anyRow(n int) (vals, into []any) {
	vals, into = make([]any, n), make([]any, n)
	for i := range vals {
		into[i] = &vals[i]
	}
	return vals, into
}

// plain gives the values as both drivers write them.
func plain(vals []any) []any {
	out := make([]any, len(vals))
	for i, v := range vals {
		switch v := v.(type) {
		case []byte:
			out[i] = nonNil(v)
		case int16:
			out[i] = int64(v)
		default:
			out[i] = v
		}
	}
	return out
}

// backupFile is a backup that is being written.
type backupFile struct {
	path string
	db   *sql.DB
	cols map[string][]string
	rows map[string]int
	have int64 // version of its tables
}

// createBackup makes the file, which must not be there, for its owner alone.
func createBackup(ctx context.Context, path string, version int64) (_ *backupFile, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, conflict("backup_exists", "Diese Datei gibt es schon. Es wurde nichts überschrieben. Bitte einen anderen Namen nennen.")
	case err != nil:
		return nil, unavailable("backup_file", "Die Datei der Sicherung lässt sich nicht anlegen. Der Datenbestand ist unverändert. Bitte Ordner, Rechte und Platz prüfen.", errors.Unwrap(err))
	}
	f.Close()
	b := &backupFile{path: path, cols: map[string][]string{}, rows: map[string]int{}}
	defer func() {
		if err != nil {
			b.discard()
		}
	}()
	mem, have, err := shell(ctx, version)
	if err != nil {
		return nil, err
	}
	defer mem.Close()
	b.have = have
	if b.db, err = openFile(path, "_pragma=journal_mode(OFF)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)"); err != nil {
		return nil, err
	}
	texts := []string{fmt.Sprintf(`PRAGMA application_id = %d`, backupMark), `BEGIN`}
	for _, t := range backupTables {
		if b.cols[t.name], err = columnsOf(ctx, mem, t.name); err != nil {
			return nil, err
		}
		if len(b.cols[t.name]) == 0 {
			continue
		}
		var ddl string
		if err := mem.QueryRowContext(ctx, `SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $1`, t.name).Scan(&ddl); err != nil {
			return nil, err
		}
		texts = append(texts, ddl)
	}
	for _, q := range append(texts, `CREATE TABLE manifest(name TEXT PRIMARY KEY, value TEXT NOT NULL)`) {
		if _, err := b.db.ExecContext(ctx, q); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *backupFile) add(ctx context.Context, table string, vals []any) error {
	b.rows[table]++
	cols := b.cols[table]
	_, err := b.db.ExecContext(ctx, `INSERT INTO `+table+`(`+strings.Join(cols, ", ")+`) VALUES `+values(1, len(cols), 1), plain(vals)...)
	return err
}

// finish writes the manifest and waits for the disk.
func (b *backupFile) finish(ctx context.Context, m manifest) (sum []byte, err error) {
	if sum, err = sumRows(ctx, b.db, b.cols); err != nil {
		return nil, err
	}
	m.Form, m.Schema, m.Rows, m.Sum = backupForm, b.have, b.rows, hex.EncodeToString(sum)
	m.MAC = m.seal(m)
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	if _, err := b.db.ExecContext(ctx, `INSERT INTO manifest(name, value) VALUES('manifest', $1)`, string(text)); err != nil {
		return nil, err
	}
	if _, err := b.db.ExecContext(ctx, `COMMIT`); err != nil {
		return nil, err
	}
	if err := b.db.Close(); err != nil {
		return nil, err
	}
	return sum, syncFile(b.path)
}

// syncFile waits until a file and its name are on the disk.
func syncFile(path string) error {
	for _, p := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		err = f.Sync()
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *backupFile) discard() {
	if b.db != nil {
		b.db.Close()
	}
	os.Remove(b.path)
}
