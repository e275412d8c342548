package web_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/audio"
	"feierabend/internal/invoicing"
	"feierabend/internal/pdf"
	"feierabend/internal/tryout"
)

// stranger is the ear of the try-out: it hears one sentence, whatever the sound.
type stranger struct{ text string }

func (e stranger) Transcribe(context.Context, []byte, feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	return feierabend.Recognition{}, nil
}

func (w *world) openTry(text string) {
	w.t.Helper()
	firm, err := tryout.SampleFirm()
	must(w.t, err)
	renderer, err := letters()
	must(w.t, err)
	step, err := tryout.New(tryout.Options{
		Counters: w.store, Speech: stranger{text}, Draft: w.draft, Firm: firm, Now: w.store.Now,
		Judge: func(feierabend.Recognition, []string) (feierabend.Transcript, string) {
			return feierabend.Transcript{Text: text, Engine: "local"}, ""
		},
		Sample: func(d feierabend.Draft, p feierabend.Profile, at time.Time) ([]byte, error) {
			doc, err := invoicing.FromDraft(d, p, "MUSTER", at)
			if err != nil {
				return nil, err
			}
			return renderer.Sample(doc)
		},
	})
	must(w.t, err)
	w.options.Try = step
	w.build()
}

const tried = "Rechnung für Frau Unverkennbar, Lindenweg zwölf, fünfundzwanzig fünf zwo vier Itzehoe. Siphon eingebaut, anderthalb Stunden, Anfahrt."

// record posts a recording as the form does.
func (b *browser) record(t *testing.T, sound []byte) *http.Response {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	f, err := m.CreateFormFile("aufnahme", "../../etc/passwd")
	must(t, err)
	f.Write(sound)
	must(t, m.Close())
	r := httptest.NewRequest("POST", publicURL+"/ausprobieren", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.RemoteAddr = "192.0.2.7:4711"
	rec := httptest.NewRecorder()
	b.w.handler.ServeHTTP(rec, r)
	return rec.Result()
}

var carried = regexp.MustCompile(`name="(worte|antwort)" value="([^"]*)"`)

// carry reads what the page's first form with words sends along.
func carry(page string) url.Values {
	v := url.Values{}
	form := page[strings.Index(page, `name="worte"`):]
	form = form[:strings.Index(form, "</form>")]
	for _, m := range carried.FindAllStringSubmatch(`<input `+form, -1) {
		v.Add(m[1], html.UnescapeString(m[2]))
	}
	return v
}

// TestTryOut walks a stranger's way: recording, question, answer, sample letter.
// Afterwards neither a case nor a word is anywhere.
func TestTryOut(t *testing.T) {
	w := newWorld(t)
	w.openTry(tried)
	b := w.browser()
	form := b.do("GET", "/ausprobieren", nil)
	if p := form.Header.Get("Permissions-Policy"); !strings.Contains(p, "microphone=(self)") {
		t.Errorf("the recorder's page may not record: %q", p)
	}
	if s := text(t, form); !strings.Contains(s, "recorder.") || !strings.Contains(s, `enctype="multipart/form-data"`) {
		t.Error("no recorder, or no form without script")
	}
	var sound bytes.Buffer
	must(t, audio.WriteWAV(&sound, make([]float32, 2*audio.Rate)))
	res := b.record(t, sound.Bytes())
	page := text(t, res)
	if res.StatusCode != http.StatusOK || !strings.Contains(page, "Rechnung für Frau Unverkennbar") || !strings.Contains(page, "frage-1") {
		t.Fatalf("draft: %d\n%s", res.StatusCode, page)
	}
	if strings.Contains(page, "Musterblatt als PDF") || strings.Contains(page, `"/v/`) {
		t.Error("a sample with an open question, or a way to a case that is none")
	}
	v := carry(page)
	v.Set("path", "supply")
	v.Set("wert", "irgendwann mal")
	if res = b.do("POST", "/ausprobieren/antwort", v); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(t, res), `aria-invalid="true"`) {
		t.Errorf("an answer that is none: %d, or it is not said at the field", res.StatusCode)
	}
	v.Set("wert", "09.02.2026")
	res = b.do("POST", "/ausprobieren/antwort", v)
	if page = text(t, res); res.StatusCode != http.StatusOK || !strings.Contains(page, "Musterblatt als PDF") {
		t.Fatalf("answered: %d\n%s", res.StatusCode, page)
	}
	res = b.do("POST", "/ausprobieren/muster", carry(page))
	letter := text(t, res)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(letter, "%PDF-1.7") || res.Header.Get("Content-Disposition") == "" {
		t.Fatalf("sample: %d", res.StatusCode)
	}
	if _, _, err := pdf.ExtractXML([]byte(letter)); err == nil {
		t.Error("a sample carries invoice data")
	}
	if list, err := w.store.Cases(t.Context(), w.a.Tenant.ID); err != nil || len(list) != 0 {
		t.Errorf("cases afterwards: %v %v", list, err)
	}
	for _, word := range []string{"Unverkennbar", "Lindenweg", "passwd"} {
		if strings.Contains(w.logs.String(), word) {
			t.Errorf("%q stands in the log", word)
		}
	}
	if len(b.cookies) != 0 {
		t.Errorf("a stranger got cookies: %v", b.cookies)
	}
}

// TestTryOutRefuses: bad input is said in words, and what was typed stays.
func TestTryOutRefuses(t *testing.T) {
	w := newWorld(t)
	w.openTry(tried)
	b := w.browser()
	for _, c := range []struct {
		name   string
		res    *http.Response
		status int
		says   string
	}{
		{"no sound", b.record(t, []byte("das ist kein Ton, nur Text, lang genug")), 422, "keine Tonaufnahme"},
		{"nothing", b.record(t, nil), 422, "keine Aufnahme angekommen"},
		{"too large", b.record(t, make([]byte, 9<<20)), 413, "zu groß"},
		{"empty text", b.do("POST", "/ausprobieren", url.Values{"text": {" "}}), 422, "keine Aufnahme angekommen"},
		{"too long", b.do("POST", "/ausprobieren", url.Values{"text": {strings.Repeat("Siphon ", 600)}}), 422, "Siphon Siphon"},
		{"forged words", b.do("POST", "/ausprobieren/antwort", url.Values{"worte": {"{"}, "path": {"supply"}, "wert": {"heute"}}), 422, "nicht übernommen"},
		{"no words", b.do("POST", "/ausprobieren/muster", url.Values{}), 422, ""},
	} {
		if c.res.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, c.res.StatusCode, c.status)
		}
		if s := text(t, c.res); !strings.Contains(s, c.says) {
			t.Errorf("%s: does not say %q\n%s", c.name, c.says, s)
		}
	}
}

// TestTryOutIsBounded: the 61st request of a minute from one network is refused before
// its body is read; another network is not hindered.
func TestTryOutIsBounded(t *testing.T) {
	w := newWorld(t)
	w.openTry(tried)
	b := w.browser()
	b.addr = "192.0.2.9:4711"
	for i := range 62 {
		res := b.do("POST", "/ausprobieren", url.Values{"text": {tried}})
		if want := 200; i < 60 && res.StatusCode != want || i >= 60 && (res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(text(t, res), "zu viele")) {
			t.Fatalf("request %d: %d", i+1, res.StatusCode)
		}
	}
	if res := b.do("POST", "/ausprobieren/antwort", url.Values{}); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("answers count too: %d", res.StatusCode)
	}
	b.addr = "192.0.2.10:4711"
	if res := b.do("POST", "/ausprobieren", url.Values{"text": {tried}}); res.StatusCode != http.StatusOK {
		t.Errorf("another network: %d", res.StatusCode)
	}
}

// TestFourAtOnce: four uploads are under way at most. A fifth is refused before its body
// is read, and when one of the four is done there is room again.
func TestFourAtOnce(t *testing.T) {
	w := newWorld(t)
	w.openTry(tried)
	var under []*io.PipeWriter
	answers := make(chan int, 4)
	for range 4 {
		body, in := io.Pipe()
		under = append(under, in)
		go func() {
			r := httptest.NewRequest("POST", publicURL+"/ausprobieren", body)
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			r.RemoteAddr = "192.0.2.7:4711"
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, r)
			answers <- rec.Code
		}()
		if _, err := io.WriteString(in, "--x\r\nContent-Disposition: form-data; name=text\r\n\r\nRechnung für Frau "); err != nil { // taken only once it is being read
			t.Fatal(err)
		}
	}
	fifth := &unread{}
	r := httptest.NewRequest("POST", publicURL+"/ausprobieren", fifth)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.RemoteAddr = "192.0.2.8:4711"
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	if rec.Code != http.StatusServiceUnavailable || !strings.Contains(rec.Body.String(), "zu viele") || fifth.reads > 0 {
		t.Errorf("the fifth upload: %d, read %d times", rec.Code, fifth.reads)
	}
	for i, in := range under {
		_, err := io.WriteString(in, "Unverkennbar, Siphon eingebaut\r\n--x--\r\n")
		must(t, err)
		must(t, in.Close())
		if code := <-answers; code != http.StatusOK {
			t.Errorf("upload %d: %d", i+1, code)
		}
	}
	if res := w.browser().do("POST", "/ausprobieren", url.Values{"text": {tried}}); res.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d", res.StatusCode)
	}
}

// unread counts how often it is read.
type unread struct{ reads int }

// Read gives nothing.
func (u *unread) Read([]byte) (int, error) {
	u.reads++
	return 0, io.EOF
}
