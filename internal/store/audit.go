package store

import (
	"context"

	"feierabend"
)

// record inserts a content-free audit row: ids and codes only (ADM-02). tenant is
// "" for service-wide acts.
func (s *Store) record(ctx context.Context, t tx, tenant string, by feierabend.Actor, act, ref string) error {
	_, err := t.exec(ctx, `INSERT INTO audit(at, tenant_id, by_user, by_role, by_via, act, ref) VALUES($1, $2, $3, $4, $5, $6, $7)`,
		micros(s.now()), tenant, by.User, by.Role, by.Via, act, ref)
	return err
}

// Audit gives the tenant's audit rows, oldest first.
func (s *Store) Audit(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.AuditEvent, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (e feierabend.AuditEvent, err error) {
			var at int64
			err = r.Scan(&at, &e.By.User, &e.By.Role, &e.By.Via, &e.Act, &e.Ref)
			e.At, e.Tenant = timeOf(at), tenant
			return e, err
		}, `SELECT at, by_user, by_role, by_via, act, ref FROM audit WHERE tenant_id = $1 ORDER BY id`, tenant.String())
		return err
	})
	return out, err
}
