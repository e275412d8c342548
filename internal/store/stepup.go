package store

import (
	"context"
	"time"

	"feierabend"
)

// Limits of codes that are sent to a number (OTP-03).
const (
	triesPerCode  = 5
	triesPerDay   = 10  // a number
	missesInARow  = 100 // a person
	triesAreOfDay = 24 * time.Hour
)

// AddStepUp stores the code that a session shows; it takes the place of an older one.
func (s *Store) AddStepUp(ctx context.Context, p feierabend.StepUp) error {
	if len(p.Session) == 0 || len(p.CodeHash) == 0 || p.User == "" || p.Tenant.IsZero() || p.ExpiresAt.IsZero() {
		return invalid("step_up")
	}
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO step_up(session_hash, user_id, tenant_id, code_hash, expires_at, proved_at) VALUES($1, $2, $3, $4, $5, 0)
			ON CONFLICT(session_hash) DO UPDATE SET code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at, proved_at = 0`,
			p.Session, p.User, p.Tenant.String(), p.CodeHash, micros(p.ExpiresAt))
		return err
	})
}

// StepUpOf gives the code that a session shows, or NotFound.
func (s *Store) StepUpOf(ctx context.Context, sessionHash []byte) (p feierabend.StepUp, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		var tenant string
		var expires, proved int64
		err := q.queryRow(ctx, `SELECT session_hash, user_id, tenant_id, code_hash, expires_at, proved_at FROM step_up WHERE session_hash = $1`, sessionHash).
			Scan(&p.Session, &p.User, &tenant, &p.CodeHash, &expires, &proved)
		if absent(err) {
			return notFound("step_up")
		}
		if err != nil {
			return err
		}
		p.ExpiresAt, p.ProvedAt = timeOf(expires), timeOf(proved)
		p.Tenant, err = feierabend.ParseTenantID(tenant)
		return err
	})
	return p, err
}

// StepUpWaits says whether a session of this person in this firm waits for its code at
// the time at.
func (s *Store) StepUpWaits(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID, at time.Time) (waits bool, err error) {
	if tenant.IsZero() {
		return false, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		return q.queryRow(ctx, `SELECT EXISTS(SELECT 1 FROM step_up WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 AND (proved_at = 0 OR proved_at = $3))`, tenant.String(), user, micros(at)).Scan(&waits)
	})
	return waits, err
}

// ProveStepUp notes that the code came from a number of this person of this firm at
// the time at; the same message again changes nothing. A code that nobody of the firm waits
// for, or too late, is NotFound.
func (s *Store) ProveStepUp(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID, codeHash []byte, at time.Time) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE step_up SET proved_at = $4 WHERE tenant_id = $1 AND user_id = $2 AND code_hash = $3 AND expires_at > $4 AND (proved_at = 0 OR proved_at = $4)`,
			tenant.String(), user, codeHash, micros(at))
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("step_up")
		}
		return s.record(ctx, t, tenant.String(), feierabend.Actor{User: user, Via: feierabend.ViaChat}, "person.proved", string(user))
	})
}

// TakeStepUp uses the proof of a session up, once. One that has not come, or came
// before since, is Conflict "not_yet".
func (s *Store) TakeStepUp(ctx context.Context, sessionHash []byte, since time.Time) error {
	return s.updateAll(ctx, func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM step_up WHERE session_hash = $1 AND proved_at > 0 AND proved_at > $2`, sessionHash, micros(since))
		if err == nil && n == 0 {
			err = conflict("not_yet", "Ihr Code ist noch nicht angekommen. Es ist nichts geändert worden. Bitte schicken Sie ihn von Ihrer verknüpften Nummer, dann hier noch einmal tippen.")
		}
		return err
	})
}

// AddNumberCode stores the code that is sent to a number; an older one is void. It
// sets no counter back (OTP-03).
func (s *Store) AddNumberCode(ctx context.Context, user feierabend.UserID, phone string, codeHash []byte, expires time.Time) error {
	if user == "" || phone == "" || len(codeHash) == 0 {
		return invalid("number_code")
	}
	return s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO number_code(number_hash, user_id, code_hash, expires_at, tries) VALUES($1, $2, $3, $4, 0)
			ON CONFLICT(number_hash) DO UPDATE SET user_id = EXCLUDED.user_id, code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at, tries = 0`,
			s.phoneHash(phone), user, codeHash, micros(expires))
		return err
	})
}

// ConsumeNumberCode uses the code of a number up, once. Errors are Unauthorized:
// "code_wrong" (or void, or tried five times), "code_limit" after ten tries a number
// and day, "code_locked" after a hundred wrong codes of the person in a row.
func (s *Store) ConsumeNumberCode(ctx context.Context, user feierabend.UserID, phone string, codeHash []byte, now time.Time) error {
	code := ""
	err := s.updateAll(ctx, func(t tx) error {
		var misses int
		if err := t.queryRow(ctx, `UPDATE person SET code_misses = code_misses WHERE id = $1 RETURNING code_misses`, user).Scan(&misses); err != nil {
			return err
		}
		if misses >= missesInARow {
			code = "code_locked"
			return nil
		}
		tries, err := s.count(ctx, t, "number-try:"+phone, triesAreOfDay, now)
		if err != nil {
			return err
		}
		if tries > triesPerDay {
			code = "code_limit"
			return nil
		}
		n, err := t.exec(ctx, `DELETE FROM number_code WHERE number_hash = $1 AND user_id = $2 AND code_hash = $3 AND expires_at > $4 AND tries < $5`,
			s.phoneHash(phone), user, codeHash, micros(now), triesPerCode)
		if err != nil {
			return err
		}
		if n == 1 {
			_, err = t.exec(ctx, `UPDATE person SET code_misses = 0 WHERE id = $1`, user)
			return err
		}
		code = "code_wrong"
		if _, err = t.exec(ctx, `UPDATE number_code SET tries = tries + 1 WHERE number_hash = $1`, s.phoneHash(phone)); err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE person SET code_misses = code_misses + 1 WHERE id = $1`, user)
		return err
	})
	if err != nil || code == "" {
		return err
	}
	return &feierabend.Error{Kind: feierabend.Unauthorized, Code: code, Text: map[string]string{
		"code_wrong":  "Dieser Code stimmt nicht oder gilt nicht mehr. Es ist nichts geändert worden. Bitte vergleichen Sie ihn mit der neuesten Nachricht.",
		"code_limit":  "Für diese Nummer wurde heute zu oft ein Code versucht. Es ist nichts geändert worden. Bitte versuchen Sie es morgen noch einmal.",
		"code_locked": "Es wurde zu oft ein falscher Code eingegeben. Es ist nichts geändert worden. Bitte wenden Sie sich an den Betreiber.",
	}[code]}
}
