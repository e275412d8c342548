package web

import (
	"net/http"

	"feierabend"
)

// teamPage lists who belongs to the firm.
type teamPage struct {
	Members []teamRow
	Waiting []inviteRow
	Alone   bool // one owner only: a second one is advised
	Prices  bool // staff see prices
	Notice  string
}

type teamRow struct{ URL, Name, Email, Role string }

type inviteRow struct{ ID, Email, Role, Until string }

// notices are the words after a change, by the code in the address.
var teamNotices = map[string]string{
	"eingeladen": "Einladung unterwegs. Sie gilt sieben Tage.",
	"zurueck":    "Einladung zurückgenommen. Der Link in der Mail geht nicht mehr.",
	"rolle":      "Rolle geändert. Die Person meldet sich einmal neu an.",
	"entfernt":   "Aus dem Team genommen. Angemeldet ist die Person nirgends mehr, ihre Nummer ist gelöst; die Vorgänge bleiben bei der Firma.",
	"preise":     "Gespeichert.",
}

// teamList is GET /team.
func (s *server) teamList(w http.ResponseWriter, r *http.Request, v *visit) error {
	members, err := s.Team.Members(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	waiting, err := s.Team.Waiting(r.Context(), v.by(), v.session.Tenant)
	if err != nil {
		return err
	}
	p := teamOf(members, waiting, format{s.Zone})
	p.Prices, p.Notice = v.tenant.StaffPrices, teamNotices[r.URL.Query().Get("ok")]
	return s.show(w, v, http.StatusOK, page{View: "team", Title: "Team", Nav: "einstellungen", Content: p})
}

func teamOf(members []feierabend.Colleague, waiting []feierabend.Invitation, f format) teamPage {
	p := teamPage{}
	owners := 0
	for _, m := range members {
		if m.Role == feierabend.RoleOwner {
			owners++
		}
		p.Members = append(p.Members, teamRow{"/team/" + string(m.User.ID), nameOf(m.User), m.User.Email, m.Role.German()})
	}
	p.Alone = owners == 1
	for _, n := range waiting {
		p.Waiting = append(p.Waiting, inviteRow{n.ID, n.Email, n.Role.German(), f.minute(n.ExpiresAt)})
	}
	return p
}

// nameOf is the name, or the address where none was given yet.
func nameOf(u feierabend.User) string {
	if u.Name == "" {
		return u.Email
	}
	return u.Name
}

// teamPrices is POST /team/preise.
func (s *server) teamPrices(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if err := s.Team.SetStaffPrices(r.Context(), v.by(), v.session.Tenant, r.PostForm.Get("preise") != ""); err != nil {
		return err
	}
	http.Redirect(w, r, "/team?ok=preise", http.StatusSeeOther)
	return nil
}

// memberPage changes one person's role or takes them out.
type memberPage struct {
	ID, Name, Email string
	Role            feierabend.Role
	Roles           []roleChoice
	Self            bool
	Error           string
}

// roleChoice is a role in words.
type roleChoice struct {
	Role       feierabend.Role
	Name, Text string
}

func roleChoices() []roleChoice {
	return []roleChoice{
		{feierabend.RoleStaff, "Mitarbeiter", "Spricht ein und sieht die eigenen Vorgänge."},
		{feierabend.RoleOffice, "Büro", "Sieht alle Vorgänge, beantwortet, stellt aus, lädt und löscht."},
		{feierabend.RoleOwner, "Inhaber", "Alles, auch Team, Nummern und Vertrag."},
	}
}

// memberOf finds the person of the path in the firm; foreign and unknown are the same.
func (s *server) memberOf(r *http.Request, v *visit) (feierabend.Colleague, error) {
	members, err := s.Team.Members(r.Context(), v.session.Tenant)
	if err != nil {
		return feierabend.Colleague{}, err
	}
	for _, m := range members {
		if string(m.User.ID) == r.PathValue("person") {
			return m, nil
		}
	}
	return feierabend.Colleague{}, errNotFound()
}

// memberForm is GET /team/{person}.
func (s *server) memberForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, err := s.memberOf(r, v)
	if err != nil {
		return err
	}
	return s.memberPage(w, v, http.StatusOK, m, "")
}

func (s *server) memberPage(w http.ResponseWriter, v *visit, status int, m feierabend.Colleague, problem string) error {
	p := memberPage{ID: string(m.User.ID), Name: nameOf(m.User), Email: m.User.Email, Role: m.Role, Roles: roleChoices(), Self: m.User.ID == v.session.User, Error: problem}
	return s.show(w, v, status, page{View: "member", Title: "Team", Nav: "einstellungen", Content: p})
}

// memberRole is POST /team/{person}/rolle.
func (s *server) memberRole(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.memberChange(w, r, v, "rolle", func(m feierabend.Colleague) error {
		return s.Team.SetRole(r.Context(), v.by(), v.session.Tenant, m.User.ID, feierabend.Role(r.PostForm.Get("rolle")))
	})
}

// memberRemove is POST /team/{person}/entfernen.
func (s *server) memberRemove(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.memberChange(w, r, v, "entfernt", func(m feierabend.Colleague) error {
		if m.User.ID == v.session.User {
			return &feierabend.Error{Kind: feierabend.Conflict, Code: "self", Text: "Sich selbst nehmen Sie unter „Mein Zugang“ aus der Firma. Es ist nichts geändert worden."}
		}
		return s.Team.Remove(r.Context(), v.by(), v.session.Tenant, m.User.ID)
	})
}

func (s *server) memberChange(w http.ResponseWriter, r *http.Request, v *visit, done string, change func(feierabend.Colleague) error) error {
	if err := parseForm(r); err != nil {
		return err
	}
	m, err := s.memberOf(r, v)
	if err != nil {
		return err
	}
	switch err := change(m); feierabend.KindOf(err) {
	case "":
		http.Redirect(w, r, "/team?ok="+done, http.StatusSeeOther)
		return nil
	case feierabend.Conflict:
		return s.memberPage(w, v, http.StatusConflict, m, feierabend.TextOf(err))
	case feierabend.Invalid:
		return s.memberPage(w, v, http.StatusUnprocessableEntity, m, "Bitte eine der Rollen wählen. Es ist nichts geändert worden.")
	default:
		return err
	}
}
