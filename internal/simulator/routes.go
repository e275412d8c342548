package simulator

import (
	"bytes"
	"crypto/rand"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// routes is everything that is served, in one list.
func (s *Simulator) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{version}/{id}/messages", s.graph(s.graphMessages))
	mux.HandleFunc("POST /{version}/{id}/media", s.graph(s.graphUpload))
	mux.HandleFunc("GET /{version}/{id}", s.graph(s.graphObject))
	mux.HandleFunc("DELETE /{version}/{id}", s.graph(s.graphDelete))
	mux.HandleFunc("GET /whatsapp_business/attachments/", s.mediaHost)

	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /verlauf", s.history)
	mux.HandleFunc("POST /text", s.pageText)
	mux.HandleFunc("POST /telefon", s.pagePhone)
	mux.HandleFunc("GET /wa.me", s.pageLink)
	mux.HandleFunc("POST /knopf", s.pagePress)
	mux.HandleFunc("POST /kontakt", s.pageContact)
	mux.HandleFunc("POST /notiz", s.pageNote)
	mux.HandleFunc("POST /aufnahme", s.pageRecording)
	mux.HandleFunc("POST /uhr", s.pageClock)
	mux.HandleFunc("POST /stoerungen", s.pageFaults)
	mux.HandleFunc("GET /datei", s.file)
	mux.HandleFunc("GET /probehoeren/{file}", s.pageListen)
	mux.HandleFunc("GET /postfach", s.inbox)
	mux.HandleFunc("GET /static/{file}", s.static)

	mux.HandleFunc("POST /sim/v1/voice", s.apiVoice)
	mux.HandleFunc("POST /sim/v1/text", s.apiText)
	mux.HandleFunc("POST /sim/v1/press", s.apiPress)
	mux.HandleFunc("POST /sim/v1/contact", s.apiContact)
	mux.HandleFunc("POST /sim/v1/phone", s.apiPhone)
	mux.HandleFunc("POST /sim/v1/change", s.apiChange)
	mux.HandleFunc("POST /sim/v1/faults", s.apiFaults)
	mux.HandleFunc("POST /sim/v1/clock", s.apiClock)
	mux.HandleFunc("GET /sim/v1/chat", s.apiChat)
	mux.HandleFunc("GET /sim/v1/mails", s.apiMails)
	mux.HandleFunc("GET /sim/v1/notes", s.apiNotes)
	mux.HandleFunc("GET /sim/v1/settings", s.apiSettings)
	mux.HandleFunc("POST /sim/v1/connect", s.apiConnect)
	mux.HandleFunc("GET /sim/v1/file", s.file)
	return headers(http.NewCrossOriginProtection().Handler(s.named(mux)))
}

// named refuses names that are neither an address, nor local, nor our own: a
// page elsewhere could point its own name at this machine and read the chat.
func (s *Simulator) named(next http.Handler) http.Handler {
	own := ""
	if u, err := url.Parse(s.o.BaseURL); err == nil {
		own = u.Hostname()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u := url.URL{Host: r.Host}
		name := strings.ToLower(u.Hostname())
		if _, err := netip.ParseAddr(name); err != nil && strings.Contains(name, ".") && name != own && !strings.HasSuffix(name, ".localhost") {
			http.Error(w, "Unter diesem Namen ist der Simulator nicht zu erreichen.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headers puts the strict headers on every answer. Pages set their own policy.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// pagePolicy allows what the two pages need: the own script by nonce, own styles
// and sounds. The phone may use the microphone.
func pagePolicy(w http.ResponseWriter, microphone bool) (nonce string) {
	nonce = rand.Text()
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+nonce+"' 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; "+
		"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "+
		"require-trusted-types-for 'script'; trusted-types telefon")
	if microphone {
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
	}
	return nonce
}

// serveFile sends bytes: sounds to be played (with ranges), all else to be saved.
func serveFile(w http.ResponseWriter, r *http.Request, name, kind string, data []byte) {
	w.Header().Set("Content-Type", kind)
	if name != "" {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
