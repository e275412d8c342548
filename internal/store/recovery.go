package store

import (
	"context"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

const (
	kindRecovery    = "recovery"
	recoveryColumns = `SELECT id, user_id, state, bind_hash, browser, at, expires_at, due_at, told_at, body FROM recovery `
)

func (s *Store) scanRecovery(r row) (c feierabend.Recovery, err error) {
	var at, expires, due, told int64
	var body []byte
	err = r.Scan(&c.ID, &c.User, &c.State, &c.BindHash, &c.Browser, &at, &expires, &due, &told, &body)
	if absent(err) {
		return c, notFound("recovery")
	}
	if err != nil {
		return c, err
	}
	c.At, c.ExpiresAt, c.Due, c.Told = timeOf(at), timeOf(expires), timeOf(due), timeOf(told)
	v, err := s.account("")
	if err != nil {
		return c, err
	}
	var a addresses
	err = v.openJSON(kindRecovery, c.ID, 0, body, &a)
	c.Old, c.New = a.Old, a.New
	return c, err
}

func (s *Store) sealAddresses(id string, a addresses) ([]byte, error) {
	v, err := s.account("")
	if err != nil {
		return nil, err
	}
	return v.sealJSON(kindRecovery, id, 0, a)
}

// recoveryHash is the keyed hash of a recovery's code: service-wide, since it is the
// number that says whose it is.
func (s *Store) recoveryHash(code string) []byte {
	return s.root.MAC(seal.PurposeOTP, "recovery", code)
}

// AddRecovery stores the begin of a recovery, of nobody yet, with its code's hash; one
// that the browser began before and did not confirm ends.
func (s *Store) AddRecovery(ctx context.Context, r feierabend.Recovery, code string) error {
	if r.ID == "" || len(r.BindHash) == 0 || len(code) != feierabend.LinkCodeLen || r.At.IsZero() {
		return invalid("recovery")
	}
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `DELETE FROM recovery WHERE bind_hash = $1 AND state <> 'waiting'`, r.BindHash); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO recovery(id, user_id, state, bind_hash, code_hash, tries, browser, at, expires_at, due_at, told_at) VALUES($1, '', 'open', $2, $3, 0, $4, $5, $6, 0, 0)`,
			r.ID, r.BindHash, s.recoveryHash(code), r.Browser, micros(r.At), micros(r.ExpiresAt))
		return err
	})
}

// RecoveryFrom gives the newest recovery that a browser began, or NotFound.
func (s *Store) RecoveryFrom(ctx context.Context, bindHash []byte) (r feierabend.Recovery, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		r, err = s.scanRecovery(q.queryRow(ctx, recoveryColumns+`WHERE bind_hash = $1 ORDER BY at DESC, id LIMIT 1`, bindHash))
		return err
	})
	return r, err
}

// Recovery gives one, or NotFound: none, done or stopped.
func (s *Store) Recovery(ctx context.Context, id string) (r feierabend.Recovery, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		r, err = s.scanRecovery(q.queryRow(ctx, recoveryColumns+`WHERE id = $1`, id))
		return err
	})
	return r, err
}

// ProveRecovery takes a code that came from a number of this person of this firm at the
// time at. NotFound: nobody shows it, or its time is over. Unauthorized "role": the
// person is no owner, or belongs to another firm too, and the code is void.
func (s *Store) ProveRecovery(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID, code string, at, until time.Time) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	refused := false
	err := s.update(ctx, tenant, func(t tx) error {
		var role feierabend.Role
		var old string
		err := t.queryRow(ctx, `SELECT m.role, p.email FROM membership m JOIN person p ON p.id = m.user_id WHERE m.tenant_id = $1 AND m.user_id = $2`, tenant.String(), user).Scan(&role, &old)
		if absent(err) {
			return notFound("member")
		}
		if err != nil {
			return err
		}
		var id string
		err = t.queryRow(ctx, `UPDATE recovery SET user_id = $2, state = 'proved', code_hash = NULL, expires_at = $4 WHERE code_hash = $1 AND state = 'open' AND expires_at > $3 RETURNING id`,
			s.recoveryHash(code), user, micros(at), micros(until)).Scan(&id)
		if absent(err) {
			return notFound("recovery")
		}
		if err != nil {
			return err
		}
		// A colleague may have linked the number: it must not open what the person has in
		// another firm.
		var elsewhere int
		if err := t.queryRow(ctx, `SELECT count(*) FROM membership WHERE user_id = $1 AND tenant_id <> $2`, user, tenant.String()).Scan(&elsewhere); err != nil {
			return err
		}
		if role != feierabend.RoleOwner || elsewhere > 0 {
			refused = true
			_, err := t.exec(ctx, `DELETE FROM recovery WHERE id = $1`, id)
			return err
		}
		body, err := s.sealAddresses(id, addresses{Old: old})
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE recovery SET body = $2 WHERE id = $1`, id, body); err != nil {
			return err
		}
		return s.record(ctx, t, tenant.String(), feierabend.Actor{User: user, Via: feierabend.ViaChat}, "recovery.proved", string(user))
	})
	if err == nil && refused {
		err = &feierabend.Error{Kind: feierabend.Unauthorized, Code: "role", Text: "Das geht nur für Inhaber. Es hat sich nichts geändert."}
	}
	return err
}

// SetRecoveryAddress notes the new address of a recovery that is proved, with the job
// that mails the code to it.
func (s *Store) SetRecoveryAddress(ctx context.Context, bindHash []byte, email string, now time.Time, next func(id string) feierabend.Job) error {
	return s.updateAll(ctx, func(t tx) error {
		r, err := s.scanRecovery(t.queryRow(ctx, recoveryColumns+`WHERE bind_hash = $1 AND state IN ('proved', 'mailed') AND expires_at > $2`, bindHash, micros(now)))
		if err != nil {
			return err
		}
		body, err := s.sealAddresses(r.ID, addresses{Old: r.Old, New: email})
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE recovery SET state = 'mailed', code_hash = NULL, tries = 0, body = $2 WHERE id = $1`, r.ID, body); err != nil {
			return err
		}
		return t.enqueue(ctx, []feierabend.Job{next(r.ID)})
	})
}

// SetRecoverySecret stores the hash of the code that goes to the new address.
func (s *Store) SetRecoverySecret(ctx context.Context, id string, codeHash []byte) error {
	return s.updateAll(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE recovery SET code_hash = $2 WHERE id = $1 AND state = 'mailed'`, id, codeHash)
		if err == nil && n == 0 {
			err = notFound("recovery")
		}
		return err
	})
}

// ConfirmRecovery lets a recovery wait, by the code from the new address, in the browser
// that began it, at most five tries: Unauthorized "code_wrong". The address changes at
// due. Where one of the person waits already it is Conflict "recovery_waits".
func (s *Store) ConfirmRecovery(ctx context.Context, bindHash, codeHash []byte, now, due time.Time, next func(id string) feierabend.Job) error {
	wrong := false
	err := s.updateAll(ctx, func(t tx) error {
		r, err := s.scanRecovery(t.queryRow(ctx, recoveryColumns+`WHERE bind_hash = $1 AND code_hash = $2 AND state = 'mailed' AND expires_at > $3 AND tries < $4`, bindHash, codeHash, micros(now), maxMisses))
		if feierabend.KindOf(err) == feierabend.NotFound {
			wrong = true
			_, err := t.exec(ctx, `UPDATE recovery SET tries = tries + 1 WHERE bind_hash = $1 AND state = 'mailed'`, bindHash)
			return err
		}
		if err != nil {
			return err
		}
		return s.waitRecovery(ctx, t, r, due, feierabend.Actor{User: r.User}, next)
	})
	if err == nil && wrong {
		err = &feierabend.Error{Kind: feierabend.Unauthorized, Code: "code_wrong", Text: "Dieser Code passt nicht. Es hat sich nichts geändert."}
	}
	return err
}

func (s *Store) waitRecovery(ctx context.Context, t tx, r feierabend.Recovery, due time.Time, by feierabend.Actor, next func(id string) feierabend.Job) error {
	if _, err := t.exec(ctx, `UPDATE person SET blocked_at = blocked_at WHERE id = $1`, r.User); err != nil { // one after the other
		return err
	}
	var waits bool
	if err := t.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM recovery WHERE user_id = $1 AND state = 'waiting')`, r.User).Scan(&waits); err != nil {
		return err
	}
	if waits {
		return conflict("recovery_waits", "Für diesen Zugang läuft schon eine Wartezeit. Es hat sich nichts geändert. Wer sie nicht will, hält sie mit dem Link aus der Nachricht an.")
	}
	if _, err := t.exec(ctx, `UPDATE recovery SET state = 'waiting', code_hash = NULL, due_at = $2 WHERE id = $1`, r.ID, micros(due)); err != nil {
		return err
	}
	if err := s.record(ctx, t, "", by, "recovery.started", string(r.User)); err != nil {
		return err
	}
	return t.enqueue(ctx, []feierabend.Job{next(r.ID)})
}

// StartRecovery lets a recovery wait that the operator begins on the word of a person:
// the same three days, the same notices.
func (s *Store) StartRecovery(ctx context.Context, r feierabend.Recovery, by feierabend.Actor, next func(id string) feierabend.Job) error {
	if r.ID == "" || r.User == "" || r.New == "" || r.Due.Sub(r.At) < feierabend.RecoveryWait {
		return invalid("recovery")
	}
	return s.updateAll(ctx, func(t tx) error {
		err := t.queryRow(ctx, `SELECT email FROM person WHERE id = $1`, r.User).Scan(&r.Old)
		if absent(err) {
			return notFound("user")
		}
		if err != nil {
			return err
		}
		body, err := s.sealAddresses(r.ID, addresses{Old: r.Old, New: r.New})
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO recovery(id, user_id, state, bind_hash, code_hash, tries, browser, at, expires_at, due_at, told_at, body) VALUES($1, $2, 'mailed', $3, NULL, 0, '', $4, $4, 0, 0, $5)`,
			r.ID, r.User, []byte(r.ID), micros(r.At), body); err != nil {
			return err
		}
		return s.waitRecovery(ctx, t, r, r.Due, by, next)
	})
}
