package web

import (
	"encoding/json"
	"net/http"
	"time"

	"feierabend"
)

// health is GET /healthz: whether this process can work, for whoever decides about
// its life: 503 only without the database. A late sweep is told and is no reason to
// restart a web process, which would mend nothing (docs/decisions/0014). No content,
// no counts.
type health struct {
	OK       bool   `json:"ok"`
	Database string `json:"database"` // ok or unavailable
	// SweepAge is the age of the last successful sweep in seconds, absent before the first.
	SweepAge *int64 `json:"last_sweep_age_seconds,omitempty"`
	Sweep    string `json:"sweep"` // ok, none, late (15 minutes) or overdue (2 hours)
}

func (s *server) health(w http.ResponseWriter, r *http.Request, _ *visit) error {
	h := health{OK: true, Database: "ok", Sweep: "none"}
	last, err := s.Receipts.LastSweep(r.Context())
	if err != nil && !absent(err) {
		return sendJSON(w, http.StatusServiceUnavailable, health{Database: "unavailable", Sweep: "none"})
	}
	if err == nil && !last.IsZero() {
		age := int64(s.Now().Sub(last) / time.Second)
		h.SweepAge, h.Sweep = &age, "ok"
	} else {
		last = s.begun // it has never worked
	}
	switch feierabend.LateLevel(s.Now().Sub(last)) {
	case feierabend.HealthYellow:
		h.Sweep = "late"
	case feierabend.HealthRed:
		h.Sweep = "overdue"
	}
	return sendJSON(w, http.StatusOK, h)
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
