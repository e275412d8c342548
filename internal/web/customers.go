package web

import (
	"context"
	"net/http"

	"feierabend"
)

// customers is the step about customers' own words.
type customers interface {
	SetCustomers(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, v feierabend.CustomerVoices) error
}

// customersPage says what is done with customers' own words, and lets the owner change it.
type customersPage struct {
	Voices  feierabend.CustomerVoices
	MayEdit bool
	Flash   string
}

// customersShow is GET /kunden.
func (s *server) customersShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	p := customersPage{Voices: v.tenant.Customers, MayEdit: v.session.Role == feierabend.RoleOwner}
	if r.URL.Query().Get("ok") == "1" {
		p.Flash = "Gespeichert. Es gilt ab der nächsten Nachricht."
	}
	return s.show(w, v, http.StatusOK, page{View: "customers", Title: "Nachrichten von Kunden", Nav: "einstellungen", Content: p})
}

// customersSave is POST /kunden.
func (s *server) customersSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	voices := feierabend.CustomerVoices{Forwarded: r.PostForm.Get("weitergeleitet") != ""}
	if err := s.Linking.SetCustomers(r.Context(), v.by(), v.session.Tenant, voices); err != nil {
		return err
	}
	http.Redirect(w, r, "/kunden?ok=1", http.StatusSeeOther)
	return nil
}
