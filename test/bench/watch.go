package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // reads the service's database
)

const draftedMessages = `SELECT m.case_id, m.at FROM message m JOIN draft d ON d.tenant_id = m.tenant_id AND d.case_id = m.case_id WHERE d.version = 1`

// watch begins to note drafts: on SQLite it looks every two milliseconds, on
// PostgreSQL a trigger of the bench tells at the commit.
func watch(ctx context.Context, d *database) (*watcher, error) {
	w := &watcher{at: map[string]int64{}}
	ctx, w.stop = context.WithCancel(ctx)
	if isPG(d) {
		return w, w.listen(ctx, d)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, "feierabend.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	w.names = func(context.Context) (map[string]int64, error) {
		out := map[string]int64{}
		rows, err := db.Query(draftedMessages)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			var at int64
			if err := rows.Scan(&id, &at); err != nil {
				return nil, err
			}
			out[id] = at / 1_000_000
		}
		return out, rows.Err()
	}
	var last int64
	if err := db.QueryRow(`SELECT COALESCE(max(rowid), 0) FROM draft`).Scan(&last); err != nil {
		return nil, err
	}
	go func() {
		defer db.Close()
		for ; ctx.Err() == nil; time.Sleep(2 * time.Millisecond) {
			if err := w.look(db, &last); err != nil {
				w.mu.Lock()
				w.err = err
				w.mu.Unlock()
			}
		}
	}()
	return w, nil
}

func (w *watcher) look(db *sql.DB, last *int64) error {
	rows, err := db.Query(`SELECT rowid, case_id FROM draft WHERE rowid > $1`, *last)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(last, &id); err != nil {
			return err
		}
		w.add(id)
	}
	return rows.Err()
}

func (w *watcher) listen(ctx context.Context, d *database) error {
	w.names = func(ctx context.Context) (map[string]int64, error) {
		out := map[string]int64{}
		return out, d.asOwner(ctx, func(c *pgx.Conn) error {
			rows, err := c.Query(ctx, `SELECT m.case_id, m.at FROM content.message m JOIN content.draft d ON d.tenant_id = m.tenant_id AND d.case_id = m.case_id WHERE d.version = 1`)
			if err != nil {
				return err
			}
			var id string
			var at int64
			_, err = pgx.ForEachRow(rows, []any{&id, &at}, func() error {
				out[id] = at / 1_000_000
				return nil
			})
			return err
		})
	}
	conn, err := pgx.Connect(ctx, d.migrate)
	if err != nil {
		return err
	}
	for _, q := range []string{
		`CREATE FUNCTION content.bench_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('bench', NEW.case_id); RETURN NULL; END $$`,
		`CREATE TRIGGER bench_told AFTER INSERT ON content.draft FOR EACH ROW EXECUTE FUNCTION content.bench_told()`,
		`LISTEN bench`,
	} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return err
		}
	}
	go func() {
		defer conn.Close(context.WithoutCancel(ctx))
		for {
			n, err := conn.WaitForNotification(ctx)
			if err != nil {
				return
			}
			w.add(n.Payload)
		}
	}()
	return nil
}
