package store

import (
	"context"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// AddLinkChallenge stores a challenge with the keyed hash of its code and voids the
// firm's others that still wait: one at a time. Whoever is no member is NotFound; one who asks
// for somebody else and is no owner, or no longer one, is Unauthorized "role".
func (s *Store) AddLinkChallenge(ctx context.Context, tenant feierabend.TenantID, c feierabend.LinkChallenge, code string) error {
	if tenant.IsZero() || !feierabend.ValidID(c.ID) || len(c.Session) == 0 || c.Phone == "" || len(code) != feierabend.LinkCodeLen {
		return invalid("link_challenge")
	}
	phone, err := s.sealAccount(tenant, "link_phone", c.ID, c.Phone)
	if err != nil {
		return err
	}
	return s.update(ctx, tenant, func(t tx) error {
		c.Tenant = tenant
		if err := mayLink(ctx, t, c); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE link_challenge SET state = 'void' WHERE tenant_id = $1 AND state IN ('open', 'asked', 'confirm')`, tenant.String()); err != nil {
			return err
		}
		n, err := t.exec(ctx, `INSERT INTO link_challenge(id, tenant_id, user_id, by_user, session_hash, code_hash, phone_hash, phone, numbered, state, created_at, expires_at, asked_at, link_id)
			VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, 0, '') ON CONFLICT DO NOTHING`, c.ID, tenant.String(), c.User, c.By, c.Session, s.linkHash(code),
			s.phoneHash(c.Phone), phone, false, micros(c.CreatedAt), micros(c.ExpiresAt))
		if err != nil {
			return err
		}
		if n == 0 {
			return invalid("link_challenge")
		}
		return s.record(ctx, t, tenant.String(), feierabend.Actor{User: c.By, Via: feierabend.ViaSession}, "link.asked", c.ID)
	})
}

// LinkChallenge gives one challenge.
func (s *Store) LinkChallenge(ctx context.Context, tenant feierabend.TenantID, id string) (c feierabend.LinkChallenge, err error) {
	if tenant.IsZero() {
		return c, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, err = s.challenge(q.queryRow(ctx, `SELECT `+challengeColumns+` FROM link_challenge WHERE tenant_id = $1 AND id = $2`, tenant.String(), id))
		return err
	})
	return c, err
}

// LatestLink gives the newest challenge that a session of the firm asked for.
func (s *Store) LatestLink(ctx context.Context, tenant feierabend.TenantID, session []byte) (c feierabend.LinkChallenge, err error) {
	if tenant.IsZero() {
		return c, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, err = s.challenge(q.queryRow(ctx, `SELECT `+challengeColumns+` FROM link_challenge WHERE tenant_id = $1 AND session_hash = $2 ORDER BY created_at DESC, id LIMIT 1`, tenant.String(), session))
		return err
	})
	return c, err
}

// CancelLink voids a challenge that still waits; any other stays as it is.
func (s *Store) CancelLink(ctx context.Context, tenant feierabend.TenantID, id string, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE link_challenge SET state = 'void' WHERE tenant_id = $1 AND id = $2 AND state IN ('open', 'asked', 'confirm')`, tenant.String(), id)
		if err != nil || n == 0 {
			return err
		}
		return s.record(ctx, t, tenant.String(), by, "link.withdrawn", id)
	})
}

// ConfirmLink links the sender who has said Ja without showing a number (J-03): by
// the WhatsApp id alone. Any challenge that does not wait for it is Conflict "link_over".
func (s *Store) ConfirmLink(ctx context.Context, tenant feierabend.TenantID, id string, by feierabend.Actor) (l feierabend.SenderLink, err error) {
	if tenant.IsZero() {
		return l, invalid("tenant")
	}
	now := s.now()
	err = s.update(ctx, tenant, func(t tx) error {
		c, err := s.lockChallenge(ctx, t, tenant, id)
		if err != nil {
			return err
		}
		if c.State != feierabend.LinkConfirm || !c.Waits(now) {
			return linkOver()
		}
		done, err := s.link(ctx, t, c, by, now)
		if err != nil {
			return err
		}
		if done == "" {
			if c, err = s.lockChallenge(ctx, t, tenant, id); err == nil && c.State == feierabend.LinkVoid {
				err = linkOver()
			} else if err == nil {
				err = conflict("number_taken", textTaken)
			}
			return err
		}
		l, err = s.sender(ctx, t, tenant, done)
		return err
	})
	if err != nil {
		return feierabend.SenderLink{}, err
	}
	return l, nil
}

func linkOver() error {
	return conflict("link_over", "Diese Verbindung wartet nicht mehr auf Sie. Es wurde nichts verbunden. Bitte holen Sie einen neuen Code.")
}

// link makes the sender link of a challenge, welcomes the person and has the owner
// told; "" = the number belongs elsewhere by now. The challenge is locked.
func (s *Store) link(ctx context.Context, t tx, c feierabend.LinkChallenge, by feierabend.Actor, now time.Time) (feierabend.SenderID, error) {
	switch err := mayLink(ctx, t, c); feierabend.CodeOf(err) {
	case "member", "role": // left the firm meanwhile, or who asked may no longer
		return "", s.setChallenge(ctx, t, c, feierabend.LinkVoid, "")
	default:
		if err != nil {
			return "", err
		}
	}
	l := feierabend.SenderLink{ID: feierabend.SenderID(s.newID()), Tenant: c.Tenant, User: c.User, BSUID: c.BSUID, LinkedAt: now, HeardAt: now}
	if c.Numbered {
		l.Phone = c.Phone
	}
	free, err := s.takeSender(ctx, t, &l)
	if err != nil {
		return "", err
	}
	if !free {
		return "", s.setChallenge(ctx, t, c, feierabend.LinkTaken, "")
	}
	if err := s.setChallenge(ctx, t, c, feierabend.LinkDone, l.ID); err != nil {
		return "", err
	}
	if err := s.addOut(ctx, t, c.Tenant, []feierabend.Outgoing{{Sender: l.ID, Kind: feierabend.OutWelcome}}); err != nil {
		return "", err
	}
	if err := t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobLinkMail, Tenant: c.Tenant.String(), Ref: c.ID}}); err != nil {
		return "", err
	}
	return l.ID, s.record(ctx, t, c.Tenant.String(), by, "sender.linked", string(l.ID))
}

// takeSender gives the person of l the number and id of l: a suspended link of theirs
// with the same number lives again under its id, which l then has, so that its cases
// stay with it; else a new one is made.
func (s *Store) takeSender(ctx context.Context, t tx, l *feierabend.SenderLink) (free bool, err error) {
	all, err := collect(ctx, t, func(r row) (feierabend.SenderLink, error) { return s.scanSender(r, l.Tenant) },
		`SELECT `+senderColumns+` FROM sender_link WHERE tenant_id = $1 AND user_id = $2 AND standing = 'suspended' ORDER BY linked_at, id`, l.Tenant.String(), l.User)
	if err != nil {
		return false, err
	}
	// Whether the number is free only the database can say; until it has, nothing is given up.
	free, err = s.insertSender(ctx, t, l.Tenant, *l)
	if err != nil || !free || l.Phone == "" {
		return free, err
	}
	for _, old := range all {
		if old.Phone != l.Phone {
			continue
		}
		if _, err := t.exec(ctx, `DELETE FROM sender_link WHERE tenant_id = $1 AND id IN ($2, $3)`, l.Tenant.String(), old.ID, l.ID); err != nil {
			return false, err
		}
		l.ID = old.ID
		return s.insertSender(ctx, t, l.Tenant, *l)
	}
	return true, nil
}

func (s *Store) setChallenge(ctx context.Context, t tx, c feierabend.LinkChallenge, state feierabend.LinkState, link feierabend.SenderID) error {
	_, err := t.exec(ctx, `UPDATE link_challenge SET state = $3, link_id = $4 WHERE tenant_id = $1 AND id = $2`, c.Tenant.String(), c.ID, state, link)
	return err
}

// lockChallenge gives a challenge for writing.
func (s *Store) lockChallenge(ctx context.Context, t tx, tenant feierabend.TenantID, id string) (feierabend.LinkChallenge, error) {
	n, err := t.exec(ctx, `UPDATE link_challenge SET state = state WHERE tenant_id = $1 AND id = $2`, tenant.String(), id)
	if err != nil {
		return feierabend.LinkChallenge{}, err
	}
	if n == 0 {
		return feierabend.LinkChallenge{}, notFound("link_challenge")
	}
	return s.challenge(t.queryRow(ctx, `SELECT `+challengeColumns+` FROM link_challenge WHERE tenant_id = $1 AND id = $2`, tenant.String(), id))
}

const challengeColumns = `id, tenant_id, user_id, by_user, session_hash, phone, bsuid, numbered, state, created_at, expires_at, asked_at, link_id`

// challenge reads challengeColumns and opens them.
func (s *Store) challenge(r row) (c feierabend.LinkChallenge, err error) {
	var tenant string
	var phone, bsuid []byte
	var created, expires, asked int64
	err = r.Scan(&c.ID, &tenant, &c.User, &c.By, &c.Session, &phone, &bsuid, &c.Numbered, &c.State, &created, &expires, &asked, &c.Link)
	if absent(err) {
		return c, notFound("link_challenge")
	}
	if err != nil {
		return c, err
	}
	if c.Tenant, err = feierabend.ParseTenantID(tenant); err != nil {
		return c, err
	}
	c.CreatedAt, c.ExpiresAt, c.AskedAt = timeOf(created), timeOf(expires), timeOf(asked)
	if c.Phone, err = s.openAccount(c.Tenant, "link_phone", c.ID, phone); err != nil {
		return c, err
	}
	c.BSUID, err = s.openAccount(c.Tenant, "link_bsuid", c.ID, bsuid)
	return c, err
}

// linkHash is the keyed hash of a link code: service-wide, since it finds the firm.
func (s *Store) linkHash(code string) []byte { return s.root.MAC(seal.PurposeOTP, "link", code) }

// sealAccount seals a value under the account key of a firm; "" stays NULL.
func (s *Store) sealAccount(tenant feierabend.TenantID, kind, id, value string) (any, error) {
	if value == "" {
		return nil, nil
	}
	key, err := s.root.Account(tenant.String())
	if err != nil {
		return nil, err
	}
	return key.Seal([]byte(value), seal.Place{Tenant: tenant.String(), Kind: kind, Row: id}), nil
}

func (s *Store) openAccount(tenant feierabend.TenantID, kind, id string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	key, err := s.root.Account(tenant.String())
	if err != nil {
		return "", err
	}
	b, err := key.Open(sealed, seal.Place{Tenant: tenant.String(), Kind: kind, Row: id})
	if err != nil {
		return "", sealError(err)
	}
	return string(b), nil
}

// memberOf says that a person belongs to the firm, else NotFound.
func memberOf(ctx context.Context, q querier, tenant feierabend.TenantID, user feierabend.UserID) error {
	var role string
	err := q.queryRow(ctx, `SELECT role FROM membership WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user).Scan(&role)
	if absent(err) {
		return notFound("member")
	}
	return err
}
