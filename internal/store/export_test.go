package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"feierabend/internal/seal"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// HoldReader opens a reading transaction on SQLite and gives the way to end it.
func (s *Store) HoldReader(t testing.TB) (release func()) {
	t.Helper()
	tx, err := s.db.(*sqlite).reader.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM cases`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return func() { tx.Rollback() }
}

// Pools gives SQLite's pools, writer first.
func (s *Store) Pools() []*sql.DB {
	e := s.db.(*sqlite)
	return []*sql.DB{e.writer, e.reader}
}

// Patience sets the age of an old snapshot on PostgreSQL.
func (s *Store) Patience(d time.Duration) { s.db.(*postgres).patience = d }

// OpenPool opens a pool of SQLite connections that keep their statements.
func OpenPool(dsn string) (*sql.DB, error) { return openPool(dsn) }

// Kept is the number of statements that a connection of OpenPool keeps.
func Kept(t testing.TB, conn *sql.Conn) (n int) {
	t.Helper()
	if err := conn.Raw(func(c any) error {
		n = c.(*connection).used.Len()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Unnumbered is a text as it is given to SQLite.
func Unnumbered(text string) string { return unnumbered(text) }

// MaxStatements is how many statements a connection keeps.
const MaxStatements = maxStatements

// Portions gives the ends of the portions of n rows.
func Portions(n int) (ends []int) {
	for _, to := range portions(n) {
		ends = append(ends, to)
	}
	return ends
}

// Padded is a list as it stands after IN.
func Padded(args []any) []any { return padded(args) }

// Classes gives table → class as the program has it.
func Classes() map[string]string {
	out := map[string]string{}
	for class, tables := range classes {
		for _, table := range tables {
			out[table] = string(class)
		}
	}
	return out
}

// MigrateOld brings an empty PostgreSQL database to the state of the first
// migrations up to version, all in the schema public, as it was before the schemas.
func MigrateOld(ctx context.Context, cfg *pgxpool.Config, version int64) error {
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	files, err := dialect(true)
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return err
	}
	mig, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = mig.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// BackupTables gives the tables that a backup holds, and those that it leaves out.
func BackupTables() (held []string, left map[string]string) {
	for _, t := range backupTables {
		held = append(held, t.name)
	}
	return held, leftOut
}

// OldBackup writes a backup as a program of an older schema would have, with rows.
func OldBackup(ctx context.Context, s *Store, path string, version int64, rows map[string][][]any) error {
	f, err := createBackup(ctx, path, version)
	if err != nil {
		return err
	}
	for table, all := range rows {
		for _, r := range all {
			if err := f.add(ctx, table, r); err != nil {
				return err
			}
		}
	}
	m := manifest{MadeAt: micros(s.now()), Root: hex.EncodeToString(s.root.MAC(seal.PurposeCheck, "root")), seal: s.sealManifest}
	_, err = f.finish(ctx, m)
	return err
}

// RewriteBackup changes a backup and its manifest as somebody without the root key could.
func RewriteBackup(ctx context.Context, path, statement string, schema int64) error {
	db, err := openFile(path, "_pragma=journal_mode(OFF)")
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return err
	}
	var text string
	if err := db.QueryRowContext(ctx, `SELECT value FROM manifest`).Scan(&text); err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	cols := map[string][]string{}
	for _, t := range backupTables {
		if cols[t.name], err = columnsOf(ctx, db, t.name); err != nil {
			return err
		}
	}
	sum, err := sumRows(ctx, db, cols)
	if err != nil {
		return err
	}
	m.Sum = hex.EncodeToString(sum)
	if schema > 0 {
		m.Schema = schema
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `UPDATE manifest SET value = $1`, string(b))
	return err
}

// SealedBackup gives the manifest of a rewritten backup the keyed hash of this store.
func SealedBackup(ctx context.Context, s *Store, path string) error {
	db, err := openFile(path, "_pragma=journal_mode(OFF)")
	if err != nil {
		return err
	}
	defer db.Close()
	var text string
	if err := db.QueryRowContext(ctx, `SELECT value FROM manifest`).Scan(&text); err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	m.MAC = s.sealManifest(m)
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `UPDATE manifest SET value = $1`, string(b))
	return err
}
