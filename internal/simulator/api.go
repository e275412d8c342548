package simulator

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"
)

// recordingLimit is the largest recording that the phone takes, in bytes.
const recordingLimit = 32 << 20

// apiVoice is POST /sim/v1/voice.
func (s *Simulator) apiVoice(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	var id string
	var err error
	if note := q.Get("note"); note != "" {
		id, err = s.sendNote(q.Get("phone"), note, q.Get("forwarded") == "1")
	} else {
		var b []byte
		if b, err = io.ReadAll(http.MaxBytesReader(w, r.Body, recordingLimit)); err == nil {
			id, err = s.SendVoice(q.Get("phone"), q.Get("title"), b)
		}
	}
	sent(w, id, err)
}

// apiText is POST /sim/v1/text.
func (s *Simulator) apiText(w http.ResponseWriter, r *http.Request) {
	id, err := s.write(r.FormValue("phone"), r.FormValue("text"), r.FormValue("forwarded") == "1")
	sent(w, id, err)
}

// apiPress is POST /sim/v1/press.
func (s *Simulator) apiPress(w http.ResponseWriter, r *http.Request) {
	id, err := s.Press(r.FormValue("phone"), r.FormValue("button"))
	sent(w, id, err)
}

func sent(w http.ResponseWriter, id string, err error) {
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"id": id})
}

// apiChat is GET /sim/v1/chat.
func (s *Simulator) apiChat(w http.ResponseWriter, r *http.Request) {
	p := s.phone(r.FormValue("phone"))
	if p == nil {
		sent(w, "", ErrNoPhone)
		return
	}
	s.await(r, func() int { return p.version })
	s.mu.Lock()
	out := map[string]any{"version": p.version, "typing": p.typing.After(s.o.Now()), "bubbles": p.copy()}
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, out)
}

// apiMails is GET /sim/v1/mails.
func (s *Simulator) apiMails(w http.ResponseWriter, r *http.Request) {
	s.await(r, func() int { return len(s.mails) })
	mails := s.Mails()
	writeJSON(w, http.StatusOK, map[string]any{"version": len(mails), "mails": mails})
}

// await holds a request with wait= until the version is above since=, at most
// one minute. version is called under s.mu.
func (s *Simulator) await(r *http.Request, version func() int) {
	wait, _ := time.ParseDuration(r.FormValue("wait"))
	since, err := strconv.Atoi(r.FormValue("since"))
	if wait <= 0 || err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), min(wait, time.Minute))
	defer cancel()
	for {
		s.mu.Lock()
		now, next := version(), s.changed
		s.mu.Unlock()
		if now > since {
			return
		}
		select {
		case <-next:
		case <-ctx.Done():
			return
		}
	}
}

// apiNotes is GET /sim/v1/notes.
func (s *Simulator) apiNotes(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"notes": s.notes})
}

// apiFaults is POST /sim/v1/faults.
func (s *Simulator) apiFaults(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		sent(w, "", err)
		return
	}
	f := readFaults(r.Form)
	s.SetFaults(f)
	writeJSON(w, http.StatusOK, f)
}

// readFaults reads Faults by their JSON names: "on", "1", "true" or a count.
func readFaults(form url.Values) (f Faults) {
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		text := form.Get(v.Type().Field(i).Tag.Get("json"))
		switch field := v.Field(i); field.Kind() {
		case reflect.Bool:
			field.SetBool(text == "on" || text == "1" || text == "true")
		case reflect.Int:
			n, err := strconv.Atoi(text)
			if err != nil && text == "on" {
				n = 1
			}
			field.SetInt(int64(max(0, n)))
		}
	}
	return f
}

// apiClock is POST /sim/v1/clock.
func (s *Simulator) apiClock(w http.ResponseWriter, r *http.Request) {
	d, err := time.ParseDuration(r.FormValue("skip"))
	if err != nil || d < 0 {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "skip is a duration like 24h"})
		return
	}
	s.Skip(d)
	writeJSON(w, http.StatusOK, map[string]any{"now": s.Now()})
}

// file is GET /sim/v1/file and the download on the page.
func (s *Simulator) file(w http.ResponseWriter, r *http.Request) {
	p := s.phone(r.FormValue("phone"))
	if p == nil {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	var name, kind string
	var data []byte
	for _, b := range p.bubbles {
		switch {
		case b.ID != r.FormValue("id"):
		case b.Document != nil:
			name, kind, data = b.Document.Name, b.Document.Type, b.Document.Bytes
		case b.Voice != nil:
			kind, data = b.Voice.Type, b.Voice.Bytes
		}
	}
	s.mu.Unlock()
	if data == nil {
		http.NotFound(w, r)
		return
	}
	serveFile(w, r, name, kind, data)
}
