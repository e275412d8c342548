package store

import (
	"context"
	"time"

	"feierabend"
)

// InviteOperator makes the person with the address an operator of the service, and
// stores the hash of the token in their invitation, which voids an older one. stranger is
// the id of a person who is not known yet.
func (s *Store) InviteOperator(ctx context.Context, email string, stranger feierabend.UserID, tokenHash []byte, until time.Time, by feierabend.Actor) (user feierabend.UserID, err error) {
	normal := feierabend.NormalEmail(email)
	if normal == "" || stranger == "" || len(tokenHash) == 0 || until.IsZero() {
		return "", invalid("operator")
	}
	err = s.updateAll(ctx, func(t tx) error {
		made, err := t.exec(ctx, `INSERT INTO person(id, email, email_normal, name) VALUES($1, $2, $3, '') ON CONFLICT DO NOTHING`, stranger, email, normal)
		if err != nil {
			return err
		}
		if err := t.queryRow(ctx, `UPDATE person SET blocked_at = blocked_at WHERE email_normal = $1 RETURNING id`, normal).Scan(&user); err != nil {
			return err
		}
		if made > 0 {
			if err := s.record(ctx, t, "", by, "user.added", string(user)); err != nil {
				return err
			}
		}
		if _, err := t.exec(ctx, `INSERT INTO service_operator(user_id, added_at, token_hash, bind_hash, invited_until) VALUES($1, $2, $3, NULL, $4)
			ON CONFLICT(user_id) DO UPDATE SET token_hash = EXCLUDED.token_hash, bind_hash = NULL, invited_until = EXCLUDED.invited_until`,
			user, micros(s.now()), tokenHash, micros(until)); err != nil {
			return err
		}
		return s.record(ctx, t, "", by, "operator.invited", string(user))
	})
	return user, err
}

const operatorColumns = `o.user_id, p.email, o.added_at, o.invited_until, o.bind_hash,
	(SELECT count(*) FROM passkey k WHERE k.user_id = o.user_id AND k.duty <> ''), (SELECT COALESCE(max(k.used_at), 0) FROM passkey k WHERE k.user_id = o.user_id AND k.duty <> '')
	FROM service_operator o JOIN person p ON p.id = o.user_id`

func scanOperator(r row) (o feierabend.Operator, err error) {
	var added, until, seen int64
	err = r.Scan(&o.User, &o.Email, &added, &until, &o.Bind, &o.Passkeys, &seen)
	o.AddedAt, o.InvitedUntil, o.SeenAt = timeOf(added), timeOf(until), timeOf(seen)
	return o, err
}

// Operators gives everybody who runs the service, the first one first.
func (s *Store) Operators(ctx context.Context) (out []feierabend.Operator, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanOperator, `SELECT `+operatorColumns+` ORDER BY o.added_at, o.user_id`)
		return err
	})
	return out, err
}

// Operator gives the person as an operator, or NotFound.
func (s *Store) Operator(ctx context.Context, user feierabend.UserID) (o feierabend.Operator, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		o, err = scanOperator(q.queryRow(ctx, `SELECT `+operatorColumns+` WHERE o.user_id = $1`, user))
		return err
	})
	return o, err
}

// AnswerOperator binds the invitation with the token to the browser that
// answers it, and gives the address of the invited person. One that is over, was used or
// never was is NotFound.
func (s *Store) AnswerOperator(ctx context.Context, tokenHash, bindHash []byte, now time.Time) (email string, err error) {
	if len(tokenHash) == 0 || len(bindHash) == 0 {
		return "", invalid("operator")
	}
	err = s.updateAll(ctx, func(t tx) error {
		return t.queryRow(ctx, `UPDATE service_operator SET bind_hash = $2 WHERE token_hash = $1 AND invited_until > $3
			RETURNING (SELECT email FROM person p WHERE p.id = service_operator.user_id)`, tokenHash, bindHash, micros(now)).Scan(&email)
	})
	return email, err
}

// RemoveOperator takes the duty from a person: their sessions and passkeys of it go at
// once, and the person too where they belong to no firm. Whoever is none is NotFound.
func (s *Store) RemoveOperator(ctx context.Context, user feierabend.UserID, by feierabend.Actor) error {
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `UPDATE person SET blocked_at = blocked_at WHERE id = $1`, user); err != nil { // against a sign-in at this moment
			return err
		}
		n, err := t.exec(ctx, `DELETE FROM service_operator WHERE user_id = $1`, user)
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("operator")
		}
		for _, text := range []string{
			`DELETE FROM passkey WHERE user_id = $1 AND duty <> ''`,
			`DELETE FROM session WHERE user_id = $1 AND duty <> ''`,
		} {
			if _, err := t.exec(ctx, text, user); err != nil {
				return err
			}
		}
		if err := s.record(ctx, t, "", by, "operator.removed", string(user)); err != nil {
			return err
		}
		return s.dropPerson(ctx, t, user)
	})
}

// FirmViews gives what an operator sees of the firms, newest first, from the nth
// (counted from 0) at most n of them, and how many there are in all and blocked.
func (s *Store) FirmViews(ctx context.Context, from, n int) (out []feierabend.FirmView, all, blocked int, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		if err := q.queryRow(ctx, `SELECT count(*), COALESCE(sum(CASE WHEN blocked_at > 0 THEN 1 ELSE 0 END), 0) FROM tenant`).Scan(&all, &blocked); err != nil {
			return err
		}
		out, err = collect(ctx, q, scanFirmView, `SELECT id, created_at, blocked_at FROM tenant ORDER BY created_at DESC, id LIMIT $1 OFFSET $2`, n, from)
		if err != nil {
			return err
		}
		for i := range out {
			if err := s.fillFirmView(ctx, q, &out[i]); err != nil {
				return err
			}
		}
		return q.bind(ctx, "")
	})
	return out, all, blocked, err
}

// FirmView gives what an operator sees of one firm.
func (s *Store) FirmView(ctx context.Context, tenant feierabend.TenantID) (f feierabend.FirmView, err error) {
	if tenant.IsZero() {
		return f, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		if f, err = scanFirmView(q.queryRow(ctx, `SELECT id, created_at, blocked_at FROM tenant WHERE id = $1`, tenant.String())); err != nil {
			return err
		}
		return s.fillFirmView(ctx, q, &f)
	})
	return f, err
}

func scanFirmView(r row) (f feierabend.FirmView, err error) {
	var id string
	var created, blocked int64
	if err = r.Scan(&id, &created, &blocked); err != nil {
		return f, err
	}
	f.CreatedAt, f.BlockedAt, f.Cases = timeOf(created), timeOf(blocked), map[feierabend.CaseState]int{}
	f.ID, err = feierabend.ParseTenantID(id)
	return f, err
}

// fillFirmView counts the firm's rows.
func (s *Store) fillFirmView(ctx context.Context, q querier, f *feierabend.FirmView) error {
	id := f.ID.String()
	if err := q.bind(ctx, id); err != nil {
		return err
	}
	var recordings, documents int64
	if err := q.queryRow(ctx, `SELECT (SELECT count(*) FROM membership WHERE tenant_id = $1), (SELECT count(*) FROM sender_link WHERE tenant_id = $1 AND standing = $2),
		(SELECT COALESCE(sum(audio_bytes), 0) FROM message WHERE tenant_id = $1), (SELECT COALESCE(sum(bytes), 0) FROM document_file WHERE tenant_id = $1),
		(SELECT count(*) FROM message WHERE tenant_id = $1 AND state = $3)`, id, feierabend.SenderActive, feierabend.MessageFailed).
		Scan(&f.People, &f.Numbers, &recordings, &documents, &f.Failed); err != nil {
		return err
	}
	f.Bytes = recordings + documents
	type group struct {
		state  feierabend.CaseState
		n      int
		oldest int64
	}
	groups, err := collect(ctx, q, func(r row) (g group, err error) { return g, r.Scan(&g.state, &g.n, &g.oldest) },
		`SELECT state, count(*), min(created_at) FROM cases WHERE tenant_id = $1 AND expires_at > $2 GROUP BY state`, id, micros(s.now()))
	for _, g := range groups {
		f.Cases[g.state] = g.n
		if at := timeOf(g.oldest); f.Oldest.IsZero() || at.Before(f.Oldest) {
			f.Oldest = at
		}
	}
	return err
}
