package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// media is a file at the provider: a note of a person or our upload.
type media struct {
	id      string
	data    []byte
	mime    string
	inbound bool
	at      time.Time // simulated
	asked   bool      // downloaded or refused once
}

// expired: ids from webhooks live 7 days, uploads 30.
func (m *media) expired(now time.Time) bool {
	life := 30 * 24 * time.Hour
	if m.inbound {
		life = 7 * 24 * time.Hour
	}
	return now.Sub(m.at) > life
}

// keep stores a file; s.mu is held.
func (s *Simulator) keep(data []byte, mimeType string, inbound bool) *media {
	m := &media{id: strconv.FormatInt(s.id(), 10), data: data, mime: mimeType, inbound: inbound, at: s.now()}
	s.media[m.id] = m
	return m
}

// linkLife is how long a media address works, by the simulated clock.
const linkLife = 5 * time.Minute

// link makes an address with an end and a hash; s.mu is held.
func (s *Simulator) link(m *media, base string) string {
	ext := strconv.FormatInt(s.now().Add(linkLife).Unix(), 10)
	return base + "/whatsapp_business/attachments/?" + url.Values{"mid": {m.id}, "ext": {ext}, "hash": {s.linkHash(m.id, ext)}}.Encode()
}

func (s *Simulator) linkHash(id, ext string) string {
	h := hmac.New(sha256.New, s.linkKey)
	h.Write([]byte(id + " " + ext))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// base is our own address as the caller sees it.
func (s *Simulator) base(r *http.Request) string {
	if s.o.BaseURL != "" {
		return s.o.BaseURL
	}
	return "http://" + r.Host
}

// graphMedia resolves a media id.
func (s *Simulator) graphMedia(w http.ResponseWriter, r *http.Request, id string) *graphFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.media[id]
	if m == nil || m.expired(s.now()) {
		return gone(id)
	}
	if n := r.URL.Query().Get("phone_number_id"); n != "" && (m.inbound || n != s.o.PhoneNumberID) {
		return &graphFault{400, 100, 0, "Param phone_number_id is not a valid whatsapp business phone number id ID"}
	}
	sum := sha256.Sum256(m.data)
	s.lookups++
	s.note("← Datei angefragt")
	writeJSON(w, 200, map[string]any{
		"messaging_product": "whatsapp", "id": m.id, "mime_type": strings.Split(m.mime, ";")[0],
		"sha256": hex.EncodeToString(sum[:]), "file_size": len(m.data), "url": s.link(m, s.base(r)),
	})
	return nil
}

// graphDelete is DELETE /{version}/{media-id}. What the phone has, it keeps.
func (s *Simulator) graphDelete(w http.ResponseWriter, r *http.Request) *graphFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	if m := s.media[id]; m == nil || m.expired(s.now()) {
		return gone(id)
	}
	delete(s.media, id)
	s.note("← Datei gelöscht")
	s.signal()
	writeJSON(w, 200, map[string]any{"success": true})
	return nil
}

// uploadLimit is WhatsApp's limit for documents.
const uploadLimit = 100 << 20

// graphUpload is POST /{version}/{phone_number_id}/media.
func (s *Simulator) graphUpload(w http.ResponseWriter, r *http.Request) *graphFault {
	if r.PathValue("id") != s.o.PhoneNumberID {
		return gone(r.PathValue("id"))
	}
	r.Body = http.MaxBytesReader(w, r.Body, uploadLimit+1<<20)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return &graphFault{400, 100, 0, "multipart body expected"}
	}
	defer r.MultipartForm.RemoveAll()
	f, h, err := r.FormFile("file")
	if err != nil || r.FormValue("messaging_product") != "whatsapp" {
		return &graphFault{400, 100, 0, "file and messaging_product are required"}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, uploadLimit+1))
	if err != nil || len(data) == 0 || len(data) > uploadLimit {
		return &graphFault{400, 131053, 0, "File is empty or too large"}
	}
	part, _, perr := mime.ParseMediaType(h.Header.Get("Content-Type"))
	said, _, serr := mime.ParseMediaType(r.FormValue("type"))
	if perr != nil || serr != nil || part != said || !documents[said] {
		return &graphFault{400, 131053, 0, "Param file must be a file with one of the following types"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.keep(data, said, false)
	s.note("← Datei hochgeladen, " + itoa((len(data)+1023)/1024) + " kB")
	s.signal()
	writeJSON(w, 200, map[string]any{"id": m.id})
	return nil
}

// documents are the types that may be uploaded here.
var documents = map[string]bool{
	"application/pdf": true, "text/plain": true, "audio/ogg": true, "image/jpeg": true, "image/png": true,
}

// mediaHost serves a file to who has its address, the token and a name.
func (s *Simulator) mediaHost(w http.ResponseWriter, r *http.Request) {
	m, status := s.fetched(r)
	if status != http.StatusOK { // the real host answers with a page
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, "<!doctype html><title>Error</title><p>Sorry, something went wrong.</p>")
		return
	}
	w.Header().Set("Content-Type", m.mime)
	w.Header().Set("Content-Length", itoa(len(m.data)))
	w.Write(m.data)
}

// fetched finds the file and decides on the answer.
func (s *Simulator) fetched(r *http.Request) (*media, int) {
	agent, q := r.UserAgent(), r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &s.faults
	id, ext := q.Get("mid"), q.Get("ext")
	m := s.media[id]
	until, err := strconv.ParseInt(ext, 10, 64)
	status := http.StatusOK
	switch {
	case !f.LooseAgent && (agent == "" || strings.HasPrefix(agent, "Go-http-client")):
		status = http.StatusForbidden
	case f.Revoked || !s.bearer(r):
		status = http.StatusUnauthorized
	case f.MediaBusy > 0:
		f.MediaBusy--
		status = http.StatusServiceUnavailable
	case m == nil, err != nil, s.now().Unix() > until, m.expired(s.now()),
		subtle.ConstantTimeCompare([]byte(q.Get("hash")), []byte(s.linkHash(id, ext))) != 1:
		status = http.StatusNotFound
	case f.MediaLate && !m.asked:
		status = http.StatusNotFound
	}
	if m != nil {
		m.asked = true
	}
	s.note("← Datei abgeholt, " + itoa(status))
	s.signal()
	return m, status
}
