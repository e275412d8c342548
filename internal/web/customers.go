package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"feierabend"
)

// customers is the step about customers' own words.
type customers interface {
	SetCustomers(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, v feierabend.CustomerVoices) error
	OfferCustomer(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, of feierabend.CaseID, cookie string, session []byte) (feierabend.CustomerLink, error)
	Customers(ctx context.Context, t feierabend.TenantID, of feierabend.CaseID) ([]feierabend.CustomerLink, error)
	Customer(ctx context.Context, t feierabend.TenantID, id, cookie string, session []byte) (feierabend.CustomerPending, error)
	EndCustomer(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id string) error
}

// customersPage says what is done with customers' own words, and lets the owner change it.
type customersPage struct {
	Voices  feierabend.CustomerVoices
	MayEdit bool
	MayLink bool // makes and ends Kundenlinks
	Links   []customerRow
	Flash   string
}

// customerRow is one Kundenlink.
type customerRow struct {
	URL, Who, Meta string
	Tag            tag
}

var customerFlashes = map[string]string{
	"1":       "Gespeichert. Es gilt ab der nächsten Nachricht.",
	"beendet": "Der Kundenlink gilt nicht mehr. Was schon da ist, bleibt bei seinem Vorgang, bis Ihr Kunde es zurücknimmt.",
}

// customersShow is GET /kunden.
func (s *server) customersShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	p := customersPage{
		Voices: v.tenant.Customers, MayEdit: v.session.Role == feierabend.RoleOwner, MayLink: v.session.Role.MayIssue(), Flash: customerFlashes[r.URL.Query().Get("ok")],
	}
	if p.MayLink {
		links, err := s.Linking.Customers(r.Context(), v.session.Tenant, "")
		if err != nil {
			return err
		}
		for _, c := range links {
			p.Links = append(p.Links, s.customerRow(c))
		}
	}
	return s.show(w, v, http.StatusOK, page{View: "customers", Title: "Nachrichten von Kunden", Nav: "einstellungen", Content: p})
}

func (s *server) customerRow(c feierabend.CustomerLink) customerRow {
	f := format{s.Zone}
	row := customerRow{URL: "/kunden/link/" + c.ID, Who: "Neuer Vorgang", Meta: "vom " + f.date(c.CreatedAt), Tag: customerTag(c, s.Now())}
	if c.Case != "" && !c.Own {
		row.Who = "Für einen Vorgang"
	}
	if c.Phone != "" {
		row.Who = strings.ReplaceAll(feierabend.MaskPhone(c.Phone), " ", nbsp)
	}
	if c.State == feierabend.CustomerOpen {
		row.Meta += ", gilt bis " + f.date(c.ExpiresAt)
	}
	return row
}

func customerTag(c feierabend.CustomerLink, now time.Time) tag {
	switch {
	case c.State == feierabend.CustomerAsked:
		return tag{"", "ask", "Wartet auf Zustimmung"}
	case c.State == feierabend.CustomerAgreed:
		return tag{"done", "check", "Einverstanden"}
	case c.State == feierabend.CustomerEnded || !now.Before(c.ExpiresAt):
		return tag{"", "trash", "Beendet"}
	}
	return tag{"yours", "send", "Noch nicht benutzt"}
}

// customersSave is POST /kunden.
func (s *server) customersSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	voices := feierabend.CustomerVoices{Forwarded: r.PostForm.Get("weitergeleitet") != "", Links: r.PostForm.Get("kundenlink") != ""}
	if err := s.Linking.SetCustomers(r.Context(), v.by(), v.session.Tenant, voices); err != nil {
		return err
	}
	http.Redirect(w, r, "/kunden?ok=1", http.StatusSeeOther)
	return nil
}
