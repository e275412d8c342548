package web

import (
	"encoding/json"
	"net/http"
	"time"
)

// health is GET /healthz: whether the database answers and how long ago the last
// sweep was (DEL-06). No content, no counts.
type health struct {
	OK       bool   `json:"ok"`
	Database string `json:"database"` // ok or unavailable
	// SweepAge is the age of the last successful sweep in seconds, absent before the first.
	SweepAge *int64 `json:"last_sweep_age_seconds,omitempty"`
	Sweep    string `json:"sweep"` // ok, none or late
}

// sweepLate is the age at which the sweep counts as failed (DEL-06).
const sweepLate = 26 * time.Hour

func (s *server) health(w http.ResponseWriter, r *http.Request, _ *visit) error {
	h, status := health{OK: true, Database: "ok", Sweep: "none"}, http.StatusOK
	last, err := s.Receipts.LastSweep(r.Context())
	switch {
	case err != nil && !absent(err):
		h, status = health{Database: "unavailable", Sweep: "none"}, http.StatusServiceUnavailable
	case err == nil && !last.IsZero():
		age := int64(s.Now().Sub(last) / time.Second)
		h.SweepAge, h.Sweep = &age, "ok"
		if s.Now().Sub(last) > sweepLate {
			h.OK, h.Sweep, status = false, "late", http.StatusServiceUnavailable
		}
	case s.Now().Sub(s.begun) > sweepLate: // it has never worked
		h.OK, h.Sweep, status = false, "late", http.StatusServiceUnavailable
	}
	return sendJSON(w, status, h)
}

func sendJSON(w http.ResponseWriter, status int, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(b, '\n'))
	return nil
}
