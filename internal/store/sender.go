package store

import (
	"context"

	"feierabend"
	"feierabend/internal/seal"
)

const textTaken = "Diese WhatsApp-Nummer ist schon verknüpft. Bitte zuerst dort lösen, wo sie jetzt steht."

// AddSenderLink ties a WhatsApp identity to a person of the tenant; somebody who is no
// member is NotFound. A number that another link holds, here or elsewhere, is Conflict
// "number_taken" (OTP-05).
func (s *Store) AddSenderLink(ctx context.Context, tenant feierabend.TenantID, l feierabend.SenderLink) error {
	if tenant.IsZero() || l.ID == "" || l.User == "" || l.Phone == "" && l.BSUID == "" {
		return invalid("sender_link")
	}
	return s.update(ctx, tenant, func(t tx) error { return s.addSenderLink(ctx, t, tenant, l) })
}

// LinkSender is AddSenderLink by somebody whose doing the owners and the person are told.
func (s *Store) LinkSender(ctx context.Context, tenant feierabend.TenantID, l feierabend.SenderLink, by feierabend.Actor) error {
	if tenant.IsZero() || l.ID == "" || l.User == "" || l.Phone == "" {
		return invalid("sender_link")
	}
	return s.update(ctx, tenant, func(t tx) error {
		if err := s.addSenderLink(ctx, t, tenant, l); err != nil {
			return err
		}
		var own string
		if err := t.queryRow(ctx, `SELECT email FROM person WHERE id = $1`, l.User).Scan(&own); err != nil {
			return err
		}
		return s.tellOwners(ctx, t, tenant, by, l.User, feierabend.Notice{Kind: feierabend.NoticeLinked, Detail: l.Mask()}, own)
	})
}

func (s *Store) addSenderLink(ctx context.Context, t tx, tenant feierabend.TenantID, l feierabend.SenderLink) error {
	if err := known(ctx, t, tenant); err != nil {
		return err
	}
	if err := memberOf(ctx, t, tenant, l.User); err != nil {
		return err
	}
	free, err := s.insertSender(ctx, t, tenant, l)
	if err != nil {
		return err
	}
	if !free {
		return conflict("number_taken", textTaken)
	}
	return s.record(ctx, t, tenant.String(), feierabend.Actor{}, "sender.linked", string(l.ID))
}

// insertSender inserts an active link; free is false where another one holds the
// number or the WhatsApp id.
func (s *Store) insertSender(ctx context.Context, t tx, tenant feierabend.TenantID, l feierabend.SenderLink) (free bool, err error) {
	if l.LinkedAt.IsZero() {
		l.LinkedAt = s.now()
	}
	if l.HeardAt.IsZero() { // silence is counted from the proof
		l.HeardAt = l.LinkedAt
	}
	key, err := s.root.Account(tenant.String())
	if err != nil {
		return false, err
	}
	sealed := func(value, kind string) any {
		if value == "" {
			return nil
		}
		return key.Seal([]byte(value), seal.Place{Tenant: tenant.String(), Kind: kind, Row: string(l.ID)})
	}
	n, err := t.exec(ctx, `INSERT INTO sender_link(id, tenant_id, user_id, phone, bsuid, phone_hash, bsuid_hash, linked_at, heard_at)
			VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`, l.ID, tenant.String(), l.User, sealed(l.Phone, "phone"), sealed(l.BSUID, "bsuid"),
		orNull(s.phoneHash(l.Phone)), orNull(s.bsuidHash(l.BSUID)), micros(l.LinkedAt), micros(l.HeardAt))
	return n > 0, err
}

const senderColumns = `id, user_id, phone, bsuid, linked_at, standing, why, stands_since, heard_at, forwarded`

// SenderLinks gives the tenant's links that are active or suspended, oldest first.
func (s *Store) SenderLinks(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.SenderLink, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (feierabend.SenderLink, error) { return s.scanSender(r, tenant) },
			`SELECT `+senderColumns+` FROM sender_link WHERE tenant_id = $1 AND standing <> 'ended' ORDER BY linked_at, id`, tenant.String())
		return err
	})
	return out, err
}

// SenderLink gives one link, whatever its standing.
func (s *Store) SenderLink(ctx context.Context, tenant feierabend.TenantID, id feierabend.SenderID) (l feierabend.SenderLink, err error) {
	if tenant.IsZero() {
		return l, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		l, err = s.sender(ctx, q, tenant, id)
		return err
	})
	return l, err
}

func (s *Store) sender(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.SenderID) (feierabend.SenderLink, error) {
	return s.scanSender(q.queryRow(ctx, `SELECT `+senderColumns+` FROM sender_link WHERE tenant_id = $1 AND id = $2`, tenant.String(), id), tenant)
}

func (s *Store) scanSender(r row, tenant feierabend.TenantID) (feierabend.SenderLink, error) {
	var x sealedSender
	if err := r.Scan(x.columns()...); err != nil {
		return feierabend.SenderLink{}, err
	}
	return s.openSender(&x, tenant)
}

// itsSenderColumns are senderColumns of a link that is joined to a row, empty where
// there is none.
const itsSenderColumns = `COALESCE(l.id, ''), COALESCE(l.user_id, ''), l.phone, l.bsuid, COALESCE(l.linked_at, 0), COALESCE(l.standing, ''), COALESCE(l.why, ''), COALESCE(l.stands_since, 0), COALESCE(l.heard_at, 0), COALESCE(l.forwarded, '')`

// sealedSender is a link as it was read.
type sealedSender struct {
	feierabend.SenderLink
	phone, bsuid     []byte
	at, since, heard int64
}

// columns are where senderColumns go.
func (x *sealedSender) columns() []any {
	l := &x.SenderLink
	return []any{&l.ID, &l.User, &x.phone, &x.bsuid, &x.at, &l.Standing, &l.Why, &x.since, &x.heard, &l.Forwarded}
}

// openSender opens the number and the id.
func (s *Store) openSender(x *sealedSender, tenant feierabend.TenantID) (l feierabend.SenderLink, err error) {
	l = x.SenderLink
	l.Tenant, l.LinkedAt, l.Since, l.HeardAt = tenant, timeOf(x.at), timeOf(x.since), timeOf(x.heard)
	if l.Phone, err = s.openAccount(tenant, "phone", string(l.ID), x.phone); err != nil {
		return l, err
	}
	l.BSUID, err = s.openAccount(tenant, "bsuid", string(l.ID), x.bsuid)
	return l, err
}

// UnlinkSender ends a link: its number and id go, and it may be proved anew, here or
// elsewhere. What it dictated stays until its own end. An ended link is no error.
func (s *Store) UnlinkSender(ctx context.Context, tenant feierabend.TenantID, id feierabend.SenderID, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		l, err := s.sender(ctx, t, tenant, id)
		if absent(err) {
			err = notFound("sender_link")
		}
		if err != nil || l.Standing == feierabend.SenderEnded {
			return err
		}
		if err := s.tellOwners(ctx, t, tenant, by, l.User, feierabend.Notice{Kind: feierabend.NoticeUnlinked, Detail: l.Mask()}); err != nil {
			return err
		}
		if err := s.stopResting(ctx, t, l.User); err != nil {
			return err
		}
		return s.unlink(ctx, t, tenant, id, by)
	})
}

// UnlinkSenders ends all links of a person in the firm and says how many there were.
func (s *Store) UnlinkSenders(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID, by feierabend.Actor) (n int, err error) {
	if tenant.IsZero() {
		return 0, invalid("tenant")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		n, err = s.unlinkSenders(ctx, t, tenant, user, by)
		return err
	})
	return n, err
}

// unlinkSenders is UnlinkSenders within a transaction: what removes a member calls it.
func (s *Store) unlinkSenders(ctx context.Context, t tx, tenant feierabend.TenantID, user feierabend.UserID, by feierabend.Actor) (int, error) {
	// First, so that a link that is being made at this moment is among those that end.
	if _, err := t.exec(ctx, `UPDATE link_challenge SET state = 'void' WHERE tenant_id = $1 AND user_id = $2 AND state IN ('open', 'asked', 'confirm')`, tenant.String(), user); err != nil {
		return 0, err
	}
	ids, err := collect(ctx, t, func(r row) (id feierabend.SenderID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM sender_link WHERE tenant_id = $1 AND user_id = $2 AND standing <> 'ended' ORDER BY id`, tenant.String(), user)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := s.unlink(ctx, t, tenant, id, by); err != nil {
			return 0, err
		}
	}
	if err := s.stopResting(ctx, t, user); err != nil {
		return 0, err
	}
	return len(ids), nil
}

func (s *Store) unlink(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.SenderID, by feierabend.Actor) error {
	if _, err := t.exec(ctx, `UPDATE sender_link SET standing = 'ended', why = '', stands_since = $3, phone = NULL, bsuid = NULL, phone_hash = NULL, bsuid_hash = NULL
		WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, micros(s.now())); err != nil {
		return err
	}
	if err := s.record(ctx, t, tenant.String(), by, "sender.unlinked", string(id)); err != nil {
		return err
	}
	return s.planForget(ctx, t)
}

// Colleagues gives the members of the firm, owners first, then by name.
func (s *Store) Colleagues(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.Colleague, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (c feierabend.Colleague, err error) {
			return c, r.Scan(&c.User.ID, &c.User.Email, &c.User.Name, &c.Role)
		}, `SELECT p.id, p.email, p.name, m.role FROM membership m JOIN person p ON p.id = m.user_id WHERE m.tenant_id = $1
			ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'office' THEN 1 ELSE 2 END, p.name, p.id`, tenant.String())
		return err
	})
	return out, err
}

// phoneHash finds a sender link by number without storing the number (day-one
// decision 9): service-wide, since it finds the tenant.
func (s *Store) phoneHash(phone string) []byte {
	if phone == "" {
		return nil
	}
	return s.root.MAC(seal.PurposeLookup, "phone", phone)
}

func (s *Store) bsuidHash(id string) []byte {
	if id == "" {
		return nil
	}
	return s.root.MAC(seal.PurposeLookup, "bsuid", id)
}
