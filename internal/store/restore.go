package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"

	"feierabend"
	"feierabend/internal/seal"
)

// lostWithMachine is the method of receipts whose proof was outstanding when the
// database was lost: what was to be searched is gone, nobody can prove it now.
const lostWithMachine = "lost_with_machine"

// Restore fills an empty database from a backup, all or nothing. answers says how each
// series of the backup goes on (others may be named too); gap is how far series jump
// whose last number nobody knows, at least 1. Proofs that were outstanding end as
// unverifiable, linked numbers are suspended until they are proved again. Errors: Conflict "not_empty"; Invalid "root_key", "backup_changed",
// "schema_newer", "series_unanswered", "series_answer", and those of ReadBackup.
func (s *Store) Restore(ctx context.Context, path string, answers []feierabend.SeriesAnswer, gap int) (b feierabend.Backup, err error) {
	if gap < 1 {
		return b, invalid("gap")
	}
	db, m, err := openBackup(ctx, path)
	if err != nil {
		return b, err
	}
	defer func() { db.Close() }()
	if err := s.ownBackup(m); err != nil {
		return b, err
	}
	if b, err = describe(ctx, db, m); err != nil {
		return b, err
	}
	how, err := sortAnswers(b.Series, answers)
	if err != nil {
		return b, err
	}
	if db, err = upgrade(ctx, db, m.Schema); err != nil {
		return b, err
	}
	return b, s.updateAll(ctx, func(t tx) error {
		if err := emptyDatabase(ctx, t); err != nil {
			return err
		}
		if err := refill(ctx, t, db); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO restoration(at, backup_at, gap) VALUES($1, $2, $3)`, micros(s.now()), m.MadeAt, gap); err != nil {
			return err
		}
		return s.afterRestore(ctx, t, how, gap, m.Sum[:16])
	})
}

// ownBackup says that the backup was written with this root key and not changed since.
func (s *Store) ownBackup(m manifest) error {
	if m.Root != hex.EncodeToString(s.root.MAC(seal.PurposeCheck, "root")) {
		return backupError("root_key", "Die Sicherung gehört zu einem anderen Stammschlüssel (FEIERABEND_ROOT_KEY). Es wurde nichts verändert. Bitte den Schlüssel angeben, mit dem gesichert wurde.", nil)
	}
	if subtle.ConstantTimeCompare([]byte(m.MAC), []byte(s.sealManifest(m))) != 1 {
		return backupError("backup_changed", "Die Sicherung wurde nach dem Sichern verändert. Es wurde nichts übernommen. Bitte eine andere Sicherung nehmen.", nil)
	}
	return nil
}

// upgrade brings the rows of an older backup to the tables of this program, in memory.
func upgrade(ctx context.Context, db *sql.DB, schema int64) (*sql.DB, error) {
	newest, err := newestSchema()
	if err != nil {
		return db, err
	}
	if schema > newest {
		return db, newer(schema, newest)
	}
	if schema == newest {
		return db, nil
	}
	mem, _, err := shell(ctx, schema)
	if err != nil {
		return db, err
	}
	fail := func(err error) (*sql.DB, error) {
		mem.Close()
		return db, fmt.Errorf("bring backup from schema %d to %d: %w", schema, newest, err)
	}
	for _, t := range backupTables {
		cols, err := columnsOf(ctx, db, t.name)
		if err != nil {
			return fail(err)
		}
		if len(cols) == 0 {
			continue
		}
		text := `INSERT INTO ` + t.name + `(` + strings.Join(cols, ", ") + `) VALUES ` + values(1, len(cols), 1)
		if err := eachRow(ctx, db, t.name, cols, func(vals []any) error {
			_, err := mem.ExecContext(ctx, text, vals...)
			return err
		}); err != nil {
			return fail(err)
		}
	}
	files, err := dialect(false)
	if err != nil {
		return fail(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, mem, files)
	if err != nil {
		return fail(err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fail(err)
	}
	return mem, db.Close()
}

// emptyDatabase refuses to mix a backup with what is there.
func emptyDatabase(ctx context.Context, q querier) error {
	var n int
	if err := q.queryRow(ctx, `SELECT (SELECT count(*) FROM tenant) + (SELECT count(*) FROM person) + (SELECT count(*) FROM audit_head) + (SELECT count(*) FROM restoration)`).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return conflict("not_empty", "In dieser Datenbank steht schon etwas. Eine Sicherung wird nur in eine leere Datenbank zurückgespielt. Es wurde nichts verändert.")
	}
	return nil
}

// refill inserts the rows of the backup, a firm's under its name.
func refill(ctx context.Context, t tx, db *sql.DB) error {
	for _, table := range backupTables {
		cols, err := columnsOf(ctx, db, table.name)
		if err != nil {
			return err
		}
		at := -1
		for i, c := range cols {
			if c == table.firm {
				at = i
			}
		}
		head := `INSERT INTO ` + table.name + `(` + strings.Join(cols, ", ") + `) VALUES `
		var firm string
		var args []any
		flush := func() error {
			steps := inserting(firm, head, "", len(cols), args, nil)
			args = nil
			if len(steps) == 0 {
				return nil
			}
			return t.run(ctx, steps)
		}
		if err := eachRow(ctx, db, table.name, cols, func(vals []any) error {
			if own := ""; at >= 0 {
				own, _ = vals[at].(string)
				if own != firm || len(args) >= 64*len(cols) {
					if err := flush(); err != nil {
						return err
					}
				}
				firm = own
			}
			args = append(args, vals...)
			return nil
		}); err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// afterRestore settles, firm by firm, what the lost database left open, and records
// the restore.
func (s *Store) afterRestore(ctx context.Context, t tx, how map[string][]seriesChange, gap int, ref string) error {
	by := feierabend.Actor{Via: feierabend.ViaCLI}
	firms, err := collect(ctx, t, func(r row) (id string, err error) { return id, r.Scan(&id) }, `SELECT id FROM tenant ORDER BY created_at, id`)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, name := range firms {
		known[name] = true
		tenant, err := feierabend.ParseTenantID(name)
		if err != nil {
			return err
		}
		if err := t.bind(ctx, name); err != nil {
			return err
		}
		if err := s.record(ctx, t, name, by, "restored", ref); err != nil {
			return err
		}
		for _, c := range how[name] {
			if err := s.moveSeries(ctx, t, tenant, c, gap, by); err != nil {
				return err
			}
		}
		if err := s.settleLost(ctx, t, tenant); err != nil {
			return err
		}
	}
	for name := range how {
		if !known[name] {
			return seriesError("series_answer", "Die Firma "+name+" steht nicht in der Sicherung.")
		}
	}
	if err := s.dropInvited(ctx, t); err != nil {
		return err
	}
	// Who was unlinked since is not known: each number is proved again before it is heard.
	if err := s.suspend(ctx, t, `linked_at >= $1`, []any{0}, feierabend.SuspendedRestored); err != nil {
		return err
	}
	return s.record(ctx, t, "", by, "restored", ref)
}

// dropInvited deletes the people who are no member of a firm: no backup holds invitations or
// operators' duties, and without one there is nothing that they could sign in to.
func (s *Store) dropInvited(ctx context.Context, t tx) error {
	if err := t.bind(ctx, ""); err != nil {
		return err
	}
	ids, err := collect(ctx, t, func(r row) (id feierabend.UserID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM person WHERE NOT EXISTS(SELECT 1 FROM membership m WHERE m.user_id = person.id)`)
	for _, id := range ids {
		if err := s.dropPerson(ctx, t, id); err != nil {
			return err
		}
	}
	return err
}

// settleLost ends receipts whose proof was outstanding: signed, and as it is.
func (s *Store) settleLost(ctx context.Context, t tx, tenant feierabend.TenantID) error {
	open, err := collect(ctx, t, func(r row) (feierabend.ErasureReceipt, error) { return scanReceipt(r, tenant) },
		`SELECT `+receiptColumns+` FROM receipt r WHERE r.tenant_id = $1 AND r.verification = $2`, tenant.String(), feierabend.VerifyPending)
	for _, r := range open {
		r.Verification, r.VerifiedAt, r.Method = feierabend.VerifyUnverifiable, timeOf(micros(s.now())), lostWithMachine
		r.SearchedFiles, r.SearchedBytes, r.Hits = 0, 0, 0
		if err := s.root.Sign(&r); err != nil {
			return err
		}
		if err := updateReceipt(ctx, t, r); err != nil {
			return err
		}
	}
	return err
}
