package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// request is one request of a firm's browser.
func (w *week) request(f *weekFirm, method, path string, form url.Values) (code int, location string) {
	r := httptest.NewRequest(method, weekURL+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range f.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	w.arm()
	w.svc.pages.ServeHTTP(rec, r)
	dead := w.disarm()
	if dead {
		w.note("page %s broke off", method)
		w.crash()
		return 0, ""
	}
	res := rec.Result()
	for _, c := range res.Cookies() {
		f.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(f.cookies, c.Name)
		}
	}
	w.model.seen(f, rec.Body.String())
	location = res.Header.Get("Location")
	w.note("page %s %s %d", method, strings.SplitN(path, "?", 2)[0], res.StatusCode)
	if res.StatusCode >= 500 && !w.fault.database && !w.fault.full {
		w.broken("page %s %s answered %d", method, path, res.StatusCode)
	}
	return res.StatusCode, location
}

// signedIn signs in by mail where the browser has no session any more.
func (w *week) signedIn(f *weekFirm) bool {
	if code, to := w.request(f, "GET", "/quittungen", nil); code == http.StatusOK {
		return true
	} else if !strings.HasPrefix(to, "/anmelden") {
		return false
	}
	delete(w.chat.mails, f.email)
	w.request(f, "POST", "/anmelden", url.Values{"email": {f.email}})
	w.advance(w.up + 30*time.Second)
	token := linkToken.FindStringSubmatch(w.chat.mails[f.email])
	if token == nil {
		w.note("no mail came")
		return false
	}
	code, _ := w.request(f, "POST", "/anmelden/link", url.Values{"t": {token[1]}})
	if code == http.StatusSeeOther {
		w.counts["sign-ins"]++
	}
	return code == http.StatusSeeOther
}

// browse is a visit of the pages with one act on a case, or on one that is another
// firm's, or gone.
func (w *week) browse(f *weekFirm) {
	if !w.signedIn(f) {
		return
	}
	w.request(f, "GET", "/", nil)
	cases, err := w.svc.store.Cases(w.ctx, f.tenant)
	if err != nil {
		w.broken("list cases: %s", feierabend.CodeOf(err))
		return
	}
	if w.quarter() {
		w.peek(f)
	}
	if len(cases) == 0 {
		return
	}
	c := cases[w.random.IntN(len(cases))]
	for _, o := range cases { // mostly one that can be finished
		if w.random.IntN(2) == 0 && (o.State == feierabend.CaseIssued || o.State == feierabend.CaseDownloaded || o.State == feierabend.CaseReady) {
			c = o
		}
	}
	at := "/v/" + string(c.ID)
	w.request(f, "GET", at, nil)
	version := strconv.Itoa(c.Version)
	switch n := w.random.IntN(12); {
	case n == 0:
		w.request(f, "POST", at+"/verwerfen", url.Values{})
	case n == 1:
		w.request(f, "POST", at+"/gespeichert", url.Values{})
	case n == 2:
		w.request(f, "POST", at+"/noch-nicht", url.Values{})
	case n < 6:
		w.answer(f, c, at)
	case n < 9:
		w.request(f, "POST", at+"/ausstellen", url.Values{"version": {version}})
	case c.State == feierabend.CaseReady:
		w.request(f, "POST", at+"/ausstellen", url.Values{"version": {version}})
	default:
		w.download(f, c)
	}
}

// answer answers the first open question of a draft, or changes the buyer's name.
func (w *week) answer(f *weekFirm, c feierabend.Case, at string) {
	d, err := w.svc.store.Draft(w.ctx, f.tenant, c.ID)
	if err != nil {
		return
	}
	path := "buyer.name"
	if len(d.Draft.Questions) > 0 {
		path = d.Draft.Questions[0]
	}
	value := demoAnswer(path)
	if path == "buyer.name" {
		value = w.pick(f.buyers...)
	}
	w.request(f, "POST", at+"/antwort", url.Values{"version": {strconv.Itoa(d.Version - w.random.IntN(2))}, "path": {path}, "wert": {value}})
}

// download asks for every file of a document and fetches it.
func (w *week) download(f *weekFirm, c feierabend.Case) {
	d, err := w.svc.store.CaseDocument(w.ctx, f.tenant, c.ID)
	if err != nil {
		return
	}
	files, err := w.svc.store.Files(w.ctx, f.tenant, d.ID)
	if err != nil {
		return
	}
	for _, file := range files {
		at := "/f/" + string(d.ID) + "/" + url.PathEscape(file.Name)
		if code, _ := w.request(f, "POST", at+"/download", url.Values{}); code == http.StatusSeeOther {
			w.request(f, "GET", at, nil)
			w.counts["downloads"]++
		}
	}
}

// peek asks for what belongs to another firm: every answer must be that it is not there.
func (w *week) peek(f *weekFirm) {
	for _, o := range w.firms {
		if o == f {
			continue
		}
		for _, id := range w.model.casesOf(o) {
			if code, _ := w.request(f, "GET", "/v/"+id, nil); code == http.StatusOK {
				w.broken("a firm saw the case of another")
			}
			if _, err := w.svc.store.Case(w.ctx, f.tenant, feierabend.CaseID(id)); feierabend.KindOf(err) != feierabend.NotFound {
				w.broken("the store gave a firm the case of another: %v", err)
			}
			w.counts["peeks"]++
		}
	}
}
