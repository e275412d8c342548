package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"feierabend"
)

// cookieName is "__Host-" + name under https (SES-01); browsers refuse the prefix
// on plain http beyond loopback, so the demo uses the bare name (day-one decision 4).
func (s *server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

// setCookie sets a cookie for the whole site; age 0 = until the browser closes, negative = now.
func (s *server) setCookie(w http.ResponseWriter, name, value string, age time.Duration, mode http.SameSite) {
	c := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: mode, MaxAge: int(age / time.Second)}
	if age < 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *server) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setSession sets the session cookie: permanent with „Angemeldet bleiben“ (SES-02).
func (s *server) setSession(w http.ResponseWriter, cookie string, session feierabend.Session) {
	age := time.Duration(0)
	if session.Stay { // as long as the session itself, whose term a new token does not lengthen
		age = max(session.ExpiresAt.Sub(s.Now()), time.Second)
	}
	s.setCookie(w, "s", cookie, age, http.SameSiteLaxMode)
}

// identify fills the visit from the session cookie. Unauthorized = not signed in.
func (s *server) identify(r *http.Request, v *visit) error {
	v.cookie = s.cookie(r, "s")
	if v.cookie == "" {
		return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "session"}
	}
	session, err := s.SignIn.Session(r.Context(), v.cookie)
	if err != nil {
		return err
	}
	if v.user, err = s.Directory.User(r.Context(), session.User); err != nil {
		return err
	}
	if !session.Tenant.IsZero() {
		if v.tenant, err = s.Directory.Tenant(r.Context(), session.Tenant); err != nil {
			return err
		}
	}
	v.session = session
	return nil
}

// admit lets a signed-in person pass. Whoever is not signed in is led to the
// sign-in page and back; a form that comes too late is told so, and nothing of
// it is kept. done = the answer is written.
func (s *server) admit(w http.ResponseWriter, r *http.Request, v *visit, rt route) (done bool, err error) {
	err = s.identify(r, v)
	switch {
	case err != nil && (feierabend.KindOf(err) != feierabend.Unauthorized || feierabend.CodeOf(err) == "blocked"):
		return false, err
	case err != nil && rt.method == http.MethodGet && rt.class.isPage():
		http.Redirect(w, r, s.signInURL(r.URL.Path), http.StatusSeeOther)
		return true, nil
	case err != nil:
		return false, &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "session",
			Text: "Sie sind nicht mehr angemeldet. Die Eingabe wurde nicht übernommen, gespeichert ist alles wie zuvor. Bitte melden Sie sich an und versuchen Sie es noch einmal.",
		}
	case rt.who == operator && v.session.Duty != feierabend.DutyOperator:
		return s.offDuty(w, r, v, rt)
	case v.session.Duty == feierabend.DutyOperator && rt.who.inFirm():
		return false, errDuty()
	case v.session.Tenant.IsZero() && rt.who.inFirm():
		http.Redirect(w, r, "/firma", http.StatusSeeOther)
		return true, nil
	case !rt.who.admits(v.session.Role):
		return false, errRole(rt.who)
	}
	return false, nil
}

// errRole says who may do it instead (J-15).
func errRole(k who) error {
	text := "Das darf in Ihrer Firma nur, wer Inhaberin oder Inhaber ist. Es ist nichts geändert worden. Bitte fragen Sie dort."
	if k == office {
		text = "Das dürfen in Ihrer Firma nur Inhaber und Büro. Es ist nichts geändert worden. Bitte fragen Sie dort."
	}
	return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "role", Text: text}
}

func (s *server) signInURL(next string) string {
	if next = s.localPage(next); next == "" || next == "/" {
		return "/anmelden"
	}
	return "/anmelden?weiter=" + url.QueryEscape(next)
}

// localPage gives p back where it is a page of the table that a person can be led
// to, else "" (WEB-04: no open redirect).
func (s *server) localPage(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path != p || p == "" || p[0] != '/' {
		return ""
	}
	probe := &http.Request{Method: http.MethodGet, URL: u, Host: s.host}
	_, pattern := s.mux.Handler(probe)
	for _, rt := range s.routes {
		if "GET "+rt.pattern == pattern && rt.class.isPage() && (rt.who.signedIn() || rt.pattern == "/{$}") && !strings.HasPrefix(rt.pattern, "/bestaetigung") {
			return p
		}
	}
	return ""
}

// newToken makes the value of a binding cookie: 32 random bytes.
func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashToken is the form in which a binding cookie is compared and stored; nil for none.
func hashToken(token string) []byte {
	if token == "" {
		return nil
	}
	h := sha256.Sum256([]byte(token))
	return h[:]
}
