package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// getsDigest says who may be mailed in the evening: members who have not said no and
// read the mailbox, of a firm that works with us. $1 is the firm.
const getsDigest = ` FROM membership m JOIN person p ON p.id = m.user_id JOIN tenant t ON t.id = m.tenant_id
	WHERE m.tenant_id = $1 AND m.digest_off = 0 AND p.confirmed_at > 0 AND p.blocked_at = 0 AND t.blocked_at = 0 AND EXISTS(SELECT 1 FROM agreement a WHERE a.tenant_id = $1)`

// digestWait is how long a mail that somebody has begun to send is left to them.
const digestWait = 90 * time.Second

// DigestFirms gives firms whose evening of the day was not looked at, by id, behind the
// one named (zero = from the first), at most limit. Blocked ones are left out.
func (s *Store) DigestFirms(ctx context.Context, day int, after string, limit int) (out []feierabend.TenantID, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (feierabend.TenantID, error) {
			var id string
			if err := r.Scan(&id); err != nil {
				return feierabend.TenantID{}, err
			}
			return feierabend.ParseTenantID(id)
		}, `SELECT id FROM tenant WHERE id > $1 AND digest_day < $2 AND blocked_at = 0 ORDER BY id LIMIT $3`, after, day, limit)
		return err
	})
	return out, err
}

// DigestMembers gives the members of a firm who may get a mail in the evening.
func (s *Store) DigestMembers(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.Membership, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, scanMembership, `SELECT m.user_id, m.tenant_id, m.role`+getsDigest+` ORDER BY m.user_id`, tenant.String())
		return err
	})
	return out, err
}

// PlanDigests stores a mail of the day for each of the members, with its job, and gives
// how many. Whoever has had one that day gets none. With plan.Whole the firm's day is
// done: of several processes one plans it, the others get 0.
func (s *Store) PlanDigests(ctx context.Context, tenant feierabend.TenantID, plan feierabend.DigestPlan, members ...feierabend.UserID) (planned int, err error) {
	if tenant.IsZero() || plan.Day == 0 || plan.Until.IsZero() {
		return 0, invalid("digest")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		planned = 0
		if plan.Whole {
			n, err := t.exec(ctx, `UPDATE tenant SET digest_day = $2 WHERE id = $1 AND digest_day < $2`, tenant.String(), plan.Day)
			if err != nil || n == 0 {
				return err
			}
		}
		for _, user := range members {
			n, err := t.exec(ctx, `UPDATE membership SET digest_hash = $3 WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user, hashOf(s.digestToken(tenant, user)))
			if err != nil {
				return err
			}
			if n == 0 {
				return notFound("member")
			}
			id := s.newID()
			n, err = t.exec(ctx, `INSERT INTO digest(id, tenant_id, user_id, day, until_at, taken_at, sent_at) VALUES($1, $2, $3, $4, $5, 0, 0) ON CONFLICT(tenant_id, user_id, day) DO NOTHING`,
				id, tenant.String(), user, plan.Day, micros(plan.Until))
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			planned++
			if err := t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobDigest, Tenant: tenant.String(), Ref: id}}); err != nil {
				return err
			}
		}
		return nil
	})
	return planned, err
}

// TakeDigest takes a mail for sending. One that somebody else took a moment ago is a
// *SnoozeError. NotFound: it is sent, its time is over, or the person gets none any more.
func (s *Store) TakeDigest(ctx context.Context, tenant feierabend.TenantID, id string) (d feierabend.Digest, err error) {
	if tenant.IsZero() {
		return d, invalid("tenant")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		now := s.now()
		d = feierabend.Digest{ID: id}
		err := t.queryRow(ctx, `UPDATE digest SET taken_at = $3 WHERE tenant_id = $1 AND id = $2 AND sent_at = 0 AND until_at > $3 AND taken_at <= $4 RETURNING user_id`,
			tenant.String(), id, micros(now), micros(now.Add(-digestWait))).Scan(&d.User)
		if absent(err) {
			return s.takenDigest(ctx, t, tenant, id, now)
		}
		if err != nil {
			return err
		}
		err = t.queryRow(ctx, `SELECT m.role, p.email, t.name`+getsDigest+` AND m.user_id = $2`, tenant.String(), d.User).Scan(&d.Role, &d.To, &d.Firm)
		if absent(err) {
			return notFound("digest")
		}
		if err != nil {
			return err
		}
		var elsewhere int
		if err := t.queryRow(ctx, `SELECT count(*) FROM membership WHERE user_id = $1 AND tenant_id <> $2`, d.User, tenant.String()).Scan(&elsewhere); err != nil {
			return err
		}
		if elsewhere == 0 {
			d.Firm = ""
		}
		d.Token = s.digestToken(tenant, d.User)
		return nil
	})
	if err != nil {
		return feierabend.Digest{}, err
	}
	return d, nil
}

// takenDigest says why a mail cannot be taken.
func (s *Store) takenDigest(ctx context.Context, q querier, tenant feierabend.TenantID, id string, now time.Time) error {
	var taken int64
	err := q.queryRow(ctx, `SELECT taken_at FROM digest WHERE tenant_id = $1 AND id = $2 AND sent_at = 0 AND until_at > $3`, tenant.String(), id, micros(now)).Scan(&taken)
	if absent(err) {
		return notFound("digest")
	}
	if err != nil {
		return err
	}
	return feierabend.Snooze(timeOf(taken).Add(digestWait).Sub(now) + time.Millisecond)
}

// EndDigest notes that a mail was sent, or refused for good; with done false it may be
// taken again.
func (s *Store) EndDigest(ctx context.Context, tenant feierabend.TenantID, id string, done bool) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	sent := int64(0)
	if done {
		sent = micros(s.now())
	}
	return s.update(ctx, tenant, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE digest SET taken_at = 0, sent_at = $3 WHERE tenant_id = $1 AND id = $2 AND sent_at = 0`, tenant.String(), id, sent)
		if err == nil && n == 0 {
			err = notFound("digest")
		}
		return err
	})
}

// digestToken is what ends the mails to a member: worked out of the root key, so that
// nobody who reads the database can make one, and the same in all mails.
func (s *Store) digestToken(tenant feierabend.TenantID, user feierabend.UserID) string {
	return base64.RawURLEncoding.EncodeToString(s.root.MAC(seal.PurposeMail, "digest", tenant.String(), string(user)))
}

func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
