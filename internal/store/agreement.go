package store

import (
	"context"

	"feierabend"
)

// ConcludeAgreement stores a concluded AVV. The same version twice is one. With the
// firm's first one, what it was sent within the last seven days is taken up again.
func (s *Store) ConcludeAgreement(ctx context.Context, a feierabend.ProcessingAgreement) error {
	if a.Tenant.IsZero() || a.Version == "" || a.ConcludedAt.IsZero() {
		return invalid("agreement")
	}
	return s.update(ctx, a.Tenant, func(t tx) error { return s.conclude(ctx, t, a) })
}

func (s *Store) conclude(ctx context.Context, t tx, a feierabend.ProcessingAgreement) error {
	if err := lockTenant(ctx, t, a.Tenant); err != nil {
		return err
	}
	n, err := t.exec(ctx, `INSERT INTO agreement(tenant_id, version, hash, concluded_at, by_user, by_role, by_via) VALUES($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT(tenant_id, version) DO NOTHING`, a.Tenant.String(), a.Version, nonNil(a.Hash), micros(a.ConcludedAt), a.By.User, a.By.Role, a.By.Via)
	if err != nil || n == 0 {
		return err
	}
	if err := s.record(ctx, t, a.Tenant.String(), a.By, "agreement.concluded", a.Version); err != nil {
		return err
	}
	if n, err := agreements(ctx, t, a.Tenant); err != nil || n != 1 {
		return err
	}
	return s.resume(ctx, t, a.Tenant, feierabend.NoAgreement, feierabend.ReasonResend)
}

// agreements is how many versions the firm has concluded.
func agreements(ctx context.Context, q querier, tenant feierabend.TenantID) (n int, err error) {
	return n, q.queryRow(ctx, `SELECT count(*) FROM agreement WHERE tenant_id = $1`, tenant.String()).Scan(&n)
}

// Agreement gives the newest concluded AVV, or NotFound where there is none.
func (s *Store) Agreement(ctx context.Context, tenant feierabend.TenantID) (a feierabend.ProcessingAgreement, err error) {
	if tenant.IsZero() {
		return a, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		var at int64
		err := q.queryRow(ctx, `SELECT version, hash, concluded_at, by_user, by_role, by_via FROM agreement WHERE tenant_id = $1
			ORDER BY concluded_at DESC LIMIT 1`, tenant.String()).Scan(&a.Version, &a.Hash, &at, &a.By.User, &a.By.Role, &a.By.Via)
		a.Tenant, a.ConcludedAt = tenant, timeOf(at)
		return err
	})
	return a, err
}

// known gives NotFound for a tenant that is not there.
func known(ctx context.Context, q querier, tenant feierabend.TenantID) error {
	var n int
	if err := q.queryRow(ctx, `SELECT count(*) FROM tenant WHERE id = $1`, tenant.String()).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return notFound("tenant")
	}
	return nil
}
