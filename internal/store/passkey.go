package store

import (
	"context"
	"time"

	"feierabend"
)

// AddPasskey stores a person's new passkey. One with a duty needs an operator, and uses
// their invitation up; one that came by it (invited) is NotFound where none waits. The same device key twice is Conflict "passkey_taken", an
// eleventh Conflict "passkey_limit".
func (s *Store) AddPasskey(ctx context.Context, p feierabend.Passkey, invited bool, by feierabend.Actor) error {
	if len(p.ID) == 0 || p.User == "" || len(p.PublicKey) == 0 || p.CreatedAt.IsZero() {
		return invalid("passkey")
	}
	return s.updateAll(ctx, func(t tx) error {
		if err := s.lockPerson(ctx, t, p.User); err != nil {
			return err
		}
		if p.Duty != "" {
			since := int64(-1)
			if invited {
				since = micros(p.CreatedAt)
			}
			n, err := t.exec(ctx, `UPDATE service_operator SET token_hash = NULL, bind_hash = NULL, invited_until = 0 WHERE user_id = $1 AND invited_until > $2`, p.User, since)
			if err != nil {
				return err
			}
			if n == 0 {
				return notFound("operator")
			}
		}
		var have int
		if err := t.queryRow(ctx, `SELECT count(*) FROM passkey WHERE user_id = $1`, p.User).Scan(&have); err != nil {
			return err
		}
		if have >= feierabend.MaxPasskeys {
			return conflict("passkey_limit", "Mehr als zehn Passkeys kann ein Zugang nicht haben. Es ist keiner dazugekommen. Bitte entfernen Sie zuerst einen, den Sie nicht mehr brauchen.")
		}
		n, err := t.exec(ctx, `INSERT INTO passkey(id, user_id, name, public_key, count, synced, duty, created_at, used_at) VALUES($1, $2, $3, $4, $5, $6, $7, $8, 0)
			ON CONFLICT DO NOTHING`, p.ID, p.User, p.Name, p.PublicKey, int64(p.Count), p.Synced, p.Duty, micros(p.CreatedAt))
		if err != nil {
			return err
		}
		if n == 0 {
			return conflict("passkey_taken", "Dieser Passkey ist schon eingetragen. Es hat sich nichts geändert.")
		}
		if err := s.tellPasskey(ctx, t, p.User, feierabend.NoticePasskeyAdded, p.Name); err != nil {
			return err
		}
		return s.record(ctx, t, "", by, "passkey.added", string(p.User))
	})
}

const passkeyColumns = `id, user_id, name, public_key, count, synced, duty, created_at, used_at`

func scanPasskey(r row) (p feierabend.Passkey, err error) {
	var count, created, used int64
	err = r.Scan(&p.ID, &p.User, &p.Name, &p.PublicKey, &count, &p.Synced, &p.Duty, &created, &used)
	p.Count, p.CreatedAt, p.UsedAt = uint32(count), timeOf(created), timeOf(used)
	return p, err
}

// Passkeys gives the passkeys of a person, the oldest first.
func (s *Store) Passkeys(ctx context.Context, user feierabend.UserID) (out []feierabend.Passkey, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanPasskey, `SELECT `+passkeyColumns+` FROM passkey WHERE user_id = $1 ORDER BY created_at, id`, user)
		return err
	})
	return out, err
}

// UsePasskey notes a use with the count of signatures that the device told. A count that
// does not go on is Unauthorized "passkey_count": somebody has a copy of the key, or plays
// an old answer again; nothing is noted.
func (s *Store) UsePasskey(ctx context.Context, id []byte, user feierabend.UserID, count uint32, now time.Time) error {
	var n int64
	err := s.updateAll(ctx, func(t tx) (err error) {
		n, err = t.exec(ctx, `UPDATE passkey SET count = $3, used_at = $4 WHERE id = $1 AND user_id = $2 AND (count < $3 OR count = 0 AND $3 = 0)`, id, user, int64(count), micros(now))
		return err
	})
	if err == nil && n == 0 {
		err = &feierabend.Error{Kind: feierabend.Unauthorized, Code: "passkey_count", Text: "Dieser Passkey hat eine Nummer noch einmal genannt, die schon verbraucht ist. Angemeldet wurde niemand. " +
			"Bitte melden Sie sich anders an, entfernen Sie ihn und legen Sie einen neuen an."}
	}
	return err
}

// RemovePasskey takes a passkey from its person. Somebody else's is NotFound, as is one
// of an operator where duty is not theirs; an operator's last one is Conflict "last_passkey".
func (s *Store) RemovePasskey(ctx context.Context, user feierabend.UserID, handle string, duty feierabend.Duty, by feierabend.Actor) error {
	return s.updateAll(ctx, func(t tx) error {
		if err := s.lockPerson(ctx, t, user); err != nil {
			return err
		}
		all, err := collect(ctx, t, scanPasskey, `SELECT `+passkeyColumns+` FROM passkey WHERE user_id = $1 ORDER BY created_at, id`, user)
		if err != nil {
			return err
		}
		var gone *feierabend.Passkey
		operators := 0
		for i, p := range all {
			if p.Duty != "" {
				operators++
			}
			if p.Handle() == handle && (p.Duty == "" || p.Duty == duty) {
				gone = &all[i]
			}
		}
		switch {
		case gone == nil:
			return notFound("passkey")
		case gone.Duty != "" && operators == 1:
			return conflict("last_passkey", "Das ist Ihr letzter Passkey für den Betrieb, ohne ihn kämen Sie nicht mehr hinein. Es ist nichts geändert worden. Bitte legen Sie zuerst einen anderen an.")
		}
		if _, err := t.exec(ctx, `DELETE FROM passkey WHERE id = $1 AND user_id = $2`, gone.ID, user); err != nil {
			return err
		}
		if err := s.tellPasskey(ctx, t, user, feierabend.NoticePasskeyRemoved, gone.Name); err != nil {
			return err
		}
		return s.record(ctx, t, "", by, "passkey.removed", string(user))
	})
}

// dropPasskeys takes all passkeys from a person whose way in was in somebody else's hands;
// those of an operator came by an invitation of their own and stay.
func dropPasskeys(ctx context.Context, t tx, user feierabend.UserID) error {
	_, err := t.exec(ctx, `DELETE FROM passkey WHERE user_id = $1 AND duty = ''`, user)
	return err
}

// tellPasskey tells the person by mail of a passkey that came or went: it opens their
// access as the mailbox does.
func (s *Store) tellPasskey(ctx context.Context, t tx, user feierabend.UserID, kind feierabend.NoticeKind, name string) error {
	var email string
	if err := t.queryRow(ctx, `SELECT email FROM person WHERE id = $1`, user).Scan(&email); err != nil {
		return err
	}
	return s.addNotices(ctx, t, feierabend.Notice{Kind: kind, Detail: name}, email)
}

// AddPasskeyAsk stores a challenge.
func (s *Store) AddPasskeyAsk(ctx context.Context, a feierabend.PasskeyAsk) error {
	if len(a.Hash) == 0 || len(a.Bind) == 0 || a.Purpose == "" || a.ExpiresAt.IsZero() {
		return invalid("passkey_ask")
	}
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO passkey_ask(hash, purpose, user_id, bind_hash, expires_at) VALUES($1, $2, $3, $4, $5)`, a.Hash, a.Purpose, a.User, a.Bind, micros(a.ExpiresAt))
		return err
	})
}

// TakePasskeyAsk uses a challenge up, whatever comes of it: of any number of parallel
// calls one gets it. One that is over, was asked for something else, of somebody else or
// in another browser is NotFound.
func (s *Store) TakePasskeyAsk(ctx context.Context, hash []byte, purpose feierabend.PasskeyPurpose, user feierabend.UserID, bind []byte, now time.Time) error {
	var n int64
	err := s.updateAll(ctx, func(t tx) (err error) {
		n, err = t.exec(ctx, `DELETE FROM passkey_ask WHERE hash = $1 AND purpose = $2 AND user_id = $3 AND bind_hash = $4 AND expires_at > $5`, hash, purpose, user, bind, micros(now))
		if err == nil && n == 0 {
			_, err = t.exec(ctx, `DELETE FROM passkey_ask WHERE hash = $1`, hash)
		}
		return err
	})
	if err == nil && n == 0 {
		err = notFound("passkey_ask")
	}
	return err
}
