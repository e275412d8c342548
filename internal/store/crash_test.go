package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// crashStore opens a store in dir with one firm whose phone is known.
func crashStore(t testing.TB, dir string) *Store {
	t.Helper()
	keys, err := seal.ParseKeys("1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
	check(t, err)
	root, err := seal.ParseRoot("Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=")
	check(t, err)
	st, err := Open(context.Background(), Options{
		DSN: "sqlite:" + filepath.Join(dir, "feierabend.db"), Keys: keys, Root: root, Now: time.Now,
		NewID: feierabend.NewID, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	check(t, err)
	tenant, err := feierabend.ParseTenantID(strings.Repeat("a", 26))
	check(t, err)
	ctx := context.Background()
	if _, err := st.Tenant(ctx, tenant); err == nil {
		return st
	}
	check(t, st.CreateTenant(ctx, feierabend.Tenant{ID: tenant, Name: "Firma", RetentionDays: 30}, feierabend.Profile{}))
	check(t, st.AddUser(ctx, feierabend.User{ID: "u", Email: "u@firma.example", Name: "U"}))
	check(t, st.AddMembership(ctx, feierabend.Membership{User: "u", Tenant: tenant, Role: feierabend.RoleOwner}))
	check(t, st.AddSenderLink(ctx, tenant, feierabend.SenderLink{ID: "s", User: "u", Phone: "+491"}))
	check(t, st.ConcludeAgreement(ctx, feierabend.ProcessingAgreement{Tenant: tenant, Version: "1", ConcludedAt: time.Now()}))
	return st
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestKill kills a process that accepts with 16 callers, five times: every message
// that it acknowledged is there with its job, none twice, and accepting goes on.
func TestKill(t *testing.T) {
	if dir := os.Getenv("FEIERABEND_KILL_DIR"); dir != "" {
		acceptForEver(t, dir)
	}
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for round := range 5 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKill$")
		cmd.Env = append(os.Environ(), "FEIERABEND_KILL_DIR="+dir, fmt.Sprint("FEIERABEND_KILL_ROUND=", round))
		out, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if id, ok := strings.CutPrefix(lines.Text(), "ack "); ok {
				acknowledged[id] = true
			}
			if n == 40+17*round {
				check(t, cmd.Process.Kill())
			}
		}
		cmd.Wait()
	}
	st := crashStore(t, dir)
	defer st.Close()
	have := map[string]int{}
	check(t, st.viewAll(context.Background(), func(q querier) error {
		ids, err := collect(context.Background(), q, func(r row) (id string, err error) { return id, r.Scan(&id) },
			`SELECT m.id FROM message m WHERE EXISTS(SELECT 1 FROM river_job j WHERE json(j.args) LIKE '%' || m.id || '%')`)
		for _, id := range ids {
			have[id]++
		}
		return err
	}))
	for id := range acknowledged {
		if have[id] != 1 {
			t.Errorf("message %s acknowledged, %d there with a job", id, have[id])
		}
	}
	if len(acknowledged) < 200 {
		t.Errorf("only %d acknowledged", len(acknowledged))
	}
}

// acceptForEver is the process that gets killed.
func acceptForEver(t *testing.T, dir string) {
	st := crashStore(t, dir)
	var wg sync.WaitGroup
	for c := range 16 {
		wg.Go(func() {
			for n := 0; ; n++ {
				out, err := st.Receive(context.Background(), []feierabend.Inbound{{
					Channel: "whatsapp", From: "+491", Kind: feierabend.InboundText, Text: "Moin",
					ExternalID: fmt.Sprint("wamid.", os.Getenv("FEIERABEND_KILL_ROUND"), ".", c, ".", n), At: time.Now(),
				}})
				if err != nil {
					os.Exit(1)
				}
				os.Stdout.WriteString("ack " + string(out[0].Message) + "\n")
			}
		})
	}
	wg.Wait()
}

// TestCrashWhileZeroing: a power cut in the middle of overwriting the log loses
// nothing: at that moment all frames are in the database file.
func TestCrashWhileZeroing(t *testing.T) {
	dir := t.TempDir()
	st := crashStore(t, dir)
	defer st.Close()
	ctx := context.Background()
	for i := range 50 {
		_, err := st.Receive(ctx, []feierabend.Inbound{{Channel: "whatsapp", From: "+491", Kind: feierabend.InboundText, Text: "Moin", ExternalID: fmt.Sprint(i)}})
		check(t, err)
	}
	e := st.db.(*sqlite)
	conn, err := e.writer.Conn(ctx)
	check(t, err)
	defer conn.Close()
	check(t, checkpoint(ctx, conn, "RESTART", nil))
	db, err := os.ReadFile(e.path)
	check(t, err)
	log, err := os.ReadFile(e.path + "-wal")
	check(t, err)
	if len(log) < 10_000 {
		t.Fatalf("a log of %d bytes", len(log))
	}
	for i := range 20 {
		cut := len(log) * i / 19
		image := filepath.Join(t.TempDir(), "image.db")
		torn := bytes.Clone(log)
		clear(torn[:cut])
		check(t, os.WriteFile(image, db, 0o600))
		check(t, os.WriteFile(image+"-wal", torn, 0o600))
		pool, err := sql.Open("sqlite", "file:"+image)
		check(t, err)
		var ok string
		var n int
		check(t, pool.QueryRow(`PRAGMA integrity_check`).Scan(&ok))
		check(t, pool.QueryRow(`SELECT count(*) FROM message`).Scan(&n))
		check(t, pool.Close())
		if ok != "ok" || n != 50 {
			t.Errorf("cut at %d of %d: integrity %s, %d of 50 messages", cut, len(log), ok, n)
		}
	}
}

// TestZeroingOrder: the log's header is gone from the disk before anything behind it
// is touched. A disk writes in any order: frames that were zeroed behind a header
// that still holds would be a shorter log, and recovery would bring back old pages,
// an erased case among them (found by TestPowerLoss).
func TestZeroingOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	check(t, os.WriteFile(path, bytes.Repeat([]byte{7}, 3<<20), 0o600))
	var zeros []int
	length, err := zeroFile(path, func(point string) error {
		if point == "file sync" {
			b, err := os.ReadFile(path)
			check(t, err)
			zeros = append(zeros, bytes.Count(b, []byte{0}))
			if b[0] != 0 {
				t.Error("the header is there at a sync")
			}
		}
		return nil
	})
	check(t, err)
	if length != 3<<20 || len(zeros) != 2 || zeros[0] > 4096 || zeros[1] != 3<<20 {
		t.Errorf("%d bytes of %d zeroed at each sync, length %d", zeros, 3<<20, length)
	}
}

// TestScrubbedLog: what a scrub leaves of the log is nothing but zeros; a short one keeps
// its length, a long one gives its blocks back. What is accepted after it is there after a
// crash: SQLite alone finds it beside the zeros.
func TestScrubbedLog(t *testing.T) {
	dir := t.TempDir()
	st := crashStore(t, dir)
	defer st.Close()
	ctx := context.Background()
	e := st.db.(*sqlite)
	accepted := 0
	accept := func(n int) {
		for range n {
			accepted++
			_, err := st.Receive(ctx, []feierabend.Inbound{{Channel: "whatsapp", From: "+491", Kind: feierabend.InboundText, Text: "Moin", ExternalID: fmt.Sprint(accepted)}})
			check(t, err)
		}
	}
	for _, c := range []struct {
		name string
		fill int // bytes written to the log before the scrub
		kept bool
	}{{"short", 0, true}, {"short again", 0, true}, {"long", keptLog + 1<<20, false}, {"short after a long one", 0, true}} {
		accept(5)
		if c.fill > 0 {
			_, err := e.writer.ExecContext(ctx, `INSERT INTO meta(name, value) VALUES('fill', randomblob($1))`, c.fill)
			check(t, err)
		}
		before, err := os.Stat(e.path + "-wal")
		check(t, err)
		_, _, err = e.scrub(ctx)
		check(t, err)
		log, err := os.ReadFile(e.path + "-wal")
		check(t, err)
		if n := bytes.Count(log, []byte{0}); n != len(log) {
			t.Errorf("%s: %d bytes of the log are not zero", c.name, len(log)-n)
		}
		if want := map[bool]int64{true: before.Size()}[c.kept]; c.kept && before.Size() == 0 || int64(len(log)) != want {
			t.Errorf("%s: the log had %d bytes, now %d", c.name, before.Size(), len(log))
		}
		accept(1)
		image := filepath.Join(t.TempDir(), "image.db")
		for _, end := range []string{"", "-wal"} {
			b, err := os.ReadFile(e.path + end)
			check(t, err)
			check(t, os.WriteFile(image+end, b, 0o600))
		}
		pool, err := sql.Open("sqlite", "file:"+image)
		check(t, err)
		var ok string
		var n int
		check(t, pool.QueryRow(`PRAGMA integrity_check`).Scan(&ok))
		check(t, pool.QueryRow(`SELECT count(*) FROM message`).Scan(&n))
		check(t, pool.Close())
		if ok != "ok" || n != accepted {
			t.Errorf("%s: integrity %s, %d of %d messages", c.name, ok, n, accepted)
		}
	}
}
