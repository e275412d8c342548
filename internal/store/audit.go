package store

import (
	"context"

	"feierabend"
)

// record inserts a content-free audit row: ids and codes only (ADM-02), as the next
// one of the firm's chain. tenant is "" for service-wide acts.
func (s *Store) record(ctx context.Context, t tx, tenant string, by feierabend.Actor, act, ref string) error {
	e := feierabend.AuditEvent{At: timeOf(micros(s.now())), By: by, Act: act, Ref: ref}
	if tenant != "" {
		var err error
		if e.Tenant, err = feierabend.ParseTenantID(tenant); err != nil {
			return err
		}
	}
	h, err := s.lockHead(ctx, t, e.Tenant)
	if err != nil {
		return err
	}
	return s.chain(ctx, t, &h, e)
}

const auditColumns = `id, n, at, by_user, by_role, by_via, act, ref, mac`

// auditRow is a record as it is stored.
type auditRow struct {
	feierabend.AuditEvent
	id, n int64
	mac   []byte
}

func scanAudit(tenant feierabend.TenantID) func(row) (auditRow, error) {
	return func(r row) (a auditRow, err error) {
		var at int64
		err = r.Scan(&a.id, &a.n, &at, &a.By.User, &a.By.Role, &a.By.Via, &a.Act, &a.Ref, &a.mac)
		a.At, a.Tenant = timeOf(at), tenant
		return a, err
	}
}

// Audit gives the tenant's audit rows, oldest first.
func (s *Store) Audit(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.AuditEvent, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out = nil
		rows, err := collect(ctx, q, scanAudit(tenant), `SELECT `+auditColumns+` FROM audit WHERE tenant_id = $1 ORDER BY n, id`, tenant.String())
		for _, r := range rows {
			out = append(out, r.AuditEvent)
		}
		return err
	})
	return out, err
}
