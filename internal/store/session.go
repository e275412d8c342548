package store

import (
	"context"
	"time"

	"feierabend"
)

// sessionsPerUser is how many browsers of a person may be signed in (SES-04).
const sessionsPerUser = 5

// AddSession stores a signed-in browser by the hash of its token (SES-01). Of a
// person's sessions the oldest end, so that five stay (SES-04). A blocked person or
// firm is Unauthorized "blocked".
func (s *Store) AddSession(ctx context.Context, n feierabend.Session) error {
	if len(n.TokenHash) == 0 || n.User == "" || n.ExpiresAt.IsZero() {
		return invalid("session")
	}
	return s.update(ctx, n.Tenant, func(t tx) error { return s.addSession(ctx, t, n, "session.started") })
}

// RenewSession puts a session with a new token in the place of the one with oldHash,
// which is dead at once (SES-03). Of any number of parallel calls one succeeds; where
// the old one has ended meanwhile it is Unauthorized "session", and nothing is stored.
func (s *Store) RenewSession(ctx context.Context, oldHash []byte, n feierabend.Session) error {
	if len(oldHash) == 0 || len(n.TokenHash) == 0 || n.User == "" || n.ExpiresAt.IsZero() {
		return invalid("session")
	}
	return s.update(ctx, n.Tenant, func(t tx) error {
		if err := s.lockPerson(ctx, t, n.User); err != nil {
			return err
		}
		gone, err := t.exec(ctx, `DELETE FROM session WHERE token_hash = $1 AND user_id = $2`, oldHash, n.User)
		if err != nil {
			return err
		}
		if gone == 0 {
			return errNoSession()
		}
		if err := moveLinks(ctx, t, oldHash, n.TokenHash); err != nil {
			return err
		}
		return s.addSession(ctx, t, n, "session.renewed")
	})
}

func (s *Store) addSession(ctx context.Context, t tx, n feierabend.Session, act string) error {
	if err := s.lockPerson(ctx, t, n.User); err != nil {
		return err
	}
	if !n.Tenant.IsZero() {
		var blocked int64
		if err := t.queryRow(ctx, `SELECT blocked_at FROM tenant WHERE id = $1`, n.Tenant.String()).Scan(&blocked); err != nil {
			return err
		}
		if blocked > 0 {
			return errBlocked(true)
		}
	}
	if n.Duty != "" {
		var operator bool
		if err := t.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM service_operator WHERE user_id = $1)`, n.User).Scan(&operator); err != nil {
			return err
		}
		if !operator || !n.Tenant.IsZero() {
			return notFound("operator")
		}
	}
	ended, err := t.exec(ctx, `DELETE FROM session WHERE user_id = $1 AND token_hash NOT IN
			(SELECT token_hash FROM session WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, token_hash LIMIT $3)`,
		n.User, micros(s.now()), sessionsPerUser-1)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO session(token_hash, user_id, tenant_id, stay, created_at, seen_at, expires_at, proved_at, browser, system, duty)
			VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, n.TokenHash, n.User, n.Tenant.String(), n.Stay,
		micros(n.CreatedAt), micros(n.SeenAt), micros(n.ExpiresAt), micros(n.ProvedAt), n.Browser, n.System, n.Duty); err != nil {
		return err
	}
	if ended > 0 {
		if err := voidWithoutSession(ctx, t, n.User); err != nil {
			return err
		}
	}
	return s.record(ctx, t, n.Tenant.String(), feierabend.Actor{User: n.User, Role: n.Role, Via: feierabend.ViaSession}, act, string(n.User))
}

// lockPerson keeps other changes of the person's sessions out until the end of the
// transaction, and refuses a blocked person.
func (s *Store) lockPerson(ctx context.Context, t tx, user feierabend.UserID) error {
	var blocked int64
	if err := t.queryRow(ctx, `UPDATE person SET blocked_at = blocked_at WHERE id = $1 RETURNING blocked_at`, user).Scan(&blocked); err != nil {
		return err
	}
	if blocked > 0 {
		return errBlocked(false)
	}
	return nil
}

func errNoSession() error {
	return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "session", Text: "Sie sind nicht angemeldet. Bitte melden Sie sich an."}
}

func errBlocked(firm bool) error {
	what := "Ihr Zugang ist gesperrt."
	if firm {
		what = "Der Zugang Ihrer Firma ist gesperrt."
	}
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "blocked",
		Text: what + " An Ihren Daten hat sich nichts geändert; die Löschfristen laufen weiter. Bitte wenden Sie sich an den Betreiber.",
	}
}

// Session gives the session of a token hash with the role that the user has now;
// expired, ended or without membership is Unauthorized "session", a blocked person or
// firm Unauthorized "blocked".
func (s *Store) Session(ctx context.Context, tokenHash []byte, now time.Time) (n feierabend.Session, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		var person, firm int64
		var operator string
		n, err = scanSession(q.queryRow(ctx, `SELECT s.user_id, s.tenant_id, s.stay, s.created_at, s.seen_at, s.expires_at, s.proved_at, s.browser, s.system, s.duty, s.token_hash, COALESCE(m.role, ''),
			COALESCE(p.blocked_at, -1), COALESCE(f.blocked_at, 0), COALESCE(o.user_id, '')
			FROM session s LEFT JOIN membership m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id
			LEFT JOIN person p ON p.id = s.user_id LEFT JOIN tenant f ON f.id = s.tenant_id LEFT JOIN service_operator o ON o.user_id = s.user_id WHERE s.token_hash = $1 AND s.expires_at > $2`,
			tokenHash, micros(now)), &person, &firm, &operator)
		switch {
		case absent(err) || err == nil && (person < 0 || !n.Tenant.IsZero() && n.Role == "" || n.Duty != "" && operator == ""):
			return errNoSession()
		case err != nil:
			return err
		case person > 0 || firm > 0:
			return errBlocked(person == 0)
		}
		return nil
	})
	if err != nil {
		return feierabend.Session{}, err
	}
	return n, nil
}

// Sessions gives the live sessions of a person, the one last seen first. Their roles
// are not read.
func (s *Store) Sessions(ctx context.Context, user feierabend.UserID, now time.Time) (out []feierabend.Session, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (feierabend.Session, error) { return scanSession(r) },
			`SELECT user_id, tenant_id, stay, created_at, seen_at, expires_at, proved_at, browser, system, duty, token_hash, '' FROM session
			WHERE user_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, token_hash`, user, micros(now))
		return err
	})
	return out, err
}

func scanSession(r row, more ...any) (n feierabend.Session, err error) {
	var tenant string
	var created, seen, expires, proved int64
	into := append([]any{&n.User, &tenant, &n.Stay, &created, &seen, &expires, &proved, &n.Browser, &n.System, &n.Duty, &n.TokenHash, &n.Role}, more...)
	if err = r.Scan(into...); err != nil {
		return n, err
	}
	n.CreatedAt, n.SeenAt, n.ExpiresAt, n.ProvedAt = timeOf(created), timeOf(seen), timeOf(expires), timeOf(proved)
	if tenant != "" {
		n.Tenant, err = feierabend.ParseTenantID(tenant)
	}
	return n, err
}

// TouchSession notes the last use. An ended session is not revived (SES-05).
func (s *Store) TouchSession(ctx context.Context, tokenHash []byte, now time.Time) error {
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2`, tokenHash, micros(now))
		return err
	})
}

// EndSession deletes the session and voids what it asked to link; an unknown one is no error.
func (s *Store) EndSession(ctx context.Context, tokenHash []byte) error {
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM session WHERE token_hash = $1`, tokenHash)
		if err == nil {
			_, err = t.exec(ctx, `UPDATE link_challenge SET state = 'void' WHERE session_hash = $1 AND state IN ('open', 'asked', 'confirm')`, tokenHash)
		}
		return err
	})
}

// EndSessions ends all sessions of a person but the one with the hash except (nil =
// none is spared), and voids the person's sign-in links (SES-04) and what those sessions
// asked to link. It gives how many sessions ended.
func (s *Store) EndSessions(ctx context.Context, user feierabend.UserID, except []byte) (ended int, err error) {
	err = s.updateAll(ctx, func(t tx) error {
		ended, err = s.endSessions(ctx, t, user, except)
		return err
	})
	return ended, err
}

func (s *Store) endSessions(ctx context.Context, t tx, user feierabend.UserID, except []byte) (int, error) {
	if len(except) == 0 {
		except = []byte{0} // no token hash; NULL would compare with nothing
	}
	if _, err := t.exec(ctx, `UPDATE person SET blocked_at = blocked_at WHERE id = $1`, user); err != nil { // against a sign-in at this moment
		return 0, err
	}
	n, err := t.exec(ctx, `DELETE FROM session WHERE user_id = $1 AND token_hash <> $2`, user, except)
	if err != nil {
		return 0, err
	}
	if _, err := t.exec(ctx, `DELETE FROM sign_in_link WHERE user_id = $1`, user); err != nil {
		return 0, err
	}
	if err := voidWithoutSession(ctx, t, user); err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, nil
	}
	return int(n), s.record(ctx, t, "", feierabend.Actor{User: user}, "sessions.ended", string(user))
}

// EndDevice ends the session of a person that feierabend.Session.Device names. One
// that is not there, or not theirs, is NotFound.
func (s *Store) EndDevice(ctx context.Context, user feierabend.UserID, device string, now time.Time) error {
	all, err := s.Sessions(ctx, user, now)
	if err != nil {
		return err
	}
	for _, n := range all {
		if n.Device() == device {
			return s.EndSession(ctx, n.TokenHash)
		}
	}
	return notFound("device")
}
