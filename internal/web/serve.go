package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"feierabend"
)

// visit is what is known about one request.
type visit struct {
	id      string // request id, shown on error pages
	nonce   string // of this answer's script
	cookie  string // session cookie, "" = none
	session feierabend.Session
	user    feierabend.User
	tenant  feierabend.Tenant
	class   class
	code    string // of the error that was answered
	limited bool   // over a limit, though the page does not say so
}

// by names the actor of a request for audit rows and receipts.
func (v *visit) by() feierabend.Actor {
	return feierabend.Actor{User: v.session.User, Role: v.session.Role, Via: feierabend.ViaSession}
}

// hidesPrices says that this person may see no prices and sums (J-15).
func (v *visit) hidesPrices() bool { return v.tenant.HidesPrices(v.session.Role) }

type visitKey struct{}

// handler is the chain: the caller's address first, since everything counts or logs it,
// then CSRF (WEB-01), headers and the table.
func (s *server) handler() http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := newVisit(classPage)
		s.setHeaders(w, v)
		s.secured(r, v, feierabend.SecurityDenied, "-", "cross_origin")
		s.fail(w, r, v, "-", &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "cross_origin",
			Text: "Diese Eingabe kam von einer fremden Seite und wurde nicht angenommen. An Ihren Daten hat sich nichts geändert. Bitte öffnen Sie Feierabend neu und versuchen Sie es dort.",
		})
	}))
	return s.fromCaller(guard.Handler(http.HandlerFunc(s.dispatch)))
}

// dispatch serves what stands in the table and answers 404 or 405 to the rest.
func (s *server) dispatch(w http.ResponseWriter, r *http.Request) {
	v := newVisit(classPage)
	if clean := path.Clean(r.URL.Path); clean != r.URL.Path {
		s.setHeaders(w, v)
		s.fail(w, r, v, "-", errNotFound())
		return
	}
	if _, pattern := s.mux.Handler(r); pattern != "" {
		s.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
		return
	}
	s.setHeaders(w, v)
	allowed := s.methods(r)
	if len(allowed) == 0 {
		s.fail(w, r, v, "-", errNotFound())
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.failStatus(w, r, v, "-", http.StatusMethodNotAllowed, &feierabend.Error{
		Kind: feierabend.Invalid, Code: "method",
		Text: "So lässt sich diese Adresse nicht aufrufen. An Ihren Daten hat sich nichts geändert. Bitte gehen Sie zurück zum Start.",
	})
}

// methods lists the methods that the table has for the request's path.
func (s *server) methods(r *http.Request) (out []string) {
	for _, m := range []string{"GET", "POST"} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := s.mux.Handler(probe); pattern != "" {
			out = append(out, m)
		}
	}
	return out
}

func newVisit(c class) *visit {
	var nonce [16]byte
	rand.Read(nonce[:])
	return &visit{id: feierabend.NewID()[:10], nonce: base64.RawURLEncoding.EncodeToString(nonce[:]), class: c}
}

// serve wraps the handler of a row: headers, host, limit, session, errors, log.
func (s *server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, _ := r.Context().Value(visitKey{}).(*visit)
		if v == nil {
			v = newVisit(rt.class)
		}
		v.class = rt.class
		rec := &recorder{ResponseWriter: w}
		begin := time.Now()
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.Log.Error("panic in handler", "route", rt.pattern, "request", v.id, "error", fmt.Errorf("%T", p), "stack", string(debug.Stack()))
				if rec.status == 0 {
					s.fail(rec, r, v, rt.pattern, &feierabend.Error{Kind: feierabend.Internal, Code: "panic"})
				}
			}
			s.observe(r, v, rt, rec.status)
			s.Log.Info("request", "method", rt.method, "route", rt.pattern, "status", rec.status, "ms", time.Since(begin).Milliseconds())
		}()
		s.setHeaders(rec, v)
		r.Body = http.MaxBytesReader(rec, r.Body, rt.limit)
		if err := s.enter(rec, r, v, rt); err != nil {
			s.fail(rec, r, v, rt.pattern, err)
		}
	})
}

// enter checks host and session and calls the handler.
func (s *server) enter(w http.ResponseWriter, r *http.Request, v *visit, rt route) error {
	if !s.hostAllowed(r.Host, rt) {
		return errMisdirected(s.PublicURL)
	}
	if rt.who.signedIn() {
		done, err := s.admit(w, r, v, rt)
		if done || err != nil {
			return err
		}
		if rt.who.inFirm() {
			if done, err = s.withoutContract(w, r, v, rt); done || err != nil {
				return err
			}
		}
		if done, err = s.proved(w, r, v, rt); done || err != nil {
			return err
		}
	}
	return rt.handler(s, w, r, v)
}

// hostAllowed: pages under the public host only (WEB-04). The health page answers
// to any name (§11.4), a webhook on the loopback address to any name of it.
func (s *server) hostAllowed(host string, rt route) bool {
	switch {
	case strings.EqualFold(host, s.host), rt.pattern == "/healthz":
		return true
	case rt.who == provider:
		return s.loopback && isLoopback(host)
	}
	return false
}

// recorder keeps the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
