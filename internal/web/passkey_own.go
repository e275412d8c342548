package web

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"feierabend"
)

// passkeyRow is a passkey in the list of the person's devices.
type passkeyRow struct {
	URL, Name, Meta string
	Operator        bool
}

func passkeyRows(all []feierabend.Passkey, f format) (out []passkeyRow) {
	for _, p := range all {
		meta := "Angelegt am " + f.date(p.CreatedAt)
		if p.UsedAt.IsZero() {
			meta += ", noch nicht benutzt"
		} else {
			meta += ", zuletzt benutzt " + f.minute(p.UsedAt)
		}
		out = append(out, passkeyRow{URL: "/passkeys/" + p.Handle() + "/entfernen", Name: p.Name, Meta: meta, Operator: p.Duty != ""})
	}
	return out
}

// passkeyPage makes a new passkey.
type passkeyPage struct {
	Form passkeyForm
	Back string // where the person came from
}

// passkeyNew is GET /passkeys/neu.
func (s *server) passkeyNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.passkeyPage(w, v, http.StatusOK, deviceName(feierabend.Session{Browser: v.session.Browser, System: v.session.System}), "", "")
}

func (s *server) passkeyPage(w http.ResponseWriter, v *visit, status int, name, wrongName, problem string) error {
	p := passkeyPage{Form: makePasskey("/geraete", name, wrongName, problem), Back: "/geraete"}
	return s.show(w, v, status, page{View: "passkey", Title: "Passkey anlegen", Nav: s.navOf(v), Scripts: []string{passkeyScript}, Content: p})
}

// makePasskey is the form of a new passkey.
func makePasskey(next, name, wrongName, problem string) passkeyForm {
	f := field{Name: "name", Label: "Name dieses Geräts", Hint: "Damit Sie es in der Liste wiedererkennen.", Max: 60, Value: name, Error: wrongName}
	return passkeyForm{Ask: "/passkeys/frage", Action: "/passkeys", Next: next, Button: "Passkey anlegen", Main: true, Field: &f, Error: problem, Without: withoutOther}
}

// passkeyAsk is POST /passkeys/frage.
func (s *server) passkeyAsk(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	options, err := s.Passkeys.AskPasskey(r.Context(), v.session)
	return sendOptions(w, options, err)
}

// passkeyMake is POST /passkeys.
func (s *server) passkeyMake(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	name := strings.Join(strings.Fields(r.PostForm.Get("name")), " ")
	if name == "" || utf8.RuneCountInString(name) > 60 {
		return s.passkeyPage(w, v, http.StatusUnprocessableEntity, name, "Bitte einen Namen mit höchstens 60 Zeichen eingeben.", "")
	}
	err := s.Passkeys.MakePasskey(r.Context(), v.session, name, deviceAnswer(r))
	if text := passkeyError(err); text != "" {
		return s.passkeyPage(w, v, http.StatusUnprocessableEntity, name, "", text)
	}
	if err != nil {
		return err
	}
	to := "/geraete?ok=passkey"
	if v.session.Duty == feierabend.DutyInvited {
		to = "/betrieb/anmelden?ok=passkey" // asks for it at once: whoever made it sees that it works
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// passkeyEnd asks before a passkey goes.
type passkeyEnd struct{ URL, Name, Meta, Error string }

// passkeyRemoveForm is GET /passkeys/{passkey}/entfernen.
func (s *server) passkeyRemoveForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.passkeyEnd(w, r, v, http.StatusOK, "")
}

func (s *server) passkeyEnd(w http.ResponseWriter, r *http.Request, v *visit, status int, problem string) error {
	all, err := s.Passkeys.Passkeys(r.Context(), v.session.User)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Handle() == r.PathValue("passkey") && (p.Duty == "" || p.Duty == v.session.Duty) {
			row := passkeyRows([]feierabend.Passkey{p}, format{s.Zone})[0]
			return s.show(w, v, status, page{View: "passkey_end", Title: "Passkey entfernen", Nav: s.navOf(v), Content: passkeyEnd{row.URL, row.Name, row.Meta, problem}})
		}
	}
	return errNotFound()
}

// passkeyRemove is POST /passkeys/{passkey}/entfernen.
func (s *server) passkeyRemove(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := s.Passkeys.RemovePasskey(r.Context(), v.session, r.PathValue("passkey"))
	if feierabend.CodeOf(err) == "last_passkey" {
		return s.passkeyEnd(w, r, v, http.StatusConflict, feierabend.TextOf(err))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/geraete?ok=entfernt", http.StatusSeeOther)
	return nil
}
