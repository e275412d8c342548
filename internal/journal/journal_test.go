package journal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/journal"
)

// hostile are the words of LOG-05: new lines, colours, turned text, a second line.
var hostile = []string{
	"Petersen\n{\"level\":\"ERROR\",\"msg\":\"forged\"}", "Petersen\r\nforged", "\x1b[2J\x1b[31mPetersen", "\u202ePetersen\u202c", "Pe\u2066tersen\u2069", "Petersen\u2028forged",
	"Petersen\x00", "Petersen\x7f", "Petersen\u200b", "{{Petersen}}", "Petersen; DROP TABLE", "%s%n Petersen", strings.Repeat("Petersen ", 5000), "\xff\xfePetersen",
}

type point struct{ Name string }

func (p point) LogValue() slog.Value { return slog.GroupValue(slog.String("name", p.Name)) }

// TestOnlyTheListPasses: LOG-01, with every way of passing something to slog.
func TestOnlyTheListPasses(t *testing.T) {
	for _, text := range []bool{false, true} {
		var b bytes.Buffer
		h := journal.NewHandler(&b, text, slog.LevelDebug)
		l := slog.New(h)
		n := 0
		for _, w := range hostile {
			for k := range journal.Keys() {
				l.Info("x", k, w)
				l.With(k, w).Info("x")
				l.WithGroup("g").Warn("x", k, []string{w}, k, point{w}, k, &point{w}, k, map[string]string{w: w}, k, errors.New(w))
				n++
			}
			l.Info("x", "person", w, "unknown", 7, w, w)
			l.Info(w)
		}
		out := b.String()
		if lines := strings.Count(out, "\n"); lines != 3*n+2*len(hostile) {
			t.Errorf("text %v: %d lines for %d records", text, lines, 3*n+2*len(hostile))
		}
		for _, bad := range []string{"\x1b", "\u202e", "\u2066", "\u2028", "\u200b", "\x00", "\x7f", "person", "unknown", "DROP TABLE\" k", `\u001b`} {
			if strings.Contains(out, bad) {
				t.Errorf("text %v: %q reached the log", text, bad)
			}
		}
		for line := range strings.Lines(out) {
			if strings.Contains(line, "Petersen") && !strings.Contains(line, "msg=") && !strings.Contains(line, `"msg":"`) {
				t.Fatalf("a value reached the log: %s", line)
			}
		}
		attrs := 0
		for line := range strings.Lines(strings.ReplaceAll(out, `"msg":"x"`, "")) {
			if text || !strings.Contains(line, "Petersen") {
				continue
			}
			var m map[string]any
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatalf("a line is no JSON: %s", line)
			}
			for k, v := range m {
				if k != "msg" && strings.Contains(fmt.Sprint(v), "Petersen") {
					attrs++
				}
			}
		}
		if attrs > 0 {
			t.Errorf("%d attributes hold words of people", attrs)
		}
		if h.Dropped().Keys.Load() != int64(3*len(hostile)) || h.Dropped().Values.Load() == 0 {
			t.Errorf("dropped %d keys and %d values", h.Dropped().Keys.Load(), h.Dropped().Values.Load())
		}
	}
}

func TestWhatIsAllowedIsThere(t *testing.T) {
	var b bytes.Buffer
	h := journal.NewHandler(&b, false, slog.LevelInfo)
	slog.New(h).With("code", "busy").Info("request", "method", "POST", "route", "/v/{case}/ausstellen", "status", 200, "ref", "01JDXK-abc_9", "final", true, "err", nil,
		"error", &feierabend.Error{Kind: feierabend.Unavailable, Code: "database_down", Text: "Petersen", Err: syscall.ENOSPC}, "stack", string(debug.Stack()))
	var m map[string]any
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"level": "INFO", "msg": "request", "code": "busy", "method": "POST", "route": "/v/{case}/ausstellen", "status": 200.0, "ref": "01JDXK-abc_9", "final": true, "err": "",
		"error": "unavailable/database_down > errno 28 (no space left on device)",
	}
	for k, v := range want {
		if m[k] != v {
			t.Errorf("%s: %v, want %v", k, m[k], v)
		}
	}
	if s := fmt.Sprint(m["stack"]); !strings.Contains(s, "journal_test.go:") || strings.Contains(s, "0x") || strings.Contains(s, "(") {
		t.Errorf("stack %q", s)
	}
	if d := h.Dropped(); d.Keys.Load()+d.Values.Load() != 0 {
		t.Errorf("dropped %d and %d", d.Keys.Load(), d.Values.Load())
	}
}

type sqlError struct{ state, text string }

func (e sqlError) Error() string    { return e.text }
func (e sqlError) SQLState() string { return e.state }

// TestErrorsKeepTheirWordsToThemselves: a driver repeats values, a client addresses.
func TestErrorsKeepTheirWordsToThemselves(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"plain":   {errors.New("no Petersen"), "*errors.errorString"},
		"wrapped": {fmt.Errorf("load Petersen: %w", sqlError{"23505", "Key (email)=(petersen@x.example)"}), "*fmt.wrapError > journal_test.sqlError 23505"},
		"state":   {sqlError{"Pe tersen", ""}, "journal_test.sqlError"},
		"joined":  {errors.Join(errors.New("Petersen"), context.Canceled), "*errors.joinError > *errors.errorString > context canceled"},
		"path":    {&os.PathError{Op: "open", Path: "/Petersen", Err: syscall.EACCES}, "*fs.PathError > errno 13 (permission denied)"},
		"ours":    {&feierabend.Error{Kind: feierabend.Invalid, Code: "Petersen sagt", Text: "Petersen"}, "invalid"},
	} {
		if got := journal.Describe(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestComplaintsOfLibraries(t *testing.T) {
	var b bytes.Buffer
	l := journal.Complaints(slog.New(journal.NewHandler(&b, false, slog.LevelInfo)), "pages")
	l.Print("http: TLS handshake error from 192.0.2.17:4711: Petersen")
	l.Print("http: panic serving 192.0.2.17:4711: Petersen\ngoroutine 1")
	l.Print("Petersen")
	for _, want := range []string{`"complaint":"pages:tls_handshake"`, `"complaint":"pages:panic"`, `"complaint":"pages:other"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing in %s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "192.0.2") || strings.Contains(b.String(), "Petersen") {
		t.Errorf("a library's words: %s", b.String())
	}
}

// TestTheLogsShareNoField: LOG-02, nothing can be merged.
func TestTheLogsShareNoField(t *testing.T) {
	var access []string
	for _, f := range journal.Fields() {
		access = append(access, f.Key)
		if f.Policy == "" {
			t.Errorf("%s has no words for the policy", f.Key)
		}
	}
	for _, k := range access {
		if _, shared := journal.Keys()[k]; shared || slices.Contains(journal.SecurityFields(), k) {
			t.Errorf("%s stands in two logs", k)
		}
	}
	for _, k := range journal.SecurityFields() {
		if _, shared := journal.Keys()[k]; shared {
			t.Errorf("%s stands in two logs", k)
		}
	}
}

func TestAccessLine(t *testing.T) {
	fields, err := journal.ParseFields(journal.DefaultFields + ",page,answer")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 13, 5, 59, 999, time.FixedZone("CET", 3600))
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0":                                                                     "Firefox 132 Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51":          "Edge 131 Windows",
		"Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36": "Samsung Internet 26 Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1":    "Safari 18 iOS",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36":                      "Chrome 131 macOS",
		"curl/8.10 Petersen": "other other", "": "other other", "Firefox/Petersen\n": "Firefox other", "Firefox/99999999999": "Firefox 9999 other",
	} {
		var b bytes.Buffer
		journal.NewAccess(&b, fields).Visit(feierabend.PageView{
			At: at, Method: "GET", Route: "/v/{case}", Status: 200, UserAgent: agent, Referrer: "https://Suche.example:8443/q?person=Petersen#x", Address: netip.MustParseAddr("192.0.2.171"),
		})
		var m map[string]string
		if err := json.Unmarshal(b.Bytes(), &m); err != nil || strings.Count(b.String(), "\n") != 1 {
			t.Fatalf("%s: %v", b.String(), err)
		}
		if got := m["browser"] + " " + m["system"]; got != want {
			t.Errorf("%q: %q, want %q", agent, got, want)
		}
		if m["referrer"] != "https://suche.example:8443" || m["minute"] != "2026-11-24T12:05Z" || m["network"] != "192.0.2.0/24" || m["page"] != "/v/{case}" || m["answer"] != "200" {
			t.Errorf("line %s", b.String())
		}
	}
	for in, want := range map[string]string{"2001:db8:aaaa:bbbb::1": "2001:db8:aaaa::/48", "::ffff:192.0.2.9": "192.0.2.0/24", "fe80::1%eth0": "fe80::/48"} {
		var b bytes.Buffer
		journal.NewAccess(&b, fields).Visit(feierabend.PageView{At: at, Address: netip.MustParseAddr(in), Referrer: "javascript:Petersen", Route: "/x/Petersen"})
		if !strings.Contains(b.String(), `"network":"`+want+`"`) || !strings.Contains(b.String(), `"referrer":""`) || strings.Contains(b.String(), "Petersen") {
			t.Errorf("%s: %s", in, b.String())
		}
	}
}

func TestPolicyNamesTheFields(t *testing.T) {
	for _, f := range journal.Fields() {
		one, err := journal.ParseFields(f.Key)
		if err != nil || !strings.Contains(journal.Policy(one, 7), f.Policy) || !strings.Contains(journal.Policy(one, 7), "7 Tagen") {
			t.Errorf("%s: %v, %s", f.Key, err, journal.Policy(one, 7))
		}
		for _, g := range journal.Fields() {
			if g.Key != f.Key && strings.Contains(journal.Policy(one, 7), g.Policy) {
				t.Errorf("the policy for %s names %s", f.Key, g.Key)
			}
		}
	}
	none, err := journal.ParseFields("off")
	if err != nil || len(none) != 0 || !strings.Contains(journal.Policy(none, 7), "kein Protokoll") {
		t.Errorf("off: %v, %v", none, err)
	}
	var b bytes.Buffer
	journal.NewAccess(&b, none).Visit(feierabend.PageView{Address: netip.MustParseAddr("192.0.2.1")})
	if b.Len() > 0 {
		t.Errorf("off writes %s", b.String())
	}
	if _, err := journal.ParseFields("browser,hostname"); err == nil {
		t.Error("a field that does not exist")
	}
}

func TestSecurityLine(t *testing.T) {
	var b bytes.Buffer
	s := journal.NewSecurity(&b, func(u feierabend.UserID) string { return "hash" + fmt.Sprint(len(u)) }, func() time.Time { return time.Unix(0, 0) })
	s.Event(feierabend.SecurityEvent{Act: feierabend.SecuritySignInFailed, User: "u123", Address: netip.MustParseAddr("2001:db8::7"), Route: "/anmelden/code", Code: "code"})
	s.Event(feierabend.SecurityEvent{Act: "Petersen\n", Route: "/x\n{\"Petersen\"}", Code: "\x1b[31m Petersen"})
	want := `{"log":"security","at":"1970-01-01T00:00:00Z","act":"sign_in_failed","person":"hash4","address":"2001:db8::7","door":"/anmelden/code","reason":"code"}
{"log":"security","at":"1970-01-01T00:00:00Z","act":"hidden","person":"","address":"","door":"hidden","reason":"hidden"}
`
	if b.String() != want {
		t.Errorf("got %s\nwant %s", b.String(), want)
	}
}

// TestNoLineIsKeptLonger walks through 40 days, hour by hour, with a jump back.
func TestNoLineIsKeptLonger(t *testing.T) {
	for _, days := range []int{1, 7, 30, 99} {
		dir := t.TempDir()
		now := time.Date(2026, 10, 20, 0, 30, 0, 0, time.UTC)
		f, err := journal.OpenFiles(dir, "access", days, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		keep := min(days, journal.MaxDays)
		if err := os.WriteFile(dir+"/security-2020-01-01.log", nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for range 40 * 24 {
			fmt.Fprintln(f, now.Format(time.RFC3339))
			if err := f.Prune(); err != nil {
				t.Fatal(err)
			}
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries[:len(entries)-1] {
				b, err := os.ReadFile(dir + "/" + e.Name())
				if err != nil {
					t.Fatal(err)
				}
				first, err := time.Parse(time.RFC3339, strings.SplitN(string(b), "\n", 2)[0])
				if err != nil || now.Sub(first) > time.Duration(keep)*24*time.Hour {
					t.Fatalf("%d days: %s holds a line of %v at %v, %v", days, e.Name(), first, now, err)
				}
				if info, _ := e.Info(); info.Mode().Perm() != 0o600 {
					t.Fatalf("mode %o", info.Mode().Perm())
				}
			}
			if len(entries)-1 > keep+1 {
				t.Fatalf("%d files for %d days", len(entries)-1, keep)
			}
			now = now.Add(time.Hour)
		}
		now = now.AddDate(0, 0, -60)
		if err := f.Prune(); err != nil {
			t.Fatal(err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 || entries[0].Name() != "security-2020-01-01.log" {
			t.Errorf("files of a clock that ran ahead stay: %v", entries)
		}
		f.Close()
	}
}

// FuzzHandler: whatever is logged under whatever key is one line without the words.
func FuzzHandler(f *testing.F) {
	for _, w := range hostile {
		f.Add("code", w)
		f.Add("error", w)
	}
	f.Fuzz(func(t *testing.T, key, word string) {
		var b bytes.Buffer
		h := journal.NewHandler(&b, false, slog.LevelInfo)
		slog.New(h).Info("request", key, word+"Petersen Ä", key, errors.New(word+"Petersen Ä"))
		if strings.Count(b.String(), "\n") != 1 || strings.Contains(b.String(), "Petersen Ä") || !json.Valid(b.Bytes()) {
			t.Errorf("%q, %q: %s", key, word, b.String())
		}
	})
}
