package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Purpose names what a derived key is for (KEY-05): one key, one purpose.
type Purpose string

// The purposes of keyed hashes. Their labels never change.
const (
	PurposeLookup  Purpose = "lookup"  // phone numbers and provider ids, service-wide
	PurposeSeen    Purpose = "seen"    // ids of inbound messages
	PurposeOTP     Purpose = "otp"     // typed sign-in codes
	PurposeCounter Purpose = "counter" // names of security counters
	PurposeAudit   Purpose = "audit"   // chain of audit records
	PurposeBackup  Purpose = "backup"  // manifest of a backup file
	PurposeCheck   Purpose = "check"   // recognises the root key itself
	PurposeLog     Purpose = "log"     // people in the security log
	PurposeMail    Purpose = "mail"    // links in mails that need no sign-in
)

// Root is the stable root key: everything derived from it survives rotations of
// the master keys. It never leaves this package.
type Root struct {
	secret []byte
	macs   map[Purpose][]byte
	sign   ed25519.PrivateKey
}

// ParseRoot reads a root key of 32 bytes in base64.
func ParseRoot(s string) (*Root, error) {
	secret, err := decodeKey(s)
	if err != nil {
		return nil, fmt.Errorf("root key: %w", err)
	}
	r := &Root{secret: secret, macs: map[Purpose][]byte{}}
	for _, p := range []Purpose{PurposeLookup, PurposeSeen, PurposeOTP, PurposeCounter, PurposeAudit, PurposeBackup, PurposeCheck, PurposeLog, PurposeMail} {
		if r.macs[p], err = r.derive("mac/" + string(p)); err != nil {
			return nil, err
		}
	}
	seed, err := r.derive("receipt")
	if err != nil {
		return nil, err
	}
	r.sign = ed25519.NewKeyFromSeed(seed)
	return r, nil
}

// MAC is the keyed hash (32 bytes) of the parts for a purpose. Each part goes in
// with its length, so that parts cannot be shifted into each other. It panics on
// a purpose that is not one of the constants.
func (r *Root) MAC(p Purpose, parts ...string) []byte {
	key, ok := r.macs[p]
	if !ok {
		panic("seal: unknown purpose " + string(p))
	}
	h := hmac.New(sha256.New, key)
	for _, s := range parts {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	return h.Sum(nil)
}

// Account gives the key under which account data of a tenant is sealed that is
// not bound to a case, e.g. the phone number of a sender link. It lives as long
// as the root key.
func (r *Root) Account(tenant string) (Key, error) {
	secret, err := r.derive("account/" + tenant)
	if err != nil {
		return Key{}, err
	}
	return newKey(secret)
}

// ReceiptKey is the public key that checks the service's receipts.
func (r *Root) ReceiptKey() ed25519.PublicKey { return r.sign.Public().(ed25519.PublicKey) }

func (r *Root) derive(label string) ([]byte, error) {
	b, err := hkdf.Key(sha256.New, r.secret, nil, "feierabend/v1/"+label, KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive %s: %w", label, err)
	}
	return b, nil
}
