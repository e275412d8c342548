package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"feierabend"
	"feierabend/internal/simulator"
)

func notes(t *testing.T) fstest.MapFS {
	t.Helper()
	return fstest.MapFS{
		"a.ogg":      {Data: note(t)},
		"b.ogg":      {Data: note(t)},
		"notes.json": {Data: []byte(`[{"file":"b.ogg","title":"Frau Thiel, Erinnerung"},{"file":"gone.ogg","title":"x"}]`)},
	}
}

// fetch gives status, headers and body; redirects are not followed.
func (b *bench) fetch(req *http.Request) (int, http.Header, string) {
	b.t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

func (b *bench) get(path string) (int, http.Header, string) {
	b.t.Helper()
	return b.fetch(must(http.NewRequest(http.MethodGet, b.srv.URL+path, nil)))
}

func (b *bench) post(path string, form url.Values) (int, http.Header, string) {
	b.t.Helper()
	req := must(http.NewRequest(http.MethodPost, b.srv.URL+path, strings.NewReader(form.Encode())))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.fetch(req)
}

// TestPhoneForms drives the phone without a script, as a browser with forms only.
func TestPhoneForms(t *testing.T) {
	b := newBench(t, func(o *simulator.Options) { o.Notes = notes(t) })
	_, _, page := b.get("/?t=1")
	for _, want := range []string{"Noch keine Nachricht", "Frau Thiel, Erinnerung", "Hauke Deichgrün", "Inken Nord", "Simulation", "Der Dienst ist verbunden"} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if strings.Index(page, "Frau Thiel") > strings.Index(page, ">a<br>") {
		t.Error("notes are not in the order of notes.json")
	}
	for _, tc := range []struct {
		path string
		form url.Values
		want string
	}{
		{"/notiz?t=1", url.Values{"datei": {"b.ogg"}}, "/?t=1"},
		{"/text?t=1", url.Values{"text": {"<b>189</b> & mehr"}}, "/?t=1"},
		{"/text?t=1", url.Values{"text": {""}}, "/?problem=text&t=1"},
		{"/notiz?t=1", url.Values{"datei": {"../x.ogg"}}, "/?problem=notiz&t=1"},
		{"/knopf?t=1", url.Values{"knopf": {"nie gezeigt"}}, "/?problem=knopf&t=1"},
		{"/uhr?t=2", url.Values{"vor": {"24h"}}, "/?t=2"},
		{"/stoerungen?t=1", url.Values{"duplicate": {"on"}}, "/?t=1"},
		{"/stoerungen?t=1", url.Values{}, "/?t=1"},
	} {
		status, h, _ := b.post(tc.path, tc.form)
		if status != http.StatusSeeOther || h.Get("Location") != tc.want {
			t.Errorf("%s %v: %d to %q, want 303 to %q", tc.path, tc.form, status, h.Get("Location"), tc.want)
		}
	}
	in := b.inbound(2)
	if in[0].Kind != feierabend.InboundAudio || in[1].Text != "<b>189</b> & mehr" {
		t.Errorf("messages %+v", in)
	}
	_, _, page = b.get("/?t=1&problem=knopf")
	for _, want := range []string{"&lt;b&gt;189&lt;/b&gt; &amp; mehr", "0:10", "Diesen Knopf gibt es nicht mehr"} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if _, _, other := b.get("/?t=2"); strings.Contains(other, "189") {
		t.Error("the other phone shows the message")
	}
}

// TestBotMessage: buttons, marks of WhatsApp, addresses, quote, document, ticks.
func TestBotMessage(t *testing.T) {
	b := newBench(t, nil)
	id, _ := b.sim.SendVoice(hauke, "", note(t))
	b.inbound(1)
	media := must(b.client.Upload(t.Context(), b.tenant, "RE-1.pdf", "application/pdf", []byte("%PDF")))
	m := feierabend.ChatMessage{
		To: hauke, ReplyTo: id, DocumentMedia: media, DocumentName: `RE "1".pdf`,
		Text:    "*Rechnung* 3*4*5 <script>alert(1)</script>\nSiehe https://feierabend.example/c/1.",
		Buttons: []feierabend.ChatButton{{ID: "issue:x:1", Title: "Ausstellen"}},
	}
	if _, err := b.client.Send(t.Context(), b.tenant, m); err != nil {
		t.Fatal(err)
	}
	_, _, page := b.get("/?t=1")
	for _, want := range []string{
		"<b>Rechnung</b> 3*4*5 &lt;script&gt;alert(1)&lt;/script&gt;<br>", `<a href="https://feierabend.example/c/1" rel="noreferrer">`,
		`value="issue:x:1">Ausstellen</button>`, "Sprachnachricht (0:10)", "RE &#34;1&#34;.pdf", "PDF · 1",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	b.post("/knopf?t=1", url.Values{"knopf": {"issue:x:1"}})
	if _, _, page = b.get("/?t=1"); strings.Contains(page, `value="issue:x:1"`) {
		t.Error("a pressed button can be pressed again on the page")
	}
	status, h, body := b.get("/datei?phone=1&id=b2")
	if status != 200 || body != "%PDF" || !strings.Contains(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("download: %d %q %v", status, body, h)
	}
	if status, _, _ := b.get("/datei?phone=2&id=b2"); status != 404 {
		t.Errorf("the other phone has the document: %d", status)
	}
}

// TestPolicy: strict headers on every answer, nothing inline, microphone on the phone only.
func TestPolicy(t *testing.T) {
	b := newBench(t, func(o *simulator.Options) { o.Notes = notes(t) })
	inline := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|javascript:|<script(?:[^>]*)>[^<]`)
	foreign := regexp.MustCompile(`(?i)(?:src|href|action)="(?:https?:)?//`)
	for _, path := range []string{"/", "/?t=2", "/postfach", "/datei", "/sim/v1/chat?phone=1", "/v25.0/1", "/whatsapp_business/attachments/?mid=1", "/nichts/da/hier", "/static/x.css"} {
		_, h, body := b.get(path)
		csp := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s = %q", path, name, h.Get(name))
			}
		}
		if mic := strings.Contains(h.Get("Permissions-Policy"), "microphone=(self)"); mic != strings.HasPrefix(path, "/?") && path != "/" {
			t.Errorf("%s: permissions %q", path, h.Get("Permissions-Policy"))
		}
		if m := inline.FindString(body); m != "" {
			t.Errorf("%s: inline %q", path, m)
		}
		if m := foreign.FindString(strings.ReplaceAll(body, b.hook.URL, "")); m != "" {
			t.Errorf("%s: foreign address %q", path, m)
		}
	}
	req := must(http.NewRequest(http.MethodPost, b.srv.URL+"/text?t=1", strings.NewReader("text=x")))
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _, _ := b.fetch(req); status != http.StatusForbidden {
		t.Errorf("cross-site post: %d, want 403", status)
	}
	req = must(http.NewRequest(http.MethodGet, b.srv.URL+"/", nil))
	req.Host = "rebound.evil.example"
	if status, _, _ := b.fetch(req); status != http.StatusMisdirectedRequest {
		t.Errorf("foreign name: %d, want 421", status)
	}
}

// TestOwnFiles: every file that the page names is served with its type.
func TestOwnFiles(t *testing.T) {
	b := newBench(t, nil)
	_, _, page := b.get("/")
	seen := 0
	for _, m := range regexp.MustCompile(`"(/static/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		status, h, body := b.get(m[1])
		if status != 200 || body == "" || !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d", m[1], status)
		}
		if strings.HasSuffix(m[1], ".js") && !strings.Contains(h.Get("Content-Type"), "javascript") {
			t.Errorf("%s: type %q", m[1], h.Get("Content-Type"))
		}
		seen++
	}
	if seen < 4 {
		t.Errorf("%d own files, want at least 4", seen)
	}
}

// TestHistory: the page is told of a change at once, with only its parts.
func TestHistory(t *testing.T) {
	b := newBench(t, nil)
	read := func(since string) (v struct {
		Version     int
		Chat, State string
	},
	) {
		t.Helper()
		status, _, body := b.get("/verlauf?t=1&since=" + since)
		if err := json.Unmarshal([]byte(body), &v); err != nil || status != 200 {
			t.Fatalf("%d %v", status, err)
		}
		return v
	}
	first := read("-1")
	got := make(chan string, 1)
	go func() { got <- read(itoa(first.Version)).Chat }()
	b.sim.SendText(hauke, "gerade eben")
	select {
	case chat := <-got:
		if !strings.Contains(chat, "gerade eben") || strings.Contains(chat, "<html") {
			t.Errorf("chat %q", chat)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no news")
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// TestRecording: the page's recorder sends WebM or WAV; WebM arrives as Ogg.
func TestRecording(t *testing.T) {
	b := newBench(t, nil)
	webm, err := os.ReadFile("testdata/recording.webm")
	if err != nil {
		t.Fatal(err)
	}
	send := func(data []byte) int {
		status, _, _ := b.fetch(must(http.NewRequest(http.MethodPost, b.srv.URL+"/aufnahme?t=1", bytes.NewReader(data))))
		return status
	}
	if got := send(webm); got != http.StatusNoContent {
		t.Fatalf("recording: %d", got)
	}
	in := b.inbound(1)[0]
	info := must(b.client.Media(t.Context(), b.tenant, in.MediaID))
	data := must(b.client.Download(t.Context(), b.tenant, info, 1<<20))
	if !bytes.HasPrefix(data, []byte("OggS")) || in.MediaType != "audio/ogg; codecs=opus" || !in.Voice {
		t.Errorf("type %s, bytes %.4q", in.MediaType, data)
	}
	if got := send([]byte("\x1a\x45\xdf\xa3broken")); got != http.StatusUnprocessableEntity {
		t.Errorf("broken recording: %d", got)
	}
	if got := send(nil); got != http.StatusUnprocessableEntity {
		t.Errorf("empty recording: %d", got)
	}
}
