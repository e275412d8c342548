package web_test

import (
	"mime"
	"net/http/httptest"
	"strings"
	"testing"

	"feierabend/internal/web"
)

// TestFilesAreHarmless: a stored name cannot end the header or leave a folder, and a
// stored type never becomes a page of ours.
func TestFilesAreHarmless(t *testing.T) {
	for _, name := range []string{
		"RE-2026-0042.pdf", `a"; filename="b.html`, "a\r\nSet-Cookie: s=1", "../../etc/passwd", `..\a.pdf`, "a;b%0d%0a.pdf", "Müller\u202efdp.exe", "\x00", `a\" x`,
	} {
		rec := httptest.NewRecorder()
		web.Attach(rec, name, "application/pdf")
		line := rec.Header().Get("Content-Disposition")
		_, ascii, _ := strings.Cut(line, `filename="`)
		ascii, rest, _ := strings.Cut(ascii, `"`)
		if strings.ContainsAny(ascii, "\"\\%/;\r\n\x00") || !strings.HasPrefix(rest, "; filename*=UTF-8''") || strings.ContainsAny(rest, "\"\r\n\x00/\\") {
			t.Errorf("%q: %q", name, line)
		}
		if kind, params, err := mime.ParseMediaType(line); err != nil || kind != "attachment" || params["filename"] != name {
			t.Errorf("%q: read as %q %q, %v", name, kind, params["filename"], err)
		}
	}
	for stored, want := range map[string]string{
		"application/pdf": "application/pdf", "application/xml": "application/xml", "application/json": "application/json",
		"text/html": "application/octet-stream", "image/svg+xml": "application/octet-stream", "": "application/octet-stream", "text/html; charset=utf-8": "application/octet-stream",
	} {
		rec := httptest.NewRecorder()
		web.Attach(rec, "a", stored)
		if got := rec.Header().Get("Content-Type"); got != want {
			t.Errorf("%q becomes %q, want %q", stored, got, want)
		}
	}
}
