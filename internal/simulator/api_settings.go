package simulator

import (
	"net/http"
)

// Settings are what a product must know to work against this simulator: the
// made-up credentials and the mailbox. A running `simulate whatsapp` hands them
// out on loopback, since they open nothing real.
type Settings struct {
	PhoneNumberID string `json:"phone_number_id"`
	Number        string `json:"number"`
	Token         string `json:"token"`
	AppSecret     string `json:"app_secret"`
	VerifyToken   string `json:"verify_token"`
	SMTP          string `json:"smtp"` // host:port of the mailbox, "" = none
}

// Settings gives the simulator's own.
func (s *Simulator) Settings() Settings {
	return Settings{
		PhoneNumberID: s.o.PhoneNumberID, Number: s.o.Number, Token: s.o.Token,
		AppSecret: s.o.AppSecret, VerifyToken: s.o.VerifyToken, SMTP: s.o.SMTPAddr,
	}
}

// apiSettings is GET /sim/v1/settings.
func (s *Simulator) apiSettings(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.Settings())
}

// apiConnect is POST /sim/v1/connect webhook=: the registration of a webhook.
func (s *Simulator) apiConnect(w http.ResponseWriter, r *http.Request) {
	address := r.PostFormValue("webhook")
	if address == "" {
		http.Error(w, "webhook= fehlt", http.StatusBadRequest)
		return
	}
	if err := s.Connect(r.Context(), address); err != nil {
		http.Error(w, "Der Webhook hat die Anmeldung nicht bestätigt.", http.StatusBadGateway)
		return
	}
	writeJSON(w, http.StatusOK, map[string]bool{"connected": true})
}
