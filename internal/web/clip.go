package web

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"

	"feierabend"
)

// maxAudio is what is read of a sealed note at most: 16 MB are accepted at all.
const maxAudio = 17 << 20

// clip is GET /m/{message}/clip?von=ms&bis=ms: at most 15 seconds as WAV, cut by
// the injected Clip (day-one decision 12).
func (s *server) clip(w http.ResponseWriter, r *http.Request, v *visit) error {
	id := r.PathValue("message")
	if !feierabend.ValidID(id) {
		return errNotFound()
	}
	from, to, ok := readSpan(r.URL.Query().Get("von"), r.URL.Query().Get("bis"))
	if !ok {
		return &feierabend.Error{Kind: feierabend.Invalid, Code: "clip_span"}
	}
	m, err := s.Messages.Message(r.Context(), v.session.Tenant, feierabend.MessageID(id))
	if err != nil {
		return err
	}
	if !v.session.Role.MayIssue() && m.Sender.User != v.session.User {
		return errNotFound()
	}
	a, err := s.Messages.Audio(r.Context(), v.session.Tenant, m.ID)
	if err != nil {
		return err
	}
	body, err := a.Open(r.Context())
	if err != nil {
		return err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxAudio))
	if err != nil {
		return err
	}
	wav, err := s.Clip(r.Context(), data, from, to)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "audio/wav")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(wav))
	return nil
}

// readSpan reads a passage in milliseconds, at most maxClip long.
func readSpan(from, to string) (a, b time.Duration, ok bool) {
	x, err1 := strconv.ParseUint(from, 10, 31)
	y, err2 := strconv.ParseUint(to, 10, 31)
	a, b = time.Duration(x)*time.Millisecond, time.Duration(y)*time.Millisecond
	return a, b, err1 == nil && err2 == nil && a < b && b-a <= maxClip
}
