package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestDataMapBackup: every account table is decided on, held or left out.
func TestDataMapBackup(t *testing.T) {
	class, _, _ := mapped(t)
	var want []string
	for table, c := range class {
		if c == string(feierabend.ClassAccount) {
			want = append(want, table)
		}
	}
	held, left := store.BackupTables()
	got := slices.Concat(held, slices.Collect(maps.Keys(left)))
	sort.Strings(want)
	sort.Strings(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("account tables of the data map against backupTables and leftOut (backup_tables.go):\n%s", diff)
	}
}

// backup writes a backup into a fresh folder.
func backup(t testing.TB, st *store.Store) (string, feierabend.Backup) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sicherung.feierabend")
	b, err := st.Backup(context.Background(), path)
	must(t, err)
	return path, b
}

// TestBackupHoldsNoContent searches the bytes of a backup for what content tables
// hold: marked texts, wrapped keys, the beginnings of all sealed values.
func TestBackupHoldsNoContent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := world(t, st)
		m := typed(t, st, a, "wamid.marked", "MARKER-7731 Frau Petersen")
		drafted(t, st, a, m)
		must(t, st.AddSession(ctx, feierabend.Session{TokenHash: []byte("SESSION-HASH-7731"), User: a.User.ID, Tenant: a.Tenant.ID, ExpiresAt: time.Now()}))
		must(t, st.AddSignInLink(ctx, feierabend.SignInLink{TokenHash: []byte("LINK-HASH-7731"), User: a.User.ID, CodeHash: []byte("c"), BindHash: []byte("b"), ExpiresAt: time.Now()}))
		path, b := backup(t, st)
		file, err := os.ReadFile(path)
		must(t, err)
		needles := map[string][]byte{"text": []byte("MARKER-7731"), "name": []byte("Petersen"), "message id": []byte("wamid."), "PDF": []byte("%PDF"), "session": []byte("SESSION-HASH"), "link": []byte("LINK-HASH")}
		class, _, _ := mapped(t)
		sealed := 0
		for table := range columns(t, st) {
			if class[table] != string(feierabend.ClassContent) {
				continue
			}
			for _, col := range blobColumns(t, st, table) {
				for i, v := range blobs(t, st, `SELECT `+col+` FROM `+table+` WHERE `+col+` IS NOT NULL`) {
					needles[fmt.Sprint(col, " ", i)] = v[:min(len(v), 24)]
					sealed++
				}
			}
		}
		for i, v := range blobs(t, st, `SELECT pieces FROM receipt_check`) {
			needles[fmt.Sprint("pieces ", i)] = v[:24]
		}
		for what, needle := range needles {
			if bytes.Contains(file, needle) {
				t.Errorf("%s stands in the backup", what)
			}
		}
		if sealed < 15 || !bytes.Contains(file, []byte("Deichgrün Haustechnik")) {
			t.Errorf("the search proves nothing: %d sealed values", sealed)
		}
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v", info.Mode())
		}
		if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
			t.Errorf("files beside the backup: %v", left)
		}
		if b.Rows["tenant"] != 2 || b.Rows["receipt"] != 2 || len(b.Sum) != 32 {
			t.Errorf("backup %+v", b)
		}
		if _, err := st.Backup(ctx, path); feierabend.CodeOf(err) != "backup_exists" {
			t.Errorf("over an existing file: %v", err)
		}
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, file) {
			t.Error("the existing file was changed")
		}
	})
}

// blobs gives the bytes of one column.
func blobs(t testing.TB, st *store.Store, q string) (out [][]byte) {
	t.Helper()
	for _, r := range ask(t, st, q) {
		var b []byte
		_, err := fmt.Sscanf(r[0], "%x", &b)
		must(t, err)
		out = append(out, b)
	}
	return out
}

// jump answers all series with a jump.
func jump(b feierabend.Backup) (out []feierabend.SeriesAnswer) {
	for _, s := range b.Series {
		out = append(out, feierabend.SeriesAnswer{Tenant: s.Tenant, Series: s.Series, Jump: true})
	}
	return out
}

// TestRestore brings a backup of each engine into a fresh database of each: the
// account is the same row for row, people and numbers go on, proofs hold.
func TestRestore(t *testing.T) {
	for _, from := range storetest.Engines(t) {
		for _, to := range storetest.Engines(t) {
			t.Run(from.Name+" to "+to.Name, func(t *testing.T) {
				ctx := context.Background()
				clock := storetest.NewClock()
				old := storetest.Open(t, from.DSN(t), clock)
				a, b := world(t, old)
				must(t, second(old.ScrubAndVerify(ctx)))
				lost := typed(t, old, a, "wamid.lost", "Moin")
				rec, err := old.Erase(ctx, a.Tenant.ID, lost.Case, feierabend.EraseDiscarded, a.Owner)
				must(t, err)
				do(t, old, `DELETE FROM number_gap`)
				invite(t, old, clock, a, "waits", "gesa@neu.example", feierabend.RoleOffice)
				must(t, second(old.AnswerInvitation(ctx, []byte("token-waits"), "gesa", clock.Now())))
				must(t, old.AddPasskey(ctx, feierabend.Passkey{ID: []byte("schluessel"), User: a.Owner.User, Name: "Telefon", PublicKey: []byte("oeffentlich"), Synced: true, CreatedAt: clock.Now()}, false, a.Owner))
				before := account(t, old)
				path, made := backup(t, old)

				clock.Advance(time.Hour)
				st := storetest.Open(t, to.DSN(t), clock)
				got, err := st.Restore(ctx, path, jump(made), 100)
				must(t, err)
				if diff := cmp.Diff(made, got, cmp.AllowUnexported(feierabend.TenantID{})); diff != "" {
					t.Error(diff)
				}
				after := account(t, st)
				for table, rows := range before {
					gone := slices.DeleteFunc(slices.Clone(rows), func(r string) bool { return slices.Contains(after[table], r) })
					want := map[string]int{"number_series": 2, "audit_head": 3, "receipt": 1, "person": 1, "sender_link": 2}[table]
					if len(gone) != want {
						t.Errorf("%s: %d rows changed, want %d:\n%s", table, len(gone), want, strings.Join(gone, "\n"))
					}
				}
				_, left := store.BackupTables()
				for table := range left {
					if n := count(t, st, table); n != "0" && table != "meta" && table != "clock" {
						t.Errorf("%s rows in %s, which no backup holds", n, table)
					}
				}
				if _, err := st.User(ctx, "gesa"); feierabend.KindOf(err) != feierabend.NotFound {
					t.Errorf("a person who was only invited is back, without the invitation: %v", err)
				}
				for _, f := range []storetest.Firm{a, b} {
					wantFaults(t, "audit of the firm", st, f.Tenant.ID)
					all, err := st.Receipts(ctx, f.Tenant.ID)
					must(t, err)
					for _, r := range all {
						if r.ID == rec.ID && (r.Verification != feierabend.VerifyUnverifiable || r.Method != "lost_with_machine" || r.Hits != 0) {
							t.Errorf("outstanding proof: %+v", r)
						}
						must(t, seal.VerifyReceipt(r))
					}
					if got := heard(t, st, f.Inbound("wamid.early"+string(f.Sender.ID), "Moin")); got.Code != feierabend.UnknownSender {
						t.Errorf("a number that may have been unlinked since is heard: %+v", got)
					}
					if l, err := st.SenderLink(ctx, f.Tenant.ID, f.Sender.ID); err != nil || l.Standing != feierabend.SenderSuspended || l.Why != feierabend.SuspendedRestored {
						t.Errorf("link %+v, %v", l, err)
					}
					reprove(t, st, f)
					m := typed(t, st, f, "wamid.new"+string(f.Sender.ID), "Moin") // the agreement stands
					number, _, err := st.ReserveNumber(ctx, f.Tenant.ID, m.Case, "RE-2026")
					must(t, err)
					if number != map[storetest.Firm]string{a: "RE-2026-0201", b: "RE-2026-0201"}[f] {
						t.Errorf("next number %s", number)
					}
				}
				wantFaults(t, "audit of the service", st, feierabend.TenantID{})
				if _, err := st.Restore(ctx, path, jump(made), 100); feierabend.CodeOf(err) != "not_empty" {
					t.Errorf("into a database that is not empty: %v", err)
				}
			})
		}
	}
}

// reprove links the number of a firm's owner again, in the chat.
func reprove(t testing.TB, st *store.Store, f storetest.Firm) {
	t.Helper()
	c := asked(t, st, f, f.User.ID, f.Sender.Phone, goodCode)
	for _, in := range []feierabend.Inbound{stranger(st, "again"+string(f.Sender.ID), wish), answer(st, "yes"+string(f.Sender.ID), feierabend.ActLink, c)} {
		in.From, in.BSUID = f.Sender.Phone, ""
		if got := heard(t, st, in); got.Code != feierabend.LinkHeard {
			t.Fatalf("proof: %+v", got)
		}
	}
	do(t, st, `DELETE FROM link_challenge`)
}

// account gives the rows of all tables that a backup holds.
func account(t testing.TB, st *store.Store) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	held, _ := store.BackupTables()
	real := columns(t, st)
	for _, table := range held {
		cols := slices.DeleteFunc(slices.Clone(real[table]), func(c string) bool { return table == "audit" && c == "id" })
		for _, r := range ask(t, st, `SELECT `+strings.Join(cols, ", ")+` FROM `+table) {
			if i := slices.Index(cols, "synced"); table == "passkey" && r[i] == "true" {
				r[i] = "1" // as SQLite has it
			}
			out[table] = append(out[table], strings.Join(r, "|"))
		}
		sort.Strings(out[table])
	}
	return out
}

// TestBackupOneMoment: a firm that is founded between the first table and the second
// is in none of them.
func TestBackupOneMoment(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			ctx, clock := context.Background(), storetest.NewClock()
			o := storetest.Options(t, e.DSN(t), clock)
			steps, armed := 0, false
			var st, other *store.Store
			o.Gate = func(point string) error {
				if point != "sql step" || !armed {
					return nil
				}
				if steps++; steps == 2 {
					armed = false
					id, err := feierabend.ParseTenantID(feierabend.NewID())
					must(t, err)
					must(t, other.CreateTenant(ctx, feierabend.Tenant{ID: id, Name: "Dritte", RetentionDays: 30}, feierabend.Profile{}))
				}
				return nil
			}
			st, err := store.Open(ctx, o)
			must(t, err)
			defer st.Close()
			storetest.Seed(t, st)
			other = storetest.Reopen(t, st, clock)
			armed = true
			_, b := backup(t, st)
			if steps < 2 || b.Rows["tenant"] != 2 || b.Rows["profile"] != 2 {
				t.Errorf("after %d steps: %d firms, %d profiles", steps, b.Rows["tenant"], b.Rows["profile"])
			}
		})
	}
}

// TestBackupUnderLoad: a backup made while documents are issued is of one moment.
func TestBackupUnderLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		stop := make(chan struct{})
		var work sync.WaitGroup
		for _, f := range []storetest.Firm{a, b} {
			work.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
						m := typed(t, st, f, fmt.Sprint("wamid.", f.Sender.ID, i), "Moin")
						drafted(t, st, f, m)
						issued(t, st, f, m.Case)
					}
				}
			})
		}
		var made []string
		for range 2 {
			path, _ := backup(t, st)
			made = append(made, path)
		}
		close(stop)
		work.Wait()
		fresh, _ := storetest.New(t)
		for _, path := range made {
			got, err := store.ReadBackup(ctx, path)
			must(t, err)
			_, err = fresh.Restore(ctx, path, jump(got), 100)
			must(t, err)
			for _, f := range []storetest.Firm{a, b} {
				wantFaults(t, "audit", fresh, f.Tenant.ID)
			}
			for _, r := range ask(t, fresh, `SELECT g.series, g.first, (SELECT max(n) FROM number_ledger l WHERE l.tenant_id = g.tenant_id) FROM number_gap g`) {
				if r[1] != fmt.Sprint(atoi(t, r[2])+1) {
					t.Errorf("the series ended before %s, the ledger at %s", r[1], r[2])
				}
			}
			fresh, _ = storetest.New(t)
		}
	})
}

func atoi(t testing.TB, s string) (n int) {
	t.Helper()
	_, err := fmt.Sscan(s, &n)
	must(t, err)
	return n
}

// TestBadBackup: what is no whole backup of this installation is refused with a
// sentence, and the database stays empty.
func TestBadBackup(t *testing.T) {
	ctx := context.Background()
	old, clock := storetest.New(t)
	world(t, old)
	path, made := backup(t, old)
	good, err := os.ReadFile(path)
	must(t, err)
	write := func(t *testing.T, b []byte) string {
		p := filepath.Join(t.TempDir(), "b")
		must(t, os.WriteFile(p, b, 0o600))
		return p
	}
	rewritten := func(t *testing.T, q string, schema int64) string {
		p := write(t, good)
		must(t, store.RewriteBackup(ctx, p, q, schema))
		return p
	}
	at := bytes.Index(good, []byte("Deichgrün"))
	flipped := bytes.Clone(good)
	flipped[at] ^= 1
	for _, tc := range []struct {
		name string
		path func(*testing.T) string
		code string
	}{
		{"none", func(t *testing.T) string { return filepath.Join(t.TempDir(), "x") }, "backup_file"},
		{"a folder", func(t *testing.T) string { return t.TempDir() }, "backup_file"},
		{"empty", func(t *testing.T) string { return write(t, nil) }, "backup_form"},
		{"another file", func(t *testing.T) string { return write(t, []byte(strings.Repeat("Moin ", 5000))) }, "backup_form"},
		{"a database of ours", func(t *testing.T) string { return databaseFile(t, old) }, "backup_form"},
		{"cut off", func(t *testing.T) string { return write(t, good[:len(good)/2]) }, "backup_form"},
		{"one bit", func(t *testing.T) string { return write(t, flipped) }, "backup_damaged"},
		{"unfinished", func(t *testing.T) string { return write(t, unfinished(t, good)) }, "backup_form"},
		{"row changed, sum made right", func(t *testing.T) string {
			return rewritten(t, `UPDATE person SET email_normal = 'boese@example.com' WHERE email_normal LIKE 'hauke%'`, 0)
		}, "backup_changed"},
		{"schema changed", func(t *testing.T) string { return rewritten(t, `UPDATE person SET name = name`, 2) }, "backup_changed"},
		{"newer schema", func(t *testing.T) string {
			p := rewritten(t, `UPDATE person SET name = name`, 9999)
			must(t, store.SealedBackup(ctx, old, p))
			return p
		}, "schema_newer"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			st := storetest.Open(t, storetest.SQLite(t), clock)
			_, err := st.Restore(ctx, tc.path(t), jump(made), 100)
			wantCode(t, err, feierabend.Invalid, tc.code)
			if n := count(t, st, "tenant"); n != "0" {
				t.Errorf("%s firms after a refused restore", n)
			}
		})
	}
	t.Run("another root key", func(t *testing.T) {
		o := storetest.Options(t, storetest.SQLite(t), clock)
		o.Root, err = seal.ParseRoot(storetest.MasterKey)
		must(t, err)
		st, err := store.Open(ctx, o)
		must(t, err)
		defer st.Close()
		_, err = st.Restore(ctx, path, jump(made), 100)
		wantCode(t, err, feierabend.Invalid, "root_key")
	})
	t.Run("folder that is not there", func(t *testing.T) {
		_, err := old.Backup(ctx, filepath.Join(t.TempDir(), "x", "y"))
		wantCode(t, err, feierabend.Unavailable, "backup_file")
	})
}

func databaseFile(t testing.TB, st *store.Store) string {
	t.Helper()
	var path string
	must(t, st.SQL().QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&path))
	return path
}

// unfinished is a backup whose manifest was never written.
func unfinished(t *testing.T, good []byte) []byte {
	p := filepath.Join(t.TempDir(), "u")
	must(t, os.WriteFile(p, good, 0o600))
	if err := store.RewriteBackup(context.Background(), p, `DELETE FROM manifest`, 0); err == nil {
		t.Fatal("a manifest is left")
	}
	b, err := os.ReadFile(p)
	must(t, err)
	return b
}

// TestBackupCanceled leaves no file behind.
func TestBackupCanceled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		storetest.Seed(t, st)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		path := filepath.Join(t.TempDir(), "b")
		if _, err := st.Backup(ctx, path); err == nil {
			t.Error("a canceled backup succeeds")
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("half a backup is left: %v", err)
		}
	})
}

// TestOldBackup: a backup of the first schema comes into the tables of today.
func TestOldBackup(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		path := filepath.Join(t.TempDir(), "b")
		id := strings.Repeat("a", 26)
		must(t, store.OldBackup(ctx, st, path, 2, map[string][][]any{
			"tenant":  {{id, "Werkstatt", int64(1), int64(30), int64(0)}},
			"profile": {{id, `{"trade":"shk","seller":{"last_number":"RE-2026-0007"}}`, int64(1)}},
			"audit":   {{int64(1), id, "", "", "cli", "tenant.created", id}},
		}))
		_, err := st.Restore(ctx, path, nil, 100)
		must(t, err)
		tenant, err := feierabend.ParseTenantID(id)
		must(t, err)
		wantFaults(t, "records from before the chain", st, tenant)
		got, err := st.Audit(ctx, tenant)
		must(t, err)
		var acts []string
		for _, e := range got {
			acts = append(acts, e.Act)
		}
		if diff := cmp.Diff([]string{"tenant.created", feierabend.ActChainBegun, "restored"}, acts); diff != "" {
			t.Error(diff)
		}
	})
}
