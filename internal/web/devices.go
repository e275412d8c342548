package web

import (
	"net/http"
	"time"

	"feierabend"
)

// devicePage lists the browsers in which the person is signed in (SES-04).
type devicePage struct {
	Devices  []deviceRow
	Others   bool // there is another one to end
	Passkeys []passkeyRow
	Operator bool // the session runs the service
	Notice   string
	Check    bool // the other sessions have just ended: passkeys, which go on, should be looked at
}

type deviceRow struct {
	ID, Name string
	Meta     string // begun, last seen
	This     bool
}

// deviceList is GET /geraete.
func (s *server) deviceList(w http.ResponseWriter, r *http.Request, v *visit) error {
	all, err := s.Devices.Devices(r.Context(), v.session.User)
	if err != nil {
		return err
	}
	p := devicesOf(all, v.session, s.Now(), format{s.Zone})
	keys, err := s.Passkeys.Passkeys(r.Context(), v.session.User)
	if err != nil {
		return err
	}
	p.Passkeys, p.Operator = passkeyRows(keys, format{s.Zone}), v.session.Duty == feierabend.DutyOperator
	p.Notice = deviceNotices[r.URL.Query().Get("ok")]
	p.Check = r.URL.Query().Get("ok") == "andere" && len(keys) > 0
	return s.show(w, v, http.StatusOK, page{View: "devices", Title: "Geräte", Nav: s.navOf(v), Content: p})
}

var deviceNotices = map[string]string{
	"beendet":  "Beendet. Dort muss man sich neu anmelden.",
	"andere":   "Beendet. Überall sonst muss man sich neu anmelden.",
	"passkey":  "Der Passkey ist angelegt.",
	"entfernt": "Der Passkey ist entfernt.",
}

func devicesOf(all []feierabend.Session, own feierabend.Session, now time.Time, f format) devicePage {
	var p devicePage
	for _, n := range all {
		d := deviceRow{ID: n.Device(), Name: deviceName(n), This: n.Device() == own.Device()}
		d.Meta = "Angemeldet seit " + f.minute(n.CreatedAt)
		if !d.This {
			d.Meta += ", zuletzt gesehen " + f.minute(n.SeenAt)
			p.Others = true
		}
		if n.Stay {
			d.Meta += ", bleibt angemeldet bis " + f.date(n.ExpiresAt)
		}
		p.Devices = append(p.Devices, d)
	}
	return p
}

// deviceName is "Chrome auf Android", as far as the browser said it.
func deviceName(n feierabend.Session) string {
	name := n.Browser
	if name == "" || name == "einem Browser" {
		name = "Ein Browser"
	}
	if n.System != "" {
		name += " auf " + n.System
	}
	return name
}

// navOf marks the menu's entry of the settings; a person of no firm has no menu.
func (s *server) navOf(v *visit) string {
	switch {
	case v.session.Duty == feierabend.DutyOperator:
		return "geraete"
	case v.session.Tenant.IsZero():
		return ""
	}
	return "einstellungen"
}

// deviceEnd is POST /geraete/beenden. Ending the own session is signing out.
func (s *server) deviceEnd(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	device := r.PostForm.Get("geraet")
	if device == v.session.Device() {
		return s.signOut(w, r, v)
	}
	if err := s.Devices.EndDevice(r.Context(), v.session.User, device); err != nil && !absent(err) {
		return err
	}
	http.Redirect(w, r, "/geraete?ok=beendet", http.StatusSeeOther)
	return nil
}

// deviceEndOthers is POST /geraete/andere.
func (s *server) deviceEndOthers(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.Devices.EndOthers(r.Context(), v.session.User, v.session.TokenHash); err != nil {
		return err
	}
	http.Redirect(w, r, "/geraete?ok=andere", http.StatusSeeOther)
	return nil
}
