package web

import (
	"net/http"

	"feierabend"
)

// digestRoutes are the rows of the mail at the end of a working day: the switch of whoever
// is signed in, and the page behind the link of each mail, which also a mail program's
// own button calls (RFC 8058).
func digestRoutes() []route {
	return []route{
		on("GET", "/mails", member, "", classPage, noBody, (*server).digest),
		on("POST", "/mails", member, "", classPage, formBody, (*server).digestSet),
		on("GET", digestOffPath, anyone, "", classPage, noBody, (*server).digestOffForm),
		on("POST", digestOffPath, anyone, "", classPage, formBody, (*server).digestOff),
		on("POST", digestOnPath, anyone, "", classPage, formBody, (*server).digestOn),
	}
}

const (
	digestOffPath = "/mails/abbestellen"
	digestOnPath  = "/mails/bestellen"
)

// digestPage is the switch, or the page of a mail's link.
type digestPage struct {
	State       string // on, off: the switch; ask, done, again: by the link of a mail
	Firm, Email string
	Notice      string
	Token       string
	Error       string
}

// digest is GET /mails.
func (s *server) digest(w http.ResponseWriter, r *http.Request, v *visit) error {
	on, err := s.Directory.DigestOn(r.Context(), v.session.Tenant, v.session.User)
	if err != nil {
		return err
	}
	p := digestPage{State: "off", Firm: v.tenant.Name, Email: v.user.Email}
	if on {
		p.State = "on"
	}
	if r.URL.Query().Get("ok") != "" {
		p.Notice = map[bool]string{true: "Gespeichert. Die Mails kommen wieder.", false: "Gespeichert. Es kommt keine mehr."}[on]
	}
	return s.show(w, v, http.StatusOK, page{View: "digest", Title: "Mail am Feierabend", Nav: "einstellungen", Content: p})
}

// digestSet is POST /mails.
func (s *server) digestSet(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if err := s.Directory.SetDigest(r.Context(), v.session.Tenant, v.session.User, r.PostForm.Get("an") == "1", v.by()); err != nil {
		return err
	}
	http.Redirect(w, r, "/mails?ok=1", http.StatusSeeOther)
	return nil
}

// digestOffForm is GET /mails/abbestellen?t=…: a button, nothing happens before it.
func (s *server) digestOffForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.show(w, v, http.StatusOK, page{View: "digest", Title: "Mails abbestellen", Content: digestPage{State: "ask", Token: r.URL.Query().Get("t")}})
}

// digestOff is POST /mails/abbestellen?t=…, by the page's button or by a mail program:
// without a session, without a redirect, whatever the body says (RFC 8058 § 3.2).
func (s *server) digestOff(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.digestSwitch(w, r, v, false, digestPage{State: "done"})
}

// digestOn is POST /mails/bestellen?t=…: takes it back.
func (s *server) digestOn(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.digestSwitch(w, r, v, true, digestPage{State: "again"})
}

func (s *server) digestSwitch(w http.ResponseWriter, r *http.Request, v *visit, on bool, p digestPage) error {
	p.Token = r.URL.Query().Get("t")
	status := http.StatusOK
	if err := s.Directory.SwitchDigest(r.Context(), p.Token, on); feierabend.CodeOf(err) == "link_invalid" {
		status, p.Error = http.StatusUnprocessableEntity, feierabend.TextOf(err)
	} else if err != nil {
		return err
	}
	return s.show(w, v, status, page{View: "digest", Title: "Mails abbestellen", Content: p})
}
