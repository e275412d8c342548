package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"feierabend"
)

// upload posts one file as a form of a browser does.
func (b *browser) upload(target, field string, file []byte) *http.Response {
	b.w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile(field, "logo.png")
	must(b.w.t, err)
	part.Write(file)
	must(b.w.t, m.Close())
	r := httptest.NewRequest("POST", publicURL+target, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.RemoteAddr = "127.0.0.1:5555"
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	rec := httptest.NewRecorder()
	b.w.handler.ServeHTTP(rec, r)
	return rec.Result()
}

func TestLogo(t *testing.T) {
	w := newWorld(t)
	picture, err := os.ReadFile("../../test/invoices/logo.png")
	must(t, err)
	me := w.signedIn(w.a)
	if res := me.do("GET", "/stammdaten/logo.png", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("without one: %d", res.StatusCode)
	}
	if res := me.upload("/stammdaten/logo", "logo", picture); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("upload: %d\n%s", res.StatusCode, text(t, res))
	}
	if body := me.page("/stammdaten/logo?neu=1"); !strings.Contains(body, `<img src="/stammdaten/logo.png" width="480" height="160"`) {
		t.Errorf("page:\n%s", body)
	}
	res := me.do("GET", "/stammdaten/logo.png", nil)
	if body := text(t, res); res.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(body, "\x89PNG") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("picture: %v", res.Header)
	}
	for name, file := range map[string][]byte{"text": []byte("kein Bild"), "nothing": {}, "large": make([]byte, 1<<20+1), "huge": make([]byte, 3<<20)} {
		res := me.upload("/stammdaten/logo", "logo", file)
		if body := text(t, res); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Am bisherigen Logo hat sich nichts geändert.") || !strings.Contains(body, "<img") {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if res := me.upload("/stammdaten/logo", "anders", picture); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another field: %d", res.StatusCode)
	}
	if res := w.colleague(w.a, feierabend.RoleOffice).upload("/stammdaten/logo", "logo", picture); res.StatusCode != http.StatusForbidden {
		t.Errorf("office: %d", res.StatusCode)
	}
	if res := w.signedIn(w.b).do("GET", "/stammdaten/logo.png", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("the other firm sees it: %d", res.StatusCode)
	}
	c := string(w.dictated(w.a, "wamid.1", complete))
	me.post("/v/"+c+"/ausstellen", map[string][]string{"version": {"1"}})
	d, err := w.store.CaseDocument(context.Background(), w.a.Tenant.ID, feierabend.CaseID(c))
	must(t, err)
	f, err := w.store.File(context.Background(), w.a.Tenant.ID, d.ID, d.Number+".pdf")
	if must(t, err); !bytes.Contains(f.Bytes, []byte("/Subtype/Image/Width 480/Height 160")) {
		t.Error("the invoice carries no logo")
	}
	me.post("/stammdaten/logo/entfernen", nil)
	if res := me.do("GET", "/stammdaten/logo.png", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("removed: %d", res.StatusCode)
	}
}
