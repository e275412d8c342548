package compliance

import (
	"context"
	"fmt"

	"feierabend"
)

// agreements is what Policy asks of the store.
type agreements interface {
	Agreement(ctx context.Context, t feierabend.TenantID) (feierabend.ProcessingAgreement, error)
}

// Policy decides per tenant and purpose. It keeps nothing: an agreement that is
// concluded counts with the next call.
type Policy struct {
	registry   Registry
	agreements agreements
}

// New makes a Policy over a registry.
func New(r Registry, a agreements) *Policy { return &Policy{registry: r, agreements: a} }

// Registry gives the recipients that the policy chooses from.
func (p *Policy) Registry() Registry { return p.registry }

// Providers lists who may get the tenant's data for a purpose, the preferred one
// first. Without a concluded agreement the error is Unauthorized with code
// "agreement_missing"; where nobody serves the purpose it is Unavailable.
// Sign-in mails and the speech model come before any agreement.
func (p *Policy) Providers(ctx context.Context, t feierabend.TenantID, purpose feierabend.Purpose) ([]feierabend.ProviderID, error) {
	if gated(purpose) {
		if err := p.agreed(ctx, t); err != nil {
			return nil, err
		}
	}
	ids := p.registry.For(purpose)
	if len(ids) == 0 {
		return nil, &feierabend.Error{
			Kind: feierabend.Unavailable, Code: "no_provider",
			Text: "Dafür ist auf diesem Server nichts eingerichtet. Ihre Daten sind unverändert da. Bitte wenden Sie sich an den Betreiber.",
			Err:  fmt.Errorf("no recipient serves %s", purpose),
		}
	}
	return ids, nil
}

// Allowed says whether a recipient may get the tenant's data at all: one error
// for an unknown recipient, Unauthorized "provider_unknown".
func (p *Policy) Allowed(t feierabend.TenantID, id feierabend.ProviderID) error {
	row, ok := p.registry.Recipient(id)
	// Without a firm there is no firm's data: mails before one is chosen, and the one
	// fixed sentence to a number that belongs to nobody.
	if ok && (!t.IsZero() || row.Class == feierabend.Infrastructure || serves(row, feierabend.PurposeMail) || serves(row, feierabend.PurposeMessaging)) {
		return nil
	}
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "provider_unknown",
		Text: "Dieser Empfänger ist nicht vereinbart, es wurde nichts gesendet. Bitte wenden Sie sich an den Betreiber.",
		Err:  fmt.Errorf("recipient %q is not in the registry or needs a tenant", id),
	}
}

// agreed is the agreement gate.
func (p *Policy) agreed(ctx context.Context, t feierabend.TenantID) error {
	a, err := p.agreements.Agreement(ctx, t)
	switch {
	case err == nil && !a.ConcludedAt.IsZero():
		return nil
	case err != nil && feierabend.KindOf(err) != feierabend.NotFound:
		return fmt.Errorf("look up agreement: %w", err)
	}
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "agreement_missing",
		Text: "Für Ihren Betrieb ist noch kein Vertrag zur Auftragsverarbeitung geschlossen. Deshalb wurde nichts ausgewertet. Bitte schließen Sie ihn auf der Seite „Datenschutz“ ab, danach geht es von selbst weiter.",
		Err:  fmt.Errorf("tenant %s has no agreement", t),
	}
}

// gated says whether a purpose touches content and so needs an agreement.
func gated(p feierabend.Purpose) bool {
	return p == feierabend.PurposeSpeech || p == feierabend.PurposeDrafting || p == feierabend.PurposeMessaging
}

func serves(row feierabend.Recipient, p feierabend.Purpose) bool {
	for _, q := range row.Purposes {
		if q == p {
			return true
		}
	}
	return false
}
