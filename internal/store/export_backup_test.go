package store

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"feierabend"
	"feierabend/internal/seal"
)

// BackupTables gives the tables that a backup holds, and those that it leaves out.
func BackupTables() (held []string, left map[string]string) {
	for _, t := range backupTables {
		held = append(held, t.name)
	}
	return held, leftOut
}

// ContentTables gives the tables that must be empty when no case is left.
func ContentTables() []string { return classes[feierabend.ClassContent] }

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
