package store

import (
	"context"
	"time"

	"feierabend"
)

// AddSession stores a signed-in browser by the hash of its token (SES-01).
func (s *Store) AddSession(ctx context.Context, n feierabend.Session) error {
	if len(n.TokenHash) == 0 || n.User == "" || n.ExpiresAt.IsZero() {
		return invalid("session")
	}
	return s.update(ctx, n.Tenant, func(t tx) error {
		if _, err := t.exec(ctx, `INSERT INTO session(token_hash, user_id, tenant_id, stay, created_at, seen_at, expires_at) VALUES($1, $2, $3, $4, $5, $6, $7)`,
			n.TokenHash, n.User, n.Tenant.String(), n.Stay, micros(n.CreatedAt), micros(n.SeenAt), micros(n.ExpiresAt)); err != nil {
			return err
		}
		return s.record(ctx, t, n.Tenant.String(), feierabend.Actor{User: n.User, Role: n.Role, Via: feierabend.ViaSession}, "session.started", string(n.User))
	})
}

// Session gives the session of a token hash with the role that the user has now;
// expired, ended or without membership is Unauthorized "session".
func (s *Store) Session(ctx context.Context, tokenHash []byte, now time.Time) (n feierabend.Session, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		var tenant string
		var created, seen, expires int64
		err := q.queryRow(ctx, `SELECT s.user_id, s.tenant_id, s.stay, s.created_at, s.seen_at, s.expires_at, COALESCE(m.role, '')
			FROM session s LEFT JOIN membership m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id WHERE s.token_hash = $1 AND s.expires_at > $2`,
			tokenHash, micros(now)).Scan(&n.User, &tenant, &n.Stay, &created, &seen, &expires, &n.Role)
		if absent(err) || err == nil && tenant != "" && n.Role == "" {
			return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "session", Text: "Sie sind nicht angemeldet. Bitte melden Sie sich an."}
		}
		if err != nil {
			return err
		}
		n.TokenHash, n.CreatedAt, n.SeenAt, n.ExpiresAt = tokenHash, timeOf(created), timeOf(seen), timeOf(expires)
		if tenant != "" {
			n.Tenant, err = feierabend.ParseTenantID(tenant)
		}
		return err
	})
	if err != nil {
		return feierabend.Session{}, err
	}
	return n, nil
}

// TouchSession notes the last use. An ended session is not revived (SES-05).
func (s *Store) TouchSession(ctx context.Context, tokenHash []byte, now time.Time) error {
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2`, tokenHash, micros(now))
		return err
	})
}

// EndSession deletes the session; an unknown one is no error.
func (s *Store) EndSession(ctx context.Context, tokenHash []byte) error {
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM session WHERE token_hash = $1`, tokenHash)
		return err
	})
}
