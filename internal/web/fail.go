package web

import (
	"errors"
	"net/http"

	"feierabend"
)

func errNotFound() error {
	return &feierabend.Error{Kind: feierabend.NotFound, Code: "not_found"}
}

func errMisdirected(publicURL string) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: "host",
		Text: "Diese Adresse gehört nicht zu Feierabend. An Ihren Daten hat sich nichts geändert. Bitte öffnen Sie " + publicURL + ".",
	}
}

// errorPage is an error in words: what happened, what it means for the data and
// what to do. The 404 page has no request id: it is the same for everyone.
type errorPage struct {
	Title, Text string
	ID          string
	SignIn      bool
	Prove       string // where the person proves to be themselves, "" = that is not what is missing
}

// wording gives status, headline and sentence for a kind where the error has no
// text of its own.
func wording(k feierabend.Kind) (status int, title, text string) {
	switch k {
	case feierabend.NotFound:
		return http.StatusNotFound, "Hier ist nichts.",
			"Diese Seite gibt es nicht, oder der Vorgang ist schon gelöscht. Was gelöscht ist, steht als Quittung in Ihrer Liste."
	case feierabend.Gone:
		return http.StatusGone, "Schon gelöscht.",
			"Dieser Vorgang ist gelöscht und lässt sich nicht wiederherstellen. Die Quittung steht in Ihrer Liste."
	case feierabend.Invalid:
		return http.StatusUnprocessableEntity, "Das passt so nicht.", "Die Eingabe wurde nicht übernommen, gespeichert ist alles wie zuvor. Bitte gehen Sie zurück und prüfen Sie sie."
	case feierabend.Conflict:
		return http.StatusConflict, "Jemand war schneller.", "Der Vorgang hat sich inzwischen geändert. Ihre Eingabe wurde nicht übernommen. Bitte öffnen Sie ihn neu."
	case feierabend.Unauthorized:
		return http.StatusForbidden, "Das dürfen Sie hier nicht.", "Die Eingabe wurde nicht übernommen, gespeichert ist alles wie zuvor. Bitte fragen Sie die Inhaberin oder den Inhaber."
	case feierabend.Unavailable:
		return http.StatusServiceUnavailable, "Gerade geht es nicht.", "Ihre Daten sind sicher, die Eingabe wurde nicht übernommen. Bitte versuchen Sie es in einer Minute noch einmal."
	}
	return http.StatusInternalServerError, "Das war unser Fehler.", "Ihre Daten sind sicher, die Eingabe wurde vielleicht nicht übernommen. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."
}

// fail answers with the error. Only its Text reaches the browser; kind and code
// go to the log, once, here (WEB-05).
func (s *server) fail(w http.ResponseWriter, r *http.Request, v *visit, pattern string, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		s.failStatus(w, r, v, pattern, http.StatusRequestEntityTooLarge, &feierabend.Error{
			Kind: feierabend.Invalid, Code: "too_large",
			Text: "Die Eingabe ist zu groß und wurde nicht übernommen. Gespeichert ist alles wie zuvor. Bitte kürzen Sie sie.",
		})
		return
	case feierabend.CodeOf(err) == "session":
		s.failStatus(w, r, v, pattern, http.StatusUnauthorized, err)
		return
	case feierabend.CodeOf(err) == "host":
		s.failStatus(w, r, v, pattern, http.StatusMisdirectedRequest, err)
		return
	}
	status, _, _ := wording(feierabend.KindOf(err))
	s.failStatus(w, r, v, pattern, status, err)
}

func (s *server) failStatus(w http.ResponseWriter, r *http.Request, v *visit, pattern string, status int, err error) {
	v.code = feierabend.CodeOf(err)
	if status >= 500 {
		s.Log.Error("request failed", "route", pattern, "request", v.id, "code", feierabend.CodeOf(err), "error", err)
	} else if status != http.StatusNotFound {
		s.Log.Warn("request refused", "route", pattern, "request", v.id, "code", feierabend.CodeOf(err), "status", status)
	}
	if !v.class.isPage() && r.Header.Get("Sec-Fetch-Dest") != "document" {
		w.Header().Del("Content-Type")
		w.WriteHeader(status)
		return
	}
	_, title, text := wording(feierabend.KindOf(err))
	p := errorPage{Title: title, Text: text, ID: v.id, SignIn: status == http.StatusUnauthorized}
	if t := feierabend.TextOf(err); t != "" {
		p.Text = t
	}
	switch feierabend.CodeOf(err) {
	case "step_up":
		p.Title, p.Prove = "Sind Sie es?", "/bestaetigung"+nextQuery(s.localPage(r.URL.Path))
	case "blocked":
		p.Title = "Zugang gesperrt."
	}
	switch status {
	case http.StatusUnauthorized:
		p.Title = "Bitte neu anmelden."
	case http.StatusMisdirectedRequest:
		p.Title = "Falsche Adresse."
	case http.StatusNotFound:
		// A foreign id, an absent one and an unknown path: the same bytes.
		p = errorPage{Title: title, Text: text}
		w.Header().Set("Content-Security-Policy", policy(classPage, "none"))
	}
	if status != http.StatusNotFound {
		w.Header().Set("Content-Security-Policy", policy(classPage, v.nonce)) // whatever the route's own class
	}
	if err := s.send(w, status, page{View: "error", Title: p.Title, Content: p}); err != nil {
		s.Log.Error("render error page", "request", v.id, "error", err)
		http.Error(w, "Das war unser Fehler. Ihre Daten sind sicher. Bitte laden Sie die Seite neu.", http.StatusInternalServerError)
	}
}
