package main

import (
	"database/sql"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
)

var links = regexp.MustCompile(`(?:href|src|data-url|hx-get)="([^"]+)"`)

// TestReadingChangesNothing follows every link of every page of a firm by GET and
// HEAD, files and receipts included: no row changes and the
// countdown does not move (AUTH-03, WEB-01, FILE-03), and no link is dead.
func TestReadingChangesNothing(t *testing.T) {
	c := newCanary(t)
	f := c.firm("+4917139200155", "Wachtelbrand", "Zinnobersteig 12")
	id, doc := f.invoice(t)
	f.dictate(t, "Rechnung für Herrn Kleiberhoff, zwei Stunden, Anfahrt.")
	gone := f.dictate(t, "Rechnung für Familie Distelkamp, drei Stunden.")
	f.failures(t)
	f.signIn(t)
	f.page(t, "/v/"+string(gone)+"/verwerfen", url.Values{})
	// The chat's copy arrives, which starts the countdown: only then all is at rest.
	if !waitFor(30*time.Second, func() bool {
		k, err := f.store.Case(f.ctx, f.tenant, id)
		return err == nil && k.State == feierabend.CaseDownloaded
	}) {
		t.Fatal("the document never arrived")
	}
	if _, err := c.store.ScrubAndVerify(c.ctx); err != nil {
		t.Fatal(err)
	}
	if !waitFor(30*time.Second, func() bool { return c.atRest(t) }) {
		t.Fatal("jobs never came to rest")
	}

	before := c.dump(t)
	seen := f.crawl(t, "/", "/quittungen", "/v/"+string(gone), "/v/"+string(id)+"/gespeichert", "/v/"+string(id)+"/verwerfen",
		"/f/"+string(doc.ID)+"/"+doc.Number+".pdf", "/f/"+string(doc.ID)+"/"+doc.Number+".xml", "/anmelden", "/anmelden/code", "/healthz", "/stand")
	after := c.dump(t)
	for table, rows := range before {
		if after[table] != rows {
			t.Errorf("reading changed %s", table)
		}
	}
	for _, want := range []string{"/v/" + string(id), "/q/", "/static/"} {
		if !slices.ContainsFunc(seen, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("no link led to %s…: %q", want, seen)
		}
	}
}

// crawl asks for everything that the pages link to, and gives the paths.
func (f *canaryFirm) crawl(t *testing.T, next ...string) (seen []string) {
	t.Helper()
	for len(next) > 0 && len(seen) < 300 {
		path := next[0]
		if next = next[1:]; slices.Contains(seen, path) {
			continue
		}
		seen = append(seen, path)
		for _, method := range []string{http.MethodHead, http.MethodGet} {
			req, err := http.NewRequestWithContext(f.ctx, method, f.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := f.visitor.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("%s %s: %d", method, path, res.StatusCode)
			}
			if method == http.MethodHead || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
				continue
			}
			for _, m := range links.FindAllStringSubmatch(string(body), -1) {
				u, err := res.Request.URL.Parse(html.UnescapeString(m[1]))
				if err == nil && strings.HasPrefix(u.String(), f.url+"/") {
					u.Fragment = ""
					next = append(next, u.RequestURI())
				}
			}
		}
	}
	return seen
}

// atRest says that no job is waiting for now or at work, planned ones aside.
func (c *canary) atRest(t *testing.T) bool {
	t.Helper()
	var n int
	err := c.store.SQL().QueryRowContext(c.ctx, `SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable') OR state = 'scheduled' AND kind <> 'scrub'`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n == 0
}

// dump gives every row of our tables as text; the queue and what a session notes
// of its last use aside.
func (c *canary) dump(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	names := c.query(t, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'river%' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%' ORDER BY name`)
	for _, name := range names {
		switch name {
		case "clock": // the sweep of each minute
		case "process": // the process beats by itself
		case "session":
			out[name] = strings.Join(c.query(t, `SELECT hex(token_hash) || expires_at FROM session ORDER BY 1`), "\n")
		default:
			out[name] = strings.Join(c.query(t, `SELECT * FROM `+name), "\n")
		}
	}
	if len(out) < 15 {
		t.Errorf("only %d tables", len(out))
	}
	return out
}

// query gives rows as text.
func (c *canary) query(t *testing.T, text string) (out []string) {
	t.Helper()
	rows, err := c.store.SQL().QueryContext(c.ctx, text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells, into := make([]sql.RawBytes, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		if len(cells) == 1 {
			out = append(out, string(cells[0]))
			continue
		}
		out = append(out, fmt.Sprintf("%q", cells))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
