package store

import (
	"context"

	"feierabend"
	"feierabend/internal/seal"
)

// AddCustomerLink stores a Kundenlink with the keyed hash of its code. A case that it
// is for must be there, and the firm must have switched the links on: else Conflict
// "customers_off".
func (s *Store) AddCustomerLink(ctx context.Context, tenant feierabend.TenantID, c feierabend.CustomerLink, code string) error {
	if tenant.IsZero() || !feierabend.ValidID(c.ID) || len(c.Session) == 0 || len(code) != feierabend.LinkCodeLen {
		return invalid("customer_link")
	}
	return s.update(ctx, tenant, func(t tx) error {
		if c.Case != "" {
			if _, err := s.lockCase(ctx, t, tenant, c.Case); err != nil {
				return err
			}
		}
		if err := memberOf(ctx, t, tenant, c.By); err != nil {
			return err
		}
		firm, err := customersOf(ctx, t, tenant)
		if err != nil {
			return err
		}
		if !firm.Customers.Links {
			return conflict("customers_off", "Kundenlinks sind für Ihren Betrieb nicht eingeschaltet. Es wurde keiner gemacht. Einschalten kann sie, wer Inhaberin oder Inhaber ist, unter „Nachrichten von Kunden“.")
		}
		n, err := t.exec(ctx, `INSERT INTO customer_link(id, tenant_id, case_id, own, by_user, session_hash, code_hash, state, created_at, expires_at, asked_at, agreed_at)
			VALUES($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, 0, 0) ON CONFLICT DO NOTHING`, c.ID, tenant.String(), c.Case, false, c.By, c.Session, s.customerHash(code),
			micros(c.CreatedAt), micros(c.ExpiresAt))
		if err != nil {
			return err
		}
		if n == 0 {
			return invalid("customer_link")
		}
		return s.record(ctx, t, tenant.String(), feierabend.Actor{User: c.By, Via: feierabend.ViaSession}, "customer.asked", c.ID)
	})
}

// customersOf gives the firm and keeps its instructions as they are until the
// transaction ends.
func customersOf(ctx context.Context, t tx, tenant feierabend.TenantID) (feierabend.Tenant, error) {
	firm, err := scanTenant(t.queryRow(ctx, `UPDATE tenant SET customer_links = customer_links WHERE id = $1 RETURNING `+tenantColumns, tenant.String()))
	if absent(err) {
		err = notFound("tenant")
	}
	return firm, err
}

// CustomerLinks gives the firm's links, the newest first, those of a case only where
// one is named. Links of cases that have ended are left out.
func (s *Store) CustomerLinks(ctx context.Context, tenant feierabend.TenantID, of feierabend.CaseID) (out []feierabend.CustomerLink, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out = nil
		ids, err := collect(ctx, q, func(r row) (id string, err error) { return id, r.Scan(&id) },
			`SELECT id FROM customer_link WHERE tenant_id = $1 AND ($2 = '' OR case_id = $2) ORDER BY created_at DESC, id`, tenant.String(), string(of))
		for _, id := range ids {
			c, gone := s.customer(ctx, q, tenant, id)
			if gone != nil && feierabend.KindOf(gone) != feierabend.NotFound {
				return gone
			}
			if gone == nil {
				out = append(out, c)
			}
		}
		return err
	})
	return out, err
}

// CustomerLink gives one link; with an ended case it is NotFound.
func (s *Store) CustomerLink(ctx context.Context, tenant feierabend.TenantID, id string) (c feierabend.CustomerLink, err error) {
	if tenant.IsZero() {
		return c, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, err = s.customer(ctx, q, tenant, id)
		return err
	})
	return c, err
}

// EndCustomerLink takes a link back: its code and the customer's number go, and what
// comes from there is a stranger's, but that the customer still can take their words back.
// Notes that came stay with their case. A link that has ended stays as it is.
func (s *Store) EndCustomerLink(ctx context.Context, tenant feierabend.TenantID, id string, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		var state feierabend.CustomerState
		err := t.queryRow(ctx, `UPDATE customer_link SET state = state WHERE tenant_id = $1 AND id = $2 RETURNING state`, tenant.String(), id).Scan(&state)
		if absent(err) {
			return notFound("customer_link")
		}
		if err != nil || state == feierabend.CustomerEnded {
			return err
		}
		end := `DELETE FROM customer_link WHERE tenant_id = $1 AND id = $2`
		if state == feierabend.CustomerAgreed {
			end = `UPDATE customer_link SET ` + ending + `, state = 'ended' WHERE tenant_id = $1 AND id = $2`
		}
		if _, err := t.exec(ctx, end, tenant.String(), id); err != nil {
			return err
		}
		if err := s.record(ctx, t, tenant.String(), by, "customer.withdrawn", id); err != nil {
			return err
		}
		return s.planForget(ctx, t)
	})
}

// customerWho is the sealed part of a link.
type customerWho struct {
	Phone string `json:"phone,omitempty"`
	BSUID string `json:"bsuid,omitempty"`
}

// customer gives a link, its number opened with the case.
func (s *Store) customer(ctx context.Context, q querier, tenant feierabend.TenantID, id string) (c feierabend.CustomerLink, err error) {
	var who []byte
	var created, expires, asked, agreed int64
	err = q.queryRow(ctx, `SELECT id, case_id, own, by_user, session_hash, state, created_at, expires_at, asked_at, agreed_at, who FROM customer_link WHERE tenant_id = $1 AND id = $2`,
		tenant.String(), id).Scan(&c.ID, &c.Case, &c.Own, &c.By, &c.Session, &c.State, &created, &expires, &asked, &agreed, &who)
	if absent(err) {
		return c, notFound("customer_link")
	}
	if err != nil {
		return c, err
	}
	c.Tenant, c.CreatedAt, c.ExpiresAt, c.AskedAt, c.AgreedAt = tenant, timeOf(created), timeOf(expires), timeOf(asked), timeOf(agreed)
	if c.Case == "" {
		return c, nil
	}
	in, err := s.liveCase(ctx, q, tenant, c.Case)
	if err != nil {
		return feierabend.CustomerLink{}, err
	}
	var w customerWho
	err = in.openJSON(kindCustomer, c.ID, 0, who, &w)
	c.Phone, c.BSUID = w.Phone, w.BSUID
	return c, err
}

// customerHash is the keyed hash of a code: service-wide, since it finds the firm.
func (s *Store) customerHash(code string) []byte {
	return s.root.MAC(seal.PurposeOTP, "customer", code)
}

// customerCodes gives the keyed hashes of what could be codes in a text: none, or four.
func (s *Store) customerCodes(text string) (codes []any) {
	for _, c := range feierabend.FindLinkCodes(text) {
		codes = append(codes, s.customerHash(c))
	}
	for len(codes) > 0 && len(codes) < feierabend.MaxLinkCodes {
		codes = append(codes, codes[0])
	}
	return codes
}
