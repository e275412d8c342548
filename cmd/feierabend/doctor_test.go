package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feierabend"
)

// TestDoctorFindings: each thing that is wrong with a database has its line, and a
// sound one has none.
func TestDoctorFindings(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	sound := feierabend.Inspection{Engine: "postgres", Version: "17.2", Schema: 9, Time: now, LastSweep: now.Add(-time.Minute), Tenants: 2}
	green, red := feierabend.Health{Level: feierabend.HealthGreen}, feierabend.Health{Level: feierabend.HealthRed, Code: "clock_jump"}
	for name, tc := range map[string]struct {
		change func(*feierabend.Inspection)
		clock  feierabend.Health
		want   []string // beginnings of the lines that are not good
	}{
		"sound":         {func(*feierabend.Inspection) {}, green, nil},
		"archived":      {func(i *feierabend.Inspection) { i.Unprovable = []string{"archive_mode", "slots"} }, green, []string{"BEFUND  Löschungen lassen sich auf dieser Datenbank nicht beweisen: archive_mode ", "BEFUND  Löschungen lassen sich auf dieser Datenbank nicht beweisen: slots "}},
		"unfenced":      {func(i *feierabend.Inspection) { i.Unfenced = true }, green, []string{"BEFUND  Die Rolle des Dienstes geht am Zeilenschutz vorbei."}},
		"drift":         {func(i *feierabend.Inspection) { i.Time = now.Add(-90 * time.Second) }, green, []string{"BEFUND  Die Uhren von Rechner und Datenbank gehen 1m30s auseinander."}},
		"drift ahead":   {func(i *feierabend.Inspection) { i.Time = now.Add(2 * time.Minute) }, green, []string{"BEFUND  Die Uhren von Rechner und Datenbank gehen 2m0s auseinander."}},
		"little drift":  {func(i *feierabend.Inspection) { i.Time = now.Add(time.Minute) }, green, nil},
		"no own clock":  {func(i *feierabend.Inspection) { i.Time = time.Time{} }, green, nil},
		"doubted":       {func(*feierabend.Inspection) {}, red, []string{"BEFUND  Der Uhr wird nicht geglaubt, es wird nichts gelöscht (clock_jump)."}},
		"sweep late":    {func(i *feierabend.Inspection) { i.LastSweep = now.Add(-3 * time.Hour) }, green, []string{"BEFUND  Der Löschdienst lief zuletzt vor 3h0m0s."}},
		"sweep in time": {func(i *feierabend.Inspection) { i.LastSweep = now.Add(-2 * time.Hour) }, green, nil},
		"never swept":   {func(i *feierabend.Inspection) { i.LastSweep = time.Time{} }, green, []string{"Hinweis Der Löschdienst lief hier noch nie."}},
		"unproved":      {func(i *feierabend.Inspection) { i.Pending = 3 }, green, []string{"Hinweis 3 Löschungen warten auf ihren Beweis"}},
	} {
		t.Run(name, func(t *testing.T) {
			i := sound
			tc.change(&i)
			var out bytes.Buffer
			report{&out}.inspection(i, tc.clock, now)
			wantLines(t, out.String(), tc.want)
		})
	}
}

// wantLines compares the lines that are not good.
func wantLines(t *testing.T, text string, want []string) {
	t.Helper()
	var got []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, lineGood) {
			got = append(got, line)
		}
	}
	for n := range max(len(got), len(want)) {
		if n >= len(got) || n >= len(want) || !strings.HasPrefix(got[n], want[n]) {
			t.Fatalf("lines %q, want %q", got, want)
		}
	}
}

// TestDoctorFolder: a folder or a database file that others can read is a finding.
func TestDoctorFolder(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "feierabend.db")
	if err := os.WriteFile(db, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		folder, file os.FileMode
		want         string
	}{
		{0o700, 0o600, ""}, {0o750, 0o600, "ist für andere Benutzer offen (750)"}, {0o700, 0o640, "ist für andere Benutzer lesbar (640)"},
	} {
		for path, mode := range map[string]os.FileMode{dir: tc.folder, db: tc.file} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		report{&out}.folder(dir)
		found := strings.Contains(out.String(), "für andere Benutzer")
		if found != (tc.want != "") || !strings.Contains(out.String(), tc.want) {
			t.Errorf("%o and %o: %s", tc.folder, tc.file, out.String())
		}
	}
	var out bytes.Buffer
	report{&out}.folder(filepath.Join(dir, "fehlt"))
	if !strings.Contains(out.String(), "ist noch nicht da") {
		t.Errorf("absent: %s", out.String())
	}
}

// TestDoctorLive: doctor --live asks WhatsApp for the own number, and says whether
// address, token and number fit together.
func TestDoctorLive(t *testing.T) {
	var asked []string
	graph := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.String())
		if r.Header.Get("Authorization") != "Bearer gut" {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"error":{"code":190,"message":"geheim"}}`)
			return
		}
		io.WriteString(w, `{"id":"115577990033441"}`)
	}))
	defer graph.Close()
	for token, want := range map[string]string{"gut": "gut     WhatsApp antwortet\n", "falsch": "BEFUND  WhatsApp antwortet nicht wie erwartet ("} {
		asked = nil
		var out, errs bytes.Buffer
		err := run(t.Context(), []string{"doctor", "--live"}, []string{
			"FEIERABEND_MODE=demo", "FEIERABEND_DATA=" + t.TempDir(), "FEIERABEND_MODELS=" + t.TempDir(),
			"FEIERABEND_WHATSAPP_URL=" + graph.URL, "FEIERABEND_WHATSAPP_PHONE_NUMBER_ID=115577990033441", "FEIERABEND_WHATSAPP_TOKEN=" + token,
		}, strings.NewReader(""), &out, &errs)
		if !strings.Contains(out.String(), want) || strings.Contains(out.String(), "geheim") {
			t.Errorf("%s: %v\n%s", token, err, out.String())
		}
		if fmt.Sprint(asked) != "[GET /v25.0/115577990033441?fields=id]" {
			t.Errorf("%s: asked %q", token, asked)
		}
	}
}
