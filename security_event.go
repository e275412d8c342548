package feierabend

import (
	"net/netip"
	"time"
)

// SecurityAct says what happened to the service's defences (LOG-04, ASVS 16.3).
type SecurityAct string

// The acts of the security log.
const (
	SecuritySignedIn     SecurityAct = "signed_in"
	SecuritySignInFailed SecurityAct = "sign_in_failed"
	SecuritySignedOut    SecurityAct = "signed_out"
	SecurityLimited      SecurityAct = "limited"       // over a limit
	SecurityDenied       SecurityAct = "denied"        // role, session, foreign thing, foreign page, foreign host
	SecuritySignature    SecurityAct = "bad_signature" // a webhook that its provider did not sign
	SecurityAdmin        SecurityAct = "admin"         // a command of the operator
	SecurityPasskey      SecurityAct = "passkey"       // a passkey was made or removed
	SecurityKey          SecurityAct = "key"           // keys listed, rotated, dropped
	SecurityStarted      SecurityAct = "started"       // with which settings: Code is their keyed hash
)

// SecurityEvent is one line of the security log. It holds no content: the log shows
// the person as a keyed hash.
type SecurityEvent struct {
	Act     SecurityAct
	User    UserID     // "" = nobody is signed in
	Address netip.Addr // whole; zero for commands
	Route   string     // pattern of the route, or the command
	Code    string     // reason
}

// PageView is what one visit to a page tells; the access log keeps a part of it only
// (LOG-02).
type PageView struct {
	At        time.Time
	Method    string
	Route     string // pattern
	Status    int
	UserAgent string
	Referrer  string
	Address   netip.Addr
}
