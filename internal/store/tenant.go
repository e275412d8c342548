package store

import (
	"context"
	"encoding/json"
	"time"

	"feierabend"
)

// CreateTenant inserts a firm with its profile. Retention outside 1…30 days is refused.
func (s *Store) CreateTenant(ctx context.Context, n feierabend.Tenant, p feierabend.Profile) error {
	if n.ID.IsZero() || n.Name == "" || n.RetentionDays < 1 || n.RetentionDays > feierabend.MaxRetentionDays || !feierabend.ValidCountdown(n.Countdown) {
		return invalid("tenant")
	}
	if n.CreatedAt.IsZero() {
		n.CreatedAt = s.now()
	}
	body, err := profileJSON(p)
	if err != nil {
		return err
	}
	return s.update(ctx, n.ID, func(t tx) error { return s.createTenant(ctx, t, n, body) })
}

func (s *Store) createTenant(ctx context.Context, t tx, n feierabend.Tenant, body string) error {
	if _, err := t.exec(ctx, `INSERT INTO tenant(id, name, created_at, retention_days, countdown) VALUES($1, $2, $3, $4, $5)`,
		n.ID.String(), n.Name, micros(n.CreatedAt), n.RetentionDays, n.Countdown.Microseconds()); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO profile(tenant_id, body, changed_at) VALUES($1, $2, $3)`, n.ID.String(), body, micros(s.now())); err != nil {
		return err
	}
	return s.record(ctx, t, n.ID.String(), feierabend.Actor{Via: feierabend.ViaCLI}, "tenant.created", n.ID.String())
}

// Tenant gives one firm.
func (s *Store) Tenant(ctx context.Context, tenant feierabend.TenantID) (n feierabend.Tenant, err error) {
	if tenant.IsZero() {
		return n, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		n, err = scanTenant(q.queryRow(ctx, `SELECT id, name, created_at, retention_days, countdown, staff_prices FROM tenant WHERE id = $1`, tenant.String()))
		return err
	})
	return n, err
}

// Tenants gives all firms, oldest first: for the operator and the sweep.
func (s *Store) Tenants(ctx context.Context) (out []feierabend.Tenant, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanTenant, `SELECT id, name, created_at, retention_days, countdown, staff_prices FROM tenant ORDER BY created_at, id`)
		return err
	})
	return out, err
}

func scanTenant(r row) (n feierabend.Tenant, err error) {
	var id string
	var created, countdown, prices int64
	if err = r.Scan(&id, &n.Name, &created, &n.RetentionDays, &countdown, &prices); err != nil {
		return n, err
	}
	n.CreatedAt, n.Countdown, n.StaffPrices = timeOf(created), time.Duration(countdown)*time.Microsecond, prices == 1
	n.ID, err = feierabend.ParseTenantID(id)
	return n, err
}

// Profile gives what the firm told about itself, without the address book.
func (s *Store) Profile(ctx context.Context, tenant feierabend.TenantID) (p feierabend.Profile, err error) {
	if tenant.IsZero() {
		return p, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		p, err = profile(ctx, q, tenant)
		return err
	})
	return p, err
}

func profile(ctx context.Context, q querier, tenant feierabend.TenantID) (p feierabend.Profile, err error) {
	var body string
	if err = q.queryRow(ctx, `SELECT body FROM profile WHERE tenant_id = $1`, tenant.String()).Scan(&body); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(body), &p)
}

// SetProfile replaces the profile. An address book in it is left out: it would be
// content, not account.
func (s *Store) SetProfile(ctx context.Context, tenant feierabend.TenantID, p feierabend.Profile) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	body, err := profileJSON(p)
	if err != nil {
		return err
	}
	return s.update(ctx, tenant, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE profile SET body = $2, changed_at = $3 WHERE tenant_id = $1`, tenant.String(), body, micros(s.now()))
		if err == nil && n == 0 {
			err = notFound("tenant")
		}
		if err != nil {
			return err
		}
		return s.record(ctx, t, tenant.String(), feierabend.Actor{}, "profile.set", tenant.String())
	})
}

func profileJSON(p feierabend.Profile) (string, error) {
	p.AddressBook = nil
	b, err := json.Marshal(p)
	return string(b), err
}
