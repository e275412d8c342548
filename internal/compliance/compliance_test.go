package compliance_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/compliance"
)

// ledger holds agreements for the pure decisions of this package; the step suites run on the real store.
type ledger map[string]feierabend.ProcessingAgreement

func (l ledger) Agreement(_ context.Context, t feierabend.TenantID) (feierabend.ProcessingAgreement, error) {
	if a, ok := l[t.String()]; ok {
		return a, nil
	}
	return feierabend.ProcessingAgreement{}, &feierabend.Error{Kind: feierabend.NotFound}
}

func tenant(t *testing.T) feierabend.TenantID {
	t.Helper()
	id, err := feierabend.ParseTenantID(feierabend.NewID())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAgreementGate(t *testing.T) {
	with, without := tenant(t), tenant(t)
	l := ledger{with.String(): {Tenant: with, ConcludedAt: time.Now()}}
	p := compliance.New(compliance.NewRegistry(compliance.Settings{WhatsApp: true, SMTP: "mail.example:587"}), l)
	for _, purpose := range []feierabend.Purpose{feierabend.PurposeSpeech, feierabend.PurposeDrafting, feierabend.PurposeMessaging} {
		if ids, err := p.Providers(t.Context(), with, purpose); err != nil || len(ids) != 1 {
			t.Errorf("%s with agreement: got %v, %v", purpose, ids, err)
		}
		_, err := p.Providers(t.Context(), without, purpose)
		if feierabend.KindOf(err) != feierabend.Unauthorized || feierabend.CodeOf(err) != "agreement_missing" || feierabend.TextOf(err) == "" {
			t.Errorf("%s without agreement: got %v", purpose, err)
		}
	}
	if _, err := p.Providers(t.Context(), without, feierabend.PurposeMail); err != nil {
		t.Errorf("sign-in mail before the agreement: got %v", err)
	}
	if _, err := p.Providers(t.Context(), with, feierabend.PurposeModel); feierabend.KindOf(err) != feierabend.Unavailable {
		t.Errorf("purpose that nobody serves: got %v, want unavailable", err)
	}
}

type broken struct{}

func (broken) Agreement(context.Context, feierabend.TenantID) (feierabend.ProcessingAgreement, error) {
	return feierabend.ProcessingAgreement{}, errors.New("disk")
}

func TestGateIsClosedWhenTheStoreFails(t *testing.T) {
	p := compliance.New(compliance.NewRegistry(compliance.Settings{}), broken{})
	if ids, err := p.Providers(t.Context(), tenant(t), feierabend.PurposeSpeech); err == nil {
		t.Fatalf("got %v and no error from a broken store", ids)
	}
}

// Reachable means named: no setting adds a host without a row, and a row without
// hosts is our own server (LEG-01).
func TestEveryConfigurationNamesWhatItReaches(t *testing.T) {
	for i := range 32 {
		s := compliance.Settings{WhatsApp: i&1 > 0, SMTPLoopback: i&4 > 0, Models: i&16 > 0}
		if i&2 > 0 {
			s.SMTP = "mail.example:587"
		}
		if i&8 > 0 {
			s.Simulator = []string{"127.0.0.1:8081"}
		}
		seen := map[feierabend.ProviderID]bool{}
		for _, row := range compliance.NewRegistry(s) {
			if row.Name == "" || row.Class == "" || len(row.Purposes) == 0 || seen[row.ID] {
				t.Errorf("%d: row %q incomplete or twice", i, row.ID)
			}
			seen[row.ID] = true
			if len(row.Hosts) == 0 && row.ID != compliance.Local {
				t.Errorf("%d: %s reaches nobody", i, row.ID)
			}
			for _, h := range row.BearerHosts {
				if strings.Contains(h, "*") {
					t.Errorf("%d: %s sends its token to any host of %s", i, row.ID, h)
				}
			}
			for _, h := range row.Hosts {
				if strings.HasPrefix(h, "127.") && !row.Loopback {
					t.Errorf("%d: %s dials loopback without saying so", i, row.ID)
				}
			}
		}
		if seen[compliance.WhatsApp] != s.WhatsApp || seen[compliance.Mail] != (s.SMTP != "") || seen[compliance.Models] != s.Models {
			t.Errorf("%d: rows %v do not follow the settings %+v", i, seen, s)
		}
	}
}

func TestAllowed(t *testing.T) {
	p := compliance.New(compliance.NewRegistry(compliance.Settings{WhatsApp: true, SMTP: "mail.example:587"}), ledger{})
	one := tenant(t)
	for _, c := range []struct {
		name string
		t    feierabend.TenantID
		id   feierabend.ProviderID
		ok   bool
	}{
		{"known recipient", one, compliance.WhatsApp, true},
		{"unknown recipient", one, "openai", false},
		{"chat with a number of no firm", feierabend.TenantID{}, compliance.WhatsApp, true},
		{"sign-in mail before a firm is chosen", feierabend.TenantID{}, compliance.Mail, true},
	} {
		if err := p.Allowed(c.t, c.id); (err == nil) != c.ok {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestCopiesAreNamedHonestly(t *testing.T) {
	last := time.Date(2026, 2, 10, 18, 30, 0, 0, time.UTC)
	meta := compliance.NewRegistry(compliance.Settings{WhatsApp: true})
	got := meta.Copies([]string{"whatsapp"}, last)
	if len(got) != 2 || got[0].Recipient != "whatsapp" || !got[0].Until.Equal(last.AddDate(0, 0, 30)) || got[1].Recipient != "phone" || !got[1].Until.IsZero() {
		t.Errorf("Meta: got %+v", got)
	}
	for _, c := range got {
		if meta.Name(c.Recipient) == c.Recipient {
			t.Errorf("%s has no name", c.Recipient)
		}
	}
	demo := compliance.NewRegistry(compliance.Settings{WhatsApp: true, Simulator: []string{"127.0.0.1:8081"}})
	if got := demo.Copies([]string{"whatsapp"}, last); len(got) != 1 || got[0].Recipient != "phone" {
		t.Errorf("simulator: got %+v, want the phone only", got)
	}
	if got := meta.Copies([]string{"page"}, last); got != nil {
		t.Errorf("case without a chat: got %+v", got)
	}
}
