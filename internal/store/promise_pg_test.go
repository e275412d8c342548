//go:build !noscrub

package store_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// proof erases one case and gives the receipt after the scrub.
func proof(t *testing.T, st *store.Store, f storetest.Firm, id string) feierabend.ErasureReceipt {
	t.Helper()
	ctx := context.Background()
	m := typed(t, st, f, id, "Moin")
	rec, err := st.Erase(ctx, f.Tenant.ID, m.Case, feierabend.EraseDiscarded, f.Owner)
	must(t, err)
	must(t, second(st.ScrubAndVerify(ctx)))
	rec, err = st.Receipt(ctx, f.Tenant.ID, rec.ID)
	must(t, err)
	must(t, seal.VerifyReceipt(rec))
	return rec
}

// opened opens a store and gives what it said to its log.
func opened(t *testing.T, dsn string) (*store.Store, string) {
	t.Helper()
	var log bytes.Buffer
	o := storetest.Options(t, dsn, storetest.NewClock())
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	st, err := store.Open(context.Background(), o)
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	return st, log.String()
}

// TestPromise: on a cluster that keeps copies the service works, says so once at
// start, and its receipts are unverifiable, with the reasons.
func TestPromise(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	base := "postgres_vacuum_full_checkpoint"
	t.Run("good", func(t *testing.T) {
		st, log := opened(t, storetest.Postgres(t))
		a, _ := storetest.Seed(t, st)
		if rec := proof(t, st, a, "wamid.1"); log != "" || rec.Verification != feierabend.VerifyVerified || rec.Method != base+"_search" {
			t.Errorf("log %q, receipt %+v", log, rec)
		}
	})
	t.Run("log of this database", func(t *testing.T) {
		dsn := storetest.Postgres(t)
		conn, err := pgx.Connect(context.Background(), storetest.As(t, dsn, ""))
		must(t, err)
		defer conn.Close(context.Background())
		for _, set := range []string{
			`log_statement = 'mod'`, `log_error_verbosity = 'default'`, `log_min_duration_statement = 1000`,
			`log_min_duration_sample = 10`, `log_transaction_sample_rate = 0.5`, `log_parameter_max_length_on_error = 10`, `auto_explain.log_min_duration = 0`,
		} {
			_, err := conn.Exec(context.Background(), `ALTER DATABASE `+conn.Config().Database+` SET `+set)
			must(t, err)
		}
		st, log := opened(t, dsn)
		a, _ := storetest.Seed(t, st)
		want := "log_statement,log_min_duration_statement,log_min_duration_sample,log_transaction_sample_rate,log_parameter_max_length_on_error,log_error_verbosity,auto_explain.log_min_duration"
		if rec := proof(t, st, a, "wamid.1"); strings.Count(log, "\n") != 1 || !strings.Contains(log, want) || rec.Verification != feierabend.VerifyUnverifiable || rec.Method != base+":"+want {
			t.Errorf("log %q, receipt %+v", log, rec)
		}
	})
	t.Run("old snapshot", func(t *testing.T) {
		dsn := storetest.Postgres(t)
		clock := storetest.NewClock()
		st := storetest.Open(t, dsn, clock)
		st.Patience(0)
		a, _ := storetest.Seed(t, st)
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, storetest.As(t, dsn, ""))
		must(t, err)
		defer conn.Close(ctx)
		dump, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
		must(t, err)
		_, err = dump.Exec(ctx, `SELECT count(*) FROM person`) // not the key table: its lock would come first
		must(t, err)
		erase := func(id string) feierabend.ReceiptID {
			m := typed(t, st, a, id, "Moin")
			rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
			must(t, err)
			return rec.ID
		}
		prove := func(id feierabend.ReceiptID, code string, want feierabend.Verification, method string) {
			t.Helper()
			if _, err := st.ScrubAndVerify(ctx); feierabend.CodeOf(err) != code {
				t.Errorf("%v, want code %q", err, code)
			}
			rec, err := st.Receipt(ctx, a.Tenant.ID, id)
			must(t, err)
			if rec.Verification != want || rec.Method != method {
				t.Errorf("receipt %+v", rec)
			}
			if want != feierabend.VerifyPending {
				must(t, seal.VerifyReceipt(rec))
			}
		}
		first := erase("wamid.1")
		prove(first, "proof_waits", feierabend.VerifyPending, base+":old_snapshot")
		clock.Advance(24 * time.Hour) // it does not pass
		second := erase("wamid.2")
		prove(first, "proof_waits", feierabend.VerifyUnverifiable, base+":old_snapshot")
		must(t, dump.Rollback(ctx))
		prove(second, "", feierabend.VerifyVerified, base+"_search")
	})
	t.Run("archive, slot, recycled log", func(t *testing.T) {
		note := filepath.Join(t.TempDir(), "note")
		own := func(act string) string {
			cmd := exec.Command("../../test/pg.sh", act)
			cmd.Env = append(os.Environ(), "FEIERABEND_PG_NOTE="+note, "FEIERABEND_PG_OPTIONS=-c archive_mode=on -c archive_command=/bin/true -c wal_recycle=on -c wal_keep_size=16")
			out, err := cmd.Output()
			must(t, err)
			return strings.TrimSpace(string(out))
		}
		own("start")
		t.Cleanup(func() { own("stop") })
		t.Setenv(storetest.Env, own("dsn"))
		dsn := storetest.Postgres(t)
		conn, err := pgx.Connect(context.Background(), storetest.As(t, dsn, ""))
		must(t, err)
		defer conn.Close(context.Background())
		_, err = conn.Exec(context.Background(), `SELECT pg_create_physical_replication_slot('backup')`)
		must(t, err)
		st, log := opened(t, dsn)
		a, _ := storetest.Seed(t, st)
		want := "archive_mode,wal_recycle,wal_keep_size,replication_slots"
		if rec := proof(t, st, a, "wamid.1"); strings.Count(log, "\n") != 1 || !strings.Contains(log, want) || rec.Verification != feierabend.VerifyUnverifiable || rec.Method != base+":"+want {
			t.Errorf("log %q, receipt %+v", log, rec)
		}
	})
}

// TestScrubWaitsForNobody: who holds the key table makes the scrub come back later,
// not wait.
func TestScrubWaitsForNobody(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
	must(t, err)
	conn := storetest.Owner(t, st)
	defer conn.Close(ctx)
	held, err := conn.Begin(ctx)
	must(t, err)
	_, err = held.Exec(ctx, `LOCK TABLE content_key IN SHARE MODE`)
	must(t, err)
	began := time.Now()
	_, err = st.ScrubAndVerify(ctx)
	wantCode(t, err, feierabend.Unavailable, "busy")
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("waited %s", took)
	}
	must(t, held.Rollback(ctx))
	if n, err := st.ScrubAndVerify(ctx); n != 1 || err != nil {
		t.Errorf("%d verified, %v", n, err)
	}
	rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
	must(t, err)
	if rec.Verification != feierabend.VerifyVerified {
		t.Errorf("receipt %+v", rec)
	}
}
