package store

import (
	"context"

	"feierabend"
)

// Logo gives the firm's logo, NotFound where it has none.
func (s *Store) Logo(ctx context.Context, tenant feierabend.TenantID) (l feierabend.Logo, err error) {
	if tenant.IsZero() {
		return l, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		err := q.queryRow(ctx, `SELECT width, height, pixels, png FROM logo WHERE tenant_id = $1`, tenant.String()).Scan(&l.Width, &l.Height, &l.Pixels, &l.PNG)
		if absent(err) {
			err = notFound("logo")
		}
		return err
	})
	return l, err
}

// SetLogo stores the firm's logo in place of the one before; one of no width removes it.
func (s *Store) SetLogo(ctx context.Context, tenant feierabend.TenantID, by feierabend.Actor, l feierabend.Logo) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		if err := known(ctx, t, tenant); err != nil {
			return err
		}
		if l.Width == 0 {
			n, err := t.exec(ctx, `DELETE FROM logo WHERE tenant_id = $1`, tenant.String())
			if err != nil || n == 0 {
				return err
			}
			return s.record(ctx, t, tenant.String(), by, "logo.removed", tenant.String())
		}
		if _, err := t.exec(ctx, `INSERT INTO logo(tenant_id, width, height, pixels, png, changed_at) VALUES($1, $2, $3, $4, $5, $6)
			ON CONFLICT(tenant_id) DO UPDATE SET width = excluded.width, height = excluded.height, pixels = excluded.pixels, png = excluded.png, changed_at = excluded.changed_at`,
			tenant.String(), l.Width, l.Height, nonNil(l.Pixels), nonNil(l.PNG), micros(s.now())); err != nil {
			return err
		}
		return s.record(ctx, t, tenant.String(), by, "logo.set", tenant.String())
	})
}
