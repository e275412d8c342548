package registration

import (
	"context"
	"crypto/subtle"
	"sync"

	"feierabend"
)

// concluded remembers the firms that have a contract: it is asked for with every
// page, and a concluded contract stays concluded.
type concluded struct {
	mu    sync.Mutex
	firms map[feierabend.TenantID]bool
}

// concludedFirms bounds the memory; when full, it forgets and asks anew.
const concludedFirms = 50_000

func (c *concluded) has(t feierabend.TenantID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.firms[t]
}

func (c *concluded) add(t feierabend.TenantID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.firms == nil || len(c.firms) >= concludedFirms {
		c.firms = map[feierabend.TenantID]bool{}
	}
	c.firms[t] = true
}

// Concluded says whether the firm has a contract.
func (s *Step) Concluded(ctx context.Context, t feierabend.TenantID) (bool, error) {
	if s.firms.has(t) {
		return true, nil
	}
	_, err := s.o.Store.Agreement(ctx, t)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.firms.add(t)
	return true, nil
}

// Contract gives the text to conclude; zero where there is none.
func (s *Step) Contract() feierabend.ContractText { return s.o.Text }

// Conclude concludes the contract for the firm, by an owner who has read the text
// with this hash: where the text is another by now, nothing is concluded and the
// error is Conflict "contract_changed".
func (s *Step) Conclude(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, hash []byte) error {
	text := s.o.Text
	switch {
	case text.IsZero():
		return errClosed()
	case by.Role != feierabend.RoleOwner:
		return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "role", Text: "Den Vertrag kann nur abschließen, wem der Betrieb gehört. Es ist nichts geändert worden."}
	case subtle.ConstantTimeCompare(hash, text.Hash()) != 1:
		return &feierabend.Error{Kind: feierabend.Conflict, Code: "contract_changed", Text: "Der Text hat sich inzwischen geändert. Abgeschlossen ist noch nichts. Bitte lesen Sie ihn noch einmal."}
	}
	a := feierabend.ProcessingAgreement{Tenant: t, Version: text.Version, Hash: text.Hash(), ConcludedAt: s.o.Now(), By: by}
	if err := s.o.Store.ConcludeAgreement(ctx, a); err != nil {
		return err
	}
	s.firms.add(t)
	return nil
}

// Demonstration is the text of a demo: it says that it is none of a contract.
func Demonstration() feierabend.ContractText {
	return feierabend.ContractText{
		Version: "demo", Title: "Vorführung, kein Vertrag", Demo: true,
		Paragraphs: []string{
			"Dies ist eine Vorführung von Feierabend. Sie schließen damit keinen Vertrag, es kostet nichts, und niemand schuldet Ihnen etwas.",
			"Im Betrieb stünden hier die Nutzungsbedingungen und der Vertrag zur Auftragsverarbeitung nach Art. 28 DSGVO. Beide schließen Sie dann mit einem Knopf ab, bevor die erste Nachricht verarbeitet wird.",
			"Bitte sprechen Sie in der Vorführung keine Daten wirklicher Kunden. Wer den Rechner betreibt, auf dem sie läuft, kann sie lesen.",
			"Auch hier gilt: Sprachnachricht, Text und Rechnung werden nach dem Speichern gelöscht, spätestens nach 30 Tagen.",
		},
	}
}
