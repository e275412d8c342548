package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// signedReceipt is the signed form of a receipt. Fields are only ever added, with omitempty.
type signedReceipt struct {
	Form           string         `json:"form"`
	ID             string         `json:"id"`
	Tenant         string         `json:"tenant"`
	Case           string         `json:"case"`
	Reason         string         `json:"reason"`
	ByUser         string         `json:"by_user"`
	ByRole         string         `json:"by_role"`
	ByVia          string         `json:"by_via"`
	ErasedAt       int64          `json:"erased_at"`
	Erased         map[string]int `json:"erased"`
	FirstContentAt int64          `json:"first_content_at"`
	Verification   string         `json:"verification"`
	VerifiedAt     int64          `json:"verified_at"`
	Method         string         `json:"method"`
	SearchedFiles  int            `json:"searched_files"`
	SearchedBytes  int64          `json:"searched_bytes"`
	Hits           int            `json:"hits"`
	Copies         []signedCopy   `json:"copies"`
	Subject        string         `json:"subject,omitempty"` // "" = a case
	Entry          string         `json:"entry,omitempty"`   // of the address book
}

type signedCopy struct {
	Recipient string `json:"recipient"`
	Until     int64  `json:"until"`
}

// SigningBytes is what a receipt's signature covers: one JSON object with fixed
// order of fields and times in microseconds since 1970 UTC.
func SigningBytes(r feierabend.ErasureReceipt) ([]byte, error) {
	s := signedReceipt{
		Form: "feierabend-receipt-1", ID: string(r.ID), Tenant: r.Tenant.String(), Case: string(r.Case),
		Reason: string(r.Reason), ByUser: string(r.By.User), ByRole: string(r.By.Role), ByVia: string(r.By.Via),
		ErasedAt: micros(r.ErasedAt), Erased: r.Erased, FirstContentAt: micros(r.FirstContentAt),
		Verification: string(r.Verification), VerifiedAt: micros(r.VerifiedAt), Method: r.Method,
		SearchedFiles: r.SearchedFiles, SearchedBytes: r.SearchedBytes, Hits: r.Hits, Copies: []signedCopy{}, Subject: string(r.Subject), Entry: string(r.Entry),
	}
	if s.Erased == nil {
		s.Erased = map[string]int{}
	}
	for _, c := range r.Copies {
		s.Copies = append(s.Copies, signedCopy{c.Recipient, micros(c.Until)})
	}
	return json.Marshal(s) // keys of maps are sorted
}

// Sign fills Signature and PublicKey of a receipt in a terminal state.
func (r *Root) Sign(rec *feierabend.ErasureReceipt) error {
	if rec.Verification != feierabend.VerifyVerified && rec.Verification != feierabend.VerifyUnverifiable {
		return fmt.Errorf("sign receipt %s: state %q is not final", rec.ID, rec.Verification)
	}
	b, err := SigningBytes(*rec)
	if err != nil {
		return err
	}
	rec.Signature, rec.PublicKey = ed25519.Sign(r.sign, b), bytes.Clone(r.ReceiptKey())
	return nil
}

// ErrSignature says that a receipt was changed or not signed by its key.
var ErrSignature = errors.New("receipt: signature does not fit")

// VerifyReceipt checks a receipt offline against the public key that it names.
// Whose key that is, the caller compares with the one that the service publishes.
func VerifyReceipt(r feierabend.ErasureReceipt) error {
	b, err := SigningBytes(r)
	if err != nil {
		return err
	}
	if len(r.PublicKey) != ed25519.PublicKeySize || !ed25519.Verify(r.PublicKey, b, r.Signature) {
		return ErrSignature
	}
	if r.Verification == feierabend.VerifyVerified && r.Hits != 0 {
		return ErrSignature
	}
	return nil
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
