package feierabend

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
)

// Public ids are 16 random bytes in base32: 26 lower-case characters, 128 bits
// (TEN-05). Order is by created_at, then id.
type (
	CaseID     string
	MessageID  string
	DocumentID string
	OutboxID   string
	UserID     string
	ReceiptID  string
	SenderID   string // id of a SenderLink
)

// TenantID names a craft firm. Its field is hidden so that no literal can be
// written outside this package; the zero value is refused by every store method.
type TenantID struct{ v string }

// ParseTenantID checks the form of an id that came from a row, a URL or a job.
func ParseTenantID(s string) (TenantID, error) {
	if !ValidID(s) {
		return TenantID{}, &Error{Kind: Invalid, Code: "tenant_id", Err: fmt.Errorf("tenant id of %d characters", len(s))}
	}
	return TenantID{s}, nil
}

// String gives the 26 characters, or "" for the zero value.
func (t TenantID) String() string { return t.v }

// IsZero says that no tenant is named.
func (t TenantID) IsZero() bool { return t.v == "" }

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID makes a public id from the system's random source.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	return idEncoding.EncodeToString(b[:])
}

// ValidID says whether s has the form of a public id.
func ValidID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
