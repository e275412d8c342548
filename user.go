package feierabend

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Role is what a user may do in a tenant.
type Role string

// The roles.
const (
	RoleOwner  Role = "owner"  // Inhaber: everything
	RoleOffice Role = "office" // Büro: all cases, answers, issues, downloads, confirms
	RoleStaff  Role = "staff"  // Mitarbeiter: dictates, sees own cases
)

// MayIssue says whether the role may issue documents and erase cases.
func (r Role) MayIssue() bool { return r == RoleOwner || r == RoleOffice }

// German is how people are told their role.
func (r Role) German() string {
	switch r {
	case RoleOwner:
		return "Inhaber"
	case RoleOffice:
		return "Büro"
	}
	return "Mitarbeiter"
}

// User is a person who signs in: one e-mail address, one user.
type User struct {
	ID    UserID
	Email string // as typed; compared by NormalEmail
	Name  string
	Phone string // E.164, as entered at registration; proves nothing until it is linked. "" = none
}

// Membership ties a user to a tenant.
type Membership struct {
	User   UserID
	Tenant TenantID
	Role   Role
}

// NormalEmail is the form in which addresses are compared (AUTH-10): trimmed and
// lower-cased, no provider's tricks.
func NormalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// SignInRequest is one "send me a link": the mail job finds the user, makes the
// token inside the handler and sends it. For an unknown address User is "".
type SignInRequest struct {
	ID       string
	User     UserID
	BindHash []byte // SHA-256 of the browser's binding cookie (AUTH-04)
	Browser  string // family only, e.g. "Firefox", for the mail text
	At       time.Time
	Origin   []byte // keyed hash of the device, session or network that asked
	Known    bool   // the origin has proved to be the person's before
}

// SignInLink is a magic link that was mailed. Only hashes are stored (AUTH-01).
type SignInLink struct {
	User      UserID
	TokenHash []byte // SHA-256 of 32 random bytes
	CodeHash  []byte // keyed hash of the 8-character code (AUTH-05)
	BindHash  []byte // SHA-256 of the asking browser's binding cookie
	ExpiresAt time.Time
	Origin    []byte // as in the request
	Known     bool
}

// Session is a signed-in browser. Only the token's hash is stored (SES-01).
type Session struct {
	TokenHash []byte
	User      UserID
	Tenant    TenantID // zero until a firm is chosen
	Role      Role
	Stay      bool // "Angemeldet bleiben"
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	// ProvedAt is when the person last proved to be themselves: by sign-in or step-up (AUTH-13).
	ProvedAt time.Time
	Browser  string // family only, e.g. "Firefox"
	System   string // e.g. "Android"; "" = not known
	Duty     Duty   // "" = the work of a firm, or none yet
}

// Device names the session in lists and forms of its person; it says nothing about
// the token.
func (s Session) Device() string {
	h := sha256.Sum256(append([]byte("device\x00"), s.TokenHash...))
	return hex.EncodeToString(h[:12])
}

// Invitation is the offer to a person to join a firm, for seven days.
type Invitation struct {
	ID        string
	Tenant    TenantID
	Email     string // as typed
	Role      Role
	By        UserID
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Offer is an invitation as the invited person sees it.
type Offer struct {
	ID        string
	Tenant    TenantID
	Firm      string
	Role      Role
	ExpiresAt time.Time
}

// StepUp is a code that a session shows and that its person sends from their
// verified number, to prove themselves anew (AUTH-13). Only hashes are stored.
type StepUp struct {
	Session   []byte // token hash
	User      UserID
	Tenant    TenantID
	CodeHash  []byte
	ExpiresAt time.Time
	ProvedAt  time.Time // when the person sent it; zero = not yet
}
