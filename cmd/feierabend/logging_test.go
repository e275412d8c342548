package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/secret"
	"feierabend/internal/storetest"
)

// TestCommandsStandInTheSecurityLog: an operator's acts, never their arguments.
func TestCommandsStandInTheSecurityLog(t *testing.T) {
	dir := t.TempDir()
	env := []string{"FEIERABEND_MASTER_KEYS=1:" + storetest.MasterKey, "FEIERABEND_ROOT_KEY=" + storetest.RootKey, "FEIERABEND_DATA=" + dir}
	for _, args := range [][]string{
		{"tenant", "create", "--name", "Petersenwerk", "--owner", "Petersen", "--email", "petersen@x.example", "--phone", "0171 3920015"},
		{"key", "list"},
		{"numbers", "--tenant", "Petersen"},
	} {
		run(t.Context(), args, env, strings.NewReader(""), io.Discard, io.Discard)
	}
	files, err := filepath.Glob(dir + "/logs/security-*.log")
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"act":"admin","person":"","address":"","door":"tenant","reason":"done"`, `"act":"key","person":"","address":"","door":"key","reason":"done"`, `"door":"numbers","reason":"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s is missing in\n%s", want, b)
		}
	}
	if strings.Contains(strings.ToLower(string(b)), "petersen") {
		t.Errorf("an argument stands in the log:\n%s", b)
	}
}

// TestSettingsHaveAFingerprint: a start with other settings has another one, and it
// shows none of them.
func TestSettingsHaveAFingerprint(t *testing.T) {
	root, err := seal.ParseRoot(storetest.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	a := config{Mode: "live", Listen: "localhost:1", WhatsAppToken: secret.New("Mondschein")}
	b, c := a, a
	b.Listen = "localhost:2"
	c.vault.plain = []string{"FEIERABEND_WHATSAPP_TOKEN"}
	if again := a; again.fingerprint(root) != a.fingerprint(root) || a.fingerprint(root) == b.fingerprint(root) || a.fingerprint(root) == c.fingerprint(root) {
		t.Error("the fingerprint does not follow the settings")
	}
}

func TestLogSettingsAreChecked(t *testing.T) {
	for _, c := range []struct {
		days   int
		fields string
		fine   bool
	}{{7, "browser", true}, {30, "off", true}, {31, "browser", false}, {0, "browser", false}, {7, "hostname", false}, {7, "", false}} {
		if err := (config{LogDays: c.days, AccessLog: c.fields}).checkLogs(); (err == nil) != c.fine {
			t.Errorf("%d days, %q: %v", c.days, c.fields, err)
		}
	}
	for want, c := range map[string]config{
		"":        {Mode: "live", DatabaseURL: secret.New("postgres://x")},
		"a/logs":  {Mode: "live", Data: "a"},
		"/var/l":  {Mode: "live", Data: "a", LogFolder: "/var/l", DatabaseURL: secret.New("postgres://x")},
		"d/logs":  {Mode: "demo", Data: "d", DatabaseURL: secret.New("postgres://x")},
		"stderr?": {Mode: "live", Data: "a", LogFolder: "stderr"},
	} {
		if got := c.logFolder(); got != strings.TrimSuffix(want, "stderr?") {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// TestWithoutAFolderBothLogsGoToStderr, each line marked with its log.
func TestWithoutAFolderBothLogsGoToStderr(t *testing.T) {
	root, err := seal.ParseRoot(storetest.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	l, err := openLogs(config{Mode: "live", LogFolder: "stderr", LogDays: 7, AccessLog: "browser"}, root, &b)
	if err != nil {
		t.Fatal(err)
	}
	l.visit(feierabend.PageView{UserAgent: "Firefox/132.0"})
	l.event(feierabend.SecurityEvent{Act: feierabend.SecurityDenied, User: "u1"})
	(*logs)(nil).visit(feierabend.PageView{})
	(*logs)(nil).event(feierabend.SecurityEvent{})
	if !strings.Contains(b.String(), `{"log":"access","browser":"Firefox 132"}`) || !strings.Contains(b.String(), `"log":"security"`) || strings.Contains(b.String(), "u1") {
		t.Errorf("%s", b.String())
	}
	for line := range strings.Lines(b.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

// TestLibrariesSpeakThroughOurLog: the standard loggers of a library that we do not
// know of are cut down too.
func TestLibrariesSpeakThroughOurLog(t *testing.T) {
	before, flags, out := slog.Default(), log.Flags(), log.Writer()
	t.Cleanup(func() { slog.SetDefault(before); log.SetFlags(flags); log.SetOutput(out) })
	var b bytes.Buffer
	l := newLog(&b, false, slog.LevelInfo)
	foreignLogs(l)
	log.Printf("goose: row of %s", "Petersen")
	slog.Error("x", "row", "Petersen", "err", errors.New("Petersen"))
	if strings.Contains(b.String(), "Petersen") || !strings.Contains(b.String(), `"complaint":"log:other"`) || !strings.Contains(b.String(), `"err":"*errors.errorString"`) {
		t.Errorf("%s", b.String())
	}
	if keys, values := droppedAttributes(l); keys != 1 || values != 0 {
		t.Errorf("dropped %d, %d", keys, values)
	}
}

// TestOldLogsGoWhileTheServiceRuns: not only at its start.
func TestOldLogsGoWhileTheServiceRuns(t *testing.T) {
	root, err := seal.ParseRoot(storetest.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	l, err := openLogs(config{LogFolder: dir, LogDays: 7, AccessLog: "browser"}, root, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	old := filepath.Join(dir, "access-"+time.Now().UTC().AddDate(0, 0, -8).Format(time.DateOnly)+".log")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	close(stop)
	l.prune(stop, slog.New(slog.DiscardHandler))
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("an old log is still there: %v", err)
	}
}
