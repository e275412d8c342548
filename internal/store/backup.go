package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"feierabend"
	"feierabend/internal/seal"
)

// Backup writes the account tables as they are at one moment into a new file, while
// the service works on: never content, keys, sessions or sign-in links (docs/backup.md).
// Conflict "backup_exists" where the file is there; a failed one leaves no file.
func (s *Store) Backup(ctx context.Context, path string) (b feierabend.Backup, err error) {
	f, err := createBackup(ctx, path, 0)
	if err != nil {
		return b, err
	}
	defer func() {
		if err != nil {
			f.discard()
		}
	}()
	if err := s.db.explain(s.db.snapshot(ctx, "", func(q querier) error { return copyRows(ctx, q, f) })); err != nil {
		return b, err
	}
	m := manifest{MadeAt: micros(s.now()), Root: hex.EncodeToString(s.root.MAC(seal.PurposeCheck, "root")), seal: s.sealManifest}
	if _, err := f.finish(ctx, m); err != nil {
		return b, unavailable("backup_file", "Die Sicherung konnte nicht fertig geschrieben werden und wurde verworfen. Der Datenbestand ist unverändert. Bitte Platz schaffen und noch einmal sichern.", err)
	}
	return ReadBackup(ctx, path)
}

func (s *Store) sealManifest(m manifest) string {
	return hex.EncodeToString(s.root.MAC(seal.PurposeBackup, m.parts()...))
}

// copyRows reads table by table, firm by firm: on PostgreSQL a firm's rows are only
// there when it is named.
func copyRows(ctx context.Context, q querier, f *backupFile) error {
	adding := func(table string) func(row) error {
		vals, into := anyRow(len(f.cols[table]))
		return func(r row) error {
			if err := r.Scan(into...); err != nil {
				return err
			}
			return f.add(ctx, table, vals)
		}
	}
	for _, t := range backupTables {
		if t.firm == "" {
			text := `SELECT ` + strings.Join(f.cols[t.name], ", ") + ` FROM ` + t.name + ` ORDER BY ` + t.order
			if err := q.run(ctx, []step{{text: text, scan: adding(t.name)}}); err != nil {
				return err
			}
		}
	}
	firms, err := collect(ctx, q, func(r row) (id string, err error) { return id, r.Scan(&id) }, `SELECT id FROM tenant ORDER BY created_at, id`)
	if err != nil {
		return err
	}
	for _, firm := range append(firms, "") { // "": the service's own audit records
		bound := firm
		if firm == "" {
			bound = noFirm
		}
		var steps []step
		for _, t := range backupTables {
			if t.firm != "" {
				text := `SELECT ` + strings.Join(f.cols[t.name], ", ") + ` FROM ` + t.name + ` WHERE ` + t.firm + ` = $1 ORDER BY ` + t.order
				steps = append(steps, step{tenant: bound, text: text, args: []any{firm}, scan: adding(t.name)})
			}
		}
		if err := q.run(ctx, steps); err != nil {
			return err
		}
	}
	return nil
}

// ReadBackup checks a backup file, without keys and without a database: its form,
// that it is whole, and that its rows are those that were written.
func ReadBackup(ctx context.Context, path string) (feierabend.Backup, error) {
	db, m, err := openBackup(ctx, path)
	if err != nil {
		return feierabend.Backup{}, err
	}
	defer db.Close()
	return describe(ctx, db, m)
}

// openBackup opens and checks a backup.
func openBackup(ctx context.Context, path string) (_ *sql.DB, m manifest, err error) {
	noBackup := func(err error) error {
		return backupError("backup_form", "Das ist keine Sicherung von Feierabend, oder die Datei ist unvollständig oder beschädigt. Es wurde nichts verändert. Bitte eine andere Sicherung nehmen.", err)
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, m, backupError("backup_file", "Die Sicherung lässt sich nicht lesen. Bitte Pfad und Rechte prüfen.", nil)
	}
	db, err := openFile(path, "mode=ro&immutable=1&_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, m, err
	}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	var mark int
	var whole, text string
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&mark); err != nil || mark != backupMark {
		return nil, m, noBackup(err)
	}
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&whole); err != nil || whole != "ok" {
		return nil, m, noBackup(fmt.Errorf("integrity check failed"))
	}
	if err := db.QueryRowContext(ctx, `SELECT value FROM manifest WHERE name = 'manifest'`).Scan(&text); err != nil {
		return nil, m, noBackup(fmt.Errorf("no manifest"))
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil || m.Form != backupForm {
		return nil, m, noBackup(fmt.Errorf("manifest of another form"))
	}
	cols := map[string][]string{}
	for _, t := range backupTables {
		if cols[t.name], err = columnsOf(ctx, db, t.name); err != nil {
			return nil, m, noBackup(err)
		}
	}
	sum, err := sumRows(ctx, db, cols)
	if err != nil || hex.EncodeToString(sum) != m.Sum {
		return nil, m, backupError("backup_damaged", "Die Sicherung ist beschädigt: Ihr Inhalt passt nicht zur Prüfsumme. Es wurde nichts verändert. Bitte eine andere Sicherung nehmen.", err)
	}
	return db, m, nil
}

func describe(ctx context.Context, db *sql.DB, m manifest) (b feierabend.Backup, err error) {
	b = feierabend.Backup{MadeAt: timeOf(m.MadeAt), Schema: m.Schema, Rows: m.Rows}
	if b.Sum, err = hex.DecodeString(m.Sum); err != nil {
		return b, err
	}
	rs, err := db.QueryContext(ctx, `SELECT t.id, t.name, s.series, s.last FROM number_series s JOIN tenant t ON t.id = s.tenant_id WHERE s.last > 0 ORDER BY t.created_at, t.id, s.series`)
	if err != nil {
		return b, err
	}
	defer rs.Close()
	for rs.Next() {
		var n feierabend.BackupSeries
		var id string
		if err := rs.Scan(&id, &n.Firm, &n.Series, &n.Last); err != nil {
			return b, err
		}
		if n.Tenant, err = feierabend.ParseTenantID(id); err != nil {
			return b, err
		}
		b.Series = append(b.Series, n)
	}
	return b, rs.Err()
}
