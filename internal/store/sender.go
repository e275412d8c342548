package store

import (
	"context"

	"feierabend"
	"feierabend/internal/seal"
)

// AddSenderLink ties a WhatsApp identity to a person of the tenant; somebody who is no
// member is NotFound. A number that another link holds, here or elsewhere, is Conflict
// "number_taken" (OTP-05).
func (s *Store) AddSenderLink(ctx context.Context, tenant feierabend.TenantID, l feierabend.SenderLink) error {
	if tenant.IsZero() || l.ID == "" || l.User == "" || l.Phone == "" && l.BSUID == "" {
		return invalid("sender_link")
	}
	return s.update(ctx, tenant, func(t tx) error { return s.addSenderLink(ctx, t, tenant, l) })
}

func (s *Store) addSenderLink(ctx context.Context, t tx, tenant feierabend.TenantID, l feierabend.SenderLink) error {
	if l.LinkedAt.IsZero() {
		l.LinkedAt = s.now()
	}
	key, err := s.root.Account(tenant.String())
	if err != nil {
		return err
	}
	sealed := func(value, kind string) any {
		if value == "" {
			return nil
		}
		return key.Seal([]byte(value), seal.Place{Tenant: tenant.String(), Kind: kind, Row: string(l.ID)})
	}
	if err := known(ctx, t, tenant); err != nil {
		return err
	}
	var member int
	if err := t.queryRow(ctx, `SELECT count(*) FROM membership WHERE tenant_id = $1 AND user_id = $2`, tenant.String(), l.User).Scan(&member); err != nil {
		return err
	}
	if member == 0 {
		return notFound("member")
	}
	n, err := t.exec(ctx, `INSERT INTO sender_link(id, tenant_id, user_id, phone, bsuid, phone_hash, bsuid_hash, linked_at)
			VALUES($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`, l.ID, tenant.String(), l.User, sealed(l.Phone, "phone"), sealed(l.BSUID, "bsuid"),
		orNull(s.phoneHash(l.Phone)), orNull(s.bsuidHash(l.BSUID)), micros(l.LinkedAt))
	if err != nil {
		return err
	}
	if n == 0 {
		return conflict("number_taken", "Diese WhatsApp-Nummer ist schon verknüpft. Bitte zuerst dort lösen, wo sie jetzt steht.")
	}
	return s.record(ctx, t, tenant.String(), feierabend.Actor{}, "sender.linked", string(l.ID))
}

// SenderLinks gives the tenant's links, oldest first.
func (s *Store) SenderLinks(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.SenderLink, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (feierabend.SenderLink, error) { return s.scanSender(r, tenant) },
			`SELECT id, user_id, phone, bsuid, linked_at FROM sender_link WHERE tenant_id = $1 ORDER BY linked_at, id`, tenant.String())
		return err
	})
	return out, err
}

// SenderLink gives one link.
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
	return s.scanSender(q.queryRow(ctx, `SELECT id, user_id, phone, bsuid, linked_at FROM sender_link WHERE tenant_id = $1 AND id = $2`, tenant.String(), id), tenant)
}

func (s *Store) scanSender(r row, tenant feierabend.TenantID) (l feierabend.SenderLink, err error) {
	var phone, bsuid []byte
	var at int64
	if err = r.Scan(&l.ID, &l.User, &phone, &bsuid, &at); err != nil {
		return l, err
	}
	l.Tenant, l.LinkedAt = tenant, timeOf(at)
	key, err := s.root.Account(tenant.String())
	if err != nil {
		return l, err
	}
	for _, f := range []struct {
		sealed []byte
		kind   string
		into   *string
	}{{phone, "phone", &l.Phone}, {bsuid, "bsuid", &l.BSUID}} {
		if len(f.sealed) == 0 {
			continue
		}
		b, err := key.Open(f.sealed, seal.Place{Tenant: tenant.String(), Kind: f.kind, Row: string(l.ID)})
		if err != nil {
			return l, sealError(err)
		}
		*f.into = string(b)
	}
	return l, nil
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
