package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"time"

	"feierabend"
)

// receiptFile is a receipt as people download and keep it: the signed object
// itself, so that anyone can check it with a few lines in any language.
type receiptFile struct {
	Receipt   json.RawMessage `json:"receipt"`   // exactly SigningBytes
	Signature []byte          `json:"signature"` // ed25519, base64
	PublicKey []byte          `json:"public_key"`
}

// ExportReceipt gives the downloadable form of a receipt. A receipt whose proof
// is outstanding has no signature yet and is exported without one.
func ExportReceipt(r feierabend.ErasureReceipt) ([]byte, error) {
	b, err := SigningBytes(r)
	if err != nil {
		return nil, err
	}
	return json.Marshal(receiptFile{Receipt: b, Signature: r.Signature, PublicKey: r.PublicKey})
}

// ErrNoReceipt says that bytes are not a receipt of ours.
var ErrNoReceipt = errors.New("receipt: not a receipt")

// CheckReceiptFile reads the downloadable form, checks its signature offline and
// gives when the case was erased and how far the proof went. ErrNoReceipt for
// other bytes, ErrSignature for a changed or unsigned one.
func CheckReceiptFile(b []byte) (erasedAt time.Time, v feierabend.Verification, key ed25519.PublicKey, err error) {
	var f receiptFile
	var s signedReceipt
	if json.Unmarshal(b, &f) != nil || json.Unmarshal(f.Receipt, &s) != nil || s.Form != "feierabend-receipt-1" {
		return erasedAt, "", nil, ErrNoReceipt
	}
	var signed bytes.Buffer // a receipt that was pretty-printed on the way is still the same receipt
	if err := json.Compact(&signed, f.Receipt); err != nil {
		return erasedAt, "", nil, ErrNoReceipt
	}
	if len(f.PublicKey) != ed25519.PublicKeySize || !ed25519.Verify(f.PublicKey, signed.Bytes(), f.Signature) {
		return erasedAt, "", nil, ErrSignature
	}
	if s.Verification == string(feierabend.VerifyVerified) && s.Hits != 0 {
		return erasedAt, "", nil, ErrSignature
	}
	return time.UnixMicro(s.ErasedAt), feierabend.Verification(s.Verification), f.PublicKey, nil
}
