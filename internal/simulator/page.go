package simulator

import (
	"bytes"
	"context"
	"embed"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"html/template"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed views static
var assets embed.FS

// pages are the parsed templates and the own files with a hash in their address.
type pages struct {
	phone, inbox *template.Template
	files        map[string][]byte
	names        map[string]string
	zone         *time.Location
}

func newPages() (*pages, error) {
	p := &pages{files: map[string][]byte{}, names: map[string]string{}, zone: time.Local}
	if z, err := time.LoadLocation("Europe/Berlin"); err == nil {
		p.zone = z
	}
	entries, err := assets.ReadDir("static")
	if err != nil {
		return nil, fmt.Errorf("read own files: %w", err)
	}
	for _, e := range entries {
		b, err := assets.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read own file: %w", err)
		}
		h := fnv.New32a()
		h.Write(b)
		ext := path.Ext(e.Name())
		name := e.Name()[:len(e.Name())-len(ext)] + "." + hex.EncodeToString(h.Sum(nil)) + ext
		p.files[name], p.names[e.Name()] = b, "/static/"+name
	}
	funcs := template.FuncMap{"asset": func(name string) (string, error) {
		if a, ok := p.names[name]; ok {
			return a, nil
		}
		return "", fmt.Errorf("no own file %s", name)
	}}
	parse := func(files ...string) *template.Template {
		t, perr := template.New(path.Base(files[0])).Funcs(funcs).ParseFS(assets, files...)
		if perr != nil && err == nil {
			err = fmt.Errorf("parse page: %w", perr)
		}
		return t
	}
	p.phone = parse("views/phone.html", "views/chat.html", "views/bench.html", "views/icons.html")
	p.inbox = parse("views/inbox.html", "views/icons.html")
	return p, err
}

// static serves the own files for ever: their address changes with their content.
func (s *Simulator) static(w http.ResponseWriter, r *http.Request) {
	b, ok := s.pages.files[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.PathValue("file"))))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(b)
}

// page is the phone.
func (s *Simulator) page(w http.ResponseWriter, r *http.Request) {
	n, p := s.chosen(r)
	v := s.view(n, p)
	v.Problem = problems[r.FormValue("problem")]
	v.Draft = r.URL.Query().Get("entwurf")
	v.Nonce = pagePolicy(w, true)
	render(w, s.pages.phone, "phone.html", v)
}

// chosen is the phone that t= names, else the first.
func (s *Simulator) chosen(r *http.Request) (int, *phone) {
	n, err := strconv.Atoi(r.FormValue("t"))
	all := s.all()
	if err != nil || n < 1 || n > len(all) {
		n = 1
	}
	return n, all[n-1]
}

func render(w http.ResponseWriter, t *template.Template, name string, v any) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		http.Error(w, "Die Seite lässt sich nicht zeigen. Der Simulator läuft weiter.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(b.Bytes())
}

// history is GET /verlauf: the changed parts of the page as soon as the version
// is above since=, else after 25 seconds or when the dots end.
func (s *Simulator) history(w http.ResponseWriter, r *http.Request) {
	n, p := s.chosen(r)
	since, _ := strconv.Atoi(r.FormValue("since"))
	s.mu.Lock()
	hold := 25 * time.Second
	if d := p.typing.Sub(s.o.Now()); d > 0 {
		hold = min(hold, d)
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(r.Context(), hold)
	defer cancel()
	for {
		s.mu.Lock()
		now, next := s.version, s.changed
		s.mu.Unlock()
		if now != since {
			break
		}
		select {
		case <-next:
			continue
		case <-ctx.Done():
		}
		break
	}
	v := s.view(n, p)
	var chat, state bytes.Buffer
	if s.pages.phone.ExecuteTemplate(&chat, "chat", v) != nil || s.pages.phone.ExecuteTemplate(&state, "state", v) != nil {
		http.Error(w, "Verlauf nicht lesbar", http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"version": v.Version, "chat": chat.String(), "state": state.String(), "mails": v.Mails})
}

// problems are the sentences that a failed act shows; the code is in the address.
var problems = map[string]string{
	"text":     "Es wurde nichts gesendet: Das Feld war leer.",
	"knopf":    "Diesen Knopf gibt es nicht mehr. Bitte nehmen Sie die neueste Nachricht.",
	"notiz":    "Diese Sprachnachricht liegt hier nicht. Bitte wählen Sie eine aus der Liste.",
	"nummer":   "Das ist keine Telefonnummer. Bitte mit Ländervorwahl eingeben, zum Beispiel +49 171 3920346.",
	"aufnahme": "Die Aufnahme ließ sich nicht lesen. Bitte sprechen Sie noch einmal.",
}

// back answers a form: to the phone it came from, with the code of a problem.
func (s *Simulator) back(w http.ResponseWriter, r *http.Request, code string, err error) {
	n, _ := s.chosen(r)
	q := url.Values{"t": {strconv.Itoa(n)}}
	if err != nil {
		q.Set("problem", code)
	}
	http.Redirect(w, r, "/?"+q.Encode(), http.StatusSeeOther)
}

// pagePhone takes another phone into the hand, e.g. one that no firm has linked.
func (s *Simulator) pagePhone(w http.ResponseWriter, r *http.Request) {
	s.take(w, r, "")
}

// pageLink is what wa.me is to real phones: the chat opens with the text in its field,
// which only the person sends. nummer= says on whose phone.
func (s *Simulator) pageLink(w http.ResponseWriter, r *http.Request) {
	s.take(w, r, r.FormValue("text"))
}

// customerPhone is the phone on which a link opens that names none: a firm's customer.
const customerPhone = "+4917139200907"

func (s *Simulator) take(w http.ResponseWriter, r *http.Request, draft string) {
	number := strings.Map(func(c rune) rune {
		if strings.ContainsRune(" -/().\u00a0", c) {
			return -1
		}
		return c
	}, strings.TrimSpace(r.FormValue("nummer")))
	if number == "" && draft != "" { // a link that is for whoever opens it
		number = customerPhone
	}
	if rest, national := strings.CutPrefix(number, "0"); national && !strings.HasPrefix(rest, "0") {
		number = "+49" + rest
	}
	who := Person{Phone: number, Firm: "noch nicht verbunden", Username: r.FormValue("verborgen") != ""}
	if number == customerPhone {
		who.Name, who.Firm = "Kundin Wiebke Thoms", "gehört zu keiner Firma"
	}
	n, err := s.AddPhone(who)
	q := url.Values{"t": {strconv.Itoa(max(n, 1))}}
	if err != nil {
		q.Set("problem", "nummer")
	}
	if draft != "" && err == nil {
		q.Set("entwurf", draft)
	}
	http.Redirect(w, r, "/?"+q.Encode(), http.StatusSeeOther)
}

func (s *Simulator) pageText(w http.ResponseWriter, r *http.Request) {
	_, p := s.chosen(r)
	_, err := s.write(p.Phone, r.FormValue("text"), r.FormValue("weitergeleitet") != "")
	s.back(w, r, "text", err)
}

func (s *Simulator) pagePress(w http.ResponseWriter, r *http.Request) {
	_, p := s.chosen(r)
	_, err := s.Press(p.Phone, r.FormValue("knopf"))
	s.back(w, r, "knopf", err)
}

func (s *Simulator) pageNote(w http.ResponseWriter, r *http.Request) {
	_, p := s.chosen(r)
	_, err := s.sendNote(p.Phone, r.FormValue("datei"), r.FormValue("weitergeleitet") != "")
	s.back(w, r, "notiz", err)
}

// pageRecording takes what the page's recorder made: the body is the recording.
func (s *Simulator) pageRecording(w http.ResponseWriter, r *http.Request) {
	_, p := s.chosen(r)
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, recordingLimit))
	if err == nil && len(b) == 0 {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		_, err = s.SendVoice(p.Phone, "Eigene Aufnahme", b)
	}
	if err != nil {
		http.Error(w, problems["aufnahme"], http.StatusUnprocessableEntity)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Simulator) pageClock(w http.ResponseWriter, r *http.Request) {
	if d, err := time.ParseDuration(r.FormValue("vor")); err == nil {
		s.Skip(d)
	}
	s.back(w, r, "", nil)
}

func (s *Simulator) pageFaults(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err == nil {
		s.SetFaults(readFaults(r.PostForm))
	}
	s.back(w, r, "", nil)
}

// pageListen plays a shipped note before it is sent.
func (s *Simulator) pageListen(w http.ResponseWriter, r *http.Request) {
	for _, n := range s.notes {
		if n.File == r.PathValue("file") {
			serveFile(w, r, "", "audio/ogg", n.Bytes)
			return
		}
	}
	http.NotFound(w, r)
}

// inbox is the page of received mails.
func (s *Simulator) inbox(w http.ResponseWriter, _ *http.Request) {
	v := inboxView{Product: s.productURL(), Version: 0}
	for _, m := range s.Mails() {
		m.At = m.At.In(s.pages.zone)
		v.Mails = append(v.Mails, m)
	}
	v.Version = len(v.Mails)
	v.Nonce = pagePolicy(w, false)
	render(w, s.pages.inbox, "inbox.html", v)
}

type inboxView struct {
	Nonce   string
	Product string
	Version int
	Mails   []Mail
}
