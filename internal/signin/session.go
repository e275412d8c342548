package signin

import (
	"context"
	"fmt"
	"time"

	"feierabend"
)

// errNotNow is the one answer for every link or code that does not open:
// expired, used, mistyped, or opened in another browser. It says nothing about
// which of them it was.
func errNotNow(code string) error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: code,
		Text: "Diese Anmeldung gilt nicht mehr, oder sie wurde in einem anderen Browser angefragt. An Ihren Daten hat sich nichts geändert. Bitte fordern Sie hier eine neue Mail an.",
	}
}

// Redeem turns the token of a mailed link into a session. bindHash is the hash
// of the browser's binding cookie; a wrong one does not consume the token
// (AUTH-04). Of many parallel calls exactly one gets a session (AUTH-02). The
// returned cookie is the only copy of the session's secret. userAgent names the
// browser in the person's list of devices.
func (s *Step) Redeem(ctx context.Context, token string, bindHash []byte, stay bool, userAgent string) (cookie string, session feierabend.Session, err error) {
	if len(token) != 43 || len(bindHash) == 0 {
		return "", feierabend.Session{}, errNotNow("link")
	}
	user, err := s.o.Links.ConsumeSignInToken(ctx, Hash(token), bindHash, s.o.Now())
	return s.open(ctx, user, err, feierabend.Session{Stay: stay, Browser: feierabend.BrowserFamily(userAgent), System: systemName(userAgent)}, entrance{way: "link", bind: bindHash})
}

// RedeemCode turns the typed code into a session, in the browser that asked for
// it and with at most five tries a link (AUTH-05).
func (s *Step) RedeemCode(ctx context.Context, code string, bindHash []byte, stay bool, userAgent string) (cookie string, session feierabend.Session, err error) {
	code, ok := readCode(code)
	if !ok || len(bindHash) == 0 {
		return "", feierabend.Session{}, errWrongCode()
	}
	user, err := s.o.Links.ConsumeSignInCode(ctx, bindHash, s.codeHash(code), s.o.Now())
	if err != nil && isRefusal(err) {
		return "", feierabend.Session{}, errWrongCode()
	}
	return s.open(ctx, user, err, feierabend.Session{Stay: stay, Browser: feierabend.BrowserFamily(userAgent), System: systemName(userAgent)}, entrance{way: "code", bind: bindHash})
}

func errWrongCode() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "code",
		Text: "Dieser Code passt nicht. Er hat acht Zeichen und steht in der neuesten Mail; nach fünf Versuchen oder zehn Minuten gilt er nicht mehr. Dann bitte eine neue Mail anfordern.",
	}
}

// isRefusal says that the store answered "no", rather than not at all.
func isRefusal(err error) bool {
	switch feierabend.KindOf(err) {
	case feierabend.NotFound, feierabend.Unauthorized, feierabend.Gone, feierabend.Conflict, feierabend.Invalid:
		return true
	}
	return false
}

// open makes the session of a user whose link or code was consumed. A person in
// one firm is in it at once, a person in several chooses first (Choose), an invited
// person of no firm accepts first.
func (s *Step) open(ctx context.Context, user feierabend.UserID, err error, session feierabend.Session, from entrance) (string, feierabend.Session, error) {
	if err != nil && isRefusal(err) {
		return "", feierabend.Session{}, errNotNow(from.way)
	}
	if err != nil {
		return "", feierabend.Session{}, fmt.Errorf("consume sign-in %s: %w", from.way, err)
	}
	if s.o.Arrive != nil {
		if user, err = s.o.Arrive(ctx, user); err != nil {
			return "", feierabend.Session{}, err
		}
	}
	// Whoever reads the old mailbox, or has a passkey, is the person: nothing is to be recovered (J-42).
	if err := s.notLost(ctx, user); err != nil {
		return "", feierabend.Session{}, err
	}
	members, err := s.o.Directory.Memberships(ctx, user)
	if err != nil {
		return "", feierabend.Session{}, fmt.Errorf("load memberships of %s: %w", user, err)
	}
	duty, operator, err := s.dutyOf(ctx, user, from)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	session.User = user
	switch {
	case duty == feierabend.DutyInvited, duty != "" && len(members) == 0:
		session.Duty = duty
	case len(members) == 0 && !operator:
		waits, err := s.o.Directory.InvitationsOf(ctx, user, s.o.Now())
		if err != nil {
			return "", feierabend.Session{}, fmt.Errorf("load invitations of %s: %w", user, err)
		}
		if len(waits) == 0 {
			return "", feierabend.Session{}, errNotNow(from.way)
		}
	case len(members) == 1:
		session.Tenant, session.Role = members[0].Tenant, members[0].Role
	}
	return s.add(ctx, session)
}

// add gives the session a fresh token and terms, and stores it.
func (s *Step) add(ctx context.Context, session feierabend.Session) (string, feierabend.Session, error) {
	cookie, now := NewToken(), s.o.Now()
	session.TokenHash, session.CreatedAt, session.SeenAt, session.ProvedAt = Hash(cookie), now, now, now
	switch {
	case session.Duty != "":
		session.Stay, session.ExpiresAt = false, now.Add(OperatorTerm)
	case session.Stay:
		session.ExpiresAt = now.Add(StayTerm)
	default:
		session.ExpiresAt = now.Add(SessionTerm)
	}
	if err := s.o.Sessions.AddSession(ctx, session); err != nil {
		return "", feierabend.Session{}, fmt.Errorf("store session of %s: %w", session.User, err)
	}
	return cookie, session, nil
}

// renew puts next in the place of the session old, with a new token: the old one is
// dead at once (SES-03). The terms stay those of the sign-in.
func (s *Step) renew(ctx context.Context, old, next feierabend.Session) (string, feierabend.Session, error) {
	cookie := NewToken()
	next.TokenHash, next.SeenAt = Hash(cookie), s.o.Now()
	if err := s.o.Sessions.RenewSession(ctx, old.TokenHash, next); err != nil {
		return "", feierabend.Session{}, fmt.Errorf("renew session of %s: %w", old.User, err)
	}
	return cookie, next, nil
}

// Choose puts the person of a session into one of their firms: a new session
// with a new token, the old one is dead at once (SES-03). A firm that is not
// theirs is NotFound.
func (s *Step) Choose(ctx context.Context, cookie string, t feierabend.TenantID) (string, feierabend.Session, error) {
	old, err := s.Session(ctx, cookie)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	members, err := s.o.Directory.Memberships(ctx, old.User)
	if err != nil {
		return "", feierabend.Session{}, fmt.Errorf("load memberships of %s: %w", old.User, err)
	}
	for _, m := range members {
		if m.Tenant != t {
			continue
		}
		next := old
		next.Tenant, next.Role, next.Duty = m.Tenant, m.Role, ""
		return s.renew(ctx, old, next)
	}
	return "", feierabend.Session{}, &feierabend.Error{Kind: feierabend.NotFound, Code: "tenant"}
}

// Session gives the live session of a cookie, or Unauthorized. „Zuletzt
// gesehen“ is written at most once a minute, by UPDATE only (SES-05). The role
// is read anew, so that a person taken out of the firm is out at once.
func (s *Step) Session(ctx context.Context, cookie string) (feierabend.Session, error) {
	none := &feierabend.Error{Kind: feierabend.Unauthorized, Code: "session", Text: "Sie sind nicht angemeldet. Bitte melden Sie sich an."}
	if len(cookie) != 43 {
		return feierabend.Session{}, none
	}
	now := s.o.Now()
	session, err := s.o.Sessions.Session(ctx, Hash(cookie), now)
	if feierabend.CodeOf(err) == "blocked" {
		return feierabend.Session{}, err
	}
	if err != nil && isRefusal(err) {
		return feierabend.Session{}, none
	}
	if err != nil {
		return feierabend.Session{}, fmt.Errorf("load session: %w", err)
	}
	if over(session, now) {
		if err := s.o.Sessions.EndSession(ctx, session.TokenHash); err != nil {
			return feierabend.Session{}, fmt.Errorf("end session: %w", err)
		}
		return feierabend.Session{}, none
	}
	if now.Sub(session.SeenAt) >= touchEvery {
		if err := s.o.Sessions.TouchSession(ctx, session.TokenHash, now); err != nil {
			return feierabend.Session{}, fmt.Errorf("touch session: %w", err)
		}
	}
	if err := s.membership(ctx, &session, none); err != nil {
		return feierabend.Session{}, err
	}
	return session, nil
}

// over says that the session has had its time, as a whole or since it was last seen (SES-02).
func over(session feierabend.Session, now time.Time) bool {
	idle := IdleTerm
	switch {
	case session.Duty != "":
		idle = OperatorIdle
	case session.Stay:
		idle = StayTerm
	}
	return !now.Before(session.ExpiresAt) || now.Sub(session.SeenAt) >= idle
}

// membership reads the role of the session's person in its firm anew.
func (s *Step) membership(ctx context.Context, session *feierabend.Session, none error) error {
	if session.Tenant.IsZero() {
		return nil
	}
	members, err := s.o.Directory.Memberships(ctx, session.User)
	if err != nil {
		return fmt.Errorf("load memberships of %s: %w", session.User, err)
	}
	for _, m := range members {
		if m.Tenant == session.Tenant {
			session.Role = m.Role
			return nil
		}
	}
	return none
}

// SignOut ends the session of a cookie. An unknown cookie is no error.
func (s *Step) SignOut(ctx context.Context, cookie string) error {
	err := s.o.Sessions.EndSession(ctx, Hash(cookie))
	if err != nil && isRefusal(err) {
		return nil
	}
	return err
}
