package linking

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"
	"time"

	"feierabend"
)

// SetCustomers stores the instructions about customers' own words (J-20): the owner's
// to give, since the firm answers for it that its customers know.
func (s *Step) SetCustomers(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, v feierabend.CustomerVoices) error {
	if by.Role != feierabend.RoleOwner {
		return &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "role",
			Text: "Ob Nachrichten von Kunden ausgewertet werden, bestimmt, wer Inhaberin oder Inhaber ist. Es ist nichts geändert worden. Bitte fragen Sie dort.",
		}
	}
	return s.o.Store.SetCustomers(ctx, t, v, by)
}

// OfferCustomer makes a Kundenlink, for a case or for one that its code will open (J-21).
func (s *Step) OfferCustomer(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, of feierabend.CaseID, cookie string, session []byte) (feierabend.CustomerLink, error) {
	if !by.Role.MayIssue() {
		return feierabend.CustomerLink{}, &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "role",
			Text: "Kundenlinks machen Inhaber und Büro. Es wurde keiner gemacht. Bitte geben Sie dort kurz Bescheid.",
		}
	}
	now := s.o.Now()
	allowed, err := s.o.Store.Allow(ctx, "customer-link:"+t.String(), feierabend.CustomerLinksADay, 24*time.Hour, now)
	if err != nil {
		return feierabend.CustomerLink{}, err
	}
	if !allowed {
		return feierabend.CustomerLink{}, &feierabend.Error{
			Kind: feierabend.Invalid, Code: "customer_limit",
			Text: "Das waren heute schon 30 Kundenlinks. Es wurde keiner mehr gemacht, bestehende gelten weiter. Bitte versuchen Sie es morgen noch einmal.",
		}
	}
	c := feierabend.CustomerLink{
		ID: s.o.NewID(), Tenant: t, Case: of, By: by.User, Session: session, State: feierabend.CustomerOpen, CreatedAt: now, ExpiresAt: now.Add(feierabend.CustomerTerm),
	}
	return c, s.o.Store.AddCustomerLink(ctx, t, c, customerCode(cookie, c.ID))
}

// customerCode is that of a link for the browser that holds the session's token.
func customerCode(cookie, id string) string {
	h := hmac.New(sha256.New, []byte(cookie))
	h.Write([]byte("customer code\x00" + id))
	return feierabend.LinkCode(h.Sum(nil))
}

// Customers gives the firm's Kundenlinks, those of one case where one is named.
func (s *Step) Customers(ctx context.Context, t feierabend.TenantID, of feierabend.CaseID) ([]feierabend.CustomerLink, error) {
	return s.o.Store.CustomerLinks(ctx, t, of)
}

// Customer gives one link; its code only to the session that has made it, while it waits.
func (s *Step) Customer(ctx context.Context, t feierabend.TenantID, id, cookie string, session []byte) (p feierabend.CustomerPending, err error) {
	if p.CustomerLink, err = s.o.Store.CustomerLink(ctx, t, id); err != nil {
		return p, err
	}
	if p.State != feierabend.CustomerOpen || !bytes.Equal(p.Session, session) {
		return p, nil
	}
	firm, err := s.o.Store.Tenant(ctx, t)
	if err != nil {
		return p, fmt.Errorf("load firm: %w", err)
	}
	p.Code = feierabend.ShowLinkCode(customerCode(cookie, id))
	p.Text = "Meine Nachricht an „" + clip(firm.Name, 80) + "“. Code: " + p.Code
	if s.o.Number != "" {
		p.URL = "https://wa.me/" + strings.TrimPrefix(s.o.Number, "+") + "?text=" + strings.ReplaceAll(url.QueryEscape(p.Text), "+", "%20")
	}
	return p, nil
}

// EndCustomer takes a link back.
func (s *Step) EndCustomer(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id string) error {
	if !by.Role.MayIssue() {
		return &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: "role",
			Text: "Kundenlinks beenden Inhaber und Büro. Es ist nichts geändert worden. Bitte geben Sie dort kurz Bescheid.",
		}
	}
	return s.o.Store.EndCustomerLink(ctx, t, id, by)
}
