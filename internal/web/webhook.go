package web

import (
	"errors"
	"io"
	"net/http"

	"feierabend"
)

// webhookVerify is the handshake of GET /webhooks/whatsapp: the challenge comes
// back as plain text when the verify token is ours.
func (s *server) webhookVerify(w http.ResponseWriter, r *http.Request, _ *visit) error {
	q := r.URL.Query()
	answer, ok := s.Channel.Verify(q.Get("hub.mode"), q.Get("hub.verify_token"), q.Get("hub.challenge"))
	if !ok {
		w.WriteHeader(http.StatusForbidden)
		return nil
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, answer)
	return nil
}

// webhook is POST /webhooks/whatsapp. The signature is checked over the raw bytes
// before anything is parsed (HOOK-01), and 200 is answered only after the durable
// write (HOOK-03). Whatever cannot be stored is answered 503, so that the provider
// sends it again. The body is never logged.
func (s *server) webhook(w http.ResponseWriter, r *http.Request, v *visit) error {
	raw, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return nil
	}
	if err != nil { // the line broke: the provider sends it again
		w.WriteHeader(http.StatusBadRequest)
		return nil
	}
	in, statuses, err := s.Channel.Parse(r.Header, raw)
	if err != nil {
		v.code = feierabend.CodeOf(err)
		s.Log.Warn("webhook refused", "route", "/webhooks/whatsapp", "request", v.id, "code", feierabend.CodeOf(err))
		switch feierabend.KindOf(err) {
		case feierabend.Unauthorized:
			w.WriteHeader(http.StatusUnauthorized)
		case feierabend.Invalid:
			w.WriteHeader(http.StatusBadRequest)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return nil
	}
	var outcomes []feierabend.Outcome
	if len(in) > 0 {
		if outcomes, err = s.Accept.Receive(r.Context(), in); err != nil {
			return s.notStored(w, v, err)
		}
	}
	if len(statuses) > 0 {
		if err := s.Accept.ReceiveStatuses(r.Context(), statuses); err != nil {
			return s.notStored(w, v, err)
		}
	}
	w.WriteHeader(http.StatusOK)
	if s.Seen != nil {
		for i, o := range outcomes {
			s.Seen(in[i], o)
		}
	}
	return nil
}

func (s *server) notStored(w http.ResponseWriter, v *visit, err error) error {
	s.Log.Error("webhook not stored", "route", "/webhooks/whatsapp", "request", v.id, "code", feierabend.CodeOf(err), "error", err)
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
	return nil
}
