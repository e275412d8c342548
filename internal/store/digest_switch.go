package store

import (
	"context"

	"feierabend"
)

// DigestOn says whether a member wants the mails at the end of a working day.
func (s *Store) DigestOn(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID) (on bool, err error) {
	if tenant.IsZero() {
		return false, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		var off int
		err := q.queryRow(ctx, `SELECT digest_off FROM membership WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user).Scan(&off)
		if absent(err) {
			return notFound("member")
		}
		on = off == 0
		return err
	})
	return on && err == nil, err
}

// SetDigest stores whether a member wants the mails.
func (s *Store) SetDigest(ctx context.Context, tenant feierabend.TenantID, user feierabend.UserID, on bool, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error { return s.setDigest(ctx, t, tenant, user, on, by) })
}

func (s *Store) setDigest(ctx context.Context, t tx, tenant feierabend.TenantID, user feierabend.UserID, on bool, by feierabend.Actor) error {
	var off int
	err := t.queryRow(ctx, `SELECT digest_off FROM membership WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user).Scan(&off)
	if absent(err) {
		return notFound("member")
	}
	if err != nil || (off == 0) == on {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE membership SET digest_off = $3 WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), user, 1-off); err != nil {
		return err
	}
	act := "digest.off"
	if on {
		act = "digest.on"
	}
	return s.record(ctx, t, tenant.String(), by, act, string(user))
}

// SwitchDigest is SetDigest by the token of a mail. One that nobody was sent, or whose
// person has left the firm, is Unauthorized "link_invalid".
func (s *Store) SwitchDigest(ctx context.Context, token string, on bool) error {
	over := &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "link_invalid",
		Text: "Dieser Link gilt nicht, oder Sie gehören nicht mehr zu dem Betrieb. Es hat sich nichts geändert. Nach der Anmeldung stellen Sie die Mails unter „Einstellungen“ ein.",
	}
	return s.updateAll(ctx, func(t tx) error {
		var id string
		var user feierabend.UserID
		err := t.queryRow(ctx, `SELECT tenant_id, user_id FROM membership WHERE digest_hash = $1`, hashOf(token)).Scan(&id, &user)
		if absent(err) {
			return over
		}
		if err != nil {
			return err
		}
		tenant, err := feierabend.ParseTenantID(id)
		if err != nil {
			return err
		}
		if err := t.bind(ctx, id); err != nil {
			return err
		}
		return s.setDigest(ctx, t, tenant, user, on, feierabend.Actor{User: user, Via: feierabend.ViaMail})
	})
}
