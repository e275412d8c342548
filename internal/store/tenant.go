package store

import (
	"context"
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
		n, err = scanTenant(q.queryRow(ctx, `SELECT `+tenantColumns+` FROM tenant WHERE id = $1`, tenant.String()))
		return err
	})
	return n, err
}

// Tenants gives all firms, oldest first: for the operator and the sweep.
func (s *Store) Tenants(ctx context.Context) (out []feierabend.Tenant, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanTenant, `SELECT `+tenantColumns+` FROM tenant ORDER BY created_at, id`)
		return err
	})
	return out, err
}

const tenantColumns = `id, name, created_at, retention_days, countdown, staff_prices, forwarded, customer_links, book_months, blocked_at`

func scanTenant(r row) (n feierabend.Tenant, err error) {
	var id string
	var created, countdown, prices, forwarded, links, blocked int64
	if err = r.Scan(&id, &n.Name, &created, &n.RetentionDays, &countdown, &prices, &forwarded, &links, &n.BookMonths, &blocked); err != nil {
		return n, err
	}
	n.CreatedAt, n.Countdown, n.StaffPrices = timeOf(created), time.Duration(countdown)*time.Microsecond, prices == 1
	n.Customers, n.BlockedAt = feierabend.CustomerVoices{Forwarded: forwarded == 1, Links: links == 1}, timeOf(blocked)
	n.ID, err = feierabend.ParseTenantID(id)
	return n, err
}
