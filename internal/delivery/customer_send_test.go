package delivery_test

import (
	"context"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/storetest"
)

const customerPhone = "+4917139200999"

// customer verifies a customer's number for a firm's case and gives the link, and the
// row of the notice.
func (s *stage) customer(f feierabend.TenantID, by feierabend.Actor, of feierabend.CaseID) (feierabend.CustomerLink, feierabend.OutboxID) {
	s.Helper()
	ctx := context.Background()
	must := func(err error) {
		s.Helper()
		if err != nil {
			s.Fatal(err)
		}
	}
	must(s.st.SetCustomers(ctx, f, feierabend.CustomerVoices{Links: true}, by))
	c := feierabend.CustomerLink{ID: feierabend.NewID(), Case: of, By: by.User, Session: []byte("s"), CreatedAt: s.clock.Now(), ExpiresAt: s.clock.Now().Add(feierabend.CustomerTerm)}
	must(s.st.AddCustomerLink(ctx, f, c, "3M2QX8VATE4RK"))
	before := s.rows()
	in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + feierabend.NewID(), From: customerPhone, Kind: feierabend.InboundText, Text: "Code: 3M2Q-X8VA-TE4RK", At: s.clock.Now(), Dated: true}
	out, err := s.st.Receive(ctx, []feierabend.Inbound{in})
	if err != nil || out[0].Code != feierabend.LinkHeard {
		s.Fatalf("code: %+v, %v", out, err)
	}
	c, err = s.st.CustomerLink(ctx, f, c.ID)
	must(err)
	return c, s.newest(before)
}

// TestNoPriceForCustomers (J-21): a customer is told the fixed texts and nothing else,
// whatever row comes to bear their link: no draft, no document, no amount.
func TestNoPriceForCustomers(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := context.Background()
		m, row := s.drafted(s.a)
		c, notice := s.customer(s.a.Tenant.ID, s.a.Owner, m.Case)
		if err := s.send(s.a, notice); err != nil || len(s.ch.sent) != 1 {
			s.Fatalf("notice: %d sent, %v", len(s.ch.sent), err)
		}
		said := s.ch.sent[0]
		for _, want := range []string{s.a.Tenant.Name, "Programm mit KI", "gelöscht spätestens am 24.12.2026", "Verantwortlich ist", "Einwilligung"} {
			if !strings.Contains(said.Text, want) {
				s.Errorf("the notice has no %q:\n%s", want, said.Text)
			}
		}
		if said.To != customerPhone || len(said.Buttons) != 2 || said.Buttons[0].Title != "Einverstanden" || said.Buttons[1].Title != "Nicht auswerten" {
			s.Errorf("the notice: %+v", said)
		}
		for _, kind := range []feierabend.OutKind{
			feierabend.OutDraft, feierabend.OutAsk, feierabend.OutDocument, feierabend.OutErased, feierabend.OutHeld, feierabend.OutCommand, feierabend.OutWelcome, feierabend.OutWarning,
		} {
			if err := s.st.AddOut(ctx, s.a.Tenant.ID, feierabend.Outgoing{Sender: feierabend.SenderID(c.ID), Case: m.Case, Kind: kind, Ref: "1"}); feierabend.KindOf(err) != feierabend.NotFound {
				s.Errorf("a row of kind %s for a customer was stored: %v", kind, err)
			}
			storetest.Exec(s.T, s.st, `UPDATE outbox SET sender_id = $1, kind = $2, state = 'waiting', ref = '1' WHERE id = $3`, c.ID, string(kind), string(row))
			if err := s.send(s.a, row); err != nil || len(s.ch.sent) != 1 {
				s.Fatalf("kind %s: a customer was sent %+v, %v", kind, s.ch.sent[1:], err)
			}
		}
		// Not by the way of the firm's own words either.
		p, err := s.st.Profile(ctx, s.a.Tenant.ID)
		if err != nil {
			s.Fatal(err)
		}
		p.Seller.Email, p.Seller.Phone = "", "nur 49,00 die Stunde"
		if err := s.st.SetProfile(ctx, s.a.Tenant.ID, p); err != nil {
			s.Fatal(err)
		}
		storetest.Exec(s.T, s.st, `UPDATE outbox SET state = 'waiting' WHERE id = $1`, string(notice))
		if err := s.send(s.a, notice); err != nil || len(s.ch.sent) != 1 {
			s.Errorf("an amount in the letterhead: sent %+v, %v", s.ch.sent[1:], err)
		}
		// The firm's own person is told that there is something, not what.
		before := s.rows()
		if err := s.st.AddOut(ctx, s.a.Tenant.ID, feierabend.Outgoing{Sender: s.a.Sender.ID, Case: m.Case, Kind: feierabend.OutCommand, Ref: "kunde"}); err != nil {
			s.Fatal(err)
		}
		if err := s.send(s.a, s.newest(before)); err != nil || !strings.Contains(s.ch.sent[1].Text, "Ihr Kunde hat etwas geschickt") {
			s.Errorf("the firm: %+v, %v", s.ch.sent, err)
		}
		if _, err := s.st.CustomerLink(ctx, s.b.Tenant.ID, c.ID); feierabend.KindOf(err) != feierabend.NotFound {
			s.Errorf("the other firm reads the customer: %v", err)
		}
	})
}
