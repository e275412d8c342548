package web

import (
	"net/http"
	"net/url"

	"feierabend"
)

// customerLinkPage is one Kundenlink: to be sent on while it waits, then how far it has come.
type customerLinkPage struct {
	ID    string
	State string // open, lost (another browser has the code), asked, agreed, over
	Mask  string
	Case  string // page of its case, "" = none yet
	Code  string
	Text  string
	URL   string
	Demo  bool // URL leads to the phone of the demo
	QR    qrCode
	Until string
	Ends  bool // it can be ended
}

// mayLinkCustomers says whether the visitor may make Kundenlinks for cases.
func (v *visit) mayLinkCustomers() bool {
	return v.tenant.Customers.Links && v.session.Role.MayIssue()
}

// customerOffer is POST /kunden/link: a link that opens a case of its own.
func (s *server) customerOffer(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.offerCustomer(w, r, v, "")
}

// caseCustomer is POST /v/{case}/kundenlink.
func (s *server) caseCustomer(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, err := s.caseOf(r.Context(), r, v)
	if err != nil {
		return err
	}
	return s.offerCustomer(w, r, v, e.ID)
}

func (s *server) offerCustomer(w http.ResponseWriter, r *http.Request, v *visit, of feierabend.CaseID) error {
	c, err := s.Linking.OfferCustomer(r.Context(), v.by(), v.session.Tenant, of, v.cookie, v.session.TokenHash)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/kunden/link/"+c.ID, http.StatusSeeOther)
	return nil
}

// customerLink is GET /kunden/link/{kunde}.
func (s *server) customerLink(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.customerOf(r, v)
	if err != nil {
		return err
	}
	p, err := s.customerLinkPage(c)
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, page{View: "customer_link", Title: "Kundenlink", Nav: "einstellungen", Content: p})
}

func (s *server) customerOf(r *http.Request, v *visit) (feierabend.CustomerPending, error) {
	id := r.PathValue("kunde")
	if !feierabend.ValidID(id) {
		return feierabend.CustomerPending{}, errNotFound()
	}
	c, err := s.Linking.Customer(r.Context(), v.session.Tenant, id, v.cookie, v.session.TokenHash)
	if absent(err) {
		err = errNotFound()
	}
	return c, err
}

func (s *server) customerLinkPage(c feierabend.CustomerPending) (p customerLinkPage, err error) {
	p = customerLinkPage{ID: c.ID, State: string(c.State), Mask: feierabend.MaskPhone(c.Phone), Code: c.Code, Text: c.Text, URL: c.URL, Until: format{s.Zone}.date(c.ExpiresAt), Ends: c.State != feierabend.CustomerEnded}
	if c.Phone == "" {
		p.Mask = "ohne sichtbare Nummer"
	}
	if c.Case != "" {
		p.Case = "/v/" + string(c.Case)
	}
	switch {
	case c.State == feierabend.CustomerEnded, c.State == feierabend.CustomerOpen && !s.Now().Before(c.ExpiresAt):
		p.State = "over"
	case c.State == feierabend.CustomerOpen && c.Code == "":
		p.State = "lost"
	case c.URL != "":
		if p.QR, err = newQR(c.URL); err != nil {
			return p, err
		}
		if u, err := url.Parse(s.PhoneURL); s.PhoneURL != "" && err == nil { // a demo never leads to a real host
			u.Path, u.RawQuery = "/wa.me", url.Values{"text": {c.Text}}.Encode()
			p.URL, p.Demo = u.String(), true
		}
	}
	return p, nil
}

// customerEnd is POST /kunden/link/{kunde}/beenden.
func (s *server) customerEnd(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.customerOf(r, v)
	if err != nil {
		return err
	}
	if err := s.Linking.EndCustomer(r.Context(), v.by(), v.session.Tenant, c.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/kunden?ok=beendet", http.StatusSeeOther)
	return nil
}
