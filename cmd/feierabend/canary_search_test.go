package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// forms are the shapes in which a mark could hide.
func forms(mark string) []string {
	b := []byte(mark)
	utf16 := make([]byte, 0, 2*len(b))
	for _, x := range b {
		utf16 = append(utf16, x, 0)
	}
	return []string{mark, strings.ToLower(mark), strings.ToUpper(mark), url.QueryEscape(mark), url.PathEscape(mark), hex.EncodeToString(b), string(utf16), base64.StdEncoding.EncodeToString(b)}
}

// found names the marks in a text, each once.
func found(text string, sets ...map[string]bool) (hits []string) {
	for _, set := range sets {
		for mark := range set {
			for _, form := range forms(mark) {
				if strings.Contains(text, form) {
					hits = append(hits, mark)
					break
				}
			}
		}
	}
	return hits
}

// nowhereInPlain: before the erasure the data folder holds the sealed forms and
// nothing in plain.
func (c *canary) nowhereInPlain(t *testing.T) {
	t.Helper()
	all := bytes.Buffer{}
	for path, b := range files(t, c.dirs["data"]) {
		if hits := found(string(b), c.marks); len(hits) > 0 {
			t.Errorf("%s holds in plain %q", path, hits)
		}
		all.Write(b)
	}
	for i, s := range c.sealed {
		if !bytes.Contains(all.Bytes(), s) {
			t.Errorf("sealed form %d is not in the data folder: the search proves nothing", i)
		}
	}
	if len(c.sealed) < 8 || len(c.marks) < 20 {
		t.Errorf("only %d sealed forms and %d marks", len(c.sealed), len(c.marks))
	}
	c.quiet(t)
}

// gone: after the last scrub no form of anything erased is left, and nobody has
// talked meanwhile.
func (c *canary) gone(t *testing.T) {
	t.Helper()
	if _, err := c.store.ScrubAndVerify(c.ctx); err != nil { // the planned one comes within a minute
		t.Fatal(err)
	}
	for path, b := range files(t, c.dirs["data"]) {
		if hits := found(string(b), c.marks); len(hits) > 0 {
			t.Errorf("%s holds after the erasure %q", path, hits)
		}
		for i, s := range c.sealed {
			if bytes.Contains(b, s) {
				t.Errorf("%s still holds sealed form %d", path, i)
			}
		}
	}
	c.quiet(t)
	c.close() // what is said on the way out counts too
	c.quiet(t)
}

// quiet: logs, job rows, stdout, stderr and temporary files hold no mark.
func (c *canary) quiet(t *testing.T) {
	t.Helper()
	std, err := os.ReadFile(c.std.Name())
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{"log": c.logs.String(), "stdout or stderr": string(std), "job rows": c.jobRows(t)}
	for path, b := range files(t, c.dirs["temp"]) {
		said[path] = string(b)
	}
	for path, b := range files(t, filepath.Join(c.dirs["data"], "logs")) {
		said[path] = string(b)
	}
	if keys, values := droppedAttributes(c.log); keys+values > 0 {
		t.Errorf("the log's allow-list kept out %d keys and %d values, for example %q: give them a row, or do not log them", keys, values, keptOut(c.logs.String()))
	}
	if hits := found(c.urls.String(), c.marks); len(hits) > 0 {
		t.Errorf("addresses: %q", hits)
	}
	for where, text := range said {
		if hits := found(text, c.marks, c.people); len(hits) > 0 {
			t.Errorf("%s: %q", where, hits)
		}
	}
	if len(said["log"]) < 2000 || !strings.Contains(said["log"], "/v/{case}") {
		t.Error("the log is too short to prove anything")
	}
	if strings.Count(c.urls.String(), "\n") < 20 {
		t.Error("too few addresses to prove anything")
	}
}

// jobRows is every text of the queue; it stays what it was once the service has ended.
func (c *canary) jobRows(t *testing.T) string {
	t.Helper()
	rows, err := c.store.SQL().QueryContext(c.ctx, `SELECT kind || ' ' || args || ' ' || coalesce(errors, '') || ' ' || coalesce(metadata, '') || ' ' || coalesce(tags, '') FROM river_job`)
	if err != nil {
		if strings.Contains(err.Error(), "closed") {
			return ""
		}
		t.Fatal(err)
	}
	defer rows.Close()
	var all strings.Builder
	n := 0
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all.WriteString(s + "\n")
		n++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if n < 10 {
		t.Errorf("only %d job rows", n)
	}
	return all.String()
}

// keptOut is a line of the log with a value that was not let through.
func keptOut(log string) string {
	for line := range strings.Lines(log) {
		if strings.Contains(line, `"hidden"`) {
			return line
		}
	}
	return ""
}
