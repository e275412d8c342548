package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// office is a database with issued numbers in a data folder, and the command line.
type office struct {
	st  *store.Store
	f   storetest.Firm
	dir string
	env []string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{dir: t.TempDir()}
	o.env = []string{"FEIERABEND_MASTER_KEYS=1:" + storetest.MasterKey, "FEIERABEND_ROOT_KEY=" + storetest.RootKey, "FEIERABEND_DATA=" + o.dir}
	clock := storetest.NewClock()
	o.st = storetest.Open(t, "sqlite:"+filepath.Join(o.dir, "feierabend.db"), clock)
	o.f, _ = storetest.Seed(t, o.st)
	for i := range 2 {
		out, err := o.st.Receive(t.Context(), []feierabend.Inbound{o.f.Inbound(fmt.Sprint("wamid.", i), "MARKER-7731")})
		if err != nil {
			t.Fatal(err)
		}
		m, err := o.st.Message(t.Context(), o.f.Tenant.ID, out[0].Message)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.st.ReserveNumber(t.Context(), o.f.Tenant.ID, m.Case, "RE-2026"); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// run runs a command on a data folder and gives what it printed and its exit code.
func (o *office) run(t *testing.T, dir string, args ...string) (string, string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	env := append([]string{}, o.env...)
	env[2] = "FEIERABEND_DATA=" + dir
	err := run(t.Context(), args, env, strings.NewReader(""), &out, &errs)
	if err != nil {
		errs.WriteString(sentence(err))
	}
	return out.String(), errs.String(), exitCode(err)
}

// TestBackupWhileServing: the command reaches the running service; restored
// elsewhere the series goes on behind the numbers that were named, or jumps.
func TestBackupWhileServing(t *testing.T) {
	o := newOffice(t)
	lock, err := openDataDir(o.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.close()
	stop, err := serveAdmin(o.dir, o.st, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	t.Chdir(t.TempDir())
	out, errs, code := o.run(t, o.dir, "backup", "--out", "sicherung")
	if code != exitDone || !strings.Contains(out, "letzte Nummer RE-2026-0043") || !strings.Contains(out, "Stammschlüssel") {
		t.Fatalf("backup %d\n%s%s", code, out, errs)
	}
	if b, err := os.ReadFile("sicherung"); err != nil || bytes.Contains(b, []byte("MARKER")) || !bytes.Contains(b, []byte("Deichgrün")) {
		t.Errorf("file of the backup: %v", err)
	}
	if _, errs, code := o.run(t, o.dir, "backup", "--out", "sicherung"); code != exitFail || !strings.Contains(errs, "gibt es schon") {
		t.Errorf("second backup %d %s", code, errs)
	}
	if out, _, code := o.run(t, o.dir, "backup", "--check", "sicherung"); code != exitDone || !strings.HasPrefix(out, "heil: Stand 24.11.2026") {
		t.Errorf("check %d %s", code, out)
	}
	if _, errs, code := o.run(t, o.dir, "restore", "sicherung", "--jump"); code != exitFail || !strings.Contains(errs, "laufenden Feierabend") {
		t.Errorf("restore under a running service: %d %s", code, errs)
	}
	id := o.f.Tenant.ID.String()
	for _, tc := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"no answer", []string{"sicherung"}, exitUsage, []string{"keine darf ein zweites Mal", "--last " + id + ":RE-2026=RE-2026-0043"}},
		{"last number", []string{"--last", id + ":RE-2026=RE-2026-0057", "sicherung"}, exitDone, []string{"ausgelassen RE-2026-0044 bis RE-2026-0057"}},
		{"last number, file first", []string{"sicherung", "--last", id + ":RE-2026=57"}, exitDone, []string{"ausgelassen RE-2026-0044 bis RE-2026-0057"}},
		{"too small", []string{"sicherung", "--last", id + ":RE-2026=7"}, exitFail, []string{"kann nicht kleiner sein"}},
		{"jump", []string{"sicherung", "--jump"}, exitDone, []string{"ausgelassen RE-2026-0044 bis RE-2026-0200"}},
		{"far jump", []string{"--jump=1000", "sicherung"}, exitDone, []string{"ausgelassen RE-2026-0044 bis RE-2026-2000"}},
		{"bad jump", []string{"--jump=0", "sicherung"}, exitUsage, []string{"feierabend restore DATEI"}},
		{"bad last", []string{"--last", "x:RE-2026=7", "sicherung"}, exitUsage, []string{"feierabend restore DATEI"}},
		{"no file", []string{"--jump"}, exitUsage, []string{"feierabend restore DATEI"}},
		{"two files", []string{"sicherung", "--jump", "sicherung"}, exitUsage, []string{"feierabend restore DATEI"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			out, errs, code := o.run(t, dir, append([]string{"restore"}, tc.args...)...)
			if code != tc.code {
				t.Errorf("exit %d\n%s%s", code, out, errs)
			}
			for _, s := range tc.says {
				if !strings.Contains(out+errs, s) {
					t.Errorf("%q is not said:\n%s%s", s, out, errs)
				}
			}
			if code != exitDone {
				return
			}
			if out, errs, code := o.run(t, dir, "audit", "verify"); code != exitDone {
				t.Errorf("audit %d\n%s%s", code, out, errs)
			}
			out, errs, code = o.run(t, dir, "numbers", "--tenant", id)
			if code != exitDone || !strings.Contains(out, "RE-2026;RE-2026-0043;RE-2026-0043;") || !strings.Contains(out, "ausgelassen nach Wiederherstellung") {
				t.Errorf("numbers %d\n%s%s", code, out, errs)
			}
		})
	}
}

// TestAskSeries: on a terminal each series is asked for until the answer fits.
func TestAskSeries(t *testing.T) {
	tenant, err := feierabend.ParseTenantID(strings.Repeat("a", 26))
	if err != nil {
		t.Fatal(err)
	}
	open := []feierabend.BackupSeries{{Tenant: tenant, Firm: "Werkstatt", Series: "RE-2026", Last: 43}, {Tenant: tenant, Firm: "Werkstatt", Series: "AN-2026", Last: 3}}
	var out bytes.Buffer
	got, err := ask(open, nil, 100, strings.NewReader("Moin\n42\nRE-2026-0057\n\n"), &out)
	if err != nil || len(got) != 2 || got[0].Last != 57 || got[0].Jump || !got[1].Jump {
		t.Errorf("answers %+v, %v", got, err)
	}
	if n := strings.Count(out.String(), "Das ist keine Nummer"); n != 2 || !strings.Contains(out.String(), "leer = weiter bei RE-2026-0201") {
		t.Errorf("asked:\n%s", out.String())
	}
	if _, err := ask(open, nil, 100, strings.NewReader("57\n"), &out); err == nil {
		t.Error("a missing answer is taken")
	}
}
